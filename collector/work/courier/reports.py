"""What do others say of a delivery later? A bounce that comes back as a mail becomes a receipt.

    hard soft delivered    the event of that name       complaint    Unsubscribed, with the reason `complained`
    delayed relayed        nothing: it is on its way

Reads `outbox`, writes receipts on their way to the log. Who says it is anybody who knows the delivery's id.
"""

from collections.abc import Callable, Mapping, Sequence

from collector.delivery.bounces import Report
from collector.store.ports.messages.outbox import Deliveries
from collector.work.courier.group import Group
from collector.work.courier.verdict import Said, receipt_of, row_of
from sessionizer.messages.receipt import What

_SAID: Mapping[str, What] = {"hard": "hard", "soft": "soft", "delivered": "delivered", "complaint": "left"}


class Reports:
    """One a courier."""

    def __init__(self, deliveries: Deliveries, group: Group, clock: Callable[[], int]) -> None:
        """clock: ms UTC."""
        self._deliveries, self._group, self._clock = deliveries, group, clock

    async def take(self, reports: Sequence[Report]) -> None:
        """Keep what they tell; returns when it is on disk."""
        found = [receipt for report in reports if (receipt := self._receipt(report)) is not None]
        if found:
            await self._group.say(found)

    def _receipt(self, report: Report) -> tuple[str, int, int, bytes] | None:
        what = _SAID.get(report.what)
        delivery = self._deliveries.one(report.delivery) if report.delivery and what else None
        if delivery is None or what is None:
            return None
        reason = "complained" if what == "left" else report.reason
        said = Said(what, report.code, reason)
        entry = receipt_of(delivery, said, at=self._clock(), subject=delivery.subject)
        return None if entry is None else row_of(entry)
