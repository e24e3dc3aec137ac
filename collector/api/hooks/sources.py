"""Where may providers tell us something? `GET POST /api/webhooks/sources`, `GET PATCH DELETE …/<name>`, `…/secrets`."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import Params
from collector.api.hooks import desk
from collector.api.hooks.bodies import (
    ChangedSource,
    NewSecret,
    NewSource,
    SourceAnswer,
    source_answer,
)
from collector.services import Services
from collector.store.ports.definitions.sources import Source

HOME = "/api/webhooks/sources"


def routes(services: Services) -> list[Route]:
    """Reading, making and changing sources."""
    pages = SourcePages(services)
    return [
        Route(HOME, require(services, "read", pages.find), methods=["GET"]),
        Route(HOME, require(services, "admin", pages.create), methods=["POST"]),
        Route(f"{HOME}/{{name}}", require(services, "read", pages.get), methods=["GET"]),
        Route(f"{HOME}/{{name}}", require(services, "admin", pages.change), methods=["PATCH"]),
        Route(f"{HOME}/{{name}}", require(services, "admin", pages.remove), methods=["DELETE"]),
        Route(f"{HOME}/{{name}}/secrets", require(services, "admin", pages.add_secret), methods=["POST"]),
    ]


class SourcePages:
    """Sources."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @operation(answers={200: page_of("sources", SourceAnswer)})
    async def find(self, request: Request) -> Response:
        """The sources, by name; there are a hundred at most."""
        Params(request, ())
        every = await asyncio.to_thread(desk.all_of, self._services)
        return listing("sources", [self._shown(source) for source in every], None)

    @operation(answers={200: SourceAnswer})
    async def get(self, request: Request) -> Response:
        """One source."""
        Params(request, ())
        return answer(self._shown(await asyncio.to_thread(desk.get, self._services, request.path_params["name"])))

    @operation(body=NewSource, answers={201: SourceAnswer}, is_secret=True)
    async def create(self, request: Request) -> Response:
        """A new address for a provider. A secret that is made for it is answered once."""
        body = await body_of(request, NewSource)
        source, secret = await asyncio.to_thread(desk.make, self._services, body)
        response = answer(self._shown(source, secret), 201)
        response.headers["Location"] = f"{HOME}/{source.name}"
        return response

    @operation(body=ChangedSource, answers={200: SourceAnswer})
    async def change(self, request: Request) -> Response:
        """Another mapping, or paused; what the body does not name stays."""
        body = await body_of(request, ChangedSource)
        return answer(
            self._shown(await asyncio.to_thread(desk.change, self._services, request.path_params["name"], body))
        )

    @operation(answers={204: None})
    async def remove(self, request: Request) -> Response:
        """Forget it: its address answers 404, what came stays."""
        Params(request, ())
        await asyncio.to_thread(desk.remove, self._services, request.path_params["name"])
        return Response(status_code=204)

    @operation(body=NewSecret, answers={201: SourceAnswer}, is_secret=True)
    async def add_secret(self, request: Request) -> Response:
        """A newer secret; older ones stay good until one is added with `replace`."""
        body = await body_of(request, NewSecret)
        source, secret = await asyncio.to_thread(desk.add_secret, self._services, request.path_params["name"], body)
        return answer(self._shown(source, secret), 201)

    def _shown(self, source: Source, secret: str = "") -> SourceAnswer:
        open = self._services.sources(source.name)
        readable = open is not None and open.translator is not None
        return source_answer(source, self._services.settings.url, readable=readable, secret=secret)
