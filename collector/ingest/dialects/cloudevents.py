"""How is an event written as a CloudEvent? Attributes in headers (binary), or beside its data (structured, batch).

    type      category.key of one of our events; else a custom one of that name: com.example.paid → com_example_paid
    id        with `source` its identity                    time     RFC 3339; without it, now
    data      its properties; what is no JSON object stands in the property `data`
    subject   what it is about: object {type: subject, id}

Whose it is say extension attributes: emailid extid phoneid whatsappid landlinenumberid contactid, and visitorid site
activity historical. Other extensions and `dataschema` are left out. Reads nothing, writes nothing.
Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md, …/bindings/http-protocol-binding.md.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from collector.errors import Code
from collector.ingest.answer import RequestRefused
from collector.ingest.bounds import text_fault
from collector.ingest.dialects.plain import read_plain
from collector.ingest.dialects.sentiero import item_of
from collector.ingest.draft import Misfit, Refusal
from collector.ingest.item import Item, ServerItem
from collector.instant import instant
from sessionizer.catalogue import category_of, key_of, known

STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
VERSION = "1.0"
MAX_EVENTS = 500
MAX_SOURCE_BYTES = 255
MAX_DIGITS = 16
PREFIX = "ce-"

PEOPLE: Mapping[str, str] = {
    "emailid": "email_id",
    "extid": "ext_id",
    "phoneid": "phone_id",
    "whatsappid": "whatsapp_id",
    "landlinenumberid": "landline_number_id",
    "contactid": "contact_id",
}
OTHERS: Mapping[str, str] = {
    "visitorid": "visitor_id",
    "site": "site",
    "activity": "activity",
    "historical": "historical",
}
_OF_HEADER: Mapping[str, object] = {"true": True, "false": False}
"""A header is text, whatever it says."""


class Sent(NamedTuple):
    """One event and the source that gave it its id; "" when it named none, and is a Misfit."""

    source: str
    item: Item | Misfit


def parse(headers: Mapping[str, str], body: bytes, *, at: int) -> list[Sent]:
    """A request's events, in their order. headers: names in lower case. at: now, ms UTC.

    Raises RequestRefused: malformed, too_many, too_deep.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == BATCH:
        return [_sent(event, at) for event in _batch(body)]
    event = _structured(body) if kind == STRUCTURED else _binary(headers, body, kind)
    sent = _sent(event, at)
    if not sent.source and isinstance(sent.item, Misfit):  # the envelope of a single event is the request's
        refusal = sent.item.refusal
        raise RequestRefused(Code.MALFORMED, refusal.message, path=refusal.path)
    return [sent]


def _batch(body: bytes) -> list[Any]:
    plain = _json(body)
    if not isinstance(plain, list):
        raise RequestRefused(Code.MALFORMED, "A batch is a list of events.")
    if len(plain) > MAX_EVENTS:
        raise RequestRefused(Code.TOO_MANY, f"At most {MAX_EVENTS} events at once.")
    return plain


def _structured(body: bytes) -> Any:
    return _json(body)


def _binary(headers: Mapping[str, str], body: bytes, kind: str) -> dict[str, Any]:
    """Headers are percent-encoded UTF-8."""
    event: dict[str, Any] = {
        name.removeprefix(PREFIX): unquote(value, errors="replace")
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }
    if body and (kind == "application/json" or kind.endswith("+json")):
        event["data"] = _json(body)
    elif body:
        event["data"] = body.decode("utf-8", "replace")
    return event


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return read_plain(body)  # says what is wrong, or lets half a character through


def _sent(event: Any, at: int) -> Sent:
    fault = _fault(event)
    if fault is not None:
        return Sent("", Misfit(fault, event))
    return Sent(event["source"], item_of(dict(_members(event, at)), ServerItem)[0])


def _fault(event: Any) -> Refusal | None:
    """What it lacks that every CloudEvent has."""
    if not isinstance(event, dict):
        return Refusal(Code.MALFORMED, "", "an event is a JSON object")
    for name in ("specversion", "id", "source", "type"):
        value = event.get(name)
        if not isinstance(value, str) or not value:
            return Refusal(Code.MALFORMED, name, f"the attribute {name} is missing, or no text")
    if event["specversion"] != VERSION:
        return Refusal(Code.MALFORMED, "specversion", f"{VERSION} is understood")
    if text_fault(event["source"], MAX_SOURCE_BYTES):
        return Refusal(Code.MALFORMED, "source", f"a source is a text of at most {MAX_SOURCE_BYTES} bytes")
    return None


def _members(event: dict[str, Any], at: int) -> Iterator[tuple[str, Any]]:
    """As an item of `POST /api/events`; what is of another type than it should be, the item says."""
    category, key = kind_of(event["type"])
    yield from {"id": event["id"], "category": category, "key": key}.items()
    yield "occurred_at", event.get("time") or instant(at)
    properties = _properties(event)
    if properties:
        yield "properties", properties
    people = {name: event[said] for said, name in PEOPLE.items() if said in event}
    if people:
        yield "identifiers", people
    if event.get("subject"):
        yield "object", {"type": "subject", "id": event["subject"]}
    for said, name in OTHERS.items():
        if said in event:
            yield name, _value(event[said])


def _value(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    is_number = value.isascii() and value.isdigit() and len(value) < MAX_DIGITS
    return int(value) if is_number else _OF_HEADER.get(value, value)


def kind_of(type: str) -> tuple[str, str]:
    """Category and key that a type names."""
    for slash in (".", "/"):
        category, found, key = type.partition(slash)
        if found and known(category, key):
            return category, key
    key = key_of(type)
    return category_of(key), key


def _properties(event: dict[str, Any]) -> dict[str, Any]:
    data = event.get("data")
    if isinstance(data, dict):
        return data
    if data is not None:
        return {"data": data}
    return {"data_base64": event["data_base64"]} if "data_base64" in event else {}
