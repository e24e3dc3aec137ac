"""Which segments are there? Their rows in store.db (port: `ports/definitions/segments.py`)."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from collector.store.ports.definitions.lists import NameTaken
from collector.store.ports.definitions.segments import Segment, SegmentChange
from collector.store.sqlite.definitions.transaction import Reading, transaction
from sessionizer.segments.condition import Definition

_ALL = "SELECT id, name, body, created_at, modified_at, archived_at, paused_at FROM segments"
_CREATE = "INSERT INTO segments (name, body, created_at, modified_at) VALUES (:name, :body, :at, :at) RETURNING id"
_CHANGE = """UPDATE segments SET name = coalesce(:name, name), body = coalesce(:body, body), modified_at = :at,
  archived_at = CASE WHEN :archived IS NULL THEN archived_at WHEN :archived THEN coalesce(archived_at, :at) END,
  paused_at = CASE WHEN :paused IS NULL THEN paused_at WHEN :paused THEN coalesce(paused_at, :at) END
  WHERE id = :id"""


class SqliteSegments:
    """Implements the port on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def all(self) -> list[Segment]:
        """See the port."""
        return [_segment(row) for row in self._reading.rows(f"{_ALL} ORDER BY id")]

    def create(self, name: str, definition: Definition, *, at: int) -> Segment:
        """See the port."""
        with transaction(self._path) as connection:
            _refuse_taken(connection, name, besides=0)
            (id,) = connection.execute(_CREATE, {"name": name, "body": _body(definition), "at": at}).fetchone()
        return Segment(id=id, name=name, definition=definition, created_at=at, modified_at=at)

    def change(self, id: int, change: SegmentChange, *, at: int) -> Segment | None:
        """See the port."""
        body = _body(change.definition) if change.definition else None
        values = {
            "id": id,
            "name": change.name,
            "body": body,
            "archived": change.archived,
            "at": at,
            "paused": change.paused,
        }
        with transaction(self._path) as connection:
            if change.name is not None:
                _refuse_taken(connection, change.name, besides=id)
            connection.execute(_CHANGE, values)
            row = connection.execute(f"{_ALL} WHERE id = ?", (id,)).fetchone()
        return None if row is None else _segment(row)

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def _refuse_taken(connection: sqlite3.Connection, name: str, *, besides: int) -> None:
    if connection.execute("SELECT 1 FROM segments WHERE name = ? AND id <> ?", (name, besides)).fetchone():
        raise NameTaken(name)


def _body(definition: Definition) -> str:
    return msgspec.json.encode(definition).decode()


def _segment(row: tuple[Any, ...]) -> Segment:
    id, name, body, created_at, modified_at, archived_at, paused_at = row
    return Segment(
        id=id,
        name=name,
        definition=msgspec.json.decode(body, type=Definition),
        created_at=created_at,
        modified_at=modified_at,
        archived_at=archived_at,
        paused_at=paused_at,
    )
