"""What do people ask of automations? Somebody in, somebody out, a step once more, on with the newest version.

Rows of `automation_asks`, written by `serve`, done in their order. A wish for a whole segment takes several turns: who
was let in already is known by the run's id, so it may begin again after a crash.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from collector.store.ports.automations.definitions import Ask
from collector.store.ports.work import WorkStore
from sessionizer.automations.book import Book, Live
from sessionizer.automations.entering import Coming
from sessionizer.automations.run import Occurrence, Run
from sessionizer.automations.walk import Walker

Wish = Callable[[Walker], None]
MANY = frozenset({"enter_segment", "move"})
"""Wishes for more than can be done in a turn."""


class Wishes:
    """One a worker."""

    def __init__(self, store: WorkStore) -> None:
        self._store = store
        self._reached: dict[int, int | str] = {}
        self._done: list[int] = []

    def forget(self) -> None:
        """The transaction was rolled back: whoever was reached in it was not."""
        self._reached.clear()
        self._done.clear()

    def take(self, book: Book, now: int, limit: int) -> Mapping[int, Sequence[Wish]]:
        """What is to be done with whose walk, for as many as have room in a turn."""
        wishes: defaultdict[int, list[Wish]] = defaultdict(list)
        for ask in self._store.automations.asks(limit):
            live = book.automations.get(ask.automation)
            if live is None and ask.what in ("enter", "enter_segment", "retry", "move"):
                self._done.append(ask.id)
            elif ask.what in MANY:
                assert live is not None
                self._many(ask, live, wishes, now, limit)
                break  # the others after it
            else:
                self._one(ask, live, wishes, now)
        return wishes

    def settle(self) -> int:
        """Those that are done are not asked again; returns how many."""
        done, self._done = self._done, []
        self._store.automations.done(done)
        return len(done)

    def _one(self, ask: Ask, live: Live | None, wishes: dict[int, list[Wish]], now: int) -> None:
        self._done.append(ask.id)
        if ask.what == "enter":
            assert live is not None
            contact = self._store.people.resolve(ask.contact)
            wishes[contact].append(_enter(ask, live, contact, now))
        elif ask.what == "remove_contact":
            contact = self._store.people.resolve(ask.contact)
            runs = self._store.automations.running([contact]).get(contact, ())
            wishes[contact] += [_remove(run, ask.by) for run in runs if run.automation == ask.automation]
        elif (found := self._store.automations.run(ask.run)) is not None and found.goes_on:
            if ask.what == "remove":
                wishes[found.contact].append(_remove(found, ask.by))
            elif found.failed:
                wishes[found.contact].append(_retry(found, ask.by))

    def _many(self, ask: Ask, live: Live, wishes: dict[int, list[Wish]], now: int, limit: int) -> None:
        if ask.what == "move":
            left = self._store.automations.inside(ask.automation, str(self._reached.get(ask.id, "")), limit)
            for run in left:
                if run.version != live.version and ask.run in ("", run.id):
                    wishes[run.contact].append(_move(run, live))
            self._reach(ask, left[-1].id if len(left) == limit else None)
        else:
            members = self._store.automations.members(ask.segment, int(self._reached.get(ask.id, 0)), limit)
            for contact in members:
                wishes[contact].append(_enter(ask, live, contact, now))
            self._reach(ask, members[-1] if len(members) == limit else None)

    def _reach(self, ask: Ask, place: int | str | None) -> None:
        """So far, None: to the end."""
        if place is None:
            self._reached.pop(ask.id, None)
            self._done.append(ask.id)
        else:
            self._reached[ask.id] = place


def _enter(ask: Ask, live: Live, contact: int, now: int) -> Wish:
    occurrence = Occurrence(f"ask {ask.id} {contact}", min(ask.at, now))
    return enters(live, Coming(occurrence, by_hand=ask.by or "hand"))


def enters(live: Live, coming: Coming) -> Wish:
    """Somebody comes in."""
    return lambda walker: walker.enter(live, coming)


def _remove(run: Run, by: str) -> Wish:
    return lambda walker: walker.remove(run, by)


def _retry(run: Run, by: str) -> Wish:
    return lambda walker: walker.retry(run, by)


def _move(run: Run, live: Live) -> Wish:
    return lambda walker: walker.move(run, live)
