"""How does a question about events become SQL? Which index drives, which conditions filter, in which order.

Pure: text and values, nothing is asked here. The text is made of constants of this file; whatever came from outside is
a bound value. A list is bound as JSON and unfolded by `json_each`.

    arm      one walk along one index, in the order of the answer: `kind = 7` along (kind, at); or along each of many
             values, of which those go first that begin first
    picked   the union of the arms, cut at the limit: places only
    answer   the picked rows with their words (names, page, agent, survivor, session) looked up
"""

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from collector.store.ports.events import EventQuery, Place, Which
from collector.store.property import Condition, satisfies
from collector.store.sqlite.body import ACTIVITY, BOT, SUPERSEDED, decode_body

Values = dict[str, Any]
Clause = tuple[str, Values]
"""A condition and the values that it binds."""

ID_TEXT = """CASE WHEN typeof(e.id) = 'text' THEN e.id ELSE lower(
  substr(hex(e.id), 1, 8) || '-' || substr(hex(e.id), 9, 4) || '-' || substr(hex(e.id), 13, 4) || '-' ||
  substr(hex(e.id), 17, 4) || '-' || substr(hex(e.id), 21)) END"""
"""The id as it was given: ids of both forms are put in one order by it, only among events of one millisecond."""


class Order(enum.Enum):
    """The order of an answer: newest occurred first, oldest occurred first (an export), newest recorded first, oldest
    recorded first (the live tail)."""

    OCCURRED = "at DESC, id_text DESC, offset DESC"
    OLDEST = "at ASC, id_text ASC, offset ASC"
    RECORDED = "offset DESC"
    NEWS = "offset ASC"


class Index(NamedTuple):
    """An index of events with `at` behind its own columns. one, many: the condition on them for a value, for a JSON
    list of values; "" where there is none."""

    by: str
    one: str = ""
    many: str = ""


KIND = Index("INDEXED BY events_kind", "e.kind IS {0}", "e.kind IN (SELECT value FROM json_each({0}))")
CONTACT = Index("INDEXED BY events_contact", "e.contact IS {0}", "e.contact IN (SELECT value FROM json_each({0}))")
PAGE = Index("INDEXED BY events_page", "e.page = {0}", "e.page IN (SELECT value FROM json_each({0}))")
SOURCE = Index(
    "INDEXED BY events_source",
    "e.source = {0} ->> 0 AND e.site = {0} ->> 1",
    "(e.source, e.site) IN (SELECT value ->> 0, value ->> 1 FROM json_each({0}))",
)
"""A value is `[source, site]`: a site is walked source by source."""

NOBODY = Index(
    "INDEXED BY events_nobody",
    "e.contact IS NULL AND e.visitor = {0}",
    "e.contact IS NULL AND e.visitor IN (SELECT value FROM json_each({0}))",
)
"""A bot's events are nobody's, but of a visitor."""

HIDDEN = {
    flag: Index(f"INDEXED BY events_{name}", *[f"e.flags & {flag} != 0"] * 2)
    for flag, name in ((SUPERSEDED, "superseded"), (BOT, "bots"))
}
TIME = Index("INDEXED BY events_at")
OFFSET = Index("NOT INDEXED")


class Arm(NamedTuple):
    """One walk along an index. value: bound; with is_many the JSON of a list of values."""

    along: Index
    value: Any = None
    is_many: bool = False

    def condition(self, value: str) -> str:
        """On the index's own columns. value: SQL."""
        return (self.along.many if self.is_many else self.along.one).format(value)


# Conditions ----------------------------------------------------------------------------------------------------------

SHOWN = {
    Which.EXCLUDE: "e.flags & {} = 0",
    Which.ONLY: "e.flags & {} != 0",
}

Q_KINDS = "SELECT id FROM kinds WHERE lower(substr(key, 1, length(:q))) = lower(:q)"

Q_CONTACTS = """
  WITH owners (id) AS (
    SELECT contact FROM identifiers WHERE kind = 'email_id' AND value >= lower(:q) AND value < lower(:q_end) UNION
    SELECT contact FROM identifiers
    WHERE kind IN ('ext_id', 'phone_id', 'whatsapp_id', 'landline_number_id') AND value >= :q AND value < :q_end),
  survivors (id) AS (
    SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = owners.id), owners.id) FROM owners)
  SELECT id FROM survivors UNION
  SELECT l.absorbed FROM survivors CROSS JOIN contact_links l ON l.survivor = survivors.id"""
"""Whoever holds an identifier that starts with `:q`, with all whom they absorbed."""

