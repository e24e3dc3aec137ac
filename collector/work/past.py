"""What is there to know of somebody, beyond what is remembered? Who they are known as, and what happened to them.

Reads people and events of the store, and what is on its way to the log: that is true already. For segments, which ask
where something came late, and where more would have to be remembered than is good (`going.Source`).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo

from collector.log.entry import DERIVED_DOOR, decode_entry
from collector.store.ports.work import Known, Said, WorkStore
from collector.work.decide import standing
from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.event import Event, Kind
from sessionizer.segments import condition as asks
from sessionizer.segments.evaluate import kinds_of
from sessionizer.segments.kept.keeper import Answer
from sessionizer.segments.kept.recent import answer_from


class Pasts:
    """One a worker. Who somebody is known as is remembered until `forget`: as long as nothing is told of anybody."""

    def __init__(self, store: WorkStore, zone: tzinfo) -> None:
        self._store, self._zone = store, zone
        self._known: dict[int, Known] = {}

    def forget(self) -> None:
        """What was known may be otherwise."""
        self._known.clear()

    def meet(self, contacts: Sequence[int]) -> None:
        """Read together how these are known now."""
        asked = [contact for contact in contacts if contact not in self._known]
        if asked:
            self._known |= self._store.people.known(asked)

    def known(self, contact: int) -> Known | None:
        """A contact as it is known now; None when it is there no more."""
        if contact not in self._known:
            self.meet([contact])
        return self._known.get(contact)

    def of(self, people: Mapping[int, Sequence[int]], kinds: Collection[Kind]) -> Mapping[int, list[Event]]:
        """What happened to these people, sorted by (at, id). people: contact → it and all whom it absorbed."""
        home = {member: contact for contact, members in people.items() for member in members}
        found: defaultdict[int, dict[str, Event]] = defaultdict(dict)
        if kinds:
            for recorded, event in self._store.histories.of_kinds(list(home), kinds):
                found[home[recorded]][_name_of(event)] = event
            for row in self._store.outgoing.of(list(home), 0):
                _add_waiting(found[home[row.contact]], row, kinds)
        return {contact: sorted(found[contact].values(), key=_order) for contact in people}

    def said(self, everybody: Sequence[int], since: int) -> list[Derived]:
        """What was said of these contacts' segments at `since` (ms UTC) or later, and stands."""
        recorded = self._store.histories.said(everybody, since)
        return standing(recorded, self._store.outgoing.of(everybody, since), of_segments=True)

    def recount(self, contact: int, condition: asks.Condition, at: int) -> Answer:
        """A condition's answer from the whole history."""
        history = self.of({contact: self._store.people.closure(contact)}, kinds_of(condition))[contact]
        return answer_from([event for event in history if event.at <= at], condition, at, self._zone)


class Source:
    """What is not remembered of one contact (`going.Source`)."""

    def __init__(self, pasts: Pasts, contact: int, *, newcomer: bool = False) -> None:
        """newcomer: nothing is known of it."""
        self._pasts, self._id, self._newcomer = pasts, contact, newcomer

    def contact(self) -> Contact:
        """See the protocol."""
        known = None if self._newcomer else self._pasts.known(self._id)
        return known.contact if known else self.nobody()

    def nobody(self) -> Contact:
        """See the protocol."""
        return Contact(self._id)

    def recount(self, condition: asks.Condition, at: int) -> Answer:
        """See the protocol."""
        return self._pasts.recount(self._id, condition, at)


def _add_waiting(events: dict[str, Event], row: Said, kinds: Collection[Kind]) -> None:
    """What is on its way to the log is true already, or is no more."""
    entry = decode_entry(row.body)
    if entry.door != DERIVED_DOOR or (entry.category, entry.key) not in kinds:
        return
    event = Event(
        entry.occurred_at, entry.id, entry.category, entry.key, entry.properties or {}, visitor=entry.visitor,
        site=entry.site, causes=entry.causes, depth=entry.depth,
    )  # fmt: skip
    events.pop(_name_of(event), None)
    if not row.retract:
        events[_name_of(event)] = event


def _name_of(event: Event) -> str:
    return f"{event.category}/{event.id}"


def _order(event: Event) -> tuple[int, str]:
    return event.at, event.id
