"""Which events were there? Answered from the table `events` by its indexes (the port: `ports/events.py`).

Two or three statements an answer: the words of the question → row ids, how many rows where that decides the way, then
all rows of the page in one.
"""

from collector.event_id import pack_id, unpack_id
from collector.store.ports.events import EventQuery, News, Place, StoredEvent
from collector.store.sqlite import event_query as sql
from collector.store.sqlite.body import BOT, HISTORICAL, LATE, SUPERSEDED, decode_body
from collector.store.sqlite.event_query import Arm, Column, Names, Order, listed
from collector.store.sqlite.readers import Readers, Row
from sessionizer.event import Agent, Page

MAX_ARMS = 64
"""Walks merged in one statement; beyond, rows are gathered or filtered."""

FEW = 20_000
"""Rows that may be gathered and sorted (some 30 ms); beyond, a walk in the order of the answer finds matches sooner."""

MAX_PAGES = 10_000
PIECE = 10_000
"""Offsets that one call of `news` looks at: what lies far behind comes in pieces."""

KINDS = """SELECT id FROM kinds WHERE (:categories IS NULL OR category IN (SELECT value FROM json_each(:categories)))
  AND (:keys IS NULL OR key IN (SELECT value FROM json_each(:keys)))"""

VISITORS = "SELECT id FROM visitors WHERE visitor IN (SELECT value FROM json_each(:visitors))"

OWNERS = f"""SELECT contact FROM visitors WHERE id IN ({VISITORS})
  UNION SELECT contact FROM epochs WHERE visitor IN ({VISITORS})"""

CLOSURE = """WITH asked (id) AS (SELECT value FROM json_each(:ids)), survivors (id) AS (
    SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = asked.id), asked.id) FROM asked)
  SELECT id FROM survivors UNION
  SELECT l.absorbed FROM survivors CROSS JOIN contact_links l ON l.survivor = survivors.id"""
"""The contacts with all whom they absorbed or who absorbed them: links are kept flat, so one step each way."""


