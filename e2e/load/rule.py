"""How fast is the session rule alone? In memory, event by event, one core, and beside it the least that could be done.

    rule    extend, else fold or refold, as the worker calls them; histories and what was said are kept in memory
    bare    a dict from contact to (last instant, events of the visit), begun anew after 30 minutes: no late event is
            put right, no session opened or closed, nothing could be saved or said

Both read the same list in turn, in a process of their own: `python -m e2e.load.rule 12` prints what it measured as
JSON. Counted in CPU time: other processes take turns with this one, and are no part of it.
"""

import random
import subprocess
import sys
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

import msgspec

from collector.process.garbage import look_seldom
from e2e.load.deployment import ROOT
from e2e.load.figure import Figure, Limit, middle, named
from e2e.load.traffic import SEED, pages, uuid7
from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.engine import Engine, Outcome
from sessionizer.event import Agent, Event, Page
from sessionizer.rules.inactivity import Sessions
from sessionizer.session import GAP_MS
from sessionizer.thread import Thread

CONTACTS = 2_000
EVENTS = 500_000
VISITS = {"": 12, ", visits of 100 events": 100}  # events of a visit on average: pages, clicks
LATE_SHARE = 0.01
LATE_MS = (60_000, 6 * 86_400_000)  # any order of magnitude between: a tab without network, a telephone in a drawer
SECONDS_BETWEEN = 40  # two events of a visit, on average
HOURS_BETWEEN = 30  # two visits of a contact, on average
T0 = 1_790_000_000_000
RUNS = 5

Arrival = tuple[int, Event]
"""Contact, event."""


class Runs(msgspec.Struct):
    """Events a second of CPU time, a turn each. late: how many needed `refold`. derived: what stands at the end."""

    rule: list[float] = []
    bare: list[float] = []
    late: int = 0
    derived: int = 0


def measure(scratch: Path) -> list[Figure]:
    """Visits as they are, and long ones: what begins and ends a visit costs ten times what goes on in it."""
    return [_figure(name, visit) for name, visit in VISITS.items()]


def _figure(name: str, visit: int) -> Figure:
    command = [sys.executable, "-m", "e2e.load.rule", str(visit)]
    runs = msgspec.json.decode(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout, type=Runs)
    return Figure(
        name=named(f"session rule {name}"),
        what=f"session rule alone, 1 % late{name}",
        figure=middle(runs.rule),
        unit="events/CPU s",
        ratio=middle([ours / bare for ours, bare in zip(runs.rule, runs.bare, strict=True)]),
        limit=None if name else Limit("at least", 300_000),
        runs=runs.rule,
        details={
            "bare_loop": middle(runs.bare),
            "events": EVENTS,
            "contacts": CONTACTS,
            "events_a_visit": visit,
            "folded_late": runs.late,
            "derived": runs.derived,
        },
    )


def main() -> None:
    """Measure in turns, print. Its one argument: how many events a visit has on average."""
    look_seldom()  # as the worker does
    history, runs = arrivals(int(sys.argv[1])), Runs()
    for _ in range(RUNS):
        runs.bare.append(_rate(bare, history))
        worker = Memory()
        runs.rule.append(_rate(worker.take, history))
        runs.late, runs.derived = worker.late, sum(len(known.said) for known in worker.contacts.values())
    sys.stdout.buffer.write(msgspec.json.encode(runs))


def _rate(take: Callable[[Sequence[Arrival]], None], history: Sequence[Arrival]) -> float:
    start = process_time()
    take(history)
    return len(history) / (process_time() - start)


def bare(history: Sequence[Arrival]) -> None:
    """The ceiling."""
    last_at: dict[int, int] = {}
    events: dict[int, int] = {}
    for contact, event in history:
        at = event.at
        events[contact] = events[contact] + 1 if at - last_at.get(contact, 0) < GAP_MS else 1
        last_at[contact] = at


