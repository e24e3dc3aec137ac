"""How does an answer look? JSON, and times as RFC 3339 with milliseconds and `Z`."""

from typing import Any

import msgspec
from starlette.responses import Response

from collector import instant

Instant = instant.Instant

_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """Any struct or plain value → JSON."""
    return _encoder.encode(value)


def answer(value: Any, status: int = 200) -> Response:
    """The response that says it. Never cached: it is somebody's data."""
    return Response(_encoder.encode(value), status, {"Cache-Control": "no-store"}, "application/json")


def listing(noun: str, rows: list[Any], following: str | None) -> Response:
    """A page of a list: `{"<noun>": […], "next": cursor | null}`."""
    return answer({noun: rows, "next": following})


def moved(location: str) -> Response:
    """308: the thing has another id for good; the same request is to be made there."""
    return Response(status_code=308, headers={"Location": location, "Cache-Control": "no-store"})
