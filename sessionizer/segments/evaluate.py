"""Is this person in the segment now? What each condition means, in plain words of code: the definition.

The store's question (SQL) and the rule that goes along with events must say the same; tests compare them with this.
A person's history holds what happened, given and derived, without what was taken back; nothing later than `now` counts.
Membership changes by new events and by time: `changes_at` says when it changes if nothing else happens.
Reads nothing, writes nothing.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from hashlib import blake2b
from typing import Any, NamedTuple

from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import Today, edges, equal, passes, today_at
from sessionizer.segments.window import EVER, Window
from sessionizer.session import utm_of
from sessionizer.thread import FOREVER

STARTED: Kind = ("push", "push_session_started")
ENDED: Kind = ("website", "session_ended")


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


def holds(condition: asks.Condition, person: Person, moment: Moment) -> bool:
    """Whether the person meets the condition at that moment."""
    return _MEANINGS[type(condition)](condition, person, moment)


def changes_at(condition: asks.Condition, person: Person, moment: Moment) -> int | None:
    """The first instant after now at which it holds no more, or begins to hold, by time alone; None: never."""
    is_so = holds(condition, person, moment)
    ahead = sorted({edge for edge in edges_of(condition, person, moment) if moment.now < edge < FOREVER})
    return next((at for at in ahead if holds(condition, person, moment._replace(now=at)) != is_so), None)


def edges_of(condition: asks.Condition, person: Person, moment: Moment) -> Iterator[int]:
    """All instants, ms UTC, at which it may change by time alone."""
    if isinstance(condition, asks.InSegment):
        other = moment.segments.get(condition.id)
        yield from edges_of(other, person, moment) if other else ()
    elif isinstance(condition, asks.AllOf | asks.AnyOf):
        for one in condition.of:
            yield from edges_of(one, person, moment)
    elif isinstance(condition, asks.NotSo):
        yield from edges_of(condition.of, person, moment)
    elif isinstance(condition, asks.AttributeIs):
        yield from edges(condition.test, values_of(person.contact, condition.name), moment.today)
    else:
        yield from _edges_of_events(condition, person, moment)


def _edges_of_events(condition: asks.Condition, person: Person, moment: Moment) -> Iterator[int]:
    """Of every event of its kinds: one that does not count today may do so when a date in its properties has come."""
    window: Window = getattr(condition, "window", EVER)
    for event in person.history:
        tests = [one for wanted in filters_of(condition) if wanted.kind == event.kind for one in wanted.where]
        for one in tests:
            yield from edges(one.test, values_at(event.properties, names_of(one.path)), moment.today)
        if event.kind in kinds_of(condition):
            yield from window.stay(event.at, moment.zone)
            if isinstance(condition, asks.Inactive):
                yield condition.within.later(event.at, moment.zone)


def kinds_of(condition: asks.Condition) -> set[Kind]:
    """Which events a leaf hears."""
    if isinstance(condition, asks.Visited):
        return {STARTED, ENDED}
    return {wanted.kind for wanted in filters_of(condition)}


def filters_of(condition: asks.Condition) -> Iterator[asks.EventFilter]:
    """The filters of events that a leaf has."""
    if isinstance(condition, asks.EventFilter):
        yield condition
    elif isinstance(condition, asks.InOrder):
        for step in condition.steps:
            yield step
            yield from step.without
    elif isinstance(condition, asks.Inactive):
        yield condition.after
        yield condition.without


def kinds_within(condition: asks.Condition, moment: Moment) -> set[Kind]:
    """Which events a whole tree hears, the segments that it asks for included."""
    found: set[Kind] = set()
    for leaf in asks.leaves(condition):
        other = moment.segments.get(leaf.id) if isinstance(leaf, asks.InSegment) else None
        found |= kinds_within(other, moment) if other else kinds_of(leaf)
    return found


# Groups and what is known of a contact --------------------------------------------------------------------------------


def _all(condition: asks.AllOf, person: Person, moment: Moment) -> bool:
    return all(holds(one, person, moment) for one in condition.of)


def _any(condition: asks.AnyOf, person: Person, moment: Moment) -> bool:
    return any(holds(one, person, moment) for one in condition.of)


def _not(condition: asks.NotSo, person: Person, moment: Moment) -> bool:
    return not holds(condition.of, person, moment)


def _attribute(condition: asks.AttributeIs, person: Person, moment: Moment) -> bool:
    return passes(condition.test, values_of(person.contact, condition.name), moment.today)


def values_of(contact: Contact, name: str) -> list[Any]:
    """What an attribute holds: nothing, or one value."""
    return [contact.attributes[name]] if name in contact.attributes else []


def _identity(condition: asks.IdentityIs, person: Person, moment: Moment) -> bool:
    contact = person.contact
    if condition.is_ == "has":
        return bool(contact.identifiers.get(condition.kind or ""))
    return contact.anonymous == (condition.is_ == "anonymous")


def _consent(condition: asks.ConsentIs, person: Person, moment: Moment) -> bool:
    return person.contact.consent == condition.is_


def _list(condition: asks.OnList, person: Person, moment: Moment) -> bool:
    return condition.name in person.contact.lists


def _segment(condition: asks.InSegment, person: Person, moment: Moment) -> bool:
    other = moment.segments.get(condition.id)
    return other is not None and holds(other, person, moment)


def _bucket(condition: asks.InBucket, person: Person, moment: Moment) -> bool:
    return condition.from_ <= share_of(person.contact.id, condition.salt) < condition.to


def share_of(contact: int, salt: str) -> float:
    """Where a contact stands between 0 and 100: always there."""
    digest = blake2b(f"{salt}/{contact}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64 * 100


# Events ---------------------------------------------------------------------------------------------------------------


def matches(wanted: asks.EventFilter, event: Event, today: Today) -> bool:
    """Whether it is such an event."""
    if event.key != wanted.key or event.category != wanted.category:
        return False
    if wanted.sites and event.site not in wanted.sites:
        return False
    if wanted.devices and device_of(event) not in wanted.devices:
        return False
    return _page_matches(wanted, event, today) and all(
        property_passes(one, event.properties, today) for one in wanted.where
    )


def device_of(event: Event) -> str:
    """The kind of device, `unknown` where nobody knows."""
    return (event.agent.device if event.agent else "") or "unknown"


def _page_matches(wanted: asks.EventFilter, event: Event, today: Today) -> bool:
    url = event.page.url if event.page else ""
    if wanted.page and not passes(wanted.page, [url], today):
        return False
    return utm_passes(wanted, url, today)


def utm_passes(wanted: asks.EventFilter, url: str, today: Today) -> bool:
    """Whether the campaign in an address is the one that is asked for."""
    utm = utm_of(url)
    return all(passes(test, [getattr(utm, name)], today) for name, test in wanted.utm.items())


def property_passes(wanted: asks.PropertyTest, properties: Mapping[str, Any], today: Today) -> bool:
    """Whether the values at the path pass: one of them, or all of at least one."""
    values = list(values_at(properties, names_of(wanted.path)))
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


def _number(condition: asks.Did | asks.Visited, person: Person, moment: Moment) -> bool:
    found = within(condition.window, counted(condition, person.history, moment), moment)
    return counts(condition.count, len(found))


def counts(wanted: asks.Counted, number: int) -> bool:
    """Whether that is as often as asked for."""
    if wanted.op == "exactly":
        return number == wanted.value
    return number >= wanted.value if wanted.op == "at_least" else number <= wanted.value


def _once(condition: asks.InOrder | asks.FirstOrLast, person: Person, moment: Moment) -> bool:
    return bool(within(condition.window, counted(condition, person.history, moment), moment))


def _visited(condition: asks.Visited, person: Person, moment: Moment) -> bool:
    if not condition.now:
        return _number(condition, person, moment)
    latest = [event for event in person.history if event.at <= moment.now and event.kind in (STARTED, ENDED)][-1:]
    return [STARTED] == [event.kind for event in latest]


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


def _inactive(condition: asks.Inactive, person: Person, moment: Moment) -> bool:
    found = within(condition.window, counted(condition, person.history, moment), moment)
    if not found:
        return False
    last = found[-1]
    end = condition.within.later(last.at, moment.zone)
    after = (event for event in such(condition.without, person.history, moment) if order(event) > order(last))
    return moment.now >= end and not any(event.at < end for event in after)


def order(event: Event) -> tuple[int, str]:
    """Events of one instant are in the order of their ids."""
    return event.at, event.id


# Sequences ------------------------------------------------------------------------------------------------------------


def completions(condition: asks.InOrder, history: Sequence[Event], moment: Moment) -> list[Event]:
    """The events that end a sequence of all steps."""
    ended = {order(last): last for last in _chains(condition, 0, (), history, moment)}
    return [ended[place] for place in sorted(ended)]


def _chains(
    condition: asks.InOrder, number: int, chain: tuple[Event, ...], history: Sequence[Event], moment: Moment
) -> Iterator[Event]:
    """The last events of all ways to go on from a chain of the first steps."""
    if number == len(condition.steps):
        yield chain[-1]
        return
    step = condition.steps[number]
    for event in such(step, history, moment):
        if not chain or _follows(step, chain, event, history, moment):
            yield from _chains(condition, number + 1, (*chain, event), history, moment)


def _follows(
    step: asks.SequenceStep, chain: tuple[Event, ...], event: Event, history: Sequence[Event], moment: Moment
) -> bool:
    """Whether the event may be this step after those: later, soon enough, undisturbed, about the same thing."""
    before = chain[-1]
    if order(event) <= order(before) or (step.within and event.at >= step.within.later(before.at, moment.zone)):
        return False
    between = [one for one in history if order(before) < order(one) < order(event)]
    if any(such(unwanted, between, moment) for unwanted in step.without):
        return False
    return all(_same(one, chain, event) for one in step.same)


def _same(same: asks.Same, chain: tuple[Event, ...], event: Event) -> bool:
    here = list(values_at(event.properties, names_of(same.property)))
    there = list(values_at(chain[same.step].properties, names_of(same.as_)))
    return any(equal(one, other) for one in here for other in there)


# Aggregates -----------------------------------------------------------------------------------------------------------


def _sum(condition: asks.Aggregate, person: Person, moment: Moment) -> bool:
    found = within(condition.window, counted(condition, person.history, moment), moment)
    by_currency: dict[Any, list[Any]] = {}
    for event in found:
        values = values_at(event.properties, names_of(condition.property))
        by_currency.setdefault(currency_of(event), []).extend(values)
    if condition.currency:
        kept = by_currency.get(condition.currency.upper(), [])
        return worked_out_passes(condition, kept, moment.today)
    groups = list(by_currency.values()) or [[]]
    return any(worked_out_passes(condition, values, moment.today) for values in groups)


def currency_of(event: Event) -> str:
    """Of the money in its properties, "" where it is not said."""
    said = event.properties.get("currency")
    return said.upper() if isinstance(said, str) else ""


def worked_out_passes(condition: asks.Aggregate, values: Sequence[Any], today: Today) -> bool:
    """Whether what comes of the values passes the test."""
    return passes(condition.test, [FUNCTIONS[condition.function](values)], today)


def numbers(values: Iterable[Any]) -> list[float]:
    """Those that are numbers."""
    return [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


def _average(values: Sequence[Any]) -> float | None:
    found = numbers(values)
    return math.fsum(found) / len(found) if found else None


def _total(values: Sequence[Any]) -> float | None:
    found = numbers(values)
    return math.fsum(found) if found else None


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

_MEANINGS: Mapping[type, Callable[[Any, Person, Moment], bool]] = {
    asks.AllOf: _all,
    asks.AnyOf: _any,
    asks.NotSo: _not,
    asks.AttributeIs: _attribute,
    asks.Did: _number,
    asks.Aggregate: _sum,
    asks.InOrder: _once,
    asks.Inactive: _inactive,
    asks.FirstOrLast: _once,
    asks.Visited: _visited,
    asks.IdentityIs: _identity,
    asks.ConsentIs: _consent,
    asks.OnList: _list,
    asks.InSegment: _segment,
    asks.InBucket: _bucket,
}
