"""Which events were there? Answered from the table `events` by its indexes (the port: `ports/events.py`).

A few statements an answer: the words of the question → row ids, how many rows where that decides the way
(`event_walks.py`), then all rows of the page in one.
"""

from typing import NamedTuple

from collector.event_id import pack_id, unpack_id
from collector.store.ports.events import EventQuery, News, Place, StoredEvent
from collector.store.sqlite import event_query as sql
from collector.store.sqlite.body import BOT, HISTORICAL, LATE, SUPERSEDED, decode_body
from collector.store.sqlite.event_query import Arm, Order, listed
from collector.store.sqlite.event_walks import Asked, all_names_of, closure, names_of, walks_of
from collector.store.sqlite.readers import Readers, Row
from sessionizer.event import Agent, Page

PIECE = 10_000
"""Offsets that one call of `news` looks at: what lies far behind comes in pieces."""


class Walks(NamedTuple):
    """How a question is answered. values: those of the conditions."""

    arms: list[Arm]
    conditions: list[str]
    values: sql.Values


class SqliteEvents:
    """The port `Events` on store.db. Construct with open connections; `tail` belongs to the live tail alone."""

    def __init__(self, readers: Readers, tail: Readers) -> None:
        """readers: have the functions of event_query.FUNCTIONS. tail: one connection, so that its version compares."""
        self._readers, self._tail = readers, tail

    async def find(self, query: EventQuery, *, limit: int, after: Place | None = None) -> list[StoredEvent]:
        """See the port."""
        order = Order.RECORDED if query.recorded else Order.OLDEST if query.oldest else Order.OCCURRED
        walks = await self._walks(query, order, after)
        if not walks.arms:
            return []
        text, walked = sql.statement(walks.arms, walks.conditions, order)
        rows = await self._readers.fetch(text, {**walks.values, **walked, "limit": limit})
        return [event_of(row) for row in rows]

    async def page(self, query: EventQuery, *, limit: int, skip: int) -> list[StoredEvent]:
        """See the port."""
        walks = await self._walks(query, Order.OCCURRED)
        if not walks.arms:
            return []
        text, walked = sql.statement(walks.arms, walks.conditions, Order.OCCURRED, skips=True)
        rows = await self._readers.fetch(text, {**walks.values, **walked, "limit": limit + skip, "skip": skip})
        return [event_of(row) for row in rows]

    async def count(self, query: EventQuery) -> int:
        """See the port."""
        walks = await self._walks(query, Order.OCCURRED)
        if not walks.arms:
            return 0
        text, walked = sql.counting(walks.arms, walks.conditions)
        return int(await self._readers.value(text, {**walks.values, **walked, "enough": -1}))

    async def _walks(self, query: EventQuery, order: Order, after: Place | None = None) -> Walks:
        """The walks, none where nothing can match, and what sorts out what they pass."""
        names = await all_names_of(self._readers, query)
        if names.nothing:
            return Walks([], [], {})
        cursor, place = sql.behind(after, order)
        bounds = sql.bounds_of(query, after, order)
        driven_by, arms = await walks_of(self._readers, Asked(query, names, order, bounds))
        conditions, values = sql.conditions_of(query, names, driven_by=driven_by)
        return Walks(arms, [*conditions, *cursor], {**values, **place})

    async def get(self, id: str) -> StoredEvent | None:
        """See the port."""
        rows = await self._readers.fetch(sql.BY_ID, {"id": pack_id(id)})
        return event_of(rows[0]) if rows else None

    async def caused_by(self, event: StoredEvent, *, limit: int) -> list[StoredEvent]:
        """See the port."""
        if event.contact is None:
            return []
        everybody = await closure(self._readers, (event.contact,))
        asked = {"contacts": listed(everybody), "since": event.at, "cause": event.id, "limit": limit}
        return [event_of(row) for row in await self._readers.fetch(sql.CAUSED, asked)]

    async def news(self, query: EventQuery, *, after: int, limit: int) -> News:
        """See the port."""
        upto = min(await self.end(), after + PIECE)
        names = await names_of(self._tail, query)
        if upto <= after or names.nothing:
            return News([], max(upto, after))
        conditions, values = sql.conditions_of(query, names)
        conditions += ["e.offset > :after", "e.offset <= :upto"]
        text, _ = sql.statement([Arm(sql.OFFSET)], conditions, Order.NEWS)
        rows = await self._tail.fetch(text, {**values, "after": after, "upto": upto, "limit": limit})
        return News([event_of(row) for row in rows], rows[-1][0] if len(rows) == limit else upto)

    async def end(self) -> int:
        """See the port."""
        return int(await self._tail.value("SELECT coalesce(max(offset), 0) FROM events"))

    async def version(self) -> int:
        """See the port."""
        return int(await self._tail.value("PRAGMA data_version"))


def event_of(row: Row) -> StoredEvent:
    """A row of event_query.ANSWER → StoredEvent."""
    (offset, id, category, key, source, at, lag, site, visitor, contact, session, *rest) = row
    url, title, browser, os, device, bot, flags, blob = rest
    body = decode_body(blob)
    id = unpack_id(id)
    told = (body.properties or {}).get("session_id") if source == "derived" else None
    opens = source == "derived" and key == "push_session_started"  # a session has the id of what opened it
    return StoredEvent(
        offset=offset,
        id=id,
        category=category,
        key=key,
        source=source,
        at=at,
        received_at=at + lag,
        site=site,
        visitor=visitor or "",
        contact=contact,
        session=id if opens else unpack_id(session) if session else told,
        page=Page(url, title, body.referrer) if url is not None else None,
        agent=agent_of(browser, os, device, bool(bot or flags & BOT)),
        properties=body.properties or {},
        identifiers=body.identifiers or {},
        object=body.object,
        causes=body.causes,
        superseded=bool(flags & SUPERSEDED),
        late=bool(flags & LATE),
        attributes=body.attributes or {},
        historical=bool(flags & HISTORICAL),
    )


def agent_of(browser: str | None, os: str | None, device: str | None, bot: bool) -> Agent | None:
    """What is known of the visitor's device, None when nothing is."""
    known = browser is not None or bot
    return Agent(browser or "", os or "", device or "", bot) if known else None
