"""Which instant does a waiting step mean, a date of the contact's, the end of the quiet hours?

Instants are ms UTC. Reads nothing, writes nothing; zones are given.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sessionizer.automations.definition import WEEKDAYS, HouseRules, OnDate, Shift, Weekday
from sessionizer.segments.comparison import clamped, day_of, next_day
from sessionizer.segments.window import ELAPSED_MS, MONTHS
from sessionizer.wall_clock import EPOCH, MILLISECOND, MINUTE_MS, instant_of, months_later, wall_of

DAYS_AHEAD = 8
"""Any weekday comes within so many."""


def shifted(at: int, shift: Shift | None, zone: tzinfo) -> int:
    """So long before or after an instant; months by the wall clock."""
    if shift is None:
        return at
    span, sign = shift.span, -1 if shift.before else 1
    if elapsed := ELAPSED_MS.get(span.unit):
        return at + sign * span.n * elapsed
    try:
        return instant_of(months_later(wall_of(at, zone), sign * span.n * MONTHS[span.unit]), zone)
    except (ValueError, OverflowError):
        return at


def instant_in(value: Any, zone: tzinfo, at_day: str = "00:00") -> int | None:
    """The instant that a value names: RFC 3339, or a date, which is that time of that day; None when it names none."""
    day = day_of(value, zone)
    if day is None:
        return None
    try:
        if len(value) == 10:
            return instant_of(datetime.combine(day, time.fromisoformat(at_day)), zone)
        moment = datetime.fromisoformat(value)
        return (moment - EPOCH) // MILLISECOND if moment.tzinfo else instant_of(moment, zone)
    except (ValueError, OverflowError):
        return None


def next_time(at: int, clock: str, days: Sequence[Weekday], zone: tzinfo, *, again: bool) -> int:
    """When the clock shows that time on one of those days: at once in that very minute, unless `again`."""
    wall = wall_of(at, zone)
    for ahead in range(DAYS_AHEAD):
        day = wall.date() + timedelta(days=ahead)
        found = instant_of(datetime.combine(day, time.fromisoformat(clock)), zone)
        if WEEKDAYS[day.weekday()] not in days or found + MINUTE_MS <= at or (again and found <= at):
            continue
        return max(found, at)
    return at  # no day is asked for: `check.py` refuses that


def quiet_until(rules: HouseRules, at: int, zone: tzinfo) -> int | None:
    """The end of the quiet hours, if they hold at that instant. In a night that has it twice: its first."""
    if not rules.quiet_from or not rules.quiet_to or rules.quiet_from == rules.quiet_to:
        return None
    wall = wall_of(at, zone)
    now, start, end = wall.time(), time.fromisoformat(rules.quiet_from), time.fromisoformat(rules.quiet_to)
    is_quiet = start <= now < end if start < end else now >= start or now < end
    if not is_quiet:
        return None
    day = wall.date() if now < end else next_day(wall.date())
    found = instant_of(datetime.combine(day, end), zone)
    return found if found > at else None


def next_date(trigger: OnDate, value: Any, after: int, zone: tzinfo) -> int | None:
    """The first instant later than `after` at which a date in an attribute lets somebody in; None when none is left."""
    day = day_of(value, zone)
    if day is None:
        return None
    instants = (_moment_of(trigger, one, zone) for one in _days(trigger, day, after, zone))
    return next((at for at in instants if at is not None and at > after), None)


def _days(trigger: OnDate, day: date, after: int, zone: tzinfo) -> Iterator[date]:
    if not trigger.yearly:
        yield day
        return
    around = wall_of(max(after, 0), zone).year
    span = trigger.shift.span if trigger.shift else None
    reach = 2 + (span.n if span and span.unit == "years" else span.n // 12 if span and span.unit == "months" else 0)
    for year in range(max(around - reach, day.year, 1), min(around + reach + 2, date.max.year)):
        yield clamped(year, day.month, day.day)


def _moment_of(trigger: OnDate, day: date, zone: tzinfo) -> int | None:
    try:
        at = instant_of(datetime.combine(day, time.fromisoformat(trigger.time)), zone)
    except OverflowError:
        return None
    return shifted(at, trigger.shift, zone)
