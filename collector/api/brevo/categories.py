"""What kinds of goods are there? `POST GET /v3/categories`, `/v3/categories/batch`, `/v3/categories/<id>`."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import answer, done, duplicate, made, unknown
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query, body_of
from collector.api.brevo.products import MAX_BATCH, Id, Text
from collector.api.frame.answer import instant
from collector.services import Services
from collector.store.ports.definitions.categories import Category, CategoryQuery
from collector.store.ports.definitions.products import AlreadyThere, Put

DEFAULT_LIMIT, MAX_LIMIT = 50, 100


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


def routes(services: Services) -> list[Route]:
    """Telling of categories, and reading them."""
    categories = services.categories

    async def put(bodies: tuple[CategoryBody, ...], *, update: bool) -> Put:
        changes, at = [changes_of(body) for body in bodies], services.clock()
        try:
            return await asyncio.to_thread(lambda: categories.put(changes, update=update, at=at))
        except AlreadyThere as there:
            raise duplicate(f"Category {there} exists already; updateEnabled would update it") from None

    async def create(request: Request) -> Response:
        """A category: a new one (201), or with updateEnabled one that is there, changed (204)."""
        body = await body_of(request, NewCategory)
        kept = await put((body,), update=body.update_enabled)
        return made(request, body.id) if kept.created else done()

    async def create_batch(request: Request) -> Response:
        """Up to 100 categories, all or none."""
        body = await body_of(request, CategoryBatch)
        kept = await put(body.categories, update=body.update_enabled)
        return answer({"createdCount": kept.created, "updatedCount": kept.updated}, 201)

    async def find(request: Request) -> Response:
        """Categories, newest first."""
        query = Query(request)
        limit, skip = query.number("limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT), query.skip()
        asked = query_of(query)
        found, count = await asyncio.to_thread(lambda: categories.find(asked, limit=limit, skip=skip))
        return answer({"categories": [answer_of(one) for one in found], "count": count})

    async def get(request: Request) -> Response:
        """One category."""
        found = await asyncio.to_thread(categories.get, request.path_params["id"])
        if found is None:
            raise unknown("Category")
        return answer(answer_of(found))

    return [
        Route("/v3/categories", require(services, "write", create), methods=["POST"]),
        Route("/v3/categories", require(services, "read", find), methods=["GET"]),
        Route("/v3/categories/batch", require(services, "write", create_batch), methods=["POST"]),
        Route("/v3/categories/{id:path}", require(services, "read", get), methods=["GET"]),
    ]
