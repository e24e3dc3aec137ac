"""What is in a file of events? Its columns, and the SQL that reads it; of a CSV the header is read here."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import duckdb

from collector.bulk.format import Format, Kind
from collector.bulk.source import KNOWN, Source, checked, given
from collector.bulk.unusable import Unusable

CSV_DIALECT = "auto_detect = false, header = true, quote = '\"', escape = '\"'"
"""RFC 4180 in DuckDB's words; what separates the columns, and which there are, is said beside."""

_LONGEST_LINE = 1 << 20
"""Characters of a CSV's first line: more is no header."""


def opened(connection: duckdb.DuckDBPyConnection, path: Path, written: Format, folder: Path) -> Source:
    """The input, under a name of ours. Raises Unusable when its columns cannot be used."""
    link = folder / f"in{len(list(folder.glob('in*')))}{written.suffix}"
    link.symlink_to(path.resolve())
    read = {Kind.CSV: _csv, Kind.NDJSON: _ndjson, Kind.PARQUET: _parquet}[written.kind]
    return read(connection, path, link)


def _csv(_: duckdb.DuckDBPyConnection, path: Path, link: Path) -> Source:
    """All its columns are text; those that we do not know get a number for a name."""
    names, separator = _header(path)
    columns = {given(name) if name in KNOWN else f"other_{n}": "VARCHAR" for n, name in enumerate(names)}
    twice = [name for name in KNOWN if names.count(name) > 1]
    if twice:
        raise Unusable(f"{path}: column {twice[0]} is there twice; rename one of them")
    reader = f"read_csv({literal(link)}, delim = '{separator}', {CSV_DIALECT}, columns = {columns})"
    return checked(Source(str(path), reader, {name: "VARCHAR" for name in names if name in KNOWN}, str(link)), names)


def _header(path: Path) -> tuple[list[str], str]:
    """A CSV's columns and what separates them: comma, semicolon or tab, whichever its first line has most of."""
    opening = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with cast(IO[str], opening(path, "rt", encoding="utf-8-sig", newline="")) as file:
            first = file.readline(_LONGEST_LINE)
            separator = max(",;\t", key=first.count)
            names = next(csv.reader(_lines(first, file), delimiter=separator, strict=True), [])
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Unusable(f"{path}: its first line cannot be read as that of a CSV in UTF-8: {error}") from None
    return [name.strip() for name in names], separator


def _lines(first: str, file: IO[str]) -> Iterator[str]:
    yield first
    yield from iter(lambda: file.readline(_LONGEST_LINE), "")


def _ndjson(_: duckdb.DuckDBPyConnection, path: Path, link: Path) -> Source:
    """Any line may have any of the columns: all are asked for."""
    types = {name: "JSON" if name == "page" else "VARCHAR" for name in KNOWN}
    reader = f"read_json({literal(link)}, format = 'newline_delimited', columns = {types})"
    return Source(str(path), _renamed(reader, types), types, str(link))


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path, link: Path) -> Source:
    reader = f"read_parquet({literal(link)}, hive_partitioning = false)"
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()
    except duckdb.Error:
        raise Unusable(f"{path}: is no Parquet file, whatever its name says") from None
    there = {str(row[0]): str(row[1]) for row in rows}
    types = {name: kind for name, kind in there.items() if name in KNOWN}
    return checked(Source(str(path), _renamed(reader, types), types, str(link)), list(there))


def _renamed(reader: str, types: dict[str, str]) -> str:
    names = ", ".join(f"{name} AS {given(name)}" for name in types) or "NULL"
    return f"(SELECT {names} FROM {reader})"


def literal(path: Path) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"
