"""Which attributes of contacts have a type? `GET POST /api/attributes`, `DELETE /api/attributes/<name>`."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import Params
from collector.api.frame.problem import Problem, unknown
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.attributes import Attribute, AttributeType


class NewAttribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/attributes."""

    name: Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
    type: AttributeType


class AttributeAnswer(msgspec.Struct, frozen=True):
    """An attribute as programs see it."""

    name: str
    type: AttributeType
    created_at: Instant


def attribute_of(one: Attribute) -> AttributeAnswer:
    """What the store knows → what programs see."""
    return AttributeAnswer(name=one.name, type=one.type, created_at=instant(one.created_at))


def routes(services: Services) -> list[Route]:
    """Reading and defining attributes."""
    attributes = services.attributes

    @operation(answers={200: page_of("attributes", AttributeAnswer)})
    async def find(request: Request) -> Response:
        """Every attribute that has a type; others may hold anything plain."""
        Params(request, ())
        return listing("attributes", [attribute_of(one) for one in await asyncio.to_thread(attributes.all)], None)

    @operation(body=NewAttribute, answers={201: AttributeAnswer})
    async def create(request: Request) -> Response:
        """From now on a server's value of another type is refused."""
        body, at = await body_of(request, NewAttribute), services.clock()
        made = await asyncio.to_thread(lambda: attributes.create(body.name, body.type, at=at))
        if made is None:
            raise Problem(409, f"The attribute {body.name} is defined already.", title="Name taken")
        return answer(attribute_of(made), 201)

    @operation(answers={204: None})
    async def delete(request: Request) -> Response:
        """It may hold anything from now on; what contacts have stays."""
        name = request.path_params["name"]
        if not await asyncio.to_thread(attributes.delete, name):
            raise unknown("attribute", name[:100])
        return Response(status_code=204)

    return [
        Route("/api/attributes", require(services, "read", find), methods=["GET"]),
        Route("/api/attributes", require(services, "admin", create), methods=["POST"]),
        Route("/api/attributes/{name}", require(services, "admin", delete), methods=["DELETE"]),
    ]
