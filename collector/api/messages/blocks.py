"""Which parts do several messages share? `/api/messages/blocks`, `…/<name>`: `{% include 'name' %}` puts one in."""

import asyncio
import re
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
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import FieldError, Problem, unknown
from collector.api.messages.bodies import MAX_SOURCE
from collector.api.messages.mailroom import Mailroom
from collector.errors import Code
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.messages import Block

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class NewBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PUT /api/messages/blocks/<name>."""

    body: Annotated[str, Meta(max_length=MAX_SOURCE)]


class BlockAnswer(msgspec.Struct, frozen=True):
    """A shared part."""

    name: str
    body: str
    modified_at: Instant


def block_of(one: Block) -> BlockAnswer:
    """What the store knows → what programs see."""
    return BlockAnswer(one.name, one.body, instant(one.modified_at))


def routes(services: Services) -> list[Route]:
    """Reading and writing blocks."""
    pages = BlockPages(services)
    return [
        Route("/api/messages/blocks", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/messages/blocks/{name}", require(services, "write", pages.put), methods=["PUT"]),
        Route("/api/messages/blocks/{name}", require(services, "write", pages.delete), methods=["DELETE"]),
    ]


class BlockPages:
    """Shared parts of messages."""

    def __init__(self, services: Services) -> None:
        self._services, self._room = services, Mailroom(services)

    @operation(query=PAGING, answers={200: page_of("blocks", BlockAnswer)})
    async def find(self, request: Request) -> Response:
        """Every block, by name."""
        Params(request, PAGING)
        found = await asyncio.to_thread(self._services.messages.blocks)
        return listing("blocks", [block_of(one) for one in found.values()], None)

    @operation(places=("name",), body=NewBlock, answers={200: BlockAnswer})
    async def put(self, request: Request) -> Response:
        """A new block, or what one says from now on, in every message that has it."""
        name, body = _name(request), await body_of(request, NewBlock)
        await self._spare(name, body.body)
        at = self._services.clock()
        return answer(block_of(await asyncio.to_thread(self._services.messages.put_block, name, body.body, at=at)))

    @operation(places=("name",), answers={204: None})
    async def delete(self, request: Request) -> Response:
        """Take a block away that no message has."""
        name = _name(request)
        await self._spare(name, None)
        if not await asyncio.to_thread(self._services.messages.delete_block, name):
            raise unknown("block", name)
        return Response(status_code=204)

    async def _spare(self, name: str, body: str | None) -> None:
        """Raises Problem 409 when a message would break."""
        harm = await self._room.harm(name, body)
        if harm:
            errors = tuple(
                FieldError(f"messages/{message.id}", Code.MALFORMED, f"{message.name}: {faults}")
                for message, faults in harm
            )
            raise Problem(409, f"{errors[0].message}", title="Messages would break", errors=errors)


def _name(request: Request) -> str:
    name = str(request.path_params["name"])
    if NAME.fullmatch(name) is None:
        says = "A name has 1 to 64 small letters, digits, _ and -."
        raise Problem(400, says, title="Bad name", errors=(FieldError("name", Code.BAD_KEY, says),))
    return name
