"""How do the things stand that events are about? Carts and orders: the question, the row, and the port that answers."""

from typing import NamedTuple, Protocol

import msgspec

from collector.store.ports.events import StoredEvent


class ObjectQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which things of one type. keys: of the event that says how it stands; empty does not narrow. contacts: whose it
    is by that event, with all whom they absorbed. since included, until excluded: ms UTC of that event."""

    type: str
    keys: tuple[str, ...] = ()
    contacts: tuple[int, ...] = ()
    since: int | None = None
    until: int | None = None


class StoredObject(NamedTuple):
    """A thing. since: ms UTC of its first event. events: how many there were. latest: the one that says how it is."""

    id: str
    since: int
    events: int
    latest: StoredEvent


class ObjectPlace(NamedTuple):
    """A place in a list of things: that of one. number: the store's own."""

    at: int
    number: int


class Objects(Protocol):
    """Carts and orders, as the latest event about each left it."""

    async def find(
        self, query: ObjectQuery, *, limit: int, after: ObjectPlace | None = None
    ) -> list[tuple[ObjectPlace, StoredObject]]:
        """At most `limit` things behind `after`, the one that changed last first."""

    async def get(self, type: str, id: str) -> StoredObject | None:
        """The thing of that id."""

    async def story(self, type: str, id: str, *, limit: int) -> list[StoredEvent]:
        """The events about it, by (at, id), at most `limit`."""
