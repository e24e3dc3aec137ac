"""Which attributes have contacts? `GET /v3/contacts/attributes`, `POST DELETE /v3/contacts/attributes/normal/<name>`.

Of Brevo's categories there is `normal` only; its types become ours. An attribute need not be defined to be used.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import BrevoProblem, answer, done, duplicate, invalid, missing, not_implemented
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import body_of
from collector.brevo import Fault
from collector.services import Services
from collector.store.ports.definitions.attributes import Attribute, AttributeType

NORMAL = "normal"
CATEGORIES = (NORMAL, "transactional", "category", "calculated", "global")

BrevoType = Literal["text", "date", "float", "boolean", "id", "category", "multiple-choice", "user"]

OURS: Mapping[BrevoType, AttributeType] = {
    "text": "text",
    "date": "date",
    "float": "number",
    "id": "number",
    "boolean": "boolean",
    "multiple-choice": "list",
    "category": "text",
    "user": "text",
}
BREVOS: Mapping[AttributeType, BrevoType] = {
    "text": "text",
    "date": "date",
    "number": "float",
    "boolean": "boolean",
    "list": "multiple-choice",
}


class NewAttribute(msgspec.Struct, frozen=True):
    """Body of POST. The other members of Brevo's belong to categories that are not here."""

    type: BrevoType | None = None
    multiCategoryOptions: Annotated[tuple[str, ...], Meta(max_length=500)] = ()  # noqa: N815  # as it is on the wire


def answer_of(attribute: Attribute) -> Mapping[str, Any]:
    """An attribute as Brevo's clients read it."""
    return {"name": attribute.name, "category": NORMAL, "type": BREVOS[attribute.type]}


def routes(services: Services) -> list[Route]:
    """Defining attributes."""
    attributes = services.attributes

    async def find(request: Request) -> Response:
        """The attributes that were defined, by name."""
        return answer({"attributes": [answer_of(one) for one in await asyncio.to_thread(attributes.all)]})

    async def create(request: Request) -> Response:
        """A new attribute; whoever has another value keeps it."""
        name, body = name_of(request), await body_of(request, NewAttribute)
        if body.type is None:
            raise missing("type")
        type, at = OURS[body.type], services.clock()
        if await asyncio.to_thread(lambda: attributes.create(name, type, at=at)) is None:
            raise duplicate(f"The attribute {name} exists already")
        return answer({}, 201)

    async def change(request: Request) -> Response:
        """What Brevo lets one change of an attribute is nothing that is kept here."""
        name_of(request)
        raise not_implemented("Changing an attribute")

    async def remove(request: Request) -> Response:
        """The attribute may hold anything from now on; what contacts have stays."""
        if not await asyncio.to_thread(attributes.delete, name_of(request)):
            raise BrevoProblem(404, Fault.NOT_FOUND, "Attribute does not exist")
        return done()

    one = "/v3/contacts/attributes/{category}/{name}"
    return [
        Route("/v3/contacts/attributes", require(services, "read", find), methods=["GET"]),
        Route(one, require(services, "write", create), methods=["POST"]),
        Route(one, require(services, "write", change), methods=["PUT"]),
        Route(one, require(services, "write", remove), methods=["DELETE"]),
    ]


def name_of(request: Request) -> str:
    """The attribute that the address names. Raises BrevoProblem 400, 501 for another category than `normal`."""
    category, name = request.path_params["category"], request.path_params["name"]
    if category not in CATEGORIES:
        raise invalid("attributeCategory", f"one of {', '.join(CATEGORIES)}")
    if category != NORMAL:
        raise not_implemented(f"The attribute category {category}")
    if len(name) > 255 or not name.replace("_", "").replace("-", "").isalnum() or not name.isascii():
        raise invalid("attributeName", "letters, digits, - and _")
    return str(name)
