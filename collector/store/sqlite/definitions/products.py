"""What is sold? Rows of store.db (port: `ports/definitions/products.py`)."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from collector.store.ports.definitions.products import Comparison, Order, Product, ProductQuery, StoredProduct
from collector.store.sqlite.definitions.goods import Goods, Row, clauses_of
from collector.store.sqlite.event_query import Clause, listed

KEEP = """
INSERT INTO products (id, name, price, alternative, deleted, body, created_at, modified_at)
VALUES (:id, :name, :price, :alternative, :deleted, :body, :at, :at)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price, alternative = excluded.alternative,
  deleted = excluded.deleted, body = excluded.body, modified_at = excluded.modified_at"""

LEAVE = "DELETE FROM product_categories WHERE product = ?"
JOIN = "INSERT OR IGNORE INTO product_categories (category, product) VALUES (?, ?)"

OPERATORS: Mapping[Comparison, str] = {"lte": "<=", "gte": ">=", "lt": "<", "gt": ">", "eq": "=", "ne": "!="}
ORDERS: Mapping[Order, str] = {"created_at": "created_at", "name": "name", "price": "price", "id": "id"}
AFTER = "(created_at < :after_created OR (created_at = :after_created AND id > :after_id))"
OF_CATEGORIES = """id IN (
  SELECT product FROM product_categories WHERE category IN (SELECT value FROM json_each(:categories)))"""


class SqliteProducts(Goods[StoredProduct]):
    """Products of one store.db."""

    table = "products"
    columns = "body, created_at, modified_at"

    def find(self, query: ProductQuery, *, limit: int, skip: int) -> tuple[list[StoredProduct], int]:
        """See the port."""
        order = f"{ORDERS[query.order]} {'DESC' if query.descending else 'ASC'}, id"
        return self._page([*clauses_of(query), *_clauses(query)], order=order, limit=limit, skip=skip)

    def _read(self, row: Row) -> StoredProduct:
        body, created_at, modified_at = row
        return StoredProduct(msgspec.json.decode(body, type=Product), created_at, modified_at)

    def _keep(
        self, connection: sqlite3.Connection, change: Mapping[str, Any], before: StoredProduct | None, at: int
    ) -> None:
        product = Product(**{**(msgspec.structs.asdict(before.product) if before else {}), **change})
        connection.execute(KEEP, _bound(product) | {"at": at})
        connection.execute(LEAVE, (product.id,))
        connection.executemany(JOIN, [(category, product.id) for category in product.categories])


def _bound(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "name": product.name,
        "price": product.price,
        "alternative": product.alternative_price,
        "deleted": product.deleted,
        "body": msgspec.json.encode(product).decode(),
    }


def _clauses(query: ProductQuery) -> Iterator[Clause]:
    """The conditions that only products have."""
    if query.search:
        yield "(instr(lower(name), lower(:search)) OR instr(lower(id), lower(:search)))", {"search": query.search}
    for place, bound in enumerate(query.prices):
        column = "alternative" if bound.alternative else "price"
        yield f"{column} {OPERATORS[bound.comparison]} :price{place}", {f"price{place}": bound.value}
    if query.after:
        yield AFTER, {"after_created": query.after.created_at, "after_id": query.after.id}
    if query.categories:
        yield OF_CATEGORIES, {"categories": listed(query.categories)}
