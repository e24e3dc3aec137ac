"""Which schema is an event held to? `GET PUT DELETE /api/catalogue/<category>/<key>/schema`."""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.operation import operation
from collector.api.frame.params import Params
from collector.api.frame.problem import FieldError, Problem, unknown
from collector.errors import Code
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.schemas import MAX_PINNED, OnMisfit, PinnedSchema
from sessionizer.catalogue import known
from sessionizer.event import Kind
from sessionizer.properties.learned import schema_of
from sessionizer.properties.schema import Path, Schema, fault


class NewSchema(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PUT. schema: of the event's properties; `learned` takes the one that was learned of a custom event."""

    schema: dict[str, Any] | Literal["learned"]
    misfit: OnMisfit = "flag"


class SchemaAnswer(msgspec.Struct, frozen=True):
    """A pinned schema as programs see it."""

    category: str
    key: str
    schema: Mapping[str, Any]
    misfit: OnMisfit
    pinned_at: Instant


def answer_of(pinned: PinnedSchema) -> SchemaAnswer:
    """What the store knows → what programs see."""
    return SchemaAnswer(pinned.category, pinned.key, pinned.schema, pinned.misfit, instant(pinned.pinned_at))


def routes(services: Services) -> list[Route]:
    """Reading and pinning schemas."""

    @operation(answers={200: SchemaAnswer})
    async def get(request: Request) -> Response:
        """The schema that is pinned to an event, and what becomes of one that does not fit; 404 when none is."""
        Params(request, ())
        kind = kind_of(request)
        pinned = services.pinned.by_kind.get(kind)
        if pinned is None:
            raise unknown("schema of", "/".join(kind))
        return answer(answer_of(pinned))

    @operation(body=NewSchema, answers={200: SchemaAnswer})
    async def put(request: Request) -> Response:
        """Pin a schema in place of the one before, or the one that was `learned`; misfits are flagged or rejected."""
        body = await body_of(request, NewSchema)
        return answer(answer_of(await pin(kind_of(request), body, services)))

    @operation(answers={204: None})
    async def delete(request: Request) -> Response:
        """Unpin: the event may carry anything from now on."""
        kind = kind_of(request)
        if not await unpin(kind, services):
            raise unknown("schema of", "/".join(kind))
        return Response(status_code=204)

    path = "/api/catalogue/{category}/{key}/schema"
    return [
        Route(path, require(services, "read", get), methods=["GET"]),
        Route(path, require(services, "write", put), methods=["PUT"]),
        Route(path, require(services, "write", delete), methods=["DELETE"]),
    ]


def kind_of(request: Request) -> Kind:
    """The event of the address. Raises Problem 404 when there can be no such event."""
    kind = (request.path_params["category"], request.path_params["key"])
    if not known(*kind):
        raise unknown("event", "/".join(part[:40] for part in kind))
    return kind


async def pin(kind: Kind, body: NewSchema, services: Services) -> PinnedSchema:
    """The schema as it is pinned now. Raises Problem 400, 409."""
    schema = await _learned(kind, services) if body.schema == "learned" else body.schema
    if found := fault(schema):
        raise _bad_schema(found.path, found.message)
    category, key = kind
    at = services.clock()
    pinned = PinnedSchema(category=category, key=key, schema=schema, misfit=body.misfit, pinned_at=at)
    if not await asyncio.to_thread(services.pinned.schemas.pin, pinned):
        raise Problem(409, f"At most {MAX_PINNED} schemas are pinned. Unpin another first.", title="Too many")
    await asyncio.to_thread(services.pinned.reload)
    return pinned


async def unpin(kind: Kind, services: Services) -> bool:
    """Whether one was pinned."""
    found = await asyncio.to_thread(services.pinned.schemas.unpin, *kind)
    await asyncio.to_thread(services.pinned.reload)
    return found


async def _learned(kind: Kind, services: Services) -> Schema:
    shape = await services.store.learned.of(*kind)
    if shape is None:
        raise Problem(409, f"Nothing was learned of {'/'.join(kind)} yet.", title="Nothing learned")
    return schema_of(shape)


def _bad_schema(path: Path, reason: str) -> Problem:
    place = ".".join(str(part)[:100] for part in ("schema", *path))
    return Problem(400, f"{place}: {reason}.", title="Bad body", errors=(FieldError(place, Code.MALFORMED, reason),))
