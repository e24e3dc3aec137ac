"""Which keys were given out? Their rows in store.db (port: `ports/definitions/keys.py`)."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from collector.store.ports.definitions.keys import Key, KeyDraft, KeyTaken, hash_key
from collector.store.sqlite.definitions.transaction import Reading, transaction

COLUMNS = "id, site, scope, name, hash, shown, created_at, last_used_at, revoked_at"

ALL = f"SELECT {COLUMNS} FROM keys ORDER BY id"

ADD = f"""
INSERT INTO keys (site, scope, name, hash, shown, created_at)
VALUES (:site, :scope, :name, :hash, :shown, :at)
RETURNING {COLUMNS}"""

TAKEN = "SELECT 1 FROM keys WHERE hash = ?"
SITE = "SELECT 1 FROM sites WHERE id = ?"
REVOKE = "UPDATE keys SET revoked_at = coalesce(revoked_at, :at) WHERE id = :id"
TOUCH = "UPDATE keys SET last_used_at = max(coalesce(last_used_at, 0), :at) WHERE id = :id"


class SqliteKeys:
    """Keys of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def version(self) -> int:
        """SQLite's own counter of commits by others, as this connection sees it."""
        return self._reading.version()

    def all(self) -> list[Key]:
        """Every key, also the revoked, by id."""
        return [_key(row) for row in self._reading.rows(ALL)]

    def add(self, draft: KeyDraft, *, at: int) -> Key:
        """Keep a key. Raises KeyTaken, LookupError (no such site)."""
        with transaction(self._path) as connection:
            return insert_key(connection, draft, at=at)

    def revoke(self, id: int, *, at: int) -> bool:
        """Refuse it from now on; the first revocation's time stays."""
        with transaction(self._path) as connection:
            return connection.execute(REVOKE, {"id": id, "at": at}).rowcount == 1

    def touch(self, used: Mapping[int, int]) -> None:
        """Note the last use: key id → ms UTC."""
        with transaction(self._path) as connection:
            connection.executemany(TOUCH, [{"id": id, "at": at} for id, at in used.items()])

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def insert_key(connection: sqlite3.Connection, draft: KeyDraft, *, at: int) -> Key:
    """One row, inside the caller's transaction. Raises KeyTaken, LookupError (no such site)."""
    digest = hash_key(draft.text)
    if connection.execute(TAKEN, (digest,)).fetchone():
        raise KeyTaken
    if draft.site is not None and not connection.execute(SITE, (draft.site,)).fetchone():
        raise LookupError(draft.site)
    values = {"site": draft.site, "scope": draft.scope, "name": draft.name, "shown": draft.shown}
    return _key(connection.execute(ADD, {**values, "hash": digest, "at": at}).fetchone())


def _key(row: tuple[object, ...]) -> Key:
    return Key(**dict(zip(Key.__struct_fields__, row, strict=True)))  # type: ignore[arg-type]  # columns in the fields' order
