"""In which segments was a person, by the whole history? And how does that differ from what was said before?

    origin             since                                            now
      |  taken quietly   |  asked at every instant at which it may be otherwise |
                         who is in what

A replay begins where nothing has changed: just before the event that came late. What was known of the contact then is
remembered by its standing. Reads nothing, writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sessionizer.contact import Contact
from sessionizer.derived import Changes, Derived, compare
from sessionizer.event import Event
from sessionizer.segments import condition as asks
from sessionizer.segments.book import Book
from sessionizer.segments.going import KNOWN, TIME, Answers, Cause, Flip, Going, heard
from sessionizer.segments.kept.keeper import Answer
from sessionizer.segments.kept.recent import answer_from
from sessionizer.segments.membership import by_instant, cause_of
from sessionizer.segments.standing import Before, Slot, Standing
from sessionizer.thread import FOREVER


class Past(NamedTuple):
    """What there is to know of a person. history: every event of the book's kinds, sorted by (at, id), nothing that was
    taken back. first_at: of its very first event, ms UTC. contact: as it is known now."""

    history: Sequence[Event]
    first_at: int
    contact: Contact


class Told(NamedTuple):
    """What is known of the contact has changed, at an instant (ms UTC), by an event."""

    at: int
    by: str


class Replayed(NamedTuple):
    """standing: now. inside: the segments in which the person was at `since`. flips: after it, in order of time."""

    standing: Standing
    inside: frozenset[int]
    flips: Sequence[Flip]
    since: int

    def inside_at(self, segment: int, at: int) -> bool:
        """Whether the person was in it at an instant, `since` or later."""
        turns = [flip.entered for flip in self.flips if flip.segment == segment and flip.at <= at]
        return turns[-1] if turns else segment in self.inside


def replay(
    book: Book, standing: Standing | None, past: Past, now: int, *, since: int, told: Told | None = None
) -> Replayed:
    """Everything anew from `since` on (ms UTC). standing: as it was, for what was known; None where nothing is."""
    happened = [event for event in past.history if event.at <= now]
    ahead = past.history[len(happened)].at if len(happened) < len(past.history) else FOREVER
    known = _Known(book, standing, past.contact, now, told)
    blank = Standing({}, (), past.first_at, again_at=ahead, told_by=known.by)
    going = Going(book, blank, _Past(past, book))
    begins = max(since, past.first_at)
    inside = _begin(book, going, [event for event in happened if event.at <= begins], known, since=since)
    later = {at: group for at, group in by_instant(happened) if at > begins}
    for at in sorted(later.keys() | {at for at in known.changes if begins < at <= now}):
        _go_to(book, going, at, later.get(at, []), known)
    going.advance(now)
    return Replayed(known.settle(going), inside, going.flips, since)


def _begin(book: Book, going: Going, events: Sequence[Event], known: "_Known", *, since: int) -> frozenset[int]:
    """Who is in what at `since`, or at the first instant of somebody who came later."""
    first_at = going.standing.first_at
    quiet = [event for event in events if event.at <= since]
    for at, group in by_instant(quiet):
        going.keep(heard(book, going.slots, group), at)
    if first_at <= since:
        going.meet(since, {}, known.at(since), Cause("", TIME))
        going.flips.clear()
    else:
        cause = cause_of(events) if events else Cause("", TIME)
        going.meet(first_at, heard(book, going.slots, events), known.at(first_at), cause)
        return frozenset()
    return frozenset(going.inside)


def _go_to(book: Book, going: Going, at: int, events: Sequence[Event], known: "_Known") -> None:
    changed, changes = heard(book, going.slots, events), known.changes.get(at)
    if changed or changes:
        going.advance(at - 1)
        cause = cause_of(events) if changed else changes.cause if changes else Cause("", TIME)
        going.look(at, changed, changes.answers if changes else {}, cause)


class _Change(NamedTuple):
    """What is known turned so at an instant."""

    answers: dict[str, Answer]
    cause: Cause


class _Known:
    """What was known of the contact, when: as its standing remembers it, and else as it is now."""

    def __init__(self, book: Book, standing: Standing | None, contact: Contact, now: int, told: Told | None) -> None:
        self._book, self._contact, self._standing = book, contact, standing
        self._now = book.answers_of(contact, now)
        self.by = told.by if told else standing.told_by if standing else ""
        before = [*(standing.before if standing else ()), *self._new(standing, now, told)]
        self._before = sorted(one._replace(at=min(one.at, now)) for one in before)  # a clock may have gone back
        self.changes: dict[int, _Change] = {}
        for name in {one.name for one in self._before} & self._now.keys():
            self._add_changes(name)

    def _new(self, standing: Standing | None, now: int, told: Told | None) -> Iterable[Before]:
        """What has just been told, and days that have come."""
        for name, answer in self._now.items():
            if standing is None:
                continue
            slot = standing.slots.get(name) or Slot(None, self._book.blank[name])
            if slot.is_so != answer.is_so:
                yield Before(told.at if told else min(slot.until, now), name, slot.is_so, self.by)

    def _add_changes(self, name: str) -> None:
        entries = self._of(name)
        after = [*(one.was for one in entries[1:]), self._now[name].is_so]
        for one, is_so in zip(entries, after, strict=True):
            change = self.changes.setdefault(one.at, _Change({}, Cause(one.by, KNOWN)))
            change.answers[name] = Answer(is_so)

    def _of(self, name: str) -> list[Before]:
        return [one for one in self._before if one.name == name]

    def at(self, at: int) -> Answers:
        """The answers of all that is asked about the contact, at an instant."""
        return {name: self._at(name, at) for name in self._now}

    def _at(self, name: str, at: int) -> Answer:
        entries = self._of(name)
        if not entries:
            return self._book.of_contact(name, self._contact, at)
        return Answer(next((one.was for one in entries if one.at > at), self._now[name].is_so))

    def settle(self, going: Going) -> Standing:
        """The standing, with what is known as it is now, and as it was before."""
        found = going.stand()
        for name in {one.name for one in self._before} & self._now.keys():
            found.slots[name] = Slot(None, *self._now[name])
            found.wake_at = min(found.wake_at, self._now[name].until)
        came, found.before = found.before, ()
        found.before_since = self._standing.before_since if self._standing else 0
        for one in sorted([*self._before, *came]):
            found.remember(one)
        return found


class _Past:
    """Answers from the history that is replayed (`going.Source`)."""

    def __init__(self, past: Past, book: Book) -> None:
        self._past, self._book = past, book

    def contact(self) -> Contact:
        """See the protocol."""
        return self._past.contact

    def nobody(self) -> Contact:
        """See the protocol."""
        return Contact(self._past.contact.id)

    def recount(self, condition: asks.Condition, at: int) -> Answer:
        """See the protocol."""
        known = [event for event in self._past.history if event.at <= at]
        return answer_from(known, condition, at, self._book.zone)


def changes(book: Book, replayed: Replayed, said: Iterable[Derived], anchor: str) -> Changes:
    """What is to be said, and taken back. said: their derived events that stand, of segments that are followed or not.

    anchor: an event of the person, for what none caused.
    """
    followed: Mapping[int, int] = {one.id: max(one.since, replayed.since) for one in book.segments.values()}
    now = [
        flip.derived(book.segments[flip.segment].name, anchor)
        for flip in replayed.flips
        if flip.at > followed[flip.segment]
    ]
    before = [one for one in said if one.at > followed.get(one.data.get("segment_id", 0), FOREVER)]
    return compare(before, now)
