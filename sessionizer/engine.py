"""What follows from a contact's history, in whatever order the history becomes known?

An event in order is folded on the spot. One that comes late, or a join of two contacts, makes the engine fold the
contact again from its newest checkpoint before the change, and compare what the rules say now with what they said.
It stops as soon as it meets an old checkpoint again. Pure: history and what was said are passed in by the worker:

    since = engine.rewind_to(thread, event.at, event.id)
    if since is None: outcome = engine.fold(thread, [event], contact, now)
    else:             outcome = engine.refold(thread, <given events at or after since>, <live derived events at or after
                                since>, contact, now, since=since, upto=event.at)

Most events change one state and nothing else: `engine.extend(thread, event, contact, now)` is a short way for them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from sessionizer.contact import Contact
from sessionizer.derived import Changes, Derived, compare
from sessionizer.event import Event
from sessionizer.fold import Ended, Fold, Place, Refused, Table
from sessionizer.rule import Rule, State
from sessionizer.thread import BLANK, FOREVER, ORIGIN, SPACING_MS, Checkpoint, Codec, Thread, thin

LATENESS_MS = 7 * 24 * 60 * 60_000
"""An event that is older than the contact's newest one by more than this is kept, but no longer changes anything."""


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What a fold gave.

    added, revised, retracted: derived events, as against those said before. ended: states that rules forgot, within the
    range folded. refused: what a rule asked for and did not get, by reason. since, until: the range [since, until) that
    was folded again, ms UTC (until FOREVER: to the end); None when all came in order.
    """

    thread: Thread
    added: Sequence[Derived] = ()
    revised: Sequence[Derived] = ()
    retracted: Sequence[Derived] = ()
    ended: Sequence[Ended] = ()
    refused: Sequence[Refused] = ()
    since: int | None = None
    until: int | None = None


class Join(NamedTuple):
    """How to fold two contacts as one: read both histories from `since` on, then `refold` `thread` with these three."""

    thread: Thread
    since: int
    upto: int


class Engine:
    """Folds contacts' histories through the rules, in the order of the rules. Holds no contact: threads come and go."""

    def __init__(self, rules: Sequence[Rule], *, lateness_ms: int = LATENESS_MS, spacing_ms: int = SPACING_MS) -> None:
        """spacing_ms: between two checkpoints. Raises ValueError when two rules have one name."""
        self._table = Table(rules)
        self._lateness_ms = lateness_ms
        self._spacing_ms = spacing_ms
        self._codec = Codec(rules)

    def encode_thread(self, thread: Thread) -> bytes:
        """Thread → the bytes to save."""
        return self._codec.encode_thread(thread)

    def decode_thread(self, blob: bytes) -> Thread:
        """The saved bytes → thread. Raises StaleState when another version saved them: `refold` with None then."""
        return self._codec.decode_thread(blob)

    def too_late(self, thread: Thread | None, at: int) -> bool:
        """Whether an event is older than the newest one folded by more than the lateness (exactly that is in time).

        It is kept, marked `late` and not folded. Measured in event time, so that a replay decides the same.
        """
        return thread is not None and at < thread.last_at - self._lateness_ms

    def hears(self, event: Event) -> bool:
        """Whether any rule takes the event: one that none takes may come late, and nothing is to be folded again."""
        return bool(self._table.hearing(event))

    def rewind_to(self, thread: Thread | None, at: int, event_id: str) -> int | None:
        """None when the event comes in order, so that `fold` will do; else the instant `since` for `refold`, ms UTC.

        Of several new events of a contact ask for the first by (at, id). Never later than `at`.
        """
        if thread is None or thread.follows(at, event_id):
            return None
        return next((mark.at for mark in reversed(thread.checkpoints) if mark.at <= at), ORIGIN)

    def extend(self, thread: Thread, event: Event, contact: Contact, now: int) -> bool:
        """Fold one event into the thread itself, if it comes in order and does no more than change what one rule
        remembers, as most do: nothing is said, no timer is due or comes nearer, no checkpoint is left.

        False: it may do more, and the thread is as it was; then `rewind_to` says how to go on.
        """
        at, wake_at = event.at, thread.wake_at
        if not thread.follows(at, event.id) or (wake_at is not None and (wake_at <= at or wake_at <= now)):
            return False
        if at >= self._spacing_ms + (thread.checkpoints[-1].at or thread.first_at):  # ORIGIN is 0: none left yet
            return False
        hearing = self._table.hearing(event)
        if len(hearing) > 1 or (hearing and not _heard(thread, hearing[0], event, contact)):
            return False
        thread.last_at, thread.last_id = at, event.id
        return True

    def fold(self, thread: Thread | None, events: Sequence[Event], contact: Contact, now: int) -> Outcome:
        """Fold events that come in order, then fire the timers that are due at or before `now` (ms UTC).

        events: given ones, sorted by (at, id), of which `rewind_to` says None for the first. Nothing is retracted.
        """
        walk = self._walk(thread or BLANK, contact)
        walk.over(events)
        walk.advance(now)
        return Outcome(walk.thread(), walk.said, (), (), walk.ended, walk.refused)

    def refold(
        self,
        thread: Thread | None,
        history: Sequence[Event],
        said: Sequence[Derived],
        contact: Contact,
        now: int,
        *,
        since: int,
        upto: int,
    ) -> Outcome:
        """Fold again from `since` and say what changed.

        thread: None folds everything anew (with since=ORIGIN). history: every given event of the contact with
        at >= since, the new ones among them, sorted by (at, id). said: its live derived events with at >= since.
        since: from `rewind_to` or `join`. upto: the instant of the last change, ms UTC: before it no old checkpoint is
        trusted. An earlier `now` takes back no timer that has fired. Raises ValueError when `since` is no checkpoint.
        """
        old = thread or BLANK
        marks = (Checkpoint(ORIGIN, {}), *(mark for mark in old.checkpoints if mark.at > ORIGIN))
        here = [mark.at for mark in marks].index(since)  # ValueError: history does not begin at a checkpoint
        walk = self._walk(self._back_at(marks[here], old), contact)
        met = walk.until_it_meets(marks[here + 1 :], history, upto)
        if met:
            tail = self.fold(self._grafted(walk, met, old), (), contact, now)
        else:
            walk.advance(max([now, old.fired_at, *(one.at for one in said)]))
            tail = Outcome(walk.thread())
        until = met[0].at if met else FOREVER
        changes = compare((one for one in said if since <= one.at < until), walk.said)
        return _together(walk, changes, tail, since=since, until=until)

    def join(self, left: Thread | None, right: Thread | None) -> Join | None:
        """How two contacts become one; None when only one of them has a history: its thread is the joint one.

        The joint history is that of the older one until the younger one's begins, so the older one's checkpoints hold
        that far. since: the newest of them at or before the first event of the younger one, ORIGIN when that is older
        than all of them. upto: the last that the younger one's thread has seen, event or timer.
        """
        if left is None or right is None:
            return None
        older, younger = (left, right) if left.first_at <= right.first_at else (right, left)
        since = max((mark.at for mark in older.checkpoints if mark.at <= younger.first_at), default=ORIGIN)
        joint = msgspec.structs.replace(older, fired_at=max(older.fired_at, younger.fired_at))
        return Join(joint, since, max(younger.last_at, younger.fired_at))

    def wake_at(self, thread: Thread) -> int | None:
        """When to call `fold` without events, ms UTC: not later than the first timer that is due. None: never."""
        return thread.wake_at

    def state_of(self, thread: Thread, rule: str, key: str = "") -> State | None:
        """What a rule remembers now of one thing of the contact, such as the open session."""
        slot = thread.slots.get(f"{rule}/{key}")
        return slot[0] if slot else None

    def _walk(self, thread: Thread, contact: Contact) -> "_Walk":
        return _Walk(self._table, thread, contact, (self._lateness_ms, self._spacing_ms))

    def _back_at(self, mark: Checkpoint, old: Thread) -> Thread:
        """The thread as it was at a checkpoint. wake_at: at once, so that its first timer is looked for."""
        kept = tuple(older for older in old.checkpoints if older.at <= mark.at) or (mark,)
        first_at = old.first_at if mark.at > ORIGIN else FOREVER
        before = mark.at - 1
        return Thread(mark.slots, first_at, before, "", before, mark.at, kept)

    def _grafted(self, walk: "_Walk", met: Sequence[Checkpoint], old: Thread) -> Thread:
        """The old head upon the new past: from the checkpoint that was met again on, nothing has changed."""
        marks = thin((*walk.checkpoints, *met), self._lateness_ms)
        return msgspec.structs.replace(old, checkpoints=marks, first_at=min(walk.first_at, old.first_at))