class Known:
    """What is kept of a contact."""

    __slots__ = ("history", "said", "snapshot", "thread")

    def __init__(self, contact: int) -> None:
        self.snapshot = Contact(contact)
        self.thread: Thread | None = None
        self.history: list[Event] = []
        self.said: dict[str, Derived] = {}


class Memory:
    """A worker whose store is a dict."""

    def __init__(self) -> None:
        self.engine = Engine((Sessions(),))
        self.contacts: dict[int, Known] = {}
        self.late = 0

    def take(self, history: Sequence[Arrival]) -> None:
        """Each event as it comes; the clock is the newest instant seen."""
        engine, contacts, now = self.engine, self.contacts, 0
        for contact, event in history:
            at = event.at
            if at > now:
                now = at
            known = contacts.get(contact)
            if known is None:
                known = contacts[contact] = Known(contact)
            elif known.thread is not None and engine.extend(known.thread, event, known.snapshot, now):
                known.history.append(event)
                continue
            since = engine.rewind_to(known.thread, at, event.id)
            if since is None:
                known.history.append(event)
                outcome = engine.fold(known.thread, (event,), known.snapshot, now)
            elif engine.too_late(known.thread, at):
                continue
            else:
                outcome = self._again(known, event, since, now)
            known.thread = outcome.thread
            if outcome.added or outcome.revised or outcome.retracted:
                _hear(known.said, outcome)

    def _again(self, known: Known, event: Event, since: int, now: int) -> Outcome:
        self.late += 1
        insort(known.history, event, key=_order)
        given = known.history[bisect_left(known.history, since, key=_at) :]
        said = [one for one in known.said.values() if one.at >= since]
        return self.engine.refold(known.thread, given, said, known.snapshot, now, since=since, upto=event.at)


def _hear(said: dict[str, Derived], outcome: Outcome) -> None:
    for gone in outcome.retracted:
        del said[gone.id]
    for kept in (*outcome.added, *outcome.revised):
        said[kept.id] = kept


def _at(event: Event) -> int:
    return event.at


def _order(event: Event) -> tuple[int, str]:
    return event.at, event.id


def arrivals(visit: int) -> list[Arrival]:
    """What 2,000 contacts do in some weeks, in the order in which it arrives; the same on every run."""
    chance = random.Random(SEED)
    shop, agents = pages(chance), [Agent("Chrome", "Windows", "desktop"), Agent("Safari", "iOS", "mobile")]
    found: list[tuple[int, int, Event]] = []
    for contact in range(CONTACTS):
        visitor, agent = f"v{contact:025}", chance.choice(agents)
        at = T0 + round(chance.expovariate(1 / HOURS_BETWEEN) * 3_600_000)
        for _ in range(EVENTS // CONTACTS):
            event = _event(chance, at, chance.choice(shop), visitor, agent)
            found.append((at + _delay(chance), contact, event))
            at += _pause(chance, visit)
    found.sort(key=lambda arrival: arrival[:2])
    return [(contact, event) for _, contact, event in found]


def _event(chance: random.Random, at: int, page: Page, visitor: str, agent: Agent) -> Event:
    key = "page_visited" if chance.random() < 0.7 else "link_clicked"
    return Event(at, uuid7(at, chance), "website", key, page=page, visitor=visitor, site=1, agent=agent, activity=True)


def _delay(chance: random.Random) -> int:
    if chance.random() >= LATE_SHARE:
        return 0
    shortest, longest = LATE_MS
    return round(shortest * (longest / shortest) ** chance.random())


def _pause(chance: random.Random, visit: int) -> int:
    if chance.random() < 1 / visit:
        return GAP_MS + round(chance.expovariate(1 / HOURS_BETWEEN) * 3_600_000)
    return 1 + round(min(chance.expovariate(1 / SECONDS_BETWEEN) * 1_000, GAP_MS / 2))


if __name__ == "__main__":
    main()
