"""When does an event count? From the instant at which it enters a window until the one at which it leaves it.

    ever                  from its own time on
    last 3 months         until three months after its time
    more than 3 months    from three months after its time on
    after, before         if its own time lies there

Minutes to weeks are elapsed time; months and years go by the wall clock of the deployment's zone, so that 31 January
and three months are 30 April. An event is in a window at `t` iff `enters <= t < leaves`: what follows from time alone
is known in advance, to the millisecond. Reads nothing, writes nothing.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from sessionizer.thread import FOREVER
from sessionizer.wall_clock import DAY_MS, EPOCH, HOUR_MS, MILLISECOND, MINUTE_MS, instant_of, months_later, wall_of

Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]
ELAPSED_MS = {"minutes": MINUTE_MS, "hours": HOUR_MS, "days": DAY_MS, "weeks": 7 * DAY_MS}
MONTHS = {"months": 1, "years": 12}
LONGEST_MONTH_MS, SHORTEST_MONTH_MS = 32 * DAY_MS, 27 * DAY_MS


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`{"n": 3, "unit": "months"}`."""

    n: Annotated[int, Meta(ge=1, le=100_000)]
    unit: Unit

    def later(self, at: int, zone: tzinfo) -> int:
        """The instant so much after `at`, ms UTC; FOREVER beyond the year 9999. A later `at` gives no earlier one."""
        if elapsed := ELAPSED_MS.get(self.unit):
            return at + self.n * elapsed
        try:
            return instant_of(months_later(wall_of(at, zone), self.n * MONTHS[self.unit]), zone)
        except (ValueError, OverflowError):
            return FOREVER

    def cut(self, now: int, zone: tzinfo) -> int:
        """The first `at` for which `later(at)` is after `now`: what counts in the last N is at it or after it."""
        if elapsed := ELAPSED_MS.get(self.unit):
            return now - self.n * elapsed + 1
        months = self.n * MONTHS[self.unit]
        low, high = now - (months + 1) * LONGEST_MONTH_MS, now - (months - 1) * SHORTEST_MONTH_MS + 1
        return first_where(low, high, lambda at: self.later(at, zone) > now)


Moment = Annotated[datetime, Meta(tz=True)]
"""An instant; in JSON RFC 3339."""


def ms_of(moment: datetime) -> int:
    """ms UTC."""
    return (moment - EPOCH) // MILLISECOND


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When events count; what is None does not narrow. last: not longer ago. ago: longer ago. after: at it or later.

    before: earlier than it.
    """

    last: Span | None = None
    ago: Span | None = None
    after: Moment | None = None
    before: Moment | None = None

    def stay(self, at: int, zone: tzinfo) -> "Stay":
        """From when until when an event of that instant counts."""
        if (self.after and at < ms_of(self.after)) or (self.before and at >= ms_of(self.before)):
            return NEVER
        enters = self.ago.later(at, zone) if self.ago else at
        return Stay(enters, self.last.later(at, zone) if self.last else FOREVER)

    def range(self, now: int, zone: tzinfo) -> tuple[int, int]:
        """[since, until) of the events that count at `now`, ms UTC: the same window, for a question to a store."""
        since = self.last.cut(now, zone) if self.last else 0
        until = self.ago.cut(now, zone) if self.ago else now + 1
        return (
            max(since, ms_of(self.after)) if self.after else since,
            min(until, ms_of(self.before)) if self.before else until,
        )


class Stay(NamedTuple):
    """An event counts at `t` iff enters <= t < leaves; ms UTC."""

    enters: int
    leaves: int


NEVER = Stay(FOREVER, FOREVER)
EVER = Window()


def first_where(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first instant in [low, high] for which it holds, if it holds from some instant on, at `high` at last."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