class _Walk(Fold):
    """A fold on its way through a history, leaving checkpoints."""

    __slots__ = ("_lateness_ms", "_spacing_ms", "checkpoints", "first_at", "last_at", "last_id")

    def __init__(self, table: Table, thread: Thread, contact: Contact, spans_ms: tuple[int, int]) -> None:
        """spans_ms: how late an event may come, and what lies between two checkpoints."""
        wake_at = FOREVER if thread.wake_at is None else thread.wake_at
        super().__init__(table, contact, thread.slots.copy(), wake_at, thread.fired_at)
        self.first_at, self.last_at, self.last_id = thread.first_at, thread.last_at, thread.last_id
        self.checkpoints = thread.checkpoints
        self._lateness_ms, self._spacing_ms = spans_ms

    def over(self, events: Sequence[Event]) -> None:
        """Fold events in order. The hot loop: for most of them two comparisons and `feed`."""
        if not events:
            return
        if events[0].at < self.first_at:
            self.first_at = events[0].at
        mark_at = max(self.checkpoints[-1].at, self.first_at) + self._spacing_ms
        for event in events:
            at = event.at
            if at >= mark_at and self._mark(at):
                mark_at = at + self._spacing_ms
            if self.wake_at <= at:
                self.advance(at)
            self.feed(event)
            self.last_at, self.last_id = at, event.id

    def until_it_meets(self, marks: Sequence[Checkpoint], history: Sequence[Event], upto: int) -> Sequence[Checkpoint]:
        """Fold history until it meets an old checkpoint after `upto` again → that and the later ones; () if never."""
        done = 0
        for place, mark in enumerate(marks):
            here = bisect_left(history, mark.at, lo=done, key=_at)
            self.over(history[done:here])
            self.advance(mark.at - 1)
            if mark.at > upto and self.slots == mark.slots:
                return marks[place:]
            done = here
        self.over(history[done:])
        return ()

    def thread(self) -> Thread:
        """Where it stands."""
        wake_at = None if self.wake_at == FOREVER else self.wake_at
        return Thread(self.slots, self.first_at, self.last_at, self.last_id, self.fired_at, wake_at, self.checkpoints)

    def _mark(self, at: int) -> bool:
        """Leave a checkpoint before the first event at `at`; False when something of that instant is folded already."""
        self.advance(at - 1)
        if at <= self.last_at or at <= self.fired_at:
            return False
        self.checkpoints = thin((*self.checkpoints, Checkpoint(at, self.slots.copy())), self._lateness_ms)
        return True


def _heard(thread: Thread, place: Place, event: Event, contact: Contact) -> bool:
    """Let one rule hear an event; False where that leads further. It is pure, so that it may be asked again."""
    rule, _, prefix = place
    thing = rule.key_of(event)
    if thing is None:
        return True
    name = prefix + thing
    slot = thread.slots.get(name)
    if slot is None:
        return False
    state, facts, wake_at = rule.on_event(slot[0], event, contact)
    if state is None or facts or (wake_at is not None and (thread.wake_at is None or wake_at < thread.wake_at)):
        return False
    thread.slots[name] = (state, wake_at)
    return True


def _together(fold: Fold, changes: Changes, tail: Outcome, *, since: int, until: int) -> Outcome:
    """What the second fold changed, and what came due after it."""
    return Outcome(
        tail.thread,
        [*changes.added, *tail.added],
        changes.revised,
        changes.retracted,
        [*fold.ended, *tail.ended],
        [*fold.refused, *tail.refused],
        since,
        until,
    )


def _at(event: Event) -> int:
    return event.at
