"""Which lists of contacts are there? Their rows in store.db (port: `ports/definitions/lists.py`)."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from collector.store.ports.definitions.lists import ContactList, NameTaken
from collector.store.sqlite.definitions.transaction import Reading, transaction

_ALL = """SELECT l.id, l.name, l.folder, l.created_at,
  (SELECT count(DISTINCT coalesce(k.survivor, m.contact)) FROM list_members m
   LEFT JOIN contact_links k ON k.absorbed = m.contact WHERE m.list = l.id) FROM lists l"""
_MEMBERS = """SELECT DISTINCT coalesce(k.survivor, m.contact) AS contact FROM list_members m
  LEFT JOIN contact_links k ON k.absorbed = m.contact
  WHERE m.list = :list AND coalesce(k.survivor, m.contact) > :after ORDER BY contact LIMIT :limit"""
_CHANGE = "UPDATE lists SET name = coalesce(:name, name), folder = coalesce(:folder, folder) WHERE id = :id"


class SqliteLists:
    """Implements the port on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def all(self) -> list[ContactList]:
        """See the port."""
        return [_list(row) for row in self._reading.rows(f"{_ALL} ORDER BY l.id")]

    def get(self, id: int) -> ContactList | None:
        """See the port."""
        return next((_list(row) for row in self._reading.rows(f"{_ALL} WHERE l.id = :id", {"id": id})), None)

    def names(self) -> Mapping[int, str]:
        """See the port."""
        return dict(self._reading.rows("SELECT id, name FROM lists ORDER BY id"))

    def create(self, name: str, *, folder: int, at: int) -> ContactList:
        """See the port."""
        with transaction(self._path) as connection:
            _refuse_taken(connection, name, besides=0)
            row = connection.execute(
                "INSERT INTO lists (name, folder, created_at) VALUES (?, ?, ?) RETURNING id", (name, folder, at)
            ).fetchone()
        return ContactList(id=row[0], name=name, folder=folder, created_at=at, contacts=0)

    def change(self, id: int, *, name: str | None, folder: int | None) -> ContactList | None:
        """See the port."""
        with transaction(self._path) as connection:
            if name is not None:
                _refuse_taken(connection, name, besides=id)
            connection.execute(_CHANGE, {"id": id, "name": name, "folder": folder})
            row = connection.execute(f"{_ALL} WHERE l.id = ?", (id,)).fetchone()
        return None if row is None else _list(row)

    def delete(self, id: int) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            connection.execute("DELETE FROM list_members WHERE list = ?", (id,))
            return connection.execute("DELETE FROM lists WHERE id = ?", (id,)).rowcount == 1

    def members(self, id: int, *, limit: int, after: int = 0) -> list[int]:
        """See the port."""
        rows = self._reading.rows(_MEMBERS, {"list": id, "after": after, "limit": limit})
        return [contact for (contact,) in rows]

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def _refuse_taken(connection: sqlite3.Connection, name: str, *, besides: int) -> None:
    if connection.execute("SELECT 1 FROM lists WHERE name = ? AND id <> ?", (name, besides)).fetchone():
        raise NameTaken(name)


def _list(row: tuple[int, str, int, int, int]) -> ContactList:
    id, name, folder, created_at, contacts = row
    return ContactList(id=id, name=name, folder=folder, created_at=created_at, contacts=contacts)
