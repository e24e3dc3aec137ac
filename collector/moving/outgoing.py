"""How does what the store holds become a file? Piece by piece, behind the last row of the piece before.

    .events.ndjson.part        what is written so far
    .events.ndjson.place       how much of it is whole, behind which row it goes on, and what was asked for
    events.ndjson              comes to be when all is written: the part takes its name

An export that was interrupted goes on when the same is asked for again; when something else is, it begins anew. Memory
does not grow with the list.
"""

import os
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from collector.bulk.format import Kind
from collector.bulk.unusable import Unusable
from collector.moving.place import PlaceFile
from collector.moving.rows import written_as
from collector.moving.written import Noun, head, piece


class Exported(msgspec.Struct):
    """How far an export has come. asked: what for. until: ms UTC, rows from then on are not in it. after: the last row.

    length: bytes of the part that are whole.
    """

    asked: str
    until: int
    suffix: str = ""
    length: int = 0
    rows: int = 0
    after: tuple[Any, ...] | None = None


Piece = tuple[Sequence[Any], tuple[Any, ...]]
"""Some rows of the store, at least one, and the place of the last one."""

Source = Callable[[tuple[Any, ...] | None, int], AsyncIterator[Piece]]
"""(after, until) → the pieces behind that place."""


class Export(NamedTuple):
    """What is to be written. asked: the same text means the same rows. now: ms UTC."""

    noun: Noun
    source: Source
    asked: str
    output: Path
    now: int


async def write_out(export: Export, watch: Callable[[int], None] = lambda rows: None) -> tuple[int, int]:
    """Write the file; returns how many rows it has, and how many of them an earlier run had written.

    watch: told how many there are so far. Nothing is at the output before it is whole; what was there is replaced.
    Raises OSError, StoreFailed, Unusable; what was written by then is kept for the same call.
    """
    target = export.output.resolve()
    part, place = _beside(target, "part"), PlaceFile(_beside(target, "place"), Exported)
    written = written_as(export.output)
    done = _begun(export, place, part)
    before = done.rows
    with part.open("r+b" if done.length else "wb", buffering=0) as file:
        file.truncate(done.length)
        file.seek(done.length)
        if not done.length:
            done.length += _write(file, head(export.noun, written))
        async for rows, after in export.source(done.after, done.until):
            done.length += _write(file, piece(export.noun, written, rows))
            done.rows, done.after = done.rows + len(rows), after
            place.write(done)
            watch(done.rows)
        os.fsync(file.fileno())
    _finish(export, part, target)
    place.remove()
    return done.rows, before


def _begun(export: Export, place: PlaceFile[Exported], part: Path) -> Exported:
    """Where an earlier run for the same has stopped, else the beginning."""
    done = place.read()
    there = part.stat().st_size if part.exists() else 0
    suffix = written_as(export.output).suffix
    if done is not None and (done.asked, done.suffix) == (export.asked, suffix) and there >= done.length:
        return done
    return Exported(export.asked, export.now, suffix)


def _beside(target: Path, ending: str) -> Path:
    if target.is_dir():
        raise Unusable(f"{target}: is a folder; name a file")
    return target.with_name(f".{target.name}.{ending}")


def _write(file: Any, content: bytes) -> int:
    """All of it. Raises OSError."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
    return len(content)


def _finish(export: Export, part: Path, target: Path) -> None:
    """The part takes the output's name; one that is to be Parquet is read once more."""
    if written_as(export.output).kind is not Kind.PARQUET:
        part.replace(target)
        return
    from collector.moving.parquet import write  # here: DuckDB is an extra

    whole = _beside(target, "parquet")
    try:
        write(part, whole, export.noun.columns)
        whole.replace(target)
    finally:
        whole.unlink(missing_ok=True)
    part.unlink()
