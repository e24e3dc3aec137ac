"""When does something happen in the made-up shop, and how much? Many small things in order of time.

    nights are quiet, evenings busy, weekends busier, and from day to day there is a little more

Reads nothing, writes nothing. A plan is made before anything happens, so that it holds exactly the events asked for.
"""

import random
from enum import Enum
from typing import NamedTuple

from collector.demo.others import MAX_READING, READ_MS
from collector.demo.visit import MAX_GIVEN, MAX_VISIT_MS
from sessionizer.session import GAP_MS

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
FIRST_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0

HOURS = (3, 2, 1, 1, 1, 2, 5, 9, 12, 13, 13, 14, 16, 14, 12, 12, 13, 15, 18, 22, 26, 25, 17, 8)
WEEKDAYS = (10, 9, 9, 10, 11, 13, 15)
GROWTH = 1.9
"""The last day against the first."""

ENDS_BEFORE_MS = max(MAX_VISIT_MS, MAX_READING * READ_MS) + GAP_MS + MINUTE_MS
"""Between the last beginning and now: the longest visit, the gap that ends its session, and a minute."""

DERIVED = 2
"""Events that follow from a visit."""


class What(Enum):
    """What happens."""

    VISIT, CRAWL, LETTER = range(3)


class Item(NamedTuple):
    """One of them. start: ms UTC. size: how many events, derived ones included."""

    start: int
    what: What
    size: int


def plan(chance: random.Random, events: int, *, days: int, now: int) -> list[Item]:
    """Items in order of `start`, of `events` events together, within `days` before `now` (ms UTC)."""
    sizes = _sizes(chance, events)
    starts = _starts(chance, len(sizes), since=now - days * DAY_MS, until=now - ENDS_BEFORE_MS)
    return [Item(start, *size) for start, size in zip(starts, sizes, strict=True)]


def _sizes(chance: random.Random, events: int) -> list[tuple[What, int]]:
    sizes = []
    while events:
        what, size = _size(chance)
        if size > events:
            what, size = What.CRAWL, events
        sizes.append((what, size))
        events -= size
    return sizes


def _size(chance: random.Random) -> tuple[What, int]:
    """Four of five are visits, of which every fifth ends at its first page or the second event."""
    kind = chance.random()
    if kind < 0.06:
        return What.CRAWL, 1 + int(chance.random() * 8)
    if kind < 0.2:
        return What.LETTER, 1 + int(chance.random() * MAX_READING)
    if chance.random() < 0.2:
        return What.VISIT, DERIVED + 1 + int(chance.random() * 2)
    return What.VISIT, DERIVED + min(3 + int(chance.expovariate(1 / 12)), MAX_GIVEN)


def _starts(chance: random.Random, count: int, *, since: int, until: int) -> list[int]:
    """So many instants, in order, drawn by the weight of their hour."""
    hours = range(since // HOUR_MS, until // HOUR_MS + 1)
    weights = [_weight(hour, (hour - hours[0]) / len(hours)) for hour in hours]
    drawn = [hour * HOUR_MS + int(chance.random() * HOUR_MS) for hour in chance.choices(hours, weights, k=count)]
    return sorted(at + HOUR_MS if at < since else at - HOUR_MS if at > until else at for at in drawn)


def _weight(hour: int, elapsed: float) -> float:
    """hour: since 1970. elapsed: share of the time that has passed."""
    day, of_day = divmod(hour, 24)
    return HOURS[of_day] * WEEKDAYS[(day + FIRST_WEEKDAY) % 7] * (1 + (GROWTH - 1) * elapsed)
