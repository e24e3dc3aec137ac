"""How does a contact's walk go on? What happens, and time, moves runs from step to step; steps ask for effects.

The actor of automations: it hears what happens as it becomes known and never takes back what it did. Time goes by the
events' own instants, so that it makes no difference how they were grouped: what is due before an event is done before
it. Pure: what is known of the contact is asked of a `Source`.
"""

from collections.abc import Iterable, Mapping, Set

from msgspec.structs import replace

from sessionizer.automations import definition as asks
from sessionizer.automations import run as of_run
from sessionizer.automations.book import Book, Door, Live
from sessionizer.automations.entering import Coming, enter, let_in
from sessionizer.automations.run import AT_DATE, MAX_VISITS, Passed, Run
from sessionizer.automations.steps import WAYS
from sessionizer.automations.way import Source, Walked, Way
from sessionizer.event import Event

NONE: Mapping[str, str] = {}
NOTHING: Set[str] = frozenset()


class Walker:
    """One contact in one batch."""

    def __init__(self, book: Book, runs: Iterable[Run], source: Source, now: int) -> None:
        """runs: that go on. now: ms UTC."""
        self._way = Way(book, runs, source, now)

    def walked(self) -> Walked:
        """What has become of it."""
        return self._way.walked()

    def hear(self, events: Iterable[Event], replaced: Mapping[str, str] = NONE, historical: Set[str] = NOTHING) -> None:
        """In order of (at, id). replaced: the id of an event → that of the one whose place it took. historical: ids of
        what was told as long past: it sets nothing going."""
        for event in events:
            self.meet(event, () if event.id in historical else self._way.book.met_by(event), replaced)

    def meet(self, event: Event, doors: Iterable[Door], replaced: Mapping[str, str] = NONE) -> None:
        """An event, with the triggers that let somebody in by it."""
        way = self._way
        if way.runs:
            self.advance(min(event.at, way.now))
            for run in way.going():
                self._tell(run, event)
        for live, trigger in doors:
            let_in(way, live, trigger, event, replaced)

    def enter(self, live: Live, coming: Coming) -> None:
        """Somebody asks for it, or a date has come. What is due by then is done before it, as before an event."""
        self.advance(min(coming.trigger.at, self._way.now))
        enter(self._way, live, coming)

    def _tell(self, run: Run, event: Event) -> None:
        """An event to a run: it may end by it, or go on."""
        way, live = self._way, self._way.live(run)
        if live is None or not live.heeds(event.kind, run.step):
            return
        at = max(min(event.at, way.now), run.arrived_at)
        if event.at >= run.trigger.at and any(way.meets(wanted, event, run, at) for wanted in live.definition.exits):
            way.end(run, at, of_run.LEFT, event.id)
            return
        node = live.graph.nodes.get(run.step)
        if node is None or not run.waits or not isinstance(node.step, asks.WaitFor):
            return
        step, is_new = node.step, event.at >= run.arrived_at
        if (is_new and step.event is not None and way.meets(step.event, event, run, at)) or (
            step.condition is not None and way.source.holds(step.condition, at)
        ):
            way.go(run, node.ways[0], at, Passed(run.step, at, "yes", event.id))

    def advance(self, until: int) -> None:
        """Do what is due at `until` or before, in order of time, then of runs."""
        while (due := self._next(until)) is not None:
            self._perform(due)

    def _next(self, until: int) -> Run | None:
        due = [
            (run.wake_at, run.id)
            for run in self._way.runs.values()  # of one that has ended nothing is due
            if run.wake_at is not None and run.wake_at <= until and not self._stands_still(run)
        ]
        return self._way.runs[min(due)[1]] if due else None

    def _stands_still(self, run: Run) -> bool:
        live = self._way.live(run)
        return live is not None and live.still

    def _perform(self, run: Run) -> None:
        way, live, at = self._way, self._way.live(run), run.wake_at
        assert at is not None, "only those that wait for an instant are due"
        run = replace(run, visits=run.visits + 1)
        if live is None:  # there is no such automation any more, in which it could go on
            way.end(run, at, of_run.STOPPED)
        elif run.step == AT_DATE:
            way.go(run, live.graph.first, at)
        elif run.visits > MAX_VISITS:
            way.end(run, at, of_run.TOO_LONG)
        elif (node := live.graph.nodes.get(run.step)) is None:
            way.end(run, at, of_run.GONE)
        else:
            WAYS[type(node.step)](way, run, node, at)

    # What people ask --------------------------------------------------------------------------------------------------

    def remove(self, run: Run, by: str) -> None:
        """Out, whatever it waits for."""
        if now := self._as_it_is(run):
            self._way.end(now, self._way.now, of_run.REMOVED, by)

    def retry(self, run: Run, by: str) -> None:
        """Try the step again that failed."""
        now = self._as_it_is(run)
        if now is not None and now.failed:
            line = Passed(now.step, self._way.now, "again", by)
            self._way.keep(replace(now, failed="", wake_at=self._way.now, path=(*now.path, line)))

    def move(self, run: Run, live: Live) -> None:
        """On with another version: at the same step, of which it is looked anew how long it waits."""
        now = self._as_it_is(run)
        if now is not None:
            self._move(now, live)

    def _as_it_is(self, run: Run) -> Run | None:
        """What has become of it since somebody looked; None: it has ended."""
        now = self._way.runs.get(run.id)
        return now if now is not None and now.goes_on else None

    def _move(self, run: Run, live: Live) -> None:
        if run.step != AT_DATE and run.step not in live.graph.nodes:
            self._way.end(run, self._way.now, of_run.GONE)
            return
        line = Passed(run.step, self._way.now, "moved", str(live.version))
        moved = replace(run, version=live.version, path=(*run.path, line))
        if run.step != AT_DATE and not run.failed:
            moved = replace(moved, wake_at=self._way.now, waits=False, until=None)
        self._way.keep(moved)

    def join(self) -> None:
        """The runs of one who was two: of two ways through the same, the one goes on that would have been the only."""
        ways: dict[tuple[int, str], list[Run]] = {}
        for run in self._way.going():
            ways.setdefault((run.automation, run.key), []).append(run)
        for (automation, key), runs in ways.items():
            live = self._way.live(runs[0])
            restarts = live is not None and live.definition.entry.inside == "restart"
            runs.sort(key=lambda run: (run.trigger.at, run.id), reverse=restarts)
            for run in runs[1:]:
                self._way.end(run, self._way.now, of_run.JOINED)
            once = live is not None and live.definition.entry.again == "never"
            if once and self._way.source.entries(automation, key, 0).number > len(runs):
                self._way.end(runs[0], self._way.now, of_run.JOINED)
