"""To whom is nothing sent any more? `/api/messages/suppressions`: who left, whose address bounced."""

import asyncio
from typing import Literal, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.instant import instant
from collector.services import Services
from collector.store.ports.messages.outbox import Scope, Suppression

KNOWN = ("q", *PAGING)


class SuppressionAnswer(msgspec.Struct, frozen=True):
    """An address that is left alone. address: null since its owner was erased. scope: of which messages."""

    id: str
    channel: str
    address: str | None
    scope: Scope
    reason: str
    at: Instant


class Allowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/messages/suppressions/allow: an `id`, channel and scope as they were listed."""

    id: str
    channel: Literal["email", "sms", "whatsapp"]
    scope: Scope


class Found(msgspec.Struct, frozen=True):
    """Whether there was one."""

    allowed: bool


class Place(NamedTuple):
    """Where the list goes on: behind this one."""

    at: int
    hash: bytes


def suppression_of(one: Suppression) -> SuppressionAnswer:
    """What the store knows → what programs see."""
    return SuppressionAnswer(one.hash.hex(), one.channel, one.address, one.scope, one.reason, instant(one.at))


def routes(services: Services) -> list[Route]:
    """Looking, and allowing again."""
    pages = SuppressionPages(services)
    return [
        Route("/api/messages/suppressions", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/messages/suppressions/allow", require(services, "write", pages.allow), methods=["POST"]),
    ]


class SuppressionPages:
    """Addresses that are left alone."""

    def __init__(self, services: Services) -> None:
        self._deliveries = services.deliveries

    @operation(query=KNOWN, answers={200: page_of("suppressions", SuppressionAnswer)})
    async def find(self, request: Request) -> Response:
        """The newest first."""
        params = Params(request, KNOWN)
        limit, place = params.limit(), params.cursor("suppressions", Place)
        after = place
        found = await asyncio.to_thread(
            self._deliveries.suppressions, limit=limit + 1, after=after, q=params.text("q").lower()
        )
        last = found[limit - 1] if found[limit:] else None
        more = encode_cursor("suppressions", Place(last.at, last.hash)) if last else None
        return listing("suppressions", [suppression_of(one) for one in found[:limit]], more)

    @operation(body=Allowed, answers={200: Found})
    async def allow(self, request: Request) -> Response:
        """Send there again, whatever the reason was."""
        body = await body_of(request, Allowed)
        try:
            hash = bytes.fromhex(body.id)
        except ValueError:
            return answer(Found(False))
        return answer(Found(await asyncio.to_thread(self._deliveries.allow, body.channel, hash, body.scope)))
