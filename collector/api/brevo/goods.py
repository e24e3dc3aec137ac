"""How do products and categories come in, and how are they read? Alike: one, up to a hundred, a page, one by its id.

POST /v3/<plural>    POST /v3/<plural>/batch    GET /v3/<plural>    GET /v3/<plural>/<id>
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import answer, done, duplicate, made, unknown
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query, body_of
from collector.services import Services
from collector.store.ports.definitions.products import AlreadyThere, Put

DEFAULT_LIMIT = 50

B = TypeVar("B")
Q = TypeVar("Q")
T = TypeVar("T")
Asked = TypeVar("Asked", contravariant=True)


class Kept(Protocol[Asked, T]):
    """What the ports of both have."""

    def find(self, query: Asked, *, limit: int, skip: int) -> tuple[list[T], int]: ...
    def get(self, id: str) -> T | None: ...
    def put(self, changes: Sequence[Mapping[str, Any]], *, update: bool, at: int) -> Put: ...


class Noun(NamedTuple, Generic[B, Q, T]):
    """One of the two. name: as sentences have it. plural: as addresses and answers have it. new, batch: its bodies, the
    batch's items under its plural. changes_of: a body → what is to become so."""

    name: str
    plural: str
    new: type[Any]
    batch: type[Any]
    max_limit: int
    changes_of: Callable[[B], Mapping[str, Any]]
    query_of: Callable[[Query], Q]
    answer_of: Callable[[T], Mapping[str, Any]]


class Goods(Generic[B, Q, T]):
    """The four ways, of one noun."""

    def __init__(self, services: Services, kept: Kept[Q, T], noun: Noun[B, Q, T]) -> None:
        self._services, self._kept, self._noun = services, kept, noun

    def routes(self) -> list[Route]:
        """Telling of them, and reading them; one by its id comes last: an id may be any text."""
        services, path = self._services, f"/v3/{self._noun.plural}"
        return [
            Route(path, require(services, "write", self.create), methods=["POST"]),
            Route(path, require(services, "read", self.find), methods=["GET"]),
            Route(f"{path}/batch", require(services, "write", self.create_batch), methods=["POST"]),
            Route(f"{path}/{{id:path}}", require(services, "read", self.get), methods=["GET"]),
        ]

    async def create(self, request: Request) -> Response:
        """One of them: a new one (201), or with updateEnabled one that is there, changed (204)."""
        body = await body_of(request, self._noun.new)
        kept = await self._put((body,), update=body.update_enabled)
        return made(request, body.id) if kept.created else done()

    async def create_batch(self, request: Request) -> Response:
        """Up to 100 of them, all or none."""
        body = await body_of(request, self._noun.batch)
        kept = await self._put(getattr(body, self._noun.plural), update=body.update_enabled)
        return answer({"createdCount": kept.created, "updatedCount": kept.updated}, 201)

    async def find(self, request: Request) -> Response:
        """Those asked for, newest first."""
        query = Query(request)
        limit, skip = query.number("limit", DEFAULT_LIMIT, least=1, most=self._noun.max_limit), query.skip()
        asked = self._noun.query_of(query)
        found, count = await asyncio.to_thread(lambda: self._kept.find(asked, limit=limit, skip=skip))
        return answer({self._noun.plural: [self._noun.answer_of(one) for one in found], "count": count})

    async def get(self, request: Request) -> Response:
        """One of them."""
        found = await asyncio.to_thread(self._kept.get, request.path_params["id"])
        if found is None:
            raise unknown(self._noun.name)
        return answer(self._noun.answer_of(found))

    async def _put(self, bodies: Sequence[B], *, update: bool) -> Put:
        changes, at = [self._noun.changes_of(body) for body in bodies], self._services.clock()
        try:
            return await asyncio.to_thread(lambda: self._kept.put(changes, update=update, at=at))
        except AlreadyThere as there:
            raise duplicate(f"{self._noun.name} {there} exists already; updateEnabled would update it") from None
