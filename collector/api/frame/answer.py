"""How does an answer look? JSON, and times as RFC 3339 with milliseconds and `Z`."""

from datetime import date
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.responses import Response

DAY_MS = 86_400_000
FIRST_DAY = date(1970, 1, 1).toordinal()

Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time", "examples": ["2026-11-24T10:00:00.000Z"]})]
"""A time as `instant` writes it."""

_encoder = msgspec.json.Encoder()


def instant(ms: int) -> str:
    """Milliseconds UTC → `2026-11-24T10:00:00.000Z`. Years 1 to 9999."""
    days, rest = divmod(ms, DAY_MS)
    seconds, ms = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{day(days)}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z"


@lru_cache(maxsize=512)
def day(days: int) -> str:
    """Days since 1970 → `2026-11-24`. Events of one answer share a few."""
    return date.fromordinal(FIRST_DAY + days).isoformat()


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