Q_PAGES = """SELECT id FROM pages WHERE path >= :q AND path < :q_end
  UNION SELECT id FROM pages WHERE has_words(title, :q)"""

Q_FILTER = f"""(e.kind IN ({Q_KINDS}) OR e.contact IN ({Q_CONTACTS}) OR EXISTS (
  SELECT 1 FROM pages p WHERE p.id = e.page AND (p.path >= :q AND p.path < :q_end OR has_words(p.title, :q))))"""

Q_FOUND = """(e.kind IN (SELECT value FROM json_each(:q_kinds))
  OR e.contact IN (SELECT value FROM json_each(:q_contacts)) OR e.page IN (SELECT value FROM json_each(:q_pages)))"""
"""The same where the ids are known."""

OF_SOURCES = "e.source IN (SELECT id FROM sources WHERE name IN (SELECT value FROM json_each(:sources)))"

BEHIND = {
    Order.OCCURRED: f"""e.at <= :after_at AND (e.at < :after_at OR {ID_TEXT} < :after_id
      OR {ID_TEXT} = :after_id AND e.offset < :after_offset)""",
    Order.OLDEST: f"""e.at >= :after_at AND (e.at > :after_at OR {ID_TEXT} > :after_id
      OR {ID_TEXT} = :after_id AND e.offset > :after_offset)""",
    Order.RECORDED: "e.offset < :after_offset",
}


class Matches(NamedTuple):
    """The row ids of what `q` is the beginning of."""

    kinds: tuple[int, ...]
    contacts: tuple[int, ...]
    pages: tuple[int, ...]


class Names(NamedTuple):
    """The row ids of what a query names. None: it does not say, or they are not looked up. visitors: ids of rows of
    `visitors`. origins: JSON of `[source, site]`, of those that there are."""

    kinds: tuple[int, ...] | None = None
    contacts: tuple[int, ...] | None = None
    visitors: tuple[int, ...] | None = None
    origins: tuple[str, ...] | None = None
    q: Matches | None = None

    @property
    def nothing(self) -> bool:
        """Whether something is asked for that was never seen: no event can match."""
        return () in self or self.q == ((), (), ())


def prefix_of(q: str) -> Values:
    """The bounds of all texts that start with `q`: from included, to excluded."""
    return {"q": q, "q_end": q + "\U0010ffff"}


def conditions_of(query: EventQuery, names: Names, *, driven_by: str = "") -> tuple[list[str], Values]:
    """Every condition but that of the walk itself (a field of Names or ""), and their values."""
    clauses = [*of_time(query), *of_flags(query), *of_lists(query, names, driven_by)]
    if query.q and driven_by != "q":
        clauses.append(of_q(query.q, names.q))
    if query.properties:
        clauses.append(("satisfies(e.body, :properties)", {"properties": msgspec.msgpack.encode(query.properties)}))
    if query.object_types:
        clauses.append(("is_about(e.body, :types)", {"types": msgspec.msgpack.encode(query.object_types)}))
    return [text for text, _ in clauses], {name: value for _, bound in clauses for name, value in bound.items()}


def of_q(q: str, found: Matches | None) -> Clause:
    """What starts with `q`, by ids where they are known."""
    if found is None:
        return Q_FILTER, prefix_of(q)
    return Q_FOUND, {f"q_{name}": listed(ids) for name, ids in found._asdict().items()}


def of_time(query: EventQuery) -> Iterator[Clause]:
    """From included, to excluded."""
    if query.since is not None:
        yield "e.at >= :since", {"since": query.since}
    if query.until is not None:
        yield "e.at < :until", {"until": query.until}


def of_flags(query: EventQuery) -> Iterator[Clause]:
    """What is hidden by default."""
    for flag, which in ((SUPERSEDED, query.superseded), (BOT, query.bots)):
        if which in SHOWN:
            yield SHOWN[which].format(flag), {}


def of_lists(query: EventQuery, names: Names, driven_by: str) -> Iterator[Clause]:
    """Columns that must be one of several values."""
    lists = {"kind": names.kinds, "contact": names.contacts, "visitor": names.visitors}
    if driven_by != "origins":
        lists["site"] = query.sites or None
    for column, wanted in lists.items():
        if wanted is not None and driven_by != f"{column}s":
            yield f"e.{column} IN (SELECT value FROM json_each(:{column}s))", {f"{column}s": listed(wanted)}
    if query.sources and driven_by != "origins":
        yield OF_SOURCES, {"sources": listed(query.sources)}


def behind(after: Place | None, order: Order) -> tuple[list[str], Values]:
    """The condition of a cursor."""
    if after is None:
        return [], {}
    values = {"after_at": after.at, "after_id": after.id, "after_offset": after.offset}
    return [BEHIND[order]], {"after_offset": after.offset} if order is Order.RECORDED else values


