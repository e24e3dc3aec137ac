"""What does an event say of its thing? Properties as rules read them: whose id, how much, when.

Whatever cannot be read is None, and the rule passes over it: the event stays in the log as it came. Reads nothing,
writes nothing. Source: INTERFACES 7.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sessionizer.event import Event
from sessionizer.wall_clock import EPOCH, MILLISECOND, instant_of

LONGEST_ID = 255
LATEST = 253_402_300_799_999  # the last millisecond of the year 9999
LARGEST = 2**53
"""A number beyond is none: a float no longer counts by one there, and nobody has so many points."""
SECONDS_UNTIL = 100_000_000_000
"""A bare number below is seconds since 1970 (until the year 5138), from it on milliseconds (since 1973)."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def id_of(event: Event, name: str) -> str | None:
    """The id of the thing that the event is about: a text or a whole number, at most 255 characters."""
    said = event.properties.get(name)
    if isinstance(said, bool) or not isinstance(said, str | int):
        return None
    text = str(said)
    return text if 0 < len(text) <= LONGEST_ID else None


def number_of(event: Event, name: str) -> float | None:
    """A number of at most LARGEST, also one written as text; whole ones stay whole."""
    said = event.properties.get(name)
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        return None
    try:
        number = said if isinstance(said, int) else float(said)
    except ValueError:
        return None
    if not -LARGEST <= number <= LARGEST:  # nor is NaN
        return None
    return int(number) if isinstance(said, str) and number == int(number) else number


def instant_in(event: Event, name: str, zone: tzinfo, *, through_the_day: bool = False) -> int | None:
    """An instant, ms UTC: RFC 3339, a local time without a zone, a date, or seconds or milliseconds since 1970.

    A date is its first instant in the zone; with through_the_day the first one after it: what expires on a day is good
    for all of it.
    """
    try:
        at = _instant(event.properties.get(name), zone, through_the_day=through_the_day)
    except (ValueError, OverflowError):
        return None
    return at if at is not None and 0 <= at <= LATEST else None


def _instant(said: Any, zone: tzinfo, *, through_the_day: bool) -> int | None:
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        return None
    if not isinstance(said, str):
        return round(said * 1_000 if abs(said) < SECONDS_UNTIL else said)
    when = datetime.fromisoformat(said.strip())
    if when.tzinfo is not None:
        return (when.astimezone(UTC) - EPOCH) // MILLISECOND
    if through_the_day and _DATE.fullmatch(said.strip()):
        when += timedelta(days=1)
    return instant_of(when, zone)
