"""What is there to know of one event? All of it, as the panel beside the list and the page of its own show it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

import msgspec
from starlette.requests import Request

from collector.services import Services
from collector.store.ports.events import StoredEvent
from collector.store.ports.sessions import StoredSession
from collector.told import event as told
from collector.ui.events.payload import curl_of, item_of, pretty
from collector.ui.events.rows import names_of
from sessionizer.catalogue import CATALOGUE, Row

DELAY_MS = 1_000
"""Between happening and arriving: beyond, both times are said."""


MOST_EFFECTS = 20


class View(NamedTuple):
    """One event. row: of the catalogue, None for a custom one. name: of its contact. site: its name.

    causes: by id, None for one that is not there. effects: what follows from it, the oldest first. heir: the session
    that took the place of the one that it was about, "" for none.

    raw, item, curl: texts to look at and copy; item and curl are "" for what nobody sends. link: its own address.
    """

    event: StoredEvent
    row: Row | None
    name: str
    session: StoredSession | None
    site: str
    causes: Mapping[str, StoredEvent | None]
    effects: Sequence[StoredEvent]
    heir: str
    is_delayed: bool
    raw: str
    item: str
    curl: str
    link: str


def address_of(id: str) -> str:
    """The page of one event, whose id may be any text."""
    return f"/events/{quote(id)}"


async def view_of(event: StoredEvent, request: Request, services: Services) -> View:
    """The event with its session and the names of its contact and site."""
    store, site = services.store, services.keys.site(event.site)
    names = await names_of([event.contact] if event.contact else [], store.contacts)
    session = await store.sessions.get(event.session) if event.session else None
    heir = await store.sessions.replacement(event.session) if event.session and not session else None
    item, origin = item_of(event) if event.source != "derived" else {}, str(request.base_url).rstrip("/")
    return View(
        event=event,
        row=CATALOGUE.get((event.category, event.key)),
        name=names.get(event.contact or 0, ""),
        session=session,
        site=site.name if site else "",
        causes={id: await store.events.get(id) for id in event.causes},
        effects=await store.events.caused_by(event, limit=MOST_EFFECTS),
        heir=heir or "",
        is_delayed=event.received_at - event.at > DELAY_MS,
        raw=pretty(msgspec.to_builtins(told.answer_of(event))),
        item=pretty(item) if item else "",
        curl=curl_of(item, origin) if item else "",
        link=origin + address_of(event.id),
    )
