"""Along which indexes is a question about events walked? The ways that its filters offer, and the narrowest of them.

Each filter that has an index offers a way: walks that together pass every match. Of several ways that
with the fewest rows is taken, counted in the indexes alone and only as far as it matters; the other filters sort out
what it passes.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from collector.store.ports.events import EventQuery, Which
from collector.store.sqlite import event_query as sql
from collector.store.sqlite.body import BOT, SUPERSEDED
from collector.store.sqlite.event_query import Arm, Index, Matches, Names, Order, listed
from collector.store.sqlite.readers import Readers

MAX_ARMS = 8
"""Walks that stand side by side in a statement; more values of one index are walked together."""

FEW, MANY = 2_000, 200_000
"""Rows up to which ways are told apart: `MANY` are counted in the index in some 10 ms. Ways that are wider are walked
as they come: they find something soon."""

GATHERED = 100_000
"""Rows that are gathered and sorted where the order is not theirs; beyond, a walk in that order finds some sooner."""

MAX_MATCHES = 10_000
"""Contacts, or pages, that `q` may be the beginning of. Of more, most events are: a walk by time finds them."""

KINDS = """SELECT id FROM kinds WHERE (:categories IS NULL OR category IN (SELECT value FROM json_each(:categories)))
  AND (:keys IS NULL OR key IN (SELECT value FROM json_each(:keys)))"""

VISITORS = "SELECT id FROM visitors WHERE visitor IN (SELECT value FROM json_each(:visitors))"

OWNERS = """SELECT contact FROM visitors WHERE id IN (SELECT value FROM json_each(:visitors)) AND contact > 0
  UNION SELECT contact FROM epochs WHERE visitor IN (SELECT value FROM json_each(:visitors))"""

ORIGINS = """WITH RECURSIVE origins (source, site) AS (
    SELECT id, (SELECT min(site) FROM events INDEXED BY events_source WHERE source = sources.id) FROM sources
    WHERE :sources IS NULL OR name IN (SELECT value FROM json_each(:sources))
    UNION ALL SELECT o.source,
      (SELECT min(site) FROM events INDEXED BY events_source WHERE source = o.source AND site > o.site)
    FROM origins o WHERE o.site IS NOT NULL)
  SELECT json_array(source, site) FROM origins
  WHERE site IS NOT NULL AND (:sites IS NULL OR site IN (SELECT value FROM json_each(:sites)))"""
"""Which sites had events of which sources: a look into the index for each."""

CLOSURE = """WITH asked (id) AS (SELECT value FROM json_each(:ids)), survivors (id) AS (
    SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = asked.id), asked.id) FROM asked)
  SELECT id FROM survivors UNION
  SELECT l.absorbed FROM survivors CROSS JOIN contact_links l ON l.survivor = survivors.id"""
"""The contacts with all whom they absorbed or who absorbed them: links are kept flat, so one step each way."""


class Way(NamedTuple):
    """One way to every match. drives: the field of Names that it makes good, "" for none. parts: indexes and values."""

    drives: str
    parts: Sequence[tuple[Index, Sequence[Any]]]


class Asked(NamedTuple):
    """A question with what it names. bounds: conditions on `at` and their values, the cursor's with them."""

    query: EventQuery
    names: Names
    order: Order
    bounds: tuple[list[str], sql.Values]


async def ids(readers: Readers, text: str, values: sql.Values) -> tuple[Any, ...]:
    """The first column of all rows."""
    return tuple(row[0] for row in await readers.fetch(text, values))


async def closure(readers: Readers, contacts: Sequence[int]) -> tuple[int, ...]:
    """The contacts with all whom they absorbed or who absorbed them."""
    return await ids(readers, CLOSURE, {"ids": listed(contacts)})


# Names ---------------------------------------------------------------------------------------------------------------


async def names_of(readers: Readers, query: EventQuery) -> Names:
    """What conditions need to know of a query's names."""
    kinds = contacts = visitors = None
    if query.categories or query.keys:
        kinds = await ids(readers, KINDS, {"categories": _some(query.categories), "keys": _some(query.keys)})
    if query.contacts:
        contacts = await closure(readers, query.contacts)
    if query.visitors:
        visitors = await ids(readers, VISITORS, {"visitors": listed(query.visitors)})
    return Names(kinds, contacts, visitors)