def bounds_of(query: EventQuery, after: Place | None, order: Order) -> tuple[list[str], Values]:
    """What is known of `at`, and the values: of the time asked for, and of the cursor where it goes by time."""
    clauses = list(of_time(query))
    if after is not None and order is not Order.RECORDED:
        clauses.append((f"e.at {'>=' if order is Order.OLDEST else '<='} :after_at", {"after_at": after.at}))
    return [text for text, _ in clauses], {name: value for _, bound in clauses for name, value in bound.items()}


def listed(values: Sequence[Any]) -> str:
    """A list as one bound value."""
    return msgspec.json.encode(values).decode()


# Statements ----------------------------------------------------------------------------------------------------------

ANSWER = f"""
SELECT e.offset, e.id, k.category, k.key, n.name, e.at, e.lag, e.site, v.visitor, coalesce(l.survivor, e.contact),
  CASE WHEN e.flags & {ACTIVITY} THEN (
    SELECT CASE WHEN s.ended_at >= e.at THEN s.id END FROM sessions s
    WHERE s.contact = coalesce(l.survivor, e.contact) AND s.started_at <= e.at ORDER BY s.started_at DESC LIMIT 1) END,
  p.url, p.title, a.browser, a.os, a.device, a.bot, e.flags, e.body
FROM picked CROSS JOIN events e ON e.offset = picked.offset
LEFT JOIN kinds k ON k.id = e.kind
LEFT JOIN sources n ON n.id = e.source
LEFT JOIN visitors v ON v.id = e.visitor
LEFT JOIN contact_links l ON l.absorbed = e.contact
LEFT JOIN pages p ON p.id = e.page
LEFT JOIN agents a ON a.id = e.agent
"""

BY_ID = f"""WITH picked (offset) AS (
  SELECT e.offset FROM events e INDEXED BY events_id LEFT JOIN doors d ON d.id = e.door
  WHERE e.id = :id ORDER BY coalesce(d.name LIKE 'site:%', 1), e.offset LIMIT 1)
{ANSWER}"""
"""Whoever holds a write key can say any id, but not take that of a server's event."""

NEXT = 5_000
"""Rows of a contact among which effects of an event are looked for (20 ms): causes stand in no index."""

CAUSED = f"""WITH picked (offset) AS (
  SELECT e.offset FROM json_each(:contacts) c CROSS JOIN events e ON e.offset IN (
    SELECT n.offset FROM events n INDEXED BY events_contact
    WHERE n.contact = c.value AND n.at >= :since ORDER BY n.at LIMIT {NEXT})
  WHERE e.source = (SELECT id FROM sources WHERE name = 'derived') AND names_cause(e.body, :cause)
  ORDER BY e.at, e.offset LIMIT :limit)
{ANSWER} ORDER BY e.at, e.offset"""


def statement(
    arms: Sequence[Arm], conditions: Sequence[str], order: Order, *, skips: bool = False
) -> tuple[str, Values]:
    """SQL of an answer: rows of ANSWER in order, at most `:limit`; and the values of the arms. arms: at least one.

    skips: of `:limit` rows the first `:skip` are left out.
    """
    union = "\n  UNION ".join(walk(arm, f":arm{n}", conditions, order) for n, arm in enumerate(arms))
    ordered = ", ".join(f"picked.{term}" for term in order.value.split(", "))
    limit = "(:limit - :skip) OFFSET :skip" if skips else ":limit"
    return (
        f"WITH picked (offset, at, id_text) AS (\n  {union}\n  ORDER BY {order.value} LIMIT {limit})"
        f"{ANSWER}ORDER BY {ordered}",
        values_of(arms),
    )


def counting(arms: Sequence[Arm], conditions: Sequence[str]) -> tuple[str, Values]:
    """SQL of how many rows there are, an arm's up to `:enough` (-1 for all), and the values of the arms.

    A row that several arms pass counts for each.
    """
    walks = [f"SELECT 1 {among(arm, f':arm{n}', conditions)} LIMIT :enough" for n, arm in enumerate(arms)]
    return f"SELECT {' + '.join(f'(SELECT count(*) FROM ({walk}))' for walk in walks)}", values_of(arms)


def values_of(arms: Sequence[Arm]) -> Values:
    """What the arms bind."""
    return {f"arm{n}": arm.value for n, arm in enumerate(arms) if arm.value is not None}


