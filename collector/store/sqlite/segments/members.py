"""How many are in a segment? One statement, on the readers of store.db (the port: `ports/segments.py`)."""

import msgspec

from collector.store.ports.contacts import Meets
from collector.store.ports.segments import Sample
from collector.store.sqlite.readers import Readers
from collector.store.sqlite.segments.compile import compiled

SAMPLE = """WITH members (id) AS MATERIALIZED ({})
SELECT (SELECT count(*) FROM members),
  (SELECT json_group_array(id) FROM (SELECT id FROM members ORDER BY id DESC LIMIT :size))"""


class SqliteMembers:
    """The port `Members` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections that know `functions.FUNCTIONS` and `functions.Connection`."""
        self._readers = readers

    async def sample(self, meets: Meets, *, size: int) -> Sample:
        """See the port."""
        text, values = compiled(meets.condition, meets.moment)
        ((total, ids),) = await self._readers.fetch(SAMPLE.format(text), {**values, "size": size})
        return Sample(total, msgspec.json.decode(ids, type=tuple[int, ...]))
