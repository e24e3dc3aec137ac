"""What kinds of goods are there? `POST GET /v3/categories`, `/v3/categories/batch`, `/v3/categories/<id>`."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.routing import Route

from collector.api.brevo.frame.params import Query
from collector.api.brevo.goods import Goods, Noun
from collector.api.brevo.products import MAX_BATCH, Id, Text
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.categories import Category, CategoryQuery

MAX_LIMIT = 100


class CategoryBody(msgspec.Struct, frozen=True, rename="camel"):
    """A category as Brevo's clients send it. What is not there stays as it is."""

    id: Id
    name: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    url: Text | UnsetType = UNSET
    is_deleted: bool | UnsetType = UNSET
    deleted_at: Text | UnsetType | None = UNSET


class NewCategory(CategoryBody, frozen=True, rename="camel"):
    """Body of POST /v3/categories."""

    update_enabled: bool = False


class CategoryBatch(msgspec.Struct, frozen=True, rename="camel"):
    """Body of POST /v3/categories/batch."""

    categories: Annotated[tuple[CategoryBody, ...], Meta(min_length=1, max_length=MAX_BATCH)]
    update_enabled: bool = False


def changes_of(body: CategoryBody) -> Mapping[str, Any]:
    """What is to become so, in our names. A time of deletion is a deletion."""
    deleted = True if body.deleted_at not in (UNSET, None, "") else body.is_deleted
    said = {"id": body.id, "name": body.name, "url": body.url, "deleted": deleted}
    return {name: value for name, value in said.items() if value is not UNSET}


def answer_of(category: Category) -> Mapping[str, Any]:
    """A category as Brevo's clients read it."""
    return {
        "id": category.id,
        "name": category.name,
        "createdAt": instant(category.created_at),
        "modifiedAt": instant(category.modified_at),
        "url": category.url,
        "isDeleted": category.deleted,
    }


def query_of(query: Query) -> CategoryQuery:
    """The filters of a request."""
    return CategoryQuery(
        ids=query.texts("ids"),
        name=query.text("name"),
        modified_since=query.instant("modifiedSince"),
        created_since=query.instant("createdSince"),
        deleted=query.flag("isDeleted"),
        descending=query.descending(),
    )


CATEGORY = Noun("Category", "categories", NewCategory, CategoryBatch, MAX_LIMIT, changes_of, query_of, answer_of)


def routes(services: Services) -> list[Route]:
    """Telling of categories, and reading them."""
    return Goods(services, services.categories, CATEGORY).routes()
