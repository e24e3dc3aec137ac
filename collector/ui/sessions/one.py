"""What was one visit? `/sessions/<id>`: who, when, from where, on what, and the trail of its pages.

Reads the session, its contact, and what happened until it ended; what was superseded stands there as such.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api import events as events_api
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.params import Params
from collector.instant import instant
from collector.services import Services
from collector.store.ports.events import EventQuery, Place, StoredEvent, Which
from collector.store.ports.sessions import StoredSession
from collector.ui.contacts import timeline
from collector.ui.contacts.pages import CALLED
from collector.ui.guard import Guard
from collector.ui.page import language_of
from collector.ui.sessions.stops import went
from sessionizer.session import GAP_MS

ROWS = 500
REPLACED = 50
DEVICES = {"desktop": "device_desktop", "mobile": "device_mobile", "tablet": "device_tablet", "": "device_unknown"}


class SessionPage:
    """One session."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._store, self._guard = services, services.store, guard

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One visit: whose, from where, page by page; one that was replaced leads to its successor."""
        id = request.path_params["id"]
        stored = await self._store.sessions.get(id)
        if stored is None:
            heir = await self._store.sessions.replacement(id)
            if heir is None:
                raise HTTPException(404)
            return RedirectResponse(f"/sessions/{heir}", 308, {"Cache-Control": "no-store"})
        sites = await asyncio.to_thread(self._services.keys.sites.all)
        context = {
            "session": stored.session,
            "contact": await self._store.contacts.get(stored.contact),
            "contact_id": stored.contact,
            "sites": {site.id: site.name for site in sites},
            "devices": DEVICES,
            "utm": utm_of(stored),
            "beside": await self._store.sessions.beside(stored),
            "replaced": await self._replaced(stored),
            "timeline": timeline_of(stored),
            **await self._trail(request, stored),
            **CALLED,
        }
        return self._guard.render(request, "sessions/session.html", context, visitor=visitor)

    async def _trail(self, request: Request, stored: StoredSession) -> Mapping[str, Any]:
        """The events of the visit, the last `ROWS` of them; the earlier ones are a page further. Raises Problem 400."""
        after = Params(request, ("cursor",)).cursor("events", Place)
        query = within(stored, superseded=Which.INCLUDE)
        found = await self._store.events.find(query, limit=ROWS + 1, after=after)
        shown = found[:ROWS]
        heirs = await self._heirs(event for event in shown if event.superseded)
        trail = went(shown, stored.session, until=after.at if after else None)
        return {
            "trail": trail,
            "earlier": earlier(shown[-1]) if len(found) > ROWS else "",
            "is_cut": after is not None,
            **timeline.telling_of(shown, heirs, language_of(request)),
        }

    async def _replaced(self, stored: StoredSession) -> Sequence[StoredEvent]:
        """How the sessions began whose place this one took, the oldest first: an id is that of what opened it."""
        query = within(stored, keys=(timeline.BEGINS[1],), superseded=Which.ONLY)
        found = await self._store.events.find(query, limit=REPLACED)
        heirs = await self._heirs(found)
        return [event for event in reversed(found) if heirs.get(event.id) == stored.session.id]

    async def _heirs(self, events: Any) -> Mapping[str, str]:
        """Which sessions took the place of those that these events are of, by their ids."""
        ids = list(dict.fromkeys(event.session for event in events if event.session))
        return await self._store.sessions.successors(ids)


def within(stored: StoredSession, *, superseded: Which, keys: tuple[str, ...] = ()) -> EventQuery:
    """What happened from the beginning of a session until its end was said, of its contact."""
    session = stored.session
    until = session.ended_at + GAP_MS + 1
    return EventQuery(
        contacts=(stored.contact,), since=session.started_at, until=until, superseded=superseded, keys=keys
    )


def timeline_of(stored: StoredSession) -> str:
    """The place of the visit on its contact's timeline."""
    session = stored.session
    upto = "" if session.open else "?" + urlencode({"to": instant(session.ended_at + GAP_MS + 1)})
    return f"/contacts/{stored.contact}{upto}#s-{session.id}"


def utm_of(stored: StoredSession) -> Mapping[str, str]:
    """The campaign's parameters that were there."""
    utm = stored.session.utm
    return {name: value for name in utm.__struct_fields__ if (value := getattr(utm, name))}


def earlier(last: StoredEvent) -> str:
    """The address of what was before the oldest event that is shown."""
    return "?" + urlencode({"cursor": encode_cursor("events", events_api.place_of(last))})
