"""Which of a person's events count for a condition, and what comes of them? All but the answer itself.

Nothing later than `now` counts. Reads nothing, writes nothing.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from fractions import Fraction
from typing import Any, NamedTuple

from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import Today, equal, passes, today_at
from sessionizer.segments.window import Window
from sessionizer.session import utm_of

STARTED: Kind = ("push", "push_session_started")
ENDED: Kind = ("website", "session_ended")
Chain = tuple[Event, ...]
"""The first events of a sequence, one a step."""


class Person(NamedTuple):
    """Whom is asked about. history: sorted by (at, id). contact: as it is known."""

    contact: Contact
    history: Sequence[Event]


class Moment(NamedTuple):
    """When is asked: `now` in ms UTC, days in the deployment's zone. segments: the others, by id."""

    now: int
    zone: tzinfo
    segments: Mapping[int, asks.Condition] = {}

    @property
    def today(self) -> Today:
        """The day of it."""
        return today_at(self.now, self.zone)


def matches(wanted: asks.EventFilter, event: Event, today: Today) -> bool:
    """Whether it is such an event."""
    if event.key != wanted.key or event.category != wanted.category:
        return False
    if wanted.sites and event.site not in wanted.sites:
        return False
    if wanted.devices and device_of(event) not in wanted.devices:
        return False
    if (wanted.page or wanted.utm) and not _page_matches(wanted, event, today):
        return False
    return not wanted.where or all(property_passes(one, event.properties, today) for one in wanted.where)


def device_of(event: Event) -> str:
    """The kind of device, `unknown` where nobody knows."""
    return (event.agent.device if event.agent else "") or "unknown"


def _page_matches(wanted: asks.EventFilter, event: Event, today: Today) -> bool:
    return on_page(wanted, event.page.url if event.page else "", today)


def on_page(wanted: asks.EventFilter, url: str, today: Today) -> bool:
    """Whether an address, "" for none, is one that is asked for."""
    if wanted.page and not passes(wanted.page, [url], today):
        return False
    return utm_passes(wanted, url, today)


def utm_passes(wanted: asks.EventFilter, url: str, today: Today) -> bool:
    """Whether the campaign in an address is the one that is asked for."""
    if not wanted.utm:
        return True
    utm = utm_of(url)
    return all(passes(test, [getattr(utm, name)], today) for name, test in wanted.utm.items())


def property_passes(wanted: asks.PropertyTest, properties: Mapping[str, Any], today: Today) -> bool:
    """Whether the values at the path pass: one of them, or all of at least one."""
    return values_pass(wanted, values_at(properties, names_of(wanted.path)), today)


def values_pass(wanted: asks.PropertyTest, values: Sequence[Any], today: Today) -> bool:
    """The same, of the values to which its path leads."""
    if wanted.of == "any":
        return passes(wanted.test, values, today)
    return bool(values) and all(passes(wanted.test, [value], today) for value in values)


def counted(condition: asks.Condition, history: Sequence[Event], moment: Moment) -> list[Event]:
    """The events that may count for a leaf, whatever its window: of a sequence those that end one."""
    until_now = [event for event in history if event.at <= moment.now]
    if isinstance(condition, asks.InOrder):
        return completions(condition, until_now, moment)
    if isinstance(condition, asks.Inactive):
        return such(condition.after, until_now, moment)
    if isinstance(condition, asks.FirstOrLast):
        found = such(condition, until_now, moment)
        return found[:1] if condition.which == "first" else found[-1:]
    if isinstance(condition, asks.Visited):
        return visits(condition, until_now, moment)
    return such(condition, until_now, moment) if isinstance(condition, asks.EventFilter) else []


def such(wanted: asks.EventFilter, history: Iterable[Event], moment: Moment) -> list[Event]:
    """The events that the filter lets pass."""
    today = moment.today
    return [event for event in history if matches(wanted, event, today)]


def within(window: Window, events: Iterable[Event], moment: Moment) -> list[Event]:
    """The events that are in the window now."""
    stays = ((event, window.stay(event.at, moment.zone)) for event in events)
    return [event for event, stay in stays if stay.enters <= moment.now < stay.leaves]


def visits(condition: asks.Visited, history: Iterable[Event], moment: Moment) -> list[Event]:
    """What stands for the sessions that count: their beginnings, or their ends where pages or length are asked for."""
    tests = [(condition.pages, "pages"), (condition.seconds, "duration_seconds")]
    asked = [(test, name) for test, name in tests if test]
    kind, today = ENDED if asked else STARTED, moment.today
    return [
        event
        for event in history
        if event.kind == kind and all(passes(test, [event.properties.get(name)], today) for test, name in asked)
    ]


def as_events(condition: asks.Visited) -> asks.Did:
    """The same question about the events that stand for sessions."""
    tests = {"pages": condition.pages, "duration_seconds": condition.seconds}
    where = tuple(asks.PropertyTest(name, test) for name, test in tests.items() if test)
    category, key = ENDED if where else STARTED
    return asks.Did(category=category, key=key, where=where, count=condition.count, window=condition.window)


def order(event: Event) -> tuple[int, str]:
    """Events of one instant are in the order of their ids."""
    return event.at, event.id


