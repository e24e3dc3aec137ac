"""What follows from a batch? Contact by contact: the thread, the engine, and everything that its answer changes.

Reads threads and, when a contact must be folded again, its history. Writes threads, session rows, and what is said to
the log (`to_log`), all in the batch's transaction. What an event means is the sessionizer's business.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from collector.log.entry import DERIVED_DOOR, Entry, decode_entry, encode_entry
from collector.store.ports.work import Origin, Said, WorkStore
from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.engine import Engine, Outcome
from sessionizer.event import Event
from sessionizer.rules.inactivity import STARTED, Sessions, Visit, session_of
from sessionizer.session import Session
from sessionizer.thread import FOREVER, ORIGIN, StaleState, Thread

REMEMBER = 10_000
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


class Decide:
    """One a worker. Threads of contacts seen lately stay decoded."""

    def __init__(self, store: WorkStore, engine: Engine) -> None:
        self._store, self._engine = store, engine
        self._threads: dict[int, Thread] = {}
        self._saved: dict[int, bytes | None] = {}
        self._origins: dict[str, Origin] = {}
        self._saves: dict[int, tuple[Thread, int | None]] = {}
        self._rows: list[tuple[int, Session]] = []
        self._anew: set[int] = set()
        self._unsaid: list[Said] = []
        self.said: list[Said] = []
        self.refolds = 0

    def forget(self) -> None:
        """The transaction was rolled back: what is remembered may never have been."""
        self._threads.clear()
        self._saved.clear()
        self._saves.clear()
        self._anew.clear()
        self._rows, self._unsaid, self.said = [], [], []

    def flush(self) -> None:
        """Write what gathers: at the end of a batch, and before a history is read again."""
        encode = self._engine.encode_thread
        self._store.threads.save(
            [(c, encode(thread), thread.wake_at, woke) for c, (thread, woke) in self._saves.items()]
        )
        self._store.sessions.put(self._rows)
        self._store.outgoing.put(self._unsaid)
        self.said += self._unsaid
        self._saves.clear()
        self._rows, self._unsaid = [], []

    def batch(self, news: Batch, now: int) -> None:
        """Fold what is new, contact by contact. now: ms UTC."""
        self._unsaid += news.said
        self._origins = {
            new.event.id: Origin(new.event.site, new.event.visitor, new.contact)
            for several in news.fresh.values()
            for new in several
        }
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
        self._origins = self._store.histories.origins({one.cause for said in outcomes.values() for one in said.added})
        for contact, outcome in outcomes.items():
            if outcome.ended or outcome.added or outcome.since is not None:
                self._apply(contact, outcome, now)
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
        thread, stale = self._load(contact)
        if absorbed or stale:
            outcome = self._joined(contact, thread, fresh, absorbed, now, stale=stale)
        else:
            events = self._in_time(thread, fresh)
            if not events and fresh:
                return
            outcome = self._folded(contact, thread, events, now)
        self._apply(contact, outcome, now)

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

    def _apply(self, contact: int, outcome: Outcome, now: int) -> None:
        """Write what the engine answered."""
        for refused in outcome.refused:
            logger.warning("contact %d: %s refused to rule %s at %d", contact, refused.reason, refused.rule, refused.at)
        self._save(contact, outcome.thread)
        sessions = list(sessions_in(outcome, self._engine))
        self._rows += [(contact, session) for session in sessions]
        if outcome.added or outcome.revised or outcome.retracted:
            self._tell(contact, outcome, sessions, now)

    def _tell(self, contact: int, outcome: Outcome, sessions: Sequence[Session], now: int) -> None:
        """Put on its way what the rules say now, and no longer say. sessions: all of them within what was folded."""
        if outcome.since is not None:
            self._store.sessions.stand_again(new.id for new in outcome.added if new.kind == STARTED)
        for gone in outcome.retracted:
            if gone.kind == STARTED:
                self._store.sessions.drop(contact, gone.id, _heir(gone, outcome, sessions))
        for derived in outcome.added, outcome.revised:
            self._unsaid += [self._row(contact, one, now, retract=False) for one in derived]
        self._unsaid += [self._row(contact, one, now, retract=True) for one in outcome.retracted]

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

    def _row(self, contact: int, one: Derived, now: int, *, retract: bool) -> Said:
        site, visitor, recorded = self._origin(one.cause, contact)
        entry = Entry(
            door=DERIVED_DOOR, source=DERIVED_DOOR, site=site, id=one.id, category=one.category, key=one.key,
            occurred_at=one.at, received_at=now, visitor=visitor, properties=one.data, causes=(one.cause,),
            depth=one.depth, contact=recorded, retracted=retract,
        )  # fmt: skip
        return Said(one.id, retract, recorded, one.at, encode_entry(entry))

    def _origin(self, cause: str, contact: int) -> tuple[int, str, int]:
        """What is derived is recorded beside its cause: site, visitor, contact. So it goes with it when a join is taken
        back. What is caused by something derived is the contact's."""
        found = self._origins.get(cause) or self._store.histories.origin(cause)
        if found is None or found.contact is None or self._store.people.resolve(found.contact) != contact:
            return (found.site, found.visitor, contact) if found else (0, "", contact)
        return found.site, found.visitor, found.contact


def standing(recorded: Iterable[Derived], waiting: Iterable[Said]) -> list[Derived]:
    """What rules said that stands: recorded or on its way, and not taken back by what is on its way."""
    said = {derived.id: derived for derived in recorded}
    for row in waiting:
        if row.retract:
            said.pop(row.id, None)
        elif (entry := decode_entry(row.body)).door == DERIVED_DOOR:
            said[row.id] = _derived(entry)
    return list(said.values())


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
