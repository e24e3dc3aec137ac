"""Which events were there? `GET /api/events`, `/api/events/<id>`; the timeline of a contact asks the same way."""

import enum
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
from collector.store.ports.events import EventQuery, Events, Place, StoredEvent, Which
from collector.store.property import parse_condition
from sessionizer.event import Agent, Page

FILTERS = tuple("category key contact visitor_id site source from to superseded bots q property".split())
"""The parameters that narrow: of the list, of the stream and, without `contact`, of a timeline."""

KNOWN = (*FILTERS, "order", *PAGING)


class Order(enum.StrEnum):
    """Newest occurred first, or newest recorded first as the live tail has it."""

    OCCURRED = "occurred"
    RECORDED = "recorded"


class PageAnswer(msgspec.Struct, frozen=True):
    """The page on which it happened."""

    url: str
    title: str | None
    referrer: str | None


class AgentAnswer(msgspec.Struct, frozen=True):
    """By what it was done; null where it is not known."""

    browser: str | None
    os: str | None
    device: str | None
    bot: bool


class ObjectAnswer(msgspec.Struct, frozen=True):
    """The thing that it is about."""

    type: str
    id: str


class EventAnswer(msgspec.Struct, frozen=True):
    """An event as programs see it (INTERFACES 5). site: its number. Absent things are null, empty collections empty."""

    id: str
    category: str
    key: str
    source: str
    occurred_at: Instant
    received_at: Instant
    site: int | None
    visitor_id: str | None
    contact_id: int | None
    session_id: str | None
    page: PageAnswer | None
    agent: AgentAnswer | None
    properties: Mapping[str, Any]
    identifiers: Mapping[str, str]
    object: ObjectAnswer | None
    causes: tuple[str, ...]
    superseded: bool
    late: bool


EventPage = page_of("events", EventAnswer)


def answer_of(event: StoredEvent) -> EventAnswer:
    """What the store knows → what programs see."""
    return EventAnswer(
        id=event.id,
        category=event.category,
        key=event.key,
        source=event.source,
        occurred_at=instant(event.at),
        received_at=instant(event.received_at),
        site=event.site or None,
        visitor_id=event.visitor or None,
        contact_id=event.contact,
        session_id=event.session,
        page=seen_of(event.page),
        agent=agent_of(event.agent),
        properties=event.properties,
        identifiers=event.identifiers,
        object=ObjectAnswer(event.object.type, event.object.id) if event.object else None,
        causes=event.causes,
        superseded=event.superseded,
        late=event.late,
    )


def seen_of(page: Page | None) -> PageAnswer | None:
    """The page, None where there was none."""
    return None if page is None else PageAnswer(page.url, page.title or None, page.referrer or None)


def agent_of(agent: Agent | None) -> AgentAnswer | None:
    """The agent, None where it is not known at all."""
    if agent is None:
        return None
    return AgentAnswer(agent.browser or None, agent.os or None, agent.device or None, agent.bot)


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