# Sequences ------------------------------------------------------------------------------------------------------------


def completions(condition: asks.InOrder, history: Sequence[Event], moment: Moment) -> list[Event]:
    """The events that end a sequence of all steps.

    Of chains that differ in their last event alone the latest goes furthest: it is the soonest before what comes, and
    the least may have come in between. So not every chain is followed, and a long history costs hardly more than its
    length; where steps speak of earlier ones, that for each event of those.
    """
    first, *later = condition.steps
    chains: list[Chain] = [(event,) for event in such(first, history, moment)]
    for number, step in enumerate(later, 1):
        spoken_of = sorted({same.step for one in condition.steps[number:] for same in one.same if same.step < number})
        chains = [
            chain for alike in _alike(chains, spoken_of) for chain in _continued(alike, step, history, moment)
        ]  # fmt: skip
    ended = {order(chain[-1]): chain[-1] for chain in chains}
    return [ended[place] for place in sorted(ended)]


def _alike(chains: Iterable[Chain], spoken_of: Sequence[int]) -> Iterator[list[Chain]]:
    """Chains whose events at those places are the same, in order of their last events, one for each of these."""
    groups: dict[tuple[Any, ...], dict[tuple[int, str], Chain]] = {}
    for chain in chains:
        groups.setdefault(tuple(order(chain[place]) for place in spoken_of), {})[order(chain[-1])] = chain
    for group in groups.values():
        yield [group[last] for last in sorted(group)]


def _continued(
    alike: Sequence[Chain], step: asks.SequenceStep, history: Sequence[Event], moment: Moment
) -> Iterator[Chain]:
    """What these chains become by the next step: for each event the chain whose last one is the latest before it."""
    lasts = [order(chain[-1]) for chain in alike]
    unwanted = [order(event) for one in step.without for event in such(one, history, moment)]
    unwanted.sort()
    for event in such(step, history, moment):
        place = bisect_left(lasts, order(event)) - 1
        if place >= 0 and _follows(step, alike[place], event, unwanted, moment):
            yield (*alike[place], event)


def _follows(
    step: asks.SequenceStep, chain: Chain, event: Event, unwanted: Sequence[tuple[int, str]], moment: Moment
) -> bool:
    """Whether a later event may be this step after those: soon enough, undisturbed, about the same thing."""
    before = chain[-1]
    if step.within and event.at >= step.within.later(before.at, moment.zone):
        return False
    next_unwanted = bisect_right(unwanted, order(before))
    if next_unwanted < len(unwanted) and unwanted[next_unwanted] < order(event):
        return False
    return all(_same(one, chain, event) for one in step.same)


def _same(same: asks.Same, chain: Chain, event: Event) -> bool:
    here = list(values_at(event.properties, names_of(same.property)))
    there = list(values_at(chain[same.step].properties, names_of(same.as_)))
    return any(equal(one, other) for one in here for other in there)


# Aggregates -----------------------------------------------------------------------------------------------------------


def currency_of(event: Event) -> str:
    """Of the money in its properties, "" where it is not said."""
    return currency_in(event.properties)


def currency_in(properties: Mapping[str, Any]) -> str:
    """The same, of properties."""
    said = properties.get("currency")
    return said.upper() if isinstance(said, str) else ""


def numbers(values: Iterable[Any]) -> list[float]:
    """Those that are numbers."""
    return [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


def total_of(values: Sequence[float]) -> float:
    """Their exact sum, rounded once; without end where no float is so large."""
    try:
        return math.fsum(values)
    except OverflowError:
        exact = sum(map(Fraction, values))
        try:
            return float(exact)
        except OverflowError:
            return math.inf if exact > 0 else -math.inf


def exact_parts(values: Sequence[float]) -> tuple[float, ...]:
    """Few numbers with exactly the same sum: of each addition what was rounded away is kept beside.

    Source: Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997), grow-expansion.
    """
    parts: list[float] = []
    for value in values:
        rest, kept = float(value), 0
        for part in parts:
            larger, smaller = (rest, part) if abs(rest) >= abs(part) else (part, rest)
            high = larger + smaller
            low = smaller - (high - larger)
            if low:
                parts[kept] = low
                kept += 1
            rest = high
        parts[kept:] = [rest]
    return tuple(parts) if all(map(math.isfinite, parts)) else tuple(values)


def _average(values: Sequence[Any]) -> float | None:
    found = numbers(values)
    return total_of(found) / len(found) if found else None


def _total(values: Sequence[Any]) -> float | None:
    found = numbers(values)
    return total_of(found) if found else None


def _distinct(values: Sequence[Any]) -> int:
    plain = [value for value in values if isinstance(value, str | int | float) and value != ""]
    return len({(isinstance(value, bool), value) for value in plain})


FUNCTIONS: Mapping[str, Callable[[Sequence[Any]], float | None]] = {
    "sum": _total,
    "average": _average,
    "minimum": lambda values: min(numbers(values), default=None),
    "maximum": lambda values: max(numbers(values), default=None),
    "distinct": _distinct,
}
"""By which a property's values become one; None where there is none. Sums are exact, so that order changes nothing."""