class SqliteEvents:
    """The port `Events` on store.db. Construct with open connections; `tail` belongs to the live tail alone."""

    def __init__(self, readers: Readers, tail: Readers) -> None:
        """readers: have the functions of event_query.FUNCTIONS. tail: one connection, so that its version compares."""
        self._readers, self._tail = readers, tail

    async def find(self, query: EventQuery, *, limit: int, after: Place | None = None) -> list[StoredEvent]:
        """See the port."""
        names = await self._names(self._readers, query)
        order = Order.RECORDED if query.recorded else Order.OLDEST if query.oldest else Order.OCCURRED
        driven_by, arms = await self._arms(query, names, order)
        if names.nothing or not arms:
            return []
        conditions, values = sql.conditions_of(query, names, driven_by=driven_by)
        cursor, place = sql.behind(after, order)
        text, walked = sql.statement(arms, [*conditions, *cursor], order)
        rows = await self._readers.fetch(text, {**values, **place, **walked, "limit": limit})
        return [event_of(row) for row in rows]

    async def page(self, query: EventQuery, *, limit: int, skip: int) -> list[StoredEvent]:
        """See the port."""
        arms, conditions, values = await self._walks(query)
        if not arms:
            return []
        text, walked = sql.statement(arms, conditions, Order.OCCURRED, skips=True)
        rows = await self._readers.fetch(text, {**values, **walked, "limit": limit + skip, "skip": skip})
        return [event_of(row) for row in rows]

    async def count(self, query: EventQuery) -> int:
        """See the port."""
        arms, conditions, values = await self._walks(query)
        if not arms:
            return 0
        text, walked = sql.counting(arms, conditions)
        return int(await self._readers.value(text, {**values, **walked}))

    async def _walks(self, query: EventQuery) -> tuple[list[Arm], list[str], sql.Values]:
        """The walks, none where nothing can match, and what filters them."""
        names = await self._names(self._readers, query)
        driven_by, arms = await self._arms(query, names, Order.OCCURRED)
        conditions, values = sql.conditions_of(query, names, driven_by=driven_by)
        return [] if names.nothing else arms, conditions, values

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
        names = await self._names(self._tail, query)
        if upto <= after or names.nothing:
            return News([], max(upto, after))
        conditions, values = sql.conditions_of(query, names)
        conditions += ["e.offset > :after", "e.offset <= :upto"]
        text, _ = sql.statement([sql.BY_OFFSET], conditions, Order.NEWS)
        rows = await self._tail.fetch(text, {**values, "after": after, "upto": upto, "limit": limit})
        return News([event_of(row) for row in rows], rows[-1][0] if len(rows) == limit else upto)

    async def end(self) -> int:
        """See the port."""
        return int(await self._tail.value("SELECT coalesce(max(offset), 0) FROM events"))

    async def version(self) -> int:
        """See the port."""
        return int(await self._tail.value("PRAGMA data_version"))

    async def _names(self, readers: Readers, query: EventQuery) -> Names:
        """Look up what the query names."""
        kinds = contacts = visitors = None
        if query.categories or query.keys:
            wanted = {"categories": query.categories, "keys": query.keys}
            kinds = await ids(readers, KINDS, {name: listed(of) if of else None for name, of in wanted.items()})
        if query.contacts:
            contacts = await closure(readers, query.contacts)
        if query.visitors:
            visitors = await ids(readers, VISITORS, {"visitors": listed(query.visitors)})
        return Names(kinds, contacts, visitors)

    async def _arms(self, query: EventQuery, names: Names, order: Order) -> tuple[str, list[Arm]]:
        """The walks, and what they make good: `kind`, `contact`, `q` or "" for none."""
        scan = sql.BY_OFFSET if query.recorded else sql.BY_TIME
        driven_by, narrowings = await self._narrowings(query, names)
        if not narrowings:
            return "", [scan]
        arms: list[Arm] = []
        for column, values in narrowings:
            found = await self._arms_along(column, values, order)
            if found is None:
                return "", [scan]
            arms += found
        return driven_by, arms

    async def _narrowings(
        self, query: EventQuery, names: Names
    ) -> tuple[str, list[tuple[Column, tuple[int | None, ...]]]]:
        """The columns that together hold every match, the most selective way that the query offers; none: all rows."""
        if names.contacts is not None:
            return "contact", [(sql.CONTACT, names.contacts)]
        if names.visitors is not None:
            owners = await closure(
                self._readers, await ids(self._readers, OWNERS, {"visitors": listed(query.visitors)})
            )
            return "", [(sql.CONTACT, (*owners, None))]  # a bot's events are nobody's
        if names.kinds is not None:
            return "kind", [(sql.KIND, names.kinds)]
        if query.q:
            found = (sql.KIND, sql.Q_KINDS), (sql.CONTACT, sql.Q_CONTACTS), (sql.PAGE, sql.Q_PAGES)
            prefix = sql.prefix_of(query.q)
            return "q", [
                (column, await ids(self._readers, f"{text} LIMIT {MAX_PAGES + 1}", prefix)) for column, text in found
            ]
        return "", []

    async def _arms_along(self, column: Column, values: tuple[int | None, ...], order: Order) -> list[Arm] | None:
        """A walk a value; or all rows at once, when they are few; None: they are many, and in another order."""
        if column.ordered and order is not Order.RECORDED and len(values) <= MAX_ARMS:
            return [sql.arm_of(column, value) for value in values]
        known = [value for value in values if value is not None]
        if len(known) < len(values) or len(known) > MAX_PAGES:
            return None
        wanted = {"values": listed(known), "enough": FEW + 1}
        few = await self._readers.value(sql.count_up_to(column), wanted) <= FEW
        return [sql.arm_of_all(column, known)] if few else None


async def ids(readers: Readers, text: str, values: sql.Values) -> tuple[int, ...]:
    """The first column of all rows."""
    return tuple(row[0] for row in await readers.fetch(text, values))


async def closure(readers: Readers, contacts: tuple[int, ...]) -> tuple[int, ...]:
    """The contacts with all whom they absorbed or who absorbed them."""
    return await ids(readers, CLOSURE, {"ids": listed(contacts)})


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
