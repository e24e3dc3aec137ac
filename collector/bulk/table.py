"""Which sessions are in a table in memory? The same as of files, from an Arrow table to an Arrow table."""

import duckdb
import pyarrow

from collector.bulk import engine, query
from collector.bulk.mistake import explained
from collector.bulk.source import KNOWN, Source, checked, given, has_pages, rows
from sessionizer.session import GAP_MS

NAME = "the table"


def sessionize(events: pyarrow.Table, *, gap_ms: int = GAP_MS) -> pyarrow.Table:
    """The sessions of all contacts, in order of contact_id and session, with the columns that a file would have.

    events: columns as a file has them (`source.py`), in any order. gap_ms: inactivity that ends a session, at least 1.
    Rows without contact or time are left out. Raises Unusable.
    """
    with engine.working() as connection:
        connection.register("events", events)
        source = _source(connection)
        pages = has_pages([source])
        found = query.sessions(rows([source]), gap_ms=gap_ms, pages=pages)
        seen = query.columns(found, instants=query.INSTANT, pages=pages)
        with explained(connection, [source]):
            return connection.sql(f"{seen} ORDER BY contact, session").to_arrow_table()


def _source(connection: duckdb.DuckDBPyConnection) -> Source:
    there = {str(row[0]): str(row[1]) for row in connection.execute("DESCRIBE events").fetchall()}
    types = {name: kind for name, kind in there.items() if name in KNOWN}
    names = ", ".join(f"{name} AS {given(name)}" for name in types) or "NULL"
    return checked(Source(NAME, f"(SELECT {names} FROM events)", types), list(there))
