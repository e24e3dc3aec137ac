"""Who is known? `/contacts`: people, the newest first; `/contacts/<id>`: one, and what they did, by day."""

from itertools import groupby
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api.params import MAX_ID, is_digits
from collector.services import Services
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.events import EventQuery
from collector.ui.guard import Guard
from collector.ui.times import DAY_MS

ROWS = 50
TIMELINE_ROWS = 200


def routes(services: Services, guard: Guard) -> list[Route]:
    """People."""
    contacts, events = services.store.contacts, services.store.events

    async def show(request: Request, visitor: Visitor) -> Response:
        """The list, by any identifier."""
        q, before = request.query_params.get("q", "").strip(), request.query_params.get("before", "")
        place = int(before) if is_digits(before) else None
        found = await contacts.find(ContactQuery(q=q), limit=ROWS + 1, before=place)
        shown = found[:ROWS]
        more = shown[-1].id if len(found) > ROWS else None
        return guard.render(
            request, "contacts/contacts.html", {"contacts": shown, "q": q, "more": more}, visitor=visitor
        )

    async def get(request: Request, visitor: Visitor) -> Response:
        """One person; an absorbed id leads to the one who is left."""
        text = request.path_params["id"]
        id = int(text) if is_digits(text) else 0
        resolved = await contacts.resolve(id) if 0 < id < MAX_ID else None
        contact = await contacts.get(resolved.survivor) if resolved else None
        if resolved is None or contact is None:
            raise HTTPException(404)
        if resolved.survivor != id:
            return RedirectResponse(f"/contacts/{resolved.survivor}", 308)
        found = await events.find(EventQuery(contacts=(id,)), limit=TIMELINE_ROWS)
        context: dict[str, Any] = {
            "contact": contact,
            "days": [(at, list(same)) for at, same in groupby(found, key=lambda event: event.at // DAY_MS * DAY_MS)],
        }
        return guard.render(request, "contacts/contact.html", context, visitor=visitor)

    return [
        Route("/contacts", guard.page(show), methods=["GET"]),
        Route("/contacts/{id}", guard.page(get), methods=["GET"]),
    ]
