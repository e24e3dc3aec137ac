"""Who is in a segment? One statement a question, on the readers of store.db (the port: `ports/segments.py`)."""

from datetime import UTC, tzinfo

from collector.store.sqlite.readers import Readers
from collector.store.sqlite.segments.compile import Statement, compiled
from sessionizer.segments.condition import Condition
from sessionizer.segments.history import Moment


class SqliteMembers:
    """The port `Members` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections that know `functions.FUNCTIONS` and `functions.Connection`."""
        self._readers = readers

    async def count(self, condition: Condition, moment: Moment) -> int:
        """See the port."""
        text, values = statement_of(condition, moment)
        return int(await self._readers.value(f"SELECT count(*) FROM ({text})", values))

    async def find(self, condition: Condition, moment: Moment, *, limit: int, after: int = 0) -> list[int]:
        """See the port."""
        text, values = statement_of(condition, moment)
        page = f"SELECT id FROM ({text}) WHERE id > :after ORDER BY id LIMIT :limit"
        return [id for (id,) in await self._readers.fetch(page, {**values, "after": after, "limit": limit})]


def statement_of(condition: Condition, moment: Moment) -> Statement:
    """SQL of everybody who meets it."""
    return compiled(condition, moment, zone=name_of(moment.zone))


def name_of(zone: tzinfo) -> str:
    """What SQLite's functions know the zone by."""
    return "UTC" if zone is UTC else str(zone)
