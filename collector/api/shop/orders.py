"""Which orders are there, and how do they stand? `GET /api/orders`, `/api/orders/<id>`: what their events say.

An order is what e-commerce events name as `object: {type: "order", id}`; the latest of them says how it stands.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer, listing
from collector.api.frame.auth import require
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import unknown
from collector.instant import instant
from collector.services import Services
from collector.store.ports.objects import ObjectPlace, ObjectQuery, StoredObject
from collector.told.event import EventAnswer
from collector.told.event import answer_of as event_answer_of

ORDER = "order"
KNOWN = ("contact", "status", "from", "to", *PAGING)
MAX_STORY = 500


class OrderAnswer(msgspec.Struct, frozen=True):
    """An order. status: the key of its latest event without `order_`. properties: of that event. created_at: of its
    first event. events: how many there were."""

    id: str
    status: str
    contact_id: int | None
    created_at: Instant
    updated_at: Instant
    events: int
    properties: Mapping[str, Any]


class OrderStory(OrderAnswer, frozen=True):
    """An order with its events, the oldest first, at most 500."""

    story: tuple[EventAnswer, ...]


def answer_of(order: StoredObject) -> OrderAnswer:
    """What the store knows → what programs see."""
    latest = order.latest
    return OrderAnswer(
        id=order.id,
        status=latest.key.removeprefix("order_"),
        contact_id=latest.contact,
        created_at=instant(order.since),
        updated_at=instant(latest.at),
        events=order.events,
        properties=latest.properties,
    )


def query_of(params: Params) -> ObjectQuery:
    """The filters of a request."""
    return ObjectQuery(
        type=ORDER,
        keys=tuple(f"order_{status}" for status in params.texts("status")),
        contacts=params.ids("contact"),
        since=params.instant("from"),
        until=params.instant("to"),
    )


def routes(services: Services) -> list[Route]:
    """Reading orders."""
    objects = services.store.objects

    @operation(query=KNOWN, answers={200: page_of("orders", OrderAnswer)})
    async def find(request: Request) -> Response:
        """Orders by contact, status and time of the last change, the one that changed last first."""
        params = Params(request, KNOWN)
        limit, after = params.limit(), params.cursor("orders", ObjectPlace)
        found = await objects.find(query_of(params), limit=limit + 1, after=after)
        shown = found[:limit]
        more = encode_cursor("orders", shown[-1][0]) if len(found) > limit else None
        return listing("orders", [answer_of(order) for _, order in shown], more)

    @operation(answers={200: OrderStory})
    async def get(request: Request) -> Response:
        """One order, with the events that told it."""
        Params(request, ())
        id = request.path_params["id"]
        order = await objects.get(ORDER, id)
        if order is None:
            raise unknown("order", id[:100])
        story = await objects.story(ORDER, id, limit=MAX_STORY)
        told = tuple(event_answer_of(event) for event in story)
        return answer(OrderStory(**msgspec.structs.asdict(answer_of(order)), story=told))

    return [
        Route("/api/orders", require(services, "read", find), methods=["GET"]),
        Route("/api/orders/{id:path}", require(services, "read", get), methods=["GET"]),
    ]
