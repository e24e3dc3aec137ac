"""What has happened? `/events`: the newest first, filters in the address; `/events/<id>`: one, whole."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import events as api
from collector.api.cursor import encode_cursor
from collector.api.params import Params
from collector.api.problem import Problem
from collector.services import Services
from collector.store.ports.events import EventQuery, Place
from collector.ui.guard import Guard
from sessionizer.catalogue import CATALOGUE, CATEGORIES

ROWS = 50


def routes(services: Services, guard: Guard) -> list[Route]:
    """The event log."""
    events = services.store.events

    async def show(request: Request, visitor: Visitor) -> Response:
        """The list; a filter that makes no sense is said, and the list is whole."""
        params = Params(request, api.KNOWN)
        try:
            query, after, problem = api.query_of(params), params.cursor("events", Place), ""
        except Problem as error:
            query, after, problem = EventQuery(), None, error.detail
        found = await events.find(query, limit=ROWS + 1, after=after)
        shown = found[:ROWS]
        context = {
            "events": shown,
            "next": _next(request, shown[-1]) if len(found) > ROWS else "",
            "problem": problem,
            "given": request.query_params,
            "is_filtered": any(request.query_params.values()),
            "categories": CATEGORIES,
            "query": request.url.query,
        }
        return guard.render(request, "events/events.html", context, visitor=visitor)

    async def get(request: Request, visitor: Visitor) -> Response:
        """One event: payload, session, person."""
        event = await events.get(request.path_params["id"])
        if event is None:
            raise HTTPException(404)
        answer = msgspec.to_builtins(api.answer_of(event))
        row = CATALOGUE.get((event.category, event.key))
        context = {
            "event": event,
            "label": {"it": row.label_it, "en": row.label_en} if row else {},
            "raw": json.dumps(answer, indent=2, ensure_ascii=False),
            "properties": json.dumps(answer["properties"], indent=2, ensure_ascii=False),
        }
        return guard.render(request, "events/event.html", context, visitor=visitor)

    return [
        Route("/events", guard.page(show), methods=["GET"]),
        Route("/events/{id:path}", guard.page(get), methods=["GET"]),
    ]


def _next(request: Request, last: Any) -> str:
    """The address of the next page: the same filters, behind the last row."""
    filters: Mapping[str, str] = request.query_params
    kept = [(name, value) for name, value in filters.items() if name != "cursor"]
    return "?" + urlencode([*kept, ("cursor", encode_cursor("events", api.place_of(last)))])
