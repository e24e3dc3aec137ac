"""What is wrong with what was given? One sentence: the file, the column, the row, and what to do."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from collector.bulk.source import BAD_TIME, UNREADABLE, Source, read
from collector.bulk.unusable import Unusable

_LONGEST = 500  # characters of what DuckDB says
_ADVICE = re.compile(r"\n\n|Possible|Try ")
"""Where its advice begins: to set its own options, which nobody can here."""

TIME = "a time of the years 1 to 9999: write 2026-11-24T10:00:00.000Z, or whole milliseconds since 1970"


@contextmanager
def explained(connection: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> Iterator[None]:
    """DuckDB's complaint about an input becomes ours: Unusable, with the row when one cannot be read."""
    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        raise Unusable(
            _unreadable(connection, sources) if UNREADABLE in str(error) else _said(error, sources)
        ) from None


def _unreadable(connection: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> str:
    """The first row that cannot be read, looked for where it was not before: nobody numbers the rows of a good file."""
    connection.execute("SET preserve_insertion_order = true")  # rows are numbered as they stand
    for source in sources:
        found = connection.execute(
            f"SELECT n, {BAD_TIME}, CAST(said AS VARCHAR), said_of_activity FROM "
            f"(SELECT *, row_number() OVER () AS n FROM ({read(source, numbers=False)})) "
            f"WHERE contact IS NOT NULL AND NOT timeless AND ({BAD_TIME} OR active IS NULL) ORDER BY n LIMIT 1"
        ).fetchone()
        if found is not None:
            n, bad_time, instant, activity = found
            column, said, wanted = (
                ("occurred_at", instant, TIME) if bad_time else ("activity", activity, "true or false")
            )
            return f"{source.name}: row {n:,}, column {column}: {said[:100]!r} is not {wanted}"
    raise AssertionError("what could not be read was read")


def _said(error: duckdb.Error, sources: Sequence[Source]) -> str:
    """What DuckDB says, as far as it speaks of the data, with the names that people know."""
    whole = str(error)
    where = next((source for source in sources if source.link and source.link in whole), None)
    said = " ".join(_ADVICE.split(whole)[0].split()).partition(" Error: ")[2] or whole
    if where is None:
        return said[:_LONGEST]
    return f"{where.name}: {said.replace(where.link, where.name)}"[:_LONGEST]
