"""Whose automations go on? Those of contacts to whom something happened, of whom something is due, for whom people ask.

Reads runs; writes runs, counters, why somebody is not in, and what the steps come to (`deeds.py`); all in the batch's
transaction, after the segments.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import tzinfo
from typing import NamedTuple

from collector.store.ports.automations.work import Missed
from collector.store.ports.work import WorkStore
from collector.work.automations.asked import Asked, Begun, Grounds
from collector.work.automations.dates import Dates
from collector.work.automations.deeds import Deeds
from collector.work.automations.directory import Directory
from collector.work.automations.wishes import Wish, Wishes
from collector.work.decide import Heard
from collector.work.past import Pasts
from collector.work.saying import Sayings
from sessionizer.automations.book import Door, Live
from sessionizer.automations.definition import OnAttribute
from sessionizer.automations.entering import Coming, id_for
from sessionizer.automations.run import STOPPED, Occurrence, Run
from sessionizer.automations.walk import Walker
from sessionizer.derived import Derived
from sessionizer.event import Event
from sessionizer.segments.comparison import passes, today_at

AT_ONCE = 500
"""Runs that are due, contacts for whom somebody asks: so many a turn."""
UPDATED = ("contact", "attributes_updated")
NOTHING = frozenset[str]()

Told = tuple[Event, Sequence[Door]]
"""Something that happened, and where it lets somebody in."""


class News(NamedTuple):
    """What a turn brought. flips: who came into a segment, or left it. changed: names of attributes, by contact."""

    heard: Sequence[Heard] = ()
    flips: Sequence[tuple[int, Derived]] = ()
    changed: Mapping[int, frozenset[str]] = {}


class Automations:
    """One a worker."""

    def __init__(self, store: WorkStore, sayings: Sayings, pasts: Pasts, zone: tzinfo) -> None:
        self._store, self._sayings, self._pasts, self._zone = store, sayings, pasts, zone
        self._directory = Directory(store, zone)
        self._deeds, self._dates, self._wishes = Deeds(store, sayings), Dates(store, zone), Wishes(store)
        self._begun = Begun(store.automations)
        self._clear()

    def _clear(self) -> None:
        self._runs: dict[str, Run] = {}
        self._missed: list[Missed] = []
        self._passed: defaultdict[tuple[int, str], int] = defaultdict(int)
        self._begun.forget()

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._directory.forget()
        self._deeds.forget()
        self._dates.forget()
        self._wishes.forget()
        self._clear()

    def refresh(self, now: int) -> None:
        """At the beginning of a transaction: which automations are there?"""
        self._directory.refresh()
        self._grounds = Grounds(self._store, self._pasts, self._begun, self._directory.segments, self._zone)
        self._dates.refresh(self._directory.book, now)

    # What happened ----------------------------------------------------------------------------------------------------

    def batch(self, news: News, now: int) -> None:
        """After the segments, in the same transaction. now: ms UTC."""
        absorbed = {other: one.contact for one in news.heard for other in one.absorbed}
        for other, survivor in absorbed.items():
            self._store.automations.rehome(other, survivor)
        book = self._directory.book
        if not book.automations:
            return
        events, replaced, historical = _by_contact(news)
        watched = {contact: names for contact, all in news.changed.items() if (names := all & book.attributes)}
        joined = set(absorbed.values())
        running = self._store.automations.running(events.keys() | watched.keys() | joined)
        moved = {
            contact
            for contact, runs in running.items()
            if contact in joined or any(book.moves(run, events.get(contact, ()), now) for run in runs)
        }
        told = self._told(events, historical)
        let_in = {contact for contact, several in told.items() if any(doors for _, doors in several)}
        for contact in let_in | watched.keys() | moved:
            walker = self._walker(contact, running.get(contact, ()), now)
            if contact in joined:
                walker.join()
            for event, doors in told.get(contact, ()):
                walker.meet(event, doors, replaced)
            for live, coming in self._became(contact, watched.get(contact, NOTHING), events.get(contact, ()), now):
                walker.enter(live, coming)
            walker.advance(now)
            self._take(contact, walker, now)
        self._dates.changed(news.changed, self._pasts, now)
        self._flush(now)

    def _told(self, events: Mapping[int, Sequence[Event]], historical: Set[str]) -> Mapping[int, Sequence[Told]]:
        """What happened to each, and where that lets them in. Which of those runs there are is looked up together."""
        met_by = self._directory.book.met_by
        told = {
            contact: [(one, () if one.id in historical else met_by(one)) for one in several]
            for contact, several in events.items()
        }
        self._begun.meet(id_for(live, one) for all in told.values() for one, doors in all for live, _ in doors)
        return told

    def _became(
        self, contact: int, names: frozenset[str], events: Sequence[Event], now: int
    ) -> Iterable[tuple[Live, Coming]]:
        """Attributes that are otherwise than before, for the automations that listen to it."""
        known = self._pasts.known(contact) if names else None
        if known is None:
            return
        by = events[-1] if events else None
        at = min(by.at, now) if by else now
        for live in self._directory.book.automations.values():
            for trigger in live.definition.triggers:
                if isinstance(trigger, OnAttribute) and trigger.name in names and live.active_at is not None:
                    value = known.contact.attributes.get(trigger.name)
                    if trigger.test is None or passes(trigger.test, [value], today_at(at, self._zone)):
                        id = f"{by.id if by else f'{contact} {now}'} {trigger.name}"
                        about = {"name": trigger.name, "value": value}
                        occurrence = Occurrence(id, at, *UPDATED, about, depth=by.depth if by else 0)
                        yield live, Coming(occurrence, trigger.who)

    # Time, and what people ask ----------------------------------------------------------------------------------------

    def wake(self, now: int) -> int:
        """Go on with what is due; returns how many runs and dates that were."""
        due = self._store.automations.due(now, AT_ONCE, self._directory.still)
        dates = self._dates.due(self._pasts, now, AT_ONCE)
        going: dict[int, Sequence[Wish]] = {run.contact: () for run in due}
        self._walk(going | dates, now)
        return len(due) + len(dates)

    def step(self, now: int) -> int:
        """What people ask for, a part of it; and out with everybody where an automation is over. How many that were."""
        number = self._dates.walk(self._pasts, now)
        for automation in self._directory.over:
            number += self._store.automations.end_all(automation, STOPPED, now, AT_ONCE)
        wished = self._wishes.take(self._directory.book, now, AT_ONCE)
        self._walk(wished, now)
        return number + len(wished) + self._wishes.settle()

    def next_due(self) -> int | None:
        """When something is due, ms UTC."""
        found = (self._store.automations.next_due(self._directory.still), self._dates.next_due())
        return min((at for at in found if at is not None), default=None)

    def _walk(self, wishes: Mapping[int, Sequence[Wish]], now: int) -> None:
        """Let these contacts go on, each with what is wished of it first."""
        if not wishes:
            return
        running = self._store.automations.running(wishes.keys())
        self._pasts.meet(list(wishes))
        for contact, several in wishes.items():
            if self._pasts.known(contact) is None:  # nobody of that number is there any more
                self._store.automations.forget(contact)
                continue
            walker = self._walker(contact, running.get(contact, ()), now)
            for wish in several:
                wish(walker)
            walker.advance(now)
            self._take(contact, walker, now)
        self._flush(now)

    # Writing ----------------------------------------------------------------------------------------------------------

    def _walker(self, contact: int, runs: Iterable[Run], now: int) -> Walker:
        return Walker(self._directory.book, runs, Asked(self._grounds, contact), now)

    def _take(self, contact: int, walker: Walker, now: int) -> None:
        walked, house = walker.walked(), self._directory.book.house
        self._runs |= walked.runs
        self._missed += [Missed(one.automation, contact, one.reason, one.at, one.event) for one in walked.missed]
        for name, number in walked.passed.items():
            self._passed[name] += number
        if walked.effects and (known := self._pasts.known(contact)) is not None:  # who is there no more gets nothing
            self._deeds.do(walked.effects, known.contact, house, now)

    def _flush(self, now: int) -> None:
        self._store.automations.save(self._runs.values())
        self._store.automations.miss(self._missed)
        self._store.automations.passed(self._passed)
        self._deeds.flush(now)
        self._sayings.flush()
        self._clear()


def _by_contact(news: News) -> tuple[Mapping[int, Sequence[Event]], Mapping[str, str], Set[str]]:
    """What happened to each, by (at, id); which events took the place of others; which were told as long past."""
    events: defaultdict[int, list[Event]] = defaultdict(list)
    replaced: dict[str, str] = {}
    historical: set[str] = set()
    for one in news.heard:
        events[one.contact] += one.events
        replaced |= one.replaced
        historical |= one.historical
    for contact, derived in news.flips:
        events[contact].append(derived.event())
    for contact in {contact for contact, _ in news.flips}:
        events[contact].sort(key=lambda event: (event.at, event.id))
    return events, replaced, historical
