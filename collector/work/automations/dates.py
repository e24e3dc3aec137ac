"""When do dates in attributes let somebody in? A timer a contact and trigger, set whenever the attribute changes.

An automation that is active in a new version is asked of all contacts that there are, some at a time (a walk).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import NamedTuple

from collector.store.ports.automations.work import DateTimer, DateWalk
from collector.store.ports.work import WorkStore
from collector.work.automations.wishes import Wish, enters
from collector.work.past import Pasts
from sessionizer.automations.book import Book, Live
from sessionizer.automations.definition import OnDate
from sessionizer.automations.entering import Coming
from sessionizer.automations.run import Occurrence
from sessionizer.automations.when import next_date

WALK_AT_ONCE = 300


class Dated(NamedTuple):
    """A trigger that is a date. place: in the definition."""

    live: Live
    place: int
    trigger: OnDate


class Dates:
    """One a worker."""

    def __init__(self, store: WorkStore, zone: tzinfo) -> None:
        self._store, self._zone = store, zone
        self._of: Book | None = None
        self._dated: list[Dated] = []
        self._walks: dict[int, DateWalk] = {}

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._of = None

    def refresh(self, book: Book, now: int) -> None:
        """Which triggers are dates? Automations that are new to this are to be asked of everybody."""
        if book is self._of:
            return
        self._of = book
        self._dated = [
            Dated(live, place, trigger)
            for live in book.automations.values()
            for place, trigger in enumerate(live.definition.triggers)
            if isinstance(trigger, OnDate) and live.active_at is not None
        ]
        before = {walk.automation: walk for walk in self._store.automations.walks()}
        new = {
            one.live.id: DateWalk(one.live.id, one.live.version, 0, self._store.segments.last_contact())
            for one in self._dated
            if one.live.id not in before or before[one.live.id].version != one.live.version
        }
        self._store.automations.put_walks(list(new.values()))
        self._walks = before | new

    def changed(self, changed: Mapping[int, frozenset[str]], pasts: Pasts, now: int) -> None:
        """Attributes of these contacts are otherwise."""
        for contact, names in changed.items():
            self._set(contact, [one for one in self._dated if one.trigger.attribute in names], pasts, now)

    def walk(self, pasts: Pasts, now: int) -> int:
        """Ask some more contacts for the dates of automations that are new; returns how many."""
        for one in self._dated:
            walk = self._walks.get(one.live.id)
            if walk is not None and walk.walked_to < walk.upto:
                contacts = self._store.segments.contacts_between(walk.walked_to, walk.upto, WALK_AT_ONCE)
                pasts.meet(contacts)
                dated = [other for other in self._dated if other.live.id == one.live.id]
                for contact in contacts:
                    self._set(contact, dated, pasts, now)
                to = contacts[-1] if len(contacts) == WALK_AT_ONCE else walk.upto
                self._walks[one.live.id] = walk._replace(walked_to=to)
                self._store.automations.put_walks([self._walks[one.live.id]])
                return max(1, len(contacts))
        return 0

    def _set(self, contact: int, dated: Sequence[Dated], pasts: Pasts, after: int) -> None:
        known = pasts.known(contact) if dated else None
        if known is None:
            return
        for live, place, trigger in dated:
            zone = self._of.house.zone_for(trigger.zone, known.contact) if self._of else self._zone
            due = next_date(trigger, known.contact.attributes.get(trigger.attribute), after, zone)
            if due is None:
                self._store.automations.drop_timers([(live.id, place, contact)])
            else:
                self._store.automations.set_timers([DateTimer(live.id, place, contact, due)])

    def due(self, pasts: Pasts, now: int, limit: int) -> dict[int, Sequence[Wish]]:
        """Who comes in because a date has come; their next dates are set."""
        found: defaultdict[int, list[Wish]] = defaultdict(list)
        by_name = {(one.live.id, one.place): one for one in self._dated}
        timers = self._store.automations.timers(now, limit)
        pasts.meet([timer.contact for timer in timers])
        self._store.automations.drop_timers([(one.automation, one.trigger, one.contact) for one in timers])
        for timer in timers:
            one, known = by_name.get((timer.automation, timer.trigger)), pasts.known(timer.contact)
            if one is not None and known is not None:
                about = {"name": one.trigger.attribute, "value": known.contact.attributes.get(one.trigger.attribute)}
                id = f"{one.trigger.attribute} {timer.contact} {timer.due_at}"
                coming = Coming(Occurrence(id, timer.due_at, properties=about), one.trigger.who)
                found[timer.contact].append(enters(one.live, coming))
                self._set(timer.contact, [one], pasts, timer.due_at)
        return dict(found)

    def next_due(self) -> int | None:
        """When the next date comes, ms UTC."""
        return self._store.automations.next_timer() if self._dated else None
