"""Which events were there? `GET /api/events`, `/api/events/<id>`; the timeline of a contact asks the same way."""

import enum

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer, listing
from collector.api.frame.auth import require
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import unknown
from collector.services import Services
from collector.store.ports.events import EventQuery, Events, Place, StoredEvent, Which
from collector.store.property import parse_condition
from collector.told.event import EventAnswer, answer_of

FILTERS = tuple("category key contact visitor_id site source from to superseded bots q property".split())
"""The parameters that narrow: of the list, of the stream and, without `contact`, of a timeline."""

KNOWN = (*FILTERS, "order", *PAGING)


class Order(enum.StrEnum):
    """Newest occurred first, or newest recorded first as the live tail has it."""

    OCCURRED = "occurred"
    RECORDED = "recorded"


EventPage = page_of("events", EventAnswer)


def query_of(params: Params, contacts: tuple[int, ...] | None = None) -> EventQuery:
    """The filters of a request. contacts: given by the route, as a timeline's are."""
    return EventQuery(
        categories=params.texts("category"),
        keys=params.texts("key"),
        contacts=params.ids("contact") if contacts is None else contacts,
        visitors=params.texts("visitor_id"),
        sites=params.ids("site"),
        sources=params.texts("source"),
        since=params.instant("from"),
        until=params.instant("to"),
        superseded=params.choice("superseded", Which.EXCLUDE),
        bots=params.choice("bots", Which.EXCLUDE),
        q=params.text("q").strip(),
        properties=params.each("property", parse_condition),
        recorded=params.choice("order", Order.OCCURRED) is Order.RECORDED,
    )


async def page(events: Events, params: Params, query: EventQuery) -> Response:
    """One page of the list, and where it goes on. One row more is asked for, to know whether it does."""
    limit = params.limit()
    noun = "recorded" if query.recorded else "events"
    found = await events.find(query, limit=limit + 1, after=params.cursor(noun, Place))
    shown = found[:limit]
    more = encode_cursor(noun, place_of(shown[-1])) if len(found) > limit else None
    return listing("events", [answer_of(event) for event in shown], more)


def place_of(event: StoredEvent) -> Place:
    """Where the event stands in a list."""
    return Place(event.at, event.id, event.offset)


def routes(services: Services) -> list[Route]:
    """Reading events. The stream's route must come before: an id may be any text."""
    events = services.store.events

    @operation(query=KNOWN, answers={200: EventPage})
    async def find(request: Request) -> Response:
        """Events by kind, contact, visitor, site, source, time and properties, newest first."""
        params = Params(request, KNOWN)
        return await page(events, params, query_of(params))

    @operation(answers={200: EventAnswer})
    async def get(request: Request) -> Response:
        """One event."""
        Params(request, ())
        id = request.path_params["id"]
        event = await events.get(id)
        if event is None:
            raise unknown("event", id)
        return answer(answer_of(event))

    return [
        Route("/api/events", require(services, "read", find), methods=["GET"]),
        Route("/api/events/{id:path}", require(services, "read", get), methods=["GET"]),
    ]
