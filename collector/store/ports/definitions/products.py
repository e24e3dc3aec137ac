"""What is sold? A product as a shop describes it, which of them are asked for, and the port that keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

Order = Literal["created_at", "name", "price", "id"]
Comparison = Literal["lte", "gte", "lt", "gt", "eq", "ne"]


class Product(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One product. Prices are in the shop's currency. meta: further facts. deleted: it is not sold any more."""

    id: str
    name: str
    url: str | None = None
    image_url: str | None = None
    sku: str | None = None
    price: float | None = None
    alternative_price: float | None = None
    categories: tuple[str, ...] = ()
    parent_id: str | None = None
    meta: Mapping[str, Any] = {}
    brand: str | None = None
    description: str | None = None
    stock: float | None = None
    deleted: bool = False


class StoredProduct(NamedTuple):
    """A product as it is kept. Instants in ms UTC."""

    product: Product
    created_at: int
    modified_at: int


class PriceBound(NamedTuple):
    """`price lte 10`. alternative: of the alternative price."""

    comparison: Comparison
    value: float
    alternative: bool = False


class ProductPlace(NamedTuple):
    """A place in the list that has the newest first. created_at in ms UTC."""

    created_at: int
    id: str


class ProductQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which products. What is empty or None does not narrow. search: part of a name or id. *_since: included, ms UTC.

    deleted: None for all. after: only those that come behind it, the newest first.
    """

    ids: tuple[str, ...] = ()
    name: str = ""
    search: str = ""
    prices: tuple[PriceBound, ...] = ()
    categories: tuple[str, ...] = ()
    modified_since: int | None = None
    created_since: int | None = None
    deleted: bool | None = None
    order: Order = "created_at"
    descending: bool = True
    after: ProductPlace | None = None


class Put(NamedTuple):
    """How many were new, and how many were there already."""

    created: int
    updated: int


class AlreadyThere(Exception):
    """The id is in use, and nothing that is there was to be changed. The exception's text is the id."""


class Products(Protocol):
    """Definitions: each write is one durable transaction of its own."""

    def find(self, query: ProductQuery, *, limit: int, skip: int) -> tuple[list[StoredProduct], int]:
        """At most `limit` of them after the first `skip`, and how many there are in all."""

    def get(self, id: str) -> StoredProduct | None:
        """One of them."""

    def put(self, changes: Sequence[Mapping[str, Any]], *, update: bool, at: int) -> Put:
        """Keep products, all or none: those that are there keep what a change does not name.

        changes: fields of Product, `id` and `name` among them. Raises AlreadyThere unless `update`.
        """

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
