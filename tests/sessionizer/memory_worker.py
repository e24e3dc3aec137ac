"""How would the worker use the engine? In memory: histories, what was said, threads. For tests only.

It keeps to the engine's calls as `collector/work/` does, with a dict for every table, and checks that each change fits
what was said before: nothing is added twice, revised or retracted unless it stands.
"""

from collections.abc import Iterable, Mapping

from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.engine import Engine, Outcome
from sessionizer.event import Event
from sessionizer.rules.inactivity import Visit, session_of
from sessionizer.session import Session
from sessionizer.thread import FOREVER, ORIGIN, Thread


class MemoryWorker:
    """One engine and the contacts it serves, by name."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = 0
        self.known: set[str] = set()
        self.late: list[Event] = []
        self.histories: dict[str, list[Event]] = {}
        self.said: dict[str, dict[str, Derived]] = {}
        self.threads: dict[str, Thread] = {}
        self.rows: dict[str, dict[str, Session]] = {}
        self.recorded: dict[str, str] = {}  # id of an event, given or derived → the contact under which it is recorded
        self.refolded = 0  # events folded a second time

    def deliver(self, contact: str, batch: Iterable[Event], *, recorded: Mapping[str, str] | None = None) -> None:
        """Events of one contact, in any order; those already known are dropped.

        recorded: id → the absorbed contact whose browser it was, of those that are not the contact's own.
        """
        thread = self.threads.get(contact)
        new = [event for event in {event.id: event for event in batch}.values() if event.id not in self.known]
        self.known.update(event.id for event in new)
        self.recorded |= {event.id: (recorded or {}).get(event.id, contact) for event in new}
        self.late += [event for event in new if self.engine.too_late(thread, event.at)]
        new = sorted((event for event in new if not self.engine.too_late(thread, event.at)), key=_position)
        if new:
            self.histories[contact] = sorted([*self.histories.get(contact, ()), *new], key=_position)
            if thread and len(new) == 1 and self.engine.extend(thread, new[0], Contact(1), self.now):
                return
            since = self.engine.rewind_to(thread, new[0].at, new[0].id)
            if since is None:
                self._hear(contact, self.engine.fold(thread, new, Contact(1), self.now))
            else:
                self._refold(contact, thread, since, new[-1].at)

    def tick(self, now: int) -> None:
        """The clock has come to `now`; contacts whose timers are not due are left alone."""
        self.now = max(self.now, now)
        for contact, thread in list(self.threads.items()):
            wake_at = self.engine.wake_at(thread)
            if wake_at is not None and wake_at <= self.now:
                self._hear(contact, self.engine.fold(thread, (), Contact(1), self.now))

    def join(self, survivor: str, absorbed: str) -> None:
        """Two contacts are one."""
        left, right = self.threads.get(survivor), self.threads.pop(absorbed, None)
        joined = [*self.histories.get(survivor, ()), *self.histories.pop(absorbed, ())]
        self.histories[survivor] = sorted(joined, key=_position)
        self.said[survivor] = self.said.get(survivor, {}) | self.said.pop(absorbed, {})
        self.rows[survivor] = self.rows.get(survivor, {}) | self.rows.pop(absorbed, {})
        join = self.engine.join(left, right)
        if join is not None:
            self._refold(survivor, join.thread, join.since, join.upto)
        elif right is not None:
            self.threads[survivor] = right

    def part(self, survivor: str, absorbed: str) -> None:
        """A join is taken back: to each what was recorded as its own, folded anew. The clock has seen all of it."""
        together, said = self.histories.pop(survivor, []), self.said.pop(survivor, {})
        for name in (survivor, absorbed):
            self.threads.pop(name, None)
            self.rows.pop(name, None)
            self.said[name] = {id: derived for id, derived in said.items() if self.recorded[id] == name}
            self.histories[name] = [event for event in together if self.recorded[event.id] == name]
            if self.histories[name]:
                self.rebuild(name)
        self.tick(max([self.now, *(event.at for event in together)]))

    def restart(self) -> None:
        """Every thread through its bytes."""
        self.threads = {
            contact: self.engine.decode_thread(self.engine.encode_thread(thread))
            for contact, thread in self.threads.items()
        }

    def rebuild(self, contact: str) -> Outcome:
        """Fold a contact anew, as after StaleState."""
        return self._refold(contact, None, ORIGIN, FOREVER)

    def sessions(self, contact: str) -> list[Session]:
        """The rows of a contact: those that ended, and the open one, by their start."""
        rows = dict(self.rows.get(contact, {}))
        thread = self.threads.get(contact)
        visit = self.engine.state_of(thread, "sessions") if thread else None
        if isinstance(visit, Visit):
            rows[visit.frame.session_id] = session_of(visit, open=True)
        return sorted(rows.values(), key=lambda session: session.started_at)

    def _refold(self, contact: str, thread: Thread | None, since: int, upto: int) -> Outcome:
        given = [event for event in self.histories.get(contact, ()) if event.at >= since]
        said = [derived for derived in self.said.get(contact, {}).values() if derived.at >= since]
        outcome = self.engine.refold(thread, given, said, Contact(1), self.now, since=since, upto=upto)
        assert outcome.since == since
        assert outcome.until is not None
        self.refolded += sum(event.at < outcome.until for event in given)
        self._hear(contact, outcome)
        return outcome

    def _hear(self, contact: str, outcome: Outcome) -> None:
        assert not outcome.refused
        live = self.said.setdefault(contact, {})
        rows = self.rows.setdefault(contact, {})
        for derived in outcome.retracted:
            del live[derived.id]
            rows.pop(derived.id, None)
        for derived in outcome.revised:
            assert derived.id in live
            live[derived.id] = derived
        for derived in sorted(outcome.added, key=lambda one: one.depth):  # of one instant the cause goes first
            assert derived.id not in live
            live[derived.id] = derived
            self.recorded[derived.id] = self.recorded[derived.cause]
        self._write_rows(contact, outcome)
        self.threads[contact] = outcome.thread

    def _write_rows(self, contact: str, outcome: Outcome) -> None:
        """Rows of what ended; the row of a session that is open again goes (it is read from the thread)."""
        rows = self.rows[contact]
        visits = [ended.state for ended in outcome.ended if isinstance(ended.state, Visit)]
        rows.update((visit.frame.session_id, session_of(visit, open=False)) for visit in visits)
        visit = self.engine.state_of(outcome.thread, "sessions")
        if isinstance(visit, Visit):
            rows.pop(visit.frame.session_id, None)


def _position(event: Event) -> tuple[int, str]:
    return (event.at, event.id)
