"""How does a test write events into files, and read sessions out of them? As rows, in each format by its own library.

Parquet is written and read by pyarrow, CSV and NDJSON by the standard library: what DuckDB writes others must read.
"""

import csv
import gzip
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from sessionizer.bulk import Given, Row
from sessionizer.wall_clock import EPOCH, MILLISECOND, text_of

SUFFIXES = (".csv", ".csv.gz", ".ndjson", ".jsonl.gz", ".parquet")


def written(path: Path, events: Sequence[Given]) -> Path:
    """Into a file of the format that its suffix says; whether contacts are numbers is as the events have it."""
    rows = [{**event._asdict(), "occurred_at": text_of(event.occurred_at)} for event in events]
    if path.suffix == ".parquet":
        parquet.write_table(table(events), path)
    elif ".csv" in path.name:
        with opened(path, "wt") as file:
            writer = csv.DictWriter(file, Given._fields)
            writer.writeheader()
            writer.writerows(rows)
    else:
        with opened(path, "wt") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in rows)
    return path


def table(events: Sequence[Given]) -> pyarrow.Table:
    """With instants as timestamps of microseconds."""
    columns: dict[str, list[Any]] = {name: [getattr(event, name) for event in events] for name in Given._fields}
    columns["occurred_at"] = [EPOCH + event.occurred_at * MILLISECOND for event in events]
    contact = pyarrow.string() if any(isinstance(event.contact_id, str) for event in events) else pyarrow.int64()
    types = {"contact_id": contact, "occurred_at": pyarrow.timestamp("us", "UTC"), "activity": pyarrow.bool_()}
    schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in Given._fields])
    return pyarrow.table(columns, schema=schema)


def read(path: Path) -> list[Row]:
    """Sessions, as they stand in the file. Contacts come out of a CSV as text."""
    if path.suffix == ".parquet":
        return rows_of(parquet.read_table(path))
    with opened(path, "rt") as file:
        lines = csv.DictReader(file) if ".csv" in path.name else map(json.loads, file)
        return [row_of(line) for line in lines]


def rows_of(found: pyarrow.Table) -> list[Row]:
    """An Arrow table as rows."""
    return [row_of(line) for line in found.to_pylist()]


def row_of(line: dict[str, Any]) -> Row:
    """Times and numbers as they were meant; pages that are not there are those of a file without any."""
    whole = {name: int(line[name]) for name in ("session", "duration_seconds", "events")}
    pages = {"pages": int(line.get("pages") or 0)}
    named = {name: line.get(name) or None for name in ("entry_page", "exit_page")}
    times = {name: _ms(line[name]) for name in ("started_at", "ended_at")}
    return Row(**{"contact_id": line["contact_id"], **whole, **pages, **named, **times})


def in_order(rows: Iterable[Row]) -> list[Row]:
    """By contact and session, as files have them."""
    return sorted(rows, key=lambda row: (row.contact_id, row.session))


def opened(path: Path, mode: str) -> Any:
    """Text of a file, with gzip around it when its name says so."""
    return (gzip.open if path.suffix == ".gz" else open)(path, mode, encoding="utf-8", newline="")


def _ms(instant: str | datetime) -> int:
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant.astimezone(UTC)
    return (moment - EPOCH) // MILLISECOND
