"""How do carts and orders stand? Answered from `objects` and the events they name (the port: `ports/objects.py`)."""

from typing import Any

from collector.store.ports.events import StoredEvent
from collector.store.ports.objects import ObjectPlace, ObjectQuery, StoredObject
from collector.store.sqlite import event_query as sql
from collector.store.sqlite.event_query import listed
from collector.store.sqlite.event_walks import closure
from collector.store.sqlite.events import event_of
from collector.store.sqlite.readers import Readers, Row

PAGE = """SELECT o.number, o.id, o.since, o.at, o.events, o.latest FROM objects o INDEXED BY objects_at
  WHERE o.type = :type{narrowed} ORDER BY o.at DESC, o.number DESC LIMIT :limit"""

ONE = "SELECT number, id, since, at, events, latest FROM objects WHERE type = :type AND id = :id"

LATEST = f"WITH picked (offset) AS (SELECT value FROM json_each(:offsets)) {sql.ANSWER}"

STORY = f"""WITH picked (offset) AS (
  SELECT t.offset FROM object_events t
  WHERE t.object = (SELECT number FROM objects WHERE type = :type AND id = :id) LIMIT :limit)
{sql.ANSWER} ORDER BY e.at, e.id"""

OF_CONTACTS = "(SELECT e.contact FROM events e WHERE e.offset = o.latest) IN (SELECT value FROM json_each(:contacts))"
OF_KEYS = """(SELECT k.key FROM events e JOIN kinds k ON k.id = e.kind WHERE e.offset = o.latest)
  IN (SELECT value FROM json_each(:keys))"""


class SqliteObjects:
    """The port `Objects` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections to store.db."""
        self._readers = readers

    async def find(
        self, query: ObjectQuery, *, limit: int, after: ObjectPlace | None = None
    ) -> list[tuple[ObjectPlace, StoredObject]]:
        """See the port."""
        values: dict[str, Any] = {"type": query.type, "limit": limit}
        narrowed = []
        if after is not None:
            narrowed.append("(o.at, o.number) < (:after_at, :after_number)")
            values |= {"after_at": after.at, "after_number": after.number}
        for name, bound, instant in (("since", "o.at >= :since", query.since), ("until", "o.at < :until", query.until)):
            if instant is not None:
                narrowed.append(bound)
                values[name] = instant
        if query.contacts:
            narrowed.append(OF_CONTACTS)
            values["contacts"] = listed(await closure(self._readers, query.contacts))
        if query.keys:
            narrowed.append(OF_KEYS)
            values["keys"] = listed(query.keys)
        text = PAGE.format(narrowed="".join(f" AND {one}" for one in narrowed))
        return await self._with_latest(await self._readers.fetch(text, values))

    async def get(self, type: str, id: str) -> StoredObject | None:
        """See the port."""
        found = await self._with_latest(await self._readers.fetch(ONE, {"type": type, "id": id}))
        return found[0][1] if found else None

    async def story(self, type: str, id: str, *, limit: int) -> list[StoredEvent]:
        """See the port."""
        rows = await self._readers.fetch(STORY, {"type": type, "id": id, "limit": limit})
        return [event_of(row) for row in rows]

    async def _with_latest(self, rows: list[Row]) -> list[tuple[ObjectPlace, StoredObject]]:
        offsets = listed([latest for *_, latest in rows])
        events = {row[0]: event_of(row) for row in await self._readers.fetch(LATEST, {"offsets": offsets})}
        return [
            (ObjectPlace(at, number), StoredObject(id, since, told, events[latest]))
            for number, id, since, at, told, latest in rows
            if latest in events
        ]
