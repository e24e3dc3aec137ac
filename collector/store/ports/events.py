"""Which events were there? The question, the row that comes back, and the port that answers."""

import enum
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from collector.store.property import Condition
from sessionizer.event import Agent, ObjectRef, Page


class Which(enum.StrEnum):
    """What to do with a kind of event that is hidden by default."""

    EXCLUDE = "exclude"
    INCLUDE = "include"
    ONLY = "only"


class EventQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which events. What is empty or None does not narrow; several values of one field mean *or*, fields mean *and*.

    contacts: with all whom they absorbed or who absorbed them. since included, until excluded: ms UTC of `occurred_at`.
    q: prefix of key, of an identifier of the contact or of the page's path, or words of its title.
    recorded: newest recorded first, instead of newest occurred first. oldest: oldest occurred first.
    """

    categories: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    contacts: tuple[int, ...] = ()
    visitors: tuple[str, ...] = ()
    sites: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    superseded: Which = Which.EXCLUDE
    bots: Which = Which.EXCLUDE
    q: str = ""
    properties: tuple[Condition, ...] = ()
    object_types: tuple[str, ...] = ()
    recorded: bool = False
    oldest: bool = False


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event as the store knows it. at, received_at: ms UTC. site 0: none. visitor: 26 characters, "" for none.

    contact: the survivor, None for a bot's or nobody's. session: the one that holds it, when it is activity.
    identifiers, attributes: as they came with it. historical: imported from before, so that nothing reacts to it.
    """

    offset: int
    id: str
    category: str
    key: str
    source: str
    at: int
    received_at: int
    site: int
    visitor: str
    contact: int | None
    session: str | None
    page: Page | None
    agent: Agent | None
    properties: Mapping[str, Any]
    identifiers: Mapping[str, str]
    object: ObjectRef | None
    causes: tuple[str, ...]
    superseded: bool
    late: bool
    attributes: Mapping[str, Any] = {}
    historical: bool = False


class Place(NamedTuple):
    """A place in a list of events: that of one event. Stays where it is while rows arrive."""

    at: int
    id: str
    offset: int


class News(NamedTuple):
    """What was recorded after an offset, and the offset up to which that is all."""

    events: list[StoredEvent]
    upto: int


class Events(Protocol):
    """The event log's readable side."""

    async def find(self, query: EventQuery, *, limit: int, after: Place | None = None) -> list[StoredEvent]:
        """At most `limit` events behind `after`, ordered by (at, id, offset) or, recorded, by offset; newest first
        unless the oldest is asked for."""

    async def page(self, query: EventQuery, *, limit: int, skip: int) -> list[StoredEvent]:
        """At most `limit` events after the first `skip`, newest occurred first. Costs as much as it skips."""

    async def count(self, query: EventQuery) -> int:
        """How many there are. Costs as much as there are."""

    async def get(self, id: str) -> StoredEvent | None:
        """The event with that id. Ids are unique per door: one of a server's door goes before one of a public door."""

    async def caused_by(self, event: StoredEvent, *, limit: int) -> list[StoredEvent]:
        """What follows from the event: derived events that name it as a cause, superseded ones too, oldest first.

        Looked for among the next 5,000 of its contact: what comes later still is not found.
        """

    async def news(self, query: EventQuery, *, after: int, limit: int) -> News:
        """At most `limit` events with offset > after, oldest recorded first. A bounded piece: `upto` says how far."""

    async def end(self) -> int:
        """The newest offset, 0 when there is none."""

    async def version(self) -> int:
        """A number that changes when somebody has written. Cheap: meant to be asked every 20 ms, by one task."""
