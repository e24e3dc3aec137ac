"""Which events are there? `/catalogue`: all, by family; `/catalogue/<category>/<key>`: one, and how it is sent."""

from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.services import Services
from collector.store.ports.events import EventQuery
from collector.ui.catalogue import example, listing
from collector.ui.catalogue.derivation import SPANS, derivation, follows
from collector.ui.guard import Guard
from collector.ui.page import language_of
from collector.ui.times import DAY_MS
from sessionizer import catalogue as told
from sessionizer.catalogue import EVERYWHERE, FAMILIES

LATEST = 5
BY = {
    told.TRACKER: "by_tracker",
    told.SERVICE_WORKER: "by_service_worker",
    told.PROVIDER: "by_provider",
    told.CONSOLE: "by_console",
    told.IDENTITY: "by_identity",
    told.PRIVACY: "by_privacy",
    told.EMAIL: "by_email",
    told.SMS: "by_sms",
    told.WHATSAPP: "by_whatsapp",
    told.WEB_PUSH: "by_web_push",
    told.INACTIVITY: "by_inactivity",
    told.DEADLINE: "by_deadline",
    told.THRESHOLD: "by_threshold",
    told.RECURRENCE: "by_recurrence",
    told.SEGMENTS: "by_segments",
}
ARISES = {"given": "arises_given", "derived": "arises_derived", "receipt": "arises_receipt"}
USES = {
    "log": "use_log",
    "contact": "use_contact",
    "segment": "use_segment",
    "trigger": "use_trigger",
    "template": "use_template",
}
PLACES = {"by": BY, "arises": ARISES, "uses": USES, "everywhere": EVERYWHERE}
"""What the table says in words of its own → the key of what people read."""


def routes(services: Services, guard: Guard) -> list[Route]:
    """The catalogue."""
    totals, events = services.store.totals, services.store.events

    def today() -> int:
        return services.clock() // DAY_MS

    async def show(request: Request, visitor: Visitor) -> Response:
        """The families and their events, with what came of each."""
        wanted = _wanted(request)
        since = today() - listing.DAYS + 1
        found = listing.entries(await totals.kinds(since_day=since), language_of(request), today())
        context = {
            **PLACES,
            "sections": list(listing.sections(found, wanted)),
            "families": [*FAMILIES.values()],
            "wanted": wanted,
            "q": request.query_params.get("q", ""),
            "address": lambda family: _address(request, family),
            "is_filtered": wanted != listing.Wanted(),
        }
        return guard.render(request, "catalogue/catalogue.html", context, visitor=visitor)

    async def get(request: Request, visitor: Visitor) -> Response:
        """One event: where it can be used, its properties, how to send it, the latest of its kind."""
        category, key = request.path_params["category"], request.path_params["key"]
        since = today() - listing.DAYS + 1
        came = {(total.category, total.key): total for total in await totals.kinds(since_day=since)}
        row = listing.find(category, key, came)
        if row is None:
            raise HTTPException(404)
        latest = await events.find(EventQuery(categories=(category,), keys=(key,)), limit=LATEST)
        context: dict[str, Any] = {
            **PLACES,
            "entry": listing.entry(row, came.get((category, key)), language_of(request), today()),
            "category": told.CATEGORIES[category],
            "kin": FAMILIES[told.family_of(category)],
            "properties": example.properties(row),
            "call": example.call(row),
            "curl": example.request(row, _origin(request)) if row.arises != "derived" else "",
            "latest": latest,
            "derivation": derivation(row),
            "follows": follows(row),
            "spans": SPANS,
            "query": urlencode({"category": category, "key": key}),
        }
        return guard.render(request, "catalogue/event.html", context, visitor=visitor)

    return [
        Route("/catalogue", guard.page(show), methods=["GET"]),
        Route("/catalogue/{category}/{key}", guard.page(get), methods=["GET"]),
    ]


def _wanted(request: Request) -> listing.Wanted:
    """The filters of the address; a family that there is not is none."""
    given = request.query_params
    family = given.get("family", "")
    words = tuple(given.get("q", "").casefold().split())
    is_active, is_seen = bool(given.get("activity")), bool(given.get("seen"))
    return listing.Wanted(family if family in FAMILIES else "", words, only_seen=is_seen, only_active=is_active)


def _address(request: Request, family: str) -> str:
    """The same list of another family."""
    kept = ("q", "seen", "activity")
    given = [(name, value) for name, value in request.query_params.items() if name in kept and value]
    query = urlencode([*given, ("family", family)] if family else given)
    return f"/catalogue?{query}" if query else "/catalogue"


def _origin(request: Request) -> str:
    """The collector, as this very page was asked for."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}"
