"""Which rows does an input give? Whatever it is, they come out as contact, instant and, where it has pages, those.

    contact_id    whole number or text                     NULL or blank: left out, and counted
    occurred_at   ISO 8601 (without a zone: UTC), a timestamp, or ms since 1970    NULL or blank: left out, and counted
    activity      true, false                              false: left out, and counted; NULL or blank: true
    id            puts events of one instant in order
    url, page     the page's address (`page` may be an object with a `url`)
    category, key what was done; without a key, what names a page is a page view

Reads nothing itself: it makes SQL. Names in it are ours alone: those of files and columns never get in.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from collector.bulk.unusable import MissingColumn, Unusable
from sessionizer.rules.inactivity import PAGE_VISITED

REQUIRED = ("contact_id", "occurred_at")
KNOWN = (*REQUIRED, "activity", "id", "url", "page", "category", "key")
PAGED = frozenset({"key", "url", "page"})
"""Columns that make the sessions tell of pages."""

FIRST_MS, LAST_MS = -62_135_596_800_000, 253_402_300_799_999
"""The years 1 to 9999: what can be written as text."""

LONGEST_URL = 1024  # characters, as the rule keeps them

WITHOUT_CONTACT, WITHOUT_TIME, INACTIVE = LEFT_OUT = ("without_contact", "without_time", "without_activity")
"""Sequences that count what is left out."""

_WHOLE = frozenset("TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER".split())
_HUGE = frozenset("UBIGINT HUGEINT UHUGEINT".split())
_INSTANTS = ("TIMESTAMP", "DATE")
_OWN = frozenset({"TIMESTAMP", "TIMESTAMP WITH TIME ZONE"})


class Source(NamedTuple):
    """An input. name: as people know it. reader: SQL that gives its rows, with `given("url")` for a column `url`.

    types: DuckDB's, by the name of the column, of those in KNOWN that are there. link: what DuckDB calls it.
    """

    name: str
    reader: str
    types: Mapping[str, str]
    link: str = ""

    @property
    def has_numbers(self) -> bool:
        """Whether every contact_id is a whole number."""
        return self.types["contact_id"] in _WHOLE


def given(column: str) -> str:
    """How the SQL calls an input's column: `url` and others are also names of ours."""
    return f"given_{column}"


def checked(source: Source, there: list[str]) -> Source:
    """The source, when its columns can be used. there: all its columns, for the message. Raises Unusable."""
    for column in REQUIRED:
        if column not in source.types:
            raise MissingColumn(source.name, column, there)
    for column, types, wanted in (
        ("contact_id", (*_WHOLE, *_HUGE, "VARCHAR", "UUID", "ENUM"), "whole numbers or text"),
        ("occurred_at", (*_WHOLE, *_HUGE, "VARCHAR", *_INSTANTS), "timestamps, ISO 8601 text or whole milliseconds"),
    ):
        found = source.types[column]
        if not found.startswith(types) or found.endswith("]"):
            raise Unusable(f"{source.name}: column {column} is {found}; write it as {wanted}")
    return source


def has_pages(sources: Sequence[Source]) -> bool:
    """Whether the sessions can tell of pages: one input that names some is enough."""
    return not all(PAGED.isdisjoint(source.types) for source in sources)


def rows(sources: Sequence[Source]) -> str:
    """The events of all inputs that count, as one query. Rows left out are counted by the sequences LEFT_OUT."""
    numbers = all(source.has_numbers for source in sources)
    pages = has_pages(sources)
    names = "contact, at_ms, id, url, page" if pages else "contact, at_ms"
    selects = (f"SELECT {names} FROM ({read(each, numbers=numbers)}) WHERE {_COUNTS}" for each in sources)
    return " UNION ALL ".join(selects)


