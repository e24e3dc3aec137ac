"""Is this person in the segment now? What each condition means, in plain words of code: the definition.

The store's question (SQL) and the rule that goes along with events must say the same; tests compare them with this.
A person's history holds what happened, given and derived, without what was taken back; nothing later than `now` counts.
Membership changes by new events and by time: `changes_at` says when it changes if nothing else happens.
Reads nothing, writes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import TIMELY, Today, edges, passes
from sessionizer.segments.history import (
    ENDED,
    FUNCTIONS,
    STARTED,
    Moment,
    Person,
    counted,
    currency_of,
    order,
    such,
    total_of,
    within,
)
from sessionizer.segments.window import EVER, Window
from sessionizer.thread import FOREVER


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
    """Where dates in properties are asked about, or inactivity, of every event of its kinds: one that does not count
    today may do so when the date has come. Else only where the answer becomes another one."""
    window: Window = getattr(condition, "window", EVER)
    tests = [(wanted.kind, one) for wanted in filters_of(condition) for one in wanted.where if one.test.op in TIMELY]
    if type(condition) in _MET and not tests:
        yield from _flips(condition, window, person, moment)
        return
    for event in person.history:
        for kind, one in tests:
            if kind == event.kind:
                yield from edges(one.test, values_at(event.properties, names_of(one.path)), moment.today)
        if event.kind in kinds_of(condition):
            yield from window.stay(event.at, moment.zone)
            if isinstance(condition, asks.Inactive):
                yield condition.within.later(event.at, moment.zone)


def _flips(condition: asks.Condition, window: Window, person: Person, moment: Moment) -> Iterator[int]:
    """The instants after now at which what counts, as it comes and goes, is an answer and then none, or the reverse."""
    met = _MET[type(condition)]
    stays = [(event, window.stay(event.at, moment.zone)) for event in counted(condition, person.history, moment)]
    ahead = sorted({edge for _, stay in stays for edge in stay if moment.now < edge < FOREVER})
    was: bool | None = None
    for at in (moment.now, *ahead):
        is_so = met(condition, [event for event, stay in stays if stay.enters <= at < stay.leaves], moment.today)
        if was is not None and is_so != was:
            yield at
        was = is_so


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


@lru_cache(maxsize=256)
def share_of(contact: int, salt: str) -> float:
    """Where a contact stands between 0 and 100: always there. Of one draw each part is asked for in turn."""
    digest = blake2b(f"{salt}/{contact}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64 * 100


# Events ---------------------------------------------------------------------------------------------------------------


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
    began = [event.at for event in person.history if event.at <= moment.now and event.kind == STARTED]
    ended = [event.at for event in person.history if event.at <= moment.now and event.kind == ENDED]
    return bool(began) and began[-1] >= max(ended, default=began[-1])  # at one instant an end goes before a beginning


def _inactive(condition: asks.Inactive, person: Person, moment: Moment) -> bool:
    found = within(condition.window, counted(condition, person.history, moment), moment)
    if not found:
        return False
    last = found[-1]
    end = condition.within.later(last.at, moment.zone)
    after = (event for event in such(condition.without, person.history, moment) if order(event) > order(last))
    return moment.now >= end and not any(event.at < end for event in after)


# Sequences ------------------------------------------------------------------------------------------------------------


# Aggregates -----------------------------------------------------------------------------------------------------------


def _sum(condition: asks.Aggregate, person: Person, moment: Moment) -> bool:
    found = within(condition.window, counted(condition, person.history, moment), moment)
    return _sum_met(condition, found, moment.today)


def _sum_met(condition: asks.Aggregate, found: Sequence[Event], today: Today) -> bool:
    by_currency: dict[str, list[Any]] = {}
    for event in found:
        values = values_at(event.properties, names_of(condition.property))
        by_currency.setdefault(currency_of(event), []).extend(values)
    return sums_pass(condition, by_currency, today)


def sums_pass(condition: asks.Aggregate, by_currency: Mapping[str, list[Any]], today: Today) -> bool:
    """Whether what comes of the values of each currency passes."""
    if condition.currency:
        return worked_out_passes(condition, by_currency.get(condition.currency.upper(), []), today)
    return any(worked_out_passes(condition, values, today) for values in list(by_currency.values()) or [[]])


def worked_out_passes(
    condition: asks.Aggregate, values: Sequence[Any], today: Today, *, number: int | None = None
) -> bool:
    """Whether what comes of the values passes the test. number: how many they were, where they have been added up."""
    came = FUNCTIONS[condition.function](values)
    if condition.function == "average" and number and came is not None:
        came = total_of(values) / number
    return passes(condition.test, [came], today)


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

_MET: Mapping[type, Callable[[Any, Sequence[Event], Today], bool]] = {
    asks.Did: lambda condition, found, today: counts(condition.count, len(found)),
    asks.Aggregate: _sum_met,
    asks.InOrder: lambda condition, found, today: bool(found),
    asks.FirstOrLast: lambda condition, found, today: bool(found),
}
"""Conditions whose answer follows from the events that are in the window, whatever the time."""
