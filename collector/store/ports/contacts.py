"""Who is known? The question, the row that comes back, and the port that answers."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from sessionizer.contact import Contact
from sessionizer.segments.condition import Condition
from sessionizer.segments.history import Moment


class Meets(NamedTuple):
    """Those who meet a condition at a moment: those for whom `sessionizer/segments/evaluate.py` says so."""

    condition: Condition
    moment: Moment


class ContactQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which contacts. Empty does not narrow; several values of one kind mean *or*, kinds mean *and*.

    ids: survivors. identifiers: kind → exact values. visitors: ids of 26 characters. anonymous: None for all.
    q: prefix of an identifier, or the whole id of a visitor or of a contact. lists: ids, of which one is enough.
    created_since, modified_since: included, ms UTC. attribute: its name, and the value that it has. meets: a segment's
    question. segment: id of one whose members the worker keeps.
    """

    ids: tuple[int, ...] = ()
    identifiers: Mapping[str, tuple[str, ...]] = {}
    visitors: tuple[str, ...] = ()
    anonymous: bool | None = None
    q: str = ""
    lists: tuple[int, ...] = ()
    created_since: int | None = None
    modified_since: int | None = None
    attribute: tuple[str, str | int | float | bool] | None = None
    meets: Meets | None = None
    segment: int | None = None


class StoredContact(msgspec.Struct, frozen=True, kw_only=True):
    """One person with everything of those whom the contact absorbed. Instants in ms UTC.

    identifiers: kind → values, the first is primary. visitors: ids of the browsers, oldest first.
    """

    id: int
    identifiers: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, Any]
    lists: tuple[str, ...]
    consent: str
    first_seen_at: int
    last_seen_at: int
    anonymous: bool
    visitors: tuple[str, ...]

    @property
    def person(self) -> Contact:
        """As rules and segments see it."""
        return Contact(self.id, self.anonymous, self.attributes, self.identifiers, self.lists, self.consent)


class Resolved(NamedTuple):
    """Who an id is. survivor: differs from it when the contact was absorbed. all: the survivor and whom it absorbed."""

    survivor: int
    all: tuple[int, ...]


class Claim(msgspec.Struct, frozen=True):
    """An identifier and where it came from. verified: a server said it; else only a browser did. since: ms UTC."""

    kind: str
    value: str
    verified: bool
    since: int


class Conflict(msgspec.Struct, frozen=True):
    """An identifier that the contact was said to have, while it was the owner's: kept, not moved. at: ms UTC."""

    kind: str
    value: str
    owner: int
    at: int
    event: str


class Browser(msgspec.Struct, frozen=True):
    """A visitor while it was this contact's: [since, until), ms UTC. until None: it still is."""

    visitor: str
    since: int
    until: int | None


class Absorbed(msgspec.Struct, frozen=True):
    """A contact that this one absorbed. at: ms UTC of the event that joined them; event: its id."""

    contact: int
    at: int
    event: str


class Story(msgspec.Struct, frozen=True):
    """How what is known of a contact came to be known. Each in order of time; unverified: names of attributes."""

    identifiers: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...]
    browsers: tuple[Browser, ...]
    absorbed: tuple[Absorbed, ...]
    unverified: frozenset[str]


class Contacts(Protocol):
    """People."""

    async def find(self, query: ContactQuery, *, limit: int, before: int | None = None) -> list[StoredContact]:
        """At most `limit` contacts with id < before, newest id first; absorbed ones are not among them."""

    async def page(self, query: ContactQuery, *, limit: int, skip: int, descending: bool = True) -> list[StoredContact]:
        """At most `limit` contacts after the first `skip`, by id. Costs as much as it skips."""

    async def count(self, query: ContactQuery) -> int:
        """How many there are."""

    async def get(self, id: int) -> StoredContact | None:
        """The contact of a survivor's id; None for an absorbed or unknown one."""

    async def story(self, id: int) -> Story:
        """Where what is known of a survivor came from; empty for an unknown one."""

    async def resolve(self, id: int) -> Resolved | None:
        """Who it is; None when there never was such a contact."""
