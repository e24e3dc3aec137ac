"""Does a value pass a test? The same tests for attributes, properties, addresses and sums.

    equals differs in                text, number, true or false; the case of a text does not matter
    contains starts ends             text; of a list `contains` asks for an element
    more at_least less at_most       number
    between                          number, both ends included
    exists missing                   whether there is a value at all: null and "" are none
    on before after                  a date: the day of it, days before it, days after it
    in_last in_next                  a date: within N days, weeks, months, years; today is in both
    anniversary                      a date: its day of the year is today's, or within the next N days of it

A date is `2026-11-24`, or an instant in RFC 3339, which is the day that it has in the deployment's zone. Reads nothing,
writes nothing. Nothing is raised for a value of another type: it does not pass.
"""

import operator
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta

from sessionizer.wall_clock import instant_of, wall_of

Scalar = bool | int | float | str
Op = Literal[
    "equals", "differs", "in", "contains", "starts", "ends", "more", "at_least", "less", "at_most", "between",
    "exists", "missing", "on", "before", "after", "in_last", "in_next", "anniversary",
]  # fmt: skip

VALUELESS = frozenset({"exists", "missing"})
NEGATIVE = frozenset({"differs", "missing"})
"""They hold for a thing without a value, and of several values only if they hold for each."""
TEXTS = frozenset({"contains", "starts", "ends"})
SIZES = {"more": operator.gt, "at_least": operator.ge, "less": operator.lt, "at_most": operator.le}
DAYS = frozenset({"on", "before", "after"})
RELATIVE = frozenset({"in_last", "in_next"})
TIMELY = RELATIVE | {"anniversary"}
"""What may change by itself, at midnight."""


class Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A length in calendar days, weeks, months or years."""

    n: Annotated[int, Meta(ge=0, le=100_000)]
    unit: Literal["days", "weeks", "months", "years"] = "days"

    def after(self, day: date) -> date:
        """The day that lies so much later; date.max beyond the calendar."""
        return self._moved(day, self.n)

    def before(self, day: date) -> date:
        """The day that lies so much earlier; date.min before the calendar."""
        return self._moved(day, -self.n)

    def _moved(self, day: date, n: int) -> date:
        try:
            if self.unit in ("days", "weeks"):
                return day + timedelta(days=n * (7 if self.unit == "weeks" else 1))
            year, month = divmod(day.year * 12 + day.month - 1 + n * (12 if self.unit == "years" else 1), 12)
            return clamped(year, month + 1, day.day)
        except (ValueError, OverflowError):
            return date.max if n > 0 else date.min


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One test. value: what is compared with; of `in` a list, of `between` two numbers, of a date op `YYYY-MM-DD`.

    within: of in_last, in_next and anniversary.
    """

    op: Op
    value: Scalar | tuple[Scalar, ...] | None = None
    within: Days | None = None


class Today:
    """The day on which is asked, in the deployment's zone. Of an instant it is worked out when a test looks at it."""

    __slots__ = ("_at", "_day", "zone")

    def __init__(self, day: date | None, zone: tzinfo, *, at: int = 0) -> None:
        """day: None for the one of the instant `at`, ms UTC."""
        self._day, self.zone, self._at = day, zone, at

    @property
    def day(self) -> date:
        """See above."""
        if self._day is None:
            self._day = wall_of(self._at, self.zone).date()
        return self._day


def passes(test: Comparison, values: Iterable[Any], today: Today) -> bool:
    """Whether it holds for one of the values; of `differs` and `missing`, for all of them."""
    op = test.op
    if op in VALUELESS:
        return any(value is not None and value != "" for value in values) == (op == "exists")
    one_passes = CHECKS[op]
    for value in values:
        if value is not None and value != "" and one_passes(test, value, today):
            return op not in NEGATIVE
    return op in NEGATIVE


def _is_equal(test: Comparison, value: Any, today: Today) -> bool:
    return equal(value, test.value)


def _is_one_of(test: Comparison, value: Any, today: Today) -> bool:
    return any(equal(value, one) for one in (test.value if isinstance(test.value, tuple) else ()))


