"""What does the worker write, and what must it read to decide? One transaction a batch, everything or nothing.

Synchronous: the worker is a plain loop. Contacts are written under the id under which they are known now; `resolve`
and the histories speak of a survivor and of all whom it absorbed.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

import msgspec

from collector.store.ports.erasing import Erasing
from collector.store.ports.learned import LearnedKinds
from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.event import Agent, Event, Kind, ObjectRef, Page
from sessionizer.segments.condition import Condition
from sessionizer.session import Session


class Visitor(msgspec.Struct):
    """A browser: its number in the store, its first owner, and the later ones as (since ms UTC, contact).

    Contacts as they were recorded: `People.resolve` says who they are by now. owner: None while it is nobody's: only a
    bot was seen with it.
    """

    number: int
    owner: int | None
    epochs: tuple[tuple[int, int], ...] = ()


class NewEvent(msgspec.Struct, frozen=True):
    """An event as it is recorded. at, received_at: ms UTC. contact: None for a bot's or nobody's.

    visitor, agent: their numbers in the store.
    """

    offset: int
    id: str
    door: str
    category: str
    key: str
    source: str
    site: int
    at: int
    received_at: int
    visitor: int | None
    contact: int | None
    page: Page | None
    agent: int | None
    flags: int
    ip: str = ""
    seq: int | None = None
    properties: dict[str, Any] | None = None
    identifiers: dict[str, str] | None = None
    object: ObjectRef | None = None
    causes: tuple[str, ...] = ()
    depth: int = 0
    attributes: dict[str, Any] | None = None


class Origin(NamedTuple):
    """Where an event came from. contact: as recorded; None for nobody's."""

    site: int
    visitor: str
    contact: int | None


class Said(NamedTuple):
    """A row for the log: a derived event, or its retraction. body: collector/log/entry.py, encoded."""

    id: str
    retract: bool
    contact: int
    at: int
    body: bytes


class Effect(msgspec.Struct, frozen=True):
    """What the world is asked to do, once. id: who asks and for what, such as (run, step). due_at: ms UTC, not before.

    body: MessagePack, as whoever carries out this kind of effect reads it.
    """

    id: str
    kind: str
    contact: int
    due_at: int
    body: bytes


class Question(NamedTuple):
    """A segment as the worker reads it. active: neither paused nor archived."""

    id: int
    name: str
    condition: Condition
    active: bool


class Walk(NamedTuple):
    """How far the worker is with asking a segment of all contacts that there were. since: ms UTC, followed since then.

    question: hash of what is asked. why: created, edited, resumed. walked_to: the contact up to which it was asked.
    upto: the last one that there was. stopped: it is not followed any more.
    """

    segment: int
    question: bytes
    since: int
    why: str
    walked_to: int
    upto: int
    stopped: bool = False

    def has_come_to(self, contact: int) -> bool:
        """Whether it was asked of that contact, who may also have come later."""
        return contact <= self.walked_to or contact > self.upto

    @property
    def is_done(self) -> bool:
        """Whether it was asked of everybody."""
        return self.walked_to >= self.upto


class Membership(NamedTuple):
    """Whether a contact is in a segment; since when, ms UTC."""

    segment: int
    contact: int
    is_in: bool
    since: int


class Turn(NamedTuple):
    """A line of a segment's history. at: ms UTC. why: event, time, known, created, edited, resumed. cause: an event."""

    segment: int
    contact: int
    at: int
    entered: bool
    why: str
    cause: str = ""


class Known(NamedTuple):
    """A contact as it is known, with what it has from those whom it absorbed. first_at: of its first event, ms UTC."""

    contact: Contact
    first_at: int


class People(Protocol):
    """Contacts, visitors and identifiers, as the identity rules read and change them."""

    def meet(self, visitors: Iterable[str]) -> None: ...
    def visitor(self, visitor: str) -> Visitor | None: ...
    def new_contact(self, *, anonymous: bool, at: int) -> int: ...
    def own(self, visitor: str, contact: int | None) -> Visitor: ...
    def take_over(self, visitor: str, at: int, contact: int) -> None: ...
    def add_epoch(self, visitor: str, since: int, contact: int) -> None: ...
    def seen(self, contact: int, at: int) -> None: ...
    def consent(self, contact: int, said: str) -> None: ...
    def is_anonymous(self, contact: int) -> bool: ...
    def exists(self, contact: int) -> bool: ...
    def holder(self, kind: str, value: str) -> int | None: ...
    def held(self, contact: int) -> Mapping[str, tuple[str, ...]]: ...
    def unverified(self, contact: int) -> frozenset[tuple[str, str]]: ...
    def identify(self, contact: int, kind: str, value: str, *, verified: bool, at: int) -> None: ...
    def conflict(self, contact: int, kind: str, value: str, *, owner: int, at: int, event: str) -> None: ...
    def attributes(self, contact: int) -> tuple[dict[str, Any], frozenset[str]]: ...
    def set_attributes(self, contact: int, attributes: Mapping[str, Any], unverified: Iterable[str]) -> None: ...
    def enlist(self, contact: int, name: str, *, at: int) -> None: ...
    def delist(self, contact: int, name: str) -> None: ...
    def link(self, *, absorbed: int, survivor: int, at: int, event: str) -> None: ...
    def unlink(self, *, absorbed: int, event: str) -> int | None: ...
    def resolve(self, contact: int) -> int: ...
    def closure(self, contact: int) -> tuple[int, ...]: ...
    def visitors_of(self, contact: int) -> int: ...
    def joins_since(self, contact: int, since: int) -> int: ...
    def told(self) -> dict[int, int]: ...
    def newcomers(self) -> set[int]: ...
    def known(self, contacts: Sequence[int]) -> Mapping[int, Known]: ...


