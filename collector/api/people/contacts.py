"""Who is known? `GET /api/contacts`, `/api/contacts/<id>`, `/api/contacts/<id>/timeline`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api import events
from collector.api.frame.answer import Instant, answer, listing, moved
from collector.api.frame.auth import require
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params, row_id
from collector.api.frame.problem import unknown
from collector.instant import instant
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, Contacts, Resolved, StoredContact
from sessionizer.contact import SEVERAL_ALLOWED

IDENTIFIERS = {
    "email_id": ("email_id", "email"),
    "phone_id": ("phone_id", "phone"),
    "ext_id": ("ext_id",),
    "whatsapp_id": ("whatsapp_id",),
    "landline_number_id": ("landline_number_id",),
}
"""Kind → the parameters that ask for it (INTERFACES 4: `email`, `phone` are aliases)."""

KNOWN = (*(name for names in IDENTIFIERS.values() for name in names), "visitor_id", "anonymous", "q", *PAGING)
TIMELINE = tuple(name for name in events.KNOWN if name != "contact")


class ContactPlace(NamedTuple):
    """A place in the list: that of one contact."""

    id: int


class ContactAnswer(msgspec.Struct, frozen=True):
    """A contact as programs see it (INTERFACES 4, 5).

    identifiers: kind → value; of the kinds that may have several, a list with the primary one first.
    """

    id: int
    identifiers: Mapping[str, str | tuple[str, ...]]
    attributes: Mapping[str, Any]
    lists: tuple[str, ...]
    consent: str
    first_seen_at: Instant
    last_seen_at: Instant
    anonymous: bool
    visitors: tuple[str, ...]


def answer_of(contact: StoredContact) -> ContactAnswer:
    """What the store knows → what programs see."""
    return ContactAnswer(
        id=contact.id,
        identifiers={kind: said(kind, values) for kind, values in contact.identifiers.items()},
        attributes=contact.attributes,
        lists=contact.lists,
        consent=contact.consent,
        first_seen_at=instant(contact.first_seen_at),
        last_seen_at=instant(contact.last_seen_at),
        anonymous=contact.anonymous,
        visitors=contact.visitors,
    )


def said(kind: str, values: tuple[str, ...]) -> str | tuple[str, ...]:
    """All values of a kind that may have several, else the one."""
    return values if kind in SEVERAL_ALLOWED else values[0]


def query_of(params: Params) -> ContactQuery:
    """The filters of a request."""
    asked = {
        kind: tuple(value for name in names for value in params.texts(name)) for kind, names in IDENTIFIERS.items()
    }
    return ContactQuery(
        identifiers={kind: values for kind, values in asked.items() if values},
        visitors=params.texts("visitor_id"),
        anonymous=params.flag("anonymous"),
        q=params.text("q").strip(),
    )


async def resolve(contacts: Contacts, id: str) -> Resolved:
    """Who the id of an address is. Raises Problem 404."""
    try:
        found = await contacts.resolve(row_id(id))
    except ValueError:
        found = None
    if found is None:
        raise unknown("contact", id)
    return found


def routes(services: Services) -> list[Route]:
    """Reading contacts."""
    store = services.store

    @operation(query=KNOWN, answers={200: page_of("contacts", ContactAnswer)})
    async def find(request: Request) -> Response:
        """Contacts, newest first, or those whom an identifier names."""
        params = Params(request, KNOWN)
        limit, place = params.limit(), params.cursor("contacts", ContactPlace)
        found = await store.contacts.find(query_of(params), limit=limit + 1, before=place.id if place else None)
        shown = found[:limit]
        more = encode_cursor("contacts", ContactPlace(shown[-1].id)) if len(found) > limit else None
        return listing("contacts", [answer_of(contact) for contact in shown], more)

    @operation(places=("id",), answers={200: ContactAnswer, 308: None})
    async def get(request: Request) -> Response:
        """One contact. The id of one who was joined to another answers 308 to the survivor."""
        Params(request, ())
        id = request.path_params["id"]
        survivor = (await resolve(store.contacts, id)).survivor
        if survivor != int(id):
            return moved(f"/api/contacts/{survivor}")
        contact = await store.contacts.get(survivor)
        if contact is None:
            raise unknown("contact", id)
        return answer(answer_of(contact))

    @operation(places=("id",), query=TIMELINE, answers={200: events.EventPage, 308: None})
    async def timeline(request: Request) -> Response:
        """One contact's events, also those of before a join, newest first."""
        params = Params(request, TIMELINE)
        id = request.path_params["id"]
        survivor = (await resolve(store.contacts, id)).survivor
        if survivor != int(id):
            query = f"?{request.url.query}" if request.url.query else ""
            return moved(f"/api/contacts/{survivor}/timeline{query}")
        return await events.page(store.events, params, events.query_of(params, (survivor,)))

    return [
        Route("/api/contacts", require(services, "read", find), methods=["GET"]),
        Route("/api/contacts/{id}", require(services, "read", get), methods=["GET"]),
        Route("/api/contacts/{id}/timeline", require(services, "read", timeline), methods=["GET"]),
    ]
