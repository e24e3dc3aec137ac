"""What kinds of goods are there? Rows of store.db (port: `collector/store/ports/definitions/categories.py`)."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from collector.store.ports.definitions.categories import Category, CategoryQuery
from collector.store.ports.definitions.products import AlreadyThere, Put
from collector.store.sqlite.definitions.transaction import Reading, transaction
from collector.store.sqlite.event_query import Clause, listed

COLUMNS = "id, name, url, deleted, created_at, modified_at"
ONE = f"SELECT {COLUMNS} FROM categories WHERE id = :id"

KEEP = """
INSERT INTO categories (id, name, url, deleted, created_at, modified_at)
VALUES (:id, coalesce(:name, ''), coalesce(:url, ''), coalesce(:deleted, 0), :at, :at)
ON CONFLICT (id) DO UPDATE SET name = coalesce(:name, name), url = coalesce(:url, url),
  deleted = coalesce(:deleted, deleted), modified_at = :at"""

ABSENT: Mapping[str, Any] = {"name": None, "url": None, "deleted": None}


class SqliteCategories:
    """Categories of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def find(self, query: CategoryQuery, *, limit: int, skip: int) -> tuple[list[Category], int]:
        """See the port."""
        clauses = list(_clauses(query))
        where = " AND ".join(text for text, _ in clauses) or "1"
        values = {name: value for _, bound in clauses for name, value in bound.items()}
        order = f"created_at {'DESC' if query.descending else 'ASC'}, id"
        text = f"SELECT {COLUMNS} FROM categories WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :skip"
        rows = self._reading.rows(text, {**values, "limit": limit, "skip": skip})
        ((count,),) = self._reading.rows(f"SELECT count(*) FROM categories WHERE {where}", values)
        return [_category(row) for row in rows], count

    def get(self, id: str) -> Category | None:
        """See the port."""
        rows = self._reading.rows(ONE, {"id": id})
        return _category(rows[0]) if rows else None

    def put(self, changes: Sequence[Mapping[str, Any]], *, update: bool, at: int) -> Put:
        """See the port."""
        with transaction(self._path) as connection:
            known = [_keep(connection, change, update=update, at=at) for change in changes]
        return Put(created=known.count(False), updated=known.count(True))

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def _keep(connection: sqlite3.Connection, change: Mapping[str, Any], *, update: bool, at: int) -> bool:
    """Whether it was there already."""
    known = connection.execute(ONE, {"id": change["id"]}).fetchone() is not None
    if known and not update:
        raise AlreadyThere(change["id"])
    connection.execute(KEEP, {**ABSENT, **change, "at": at})
    return known


def _category(row: tuple[Any, ...]) -> Category:
    id, name, url, deleted, created_at, modified_at = row
    return Category(id=id, name=name, url=url, deleted=bool(deleted), created_at=created_at, modified_at=modified_at)


def _clauses(query: CategoryQuery) -> Iterator[Clause]:
    """Each condition with the values that it binds."""
    if query.ids:
        yield "id IN (SELECT value FROM json_each(:ids))", {"ids": listed(query.ids)}
    if query.name:
        yield "name = :name", {"name": query.name}
    if query.modified_since is not None:
        yield "modified_at >= :modified", {"modified": query.modified_since}
    if query.created_since is not None:
        yield "created_at >= :created", {"created": query.created_since}
    if query.deleted is not None:
        yield "deleted = :deleted", {"deleted": query.deleted}
