"""How does a delivery stand in a row of `outbox`, and how is it read from one?"""

from typing import Any

import msgspec

from collector.store.ports.messages.outbox import Delivery, Order, Post, Suppression
from sessionizer.messages.message import Channel

PUT = """INSERT OR IGNORE INTO outbox
  (id, channel, purpose, message, version, contact, recipient, domain, state, due_at, created_at, is_test, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?)"""
COLUMNS = """id, channel, purpose, message, version, contact, recipient, domain, state, due_at, created_at, tries,
  first_at, reason, reference, subject, settled_at, delivered_at, opened_at, proxied_at, clicked_at, bounced_at,
  left_at, body"""
NAMES = tuple(COLUMNS.replace("\n", " ").replace(" ", "").split(","))
SUPPRESSION = "channel, hash, address, scope, reason, at"

TEST = "test"
"""Origin of what people of the team send to themselves."""

_orders = msgspec.json.Decoder(Order)
_encode = msgspec.json.Encoder().encode


def row_of(post: Post, at: int) -> tuple[Any, ...]:
    """What PUT binds. at: ms UTC."""
    return (
        post.id, post.channel, post.purpose, post.message, post.version, post.contact, post.recipient,
        domain_of(post.channel, post.recipient), post.due_at, at,
        post.order.origin == TEST, _encode(post.order).decode(),
    )  # fmt: skip


def domain_of(channel: Channel, recipient: str) -> str:
    """What is paced together: the domain of an address, everything else by its channel."""
    return recipient.rpartition("@")[2] if channel == "email" else channel


def delivery_of(row: tuple[Any, ...]) -> Delivery:
    """A row of COLUMNS. Raises msgspec.ValidationError when its body is none."""
    *columns, body = row
    return Delivery(**dict(zip(NAMES[:-1], columns, strict=True)), order=_orders.decode(body))


def suppression_of(row: tuple[Any, ...]) -> Suppression:
    """A row of SUPPRESSION."""
    return Suppression(*row)
