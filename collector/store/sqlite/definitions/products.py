"""What is sold? Rows of store.db (port: `collector/store/ports/definitions/products.py`).

The text of a question is made of constants of this file; whatever came from outside is a bound value.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from collector.store.ports.definitions.products import (
    AlreadyThere,
    Comparison,
    Order,
    Product,
    ProductQuery,
    Put,
    StoredProduct,
)
from collector.store.sqlite.definitions.transaction import Reading, transaction
from collector.store.sqlite.event_query import Clause, listed

COLUMNS = "body, created_at, modified_at"
ONE = f"SELECT {COLUMNS} FROM products WHERE id = :id"

KEEP = """
INSERT INTO products (id, name, price, alternative, deleted, body, created_at, modified_at)
VALUES (:id, :name, :price, :alternative, :deleted, :body, :at, :at)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price, alternative = excluded.alternative,
  deleted = excluded.deleted, body = excluded.body, modified_at = excluded.modified_at"""

LEAVE = "DELETE FROM product_categories WHERE product = ?"
JOIN = "INSERT OR IGNORE INTO product_categories (category, product) VALUES (?, ?)"

OPERATORS: Mapping[Comparison, str] = {"lte": "<=", "gte": ">=", "lt": "<", "gt": ">", "eq": "=", "ne": "!="}
ORDERS: Mapping[Order, str] = {"created_at": "created_at", "name": "name", "price": "price", "id": "id"}
OF_CATEGORIES = """id IN (
  SELECT product FROM product_categories WHERE category IN (SELECT value FROM json_each(:categories)))"""


class SqliteProducts:
    """Products of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def find(self, query: ProductQuery, *, limit: int, skip: int) -> tuple[list[StoredProduct], int]:
        """See the port."""
        clauses = list(_clauses(query))
        where = " AND ".join(text for text, _ in clauses) or "1"
        values = {name: value for _, bound in clauses for name, value in bound.items()}
        order = f"{ORDERS[query.order]} {'DESC' if query.descending else 'ASC'}, id"
        text = f"SELECT {COLUMNS} FROM products WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :skip"
        rows = self._reading.rows(text, {**values, "limit": limit, "skip": skip})
        ((count,),) = self._reading.rows(f"SELECT count(*) FROM products WHERE {where}", values)
        return [_stored(row) for row in rows], count

    def get(self, id: str) -> StoredProduct | None:
        """See the port."""
        rows = self._reading.rows(ONE, {"id": id})
        return _stored(rows[0]) if rows else None

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
    row = connection.execute(ONE, {"id": change["id"]}).fetchone()
    if row and not update:
        raise AlreadyThere(change["id"])
    before = msgspec.structs.asdict(_stored(row).product) if row else {}
    product = Product(**{**before, **change})
    connection.execute(KEEP, _bound(product) | {"at": at})
    connection.execute(LEAVE, (product.id,))
    connection.executemany(JOIN, [(category, product.id) for category in product.categories])
    return row is not None


def _bound(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "name": product.name,
        "price": product.price,
        "alternative": product.alternative_price,
        "deleted": product.deleted,
        "body": msgspec.json.encode(product).decode(),
    }


def _stored(row: tuple[Any, ...]) -> StoredProduct:
    body, created_at, modified_at = row
    return StoredProduct(msgspec.json.decode(body, type=Product), created_at, modified_at)


def _clauses(query: ProductQuery) -> Iterator[Clause]:
    """Each condition with the values that it binds."""
    if query.ids:
        yield "id IN (SELECT value FROM json_each(:ids))", {"ids": listed(query.ids)}
    if query.name:
        yield "name = :name", {"name": query.name}
    if query.search:
        yield "(instr(lower(name), lower(:search)) OR instr(lower(id), lower(:search)))", {"search": query.search}
    for place, bound in enumerate(query.prices):
        column = "alternative" if bound.alternative else "price"
        yield f"{column} {OPERATORS[bound.comparison]} :price{place}", {f"price{place}": bound.value}
    if query.categories:
        yield OF_CATEGORIES, {"categories": listed(query.categories)}
    if query.modified_since is not None:
        yield "modified_at >= :modified", {"modified": query.modified_since}
    if query.created_since is not None:
        yield "created_at >= :created", {"created": query.created_since}
    if query.deleted is not None:
        yield "deleted = :deleted", {"deleted": query.deleted}
