"""When did it happen? What the client's clock says, corrected by the client's clock.

    occurred_at + (received_at − sent_at)     when the clocks differ by `skew` or more: a wrong zone, a wrong year
    received_at                               when it would be more than `ahead` in the future
    occurred_at                               else: transport and small errors are left alone

The settings clock_skew_minutes (55) and clock_ahead_minutes (5). Reads nothing, writes nothing. All instants in ms UTC.
Source: DESIGN 5.
"""

import re
from datetime import UTC, datetime

import msgspec

FIRST_AT = 946_684_800_000
"""2000-01-01T00:00:00Z: nothing that we are told of is older."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000
_MICROSECONDS_CHARACTERS = len("2026-11-24T10:00:00.000000Z")
_FINER = re.compile(r"(\.[0-9]{6})[0-9]+")  # msgspec would round it up, at worst into the next year


def parse_instant(text: str) -> int | None:
    """RFC 3339 with a zone → ms UTC, rounded down; None when it is not that."""
    if len(text) > _MICROSECONDS_CHARACTERS:
        text = _FINER.sub(r"\1", text, count=1)
    try:
        instant = msgspec.convert(text, datetime)
    except ValueError:  # also what msgspec raises for a bad text, and half a character
        return None
    if instant.tzinfo is None:
        return None
    since = instant - _EPOCH
    return since.days * _DAY_MS + since.seconds * 1000 + since.microseconds // 1000


def correction_ms(sent_at: int, received_at: int, *, skew_ms: int) -> int:
    """What is to be added to the client's times: 0 as long as the clocks differ by less than `skew_ms`."""
    gap = received_at - sent_at
    return gap if abs(gap) >= skew_ms else 0


def corrected(at: int, correction: int, received_at: int, *, ahead_ms: int) -> int:
    """When it happened by our clock; exactly `ahead_ms` in the future is still believed."""
    at += correction
    return at if at <= received_at + ahead_ms else received_at
