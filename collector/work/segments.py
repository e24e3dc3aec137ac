"""Who comes into a segment, and who leaves it? What happened to contacts, and time, through `sessionizer/segments`.

Reads what is remembered of contacts (`segment_threads`) and, where something came late, their history. Writes who is in
which segment, its history, and what is said to the log: `segment_entered`, `segment_left`; all in the batch's
transaction, after the rules. What a segment means is the sessionizer's business.
"""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import NamedTuple

import msgspec

from collector.store.ports.work import Membership, Turn, Walk, WorkStore
from collector.work.decide import Heard
from collector.work.following import CREATED, Following
from collector.work.past import Pasts, Source
from collector.work.saying import Sayings
from sessionizer.derived import Derived
from sessionizer.event import Event
from sessionizer.segments.book import Book
from sessionizer.segments.going import ENTERED, Flip
from sessionizer.segments.membership import MANY, Moved, follow, meet, overhear
from sessionizer.segments.replay import Past, Replayed, Told, changes, replay
from sessionizer.segments.standing import Standing, decode_standing, encode_standing
from sessionizer.thread import StaleState

AT_ONCE = 500
"""Contacts whose windows have an edge that is due, a turn."""
WALK_AT_ONCE = 200
REMEMBER = 10_000
UNKNOWN_WAKE = -1
NOTHING = frozenset[int]()


class Again(NamedTuple):
    """Somebody who has to be looked at anew. told_at: when it was told what is known of the contact now, ms UTC."""

    heard: Heard
    book: Book
    before: Standing | None
    told_at: int | None = None

    def since(self) -> int:
        """From when on something may be otherwise: nothing before what came late, or before what is remembered of what
        was known; and nobody asks about the time before a segment was made. ms UTC."""
        made_at = min(segment.since for segment in self.book.segments.values())
        if self.before is None:
            return made_at
        instants = (self.before.last_at, self.before.again_at, *(event.at for event in self.heard.events))
        late_at = 0 if self.heard.anew else min(instants) - 1
        return max(late_at, made_at, self.before.before_since if self.book.known else 0)

    def told(self) -> Told | None:
        """Since when it is known as it is now: nothing that was said by what was known before is unsaid."""
        if self.told_at is None or self.before is None:
            return None
        at = self.told_at
        by = next((event.id for event in reversed(self.heard.events) if event.at <= at), self.before.told_by)
        return Told(max(self.before.last_at, at), by)


