"""What does a walk ask for? Who the contact is, what happened to it, how often it came in (`way.Source`)."""

from collections.abc import Collection, Mapping
from datetime import tzinfo

from collector.store.ports.work import WorkStore
from collector.work.past import Pasts
from sessionizer.automations.way import Entries
from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.segments import condition as asks
from sessionizer.segments.book import whole
from sessionizer.segments.evaluate import changes_at, holds, kinds_within
from sessionizer.segments.history import Moment, Person


class Asked:
    """Of one contact, in one batch. What was read of its history is remembered."""

    def __init__(
        self, store: WorkStore, pasts: Pasts, contact: int, segments: Mapping[int, asks.Condition], zone: tzinfo
    ) -> None:
        self._store, self._pasts, self._segments, self._zone = store, pasts, segments, zone
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
        return self._store.automations.run(run) is not None

    def marketing_since(self, since: int) -> int:
        """See the protocol."""
        return self._store.automations.marketing_since(self.id, since)
