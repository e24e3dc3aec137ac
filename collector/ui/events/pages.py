"""What has happened? `/events`: the newest first, filters in the address, one open beside; `/events/<id>`: one."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import events as api
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.params import Params
from collector.api.frame.problem import Problem
from collector.instant import instant
from collector.services import Services
from collector.store.ports.events import EventQuery, Place, Which
from collector.store.property import OPERATORS
from collector.ui.contacts.timeline import label
from collector.ui.events import export, filters, payload, rejected
from collector.ui.events.filters import Pairs
from collector.ui.events.panel import address_of, view_of
from collector.ui.events.rows import TELLING, lines
from collector.ui.guard import Guard
from collector.ui.page import language_of
from collector.ui.times import DAY_MS
from collector.ui.twins import OF_SCREENS
from sessionizer.catalogue import CATEGORIES, family_of

ROWS = 50
MOST_BOTS = 100
"""So many hidden ones are counted beside an empty list."""
STANDS_STILL = ("cursor", "to", "order")
"""With one of them in the address nothing new comes in at the top."""
SOURCES = "tracker api brevo segment cloudevents import derived receipt".split()
FIELDS = ("q", "source", "contact", "from", "to", "bots", "superseded")
"""Parameters that the form has a field for; of `site` when there are several."""


class Asked(msgspec.Struct, frozen=True):
    """What the address asks for. problem: why it makes no sense, then the list is whole."""

    query: EventQuery
    after: Place | None = None
    problem: str = ""


def routes(services: Services, guard: Guard) -> list[Route]:
    """The event log. The last route takes any id, so it comes last."""
    pages = EventPages(services, guard)
    return [
        Route("/events", guard.page(pages.show), methods=["GET"]),
        *export.routes(services, guard),
        *rejected.routes(services, guard),
        Route("/events/{id:path}", guard.page(pages.get), methods=["GET"]),
    ]


class EventPages:
    """The list and one of it."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._store, self._guard = services, services.store, guard

    async def show(self, request: Request, visitor: Visitor) -> Response:
        """The list; a filter that makes no sense is said, and the list is whole."""
        given = request.query_params.multi_items()
        pairs = filters.canonical(given)
        if pairs != given:
            return RedirectResponse(filters.address(pairs, "/events"), 303)
        asked = asked_by(request)
        found = await self._store.events.find(asked.query, limit=ROWS + 1, after=asked.after)
        shown = found[:ROWS]
        context = {
            "lines": await lines(shown, self._store.contacts, language_of(request)),
            "next": next_of(pairs, shown[-1], asked) if len(found) > ROWS else "",
            "problem": asked.problem,
            "is_live": not asked.problem and not any(value for name, value in pairs if name in STANDS_STILL),
            "open": request.query_params.get("open", ""),
            "view": None,
            "bots": 0 if shown else await self._bots(asked.query),
            "most_bots": MOST_BOTS,
            "bots_link": filters.address(
                [*filters.filters(filters.without(pairs, "bots")), ("bots", "include")], "/events"
            ),
            **await self._frame(request, pairs),
        }
        if context["open"] and (event := await self._store.events.get(context["open"])):
            context["view"] = await view_of(event, request, self._services)
        return self._guard.render(request, "events/events.html", {**context, **_shared(request)}, visitor=visitor)

    async def _bots(self, query: EventQuery) -> int:
        """How many events of bots there would be, were they not hidden; one more than MOST_BOTS for more."""
        if query.bots is not Which.EXCLUDE:
            return 0
        only = msgspec.structs.replace(query, bots=Which.ONLY)
        return len(await self._store.events.find(only, limit=MOST_BOTS + 1))

    async def _frame(self, request: Request, pairs: Pairs) -> Mapping[str, Any]:
        """What stands around the list: tabs, the form, what is at work."""
        language, now = language_of(request), self._services.clock()
        totals = await self._store.totals.kinds(since_day=now // DAY_MS)
        kept, sites = filters.filters(pairs), await asyncio.to_thread(self._services.keys.sites.all)
        sources = [value for name, value in pairs if name == "source" and value]
        return {
            "tabs": filters.tabs(pairs, totals, language),
            "options": filters.options(pairs, totals, language),
            "chips": filters.chips(pairs),
            "sites": sites,
            "site_names": {site.id: site.name for site in sites},
            "spans": filters.spans(pairs, now),
            "hidden": filters.hidden(pairs, FIELDS if len(sites) == 1 else (*FIELDS, "site")),
            "given": dict(reversed(pairs)),
            "local": filters.local,
            "sources": list(dict.fromkeys([*SOURCES, *sources])),
            "operators": list(OPERATORS),
            "query": filters.address(kept).removeprefix("?"),
            "is_filtered": bool(kept),
            "open_link": lambda id: filters.address([*filters.without(pairs, "open"), ("open", id)]),
            "close_link": filters.address(filters.without(pairs, "open"), "/events"),
            "telling": TELLING,
            "money": sorted(payload.MONEY),
            "families": {category: family_of(category) for category in CATEGORIES},
        }

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One event: payload, session, person."""
        event = await self._store.events.get(request.path_params["id"])
        if event is None:
            raise HTTPException(404)
        context = {"view": await view_of(event, request, self._services), "close_link": "", "open_link": address_of}
        return self._guard.render(request, "events/event.html", {**context, **_shared(request)}, visitor=visitor)


def asked_by(request: Request) -> Asked:
    """What the address asks for, or why it makes no sense."""
    try:
        params = Params(request, (*api.KNOWN, *OF_SCREENS))
        query = api.query_of(params)
        return Asked(query, params.cursor("recorded" if query.recorded else "events", Place))
    except Problem as error:
        return Asked(EventQuery(), problem=error.detail)


def next_of(pairs: Pairs, last: Any, asked: Asked) -> str:
    """The address of the next page: the same filters, behind the last row."""
    noun = "recorded" if asked.query.recorded else "events"
    cursor = encode_cursor(noun, api.place_of(last))
    return filters.address([*filters.filters(pairs), ("cursor", cursor)])


def _shared(request: Request) -> Mapping[str, Any]:
    """What the parts of a payload are shown with."""
    language = language_of(request)
    return {
        "instant": instant,
        "shape": payload.shape,
        "kind_label": lambda category, key: label(category, key, language),
        "columns": payload.columns,
        "currency_of": payload.currency_of,
        "worded": lambda value, name="", currency="": payload.worded(value, language, name=name, currency=currency),
    }
