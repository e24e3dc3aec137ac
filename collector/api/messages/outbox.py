"""What is to be sent, and what became of it? `/api/messages/outbox`, and what may still be done: again, cancel."""

import asyncio
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params, refuse
from collector.api.messages.bodies import DeliveryAnswer, delivery_of
from collector.api.people.contacts import resolve
from collector.services import Services
from collector.store.ports.messages.outbox import STATES

KNOWN = ("state", "message", "contact", "q", *PAGING)
DeliveryId = Annotated[str, Meta(pattern=r"^[a-z2-7]{26}$")]


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/messages/outbox/again and …/cancel: ids of deliveries."""

    ids: Annotated[tuple[DeliveryId, ...], Meta(min_length=1, max_length=500)]


class Changed(msgspec.Struct, frozen=True):
    """How many were in a state that allows it."""

    changed: int


class Place(NamedTuple):
    """Where the list goes on: behind this one."""

    created_at: int
    id: str


def routes(services: Services) -> list[Route]:
    """Looking and deciding."""
    pages = OutboxPages(services)
    return [
        Route("/api/messages/outbox", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/messages/outbox/again", require(services, "write", pages.again), methods=["POST"]),
        Route("/api/messages/outbox/cancel", require(services, "write", pages.cancel), methods=["POST"]),
    ]


class OutboxPages:
    """Deliveries."""

    def __init__(self, services: Services) -> None:
        self._services, self._deliveries = services, services.deliveries

    @operation(query=KNOWN, answers={200: page_of("deliveries", DeliveryAnswer)})
    async def find(self, request: Request) -> Response:
        """The newest first."""
        params = Params(request, KNOWN)
        limit, place = params.limit(), params.cursor("deliveries", Place)
        states, messages = params.texts("state"), params.ids("message")
        if wrong := [state for state in states if state not in STATES]:
            refuse("state", f"one of {' '.join(STATES)}, not {wrong[0][:40]!r}")
        asked = [await resolve(self._services.store.contacts, str(id)) for id in params.ids("contact")]
        found = await asyncio.to_thread(
            self._deliveries.find,
            states=states,
            message=messages[0] if messages else None,
            contacts=[one.survivor for one in asked],
            q=params.text("q").lower(),
            limit=limit + 1,
            after=place,
        )
        more = (
            encode_cursor("deliveries", Place(found[limit - 1].created_at, found[limit - 1].id))
            if found[limit:]
            else None
        )
        return listing("deliveries", [delivery_of(one) for one in found[:limit]], more)

    @operation(body=Which, answers={200: Changed})
    async def again(self, request: Request) -> Response:
        """Try once more, now, what failed, was skipped or cancelled, or is uncertain."""
        body, at = await body_of(request, Which), self._services.clock()
        return answer(Changed(await asyncio.to_thread(self._deliveries.again, body.ids, at=at)))

    @operation(body=Which, answers={200: Changed})
    async def cancel(self, request: Request) -> Response:
        """Do not send what waits."""
        body, at = await body_of(request, Which), self._services.clock()
        return answer(Changed(await asyncio.to_thread(self._deliveries.cancel, body.ids, at=at)))
