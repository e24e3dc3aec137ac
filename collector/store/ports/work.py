"""What does the worker write, and what must it read to decide? One transaction a batch, everything or nothing.

Synchronous: the worker is a plain loop. Contacts are written under the id under which they are known now; `resolve`
and the histories speak of a survivor and of all whom it absorbed.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

import msgspec

from sessionizer.derived import Derived
from sessionizer.event import Agent, Event, ObjectRef, Page
from sessionizer.session import Session


class Visitor(msgspec.Struct):
    """A browser: its number in the store, its first owner, and the later ones as (since ms UTC, contact); survivors."""

    number: int
    owner: int
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


class Said(NamedTuple):
    """A row for the log: a derived event, or its retraction. body: collector/log/entry.py, encoded."""

    id: str
    retract: bool
    contact: int
    at: int
    body: bytes


class People(Protocol):
    """Contacts, visitors and identifiers, as the identity rules read and change them."""

    def visitor(self, visitor: str) -> Visitor | None: ...
    def new_contact(self, *, anonymous: bool, at: int) -> int: ...
    def new_visitor(self, visitor: str, contact: int) -> Visitor: ...
    def add_epoch(self, visitor: str, since: int, contact: int) -> None: ...
    def seen(self, contact: int, at: int) -> None: ...
    def is_anonymous(self, contact: int) -> bool: ...
    def known(self, kind: str, value: str) -> int | None: ...
    def held(self, contact: int) -> Mapping[str, tuple[str, ...]]: ...
    def unverified(self, contact: int) -> frozenset[tuple[str, str]]: ...
    def identify(self, contact: int, kind: str, value: str, *, verified: bool, at: int) -> None: ...
    def conflict(self, contact: int, kind: str, value: str, *, owner: int, at: int, event: str) -> None: ...
    def attributes(self, contact: int) -> tuple[dict[str, Any], frozenset[str]]: ...
    def set_attributes(self, contact: int, attributes: Mapping[str, Any], unverified: Iterable[str]) -> None: ...
    def link(self, *, absorbed: int, survivor: int, at: int, event: str) -> None: ...
    def resolve(self, contact: int) -> int: ...
    def closure(self, contact: int) -> tuple[int, ...]: ...
    def visitors_of(self, contact: int) -> int: ...
    def joins_since(self, contact: int, since: int) -> int: ...


class Histories(Protocol):
    """Events: recorded once, read again when a contact must be folded again."""

    def recorded(self, ids: Sequence[tuple[str, str]]) -> set[tuple[str, str]]: ...
    def record(self, events: Sequence[NewEvent]) -> None: ...
    def mark_late(self, offsets: Iterable[int]) -> None: ...
    def say(self, events: Sequence[NewEvent]) -> None: ...
    def retract(self, ids: Iterable[str]) -> None: ...
    def given(self, contacts: Sequence[int], since: int) -> list[Event]: ...
    def said(self, contacts: Sequence[int], since: int) -> list[Derived]: ...
    def origin(self, id: str) -> tuple[int, str]: ...


class Threads(Protocol):
    """The engine's states as bytes, and when each must be woken (ms UTC)."""

    def load(self, contact: int) -> bytes | None: ...
    def save(self, rows: Iterable[tuple[int, bytes, int | None, int | None]]) -> None: ...
    def forget(self, contact: int) -> None: ...
    def due(self, now: int, limit: int) -> list[int]: ...
    def next_wake(self) -> int | None: ...


class SessionRows(Protocol):
    """Sessions as people read them."""

    def put(self, rows: Iterable[tuple[int, Session]]) -> None: ...
    def drop(self, contact: int, session: str, replaced_by: str | None) -> None: ...
    def rehome(self, *, absorbed: int, survivor: int) -> None: ...


class Outgoing(Protocol):
    """The way back into the log: saved with the state that said so, settled when read back."""

    def put(self, rows: Iterable[Said]) -> None: ...
    def waiting(self) -> list[Said]: ...
    def of(self, contacts: Sequence[int], since: int) -> list[Said]: ...
    def settle(self, back: Iterable[tuple[str, bool]]) -> None: ...


class WorkStore(Protocol):
    """The worker's side of the store."""

    people: People
    histories: Histories
    threads: Threads
    sessions: SessionRows
    outgoing: Outgoing

    def transaction(self) -> AbstractContextManager[None]: ...
    def position(self, reader: str) -> int: ...
    def set_position(self, reader: str, offset: int) -> None: ...
    def agent(self, user_agent: str, read: "AgentReader") -> tuple[int, Agent]: ...
    def close(self) -> None: ...


class AgentReader(Protocol):
    """Reads a user agent's text (`collector/work/agents.py`)."""

    def __call__(self, user_agent: str) -> Agent: ...