def read(source: Source, *, numbers: bool) -> str:
    """Every row of one input. at_ms, active: NULL where they cannot be read. numbers: whether contacts are numbers."""
    contact = given("contact_id")
    return (
        f"SELECT {contact if numbers else _known(contact)} AS contact, {_instant(source)} AS at_ms, "
        f"{_blank(source)} AS timeless, {_active(source)} AS active, {_text(source, 'id')} AS id, url, "
        f"{_page(source)} AS page, {given('occurred_at')} AS said, {_text(source, 'activity')} AS said_of_activity "
        f"FROM (SELECT *, {_url(source)} AS url FROM {source.reader})"
    )


UNREADABLE = "sentiero: unreadable"
BAD_TIME = f"at_ms IS NULL OR at_ms NOT BETWEEN {FIRST_MS} AND {LAST_MS}"

# A filter that counts what it refuses: nextval() is never NULL. Read once, and nothing is asked of good rows but this.
_COUNTS = f"""CASE
    WHEN contact IS NULL THEN nextval('{WITHOUT_CONTACT}') IS NULL
    WHEN timeless THEN nextval('{WITHOUT_TIME}') IS NULL
    WHEN {BAD_TIME} OR active IS NULL THEN error('{UNREADABLE}')
    WHEN NOT active THEN nextval('{INACTIVE}') IS NULL
    ELSE true END"""


def _known(contact: str) -> str:
    return f"CASE WHEN trim(CAST({contact} AS VARCHAR)) <> '' THEN CAST({contact} AS VARCHAR) END"


def _instant(source: Source) -> str:
    column, kind = given("occurred_at"), source.types["occurred_at"]
    if kind in _WHOLE:
        return f"CAST({column} AS BIGINT)"
    if kind in _HUGE:
        return f"TRY_CAST({column} AS BIGINT)"
    if kind.startswith(_INSTANTS):
        return f"epoch_ms({column if kind in _OWN else f'CAST({column} AS TIMESTAMP)'})"  # it knows no nanoseconds
    text = f"trim({column})"
    whole = f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]+') THEN TRY_CAST({text} AS BIGINT) END"
    return f"coalesce(epoch_ms(TRY_CAST({text} AS TIMESTAMPTZ)), {whole})"


def _blank(source: Source) -> str:
    column, kind = given("occurred_at"), source.types["occurred_at"]
    return f"coalesce(trim({column}), '') = ''" if kind == "VARCHAR" else f"{column} IS NULL"


def _active(source: Source) -> str:
    if "activity" not in source.types:
        return "true"
    said = f"trim({_text(source, 'activity')})"
    return f"CASE WHEN {said} = '' THEN true ELSE TRY_CAST({said} AS BOOLEAN) END"


def _text(source: Source, column: str) -> str:
    """The column as text, '' where there is nothing."""
    return f"coalesce(CAST({given(column)} AS VARCHAR), '')" if column in source.types else "''"


def _url(source: Source) -> str:
    """The first address that is there, NULL without any."""
    names = [name for name in ("url", "page") if name in source.types]
    found = [f"nullif(CAST({_address(given(name), source.types[name])} AS VARCHAR), '')" for name in names]
    if not found:
        return "CAST(NULL AS VARCHAR)"
    url = f"coalesce({', '.join(found)})"
    return f"CASE WHEN strlen({url}) > {LONGEST_URL} THEN left({url}, {LONGEST_URL}) ELSE {url} END"  # strlen: bytes


def _address(column: str, kind: str) -> str:
    if kind.startswith("STRUCT"):
        return f"{column}.url"
    if kind == "JSON":
        return f"CASE json_type({column}) WHEN 'OBJECT' THEN {column} ->> '$.url' ELSE {column} ->> '$' END"
    return column


def _page(source: Source) -> str:
    category, key = _text(source, "category"), _text(source, "key")
    return (
        f"{category} IN ('', '{PAGE_VISITED[0]}') AND ({key} = '{PAGE_VISITED[1]}' OR ({key} = '' AND url IS NOT NULL))"
    )
