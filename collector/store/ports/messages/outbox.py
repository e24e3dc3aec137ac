"""What is to be sent to whom, and what became of it? Rows of the outbox, and the ports to them.

    waiting → sending → sent                    the answer is on disk
                 |→ waiting                     to be tried again
                 |→ failed                      for ever
                 '→ uncertain                   nobody knows whether it went: the process died, or the line was cut
    waiting → skipped | cancelled               it must not be sent, or shall not

Who asks: `serve` (API, console), the worker (automations). Who sends: `collector/work/courier/`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from sessionizer.messages.message import Channel, Content, Purpose

State = Literal["waiting", "sending", "sent", "uncertain", "failed", "skipped", "cancelled"]
Scope = Literal["marketing", "transactional", "all"]
STATES: tuple[State, ...] = ("waiting", "sending", "sent", "uncertain", "failed", "skipped", "cancelled")


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom a header names."""

    email: str
    name: str = ""


class Enclosed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that goes along. content: its bytes; Base64 in the row."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was asked for, beyond the columns of its row.

    name: of the recipient. params: `event.*` of the template. event: id of the event that it is about, whose properties
    they are when none were given. sample: of a test, the contact whose data it shows, 0 for the recipient's own.
    content: of a message that was written for this once. to: all whom the header names, when others get it too. origin:
    who asked: api, console, test, or an automation's run. confirms: what a double opt-in grants when its link is
    followed.
    """

    name: str = ""
    params: Mapping[str, Any] = {}
    event: str = ""
    sample: int = 0
    content: Content | None = None
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    headers: Mapping[str, str] = {}
    tags: tuple[str, ...] = ()
    attachments: tuple[Enclosed, ...] = ()
    track_opens: bool | None = None
    track_clicks: bool | None = None
    origin: str = "api"
    language: str = ""
    confirms: Mapping[str, Any] = {}


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is to be put in. id: 26 characters, the same for the same wish. message: 0 for none. contact: 0 when
    only the recipient is known. due_at: ms UTC, not before."""

    id: str
    channel: Channel
    purpose: Purpose
    recipient: str
    due_at: int
    order: Order
    message: int = 0
    version: int = 0
    contact: int = 0


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it stands. Instants in ms UTC, None for what has not happened. reason: what was said last."""

    id: str
    channel: Channel
    purpose: Purpose
    message: int
    version: int
    contact: int
    recipient: str
    domain: str
    state: State
    due_at: int
    created_at: int
    tries: int
    first_at: int | None
    reason: str
    reference: str | None
    subject: str
    order: Order
    settled_at: int | None = None
    delivered_at: int | None = None
    opened_at: int | None = None
    proxied_at: int | None = None
    clicked_at: int | None = None
    bounced_at: int | None = None
    left_at: int | None = None


class Addressed(NamedTuple):
    """To whom a delivery went. contact: 0 when it was not known. subject: as the person saw it, "" before."""

    id: str
    channel: Channel
    purpose: Purpose
    message: int
    contact: int
    recipient: str
    subject: str


class Due(NamedTuple):
    """What is asked for. now: ms UTC. without: ids that are in hand. held: domains that must rest. shut: channels."""

    now: int
    limit: int
    without: Collection[str] = ()
    held: Collection[str] = ()
    shut: Collection[str] = ()


class Settlement(NamedTuple):
    """What became of a try. at: ms UTC. state: of the row from now on. due_at: of one that waits again. shown: JSON of
    what it was rendered with."""

    id: str
    state: State
    at: int
    reason: str = ""
    due_at: int | None = None
    reference: str | None = None
    subject: str | None = None
    shown: str | None = None


class Mark(NamedTuple):
    """A receipt, as its delivery remembers it. what: a column of `outbox` without `_at`. contact: whose it is."""

    id: str
    what: Literal["delivered", "opened", "proxied", "clicked", "bounced", "left"]
    at: int
    contact: int


class Suppression(NamedTuple):
    """An address to which nothing is sent, or nothing of one purpose. address: None since its owner was erased."""

    channel: str
    hash: bytes
    address: str | None
    scope: Scope
    reason: str
    at: int


class Outbox(Protocol):
    """The worker's side: within its transaction."""

    def put(self, posts: Iterable[Post], *, at: int) -> None:
        """Insert; of one that is there already nothing changes."""

    def addressed(self, ids: Collection[str]) -> Mapping[str, Addressed]:
        """To whom these deliveries went, of those that are there."""

    def mark(self, marks: Iterable[Mark]) -> None:
        """Remember receipts: the first of each."""

    def suppress(self, rows: Iterable[Suppression]) -> None:
        """Send there no more."""

    def allow(self, names: Iterable[tuple[str, bytes]]) -> None:
        """Send there again what they had left themselves, by (channel, hash); a bounce stands."""


class Journal(Protocol):
    """The courier's side. Each write is a durable transaction of its own."""

    def due(self, asked: Due) -> list[Delivery]:
        """What waits and is due at or before `now`, the longest due first."""

    def next_due(self) -> int | None:
        """When the next one is due, ms UTC; None when nothing waits."""

    def interrupted(self) -> list[tuple[str, str]]:
        """(id, channel) of those that a process which died has left in the state sending."""

    def settle(
        self, begun: Sequence[str], settled: Sequence[Settlement], receipts: Sequence[tuple[str, int, int, bytes]]
    ) -> frozenset[str]:
        """Together: these are about to be given away; those are settled; receipts (id, contact, at, body) on their way
        to the log. Returns which of `begun` still waited: the others were cancelled."""

    def suppression(self, channel: str, hash: bytes, purpose: str) -> Suppression | None:
        """Why nothing of that purpose is sent there; None when it may be."""


class Deliveries(Protocol):
    """The side of `serve`: asking, looking, trying again."""

    def put(self, posts: Sequence[Post], *, at: int) -> None:
        """Keep them, all or none, in one durable transaction. Raises StoreFailed."""

    def one(self, id: str) -> Delivery | None:
        """One row."""

    def shown(self, id: str) -> tuple[Delivery, str] | None:
        """One that was rendered, and with what (JSON)."""

    def by_reference(self, references: Collection[str]) -> Mapping[str, str]:
        """The provider's id → ours."""

    def find(
        self,
        *,
        states: Collection[str] = (),
        message: int | None = None,
        contacts: Sequence[int] = (),
        q: str = "",
        limit: int,
        after: tuple[int, str] | None = None,
    ) -> list[Delivery]:
        """Newest first. after: (created_at, id) of the last one seen."""

    def counts(self) -> Mapping[str, int]:
        """How many in each state."""

    def again(self, ids: Sequence[str], *, at: int) -> int:
        """Let those that failed, were skipped or are uncertain be tried once more, now; returns how many."""

    def cancel(self, ids: Sequence[str], *, at: int) -> int:
        """Those that wait are not sent; returns how many."""

    def results(self, message: int, *, since: int, until: int, day_ms: int) -> list[tuple[int, Mapping[str, int]]]:
        """Of a message, day by day: how many were sent, delivered, opened, proxied, clicked, bounced, left, failed;
        without tests."""

    def suppressions(self, *, limit: int, after: tuple[int, bytes] | None = None, q: str = "") -> list[Suppression]:
        """Newest first."""

    def allow(self, channel: str, hash: bytes, scope: str) -> bool:
        """Send there again, whatever the reason was; whether there was a row."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
