"""What was a webhook told? `/api/webhooks/<id>/deliveries`, and again: `…/<delivery>/replay`, `/replay`."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import bad_body, body_of
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import unknown
from collector.api.webhooks.bodies import Replayed, Since, WebhookDeliveryAnswer, delivery_of
from collector.api.webhooks.definitions import named
from collector.api.webhooks.desk import Desk
from collector.errors import Code
from collector.instant import parse_instant
from collector.services import Services
from collector.store.ports.webhooks.deliveries import STATES, State

KNOWN = ("delivery_state", *PAGING)


class Place(NamedTuple):
    """Where the list goes on: behind the event at this offset."""

    offset: int


def routes(services: Services) -> list[Route]:
    """Looking, and telling again."""
    pages = DeliveryPages(services)
    one = "/api/webhooks/{id}"
    return [
        Route(f"{one}/deliveries", require(services, "read", pages.find), methods=["GET"]),
        Route(f"{one}/deliveries/{{delivery}}/replay", require(services, "admin", pages.again), methods=["POST"]),
        Route(f"{one}/replay", require(services, "admin", pages.again_since), methods=["POST"]),
    ]


class DeliveryPages:
    """Deliveries of a webhook."""

    def __init__(self, services: Services) -> None:
        self._desk = Desk(services)

    @operation(places=("id",), query=KNOWN, answers={200: page_of("deliveries", WebhookDeliveryAnswer)})
    async def find(self, request: Request) -> Response:
        """The newest event first. Kept for 30 days, and of what is done the last 10,000."""
        params = Params(request, KNOWN)
        limit, place = params.limit(), params.cursor("webhook_deliveries", Place)
        state, webhook = params.one("delivery_state", state_of, None), await named(request, self._desk)
        before = place.offset if place else None
        found = await self._desk.deliveries(webhook, state=state, limit=limit + 1, before=before)
        shown = found[:limit]
        last = Place(shown[-1].delivery.offset) if len(found) > limit else None
        more = encode_cursor("webhook_deliveries", last) if last else None
        return listing("deliveries", [delivery_of(one) for one in shown], more)

    @operation(places=("id",), answers={200: WebhookDeliveryAnswer})
    async def again(self, request: Request) -> Response:
        """Tell it once more, now, by the same id; one that waits goes when it is due."""
        Params(request, ())
        webhook, id = await named(request, self._desk), request.path_params["delivery"]
        await self._desk.again(webhook, id)
        found = await self._desk.delivery(webhook, id)
        if found is None:
            raise unknown("delivery", id[:100])
        return answer(delivery_of(found))

    @operation(places=("id",), body=Since, answers={200: Replayed})
    async def again_since(self, request: Request) -> Response:
        """Tell once more everything that failed or was dropped since then."""
        body = await body_of(request, Since)
        since = parse_instant(body.since)
        if since is None:
            raise bad_body(["since"], "a time such as 2026-11-24T10:00:00.000Z", Code.BAD_TIME)
        webhook = await named(request, self._desk)
        return answer(Replayed(await self._desk.again_since(webhook, since)))


def state_of(text: str) -> State | None:
    """Raises ValueError."""
    if text not in STATES:
        raise ValueError(f"one of {' '.join(STATES)}, not {text[:40]!r}")
    return text
