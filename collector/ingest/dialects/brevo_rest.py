"""How does Brevo write an event? The bodies of `POST /v3/events` and `/v3/events/batch`, as items of our own.

    event_name, identifiers, event_date?, event_properties?, contact_properties?,
    object? {type, identifiers {id | ext_id}}

and two extensions: `event_id`, by which a repetition is known, and `category`. Fields that no event has are left out,
as Brevo leaves them out. Reads nothing, writes nothing. Source: facts on Brevo 4.1, 4.2; INTERFACES 2.
"""

import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from collector.brevo import MISSING
from collector.errors import Code
from collector.event_id import new_id, unpack_id
from collector.ingest.answer import RequestRefused
from collector.ingest.draft import Misfit, Refusal
from collector.ingest.item import Item, Number, ObjectItem, ServerItem
from collector.instant import parse_instant

MAX_EVENTS = 200

_MAX_MESSAGE = 200  # characters: msgspec's may hold what was sent
_AT = re.compile(r" - at `\$\.?([^`]*)`$")
_ABSENT = re.compile(r"missing required field `([^`]+)`")
_CODE_OF = {
    "event_name": Code.BAD_KEY,
    "category": Code.BAD_KEY,
    "event_date": Code.BAD_TIME,
    "event_id": Code.BAD_ID,
    "identifiers": Code.BAD_IDENTIFIER,
    "event_properties": Code.BAD_PROPERTY,
    "contact_properties": Code.BAD_PROPERTY,
}


class BrevoObjectIds(msgspec.Struct):
    """By which the thing is known: the team's own id goes before Brevo's."""

    id: str | Number | None = None
    ext_id: str | Number | None = None


class BrevoObject(msgspec.Struct):
    """The thing that the event is about."""

    type: str = ""
    identifiers: BrevoObjectIds | None = None


class BrevoEvent(msgspec.Struct):
    """One event, as Brevo's clients send it."""

    event_name: str
    identifiers: dict[str, Any]
    event_date: str | None = None
    contact_properties: dict[str, Any] | None = None
    event_properties: dict[str, Any] | None = None
    object: BrevoObject | None = None
    event_id: str | None = None
    category: str | None = None


_event = msgspec.json.Decoder(BrevoEvent)
_object_of_parts = msgspec.json.Decoder(dict[str, msgspec.Raw])
_bare = msgspec.json.Decoder(list[msgspec.Raw])


def parse_event(body: bytes, *, at: int) -> Item | Misfit:
    """The body of `POST /v3/events` → its item. at: now, ms UTC. Raises RequestRefused when it is no JSON."""
    try:
        return _read(body, at)
    except (ValueError, RecursionError) as error:
        raise not_json(error) from None


def _read(body: bytes, at: int) -> Item | Misfit:
    """One event's JSON. Raises ValueError, RecursionError when it is none."""
    try:
        return item_of(_event.decode(body), at=at)
    except msgspec.ValidationError as error:
        return Misfit(refusal_of(error, _CODE_OF), plain(body))


def parse_batch(body: bytes, *, at: int) -> list[Item | Misfit]:
    """The body of `POST /v3/events/batch`, `{"events": […]}` or a bare list → its items. Raises RequestRefused."""
    return [parse_part(event, lambda part: _read(part, at)) for event in parts_of(body, "events", MAX_EVENTS)]


def item_of(event: BrevoEvent, *, at: int) -> Item | Misfit:
    """Brevo's event → ours; one that names nobody at all is a misfit."""
    if not event.identifiers:
        return Misfit(Refusal(Code.BAD_IDENTIFIER, "identifiers", MISSING), msgspec.to_builtins(event))
    return ServerItem(
        id=event.event_id or fresh_id(at),
        key=event.event_name,
        occurred_at=instant_text(event.event_date, at=at),
        category=event.category,
        properties=event.event_properties,
        identifiers=event.identifiers,
        contact_properties=event.contact_properties,
        object=_object(event.object),
    )


def _object(thing: BrevoObject | None) -> ObjectItem | None:
    """A thing without type or id is left out, as Brevo leaves out those that it does not know."""
    if thing is None or not thing.type or thing.identifiers is None:
        return None
    id = thing.identifiers.id if thing.identifiers.ext_id is None else thing.identifiers.ext_id
    return None if id is None or id == "" else ObjectItem(thing.type, id)


def fresh_id(at: int) -> str:
    """An id for an event that came without one. at: ms UTC."""
    return unpack_id(new_id(at, random.getrandbits(80)))


def instant_text(text: str | None, *, at: int) -> str:
    """The time as RFC 3339: of any ISO 8601, UTC where it names no zone; now where there is none. at: ms UTC.

    What is no time at all comes back as it is: the pipeline will say so.
    """
    if not text:
        return datetime.fromtimestamp(at / 1000, UTC).isoformat()
    if parse_instant(text) is not None:
        return text
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).isoformat()


# Batches, and what is wrong in them -----------------------------------------------------------------------------------


def parts_of(body: bytes, name: str, most: int) -> list[msgspec.Raw]:
    """`{"<name>": […]}`, or the bare list → its parts, not looked at yet. Raises RequestRefused: none, or too many."""
    try:
        parts = _bare.decode(body if body.lstrip()[:1] == b"[" else _member(body, name))
    except msgspec.ValidationError as error:
        raise RequestRefused(Code.MALFORMED, refusal_of(error, {}).message, path=name) from None
    except (ValueError, RecursionError) as error:
        raise not_json(error) from None
    if not parts:
        raise RequestRefused(Code.MALFORMED, "There is nothing in it.", path=name)
    if len(parts) > most:
        raise RequestRefused(Code.TOO_MANY, f"At most {most} at once.", path=name, status=400)
    return parts


def _member(body: bytes, name: str) -> msgspec.Raw:
    found = _object_of_parts.decode(body).get(name)
    if found is None:
        raise RequestRefused(Code.MALFORMED, MISSING, path=name)
    return found


def parse_part(part: msgspec.Raw, read: Callable[[bytes], Item | Misfit]) -> Item | Misfit:
    """One of a batch: what cannot be read there is refused alone."""
    try:
        return read(bytes(part))
    except (ValueError, RecursionError):
        return Misfit(Refusal(Code.MALFORMED, "", "it is not valid JSON"), None)


def not_json(error: Exception) -> RequestRefused:
    """The whole body cannot be read."""
    if isinstance(error, RecursionError):
        return RequestRefused(Code.TOO_DEEP)
    return RequestRefused(Code.MALFORMED, "The body is not valid JSON.")


def refusal_of(error: msgspec.ValidationError, code_of: Mapping[str, Code]) -> Refusal:
    """msgspec's words: "Expected `str`, got `int` - at `$.object.type`" → code by the first name, path, the rest."""
    text = str(error)
    at, absent = _AT.search(text), _ABSENT.search(text)
    path = ".".join(part for part in (at[1] if at else "", absent[1] if absent else "") if part)
    message = MISSING if absent else _AT.sub("", text)[:_MAX_MESSAGE]
    return Refusal(code_of.get(path.partition(".")[0], Code.MALFORMED), path, message)


def plain(body: bytes) -> object:
    """What was sent, for whoever looks at the refusal; None when that cannot be told."""
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None
