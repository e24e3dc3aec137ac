"""When something happens in the made-up shop: as much as was asked for, with days, nights and growth."""

import random
from collections import Counter

import pytest

from collector.demo.plan import DAY_MS, ENDS_BEFORE_MS, HOUR_MS, Item, What, plan
from tests.collector.work.deployment import T0

EVENTS, DAYS = 30_000, 28


@pytest.fixture(scope="module")
def items() -> list[Item]:
    """Four weeks."""
    return plan(random.Random(3), EVENTS, days=DAYS, now=T0)


def weight(items: list[Item], hours: range) -> int:
    """How many of them begin in these hours of the day."""
    return sum(item.start // HOUR_MS % 24 in hours for item in items)


@pytest.mark.parametrize("events", [1, 2, 3, 7, 100, 9_999])
def test_sizes_are_the_events_asked_for(events: int) -> None:
    """Exactly; a visit has one event and the two that follow at least."""
    items = plan(random.Random(events), events, days=2, now=T0)
    assert events == sum(item.size for item in items)
    assert all(item.size >= (3 if item.what is What.VISIT else 1) for item in items)


def test_items_come_in_order_and_end_in_time(items: list[Item]) -> None:
    """None begins before the first day, or so late that it would not be over."""
    starts = [item.start for item in items]
    assert sorted(starts) == starts
    assert T0 - DAYS * DAY_MS <= starts[0] < starts[-1] <= T0 - ENDS_BEFORE_MS


def test_evenings_are_busy_and_nights_are_quiet(items: list[Item]) -> None:
    """Five times at least."""
    assert weight(items, range(19, 22)) > 5 * weight(items, range(2, 5))


def test_weekends_are_busier_and_it_grows(items: list[Item]) -> None:
    """Day by day, over four weeks of which each has seven."""
    days = Counter(item.start // DAY_MS for item in items)
    weekdays = Counter((day + 3) % 7 for day in days.elements())
    assert weekdays[6] > weekdays[1]
    first, last = min(days), max(days)
    assert sum(days[last - n] for n in range(1, 8)) > 1.3 * sum(days[first + n] for n in range(1, 8))


def test_everything_happens(items: list[Item]) -> None:
    """Visits mostly, crawlers and letters as well."""
    count = Counter(item.what for item in items)
    assert set(What) == count.keys()
    assert count[What.VISIT] > 0.7 * len(items)
