"""Who wants to be told? A webhook as somebody asked for it, and the port that keeps them. Nothing is delivered here."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import msgspec

Type = Literal["transactional", "marketing", "inbound"]

MAX_WEBHOOKS = 40


class TooMany(Exception):
    """There are MAX_WEBHOOKS already."""


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook. body: what it was made of, beside its type. Instants in ms UTC."""

    id: int
    type: Type
    body: Mapping[str, Any]
    created_at: int
    modified_at: int


class Webhooks(Protocol):
    """Definitions: each write is one durable transaction of its own."""

    def all(self) -> list[Webhook]:
        """Every webhook, by id."""

    def get(self, id: int) -> Webhook | None:
        """One of them."""

    def add(self, type: Type, body: Mapping[str, Any], *, at: int) -> int:
        """Keep it; returns its id. Raises TooMany."""

    def change(self, id: int, body: Mapping[str, Any], *, at: int) -> bool:
        """What the body names becomes so, the rest stays. False when there is none."""

    def remove(self, id: int) -> bool:
        """Forget it. False when there was none."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
