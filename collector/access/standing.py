"""How does somebody stand to the messages that a link is about? As far as the database can be asked.

Reads `outbox` and `suppressions` by their port; a database that does not answer is an answer, too.
"""

import sqlite3
from typing import NamedTuple

from collector.access.links import Named
from collector.store.ports.messages.outbox import Deliveries, Delivery, Suppression
from collector.store.ports.store import StoreFailed
from sessionizer.messages.receipt import left_as

UNANSWERED = (StoreFailed, sqlite3.Error, OSError)
MOST_ROWS = 100
"""Of addresses that begin with this one."""


class Standing(NamedTuple):
    """delivery: None when it is not known, or was erased. left: they said that they want no more of these. answered:
    whether the database could be asked."""

    delivery: Delivery | None = None
    left: bool = False
    answered: bool = True


def standing_of(deliveries: Deliveries, of: Named) -> Standing:
    """How the person stands to whom that delivery went."""
    try:
        delivery = deliveries.one(of.delivery)
        if delivery is None or not delivery.recipient:
            return Standing()
        found = deliveries.suppressions(limit=MOST_ROWS, q=delivery.recipient)
    except UNANSWERED:
        return Standing(answered=False)
    return Standing(delivery, any(_is_theirs(row, delivery) for row in found))


def masked(delivery: Delivery) -> str:
    """The recipient, for whoever holds the link, be it by mistake: `a••@mail.example`."""
    name, at, domain = delivery.recipient.rpartition("@")
    return f"{name[:1]}••{at}{domain}" if at else f"{domain[:3]}••••{domain[-2:]}"


def _is_theirs(row: Suppression, delivery: Delivery) -> bool:
    is_same = row.channel == delivery.channel and row.address == delivery.recipient
    return is_same and row.reason != "bounced" and row.scope in (left_as(delivery.purpose), "all")
