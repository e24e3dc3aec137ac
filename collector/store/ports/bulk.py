"""What is written by the hundred thousand, straight into a store that holds no events yet?

A history that has happened already, as the worker would have left it: who made it up decides everything, numbers of
contacts and visitors included (both count from 1).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple, Protocol

import msgspec

from sessionizer.event import Agent, ObjectRef, Page
from sessionizer.session import Session


class Sort(msgspec.Struct, frozen=True, eq=False):
    """What many events have in common. Made once and used again: it is told apart by identity, not by its fields."""

    door: str
    source: str
    site: int
    category: str
    key: str
    page: Page | None = None
    activity: bool = False
    bot: bool = False


class Happened(msgspec.Struct):
    """An event that is over. received_at, at: ms UTC. id: 16 bytes, of a UUID. agent: as `Bulk.agent` numbered it.

    page's referrer: here, not in the sort. The rest as `NewEvent` has it.
    """

    received_at: int
    at: int
    id: bytes
    sort: Sort
    visitor: int | None = None
    contact: int | None = None
    agent: int | None = None
    ip: str = ""
    seq: int | None = None
    referrer: str = ""
    properties: dict[str, Any] | None = None
    identifiers: dict[str, str] | None = None
    object: ObjectRef | None = None
    causes: tuple[str, ...] = ()
    depth: int = 0
    attributes: dict[str, Any] | None = None


class Known(NamedTuple):
    """A contact's row. first_seen_at, last_seen_at: ms UTC. unverified: names of attributes only a public door said."""

    contact: int
    anonymous: bool
    first_seen_at: int
    last_seen_at: int
    attributes: Mapping[str, Any]
    unverified: Set[str]


class People(NamedTuple):
    """Everybody, at the end. Instants in ms UTC.

    visitors: (number, 26 characters, first owner, 0 for nobody). identifiers: (kind, value, contact, verified, added
    at). epochs: (visitor, since, contact). links: (absorbed, survivor, at, id of the event).
    """

    contacts: Sequence[Known]
    visitors: Sequence[tuple[int, str, int]]
    identifiers: Sequence[tuple[str, str, int, bool, int]]
    epochs: Sequence[tuple[int, int, int]]
    links: Sequence[tuple[int, int, int, bytes]]


class NotEmpty(Exception):
    """Something has happened already: a made-up history would not fit."""


class Bulk(Protocol):
    """One writing of one history."""

    @property
    def last(self) -> int:
        """The offset of the last event recorded."""

    def agent(self, user_agent: str, read: Callable[[str], Agent]) -> tuple[int, Agent]:
        """The number of a user agent and what it says."""

    def record(self, events: Iterable[Happened]) -> None:
        """Record events in the order in which they were received, each behind those of the call before."""

    def put(self, sessions: Iterable[tuple[int, Session]]) -> None:
        """Keep sessions, (contact, session) each; the contact as it was known when the session ended."""

    def people(self, people: People) -> None:
        """Write everybody, once, after the sessions. A contact is folded again from its history at its next event."""
