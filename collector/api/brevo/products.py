"""What is sold? `POST GET /v3/products`, `/v3/products/batch`, `/v3/products/<id>`."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import not_implemented
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query
from collector.api.brevo.goods import Goods, Noun
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.products import (
    Comparison,
    Order,
    PriceBound,
    ProductQuery,
    StoredProduct,
)

MAX_LIMIT = 1_000
MAX_BATCH = 100
MAX_META = 20

Id = Annotated[str, Meta(min_length=1, max_length=255)]
Text = Annotated[str, Meta(max_length=4_096)]
Price = Annotated[float, Meta(ge=-1e15, le=1e15)]
MetaInfo = Annotated[dict[Annotated[str, Meta(max_length=255)], Any], Meta(max_length=MAX_META)]

PRICES = {"price": False, "alternativePrice": True}


class ProductBody(msgspec.Struct, frozen=True, rename="camel"):
    """A product as Brevo's clients send it. What is not there stays as it is; null takes it away."""

    id: Id
    name: Annotated[str, Meta(min_length=1, max_length=255)]
    url: Text | UnsetType | None = UNSET
    image_url: Text | UnsetType | None = UNSET
    sku: Text | UnsetType | None = UNSET
    price: Price | UnsetType | None = UNSET
    alternative_price: Price | UnsetType | None = UNSET
    categories: Annotated[tuple[Id, ...], Meta(max_length=100)] | UnsetType = UNSET
    parent_id: Id | UnsetType | None = UNSET
    meta_info: MetaInfo | UnsetType = UNSET
    brand: Text | UnsetType | None = UNSET
    description: Text | UnsetType | None = UNSET
    stock: Price | UnsetType | None = UNSET
    is_deleted: bool | UnsetType = UNSET
    deleted_at: Text | UnsetType | None = UNSET


class NewProduct(ProductBody, frozen=True, rename="camel"):
    """Body of POST /v3/products."""

    update_enabled: bool = False


class ProductBatch(msgspec.Struct, frozen=True, rename="camel"):
    """Body of POST /v3/products/batch."""

    products: Annotated[tuple[ProductBody, ...], Meta(min_length=1, max_length=MAX_BATCH)]
    update_enabled: bool = False


def changes_of(body: ProductBody) -> Mapping[str, Any]:
    """What is to become so, in our names. A time of deletion is a deletion."""
    said = {name: getattr(body, name) for name in ProductBody.__struct_fields__}
    deleted_at = said.pop("deleted_at")
    renamed = {"meta_info": "meta", "is_deleted": "deleted"}
    changes = {renamed.get(name, name): value for name, value in said.items() if value is not UNSET}
    return changes if deleted_at in (UNSET, None, "") else {**changes, "deleted": True}


def answer_of(stored: StoredProduct) -> Mapping[str, Any]:
    """A product as Brevo's clients read it. There are no copies of its picture, so the addresses of those are empty."""
    product = stored.product
    return {
        "id": product.id,
        "name": product.name,
        "createdAt": instant(stored.created_at),
        "modifiedAt": instant(stored.modified_at),
        "url": product.url,
        "imageUrl": product.image_url,
        "sku": product.sku,
        "price": product.price,
        "alternativePrice": product.alternative_price,
        "categories": product.categories,
        "parentId": product.parent_id,
        "metaInfo": product.meta,
        "brand": product.brand,
        "description": product.description,
        "stock": product.stock,
        "isDeleted": product.deleted,
        "s3Original": "",
        "s3ThumbAnalytics": "",
        "s3ThumbEditor": "",
    }


def query_of(query: Query) -> ProductQuery:
    """The filters of a request. `price[lte]=10` and its like are bounds."""
    bounds = tuple(
        PriceBound(comparison, value, alternative)
        for name, alternative in PRICES.items()
        for comparison in get_args(Comparison)
        if (value := query.decimal(f"{name}[{comparison}]")) is not None
    )
    order: Order = query.choice("sortByField", "created_at", get_args(Order))  # type: ignore[assignment]  # one of them
    return ProductQuery(
        ids=query.texts("ids"),
        name=query.text("name"),
        search=query.text("search"),
        prices=bounds,
        categories=query.texts("categories"),
        modified_since=query.instant("modifiedSince"),
        created_since=query.instant("createdSince"),
        deleted=query.flag("isDeleted"),
        order=order,
        descending=query.descending(),
    )


PRODUCT = Noun("Product", "products", NewProduct, ProductBatch, MAX_LIMIT, changes_of, query_of, answer_of)


def routes(services: Services) -> list[Route]:
    """Telling of products, and reading them."""

    async def alert(request: Request) -> Response:
        """Brevo tells people when a product is back in stock; Sentiero does not."""
        raise not_implemented("An alert on a product")

    alerts = "/v3/products/{id:path}/alerts/back_in_stock"  # before one by its id, which may be any text
    return [
        Route(alerts, require(services, "read", alert), methods=["POST"]),
        *Goods(services, services.products, PRODUCT).routes(),
    ]
