"""What would come out of a payload? `GET /api/webhooks/providers`, `GET …/sources/<name>/payloads`, `POST …/try`."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.operation import operation
from collector.api.frame.params import Params
from collector.api.hooks import desk
from collector.api.hooks.bodies import (
    PayloadsAnswer,
    ProvidersAnswer,
    TriedAnswer,
    Trying,
    payload_answer,
    provider_answer,
)
from collector.hooks.providers import shipped, texts
from collector.services import Services


def routes(services: Services) -> list[Route]:
    """Looking at what is shipped and what came, and trying a mapping on it."""

    @operation(answers={200: ProvidersAnswer})
    async def providers(request: Request) -> Response:
        """The providers whose calls are understood, and their mappings."""
        Params(request, ())
        found = [provider_answer(name, mapping, texts()[name]) for name, mapping in shipped().items()]
        return answer(ProvidersAnswer(tuple(found)))

    @operation(answers={200: PayloadsAnswer})
    async def payloads(request: Request) -> Response:
        """The last twenty calls that were signed rightly."""
        Params(request, ())
        found = await asyncio.to_thread(desk.payloads, services, request.path_params["name"])
        return answer(PayloadsAnswer(tuple(map(payload_answer, found))))

    @operation(body=Trying, answers={200: TriedAnswer})
    async def attempt(request: Request) -> Response:
        """What would come out of a payload; nothing is written."""
        found = await asyncio.to_thread(desk.tried, services, await body_of(request, Trying))
        return answer(TriedAnswer(found.events, found.ignored))

    return [
        Route("/api/webhooks/providers", require(services, "read", providers), methods=["GET"]),
        Route("/api/webhooks/try", require(services, "admin", attempt), methods=["POST"]),
        Route("/api/webhooks/sources/{name}/payloads", require(services, "admin", payloads), methods=["GET"]),
    ]
