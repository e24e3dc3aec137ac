"""Do many deliveries share a commit, whatever fails in between?"""

import asyncio
from collections.abc import Sequence

import pytest

from collector.store.ports.messages.outbox import Settlement
from collector.work.courier import group as module
from collector.work.courier.group import Group, Receipt


class Journal:
    """Begins each delivery once, as the outbox does."""

    def __init__(self) -> None:
        self.begun: set[str] = set()
        self.said: list[Receipt] = []

    def settle(
        self, begun: Sequence[str], settled: Sequence[Settlement], receipts: Sequence[Receipt]
    ) -> frozenset[str]:
        """Those that had not begun yet."""
        new = frozenset(begun) - self.begun
        self.begun |= new
        self.said += receipts
        return new


def test_a_log_that_fails_takes_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What began in the same commit has begun, and its receipts are committed once."""
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    journal, failures, appended = Journal(), [OSError("no space left on device")], list[bytes]()

    def append(bodies: Sequence[bytes]) -> None:
        if failures:
            raise failures.pop()
        appended.extend(bodies)

    async def run() -> bool:
        group = Group(journal, append)
        begun, _ = await asyncio.gather(group.begin("a"), group.say([("r", 0, 1, b"receipt")]))
        await group.stop()
        return begun

    assert asyncio.run(run())
    assert ([("r", 0, 1, b"receipt")], [b"receipt"]) == (journal.said, appended)
