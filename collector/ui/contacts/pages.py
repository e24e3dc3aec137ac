"""Who is known? `/contacts`: people, the newest first; `/contacts/<id>`: one, who they are and what they did."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import events as events_api
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.params import MAX_ID, Params, is_digits
from collector.api.people import contacts as api
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, Resolved
from collector.store.ports.events import Place, StoredEvent, Which
from collector.ui.automations.of_contact import walks_of
from collector.ui.contacts import names, timeline
from collector.ui.contacts.columns import columns_of
from collector.ui.events.payload import worded
from collector.ui.guard import Form, Guard
from collector.ui.lists.of_contact import lists_of
from collector.ui.messages.outbox.of_contact import Letter, Letters, letters_of
from collector.ui.page import language_of
from collector.ui.segments.of_contact import segments_of
from sessionizer.session import Session

ROWS = 50
TIMELINE_ROWS = 200
WHO = {"contacts_all": None, "contacts_identified": False, "contacts_anonymous": True}
"""The chips over the list, and what they ask for."""
CONSENTS = {"unknown": "consent_unknown", "granted": "consent_granted", "denied": "consent_denied"}


def routes(services: Services, guard: Guard) -> list[Route]:
    """People."""
    pages = ContactPages(services, guard)
    return [
        Route("/contacts", guard.page(pages.show), methods=["GET"]),
        Route("/contacts/{id}", guard.page(pages.get), methods=["GET"]),
        Route("/contacts/{id}/write", guard.change(pages.write, needs="write"), methods=["POST"]),
    ]


class ContactPages:
    """The list and one of them."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._store, self._guard = services, services.store, guard
        self._letters = Letters(services)

    async def show(self, request: Request, visitor: Visitor) -> Response:
        """The list, by any identifier."""
        query, before = query_of(request), request.query_params.get("before", "")
        found = await self._store.contacts.find(
            query, limit=ROWS + 1, before=int(before) if is_digits(before) else None
        )
        shown = found[:ROWS]
        asked = request.query_params.getlist("columns")
        kept = filters_of(query)
        context = {
            "contacts": shown,
            "columns": columns_of(asked, shown),
            "asked": asked,
            "query": query,
            "who": [(name, address(kept | {"anonymous": said(wanted)}, asked), query.anonymous is wanted)
                    for name, wanted in WHO.items()],
            "next": address(kept | {"before": shown[-1].id}, asked) if len(found) > ROWS else "",
            "first": address(kept, asked) if before else "",
            "twin": "/contacts.json" + address(kept),
            **CALLED,
        }  # fmt: skip
        return self._guard.render(request, "contacts/contacts.html", context, visitor=visitor)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One person; an absorbed id leads to the one who is left."""
        resolved = await self._resolved(request)
        if str(resolved.survivor) != request.path_params["id"]:
            return RedirectResponse(f"/contacts/{resolved.survivor}", 308)
        return await self._one(request, visitor, resolved)

    async def write(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A mail to this person; with what is wrong the page comes back, and the letter in it."""
        resolved = await self._resolved(request)
        written = await self._letters.write(resolved.survivor, form, language_of(request))
        if isinstance(written, Letter):
            return await self._one(request, visitor, resolved, letter=written)
        return RedirectResponse(f"/contacts/{resolved.survivor}?written={written}#letters", 303)

    async def _resolved(self, request: Request) -> Resolved:
        """Who is meant. Raises HTTPException 404."""
        text = request.path_params["id"]
        id = int(text) if is_digits(text) else 0
        resolved = await self._store.contacts.resolve(id) if 0 < id < MAX_ID else None
        if resolved is None:
            raise HTTPException(404)
        return resolved

    async def _one(
        self, request: Request, visitor: Visitor, resolved: Resolved, *, letter: Letter | None = None
    ) -> Response:
        """The page of one person. letter: that was not sent."""
        id = resolved.survivor
        contact = await self._store.contacts.get(id)
        if contact is None:
            raise HTTPException(404)
        written = request.query_params.get("written", "")
        context = {
            "contact": contact,
            "story": await self._store.contacts.story(id),
            "lists": await lists_of(contact, self._services),
            "segments": await segments_of(resolved, self._services, many="segments" in request.query_params),
            "walks": await walks_of(resolved, self._services),
            **await letters_of(contact, self._services, letter=letter, written=written),
            **await self._trail(request, id),
            **CALLED,
        }
        status = 422 if letter else 200
        return self._guard.render(request, "contacts/contact.html", context, visitor=visitor, status=status)

    async def _trail(self, request: Request, id: int) -> dict[str, Any]:
        """One page of what they did. Raises Problem 400."""
        params = Params(request, (*api.TIMELINE, "segments", "written"))
        query = events_api.query_of(params, (id,))
        found = await self._store.events.find(query, limit=TIMELINE_ROWS + 1, after=params.cursor("events", Place))
        shown, language = found[:TIMELINE_ROWS], language_of(request)
        visits, heirs = await self._visits(shown)
        kept = {} if query.superseded is Which.EXCLUDE else {"superseded": query.superseded.value}
        return {
            "days": timeline.days_of(shown, visits, heirs),
            "families": timeline.families(query.categories, kept, language),
            "everything": address(kept),
            "corrections": address({"category": query.categories, "superseded": "" if kept else Which.INCLUDE.value}),
            "is_corrected": bool(kept),
            "is_all": not query.categories,
            "is_first": "cursor" not in request.query_params and query.until is None,
            "newest": address({"category": query.categories, **kept}),
            "next": older(request, shown[-1]) if len(found) > TIMELINE_ROWS else "",
            "live": "/api/events/stream" + address({"contact": id, "category": query.categories}),
            "worded": worded,
            **timeline.telling_of(shown, heirs, language),
        }

    async def _visits(self, shown: list[StoredEvent]) -> tuple[Mapping[str, Session], Mapping[str, str]]:
        """The sessions in which these happened, by id; and which of them took the place of which."""
        ids = list(dict.fromkeys(event.session for event in shown if event.session))
        heirs = await self._store.sessions.successors(ids)
        wanted = list(dict.fromkeys([*ids, *heirs.values()]))
        return {stored.session.id: stored.session for stored in await self._store.sessions.several(wanted)}, heirs


CALLED = {"called": names.called, "initials": names.initials, "consents": CONSENTS}
"""With what templates say a person."""


def query_of(request: Request) -> ContactQuery:
    """The filters of the address; a word that is none of ours narrows nothing."""
    given = request.query_params
    anonymous = {"true": True, "false": False}.get(given.get("anonymous", ""))
    return ContactQuery(q=given.get("q", "").strip(), anonymous=anonymous)


def filters_of(query: ContactQuery) -> dict[str, Any]:
    """The filters as the address, and the API, have them."""
    return {"q": query.q, "anonymous": said(query.anonymous)}


def said(anonymous: bool | None) -> str:
    """As a parameter; "" for all."""
    return "" if anonymous is None else str(anonymous).lower()


def address(filters: Mapping[str, Any], columns: list[str] | None = None) -> str:
    """`?q=…`, without what is empty."""
    given = {name: value for name, value in {**filters, "columns": columns}.items() if value}
    return "?" + urlencode(given, doseq=True)


def older(request: Request, last: StoredEvent) -> str:
    """The address of the next page of a timeline: the same filters, behind the last event."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return "?" + urlencode([*kept, ("cursor", encode_cursor("events", events_api.place_of(last)))])
