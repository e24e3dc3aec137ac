"""Which ids has this door seen lately? The memory that answers `duplicates`; the exact guard is the store's unique key.

Lives on the event loop's thread. An id is known from the moment it is queued: a twin that arrives while the first is
being written waits for it, so that nobody is told "duplicate" of an event that was lost.
"""

import asyncio
from collections.abc import Iterable, Sequence

from collector.log.entry import Entry

KEEP = 50_000
WRITTEN = None

Pending = asyncio.Future[object]


class Recent:
    """The newest ids: (door, id) → WRITTEN, or the future of the write that holds it.

    Two generations: when the younger has half of `keep`, it becomes the older one, and the older one is forgotten.
    """

    def __init__(self, keep: int = KEEP) -> None:
        self._young: dict[tuple[str, str], Pending | None] = {}
        self._old: dict[tuple[str, str], Pending | None] = {}
        self._half = keep // 2

    def sift(self, entries: Sequence[Entry], pending: Pending) -> tuple[list[Entry], set[Pending]]:
        """Split off what is known: (entries that are new, now known as `pending`; the writes that hold the twins)."""
        young, old, fresh, twins = self._young, self._old, [], set()
        for entry in entries:
            name = (entry.door, entry.id)
            if entry.retracted or (name not in young and name not in old):  # what is taken back has the id of what was
                young[name] = pending
                fresh.append(entry)
                continue
            holder = young[name] if name in young else old[name]
            if holder is not WRITTEN and holder is not pending:
                twins.add(holder)
        return fresh, twins

    def settle(self, entries: Iterable[Entry], *, written: bool) -> None:
        """The write of these entries has ended: remember them, or forget them so that they may be sent again."""
        for entry in entries:
            if written:
                self._young[entry.door, entry.id] = WRITTEN
            else:
                self._young.pop((entry.door, entry.id), None)
                self._old.pop((entry.door, entry.id), None)
        if len(self._young) > self._half:
            self._young, self._old = {}, self._young

    def learn(self, entries: Iterable[Entry]) -> None:
        """At a start: what the log's end holds is known."""
        self.settle(entries, written=True)
