"""Which visits were there? The question, the row that comes back, and the port that answers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from sessionizer.session import Session


class SessionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions. Empty does not narrow. contacts: with all whom they absorbed. sites: any page of it was there.

    sources: as `Session.source` says, "" for direct. devices: "" for an unknown one.
    since included, until excluded: ms UTC of `started_at`.
    """

    contacts: tuple[int, ...] = ()
    sites: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None


class StoredSession(NamedTuple):
    """A session and whose it is: the survivor."""

    contact: int
    session: Session


class SessionPlace(NamedTuple):
    """A place in a list of sessions: that of one session."""

    started_at: int
    id: str


class Beside(NamedTuple):
    """The ids of the contact's sessions just before and just after one; None where there is none."""

    before: str | None
    after: str | None


class Sessions(Protocol):
    """Runs of activity, kept as the sessionizer last said them."""

    async def find(self, query: SessionQuery, *, limit: int, after: SessionPlace | None = None) -> list[StoredSession]:
        """At most `limit` sessions behind `after`, ordered by (started_at, id), newest first."""

    async def get(self, id: str) -> StoredSession | None:
        """The session of that id; None for a replaced or unknown one."""

    async def several(self, ids: Sequence[str]) -> list[StoredSession]:
        """Those of the sessions that stand, in no order. ids: at most 500."""

    async def replacement(self, id: str) -> str | None:
        """The id of the session that took its place when a late event became the opening one; None when none did."""

    async def successors(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Of those ids that were replaced: which session took their place. ids: at most 500."""

    async def beside(self, stored: StoredSession) -> Beside:
        """The sessions of the same contact around this one, by (started_at, id)."""