def equal(value: Any, wanted: Any) -> bool:
    """Numbers by value, texts without regard to case; a list, if one of its elements is."""
    if isinstance(value, list | tuple):
        return any(equal(element, wanted) for element in value)
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return isinstance(value, int | float) and isinstance(wanted, int | float) and value == wanted


def _text_passes(test: Comparison, value: Any, today: Today) -> bool:
    """Part, beginning, end of a text; an element of a list."""
    op, wanted = test.op, test.value
    if isinstance(value, list | tuple):
        return op == "contains" and equal(value, wanted)
    if not isinstance(value, str) or not isinstance(wanted, str):
        return False
    text, part = value.casefold(), wanted.casefold()
    return part in text if op == "contains" else text.startswith(part) if op == "starts" else text.endswith(part)


def _size_passes(test: Comparison, value: Any, today: Today) -> bool:
    """A number against another."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and bool(SIZES[test.op](value, cast("float", test.value)))
    )


def _is_between(test: Comparison, value: Any, today: Today) -> bool:
    """A number between two others, or one of them."""
    low, high = cast("tuple[float, float]", test.value)
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


# Dates ----------------------------------------------------------------------------------------------------------------


def day_of(value: Any, zone: tzinfo) -> date | None:
    """The day that a value names, None when it names none."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
        instant = datetime.fromisoformat(value)
        return (instant.astimezone(zone) if instant.tzinfo else instant).date()
    except (ValueError, OverflowError):
        return None


def _day_passes(test: Comparison, value: Any, today: Today) -> bool:
    """A date against the calendar."""
    day = day_of(value, today.zone)
    if day is None:
        return False
    if test.op in DAYS:
        wanted = date.fromisoformat(str(test.value))
        return day == wanted if test.op == "on" else day < wanted if test.op == "before" else day > wanted
    return any(first <= today.day < end for first, end in days_that_pass(test, day, today.day))


def days_that_pass(test: Comparison, day: date, around: date) -> Iterator[tuple[date, date]]:
    """[first, end) of the days on which a timely test holds for a date; of an anniversary, those about `around`."""
    within = test.within or Days(0)
    if test.op == "in_last":
        yield day, next_day(within.after(day))
    elif test.op == "in_next":
        yield within.before(day), next_day(day)
    else:
        for year in range(max(around.year - 1, day.year + 1, 1), min(around.year + 3, date.max.year)):
            again = clamped(year, day.month, day.day)
            yield within.before(again), next_day(again)


def edges(test: Comparison, values: Iterable[Any], today: Today) -> Iterator[int]:
    """The instants (ms UTC) at which a timely test may change for these values, some years ahead."""
    if test.op not in TIMELY:
        return
    for value in values:
        day = day_of(value, today.zone)
        if day is not None:
            for span in days_that_pass(test, day, today.day):
                yield from (midnight(edge, today.zone) for edge in span if date.min < edge < date.max)


def midnight(day: date, zone: tzinfo) -> int:
    """The instant at which a day begins."""
    return instant_of(datetime.combine(day, time.min), zone)


def next_day(day: date) -> date:
    """The day after."""
    return day if day == date.max else day + timedelta(days=1)


def clamped(year: int, month: int, day: int) -> date:
    """The day of that month, its last one where it is shorter. Raises ValueError outside the calendar."""
    return date(year, month, min(day, monthrange(year, month)[1]))


@lru_cache(maxsize=1_024)
def today_at(now: int, zone: tzinfo) -> Today:
    """The day at an instant, ms UTC."""
    return Today(None, zone, at=now)


CHECKS: Mapping[str, Callable[[Comparison, Any, Today], bool]] = {
    "equals": _is_equal,
    "differs": _is_equal,
    "in": _is_one_of,
    "between": _is_between,
    **dict.fromkeys(TEXTS, _text_passes),
    **dict.fromkeys(SIZES, _size_passes),
    **dict.fromkeys(DAYS | TIMELY, _day_passes),
}
"""How one value is looked at, which is neither null nor empty; `differs` holds where none is equal."""
