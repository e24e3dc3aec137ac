"""Who wants to be told? A webhook as somebody asked for it, and the port that keeps them. See `ports/webhooks/`."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import msgspec

Form = Literal["sentiero", "brevo"]
Status = Literal["active", "paused", "disabled"]

MAX_WEBHOOKS = 40
SIGNING = 2
"""So many of its secrets, the newest, sign what is sent: whoever has the one before loses nothing."""


class TooMany(Exception):
    """There are MAX_WEBHOOKS already."""


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote.

    kinds: `category/key`, `category/*` or `*`; of the form brevo none, for those are said in `brevo`.
    form: whose shape the body has. headers: sent along. secrets: `whsec_…`, newest first. brevo: what was said to
    /v3/webhooks beside address and name: type, channel, events, domain, batched, auth.
    """

    kinds: tuple[str, ...] = ()
    form: Form = "sentiero"
    headers: Mapping[str, str] = {}
    secrets: tuple[str, ...] = ()
    brevo: Mapping[str, Any] | None = None


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook. why: it is disabled, "" else. Instants in ms UTC."""

    id: int
    name: str
    url: str
    writing: Writing
    status: Status
    why: str
    created_at: int
    modified_at: int


class WebhookChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes other; None stays. A webhook that was disabled and becomes active is told from now on."""

    name: str | None = None
    url: str | None = None
    writing: Writing | None = None
    status: Literal["active", "paused"] | None = None


class Webhooks(Protocol):
    """Definitions: each write is one durable transaction of its own."""

    def all(self) -> list[Webhook]:
        """Every webhook, by id."""

    def get(self, id: int) -> Webhook | None:
        """One of them."""

    def add(self, name: str, url: str, writing: Writing, *, at: int) -> Webhook:
        """Keep it; it is told of what is recorded from now on. Raises TooMany."""

    def change(self, id: int, change: WebhookChange, *, at: int) -> Webhook | None:
        """As it is afterwards. None when there is none."""

    def remove(self, id: int) -> bool:
        """Forget it, and what it was told. False when there was none."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
