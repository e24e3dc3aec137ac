"""Does any order of arrival give the same sessions? The law of the engine, against a definition that shares no code.

Whatever is shuffled, repeated, chunked, ticked, restarted, joined, parted: what stands at every moment is what the
definition says of the events known by then. `make nightly` tries 5,000 histories.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from sessionizer.engine import Engine
from sessionizer.event import Event, Page
from sessionizer.rules.inactivity import Sessions
from tests.factories import DAY_0
from tests.sessionizer.memory_worker import MemoryWorker

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
EXAMPLES = max(200, settings().max_examples)


class Row(NamedTuple):
    """A session as the definition sees it."""

    started_at: int
    ended_at: int
    events: int
    pages: int
    entry_page: str
    exit_page: str
    open: bool


def definition(history: Sequence[Event], now: int) -> list[Row]:
    """Cut the activity wherever 30 minutes pass without any; the last piece is open until they have passed."""
    active = sorted((e for e in history if e.activity), key=lambda e: (e.at, e.id))
    cuts = [i for i, e in enumerate(active) if i == 0 or e.at - active[i - 1].at >= 1_800_000]
    rows = []
    for start, end in pairwise([*cuts, len(active)]):
        run = active[start:end]
        pages = [e.page.url for e in run if e.page] or [""]
        views = sum(e.key == "page_visited" for e in run)
        open_ = end == len(active) and run[-1].at + 1_800_000 > now
        rows.append(Row(run[0].at, run[-1].at, len(run), views, pages[0], pages[-1], open_))
    return rows


def derived_by_definition(history: Sequence[Event], now: int) -> list[tuple[int, str]]:
    """A start for every row, an end for every one that is over."""
    rows = definition(history, now)
    starts = [(row.started_at, "push_session_started") for row in rows]
    return sorted(starts + [(row.ended_at + 1_800_000, "session_ended") for row in rows if not row.open])


def check(worker: MemoryWorker, contact: str) -> None:
    """What the worker holds of the contact is what the definition says. An event is a clock too: it fires timers."""
    history = worker.histories.get(contact, [])
    now = max([worker.now, *(event.at for event in history)])
    rows = [
        Row(s.started_at, s.ended_at, s.events, s.pages, s.entry_page, s.exit_page, s.open)
        for s in worker.sessions(contact)
    ]
    assert definition(history, now) == rows
    said = worker.said.get(contact, {}).values()
    assert derived_by_definition(history, now) == sorted((derived.at, derived.key) for derived in said)


instants = st.one_of(
    st.integers(0, 30).map(lambda i: i * 10 * MINUTE),
    st.tuples(st.integers(0, 8), st.sampled_from([-1, 0, 1])).map(lambda t: max(0, t[0] * 30 * MINUTE + t[1])),
    st.integers(0, 3 * HOUR),
    st.integers(0, 7 * DAY),
).map(lambda ms: DAY_0 + ms)


@st.composite
def arrivals(draw: st.DrawFn) -> list[tuple[str, Event]]:
    """(contact, event) in the order of arrival, some of them twice."""
    found = []
    for place in range(draw(st.integers(1, 24))):
        kind = draw(st.sampled_from(["page_visited", "page_visited", "link_clicked", "quiet"]))
        page = Page(f"https://shop.example/{place}") if draw(st.booleans()) else None
        name = f"e{draw(st.integers(0, 9))}-{place}"
        event = Event(draw(instants), name, "website", kind, page=page, activity=kind != "quiet")
        found.append((draw(st.sampled_from("ABK")), event))
    order = draw(st.permutations(found))
    return order + draw(st.lists(st.sampled_from(order), max_size=4))


class Doing(NamedTuple):
    """Something that happens to the worker before the arrival at `place`."""

    place: int
    what: str
    at: int


WHAT = ["tick", "restart", "join A", "join B", "part A", "part B"]
doings = st.lists(st.builds(Doing, st.integers(0, 28), st.sampled_from(WHAT), instants), max_size=8)


class Life:
    """One worker, and who each contact has become."""

    def __init__(self, engine: Engine) -> None:
        self.worker = MemoryWorker(engine)
        self.who = {"A": "A", "B": "B", "K": "K"}

    def arrive(self, batch: Sequence[tuple[str, Event]]) -> None:
        """A batch of the log: by contact, as the worker groups it."""
        recorded = {event.id: name for name, event in batch}
        for contact in sorted({self.who[name] for name, _ in batch}):
            mine = [event for name, event in batch if self.who[name] == contact]
            self.worker.deliver(contact, mine, recorded=recorded)
            check(self.worker, contact)

    def do(self, doing: Doing) -> None:
        """Tick, restart, join or part, then all must still hold."""
        what, _, name = doing.what.partition(" ")
        if what == "tick":
            self.worker.tick(doing.at)
        elif what == "restart":
            self.worker.restart()
        elif what == "join" and self.who[name] != "K":
            self.who[name] = "K"
            self.worker.join("K", name)
        elif what == "part" and self.who[name] == "K":
            self.who[name] = name
            self.worker.part("K", name)
        for contact in self.worker.histories:
            check(self.worker, contact)


@settings(max_examples=EXAMPLES)
@given(
    arrivals=arrivals(),
    doings=doings,
    batch=st.integers(1, 5),
    spacing_ms=st.sampled_from([1, 30 * MINUTE, DAY]),
    lateness_ms=st.sampled_from([HOUR, DAY, 7 * DAY]),
)
def test_any_order_of_arrival_gives_the_sessions_of_the_definition(
    arrivals: list[tuple[str, Event]], doings: list[Doing], batch: int, spacing_ms: int, lateness_ms: int
) -> None:
    """At every moment rows and derived events are those of the definition, and a replay in order gives the same ids."""
    life = Life(Engine((Sessions(),), spacing_ms=spacing_ms, lateness_ms=lateness_ms))
    for start in range(0, len(arrivals), batch):
        for doing in doings:
            if start <= doing.place < start + batch:
                life.do(doing)
        life.arrive(arrivals[start : start + batch])
    life.do(Doing(0, "tick", DAY_0 + 8 * DAY))
    assert lateness_ms < 7 * DAY or not life.worker.late
    assert ids_of_a_replay(life.worker) == {contact: set(said) for contact, said in life.worker.said.items()}


def ids_of_a_replay(worker: MemoryWorker) -> dict[str, set[str]]:
    """Every history folded once more, at once and in order, by an engine that knows nothing."""
    replay = MemoryWorker(Engine((Sessions(),)))
    for contact, history in worker.histories.items():
        replay.deliver(contact, history)
    replay.tick(worker.now)
    return {contact: set(replay.said.get(contact, {})) for contact in worker.said}
