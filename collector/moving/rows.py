"""Which rows does a file hold? One after the other, in bounded memory, whatever its notation.

    NDJSON    a line                                   row 1 is the first line; blank lines count, and are passed over
    CSV       cells by the header's names              row 1 is behind the header; comma, semicolon or tab, UTF-8
    Parquet   values by the columns' names             row 1 is the first

A row that cannot even be told from its neighbours ends the run (Unusable); what is in it is not looked at here.
"""

import csv
import gzip
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from collector.bulk.format import SUFFIXES, Format, Kind, format_of
from collector.bulk.unusable import Unusable

MAX_LINE_BYTES = 1024 * 1024
"""Of a row: more cannot be an event, whose bound is 50,000 bytes of properties."""


_NO_CELLS: Mapping[str, Any] = {}


class Row(msgspec.Struct, frozen=True):
    """A row and where it stands. number: from 1. at: bytes of the file that were read by then, of any row near it.

    line: of NDJSON, else b"". cells: of CSV (texts, the empty ones left out) and Parquet (values, NULL left out).
    """

    number: int
    at: int
    line: bytes
    cells: Mapping[str, Any]


def written_as(path: Path) -> Format:
    """By the suffix. Raises Unusable."""
    found = format_of(path)
    if found is None:
        raise Unusable(f"{path}: its suffix does not say how it is written; one of {SUFFIXES} does")
    return found


def rows(path: Path, *, after: int = 0) -> Iterator[Row]:
    """The rows behind number `after`. Raises Unusable with a sentence for people, OSError."""
    written = written_as(path)
    read = {Kind.NDJSON: _lines, Kind.CSV: _table, Kind.PARQUET: _columns}[written.kind]
    with _explained(path):
        yield from read(path, written, after)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Unusable(f"{path}: is no whole gzip file: {error}") from None
    except UnicodeDecodeError as error:
        raise Unusable(f"{path}: is not UTF-8: {error.reason}") from None
    except csv.Error as error:
        raise Unusable(f"{path}: cannot be read as a CSV: {error}") from None


def _lines(path: Path, written: Format, after: int) -> Iterator[Row]:
    with path.open("rb") as raw, cast(IO[bytes], gzip.open(raw) if written.gzip else raw) as file:
        number = at = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number, at = number + 1, at + len(line)
            if len(line) > MAX_LINE_BYTES:
                raise Unusable(f"{path}: row {number:,} has more than {MAX_LINE_BYTES:,} bytes: is it NDJSON?")
            if number > after and not line.isspace():
                line = line.removeprefix(BOM_UTF8) if number == 1 else line
                yield Row(number, raw.tell() if written.gzip else at, line, _NO_CELLS)


def _table(path: Path, written: Format, after: int) -> Iterator[Row]:
    with path.open("rb") as raw, _text(raw, written) as file:
        names, reader = header(path, file)
        for number, cells in enumerate(reader, 1):
            if number <= after or not any(cells):
                continue
            if len(cells) > len(names):
                raise Unusable(f"{path}: row {number:,} has {len(cells)} cells, the header {len(names)}")
            found = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
            yield Row(number, raw.tell(), b"", found)


@contextmanager
def _text(raw: IO[bytes], written: Format) -> Iterator[IO[str]]:
    with (
        gzip.open(raw, "rt", encoding="utf-8-sig", newline="")
        if written.gzip
        else open(raw.fileno(), encoding="utf-8-sig", newline="", closefd=False) as file
    ):
        yield cast(IO[str], file)


def header(path: Path | str, file: IO[str]) -> tuple[list[str], Iterator[list[str]]]:
    """The columns and the rows behind them. What separates is what the first line has most of.

    path: what the file is called where it cannot be used. Raises Unusable.
    """
    first = file.readline(MAX_LINE_BYTES)
    separator = max(",;\t", key=first.count)
    reader = csv.reader(_from(first, file), delimiter=separator, strict=True)
    names = [name.strip() for name in next(reader, [])]
    twice = next((name for name in names if name and names.count(name) > 1), "")
    if not any(names) or twice:
        raise Unusable(f"{path}: {f'column {twice} is there twice; rename one of them' if twice else 'it is empty'}")
    return names, reader


def _from(first: str, file: IO[str]) -> Iterator[str]:
    yield first
    while line := file.readline(MAX_LINE_BYTES):
        yield line


def _columns(path: Path, written: Format, after: int) -> Iterator[Row]:
    from collector.moving.parquet import values  # here: DuckDB is an extra

    for number, cells in enumerate(values(path), 1):
        if number > after:
            yield Row(number, 0, b"", cells)
