"""How is a delivery said to people? Its state, why, and what may be done about it.

Reads nothing, writes nothing.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from collector.store.ports.messages.outbox import Delivery

LABELS: Mapping[str, str] = {
    "waiting": "outbox_waiting",
    "sending": "outbox_sending",
    "sent": "outbox_sent",
    "uncertain": "outbox_uncertain",
    "failed": "outbox_failed",
    "skipped": "outbox_skipped",
    "cancelled": "outbox_cancelled",
}
TONES: Mapping[str, str] = {
    "waiting": "", "sending": "", "sent": "good", "uncertain": "warn", "failed": "bad", "skipped": "warn",
    "cancelled": "warn",
}  # fmt: skip
"""The class of the badge."""
AGAIN = frozenset({"failed", "skipped", "uncertain", "cancelled"})
"""States from which it may be tried once more."""
SETTLED = {
    "sent": "outbox_happened_sent",
    "failed": "outbox_happened_failed",
    "uncertain": "outbox_happened_uncertain",
    "skipped": "outbox_happened_skipped",
    "cancelled": "outbox_happened_cancelled",
}
HAPPENED = (
    ("delivered_at", "outbox_happened_delivered"),
    ("proxied_at", "outbox_happened_proxied"),
    ("opened_at", "outbox_happened_opened"),
    ("clicked_at", "outbox_happened_clicked"),
    ("bounced_at", "outbox_happened_bounced"),
    ("left_at", "outbox_happened_left"),
)


class Step(NamedTuple):
    """What happened once. at: ms UTC. says: a key of words. more: what the other side said, "" for nothing."""

    at: int
    says: str
    more: str = ""


def story_of(delivery: Delivery) -> list[Step]:
    """All that is known of it, in order of time."""
    return sorted(_steps(delivery), key=lambda step: step.at)


def _steps(delivery: Delivery) -> Iterator[Step]:
    yield Step(delivery.created_at, "outbox_happened_asked")
    if delivery.first_at is not None and delivery.first_at != delivery.settled_at:
        yield Step(delivery.first_at, "outbox_happened_tried")
    if delivery.settled_at is not None:
        yield Step(delivery.settled_at, SETTLED.get(delivery.state, "outbox_happened_tried"), delivery.reason)
    for name, says in HAPPENED:
        at = getattr(delivery, name)
        if at is not None:
            yield Step(at, says)
    if delivery.state == "waiting":
        yield Step(delivery.due_at, "outbox_happened_due", delivery.reason)
