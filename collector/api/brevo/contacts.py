"""Who is known? `GET /v3/contacts`, `GET /v3/contacts/<identifier>?identifierType=`.

email, SMS, WHATSAPP, LANDLINE_NUMBER, EXT_ID    identifiers: they stand among the attributes, as Brevo has them
emailBlacklisted, smsBlacklisted                 attributes of ours, EMAIL_UNSUBSCRIBED, SMS_UNSUBSCRIBED
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import BrevoProblem, answer, invalid, unknown
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query, is_digits
from collector.api.people.membership import Membership, moment_of
from collector.brevo import Fault
from collector.instant import instant
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, Meets, StoredContact
from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.identifier import canonical

DEFAULT_LIMIT, MAX_LIMIT = 50, 1_000
MAX_IDS = 20

IDENTIFYING = {
    "SMS": "phone_id",
    "WHATSAPP": "whatsapp_id",
    "LANDLINE_NUMBER": "landline_number_id",
    "EXT_ID": "ext_id",
}
"""Attributes that are identifiers of ours."""

SAID = {"email_id": "email", **{kind: name for name, kind in IDENTIFYING.items()}, "ext_id": "ext_id"}
"""Our kinds of identifiers → what Brevo calls them."""

BLACKLISTS = {
    "emailBlacklisted": "EMAIL_UNSUBSCRIBED",
    "smsBlacklisted": "SMS_UNSUBSCRIBED",
    "whatsappBlacklisted": "WHATSAPP_UNSUBSCRIBED",
}
"""What a person does not want → the attribute that says so. A public door may not set it."""

_EQUALS = re.compile(r"equals\(\s*([A-Za-z0-9_-]{1,255})\s*,\s*(\"[^\"]*\"|'[^']*'|[^,()\"']+)\s*\)")


def answer_of(contact: StoredContact, list_ids: Mapping[str, int]) -> Mapping[str, Any]:
    """A contact as Brevo's clients read it. list_ids: by name."""
    hidden = set(BLACKLISTS.values())
    known = {name: contact.identifiers[kind][0] for name, kind in IDENTIFYING.items() if kind in contact.identifiers}
    return {
        "id": contact.id,
        "email": next(iter(contact.identifiers.get("email_id", ())), None),
        **{flag: contact.attributes.get(name) is True for flag, name in BLACKLISTS.items()},
        "createdAt": instant(contact.first_seen_at),
        "modifiedAt": instant(contact.last_seen_at),
        "listIds": sorted(list_ids[name] for name in contact.lists if name in list_ids),
        "listUnsubscribed": [],
        "attributes": {name: value for name, value in contact.attributes.items() if name not in hidden} | known,
    }


async def list_ids_of(services: Services) -> Mapping[str, int]:
    """The id of every list, by name."""
    names = await asyncio.to_thread(services.lists.names)
    return {name: id for id, name in names.items()}


async def by(services: Services, kind: str, value: str) -> StoredContact | None:
    """Who has the identifier. value: canonical."""
    contacts = services.store.contacts
    if kind == "contact_id":
        resolved = await contacts.resolve(int(value))
        return await contacts.get(resolved.survivor) if resolved else None
    rows = await contacts.find(ContactQuery(identifiers={kind: (value,)}), limit=1)
    return rows[0] if rows else None


async def named(services: Services, request: Request) -> StoredContact:
    """Whom the address names. Raises BrevoProblem: 400 for what is no identifier of its type, 404."""
    text, kind = request.path_params["identifier"], Query(request).text("identifierType")
    if kind and kind not in IDENTIFIER_KINDS:
        raise invalid("identifierType", f"one of {', '.join(IDENTIFIER_KINDS)}, not {kind[:40]!r}")
    for each in [kind] if kind else kinds_of(text):
        value = canonical(each, text)
        if value is None and (kind or each == "email_id"):
            raise invalid("identifier", f"not an identifier of the type {each}")
        if value is not None and (found := await by(services, each, value)) is not None:
            return found
    raise unknown("Contact")


def kinds_of(text: str) -> list[str]:
    """What an identifier without a type may be, the likeliest first."""
    if "@" in text:
        return ["email_id"]
    return ["contact_id", "phone_id", "ext_id"] if is_digits(text) else ["phone_id", "ext_id"]


async def segment_of(services: Services, query: Query) -> ContactQuery:
    """Those of the segment of `segmentId`, all without one. Raises BrevoProblem 400, 404."""
    ids = query.ids("segmentId")
    if not ids:
        return ContactQuery()
    members = Membership(services)
    every = await members.every()
    found = next((one for one in every if one.id == ids[0]), None)
    if found is None:
        raise unknown("Segment")
    if await members.is_kept(found, every):
        return ContactQuery(segment=found.id)
    return ContactQuery(meets=Meets(found.definition.where, moment_of(services, every)))


def query_of(query: Query, among: ContactQuery) -> ContactQuery:
    """The filters of a request. among: of which segment. Raises BrevoProblem 400."""
    ids = query.ids("ids")
    if len(ids) > MAX_IDS:
        raise BrevoProblem(400, Fault.OUT_OF_RANGE, f"ids: at most {MAX_IDS}")
    return msgspec.structs.replace(
        among,
        anonymous=False,
        ids=ids,
        lists=query.ids("listIds"),
        created_since=query.instant("createdSince"),
        modified_since=query.instant("modifiedSince"),
        attribute=attribute_of(query.text("filter")),
    )


def attribute_of(text: str) -> tuple[str, str | int | float | bool] | None:
    """`equals(FIRSTNAME,"A")` → its name and value, None when there is no filter. Raises BrevoProblem 400."""
    if not text:
        return None
    match = _EQUALS.fullmatch(text)
    if match is None:
        raise invalid("filter", 'only equals(ATTRIBUTE,"value") is understood')
    name, value = match.groups()
    return name, value[1:-1] if value[0] in "\"'" else _plain(value.strip())


def _plain(text: str) -> str | int | float | bool:
    """A bare word: true, false, a number, else itself."""
    if text in ("true", "false"):
        return text == "true"
    if is_digits(text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text


async def page(services: Services, asked: ContactQuery, query: Query, *, most: int = MAX_LIMIT) -> Response:
    """A page of contacts, by id, and how many there are in all."""
    limit, skip = query.number("limit", DEFAULT_LIMIT, least=1, most=most), query.skip()
    contacts, descending = services.store.contacts, query.descending()
    found = await contacts.page(asked, limit=limit, skip=skip, descending=descending)
    list_ids = await list_ids_of(services)
    return answer({"contacts": [answer_of(one, list_ids) for one in found], "count": await contacts.count(asked)})


def routes(services: Services) -> list[Route]:
    """Reading contacts. To come last: nearly anything is an identifier."""

    async def find(request: Request) -> Response:
        """Contacts of whom an identifier is known, newest first."""
        query = Query(request)
        return await page(services, query_of(query, await segment_of(services, query)), query)

    async def get(request: Request) -> Response:
        """One contact, by any identifier."""
        contact = await named(services, request)
        return answer({**answer_of(contact, await list_ids_of(services)), "statistics": {}})

    return [
        Route("/v3/contacts", require(services, "read", find), methods=["GET"]),
        Route("/v3/contacts/{identifier}", require(services, "read", get), methods=["GET"]),
    ]
