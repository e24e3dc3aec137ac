"""How is a batch written in our own format? The envelope of `POST /e`, and that of `POST /api/events`.

Two ways to read it. The fast one decodes straight into structs; it refuses a body as a whole, for one unknown field or
one bad event. Then the slow one reads plain JSON and looks at each event by itself: unknown fields are left out and
counted, and what is no event is refused alone. Reads nothing, writes nothing. Source: INTERFACES 1 and 2.
"""

import re
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

import msgspec

from collector.errors import Code
from collector.ingest.answer import RequestRefused
from collector.ingest.dialects.plain import read_plain
from collector.ingest.draft import Misfit, Refusal
from collector.ingest.item import Item, ObjectItem, PageItem, ServerItem

MAX_EVENTS = 100
MAX_SERVER_EVENTS = 500

Uuid = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """What a tracker says of its batch. sent_at: by its own clock. visitor: the signed token."""

    write_key: str
    sent_at: str
    events: list[Item]
    visitor: str | None = None
    nonce: Uuid | None = None
    reset: bool | None = None
    consent: Literal["granted", "denied", "unknown"] | None = None
    tracker: str | None = None


class ServerEnvelope(msgspec.Struct, forbid_unknown_fields=True):
    """A server says everything event by event."""

    events: list[ServerItem]


E = TypeVar("E", Envelope, ServerEnvelope)
S = TypeVar("S", bound=msgspec.Struct)


class Form(Generic[E]):
    """One of the two formats."""

    def __init__(self, envelope: type[E], item: type[Item], max_events: int) -> None:
        self.envelope: type[E] = envelope
        self.item, self.max_events = item, max_events
        self.decoder: msgspec.json.Decoder[E] = msgspec.json.Decoder(envelope)


PUBLIC = Form(Envelope, Item, MAX_EVENTS)
SECRET = Form(ServerEnvelope, ServerItem, MAX_SERVER_EVENTS)


class Parsed(NamedTuple, Generic[E]):
    """A well-formed body. items: in their order; of `envelope.events` read these instead."""

    envelope: E
    items: list[Item | Misfit]
    unknown_fields: int = 0


def parse(form: Form[E], body: bytes) -> Parsed[E]:
    """A body's bytes → its events. Raises RequestRefused: malformed, bad_time, too_many, too_deep."""
    try:
        envelope = form.decoder.decode(body)
    except (ValueError, RecursionError):  # msgspec's errors and UnicodeDecodeError are ValueErrors
        return _parse_slowly(form, body)
    _check_count(form, len(envelope.events))
    return Parsed(envelope, list(envelope.events))


def _check_count(form: Form[E], events: int) -> None:
    if events == 0:
        raise RequestRefused(Code.MALFORMED, "There is no event in it.", path="events")
    if events > form.max_events:
        raise RequestRefused(Code.TOO_MANY, f"At most {form.max_events} events at once.", path="events")


# The slow way ---------------------------------------------------------------------------------------------------------

_MAX_MESSAGE = 200  # characters: msgspec's may hold what was sent
_AT = re.compile(r" - at `\$\.?([^`]*)`$")
_MISSING = re.compile(r"missing required field `([^`]+)`")
_NESTED: dict[str, type[msgspec.Struct]] = {"page": PageItem, "object": ObjectItem}
_CODE_OF = {
    "id": Code.BAD_ID,
    "key": Code.BAD_KEY,
    "category": Code.BAD_KEY,
    "occurred_at": Code.BAD_TIME,
    "properties": Code.BAD_PROPERTY,
    "contact_properties": Code.BAD_PROPERTY,
}


def _parse_slowly(form: Form[E], body: bytes) -> Parsed[E]:
    plain = read_plain(body)
    if not isinstance(plain, dict):
        raise RequestRefused(Code.MALFORMED, "The body must be a JSON object.")
    members, unknown_fields = _known_members(plain, form.envelope)
    events = members.pop("events", None)
    envelope = _envelope(form, members)
    if not isinstance(events, list):
        raise RequestRefused(Code.MALFORMED, "A list of events is missing.", path="events")
    _check_count(form, len(events))
    items: list[Item | Misfit] = []
    for event in events:
        item, unknown = item_of(event, form.item)
        items.append(item)
        unknown_fields += unknown
    return Parsed(envelope, items, unknown_fields)


def _envelope(form: Form[E], members: dict[str, Any]) -> E:
    try:
        envelope: E = _convert({**members, "events": []}, form.envelope)
    except msgspec.ValidationError as error:
        path, message = _place(error)
        raise RequestRefused(Code.MALFORMED, message, path=path) from None
    return envelope


def item_of(event: object, kind: type[Item]) -> tuple[Item | Misfit, int]:
    """One event, as plain values → what it is, and the number of its unknown fields."""
    if not isinstance(event, dict):
        return Misfit(Refusal(Code.MALFORMED, "", "an event is a JSON object"), event), 0
    members, unknown = _known_members(event, kind)
    for name, nested in _NESTED.items():
        if isinstance(members.get(name), dict):
            members[name], more = _known_members(members[name], nested)
            unknown += more
    try:
        return _convert(members, kind), unknown
    except msgspec.ValidationError as error:
        path, message = _place(error)
        code = _CODE_OF.get(path.partition(".")[0], Code.MALFORMED)
        return Misfit(Refusal(code, path, message), event), unknown


def _convert(members: dict[str, Any], kind: type[S]) -> S:
    """Plain members → struct. Raises msgspec.ValidationError."""
    try:
        return msgspec.convert(members, kind)
    except UnicodeEncodeError as error:  # half a character where something else than any text is expected
        name = next((name for name, value in members.items() if value == error.object), "")
        raise msgspec.ValidationError(f"Text with half a character (a lone surrogate) - at `$.{name}`") from None


def _known_members(plain: dict[str, Any], kind: type[msgspec.Struct]) -> tuple[dict[str, Any], int]:
    """The members that the struct has, and how many others there are."""
    fields = kind.__struct_fields__
    known = {name: value for name, value in plain.items() if name in fields}
    return known, len(plain) - len(known)


def _place(error: msgspec.ValidationError) -> tuple[str, str]:
    """(path, message) of what msgspec says: "Expected `str`, got `int` - at `$.page.url`"."""
    text = str(error)
    at, missing = _AT.search(text), _MISSING.search(text)
    path = [at[1] if at else "", missing[1] if missing else ""]
    return ".".join(part for part in path if part), _AT.sub("", text)[:_MAX_MESSAGE]
