"""Who is known? The question, the row that comes back, and the port that answers."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import msgspec


class ContactQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which contacts. Empty does not narrow; several values of one kind mean *or*, kinds mean *and*.

    ids: survivors. identifiers: kind → exact values. visitors: ids of 26 characters. q: prefix of an identifier.
    """

    ids: tuple[int, ...] = ()
    identifiers: Mapping[str, tuple[str, ...]] = {}
    visitors: tuple[str, ...] = ()
    q: str = ""


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


class Resolved(NamedTuple):
    """Who an id is. survivor: differs from it when the contact was absorbed. all: the survivor and whom it absorbed."""

    survivor: int
    all: tuple[int, ...]


class Contacts(Protocol):
    """People."""

    async def find(self, query: ContactQuery, *, limit: int, before: int | None = None) -> list[StoredContact]:
        """At most `limit` contacts with id < before, newest id first; absorbed ones are not among them."""

    async def get(self, id: int) -> StoredContact | None:
        """The contact of a survivor's id; None for an absorbed or unknown one."""

    async def resolve(self, id: int) -> Resolved | None:
        """Who it is; None when there never was such a contact."""
