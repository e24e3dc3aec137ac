"""Which sessions do these rows make? Two queries over `contact`, `at_ms` and, in the richer one, `id`, `url`, `page`.

A session begins at a contact's first event and wherever an event stands `gap_ms` or more after the one before it.
Events of one instant never split, so that their order matters to nothing but the first and the last page.
Source: `sessionizer/rules/inactivity.py`.
"""

INSTANT = "make_timestamptz(epoch_us({}))"  # a third of the time of a cast
TEXT = "strftime({}, '%Y-%m-%dT%H:%M:%S.%gZ')"


def sessions(rows: str, *, gap_ms: int, pages: bool) -> str:
    """rows: a query. pages: whether the first and the last page and their number are asked for.

    The result: contact, session (from 1), started_ms, ended_ms, events[, pages, entry_page, exit_page].
    """
    return (_WITH_PAGES if pages else _PLAIN).format(rows=rows, gap_ms=gap_ms)


# Of all events only those that begin a session go on: what lies between two of them is told by the second one, which
# knows the instant before it and its own number. About half the time of numbering every event and grouping.
_PLAIN = """
WITH event AS ({rows}),
begin AS (
    SELECT contact, at_ms, lag(at_ms) OVER w AS before_ms, row_number() OVER w AS n,
        max(at_ms) OVER (PARTITION BY contact) AS last_ms, count(*) OVER (PARTITION BY contact) AS total
    FROM event
    WINDOW w AS (PARTITION BY contact ORDER BY at_ms)
    QUALIFY before_ms IS NULL OR at_ms - before_ms >= {gap_ms}
)
SELECT contact, row_number() OVER w AS session, at_ms AS started_ms,
    coalesce(lead(before_ms) OVER w, last_ms) AS ended_ms, coalesce(lead(n) OVER w, total + 1) - n AS events
FROM begin
WINDOW w AS (PARTITION BY contact ORDER BY n)
"""

# Only what shares its instant with a neighbour is put in order by its id: sorting all by it takes twice the time.
# The session is counted over instants, not rows: which one of several at its first instant begins it is chance.
_WITH_PAGES = """
WITH event AS ({rows}),
placed AS (
    SELECT contact, at_ms, url, page, at_ms - lag(at_ms) OVER w < {gap_ms} AS goes_on,
        CASE WHEN at_ms = lag(at_ms) OVER w OR at_ms = lead(at_ms) OVER w THEN id || chr(0) || coalesce(url, '')
            ELSE '' END AS tie
    FROM event
    WINDOW w AS (PARTITION BY contact ORDER BY at_ms)
),
numbered AS (
    SELECT *, row_number() OVER (PARTITION BY contact ORDER BY at_ms, tie) AS n,
        count(*) FILTER (goes_on IS NOT TRUE) OVER (PARTITION BY contact ORDER BY at_ms) AS session
    FROM placed
)
SELECT contact, session, min(at_ms) AS started_ms, max(at_ms) AS ended_ms, count(*) AS events,
    count(*) FILTER (page) AS pages,
    arg_min(url, n) FILTER (url IS NOT NULL) AS entry_page, arg_max(url, n) FILTER (url IS NOT NULL) AS exit_page
FROM numbered
GROUP BY contact, session
"""


def columns(found: str, *, instants: str, pages: bool) -> str:
    """A query for the columns that people see, over the result of `sessions`.

    instants: SQL that makes of a TIMESTAMP, {} in it, what people see.
    """
    started, ended = (instants.format(f"make_timestamp_ms({name})") for name in ("started_ms", "ended_ms"))
    return (
        f"SELECT contact AS contact_id, session, {started} AS started_at, {ended} AS ended_at, "
        f"(ended_ms - started_ms) // 1000 AS duration_seconds, {', '.join(names(pages=pages)[5:])} "
        f"FROM ({found})"
    )


def names(*, pages: bool) -> tuple[str, ...]:
    """Those of the columns, in order."""
    plain = ("contact_id", "session", "started_at", "ended_at", "duration_seconds", "events")
    return (*plain, "pages", "entry_page", "exit_page") if pages else plain
