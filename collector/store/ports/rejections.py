"""What was refused, how often, and what did it look like? The question, the row, and the port that answers."""

from typing import NamedTuple, Protocol

import msgspec

from collector.store.ports.totals import Step


class RejectionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which refusals. Empty does not narrow. since included, until excluded: ms UTC, widened to whole hours."""

    codes: tuple[str, ...] = ()
    sites: tuple[int, ...] = ()
    since: int | None = None
    until: int | None = None


class Sample(msgspec.Struct, frozen=True):
    """One refused thing. at: ms UTC. path: of the field. sample: as received, JSON text of at most 4 KiB."""

    at: int
    path: str
    message: str
    door: str
    origin: str
    sample: str


class StoredRejection(msgspec.Struct, frozen=True):
    """All refusals of one code at one site (0: none known): an exact count, and the newest samples, newest first."""

    code: str
    site: int
    count: int
    last_at: int
    samples: tuple[Sample, ...]


class RejectionCount(msgspec.Struct, frozen=True):
    """Refusals of one code in one step, at all sites together. at: the step's beginning, ms UTC."""

    at: int
    code: str
    count: int


class RejectionPlace(NamedTuple):
    """A place in the list: that of one code at one site."""

    last_at: int
    site: int
    code: str


class Rejections(Protocol):
    """The other half of the way in: what did not pass."""

    async def find(
        self, query: RejectionQuery, *, limit: int, after: RejectionPlace | None = None
    ) -> list[StoredRejection]:
        """At most `limit` rows behind `after`, ordered by (last_at, site, code), newest first."""

    async def counts(self, query: RejectionQuery, *, step: Step) -> list[RejectionCount]:
        """Refusals a step and code, in order of time, then of code; steps without any are left out."""
