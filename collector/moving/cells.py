"""How does an event or a contact become the cells of a row, in CSV and Parquet? And how are those read back?

What has no cell of its own is JSON in one: properties, identifiers, attributes. A text that a spreadsheet would run as
a formula gets an apostrophe in front, which is taken off again: what is exported comes back as it was.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from collector.api.people.contacts import ContactAnswer
from collector.told.event import EventAnswer

EVENT_CELLS = tuple(
    "id category key source occurred_at received_at site visitor_id contact_id session_id page_url page_title"
    " page_referrer browser os device bot object_type object_id superseded late causes identifiers properties".split()
)
CONTACT_CELLS = tuple(
    "id email_id phone_id ext_id whatsapp_id landline_number_id lists consent first_seen_at last_seen_at anonymous"
    " visitors attributes".split()
)

INSTANTS = ("occurred_at", "received_at", "first_seen_at", "last_seen_at")
SEPARATOR = ";"
"""Between several e-mail addresses, telephone numbers and visitors: none of them holds one."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # the wide ones are formulas in some countries
_encode = msgspec.json.Encoder().encode

Cells = tuple[Any, ...]


def of_event(event: EventAnswer) -> Cells:
    """The values of EVENT_CELLS; None where there is nothing."""
    page, agent, thing = (_fields(part) for part in (event.page, event.agent, event.object))
    return (
        event.id, event.category, event.key, event.source, event.occurred_at, event.received_at, event.site,
        event.visitor_id, event.contact_id, event.session_id, page.get("url"), page.get("title"), page.get("referrer"),
        agent.get("browser"), agent.get("os"), agent.get("device"), agent.get("bot"), thing.get("type"),
        thing.get("id"), event.superseded, event.late, json(event.causes), json(event.identifiers),
        json(event.properties),
    )  # fmt: skip


def _fields(part: msgspec.Struct | None) -> Mapping[str, Any]:
    return {} if part is None else msgspec.structs.asdict(part)


def of_contact(contact: ContactAnswer) -> Cells:
    """The values of CONTACT_CELLS; None where there is nothing."""
    named = contact.identifiers
    kinds = ("email_id", "phone_id", "ext_id", "whatsapp_id", "landline_number_id")
    return (
        contact.id, *(_joined(named.get(kind)) for kind in kinds), json(contact.lists), contact.consent,
        contact.first_seen_at, contact.last_seen_at, contact.anonymous, _joined(contact.visitors),
        json(contact.attributes),
    )  # fmt: skip


def json(value: Any) -> str | None:
    """As JSON; None of an empty collection."""
    return _encode(value).decode() if value else None


def _joined(values: str | tuple[str, ...] | None) -> str | None:
    return values if isinstance(values, str) else SEPARATOR.join(values or ()) or None


def safe(value: Any) -> Any:
    """A cell of a CSV: a text that a spreadsheet would take for a formula becomes one that it shows."""
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return str(value).lower() if isinstance(value, bool) else value


def unsafe(text: str) -> str:
    """What `safe` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def event_of(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Cells by name, without the empty ones → an event as `GET /api/events` has it. Raises ValueError for bad JSON.

    Also from the columns of the console's export and, of an event of one's own making, `url`, `page`, `title`.
    """
    event = {name: cells[name] for name in _EVENT_FIELDS if name in cells}
    for name in ("properties", "identifiers", "contact_properties", "causes"):
        if isinstance(text := event.get(name), str):
            event[name] = msgspec.json.decode(text)
    for whole, parts in _PARTS.items():
        found = {part: str(cells[name]) for name, part in parts.items() if name in cells}
        if found and not isinstance(event.get(whole), dict):
            event[whole] = found
    if isinstance(event.get("agent"), dict) and "bot" in cells:
        event["agent"]["bot"] = str(cells["bot"]).lower() == "true"
    for name, kind in _CLAIMS.items():
        if name in cells:
            event.setdefault("identifiers", {}).setdefault(kind, cells[name])
    return event


_EVENT_FIELDS = (
    "id category key source occurred_at received_at site visitor_id contact_id session_id superseded causes activity"
    " identifiers properties contact_properties page object agent".split()
)
_PARTS: Mapping[str, Mapping[str, str]] = {
    "page": {"page": "url", "url": "url", "page_url": "url", "title": "title", "page_title": "title",
             "referrer": "referrer", "page_referrer": "referrer"},
    "object": {"object_type": "type", "object_id": "id"},
    "agent": {"browser": "browser", "os": "os", "device": "device"},
}  # fmt: skip
_CLAIMS = {name: name for name in ("email_id", "phone_id", "ext_id", "whatsapp_id", "landline_number_id")} | {
    "email": "email_id",
    "phone": "phone_id",
}
"""Identifiers that have a column of their own."""
