"""What kinds of goods are there? Rows of store.db (port: `collector/store/ports/definitions/categories.py`)."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from collector.store.ports.definitions.categories import Category, CategoryQuery
from collector.store.sqlite.definitions.goods import Goods, Row, clauses_of

KEEP = """
INSERT INTO categories (id, name, url, deleted, created_at, modified_at)
VALUES (:id, coalesce(:name, ''), coalesce(:url, ''), coalesce(:deleted, 0), :at, :at)
ON CONFLICT (id) DO UPDATE SET name = coalesce(:name, name), url = coalesce(:url, url),
  deleted = coalesce(:deleted, deleted), modified_at = :at"""

ABSENT: Mapping[str, Any] = {"name": None, "url": None, "deleted": None}


class SqliteCategories(Goods[Category]):
    """Categories of one store.db."""

    table = "categories"
    columns = "id, name, url, deleted, created_at, modified_at"

    def find(self, query: CategoryQuery, *, limit: int, skip: int) -> tuple[list[Category], int]:
        """See the port."""
        order = f"created_at {'DESC' if query.descending else 'ASC'}, id"
        return self._page(clauses_of(query), order=order, limit=limit, skip=skip)

    def _read(self, row: Row) -> Category:
        id, name, url, deleted, created_at, modified_at = row
        return Category(
            id=id, name=name, url=url, deleted=bool(deleted), created_at=created_at, modified_at=modified_at
        )

    def _keep(
        self, connection: sqlite3.Connection, change: Mapping[str, Any], before: Category | None, at: int
    ) -> None:
        connection.execute(KEEP, {**ABSENT, **change, "at": at})
