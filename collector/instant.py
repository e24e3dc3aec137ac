"""Which instant does a text name, and which text an instant? RFC 3339 with a zone, milliseconds UTC."""

import re
import zoneinfo
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Annotated

import msgspec

Instant = Annotated[
    str, msgspec.Meta(extra_json_schema={"format": "date-time", "examples": ["2026-11-24T10:00:00.000Z"]})
]
"""A time as `instant` writes it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS = 86_400_000
FIRST_DAY = date(1970, 1, 1).toordinal()
_MICROSECONDS_CHARACTERS = len("2026-11-24T10:00:00.000000Z")
_decoder = msgspec.json.Decoder(datetime)  # `msgspec.convert` takes twice the time
_FINER = re.compile(r"(\.[0-9]{6})[0-9]+")  # msgspec would round it up, at worst into the next year


def parse_instant(text: str) -> int | None:
    """RFC 3339 with a zone → ms UTC, rounded down; None when it is not that."""
    if len(text) > _MICROSECONDS_CHARACTERS:
        text = _FINER.sub(r"\1", text, count=1)
    if "\\" in text:  # it would be read as JSON writes it
        return None
    try:
        instant = _decoder.decode(f'"{text}"')
    except ValueError:  # also what msgspec raises for a bad text, and half a character
        return None
    if instant.tzinfo is None:
        return None
    since = instant - _EPOCH
    return since.days * DAY_MS + since.seconds * 1000 + since.microseconds // 1000


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


@lru_cache(maxsize=1_024)
def zone_of(name: str) -> tzinfo | None:
    """The zone of that name, None where there is no such."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
