"""What follows from a batch? Contact by contact: the thread, the engine, and everything that its answer changes.

Reads threads and, when a contact must be folded again, its history. Writes threads, session rows, and what is said to
the log (`to_log`), all in the batch's transaction. What an event means is the sessionizer's business.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from collector.log.entry import DERIVED_DOOR, Entry, decode_entry
from collector.store.ports.work import Origin, Said, WorkStore
from collector.work.saying import Sayings
from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.engine import Engine, Outcome
from sessionizer.event import Event
from sessionizer.rules.inactivity import STARTED, Sessions, Visit, session_of
from sessionizer.segments.going import SEGMENT
from sessionizer.session import Session
from sessionizer.thread import FOREVER, ORIGIN, StaleState, Thread

REMEMBER = 10_000
NOBODY: Mapping[str, str] = {}
UNKNOWN_WAKE = -1  # the row's wake_at is not at hand: write it

logger = logging.getLogger(__name__)


class Fresh(NamedTuple):
    """A new event, its place in the log, and the contact under which it is recorded. historical: from before."""

    offset: int
    event: Event
    contact: int
    historical: bool = False


class Batch(NamedTuple):
    """What a batch brought. fresh: new events of contacts (survivors). joins: survivor → those whom it absorbed.

    parted: contacts whose history is another one because a join was taken back. said: what the joins have to say to the
    log.
    """

    fresh: Mapping[int, Sequence[Fresh]]
    joins: Mapping[int, Sequence[int]]
    parted: Set[int]
    said: Sequence[Said]


class Heard(NamedTuple):
    """What happened to a contact, for whoever listens after the rules (`segments.py`): what is new, and what the rules
    say to it, by (at, id). anew: its history is another one. absorbed: who is one with it from now on. replaced: the id
    of what a rule says → that of what it said in its place before. historical: ids of what was told as long past."""

    contact: int
    events: Sequence[Event]
    anew: bool = False
    absorbed: Sequence[int] = ()
    replaced: Mapping[str, str] = {}
    historical: Set[str] = frozenset()


class Decide:
    """One a worker. Threads of contacts seen lately stay decoded."""

    def __init__(self, store: WorkStore, engine: Engine, sayings: Sayings) -> None:
        self._store, self._engine, self._sayings = store, engine, sayings
        self._threads: dict[int, Thread] = {}
        self._saved: dict[int, bytes | None] = {}
        self._saves: dict[int, tuple[Thread, int | None]] = {}
        self._rows: list[tuple[int, Session]] = []
        self._anew: set[int] = set()
        self._heard: list[Heard] = []
        self.refolds = 0

    def forget(self) -> None:
        """The transaction was rolled back: what is remembered may never have been."""
        self._threads.clear()
        self._saved.clear()
        self._saves.clear()
        self._anew.clear()
        self._rows, self._heard = [], []

    def heard(self) -> list[Heard]:
        """What happened since the last call, a line a contact."""
        heard, self._heard = self._heard, []
        return heard

    def flush(self) -> None:
        """Write what gathers: at the end of a batch, and before a history is read again."""
        encode = self._engine.encode_thread
        self._store.threads.save(
            [(c, encode(thread), thread.wake_at, woke) for c, (thread, woke) in self._saves.items()]
        )
        self._store.sessions.put(self._rows)
        self._sayings.flush()
        self._saves.clear()
        self._rows = []

    def batch(self, news: Batch, now: int) -> None:
        """Fold what is new, contact by contact. now: ms UTC."""
        self._sayings.put(news.said)
        self._sayings.begin(
            {
                new.event.id: Origin(new.event.site, new.event.visitor, new.contact)
                for several in news.fresh.values()
                for new in several
            }
        )
        for contact in news.parted:
            self._begin_anew(contact)
        contacts = news.fresh.keys() | news.joins.keys() | news.parted
        self._prefetch(contacts)
        for contact in contacts:
            self._contact(contact, news.fresh.get(contact, ()), news.joins.get(contact, ()), now)
        self.flush()

    def anew(self, contacts: Iterable[int], now: int) -> None:
        """Fold these contacts anew, with what came too late for them: from then on it has been heard."""
        asked = {self._store.people.resolve(contact) for contact in contacts}
        for contact in asked:
            self._store.histories.unmark_late(self._store.people.closure(contact))
            self._begin_anew(contact)
        for contact in asked:
            self._contact(contact, (), (), now)
        self.flush()

    def wake(self, contacts: Collection[int], now: int, *, until: int) -> None:
        """Timers of these contacts may be due at or before `until`, which is not later than `now`; both ms UTC."""
        self._prefetch(contacts)
        outcomes = {contact: self._woken(contact, until) for contact in contacts}
        self._sayings.begin({})
        self._sayings.look_up(one.cause for said in outcomes.values() for one in said.added)
        for contact, outcome in outcomes.items():
            if outcome.ended or outcome.added or outcome.since is not None:
                self._hear(contact, (), self._apply(contact, outcome, now), anew=_takes_back(outcome))
            else:  # it was woken too early, for its visit goes on: it sleeps again
                self._save(contact, outcome.thread)
        self.flush()

    def _woken(self, contact: int, until: int) -> Outcome:
        thread, stale = self._load(contact)
        if stale:
            return self._joined(contact, None, (), (), until, stale=True)
        return self._folded(contact, thread, [], until)

    def _begin_anew(self, contact: int) -> None:
        """What was made of its history is forgotten; what was said stays, to be compared with what will be."""
        self._store.sessions.clear(contact)
        self._threads.pop(contact, None)
        self._anew.add(contact)

    def _contact(self, contact: int, fresh: Sequence[Fresh], absorbed: Sequence[int], now: int) -> None:
        anew = contact in self._anew or bool(absorbed)
        outcome = self._outcome(contact, fresh, absorbed, now)
        said = self._apply(contact, outcome, now) if outcome else ()
        anew = anew or (outcome is not None and _takes_back(outcome))
        replaced = {one.id: one.replaces for one in outcome.added if one.replaces} if outcome else {}
        self._hear(contact, fresh, said, anew=anew, absorbed=absorbed, replaced=replaced)

    def _outcome(self, contact: int, fresh: Sequence[Fresh], absorbed: Sequence[int], now: int) -> Outcome | None:
        """None: all that is new comes too late, or is to nobody's ears."""
        thread, stale = self._load(contact)
        if absorbed or stale:
            return self._joined(contact, thread, fresh, absorbed, now, stale=stale)
        events = self._in_time(thread, fresh)
        return None if not events and fresh else self._folded(contact, thread, events, now)

    def _hear(
        self,
        contact: int,
        fresh: Sequence[Fresh],
        said: Sequence[Event],
        *,
        anew: bool,
        absorbed: Sequence[int] = (),
        replaced: Mapping[str, str] = NOBODY,
    ) -> None:
        """Tell those after the rules."""
        events = [*(new.event for new in fresh), *said]
        if len(events) > 1:
            events.sort(key=_order)
        historical = {new.event.id for new in fresh if new.historical}
        self._heard.append(Heard(contact, events, anew, absorbed, replaced, historical))

    def _prefetch(self, contacts: Iterable[int]) -> None:
        """Read the threads of a batch together: one look an unknown contact would cost as much as folding it."""
        asked = [contact for contact in contacts if contact not in self._threads]
        self._saved = dict.fromkeys(asked) | self._store.threads.load(asked)

    def _load(self, contact: int) -> tuple[Thread | None, bool]:
        """The contact's thread, and whether its history must be folded anew: it is another one, or was saved in a form
        that this version cannot read."""
        if contact in self._anew:
            self._anew.discard(contact)
            return None, True
        thread = self._threads.get(contact)
        if thread is not None:
            return thread, False
        if contact not in self._saved:
            self._saved |= self._store.threads.load([contact])
        blob = self._saved.pop(contact, None)
        if blob is None:
            return None, False
        try:
            return self._engine.decode_thread(blob), False
        except StaleState:
            return None, True

    def _in_time(self, thread: Thread | None, fresh: Sequence[Fresh]) -> list[Event]:
        """The events in order, without those that come too late, which are marked, or late and to nobody's ears.

        What is historical comes late by nature: instead of a fold for each, its contact is folded anew, once.
        """
        late = {new.offset: new for new in fresh if self._comes_late(thread, new)}
        if late:
            self._store.histories.mark_late(late)
            self._store.rebuilds.ask({new.contact for new in late.values() if new.historical})
            fresh = [new for new in fresh if new.offset not in late]
        events = [new.event for new in fresh]
        if len(events) > 1:
            events.sort(key=_order)
        if events and thread is not None and not thread.follows(events[0].at, events[0].id):
            events = [event for event in events if thread.follows(event.at, event.id) or self._engine.hears(event)]
        return events

    def _comes_late(self, thread: Thread | None, new: Fresh) -> bool:
        event = new.event
        if new.historical and thread is not None and not thread.follows(event.at, event.id):
            return True
        return self._engine.too_late(thread, event.at)

    def _folded(self, contact: int, thread: Thread | None, events: list[Event], now: int) -> Outcome:
        if thread is not None and events:
            events = self._extended(contact, thread, events, now)
            if not events:
                return Outcome(thread)
        since = self._engine.rewind_to(thread, events[0].at, events[0].id) if events else None
        if since is None:
            return self._engine.fold(thread, events, Contact(contact), now)
        return self._refolded(contact, thread, now, since=since, upto=events[-1].at)

    def _extended(self, contact: int, thread: Thread, events: list[Event], now: int) -> list[Event]:
        """Fold into the thread itself what needs no more; returns the events that are left."""
        extend, who = self._engine.extend, Contact(contact)
        for place, event in enumerate(events):
            if not extend(thread, event, who, now):
                return events[place:]
        return []

    def _refolded(self, contact: int, thread: Thread | None, now: int, *, since: int, upto: int) -> Outcome:
        self.refolds += 1
        self.flush()
        everybody = self._store.people.closure(contact)
        history = self._store.histories.given(everybody, since)
        said = self._said(everybody, since)
        return self._engine.refold(thread, history, said, Contact(contact), now, since=since, upto=upto)

    def _said(self, everybody: Sequence[int], since: int) -> list[Derived]:
        recorded = self._store.histories.said(everybody, since)
        return standing(recorded, self._store.outgoing.of(everybody, since))

    def _joined(
        self,
        contact: int,
        thread: Thread | None,
        fresh: Sequence[Fresh],
        absorbed: Sequence[int],
        now: int,
        *,
        stale: bool,
    ) -> Outcome:
        """Fold the contact with those whom it absorbed, from the first instant of their joint history."""
        self.flush()
        others = [self._load(other) for other in absorbed]
        for other in absorbed:
            self._store.sessions.rehome(absorbed=other, survivor=contact)
            self._store.threads.forget(other)
            self._threads.pop(other, None)
        if stale or len(others) > 1 or any(is_stale for _, is_stale in others):
            return self._refolded(contact, None, now, since=ORIGIN, upto=FOREVER)
        join = self._engine.join(thread, others[0][0])
        thread = join.thread if join else thread or others[0][0]
        events = self._in_time(thread, fresh)
        if join is None:
            return self._folded(contact, thread, events, now)
        since, upto = join.since, join.upto
        if events:
            rewind = self._engine.rewind_to(thread, events[0].at, events[0].id)
            since = since if rewind is None else min(since, rewind)
            upto = max(upto, events[-1].at)
        return self._refolded(contact, join.thread, now, since=since, upto=upto)

    def _apply(self, contact: int, outcome: Outcome, now: int) -> Sequence[Event]:
        """Write what the engine answered; returns what the rules say that is new."""
        for refused in outcome.refused:
            logger.warning("contact %d: %s refused to rule %s at %d", contact, refused.reason, refused.rule, refused.at)
        self._save(contact, outcome.thread)
        sessions = list(sessions_in(outcome, self._engine))
        self._rows += [(contact, session) for session in sessions]
        if outcome.added or outcome.revised or outcome.retracted:
            return self._tell(contact, outcome, sessions, now)
        return ()

    def _tell(self, contact: int, outcome: Outcome, sessions: Sequence[Session], now: int) -> Sequence[Event]:
        """Put on its way what the rules say now, and no longer say. sessions: all of them within what was folded."""
        if outcome.since is not None:
            self._store.sessions.stand_again(new.id for new in outcome.added if new.kind == STARTED)
        for gone in outcome.retracted:
            if gone.kind == STARTED:
                self._store.sessions.drop(contact, gone.id, _heir(gone, outcome, sessions))
        said = [_recorded(one, self._sayings.say(contact, one, now)) for one in outcome.added]
        for one in outcome.revised:
            self._sayings.say(contact, one, now)
        for one in outcome.retracted:
            self._sayings.say(contact, one, now, retract=True)
        return said

    def _save(self, contact: int, thread: Thread) -> None:
        """Remember the thread, and save it with the others. The timer's index is touched only when wake_at moves."""
        known = self._threads.get(contact)
        if contact in self._saves:
            woke = self._saves[contact][1]
        else:
            woke = known.wake_at if known is not None else UNKNOWN_WAKE
        self._saves[contact] = (thread, woke)
        if len(self._threads) >= REMEMBER:
            for old in list(self._threads)[: REMEMBER // 2]:
                del self._threads[old]
        self._threads[contact] = thread


def standing(recorded: Iterable[Derived], waiting: Iterable[Said], *, of_segments: bool = False) -> list[Derived]:
    """What rules said that stands: recorded or on its way, and not taken back by what is on its way.

    of_segments: what was said of segments, and nothing else; without it, everything but that.
    """
    said = {derived.id: derived for derived in recorded}
    for row in waiting:
        if row.retract:
            said.pop(row.id, None)
        elif (entry := decode_entry(row.body)).door == DERIVED_DOOR:
            said[row.id] = _derived(entry)
    return [one for one in said.values() if (one.category == SEGMENT) == of_segments]


def _takes_back(outcome: Outcome) -> bool:
    """Whether something that was said is no longer so: whoever heard it has to look again."""
    return bool(outcome.revised or outcome.retracted)


def _recorded(one: Derived, origin: Origin) -> Event:
    """A derived event as it will be recorded."""
    return Event(
        one.at, one.id, one.category, one.key, one.data, visitor=origin.visitor, site=origin.site, causes=(one.cause,),
        depth=one.depth,
    )  # fmt: skip


def sessions_in(outcome: Outcome, engine: Engine) -> Iterable[Session]:
    """The sessions that a fold has ended, and the one that is open after it."""
    for _, state, _ in outcome.ended:
        if isinstance(state, Visit):
            yield session_of(state, open=False)
    visit = engine.state_of(outcome.thread, Sessions.name)
    if isinstance(visit, Visit):
        yield session_of(visit, open=True)


def _heir(gone: Derived, outcome: Outcome, sessions: Sequence[Session]) -> str | None:
    """The session that took the place of one that is no more: the one around its beginning, else what replaced it."""
    around = [session for session in sessions if session.started_at <= gone.at]
    if around:
        return max(around, key=lambda session: session.started_at).id
    return next((new.id for new in outcome.added if new.replaces == gone.id), None)


def _order(event: Event) -> tuple[int, str]:
    return event.at, event.id


def _derived(entry: Entry) -> Derived:
    return Derived(
        entry.occurred_at, entry.id, entry.category, entry.key, entry.properties or {}, entry.causes[0], entry.depth
    )
