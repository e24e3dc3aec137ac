"""Which visits were there? `/sessions`: how many, when, and each; `one.py` shows one."""

import asyncio
from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import sessions as api
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.params import Params
from collector.api.frame.problem import Problem
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, StoredContact
from collector.store.ports.sessions import SessionPlace, SessionQuery, StoredSession
from collector.store.ports.totals import Part, SessionFilter
from collector.ui.contacts.pages import CALLED
from collector.ui.guard import Guard
from collector.ui.page import language_of, translator
from collector.ui.sessions.chart import Chart, chart_of, drawn
from collector.ui.sessions.one import DEVICES, SessionPage
from collector.ui.sessions.window import PRESETS, as_asked, preset_of, window_of

ROWS = 50
MAX_PATH = 60
SPLITS: Mapping[str, str] = {"": "sessions_all", "site": "site", "source": "source", "device": "device"}
SPANS = {"24h": "sessions_day", "7d": "sessions_week", "30d": "sessions_month"}


def routes(services: Services, guard: Guard) -> list[Route]:
    """Visits."""
    pages = SessionPages(services, guard)
    return [
        Route("/sessions", guard.page(pages.show), methods=["GET"]),
        Route("/sessions/{id}", guard.page(SessionPage(services, guard).get), methods=["GET"]),
    ]


class SessionPages:
    """The chart with the list."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._store, self._guard = services, services.store, guard

    async def show(self, request: Request, visitor: Visitor) -> Response:
        """The chart and the list; a filter that makes no sense is said, and the list is whole."""
        asked, problem = as_asked(request, self._services.clock()), ""
        try:
            params = Params(asked, api.KNOWN)
            query, after = api.query_of(params), params.cursor("sessions", SessionPlace)
        except Problem as error:
            query, after, problem = SessionQuery(), None, error.detail
        found = await self._store.sessions.find(query, limit=ROWS + 1, after=after)
        shown = found[:ROWS]
        sites = {site.id: site.name for site in await asyncio.to_thread(self._services.keys.sites.all)}
        context = {
            "sessions": shown,
            "whose": await self._whose(shown),
            "sites": sites,
            "problem": problem,
            "given": request.query_params,
            "twin": f"/sessions.json?{without(asked, 'cursor')}",
            "next": address(request, cursor=encode_cursor("sessions", api.place_of(shown[-1])))
            if len(found) > ROWS
            else "",
            "first": address(request) if after else "",
            "presets": [(SPANS[name], address(request, last=name), preset_of(request) == name) for name in PRESETS],
            "devices": DEVICES,
            "link": lambda **change: address(request, **change),
            "path_of": path_of,
            "chart": None if query.contacts else await self._charted(request, query, sites),
            **CALLED,
        }
        return self._guard.render(request, "sessions/sessions.html", context, visitor=visitor)

    async def _whose(self, shown: list[StoredSession]) -> Mapping[int, StoredContact]:
        """Whose these are, by id."""
        ids = tuple({stored.contact for stored in shown})
        found = await self._store.contacts.find(ContactQuery(ids=ids), limit=ROWS) if ids else []
        return {contact.id: contact for contact in found}

    async def _charted(self, request: Request, query: SessionQuery, sites: Mapping[int, str]) -> dict[str, Any]:
        """The chart of these sessions, whole and split."""
        window = window_of(query, self._services.clock())
        by = next((part for part in get_args(Part) if part == request.query_params.get("by")), None)
        which = SessionFilter(
            since=window.since, until=window.until, sites=query.sites, sources=query.sources, devices=query.devices
        )
        rows = await self._store.totals.sessions(which, step=window.step, by=by)
        chart = chart_of(rows, window.places)
        names = names_of(chart, by, sites, request)
        return {
            "by": [(word, address(request, by=name), name == (by or "")) for name, word in SPLITS.items()],
            "step": window.step,
            "rows": [
                (at, counts) for at, *counts in zip(chart.at, *(line.counts for line in chart.lines), strict=True)
            ],
            "names": names,
            "drawn": drawn(chart, names, window.step),
            **tiles(chart),
        }


def names_of(chart: Chart, by: Part | None, sites: Mapping[int, str], request: Request) -> list[str]:
    """What people call the lines."""
    t = translator(language_of(request))

    def name_of(part: str | None) -> str:
        if part is None:
            return t("sessions_others")
        if by == "site":
            return sites.get(int(part), part)
        if by == "device":
            return t(DEVICES[part]) if part in DEVICES else part
        return part or t("session_direct" if by == "source" else "sessions")

    return [name_of(line.part) for line in chart.lines]


def tiles(chart: Chart) -> dict[str, Any]:
    """How many there were, and when the most."""
    totals = chart.totals
    most = max(totals, default=0)
    return {"sum": sum(totals), "most": most, "most_at": chart.at[totals.index(most)] if most else None}


def address(request: Request, **change: str) -> str:
    """The same page with other filters, from its beginning."""
    kept = {name: values for name in request.query_params if (values := request.query_params.getlist(name))}
    if "last" in change:
        kept |= {"from": [], "to": []}
    given = {**kept, "cursor": [], **{name: [value] for name, value in change.items()}}
    return "?" + urlencode([(name, value) for name, values in given.items() for value in values if value])


def without(request: Request, name: str) -> str:
    """The request's query but for one parameter."""
    return urlencode([pair for pair in request.query_params.multi_items() if pair[0] != name])


def path_of(url: str) -> str:
    """`/shoes` of an address; as it is when it is none. Cut where nobody reads on."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:MAX_PATH]
    return (parts.path or "/" if parts.netloc else url)[:MAX_PATH]
