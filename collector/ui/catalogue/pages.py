"""Which events are there? `/catalogue`: all, by family; `/catalogue/<category>/<key>`: one, and its schema."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import schemas
from collector.api.frame.problem import Problem
from collector.errors import Code
from collector.services import Services
from collector.store.ports.events import EventQuery
from collector.store.ports.rejections import RejectionQuery
from collector.store.ports.totals import KindTotal
from collector.ui.catalogue import carried, example, listing
from collector.ui.catalogue.derivation import SPANS, derivation, follows
from collector.ui.guard import Form, Guard
from collector.ui.messages.outbox.of_event import messages_of
from collector.ui.page import language_of
from collector.ui.times import DAY_MS
from sessionizer import catalogue as told
from sessionizer.catalogue import EVERYWHERE, FAMILIES, Row
from sessionizer.event import Kind
from sessionizer.properties.learned import properties_of

LATEST = 5
MAX_SITES = 500
DONE = {"pinned": "catalogue_done_pinned", "unpinned": "catalogue_done_unpinned"}
"""What was just done → the key of the sentence that says it."""
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
PLACES = {
    "by": BY,
    "arises": ARISES,
    "uses": USES,
    "everywhere": EVERYWHERE,
    "drifts": carried.DRIFTS,
    "misfits": carried.MISFITS,
}
"""What the table says in words of its own → the key of what people read."""


def routes(services: Services, guard: Guard) -> list[Route]:
    """Everybody sees; editors pin."""
    pages, one = CataloguePages(services, guard), "/catalogue/{category}/{key}"
    return [
        Route("/catalogue", guard.page(pages.find), methods=["GET"]),
        Route(one, guard.page(pages.get), methods=["GET"]),
        Route(f"{one}/schema", guard.change(pages.pin, needs="write"), methods=["POST"]),
        Route(f"{one}/unpin", guard.change(pages.unpin, needs="write"), methods=["POST"]),
    ]


class CataloguePages:
    """The pages of the catalogue."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """The families and their events, with what came of each."""
        wanted = _wanted(request)
        found = listing.entries((await self._came()).values(), language_of(request), self._today())
        context = {
            **self._places(),
            "sections": list(listing.sections(found, wanted)),
            "families": [*FAMILIES.values()],
            "wanted": wanted,
            "q": request.query_params.get("q", ""),
            "address": lambda family: _address(request, family),
            "is_filtered": wanted != listing.Wanted(),
        }
        return self._guard.render(request, "catalogue/catalogue.html", context, visitor=visitor)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One event: where it can be used, its properties, how to send it, its schema, the latest of its kind."""
        return await self._one(request, visitor)

    async def pin(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Hold the event to a schema: the one that was written, or the one that was learned."""
        kind = schemas.kind_of(request)
        try:
            await schemas.pin(kind, carried.body_of(form), self._services)
        except Problem as problem:
            draft = carried.Draft(form.get("schema", ""), form.get("misfit", "flag"), problem.detail)
            return await self._one(request, visitor, draft=draft)
        return RedirectResponse(f"{_address_of(kind)}?done=pinned#schema", 303)

    async def unpin(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """The event may carry anything again."""
        kind = schemas.kind_of(request)
        await schemas.unpin(kind, self._services)
        return RedirectResponse(f"{_address_of(kind)}?done=unpinned#schema", 303)

    async def _one(self, request: Request, visitor: Visitor, *, draft: carried.Draft | None = None) -> Response:
        """The page of one event. draft: the form as it was filled in, when something is wrong with it."""
        category, key = kind = (request.path_params["category"], request.path_params["key"])
        came = await self._came()
        row = listing.find(category, key, {*came, *self._services.pinned.by_kind})
        if row is None:
            raise HTTPException(404)
        context = {
            **self._places(),
            "entry": listing.entry(row, came.get(kind), language_of(request), self._today()),
            "category": told.CATEGORIES[category],
            "kin": FAMILIES[told.family_of(category)],
            "properties": example.properties(row),
            "latest": await self._services.store.events.find(
                EventQuery(categories=(category,), keys=(key,)), limit=LATEST
            ),
            "derivation": derivation(row),
            "follows": follows(row),
            "spans": SPANS,
            "query": urlencode({"category": category, "key": key}),
            "address": _address_of(kind),
            "done": DONE.get(request.query_params.get("done", ""), ""),
            "messages": await messages_of(kind, self._services),
            **await self._carried(request, row, draft),
        }
        return self._guard.render(
            request, "catalogue/event.html", context, visitor=visitor, status=400 if draft else 200
        )

    async def _carried(self, request: Request, row: Row, draft: carried.Draft | None) -> Mapping[str, Any]:
        """What was learned of it, how it is sent, and to what schema it is held."""
        store, pinned = self._services.store, self._services.pinned.by_kind.get((row.category, row.key))
        shape = await store.learned.of(row.category, row.key) if row.category == told.CUSTOM else None
        refused = await store.rejections.find(RejectionQuery(codes=(Code.SCHEMA_MISFIT,)), limit=MAX_SITES)
        sent = row._replace(properties=properties_of(shape)) if shape else row
        return {
            "call": example.call(sent),
            "curl": example.request(sent, _origin(request)) if row.arises != "derived" else "",
            "carried": carried.carried(shape),
            "looked_at": shape.looked_at.count if shape else 0,
            "pinned": pinned,
            "may_pin": row.arises != "derived",
            "draft": draft or carried.draft_of(row, pinned, shape),
            "misfitting": carried.misfits(refused, row),
        }

    def _today(self) -> int:
        return self._services.clock() // DAY_MS

    async def _came(self) -> Mapping[Kind, KindTotal]:
        """What came of each kind, with its last days."""
        totals = await self._services.store.totals.kinds(since_day=self._today() - listing.DAYS + 1)
        return {(total.category, total.key): total for total in totals}

    def _places(self) -> Mapping[str, Any]:
        """What both pages need to say what the table says."""
        return {**PLACES, "pins": self._services.pinned.by_kind}


def _address_of(kind: Kind) -> str:
    """Of the page of one event."""
    return f"/catalogue/{kind[0]}/{quote(kind[1], safe='')}"


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
