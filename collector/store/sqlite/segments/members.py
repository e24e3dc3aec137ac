"""Who is in a segment? Asked of the rows, or as the worker keeps it (the port: `ports/segments.py`)."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

import msgspec

from collector.event_id import unpack_id
from collector.store.ports.contacts import Meets
from collector.store.ports.segments import Passage, Place, Progress, Sample, Stay
from collector.store.sqlite.event_query import listed
from collector.store.sqlite.readers import Readers, Row
from collector.store.sqlite.segments.compile import compiled
from collector.store.sqlite.segments.survivors import SURVIVOR

SAMPLE = """WITH members (id) AS MATERIALIZED ({})
SELECT (SELECT count(*) FROM members),
  (SELECT json_group_array(id) FROM (SELECT id FROM members ORDER BY id DESC LIMIT :size)), {}"""

BOTH = """(SELECT count(*) FROM members WHERE EXISTS (
    SELECT 1 FROM segment_members k WHERE k.segment = :beside AND k.contact = members.id))"""

PROGRESS = """SELECT segment, question, since, min(walked_to, upto), upto, stopped FROM segment_walks
  WHERE segment IN (SELECT value FROM json_each(:segments))"""

COUNT = """SELECT value, (SELECT count(*) FROM segment_members k WHERE k.segment = value)
  FROM json_each(:segments)"""

PAGE = """SELECT k.segment, k.contact, k.since FROM segment_members k WHERE k.segment = :segment {}
  ORDER BY k.contact DESC LIMIT :limit"""

OF_CONTACT = "SELECT k.segment, k.contact, k.since FROM segment_members k WHERE k.contact = :contact ORDER BY k.segment"

HISTORY = f"""SELECT {SURVIVOR.format("h.contact")}, h.why, h.cause, h.at, h.contact, h.entered FROM segment_history h
  WHERE {{}} ORDER BY h.at DESC, h.contact DESC, h.entered DESC LIMIT :limit"""
OF_ALL = "h.segment = :segment"
OF_SOME = "+h.segment = :segment AND h.contact IN (SELECT value FROM json_each(:contacts))"
"""The sign keeps SQLite from reading a segment's whole history for one person's."""
BEHIND = " AND (h.at, h.contact, h.entered) < (:at, :contact, :entered)"

CHANGES = """SELECT (SELECT count(*) FROM segment_members k WHERE k.segment = :segment),
  (SELECT coalesce(sum(iif(h.entered, 1, -1)), 0) FROM segment_history h
   WHERE h.segment = :segment AND h.at >= value ->> 0 AND h.at < value ->> 1)
  FROM json_each(:spans) ORDER BY key"""
"""How many there are, and how many more at the end of a span than at its beginning."""

FOREVER = 2**62


class SqliteMembers:
    """The port `Members` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections that know `functions.FUNCTIONS` and `functions.Connection`."""
        self._readers = readers

    async def sample(self, meets: Meets, *, size: int, beside: int = 0) -> Sample:
        """See the port."""
        text, values = compiled(meets.condition, meets.moment)
        asked = SAMPLE.format(text, BOTH if beside else 0)
        ((total, ids, both),) = await self._readers.fetch(asked, {**values, "size": size, "beside": beside})
        return Sample(total, msgspec.json.decode(ids, type=tuple[int, ...]), both)

    async def progress(self, segments: Sequence[int]) -> Mapping[int, Progress]:
        """See the port."""
        rows = await self._readers.fetch(PROGRESS, {"segments": listed(segments)})
        return {
            segment: Progress(question, since, asked, of, bool(stopped))
            for segment, question, since, asked, of, stopped in rows
        }

    async def count(self, segments: Sequence[int]) -> Mapping[int, int]:
        """See the port."""
        rows = await self._readers.fetch(COUNT, {"segments": listed(segments)})
        return dict(rows)

    async def page(self, segment: int, *, limit: int, before: int | None = None) -> list[Stay]:
        """See the port."""
        text = PAGE.format("" if before is None else "AND k.contact < :before")
        rows = await self._readers.fetch(text, {"segment": segment, "limit": limit, "before": before})
        return [Stay(*row) for row in rows]

    async def of_contact(self, contact: int) -> list[Stay]:
        """See the port."""
        return [Stay(*row) for row in await self._readers.fetch(OF_CONTACT, {"contact": contact})]

    async def history(
        self, segment: int, *, limit: int, before: Place | None = None, contacts: Sequence[int] = ()
    ) -> list[Passage]:
        """See the port."""
        where = (OF_SOME if contacts else OF_ALL) + (BEHIND if before else "")
        values = {
            "segment": segment,
            "limit": limit,
            "contacts": listed(contacts),
            **(before._asdict() if before else {}),
        }
        return [_passage(row) for row in await self._readers.fetch(HISTORY.format(where), values)]

    async def sizes(self, segment: int, ends: Sequence[int]) -> list[int]:
        """See the port. Who became one with somebody, or was erased, is out of the size now: never below 0."""
        spans = [*pairwise([*ends, FOREVER])]
        rows = await self._readers.fetch(CHANGES, {"segment": segment, "spans": msgspec.json.encode(spans).decode()})
        back = accumulate((-more for _, more in reversed(rows)), initial=rows[-1][0] if rows else 0)
        return [max(size, 0) for size in back][:0:-1]


def _passage(row: Row) -> Passage:
    """A row of HISTORY → Passage."""
    contact, why, cause, at, recorded, entered = row
    return Passage(contact, why, unpack_id(cause) if cause else "", Place(at, recorded, bool(entered)))
