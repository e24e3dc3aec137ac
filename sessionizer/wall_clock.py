"""Which instant does a clock on the wall mean? Local times of a zone as milliseconds UTC, also around a change of time.

    02:30 on the night that skips 02:00 to 03:00    the first instant after: 03:00
    02:30 on the night that has it twice            the first of the two

Reads nothing, writes nothing; the zone is given. Source: INTERFACES 7.
"""

from calendar import monthrange
from datetime import MAXYEAR, UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


def instant_of(wall: datetime, zone: tzinfo) -> int:
    """wall: without a zone. Raises OverflowError outside the years 1 to 9999."""
    first = _instant(wall.replace(tzinfo=zone, fold=0))
    if wall_of(first, zone) == wall:
        return first
    return _first_after(_instant(wall.replace(tzinfo=zone, fold=1)), first, zone)


def wall_of(at: int, zone: tzinfo) -> datetime:
    """What the wall shows at an instant (ms UTC), without a zone. Raises OverflowError outside the years 1 to 9999."""
    return (EPOCH + at * MILLISECOND).astimezone(zone).replace(tzinfo=None)


def text_of(at: int) -> str:
    """Milliseconds UTC → RFC 3339, `2026-11-24T10:00:00.000Z`."""
    day, ms = divmod(at, DAY_MS)
    minute, ms = divmod(ms, MINUTE_MS)
    return f"{_day(day)}{_minute(minute)}{ms / 1_000:06.3f}Z"


@lru_cache(maxsize=1_024)
def _day(day: int) -> str:
    """Days since 1970 → `2026-11-24T`. What is told of lies within few of them."""
    return (EPOCH + timedelta(days=day)).isoformat()[:11]


@cache
def _minute(minute: int) -> str:
    """Minutes since midnight → `10:00:`."""
    return f"{minute // 60:02}:{minute % 60:02}:"


def months_later(wall: datetime, months: int) -> datetime:
    """The same day of a later month, at the same time; its last day where it is shorter (31 January → 28 February).

    Raises ValueError after the year 9999.
    """
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    if year > MAXYEAR:
        raise ValueError("after the year 9999")
    return wall.replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))


def _instant(aware: datetime) -> int:
    return (aware.astimezone(UTC) - EPOCH) // MILLISECOND


def _first_after(before: int, after: int, zone: tzinfo) -> int:
    """The instant in (before, after] at which the zone's offset changes: halves the gap."""
    offset = wall_of(before, zone) - wall_of(before, UTC)
    while after - before > 1:
        middle = (before + after) // 2
        if wall_of(middle, zone) - wall_of(middle, UTC) == offset:
            before = middle
        else:
            after = middle
    return after