class Segments:
    """One a worker. How contacts seen lately stand stays decoded."""

    def __init__(self, store: WorkStore, sayings: Sayings, pasts: Pasts, zone: tzinfo) -> None:
        self._store, self._sayings, self._pasts = store, sayings, pasts
        self._following = Following(store, zone)
        self._standings: dict[int, Standing] = {}
        self._said: list[tuple[int, Derived]] = []
        self._clock = 0
        self._clear()

    def _clear(self) -> None:
        self._saves: dict[int, Standing] = {}
        self._woke: dict[int, int | None] = {}
        self._members: list[Membership] = []
        self._turns: list[Turn] = []
        self._again: list[Again] = []

    def forget(self) -> None:
        """The transaction was rolled back: what is remembered may never have been."""
        self._standings.clear()
        self._said.clear()
        self._following.forget()
        self._clear()

    def refresh(self, now: int) -> None:
        """At the beginning of a transaction: which segments are there? A clock that went back is noticed as well."""
        self._following.refresh(now)
        back, self._clock = now < self._clock or not self._clock, now
        if back and (ahead := self._store.segments.ahead(now)):
            self.batch([Heard(contact, (), anew=True) for contact in ahead], now)

    def said(self) -> list[tuple[int, Derived]]:
        """Who came into a segment, or left it, since the last call."""
        said, self._said = self._said, []
        return said

    # What happened ----------------------------------------------------------------------------------------------------

    def batch(self, heard: Sequence[Heard], now: int) -> None:
        """After the rules, in the same transaction. now: ms UTC."""
        people = self._store.people
        told, new = people.told(), people.newcomers()
        if not self._following.walks:
            return
        for one in heard:
            self._absorb(one)
        self._load([one.contact for one in heard])
        self._pasts.meet([one.contact for one in heard if one.contact in told])
        said = [
            (one.contact, self._hear(one, now, told_at=told.pop(one.contact, None), new=one.contact in new))
            for one in heard
        ]
        for contact, at in told.items():
            said.append((contact, self._hear(Heard(contact, (), anew=True), now, told_at=at, new=False)))
        self._say_all(said, now)
        self._flush(now)

    def _absorb(self, one: Heard) -> None:
        for other in one.absorbed:
            self._store.segments.forget(other)
            self._store.segment_threads.forget(other)
            self._standings.pop(other, None)

    def _load(self, contacts: Iterable[int]) -> None:
        """Read together how they stand."""
        asked = [contact for contact in contacts if contact not in self._standings]
        if len(self._standings) + len(asked) > REMEMBER:
            self._standings.clear()
        for contact, blob in self._store.segment_threads.load(asked).items():
            try:
                self._standings[contact] = decode_standing(blob)
            except StaleState:
                continue

    def _hear(self, one: Heard, now: int, *, told_at: int | None, new: bool) -> Sequence[Derived]:
        """What a contact's conditions say to what happened: what has become true."""
        book = self._following.of(one.contact)
        if not book.segments:
            return ()
        before, source = (
            self._standing(one.contact, book),
            Source(self._pasts, one.contact, newcomer=new and told_at is None),
        )
        told_at = told_at if book.known else None
        moved: Moved | None = None
        if before is None and new and one.events and one.events[-1].at <= now and not one.anew:
            moved = meet(book, one.events, source, now, told_at=_among(one.events, told_at))
        elif before is not None and not one.anew:
            moved = follow(book, before, one.events, source, now, told_at=_among(one.events, told_at))
            if moved is None and told_at is None and self._overhears(before, one.events, now):
                moved = overhear(book, before, one.events, source, now)
        if moved is None:
            self._again.append(Again(one, book, before, told_at))
        elif moved.standing is not before:
            self._take(one.contact, book, before, moved)
            return self._true_now(book, one.contact, moved.flips)
        return ()

    def _overhears(self, before: Standing, events: Sequence[Event], now: int) -> bool:
        """Whether the past of somebody who did much is left alone for what came late."""
        return bool(events and before.number >= MANY and before.again_at > now and events[-1].at <= now)

    def _standing(self, contact: int, book: Book) -> Standing | None:
        """How a contact stands, without what nobody asks any more."""
        found = self._standings.get(contact)
        if found is None or (found.slots.keys() <= book.conditions.keys() and book.segments.keys() >= {*found.inside}):
            return found
        slots = {name: slot for name, slot in found.slots.items() if name in book.conditions}
        inside = tuple(id for id in found.inside if id in book.segments)
        return msgspec.structs.replace(found, slots=slots, inside=inside)

    def _take(self, contact: int, book: Book, before: Standing | None, moved: Moved | Replayed) -> None:
        """Remember how the contact stands, and who is in what because of it."""
        after, was = moved.standing, () if before is None else before.inside
        if after.inside != was:
            since = {flip.segment: flip.at for flip in moved.flips}
            for segment in {*was}.symmetric_difference(after.inside):
                row = Membership(segment, contact, segment in after.inside, since.get(segment, after.last_at))
                self._members.append(row)
        known = self._standings.get(contact)
        self._woke.setdefault(contact, known.due_at if known is not None else UNKNOWN_WAKE)
        self._saves[contact] = self._standings[contact] = after

    def _true_now(self, book: Book, contact: int, flips: Sequence[Flip]) -> Sequence[Derived]:
        """What became true since somebody follows it; what had been before is a line of the history and no event."""
        if not flips:
            return ()
        said, early = list[Derived](), dict[int, list[Flip]]()
        for flip in flips:
            if flip.at > book.segments[flip.segment].since:
                said.append(self._derived(book, contact, flip))
            else:
                early.setdefault(flip.segment, []).append(flip)
        for segment, several in early.items():
            if len(several) % 2:  # else it is as it was
                since, walk = book.segments[segment].since, self._following.walks[segment]
                self._turns.append(Turn(segment, contact, since, several[-1].entered, walk.why))
        return said

    def _derived(self, book: Book, contact: int, flip: Flip) -> Derived:
        anchor = flip.cause.by or self._store.histories.oldest(self._store.people.closure(contact))
        return flip.derived(book.segments[flip.segment].name, anchor)

    def _say_all(self, said: Sequence[tuple[int, Sequence[Derived]]], now: int) -> None:
        """What became true of several contacts: where it belongs is looked up together."""
        self._sayings.look_up(one.cause for _, several in said for one in several)
        for contact, several in said:
            self._say(contact, several, now)

    def _say(self, contact: int, said: Iterable[Derived], now: int) -> None:
        """What became true, to the log and into the segment's history."""
        for one in said:
            self._sayings.say(contact, one, now)
            self._said.append((contact, one))
            entered = one.kind == ENTERED
            self._turns.append(Turn(one.data["segment_id"], contact, one.at, entered, one.data["why"], one.cause))

    # From the history -------------------------------------------------------------------------------------------------

    def _look_again(self, now: int) -> None:
        """Everything anew of those of whom something came late, all that is read read together."""
        asked, self._again = self._again, []
        if not asked:
            return
        self._write()
        people = {one.heard.contact: self._store.people.closure(one.heard.contact) for one in asked}
        self._pasts.meet(list(people))
        histories = self._pasts.of(people, {kind for one in asked for kind in one.book.kinds})
        for one in asked:
            known = self._pasts.known(one.heard.contact)
            if known is not None:
                past = Past(histories[one.heard.contact], known.first_at, known.contact)
                self._replay(one, past, people[one.heard.contact], now)

    def _replay(self, one: Again, past: Past, everybody: Sequence[int], now: int) -> None:
        """One of them, from where it may be otherwise on, and what that changes."""
        contact, since = one.heard.contact, one.since()
        replayed = replay(one.book, one.before, past, now, since=since, told=one.told())
        difference = changes(one.book, replayed, self._pasts.said(everybody, since), self._anchor(replayed, everybody))
        self._take(contact, one.book, one.before, replayed)
        self._say(contact, difference.added, now)
        for gone in difference.retracted:
            self._sayings.say(contact, gone, now, retract=True)
        gone_turns = [(gone.data["segment_id"], gone.at, gone.kind == ENTERED) for gone in difference.retracted]
        self._store.segments.untell(gone_turns, everybody)
        self._correct_beginnings(one, replayed)

    def _correct_beginnings(self, one: Again, replayed: Replayed) -> None:
        """Who was in a segment when it was made, now that more is known of the time before."""
        for segment, followed in one.book.segments.items():
            if replayed.since <= followed.since and self._following.walks[segment].why == CREATED:
                turn = (segment, followed.since, True)
                if replayed.inside_at(segment, followed.since):
                    self._turns.append(Turn(segment, one.heard.contact, followed.since, True, CREATED))
                else:
                    self._store.segments.untell([turn], [one.heard.contact])

    def _anchor(self, replayed: Replayed, everybody: Sequence[int]) -> str:
        """An event of the person, where something that has become true has none for a cause."""
        has_none = any(not flip.cause.by for flip in replayed.flips)
        return self._store.histories.oldest(everybody) if has_none else ""

    # Time, and segments that are new ----------------------------------------------------------------------------------

    def wake(self, now: int, *, limit: int = AT_ONCE) -> int:
        """Look at contacts of whom an edge is due by now (ms UTC), the longest due first; returns how many."""
        due = self._store.segment_threads.due(now, limit)
        if due:
            until = now if len(due) < limit else due[-1][1]
            self._load([contact for contact, _ in due])
            flips = [(contact, self._wake(contact, until, now)) for contact, _ in due]
            self._sayings.begin({})
            self._say_all(flips, now)
            self._flush(now)
        return len(due)

    def _wake(self, contact: int, until: int, now: int) -> Sequence[Derived]:
        """What becomes true of a contact by time alone."""
        book = self._following.of(contact)
        if not book.segments:  # all of them are paused: whoever takes one up again asks everybody anew
            self._store.segment_threads.forget(contact)
            self._standings.pop(contact, None)
            return ()
        before = self._standing(contact, book)
        moved = follow(book, before, (), Source(self._pasts, contact), until) if before else None
        if moved is None:
            self._sayings.begin({})
            self._again.append(Again(Heard(contact, ()), book, before))
            return ()
        self._take(contact, book, before, moved)
        return self._true_now(book, contact, moved.flips)

    def walk(self, now: int) -> bool:
        """Ask a segment that is new of some more contacts; whether there was any to be asked."""
        if not self._following.walking:
            return False
        first = min(self._following.walking, key=lambda walk: walk.walked_to)
        walks = [walk for walk in self._following.walking if walk[4:6] == first[4:6]]
        contacts = self._store.segments.contacts_between(first.walked_to, first.upto, WALK_AT_ONCE)
        book = self._following.only([walk.segment for walk in walks])
        self._pasts.meet(contacts)
        self._load(contacts)
        self._sayings.begin({})
        histories = self._pasts.of({one: self._store.people.closure(one) for one in contacts}, book.kinds)
        members = self._store.segments.memberships(contacts, book.segments)
        for contact in contacts:
            if known := self._pasts.known(contact):
                past = Past(histories[contact], known.first_at, known.contact)
                self._visit(contact, book, walks, past, members.get(contact, NOTHING), now)
        walked_to = contacts[-1] if len(contacts) == WALK_AT_ONCE else first.upto
        self._flush(now)
        self._following.come_to([walk._replace(walked_to=walked_to) for walk in walks])
        return True

    def _visit(
        self, contact: int, book: Book, walks: Sequence[Walk], past: Past, was: frozenset[int], now: int
    ) -> None:
        """Ask these segments of one contact. was: in which of them it was until now."""
        before = self._standings.get(contact)
        replayed = replay(book, None, past, now, since=min(walk.since for walk in walks))
        for walk in walks:
            is_in = replayed.inside_at(walk.segment, walk.since)
            if is_in != (walk.segment in was):
                self._turns.append(Turn(walk.segment, contact, walk.since, is_in, walk.why))
        added = changes(book, replayed, (), self._store.histories.oldest((contact,))).added if replayed.flips else ()
        own = Standing({}, tuple(was), past.first_at)
        if before is not None:
            inside = {*before.inside} - book.segments.keys()
            own = msgspec.structs.replace(before, inside=tuple({*inside, *was}))
            replayed = replayed._replace(standing=_together(before, replayed.standing, inside))
        self._take(contact, book, own, replayed)
        self._say(contact, added, now)

    def _flush(self, now: int) -> None:
        """Look again at those who must be, and write what has gathered."""
        self._look_again(now)
        self._write()
        self._clear()

    def _write(self) -> None:
        saves = [(c, encode_standing(one), one.due_at, self._woke[c]) for c, one in self._saves.items()]
        self._store.segment_threads.save(saves)
        self._store.segments.set_members(self._members)
        self._store.segments.tell(self._turns)
        self._sayings.flush()
        self._saves, self._woke, self._members, self._turns = {}, {}, [], []


def _among(events: Sequence[Event], told_at: int | None) -> int | None:
    """The instant of one of these events: the one that told, else the last."""
    if told_at is None or not events:
        return None
    return told_at if any(event.at == told_at for event in events) else events[-1].at


def _together(before: Standing, new: Standing, inside: Iterable[int]) -> Standing:
    """What is remembered of a contact, with what some more segments need."""
    return msgspec.structs.replace(
        before,
        slots={**before.slots, **new.slots},
        inside=tuple(sorted({*inside, *new.inside})),
        last_at=max(before.last_at, new.last_at),
        wake_at=min(before.wake_at, new.wake_at),
        again_at=min(before.again_at, new.again_at),
        number=max(before.number, new.number),
    )
