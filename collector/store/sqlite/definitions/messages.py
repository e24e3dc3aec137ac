"""Which messages are there? Their rows in store.db (port: `ports/definitions/messages.py`)."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from collector.store.ports.definitions.lists import NameTaken
from collector.store.ports.definitions.messages import Block, Message, MessageChange, Version, Writing
from collector.store.sqlite.definitions.transaction import Reading, transaction

_ALL = """SELECT m.id, m.name, m.version, v.body, m.created_at, m.modified_at, m.archived_at
  FROM messages m JOIN message_versions v ON v.message = m.id AND v.version = m.version"""
_VERSIONS = "SELECT message, version, body, written_at FROM message_versions WHERE message = ?"
_CREATE = "INSERT INTO messages (name, version, created_at, modified_at) VALUES (?, 1, ?, ?) RETURNING id"
_WRITE = "INSERT INTO message_versions (message, version, body, written_at) VALUES (?, ?, ?, ?)"
_CHANGE = """UPDATE messages SET name = coalesce(:name, name), version = :version, modified_at = :at,
  archived_at = CASE WHEN :archived IS NULL THEN archived_at WHEN :archived THEN coalesce(archived_at, :at) END
  WHERE id = :id"""
_BLOCKS = "SELECT name, body, modified_at FROM message_blocks ORDER BY name"
_PUT_BLOCK = "INSERT OR REPLACE INTO message_blocks VALUES (?, ?, ?)"


class SqliteMessages:
    """Implements the port on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path, self._reading = path, Reading(path)

    def all(self) -> list[Message]:
        """See the port."""
        return [_message(row) for row in self._reading.rows(f"{_ALL} ORDER BY m.id")]

    def one(self, id: int) -> Message | None:
        """See the port."""
        return next(map(_message, self._reading.rows(f"{_ALL} WHERE m.id = ?", (id,))), None)

    def version(self, message: int, version: int) -> Version | None:
        """See the port."""
        rows = self._reading.rows(f"{_VERSIONS} AND version = ?", (message, version))
        return next(map(_version, rows), None)

    def versions(self, message: int) -> list[Version]:
        """See the port."""
        return [_version(row) for row in self._reading.rows(f"{_VERSIONS} ORDER BY version DESC", (message,))]

    def create(self, name: str, writing: Writing, *, at: int) -> Message:
        """See the port."""
        with transaction(self._path) as connection:
            _refuse_taken(connection, name, besides=0)
            (id,) = connection.execute(_CREATE, (name, at, at)).fetchone()
            connection.execute(_WRITE, (id, 1, _body(writing), at))
        return Message(id=id, name=name, version=1, writing=writing, created_at=at, modified_at=at)

    def change(self, id: int, change: MessageChange, *, at: int) -> Message | None:
        """See the port."""
        with transaction(self._path) as connection:
            row = connection.execute(f"{_ALL} WHERE m.id = ?", (id,)).fetchone()
            if row is None:
                return None
            _change(connection, _message(row), change, at)
            row = connection.execute(f"{_ALL} WHERE m.id = ?", (id,)).fetchone()
        return _message(row)

    def blocks(self) -> Mapping[str, Block]:
        """See the port."""
        rows = self._reading.rows(_BLOCKS)
        return {name: Block(name=name, body=body, modified_at=at) for name, body, at in rows}

    def put_block(self, name: str, body: str, *, at: int) -> Block:
        """See the port."""
        with transaction(self._path) as connection:
            connection.execute(_PUT_BLOCK, (name, body, at))
        return Block(name=name, body=body, modified_at=at)

    def delete_block(self, name: str) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute("DELETE FROM message_blocks WHERE name = ?", (name,)).rowcount > 0

    def data_version(self) -> int:
        """See the port."""
        return self._reading.version()

    def close(self) -> None:
        """See the port."""
        self._reading.close()


def _change(connection: sqlite3.Connection, message: Message, change: MessageChange, at: int) -> None:
    version = message.version
    if change.name is not None:
        _refuse_taken(connection, change.name, besides=message.id)
    if change.writing is not None and change.writing != message.writing:
        version += 1
        connection.execute(_WRITE, (message.id, version, _body(change.writing), at))
    values = {"id": message.id, "name": change.name, "version": version, "archived": change.archived, "at": at}
    connection.execute(_CHANGE, values)


def _refuse_taken(connection: sqlite3.Connection, name: str, *, besides: int) -> None:
    if connection.execute("SELECT 1 FROM messages WHERE name = ? AND id <> ?", (name, besides)).fetchone():
        raise NameTaken(name)


def _body(writing: Writing) -> str:
    return msgspec.json.encode(writing).decode()


def _message(row: tuple[Any, ...]) -> Message:
    id, name, version, body, created_at, modified_at, archived_at = row
    return Message(
        id=id, name=name, version=version, writing=msgspec.json.decode(body, type=Writing), created_at=created_at,
        modified_at=modified_at, archived_at=archived_at,
    )  # fmt: skip


def _version(row: tuple[Any, ...]) -> Version:
    message, version, body, written_at = row
    writing = msgspec.json.decode(body, type=Writing)
    return Version(message=message, version=version, writing=writing, written_at=written_at)