class Histories(Protocol):
    """Events: recorded once, read again when a contact must be folded again."""

    def recorded(self, ids: Sequence[tuple[str, str]]) -> set[tuple[str, str]]: ...
    def record(self, events: Sequence[NewEvent]) -> None: ...
    def mark_late(self, offsets: Iterable[int]) -> None: ...
    def unmark_late(self, contacts: Sequence[int]) -> None: ...
    def say(self, events: Sequence[NewEvent]) -> None: ...
    def retract(self, ids: Iterable[str], *, door: str) -> None: ...
    def given(self, contacts: Sequence[int], since: int) -> list[Event]: ...
    def said(self, contacts: Sequence[int], since: int) -> list[Derived]: ...
    def of_kinds(self, contacts: Sequence[int], kinds: Iterable[Kind]) -> list[tuple[int, Event]]: ...
    def oldest(self, contacts: Sequence[int]) -> str: ...
    def origin(self, id: str) -> Origin | None: ...
    def origins(self, ids: Iterable[str]) -> dict[str, Origin]: ...


class Threads(Protocol):
    """The engine's states as bytes, and when each must be woken (ms UTC)."""

    def load(self, contacts: Iterable[int]) -> dict[int, bytes]: ...
    def save(self, rows: Iterable[tuple[int, bytes, int | None, int | None]]) -> None: ...
    def forget(self, contact: int) -> None: ...
    def due(self, now: int, limit: int) -> list[tuple[int, int]]: ...
    def next_wake(self) -> int | None: ...


class SegmentWork(Protocol):
    """Segments as the worker follows them: what they ask, how far it is, who is in them, what became true when."""

    def questions(self) -> list[Question]: ...
    def walks(self) -> list[Walk]: ...
    def put_walks(self, walks: Iterable[Walk]) -> None: ...
    def contacts_between(self, after: int, upto: int, limit: int) -> list[int]: ...
    def memberships(self, contacts: Sequence[int], segments: Iterable[int]) -> Mapping[int, frozenset[int]]: ...
    def set_members(self, rows: Iterable[Membership]) -> None: ...
    def tell(self, turns: Iterable[Turn]) -> None: ...
    def untell(self, turns: Iterable[tuple[int, int, bool]], contacts: Iterable[int]) -> None: ...
    def forget(self, contact: int) -> None: ...
    def ahead(self, now: int) -> list[int]: ...
    def last_contact(self) -> int: ...


class SessionRows(Protocol):
    """Sessions as people read them."""

    def put(self, rows: Iterable[tuple[int, Session]]) -> None: ...
    def drop(self, contact: int, session: str, replaced_by: str | None) -> None: ...
    def rehome(self, *, absorbed: int, survivor: int) -> None: ...
    def clear(self, contact: int) -> None: ...
    def stand_again(self, sessions: Iterable[str]) -> None: ...


class Outgoing(Protocol):
    """The way back into the log: saved with the state that said so, settled when read back."""

    def put(self, rows: Iterable[Said]) -> None: ...
    def waiting(self) -> list[Said]: ...
    def of(self, contacts: Sequence[int], since: int) -> list[Said]: ...
    def settle(self, back: Iterable[tuple[str, bool]]) -> None: ...


class Outbox(Protocol):
    """Effects: written with the state that asked for them, settled when they are done."""

    def put(self, effects: Iterable[Effect]) -> None: ...
    def due(self, now: int, limit: int) -> list[Effect]: ...
    def settle(self, ids: Iterable[str]) -> None: ...


class Rebuilds(Protocol):
    """Contacts that are to be folded anew. Who runs `sentiero sessionize --rebuild` asks; the worker folds, and says
    that it is done."""

    def ask(self, contacts: Iterable[int]) -> None: ...
    def waiting(self, limit: int) -> list[int]: ...
    def left(self) -> int: ...
    def done(self, contacts: Iterable[int]) -> None: ...


class WorkStore(Protocol):
    """The worker's side of the store."""

    @property
    def people(self) -> People: ...
    @property
    def histories(self) -> Histories: ...
    @property
    def threads(self) -> Threads: ...
    @property
    def segment_threads(self) -> Threads: ...
    @property
    def segments(self) -> SegmentWork: ...
    @property
    def sessions(self) -> SessionRows: ...
    @property
    def outgoing(self) -> Outgoing: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def rebuilds(self) -> Rebuilds: ...
    @property
    def learned(self) -> LearnedKinds: ...
    @property
    def erasing(self) -> Erasing: ...
    def forget(self) -> None: ...
    def transaction(self) -> AbstractContextManager[None]: ...
    def position(self, reader: str) -> int: ...
    def set_position(self, reader: str, offset: int) -> None: ...
    def data_version(self) -> int: ...
    def agent(self, user_agent: str, read: "AgentReader") -> tuple[int, Agent]: ...
    def close(self) -> None: ...


class AgentReader(Protocol):
    """Reads a user agent's text (`collector/work/agents.py`)."""

    def __call__(self, user_agent: str) -> Agent: ...