def among(arm: Arm, value: str, conditions: Sequence[str], *, beside: str = "") -> str:
    """SQL of where an arm's rows are. beside: what is read before, row by row."""
    where = " AND ".join(condition for condition in (arm.condition(value), *conditions) if condition)
    source = f"{beside} CROSS JOIN events e" if beside else "events e"
    return f"FROM {source} {arm.along.by}{' WHERE ' if where else ''}{where}"


def walk(arm: Arm, value: str, conditions: Sequence[str], order: Order) -> str:
    """SQL of one arm. By order of recording nothing but the index is read, unless a condition wants more."""
    if arm.is_many and order in (Order.OCCURRED, Order.OLDEST):
        return merged(arm.along, value, conditions, order)
    id_text = ID_TEXT if "id_text" in order.value else "NULL"
    return f"""SELECT * FROM (SELECT e.offset AS offset, e.at AS at, {id_text} AS id_text
    {among(arm, value, conditions)} ORDER BY {_of(order, "e")} LIMIT :limit)"""


def merged(index: Index, values: str, conditions: Sequence[str], order: Order) -> str:
    """SQL of a walk a value: along those that begin first, as many as the answer has rows, up to its last `at`.

    Both are found in the index alone; only what comes before that instant, or at it, is fetched and sorted: what is of
    one instant is told apart at the end.
    """
    arm, to_last = Arm(index), "LIMIT 1 OFFSET :limit - 1"
    walked = among(arm, "j.value", conditions)
    way, end, within = ("DESC", -(2**63), ">=") if order is Order.OCCURRED else ("ASC", 2**63 - 1, "<=")
    near = [*conditions, f"e.at {within} coalesce((SELECT at FROM last), {end})"]
    return f"""SELECT * FROM (WITH
      begins (value, at) AS MATERIALIZED (
        SELECT j.value, (SELECT e.at {walked} ORDER BY e.at {way} LIMIT 1) FROM json_each({values}) j),
      first (value) AS MATERIALIZED (SELECT value FROM begins WHERE at {within} coalesce(
        (SELECT at FROM begins WHERE at IS NOT NULL ORDER BY at {way} {to_last}), {end})),
      last (at) AS (SELECT a.value FROM first j CROSS JOIN json_each((SELECT json_group_array(at) FROM (
        SELECT e.at AS at {walked} ORDER BY e.at {way} LIMIT :limit))) a ORDER BY a.value {way} {to_last})
    SELECT e.offset AS offset, e.at AS at, {ID_TEXT} AS id_text {among(arm, "j.value", near, beside="first j")}
    ORDER BY {_of(order, "e")} LIMIT :limit)"""


def _of(order: Order, table: str) -> str:
    return order.value.replace("at ", f"{table}.at ").replace("offset ", f"{table}.offset ")


# Functions that SQLite calls -----------------------------------------------------------------------------------------


def body_satisfies(body: bytes | None, conditions: bytes) -> bool:
    """Whether the properties in an event row's body meet one of the conditions (MessagePack). Never raises."""
    try:
        properties = decode_body(body).properties or {}
    except msgspec.DecodeError:
        return False
    return any(satisfies(properties, condition) for condition in conditions_in(conditions))


@lru_cache(maxsize=64)
def conditions_in(packed: bytes) -> tuple[Condition, ...]:
    """The conditions of a query, unpacked once for all its rows."""
    return msgspec.msgpack.decode(packed, type=tuple[Condition, ...])


def body_is_about(body: bytes | None, types: bytes) -> bool:
    """Whether the object of an event row's body is of one of the types (MessagePack). Never raises."""
    try:
        thing = decode_body(body).object
    except msgspec.DecodeError:
        return False
    return thing is not None and thing.type in msgspec.msgpack.decode(types, type=list[str])


def names_cause(body: bytes | None, id: str) -> bool:
    """Whether the event in a row says that this one is among its causes. Never raises."""
    try:
        return id in decode_body(body).causes
    except msgspec.DecodeError:
        return False


def has_words(title: str, q: str) -> bool:
    """Whether every word of `q` is a whole word of the title, in any case and order."""
    folded = title.casefold()
    wanted = words_of(q)
    return bool(wanted) and all(word in folded for word in wanted) and wanted <= words_of(folded)


@lru_cache(maxsize=1024)
def words_of(text: str) -> frozenset[str]:
    """The words of a text: runs of letters and digits, without case."""
    return frozenset(re.findall(r"\w+", text.casefold()))


FUNCTIONS: Mapping[str, tuple[int, Any]] = {
    "satisfies": (2, body_satisfies),
    "is_about": (2, body_is_about),
    "has_words": (2, has_words),
    "names_cause": (2, names_cause),
}
"""The SQL functions that the statements of this file call."""
