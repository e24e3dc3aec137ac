"""What is sold? `GET POST /api/products`, `POST /api/products/batch`, `GET PATCH DELETE /api/products/<id>`.

The same products as those of Brevo's interface (`api/brevo/products.py`), in our names.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import Problem, unknown
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.products import (
    AlreadyThere,
    Product,
    ProductPlace,
    ProductQuery,
    Put,
    StoredProduct,
)

MAX_BATCH = 100
FILTERS = ("id", "category", "q", "deleted")

Id = Annotated[str, Meta(min_length=1, max_length=255)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Text = Annotated[str, Meta(max_length=4_096)]
Amount = Annotated[float, Meta(ge=-1e15, le=1e15)]
Facts = Annotated[dict[Annotated[str, Meta(max_length=255)], Any], Meta(max_length=20)]


class ProductFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a product: what is not there stays as it is, null takes it away. Prices: in the shop's currency.

    categories: their ids. meta: further facts. deleted: it is not sold any more.
    """

    url: Text | UnsetType | None = UNSET
    image_url: Text | UnsetType | None = UNSET
    sku: Text | UnsetType | None = UNSET
    price: Amount | UnsetType | None = UNSET
    alternative_price: Amount | UnsetType | None = UNSET
    categories: Annotated[tuple[Id, ...], Meta(max_length=100)] | UnsetType = UNSET
    parent_id: Id | UnsetType | None = UNSET
    meta: Facts | UnsetType = UNSET
    brand: Text | UnsetType | None = UNSET
    description: Text | UnsetType | None = UNSET
    stock: Amount | UnsetType | None = UNSET
    deleted: bool | UnsetType = UNSET


class NewProduct(ProductFacts, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Body of POST /api/products. id: the shop's own, as events name it in `object` or in their items."""

    id: Id
    name: Name


class ProductBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/products/batch. update: whether products that are there are changed; else none may be there."""

    products: Annotated[tuple[NewProduct, ...], Meta(min_length=1, max_length=MAX_BATCH)]
    update: bool = False


class ChangedProduct(ProductFacts, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/products/<id>: what is not there stays."""

    name: Name | UnsetType = UNSET


class ProductAnswer(msgspec.Struct, frozen=True):
    """A product as programs see it."""

    id: str
    name: str
    url: str | None
    image_url: str | None
    sku: str | None
    price: float | None
    alternative_price: float | None
    categories: tuple[str, ...]
    parent_id: str | None
    meta: Mapping[str, Any]
    brand: str | None
    description: str | None
    stock: float | None
    deleted: bool
    created_at: Instant
    updated_at: Instant


class BatchAnswer(msgspec.Struct, frozen=True):
    """How many were new, and how many were there already."""

    created: int
    updated: int


def answer_of(stored: StoredProduct) -> ProductAnswer:
    """What the store knows → what programs see."""
    product = stored.product
    facts = {name: getattr(product, name) for name in Product.__struct_fields__}
    return ProductAnswer(**facts, created_at=instant(stored.created_at), updated_at=instant(stored.modified_at))


def said_of(body: ProductFacts) -> dict[str, Any]:
    """The fields that a body names."""
    return {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}


def routes(services: Services) -> list[Route]:
    """Telling of products, and reading them. An id may be any text, so that the batch's address comes first."""
    pages = ProductPages(services)
    one = "/api/products/{id:path}"
    return [
        Route("/api/products", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/products", require(services, "write", pages.create), methods=["POST"]),
        Route("/api/products/batch", require(services, "write", pages.create_batch), methods=["POST"]),
        Route(one, require(services, "read", pages.get), methods=["GET"]),
        Route(one, require(services, "write", pages.change), methods=["PATCH"]),
        Route(one, require(services, "write", pages.delete), methods=["DELETE"]),
    ]


class ProductPages:
    """Products, one by one and together."""

    def __init__(self, services: Services) -> None:
        self._services, self._products = services, services.products

    @operation(query=(*FILTERS, *PAGING), answers={200: page_of("products", ProductAnswer)})
    async def find(self, request: Request) -> Response:
        """Products by id, category and words, the newest first."""
        params = Params(request, (*FILTERS, *PAGING))
        limit, after = params.limit(), params.cursor("products", ProductPlace)
        query = ProductQuery(
            ids=params.texts("id"),
            categories=params.texts("category"),
            search=params.text("q"),
            deleted=params.flag("deleted"),
            after=after,
        )
        found, _ = await asyncio.to_thread(lambda: self._products.find(query, limit=limit + 1, skip=0))
        shown = found[:limit]
        more = encode_cursor("products", place_of(shown[-1])) if len(found) > limit else None
        return listing("products", [answer_of(one) for one in shown], more)

    @operation(body=NewProduct, answers={201: ProductAnswer})
    async def create(self, request: Request) -> Response:
        """A new product."""
        body = await body_of(request, NewProduct)
        await self._put([said_of(body)], update=False)
        return answer(answer_of(await self._named(body.id)), 201)

    @operation(body=ProductBatch, answers={200: BatchAnswer})
    async def create_batch(self, request: Request) -> Response:
        """Up to 100 products, all or none."""
        body = await body_of(request, ProductBatch)
        put = await self._put([said_of(one) for one in body.products], update=body.update)
        return answer(BatchAnswer(put.created, put.updated))

    @operation(answers={200: ProductAnswer})
    async def get(self, request: Request) -> Response:
        """One product."""
        Params(request, ())
        return answer(answer_of(await self._named(request.path_params["id"])))

    @operation(body=ChangedProduct, answers={200: ProductAnswer})
    async def change(self, request: Request) -> Response:
        """What is said of it from now on."""
        body = await body_of(request, ChangedProduct)
        return answer(answer_of(await self._changed(request, said_of(body))))

    @operation(answers={204: None})
    async def delete(self, request: Request) -> Response:
        """It is not sold any more. What was known of it stays, for events that name it."""
        await self._changed(request, {"deleted": True})
        return Response(status_code=204)

    async def _changed(self, request: Request, said: Mapping[str, Any]) -> StoredProduct:
        before = await self._named(request.path_params["id"])
        id, name = before.product.id, before.product.name
        await self._put([{"id": id, "name": name, **said}], update=True)
        return await self._named(id)

    async def _named(self, id: str) -> StoredProduct:
        """The product of that id. Raises Problem 404."""
        found = await asyncio.to_thread(self._products.get, id)
        if found is None:
            raise unknown("product", id[:100])
        return found

    async def _put(self, changes: Sequence[Mapping[str, Any]], *, update: bool) -> Put:
        at = self._services.clock()
        try:
            return await asyncio.to_thread(lambda: self._products.put(changes, update=update, at=at))
        except AlreadyThere as there:
            raise Problem(409, f"There is a product {there}. PATCH changes it.", title="Product exists") from None


def place_of(stored: StoredProduct) -> ProductPlace:
    """Where the list goes on behind it."""
    return ProductPlace(stored.created_at, stored.product.id)
