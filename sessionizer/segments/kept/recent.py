"""What follows from several events together, or from the day? The events are kept, and the definition asked.

Of each so much as somebody looks into. A sequence that has come to its end, and may have done so ever, needs no more.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from typing import Any

import msgspec

from sessionizer.contact import Contact
from sessionizer.event import Agent, Event, Page
from sessionizer.properties.path import names_of
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import TIMELY, Today
from sessionizer.segments.evaluate import edges_of, filters_of, holds, kinds_of
from sessionizer.segments.history import Moment, Person, matches, on_page
from sessionizer.segments.kept.keeper import MOST, MOST_BYTES, Answer, Kept, Mark, weight
from sessionizer.segments.window import EVER, NEVER
from sessionizer.thread import FOREVER

NOBODY = Contact(0)


class Small(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An event without what nobody asks for."""

    at: int
    id: str
    category: str
    key: str
    properties: dict[str, Any]
    url: str
    site: int
    device: str


class Events(Kept, frozen=True, tag="e"):
    """The events, sorted. lost: others may count that are not kept. settled_at: from then on it holds, ms UTC."""

    events: tuple[Small, ...] = ()
    lost: bool = False
    settled_at: int | None = None


class Recent:
    """Any condition about events, by its definition."""

    grows = False

    def __init__(self, condition: asks.Condition, zone: tzinfo) -> None:
        self.kinds = frozenset(kinds_of(condition))
        self._condition, self._zone, self._today = condition, zone, Today(date.min, zone)
        self._filters = [_timeless(wanted) for wanted in filters_of(condition)]
        self._names = frozenset(_names_asked(condition))
        self._is_plain = not asks_for_the_day(condition) and not _moves(condition)

    def looks_at(self, url: str) -> bool:
        """See the protocol."""
        return not self._filters or any(on_page(wanted, url, self._today) for wanted in self._filters)

    def heard(self, kept: Events | None, event: Event) -> Events | None:
        """See the protocol."""
        if not self._asks_for(event):
            return kept
        if kept and kept.settled_at is not None:
            return kept if event.at > kept.settled_at else msgspec.structs.replace(kept)
        events = [*(kept.events if kept else ())]
        insort(events, self._small(event), key=_place)
        return self._trimmed(self._needed(events), lost=kept is not None and kept.lost)

    def _asks_for(self, event: Event) -> bool:
        if isinstance(self._condition, asks.Visited):
            return event.kind in self.kinds
        return any(matches(wanted, event, self._today) for wanted in self._filters)

    def _small(self, event: Event) -> Small:
        said = {name: value for name, value in event.properties.items() if name in self._names}
        url, device = event.page.url if event.page else "", event.agent.device if event.agent else ""
        return Small(event.at, event.id, event.category, event.key, said, url, event.site, device)

    def _needed(self, events: Sequence[Small]) -> Sequence[Small]:
        """Of beginnings and ends of sessions the last ones; of a silence the last that began it, and what broke it."""
        if isinstance(self._condition, asks.Visited):
            last = {event.key: event for event in events}
            return sorted(last.values(), key=_place)
        if isinstance(self._condition, asks.Inactive) and self._is_plain:
            return self._silence(events, self._condition)
        return events

    def _silence(self, events: Sequence[Small], condition: asks.Inactive) -> Sequence[Small]:
        after, without = self._filters
        begun = [
            place
            for place, event in enumerate(events)
            if self._passes(after, event) and condition.window.stay(event.at, self._zone) is not NEVER
        ]
        if not begun:
            return ()
        last = begun[-1]
        return [events[last], *[event for event in events[last + 1 :] if self._passes(without, event)][:1]]

    def _passes(self, wanted: asks.EventFilter, event: Small) -> bool:
        return matches(wanted, large(event), self._today)

    def _trimmed(self, events: Sequence[Small], *, lost: bool) -> Events:
        if not events:
            return Events(lost=lost)
        if len(events) > MOST or weight(events) > MOST_BYTES:
            return Events(tuple(events[len(events) // 2 + 1 :]), lost=True)
        if isinstance(self._condition, asks.InOrder) and self._is_plain and not lost and self._holds(events):
            return Events(settled_at=events[-1].at)
        return Events(tuple(events), lost)

    def _holds(self, events: Sequence[Small]) -> bool:
        moment = Moment(events[-1].at, self._zone)
        return holds(self._condition, Person(NOBODY, [large(event) for event in events]), moment)

    def answer(self, kept: Events | None, now: int) -> Answer | None:
        """See the protocol."""
        if kept and kept.settled_at is not None:
            return Answer(True)
        if kept and kept.lost:
            return None
        return answer_from([large(event) for event in kept.events] if kept else [], self._condition, now, self._zone)


def answer_from(history: Sequence[Event], condition: asks.Condition, now: int, zone: tzinfo) -> Answer:
    """By the definition. history: sorted by (at, id)."""
    person, moment = Person(NOBODY, history), Moment(now, zone)
    until = min((edge for edge in edges_of(condition, person, moment) if edge > now), default=FOREVER)
    by = next((event.id for event in reversed(history) if event.at <= now), "")
    return Answer(holds(condition, person, moment), until, by)


def large(small: Small) -> Event:
    """As the definition reads it."""
    at, id, category, key, properties, url, site, device = msgspec.structs.astuple(small)
    page, agent = Page(url) if url else None, Agent(device=device) if device else None
    return Event(at, id, category, key, properties, page, site=site, agent=agent)


def asks_for_the_day(condition: asks.Condition) -> bool:
    """Whether an event may pass tomorrow that does not pass today."""
    return any(_timeless(wanted) != wanted for wanted in map(_plain, filters_of(condition)))


def _plain(wanted: asks.EventFilter) -> asks.EventFilter:
    """A filter alone, of whatever it is a part."""
    return asks.EventFilter(
        category=wanted.category, key=wanted.key, where=wanted.where, page=wanted.page, utm=wanted.utm,
        sites=wanted.sites, devices=wanted.devices,
    )  # fmt: skip


def _timeless(wanted: asks.EventFilter) -> asks.EventFilter:
    """Without what is asked about the day."""
    where = tuple(one for one in wanted.where if one.test.op not in TIMELY)
    page = wanted.page if wanted.page and wanted.page.op not in TIMELY else None
    utm = {name: test for name, test in wanted.utm.items() if test.op not in TIMELY}
    return msgspec.structs.replace(_plain(wanted), where=where, page=page, utm=utm)


def _names_asked(condition: asks.Condition) -> Iterator[str]:
    """The properties that somebody looks into, by their first names."""
    for wanted in filters_of(condition):
        yield from (names_of(one.path)[0] for one in wanted.where)
    if isinstance(condition, asks.Aggregate):
        yield from (names_of(condition.property)[0], "currency")
    if isinstance(condition, asks.InOrder):
        paths = (path for step in condition.steps for same in step.same for path in (same.property, same.as_))
        yield from (names_of(path)[0] for path in paths)


def _moves(condition: asks.Condition) -> bool:
    """Whether something comes into its window later than it happens, or leaves it."""
    window = getattr(condition, "window", EVER)
    return window.ago is not None or window.last is not None


def _place(event: Small) -> Mark:
    return event.at, event.id
