"""What does a walk ask for? Who the contact is, what happened to it, how often it came in (`way.Source`)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import tzinfo
from typing import NamedTuple

from collector.store.ports.automations.work import AutomationWork
from collector.store.ports.work import WorkStore
from collector.work.past import Pasts
from sessionizer.automations.way import Entries
from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.segments import condition as asks
from sessionizer.segments.book import whole
from sessionizer.segments.evaluate import changes_at, holds, kinds_within
from sessionizer.segments.history import Moment, Person


class Begun:
    """Which runs are there already? Of a batch, until `forget`: those that it may begin are looked up together."""

    def __init__(self, work: AutomationWork) -> None:
        self._work = work
        self.forget()

    def forget(self) -> None:
        """Some have been written."""
        self._asked: set[str] = set()
        self._there: set[str] = set()

    def meet(self, ids: Iterable[str]) -> None:
        """Look for these."""
        new = {*ids} - self._asked
        if new:
            self._asked |= new
            self._there |= self._work.known(new)

    def __contains__(self, id: str) -> bool:
        """Whether there is or was such a run."""
        if id not in self._asked:
            self.meet([id])
        return id in self._there


class Grounds(NamedTuple):
    """What is asked, whoever it is about. segments: that conditions ask for, by id."""

    store: WorkStore
    pasts: Pasts
    begun: Begun
    segments: Mapping[int, asks.Condition]
    zone: tzinfo


class Asked:
    """Of one contact, in one batch. What was read of its history is remembered."""

    def __init__(self, grounds: Grounds, contact: int) -> None:
        self._store, self._pasts, self._begun, self._segments, self._zone = grounds
        self.id = contact
        self._histories: dict[frozenset[Kind], list[Event]] = {}

    def contact(self) -> Contact:
        """See the protocol."""
        known = self._pasts.known(self.id)
        return known.contact if known else Contact(self.id)

    def holds(self, condition: asks.Condition, at: int) -> bool:
        """See the protocol."""
        asked = whole(condition, self._segments)
        return holds(asked, self._person(asked, at), Moment(at, self._zone))

    def changes_at(self, condition: asks.Condition, at: int) -> int | None:
        """See the protocol."""
        asked = whole(condition, self._segments)
        return changes_at(asked, self._person(asked, at), Moment(at, self._zone))

    def _person(self, condition: asks.Condition, at: int) -> Person:
        kinds = frozenset(kinds_within(condition, Moment(at, self._zone)))
        return Person(self.contact(), [event for event in self._history(kinds) if event.at <= at] if kinds else [])

    def _history(self, kinds: Collection[Kind]) -> list[Event]:
        asked = frozenset(kinds)
        if asked not in self._histories:
            everybody = self._store.people.closure(self.id)
            self._histories[asked] = self._pasts.of({self.id: everybody}, asked)[self.id]
        return self._histories[asked]

    def entries(self, automation: int, key: str, since: int) -> Entries:
        """See the protocol."""
        return self._store.automations.entries(automation, self.id, key, since)

    def knows(self, run: str) -> bool:
        """See the protocol."""
        return run in self._begun

    def marketing_since(self, since: int) -> int:
        """See the protocol."""
        return self._store.automations.marketing_since(self.id, since)
