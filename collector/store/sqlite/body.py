"""What stands in an event row's `body` and `flags`? The part of an event that no other column holds.

A body is MessagePack: positional fields, the most frequent first, without those at the end that are at their default.
So a page view's takes a few bytes, and an empty one is NULL. Written by the worker, read by the readers here.
"""

from typing import Any

import msgspec

from sessionizer.event import ObjectRef

SUPERSEDED = 1
"""Flag: a derived event that was proved wrong. Kept, out of counts."""

LATE = 2
"""Flag: came later than the lateness (7 days). Stored and shown, but no rule heard of it."""

BOT = 4
"""Flag: made by a crawler or a scanner. Stored, hidden by default, of no contact."""

HISTORICAL = 8
"""Flag: imported from before. Enters no automation."""

ACTIVITY = 16
"""Flag: a person did it in a browser or an app. It keeps a session open."""


class Body(msgspec.Struct, frozen=True, array_like=True):
    """The rest of an event row. New fields go at the end with a default: rows of older versions stay readable.

    ip: truncated (/24, /48). seq: order in the browser. referrer: of the page, "" for none.
    identifiers, attributes: as the door gave them. causes, depth: of a derived event.
    """

    ip: str = ""
    seq: int | None = None
    referrer: str = ""
    properties: dict[str, Any] | None = None
    identifiers: dict[str, str] | None = None
    object: ObjectRef | None = None
    causes: tuple[str, ...] = ()
    depth: int = 0
    attributes: dict[str, Any] | None = None


_DEFAULTS = msgspec.structs.astuple(Body())
_USUAL = 3  # fields of a page view: ip, seq, referrer
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Body)


def encode_body(body: Body) -> bytes | None:
    """Body → MessagePack, None when there is nothing to keep."""
    values = msgspec.structs.astuple(body)
    size = len(values) if values[_USUAL:] != _DEFAULTS[_USUAL:] else _USUAL  # most are page views
    while size and values[size - 1] == _DEFAULTS[size - 1]:
        size -= 1
    return _encoder.encode(values[:size]) if size else None


def decode_body(blob: bytes | None) -> Body:
    """A column's value → Body. Raises msgspec.ValidationError when it is not one."""
    return Body() if blob is None else _decoder.decode(blob)
