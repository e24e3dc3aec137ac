"""How are sessions written, and what does the written file say of itself? One statement of DuckDB each."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from collector.bulk import query
from collector.bulk.format import Format, Kind
from collector.bulk.inputs import CSV_DIALECT, literal
from collector.bulk.source import Source, has_pages, rows


class Output(NamedTuple):
    """A file to be written. pages: whether its sessions tell of pages."""

    path: Path
    written: Format
    pages: bool

    def statement(self, sources: Sequence[Source], *, gap_ms: int) -> str:
        """Read, sessionize, put in order, write."""
        instants = query.INSTANT if self.written.kind is Kind.PARQUET else query.TEXT
        found = query.sessions(rows(sources), gap_ms=gap_ms, pages=self.pages)
        seen = query.columns(found, instants=instants, pages=self.pages)
        return f"COPY ({seen} ORDER BY contact, session) TO {literal(self.path)} ({self.written.copy_options})"

    def counts(self, connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
        """(sessions, events, contacts) of the written file: every contact has one session of number 1."""
        found = connection.execute(
            "SELECT count(*), coalesce(sum(CAST(events AS BIGINT)), 0), count(*) FILTER (CAST(session AS BIGINT) = 1) "
            f"FROM {self._reader()}"
        ).fetchone()
        sessions, events, contacts = map(int, found or (0, 0, 0))
        return sessions, events, contacts

    def _reader(self) -> str:
        columns = dict.fromkeys(query.names(pages=self.pages), "VARCHAR")
        match self.written.kind:
            case Kind.CSV:
                return f"read_csv({literal(self.path)}, delim = ',', {CSV_DIALECT}, columns = {columns})"
            case Kind.NDJSON:
                return f"read_json({literal(self.path)}, format = 'newline_delimited', columns = {columns})"
            case Kind.PARQUET:
                return f"read_parquet({literal(self.path)})"


def output_of(path: Path, written: Format, sources: Sequence[Source]) -> Output:
    """As rich as its inputs let it be."""
    return Output(path, written, has_pages(sources))