async def all_names_of(readers: Readers, query: EventQuery) -> Names:
    """What walks need to know as well."""
    names, origins = await names_of(readers, query), None
    if query.sources or query.sites:
        origins = await ids(readers, ORIGINS, {"sources": _some(query.sources), "sites": _some(query.sites)})
    return names._replace(origins=origins, q=await matches_of(readers, query.q) if query.q else None)


async def matches_of(readers: Readers, q: str) -> Matches | None:
    """What starts with `q`, None when that is too much."""
    found = [
        await ids(readers, f"{text} LIMIT {MAX_MATCHES + 1}", sql.prefix_of(q))
        for text in (sql.Q_KINDS, sql.Q_CONTACTS, sql.Q_PAGES)
    ]
    return Matches(*found) if max(map(len, found)) <= MAX_MATCHES else None


def _some(values: Sequence[Any]) -> str | None:
    """A list as one bound value, None for none."""
    return listed(values) if values else None


# Ways ----------------------------------------------------------------------------------------------------------------


async def walks_of(readers: Readers, asked: Asked) -> tuple[str, list[Arm]]:
    """The walks along the narrowest way, and what they make good: a field of Names, or "" for none."""
    ways, is_gathered = await ways_of(readers, asked), asked.order is Order.RECORDED
    if not ways:
        return "", [Arm(sql.OFFSET if is_gathered else sql.TIME)]
    if len(ways) == 1 and not is_gathered:
        return ways[0].drives, arms_of(ways[0])
    way, rows = await narrowest(readers, ways, asked.bounds)
    if is_gathered and rows > GATHERED:
        return "", [Arm(sql.OFFSET)]
    return way.drives, arms_of(way)


async def ways_of(readers: Readers, asked: Asked) -> list[Way]:
    """The ways that the filters offer, which usually are narrow first."""
    query, names = asked.query, asked.names
    found: list[Way] = []
    if names.contacts is not None:
        found.append(Way("contacts", [(sql.CONTACT, names.contacts)]))
    if names.visitors is not None:
        owners = await closure(readers, await ids(readers, OWNERS, {"visitors": listed(names.visitors)}))
        found.append(Way("", [(sql.CONTACT, owners), (sql.NOBODY, names.visitors)]))
    if names.q is not None:
        found.append(Way("q", [*zip((sql.KIND, sql.CONTACT, sql.PAGE), names.q, strict=True)]))
    for flag, which in ((SUPERSEDED, query.superseded), (BOT, query.bots)):
        if which is Which.ONLY:
            found.append(Way("", [(sql.HIDDEN[flag], (None,))]))
    if names.kinds is not None:
        found.append(Way("kinds", [(sql.KIND, names.kinds)]))
    if names.origins is not None:
        found.append(Way("origins", [(sql.SOURCE, names.origins)]))
    if asked.order is Order.RECORDED and asked.bounds[0]:
        found.append(Way("", [(sql.TIME, (None,))]))
    return found


async def narrowest(readers: Readers, ways: Sequence[Way], bounds: tuple[list[str], sql.Values]) -> tuple[Way, int]:
    """The way of the fewest rows, and how many, `MANY` or more for many; the first one when all have so many."""
    counts = [0]
    for enough in (FEW, MANY):
        counts = []
        for way in ways:  # one need not be counted beyond those before it
            counts.append(await _count(readers, way, bounds, min([enough, *counts])))
        if min(counts) < enough:
            break
    return ways[counts.index(min(counts))], min(counts)


async def _count(readers: Readers, way: Way, bounds: tuple[list[str], sql.Values], enough: int) -> int:
    arms = [gathered(index, values) for index, values in way.parts if values]
    if not arms:
        return 0
    conditions, values = bounds
    text, walked = sql.counting(arms, conditions)
    return int(await readers.value(text, {**values, **walked, "enough": enough}))


def arms_of(way: Way) -> list[Arm]:
    """The walks of a way; none where nothing can be found."""
    return [
        arm
        for index, values in way.parts
        if values
        for arm in ([gathered(index, values)] if len(values) > MAX_ARMS else [Arm(index, value) for value in values])
    ]


def gathered(index: Index, values: Sequence[Any]) -> Arm:
    """One walk for all the values."""
    if values[0] is None:
        return Arm(index)
    return Arm(index, f"[{','.join(map(str, values))}]", is_many=True)
