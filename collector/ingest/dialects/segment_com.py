"""How does Segment write events? A body's bytes → its calls, one by one or in a batch.

A batch is read call by call, from each call's own bytes: one that is too large or no call costs its neighbours nothing.
Reads nothing, writes nothing. Source: https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
"""

import json
from typing import Any, NamedTuple

import msgspec

from collector.errors import Code
from collector.ingest.answer import RequestRefused
from collector.ingest.dialects.plain import read_plain
from collector.ingest.dialects.segment_call import AnyContext, Call, Context, Received, item_of
from collector.ingest.draft import Misfit, Refusal
from collector.ingest.foreign import MAX_EVENT_BYTES, ForeignItem

MAX_BATCH_BYTES = 500 * 1024
MAX_EVENTS = 1_000
"""As many as an address may send at once (`collector/access/limits.py`): more would never fit."""

BATCH = "batch"


class Batch(msgspec.Struct, rename="camel"):
    """Several calls, each read by itself."""

    batch: list[msgspec.Raw]
    context: AnyContext = None
    sent_at: Any = None
    write_key: Any = None


class Parsed(NamedTuple):
    """A well-formed body. write_key: "" when it stands in a header. sent_at: "" when it is not said."""

    write_key: str
    sent_at: str
    items: list[ForeignItem | Misfit]


def parse(kind: str, body: bytes, received: Received) -> Parsed:
    """A body's bytes → its events. kind: of the call, or BATCH. Raises RequestRefused: malformed, too_…"""
    if kind == BATCH:
        return _parse_batch(body, received)
    if len(body) > MAX_EVENT_BYTES:
        raise RequestRefused(Code.TOO_LARGE, f"At most {MAX_EVENT_BYTES:,} bytes an event.")
    call = _read(body)
    return Parsed(_text(call.write_key), _text(call.sent_at), [item_of(call, kind, received)])


_call = msgspec.json.Decoder(Call)
_batch = msgspec.json.Decoder(Batch)


def _read(body: bytes) -> Call:
    """The fast way; the slow one where the body is to blame, or half a character in it."""
    try:
        return _call.decode(body)
    except (ValueError, RecursionError):
        return _call_of(read_plain(body))


def _call_of(plain: object) -> Call:
    """Plain values → the call. Its context may hold names that no struct can, and which nobody reads."""
    said = plain.get("context") if isinstance(plain, dict) else None
    try:
        call = msgspec.convert({**plain, "context": None} if isinstance(plain, dict) else plain, Call)
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise RequestRefused(Code.MALFORMED, "The body must be a JSON object, as Segment sends it.") from None
    call.context = _context_of(said)
    return call


def _context_of(said: object) -> Context | None:
    if isinstance(said, dict):
        return Context(*(said.get(name) for name in Context.__struct_encode_fields__))
    return None if said is None else Context()


def _parse_batch(body: bytes, received: Received) -> Parsed:
    if len(body) > MAX_BATCH_BYTES:
        raise RequestRefused(Code.TOO_LARGE, f"At most {MAX_BATCH_BYTES:,} bytes a batch.")
    try:
        envelope = _batch.decode(body)
    except (ValueError, RecursionError):
        return _parse_slowly(body, received)
    _check_count(len(envelope.batch))
    items = [_item_of(raw, envelope.context, received) for raw in map(bytes, envelope.batch)]
    return Parsed(_text(envelope.write_key), _sent_at(envelope.sent_at, envelope.batch[0]), items)


def _check_count(calls: int) -> None:
    if calls == 0:
        raise RequestRefused(Code.MALFORMED, "There is no event in it.", path="batch")
    if calls > MAX_EVENTS:
        raise RequestRefused(Code.TOO_MANY, f"At most {MAX_EVENTS} events at once.", path="batch")


def _item_of(raw: bytes, context: AnyContext, received: Received) -> ForeignItem | Misfit:
    """One call of a batch, by its own bytes."""
    if len(raw) > MAX_EVENT_BYTES:
        return _too_large()
    try:
        call = _call.decode(raw)
    except (ValueError, RecursionError):
        return _read_slowly(raw, context, received)
    if call.context is None:
        call.context = context
    return item_of(call, call.type, received)


def _read_slowly(raw: bytes, context: AnyContext, received: Received) -> ForeignItem | Misfit:
    """What the fast way does not take: numbers without end, what is not UTF-8, or no object."""
    try:
        return _plain_item(read_plain(raw), context, received)
    except RequestRefused as refusal:
        return Misfit(Refusal(refusal.code, refusal.path, refusal.message), None)


def _too_large() -> Misfit:
    return Misfit(Refusal(Code.TOO_LARGE, "", f"more than {MAX_EVENT_BYTES:,} bytes"), None)


def _sent_at(said: Any, first: msgspec.Raw) -> str:
    """Of the batch, else of its first call: some clients write it there."""
    return _text(said) or _text(getattr(_call_or_none(first), "sent_at", None))


def _call_or_none(raw: msgspec.Raw) -> Call | None:
    try:
        return _call.decode(raw)
    except (ValueError, RecursionError):
        return None


def _parse_slowly(body: bytes, received: Received) -> Parsed:
    """Plain values, for a body with something in it that only its own event is to blame for."""
    plain = read_plain(body)
    calls = plain.get("batch") if isinstance(plain, dict) else None
    if not isinstance(plain, dict) or not isinstance(calls, list):
        raise RequestRefused(Code.MALFORMED, "A list of events is missing.", path="batch")
    _check_count(len(calls))
    context = _context_of(plain.get("context"))
    items = [_plain_item(call, context, received) for call in calls]
    return Parsed(_text(plain.get("writeKey")), _text(plain.get("sentAt")), items)


def _plain_item(plain: object, context: AnyContext, received: Received) -> ForeignItem | Misfit:
    if not isinstance(plain, dict):
        return Misfit(Refusal(Code.MALFORMED, "", "an event is a JSON object"), None)
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode("utf-8", "surrogatepass")) > MAX_EVENT_BYTES:
        return _too_large()
    call = _call_of(plain)
    if call.context is None:
        call.context = context
    return item_of(call, call.type, received)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
