"""What may happen to a run? It comes to rest, goes on, ends, fails, asks for something; and what all that comes to.

One contact's runs in one batch. Pure: what is known of the contact is asked of a `Source`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from hashlib import blake2b
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from sessionizer.automations import definition as asks
from sessionizer.automations import run as of_run
from sessionizer.automations.book import Book, Live, is_met, same_as
from sessionizer.automations.graph import END, Node
from sessionizer.automations.run import MAX_PATH, Passed, Run
from sessionizer.contact import Contact
from sessionizer.derived import MAX_DEPTH
from sessionizer.event import Event
from sessionizer.segments.condition import Condition
from sessionizer.wall_clock import HOUR_MS, text_of

ENTERED, ENDED = "@entered", "@ended"
"""Of the whole, beside steps, in the counters."""
SAYS = (asks.Emit, asks.SetAttribute, asks.ChangeList)
"""Steps by which others may be set going."""
LOOP = "loop_depth"
NO_MESSAGE = "there is no message {} that could be sent"
"""Why a step fails: for one of these two reasons."""
LATEST = 253_402_128_000_000
"""9999-12-30, ms UTC: later than that no wall shows a time, in any zone. What would be due then never is."""
LATE_MS = HOUR_MS
"""What is done so much later than it was due, after a standstill, is done now: what follows waits from now."""


class Entries(NamedTuple):
    """How often a contact has come in with one key. recent: within the time asked, with any. Instants None: never."""

    number: int = 0
    recent: int = 0
    last_entered: int | None = None
    last_ended: int | None = None


class Source(Protocol):
    """What has to be asked for, of one contact."""

    id: int
    """The contact's number."""

    def contact(self) -> Contact:
        """As it is known now."""

    def holds(self, condition: Condition, at: int) -> bool:
        """Whether it is so at an instant, by what had happened by then."""

    def changes_at(self, condition: Condition, at: int) -> int | None:
        """When it is otherwise by time alone, later than `at`; None: never."""

    def entries(self, automation: int, key: str, since: int) -> Entries:
        """How often it came into an automation, before this batch. since: from when on `recent` counts."""

    def knows(self, run: str) -> bool:
        """Whether there is or was such a run."""

    def marketing_since(self, since: int) -> int:
        """Marketing messages that automations have asked for before this batch."""


class Effect(NamedTuple):
    """What a step asks the world to do. id: the same at every replay. at: ms UTC, when the walk came there."""

    id: str
    run: Run
    step: asks.Step
    at: int


class Miss(NamedTuple):
    """Somebody did not come in."""

    automation: int
    reason: str
    at: int
    event: str


class Walked(NamedTuple):
    """runs: those that are new or otherwise, by id. passed: how many came to a step: (automation, step)."""

    runs: Mapping[str, Run]
    effects: Sequence[Effect]
    missed: Sequence[Miss]
    passed: Mapping[tuple[int, str], int]


_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def effect_id(run: str, visits: int) -> str:
    """What a run's step does, by how many it has come: 26 characters that say nothing, as deliveries have them."""
    number = int.from_bytes(blake2b(f"{run}/{visits}".encode(), digest_size=17).digest()) >> 6
    return "".join(_LETTERS[number >> bits & 31] for bits in range(125, -1, -5))


DEEDS: Mapping[type, str] = {
    asks.Send: "sent",
    asks.Webhook: "called",
    asks.Emit: "emitted",
    asks.SetAttribute: "set",
    asks.ChangeList: "listed",
}
"""How a path calls what a step did."""


class Way:
    """Where runs are moved. `entered`: those that are new."""

    def __init__(self, book: Book, runs: Iterable[Run], source: Source, now: int) -> None:
        """runs: that go on. now: ms UTC."""
        self.book, self.source, self.now = book, source, now
        self.runs = {run.id: run for run in runs}
        self.entered: list[Run] = []
        self.marketing: list[int] = []
        self.missed: list[Miss] = []
        self._changed: dict[str, Run] = {}
        self._effects: list[Effect] = []
        self._passed: dict[tuple[int, str], int] = {}

    def walked(self) -> Walked:
        """What has become of it."""
        return Walked(self._changed, self._effects, self.missed, self._passed)

    def going(self) -> list[Run]:
        """The runs that go on."""
        return [run for run in self.runs.values() if run.goes_on]

    def live(self, run: Run) -> Live | None:
        """The automation as it was when the run began."""
        return self.book.version_of(run.automation, run.version)

    def zone_of(self, whose: asks.Zone) -> tzinfo:
        """Whose clock is meant. Who the contact is, is asked only where it matters: that is read from the store."""
        house = self.book.house
        return house.zone if whose == "deployment" else house.zone_for(whose, self.source.contact())

    def meets(self, wanted: asks.Exit, event: Event, run: Run, at: int) -> bool:
        """Whether it is what a run waits for, or ends by."""
        if not is_met(wanted, event, self.book.house.zone):
            return False
        if isinstance(wanted, asks.OnEvent) and not same_as(wanted, event, run.trigger):
            return False
        return wanted.who is None or self.source.holds(wanted.who, at)

    def rest(self, run: Run, at: int, wake_at: int, until: int | None = None) -> Run:
        """It waits there."""
        wake_at, until = min(wake_at, LATEST), None if until is None else min(until, LATEST)
        path = run.path if run.waits else (*run.path, Passed(run.step, at, "waits", text_of(until or wake_at)))
        return replace(run, wake_at=wake_at, waits=True, until=until, path=path)

    def go(self, run: Run, step: str, at: int, *lines: Passed) -> None:
        """On to a step, END for the end."""
        path = (*run.path, *lines)
        if step == END:
            self.end(replace(run, path=path), at, of_run.DONE)
            return
        self.count(run, step)
        self.keep(replace(run, step=step, arrived_at=at, wake_at=at, waits=False, until=None, path=path))

    def end(self, run: Run, at: int, why: str, more: str = "") -> None:
        """It is over."""
        lines = (*run.path, Passed(run.step, at, "ended", " ".join(filter(None, (why, more)))))
        self.count(run, ENDED)
        self.keep(
            replace(run, step="", wake_at=None, until=None, waits=False, failed="", ended_at=at, why=why, path=lines)
        )

    def keep(self, run: Run) -> None:
        """As it is now; of a very long way the middle is forgotten."""
        if len(run.path) > MAX_PATH:
            run = replace(run, path=(run.path[0], *run.path[-MAX_PATH + 1 :]))
        self.runs[run.id] = self._changed[run.id] = run

    def count(self, run: Run, step: str) -> None:
        """One more came there."""
        name = (run.automation, step)
        self._passed[name] = self._passed.get(name, 0) + 1

    def do(self, run: Run, node: Node, at: int) -> None:
        """Ask for what the step does. After a standstill time goes on from now. What feeds itself comes to an end."""
        if isinstance(node.step, SAYS) and run.trigger.depth >= MAX_DEPTH:
            self.fail(run, at, LOOP)
            return
        effect = Effect(effect_id(run.id, run.visits), run, node.step, at)
        self._effects.append(effect)
        line = Passed(run.step, at, DEEDS[type(node.step)], effect.id)
        self.go(run, node.on, at if self.now - at <= LATE_MS else self.now, line)

    def fail(self, run: Run, at: int, why: str) -> None:
        """It stays there until somebody lets it try again."""
        line = Passed(run.step, at, "failed", why)
        self.keep(replace(run, wake_at=None, waits=False, failed=why, path=(*run.path, line)))
