"""How does one person's standing go on, from instant to instant? Conditions are asked when they may be otherwise.

At one instant everything that happens then is taken together: events, edges of windows, what becomes known. So nobody
comes into a segment and leaves it again within no time. What it makes of that are flips: somebody came in, or left.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

import msgspec

from sessionizer.contact import Contact
from sessionizer.derived import Derived, derived_id
from sessionizer.event import Event, Kind
from sessionizer.segments import condition as asks
from sessionizer.segments.book import Book, is_true
from sessionizer.segments.kept.choice import STATES
from sessionizer.segments.kept.keeper import Answer
from sessionizer.segments.standing import Before, Slot, Standing
from sessionizer.thread import FOREVER

SEGMENT = "segment"
ENTERED: Kind = (SEGMENT, "segment_entered")
LEFT: Kind = (SEGMENT, "segment_left")
TIME, EVENT, KNOWN = "time", "event", "known"

Kept = dict[str, STATES]
"""By the name of a condition."""
Answers = Mapping[str, Answer]


class Source(Protocol):
    """What is not remembered, and has to be asked for."""

    def contact(self) -> Contact:
        """The person as it is known now."""

    def nobody(self) -> Contact:
        """The same before anything was known of it."""

    def recount(self, condition: asks.Condition, at: int) -> Answer:
        """A condition's answer from all events that there are at an instant, ms UTC."""


class Cause(NamedTuple):
    """Why a condition is the other way round. by: the event; "" where it is none's. why: event, time, or known: what is
    known of the contact."""

    by: str
    why: str
    depth: int = 0


class Flip(NamedTuple):
    """Somebody came into a segment, or left it, at `at` (ms UTC)."""

    segment: int
    entered: bool
    at: int
    cause: Cause

    def derived(self, name: str, anchor: str) -> Derived:
        """As an event. name: of the segment. anchor: an event of the person, where none is the cause."""
        kind, by = ENTERED if self.entered else LEFT, self.cause.by or anchor
        id = derived_id(f"segment/{self.segment}", kind, by, self.at)
        data = {"segment_id": self.segment, "segment": name, "why": self.cause.why}
        return Derived(self.at, id, *kind, data, by, self.cause.depth + 1)


class Going:
    """One person on its way."""

    __slots__ = ("_book", "_source", "flips", "inside", "slots", "standing")

    def __init__(self, book: Book, standing: Standing, source: Source) -> None:
        self._book, self._source = book, source
        self.standing = msgspec.structs.replace(standing)
        self.slots, self.inside = dict(standing.slots), set(standing.inside)
        self.flips: list[Flip] = []

    def keep(self, changed: Kept, at: int) -> None:
        """Without asking what it means: of a past that nobody asks about."""
        for name, kept in changed.items():
            self.slots[name] = Slot(kept, False)
        if changed:
            self.standing.last_at, self.standing.number = at, self.standing.number + 1

    def tell(self, at: int, by: str) -> Answers:
        """What is known of the contact has changed, by that event: how its conditions answer now."""
        known = self._book.answers_of(self._source.contact(), at)
        for name, answer in known.items():
            if self.is_so(name) != answer.is_so:
                self.standing.remember(Before(at, name, self.is_so(name), by))
        self.standing.told_by = by
        return known

    def advance(self, until: int) -> None:
        """Reach every edge at or before `until`, each at its own instant."""
        standing = self.standing
        while standing.wake_at <= until:
            standing.wake_at = min((slot.until for slot in self.slots.values()), default=FOREVER)
            if standing.wake_at <= until:
                self.look(standing.wake_at, {}, {}, Cause("", TIME))

    def look(self, at: int, changed: Kept, known: Answers, cause: Cause) -> None:
        """Ask at one instant what may be otherwise: by events, by what is known of the contact, by time."""
        standing = self.standing
        due = [name for name, slot in self.slots.items() if slot.until <= at] if standing.wake_at <= at else ()
        turned: dict[str, Cause] = {}
        for name in {**changed, **known, **dict.fromkeys(due)}:
            before = self.slots.get(name)
            was = self._book.blank[name] if before is None else before.is_so
            if self._ask(name, changed, known, at) != was:
                by_time = name not in changed and name not in known
                turned[name] = Cause(before.by if before else "", TIME) if by_time else cause
        standing.last_at = max(standing.last_at, at)
        standing.number += bool(changed)
        if not turned:
            return
        asked = {segment: by for name, by in turned.items() for segment in self._book.users[name]}
        for segment, by in sorted(asked.items()):
            self._settle(segment, at, by)

    def meet(self, at: int, changed: Kept, known: Answers, cause: Cause) -> None:
        """The person is seen for the first time: what is not as it is of somebody who did nothing is asked."""
        book, asked = self._book, set[int]()
        for name in {**changed, **known, **self.slots}:
            if self._ask(name, changed, known, at) != book.blank[name]:
                asked.update(book.users[name])
        self.standing.last_at = max(self.standing.last_at, at)
        self.standing.number += bool(changed)
        for segment in sorted(asked | book.inside_at_first):
            self._settle(segment, at, cause)

    def _ask(self, name: str, changed: Kept, known: Answers, at: int) -> bool:
        """A condition's answer at that instant, which is kept."""
        keeper, slot = self._book.keepers.get(name), self.slots.get(name)
        kept = changed.get(name) or (slot.kept if slot else None)
        if keeper is None:
            answer = known[name] if name in known else self._edge_of_known(name, at)
        elif keeper.grows and slot is not None and slot.is_so and at < slot.until:
            self.slots[name] = Slot(kept, True, slot.until, slot.by)
            return True
        else:
            answer = keeper.answer(kept, at) or self._source.recount(self._book.conditions[name], at)
        if kept is None and answer.is_so == self._book.blank[name] and answer.until == FOREVER:
            self.slots.pop(name, None)
        else:
            self.slots[name] = Slot(kept, *answer)
            self.standing.wake_at = min(self.standing.wake_at, answer.until)
        return answer.is_so

    def _edge_of_known(self, name: str, at: int) -> Answer:
        """What is known is as before, but the day has come: a birthday."""
        by = self.standing.told_by
        answer = self._book.of_contact(name, self._source.contact(), at)._replace(by=by)
        if answer.is_so != self.is_so(name):
            self.standing.remember(Before(at, name, self.is_so(name), by))
        return answer

    def _settle(self, segment: int, at: int, cause: Cause) -> None:
        is_in = is_true(self._book.trees[segment], self.is_so)
        if is_in != (segment in self.inside):
            (self.inside.add if is_in else self.inside.discard)(segment)
            self.flips.append(Flip(segment, is_in, at, cause))

    def is_so(self, name: str) -> bool:
        """A condition's answer as it stands."""
        slot = self.slots.get(name)
        return self._book.blank[name] if slot is None else slot.is_so

    def stand(self) -> Standing:
        """Where it stands."""
        standing = self.standing
        standing.slots, standing.inside = self.slots, tuple(sorted(self.inside))
        return standing


def heard(book: Book, slots: Mapping[str, Slot], events: Iterable[Event]) -> Kept:
    """What is kept after these events, of the conditions for which one of them counts."""
    changed: Kept = {}
    for event in events:
        for name, keeper in book.hearing(event):
            slot = slots.get(name)
            before = changed.get(name, slot.kept if slot else None)
            after = keeper.heard(before, event)
            if after is not before:
                changed[name] = after
    return changed
