"""Does the engine fold in order, fold again when it must, and no more than it must?"""

from typing import Any

import pytest

from sessionizer.contact import Contact
from sessionizer.derived import Derived, compare, derived_id
from sessionizer.engine import Engine, Outcome
from sessionizer.event import Event
from sessionizer.fold import LOOP_DEPTH, MAX_SLOTS, STATE_FULL, WAKE_NOT_LATER
from sessionizer.rule import Fact, Rule, State, Step
from sessionizer.rules.inactivity import Sessions
from sessionizer.thread import FOREVER, ORIGIN, RATIO, SPACING_MS, StaleState, Thread
from tests.factories import DAY_0, SOMEBODY, at, events
from tests.sessionizer.memory_worker import MemoryWorker

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


class Booked(State, frozen=True):
    """A meeting to come."""

    cause: str


class Meetings:
    """A deadline rule: `booked id=… in=<minutes>` (again: moved), `cancelled id=…`; it says `started` in time."""

    takes: tuple[str, ...] = ("meetings/booked", "meetings/cancelled")
    states: tuple[type[State], ...] = (Booked,)

    def __init__(self, name: str = "meetings") -> None:
        self.name = name

    def key_of(self, event: Event) -> str:
        return str(event.properties["id"])

    def on_event(self, state: Booked | None, event: Event, contact: Contact) -> Step:
        if event.key == "cancelled":
            return Step()
        return Step(Booked(event.id), (), event.at + event.properties["in"] * MINUTE)

    def on_time(self, state: Booked, due: int, contact: Contact) -> Step:
        return Step(None, (Fact(("meetings", "started"), state.cause),))


class Count(State, frozen=True):
    """How many it has heard."""

    n: int


class Echo:
    """Says `says` for every event that it hears, with how many it has heard."""

    states: tuple[type[State], ...] = (Count,)

    def __init__(self, name: str, takes: tuple[str, ...], says: str, wake_at: int | None = None) -> None:
        self.name, self.takes, self.says, self.wake_at = name, takes, says, wake_at

    def key_of(self, event: Event) -> str | None:
        thing = event.properties.get("thing")
        return None if thing == "" else thing or ""

    def on_event(self, state: Count | None, event: Event, contact: Contact) -> Step:
        heard = Count(state.n + 1 if state else 1)
        return Step(heard, (Fact(("echo", self.says), event.id, {"n": heard.n}),), self.wake_at)

    def on_time(self, state: Count, due: int, contact: Contact) -> Step:
        return Step(state)


def said(outcome: Outcome) -> list[tuple[int, str, str]]:
    """(instant, key, cause) of what was added."""
    return [(one.at, one.key, one.cause) for one in outcome.added]


def folded(engine: Engine, *lines: str, now: int = 0) -> Thread:
    """The thread after a timeline in order."""
    return engine.fold(None, events(*lines), SOMEBODY, now).thread


# ---- in order -------------------------------------------------------------------------------------------------------


def test_an_extended_thread_is_the_one_that_a_fold_would_give() -> None:
    """Where nothing else follows: a visit that goes on, and an event that no rule takes."""
    engine = Engine((Sessions(), Meetings()))
    for line in ("00:10 page_visited /b @w #more", "00:10 shop/opened quiet #more"):
        thread, (event,) = folded(engine, "00:00 page_visited /a @v"), events(line)
        expected = engine.fold(thread, [event], SOMEBODY, 0).thread
        assert engine.extend(thread, event, SOMEBODY, 0)
        assert expected == thread


@pytest.mark.parametrize(
    ("line", "now"),
    [
        ("00:50 page_visited", "00:00"),  # a timer is due before it
        ("00:10 page_visited", "00:50"),  # a timer is due by the clock
        ("00:00 page_visited", "00:00"),  # of the same instant, by its id before the last
        ("00:10 meetings/booked id=n in=60", "00:00"),  # a thing of its own
    ],
)
def test_a_thread_is_not_extended_where_more_may_follow(line: str, now: str) -> None:
    """Then it stays as it was, and `fold` or `refold` takes it further."""
    engine, (event,) = Engine((Sessions(), Meetings())), events(line + " #a")
    thread = folded(engine, "00:00 page_visited #b")
    before = engine.encode_thread(thread)
    assert not engine.extend(thread, event, SOMEBODY, at(now))
    assert before == engine.encode_thread(thread)


def test_a_checkpoint_is_left_where_a_long_visit_goes_on() -> None:
    """`extend` leaves none, so that it refuses the first event half an hour after the last one."""
    engine = Engine((Sessions(),))
    thread = folded(engine, "00:00 page_visited", "00:20 page_visited", now=at("00:31"))
    (event,) = events("00:40 page_visited")
    assert not engine.extend(thread, event, SOMEBODY, at("00:31"))
    assert [ORIGIN, event.at] == [mark.at for mark in engine.fold(thread, [event], SOMEBODY, 0).thread.checkpoints]


def test_fold_leaves_its_thread_as_it_was() -> None:
    """A fold returns a new thread: when a transaction fails, the old one still stands for what is saved."""
    engine = Engine((Sessions(),))
    thread = folded(engine, "00:00 page_visited")
    before = engine.encode_thread(thread)
    engine.fold(thread, events("00:10 page_visited #late", "02:00 page_visited #later"), SOMEBODY, at("03:00"))
    assert before == engine.encode_thread(thread)


def test_timers_fire_before_events_of_the_same_instant() -> None:
    """A meeting that is cancelled at the instant at which it starts has started; a millisecond earlier it has not."""
    engine = Engine((Meetings(),))
    booked = "00:00 meetings/booked id=m in=60 #b"
    late = engine.fold(None, events(booked, "01:00 meetings/cancelled id=m"), SOMEBODY, 0)
    early = engine.fold(None, events(booked, "00:59:59.999 meetings/cancelled id=m"), SOMEBODY, 0)
    assert [(at("01:00"), "started", "b")] == said(late)
    assert [] == said(early)


def test_due_timers_fire_by_time_then_by_rule_then_by_thing() -> None:
    """Whatever the order in which they were set."""
    engine = Engine((Meetings("first"), Meetings("second")))
    timeline = events("00:00 meetings/booked id=z in=60 #z", "00:01 meetings/booked id=a in=59 #a")
    outcome = engine.fold(None, [*timeline, *events("00:02 meetings/booked id=q in=5 #q")], SOMEBODY, at("02:00"))
    by_rule = [(name, key) for name in ("first", "second") for key in "az"]
    due = [(name, state.cause, when) for name, state, when in outcome.ended if isinstance(state, Booked)]
    assert [("first", "q", at("00:07")), ("second", "q", at("00:07"))] == due[:2]
    assert [(name, key, at("01:00")) for name, key in by_rule] == due[2:]


def test_facts_go_to_the_rules_after_and_never_back() -> None:
    """A rule hears the event first, then what the rules before it said; the one before hears nothing of it."""
    rules = (
        Echo("early", ("echo/b",), "never"),
        Echo("one", ("website/x",), "a"),
        Echo("two", ("echo/a", "website/x"), "b"),
    )
    outcome = Engine(rules).fold(None, events("00:00 x #x"), SOMEBODY, 0)
    assert [("a", 1, {"n": 1}), ("b", 1, {"n": 1}), ("b", 2, {"n": 2})] == [
        (one.key, one.depth, one.data) for one in outcome.added
    ]


def test_too_deep_is_refused_by_name() -> None:
    """The ninth event in a chain is not derived, and the worker is told why."""
    rules = [Echo(f"r{n}", (f"echo/k{n}" if n else "website/x",), f"k{n + 1}") for n in range(10)]
    outcome = Engine(rules).fold(None, events("00:00 x"), SOMEBODY, 0)
    assert list(range(1, 9)) == [one.depth for one in outcome.added]
    assert [(LOOP_DEPTH, "r8", at("00:00"))] == outcome.refused


def test_a_rule_remembers_a_bounded_number_of_things() -> None:
    """The 257th is refused and says nothing; those that are known go on, and other rules are not held back by it."""
    engine = Engine((Echo("things", ("website/x",), "heard"), Echo("one", ("website/y",), "heard")))
    timeline = events(*(f"00:00 x thing=t{n} #{n:03d}" for n in range(MAX_SLOTS + 1)))
    outcome = engine.fold(None, [*timeline, *events("00:01 x thing=t0 #again", "00:02 y #other")], SOMEBODY, 0)
    assert [(STATE_FULL, "things", at("00:00"))] == outcome.refused
    assert MAX_SLOTS + 2 == len(outcome.added)


def test_a_timer_that_is_not_later_is_refused() -> None:
    """A rule that wants to be called at the instant itself would be called without end."""
    outcome = Engine((Echo("now", ("website/x",), "heard", wake_at=at("00:00")),)).fold(
        None, events("00:00 x"), SOMEBODY, at("01:00")
    )
    assert [(WAKE_NOT_LATER, "now", at("00:00"))] == outcome.refused
    assert None is Engine(()).wake_at(outcome.thread)


def test_an_event_about_nothing_is_not_folded() -> None:
    """A rule whose key_of says None is not called."""
    engine = Engine((Echo("things", ("website/x",), "heard"),))
    assert [] == engine.fold(None, [Event(1, "e", "website", "x", {"thing": ""})], SOMEBODY, 0).added


def test_wake_at_is_not_later_than_the_first_timer() -> None:
    """It may be early, because most events move a timer; when it is reached the true one is looked for."""
    engine = Engine((Sessions(),))
    thread = folded(engine, "00:00 page_visited", "00:20 page_visited")
    assert at("00:30") == engine.wake_at(thread)
    looked = engine.fold(thread, (), SOMEBODY, at("00:30"))
    assert at("00:50") == engine.wake_at(looked.thread)
    assert None is engine.wake_at(engine.fold(thread, (), SOMEBODY, at("00:50")).thread)


@pytest.mark.parametrize("names", [("same", "same"), ("with/slash",)])
def test_names_of_rules_are_distinct_and_plain(names: tuple[str, ...]) -> None:
    """They are half of a slot's name."""
    rules: list[Rule] = [Meetings(name) for name in names]
    with pytest.raises(ValueError, match=names[0]):
        Engine(rules)


# ---- out of order ---------------------------------------------------------------------------------------------------


def test_what_is_in_order() -> None:
    """After the last event by (instant, id), and at or after the last timer that fired: a look-up, no history."""
    engine = Engine((Sessions(),))
    thread = folded(engine, "00:00 page_visited #b", now=at("00:30"))
    assert None is engine.rewind_to(None, 0, "any")
    assert None is engine.rewind_to(thread, at("00:30"), "a")
    assert ORIGIN == engine.rewind_to(thread, at("00:29:59.999"), "z")
    still = folded(engine, "00:00 page_visited #b")
    assert None is engine.rewind_to(still, at("00:00"), "c")
    assert ORIGIN == engine.rewind_to(still, at("00:00"), "b")


def test_late_means_older_than_the_newest_event_by_more_than_seven_days() -> None:
    """Exactly seven days is in time; a contact without a history takes events of any age."""
    engine = Engine((Sessions(),))
    thread = folded(engine, "7d 00:00 page_visited")
    assert not engine.too_late(thread, at("00:00"))
    assert engine.too_late(thread, at("00:00") - 1)
    assert not engine.too_late(None, 0)


def test_a_late_event_opens_what_another_had_opened() -> None:
    """The session starts earlier under another id, which names the one that it replaces; the end is only revised."""
    worker = MemoryWorker(Engine((Sessions(),)))
    worker.deliver("K", events("00:10 page_visited #second"))
    worker.tick(at("02:00"))
    (before,) = worker.sessions("K")
    since = worker.engine.rewind_to(worker.threads["K"], at("00:00"), "first")
    assert ORIGIN == since
    history = events("00:00 page_visited #first", "00:10 page_visited #second")
    outcome = worker.engine.refold(
        worker.threads["K"], history, [*worker.said["K"].values()], SOMEBODY, 0, since=since, upto=at("00:00")
    )
    assert [("push_session_started", "first", before.id)] == [(o.key, o.cause, o.replaces) for o in outcome.added]
    assert [("session_ended", 600)] == [(o.key, o.data["duration_seconds"]) for o in outcome.revised]
    assert [before.id] == [one.id for one in outcome.retracted]
    assert (ORIGIN, FOREVER) == (outcome.since, outcome.until)


def test_a_refold_stops_where_nothing_changes_any_more() -> None:
    """A late event in a session of yesterday folds that session again, not the day after it."""
    worker = MemoryWorker(Engine((Sessions(),)))
    worker.deliver("K", events(*(f"{day}d {hour:02d}:00 page_visited" for day in range(3) for hour in range(24))))
    head = worker.threads["K"]
    worker.deliver("K", events("2d 20:10 page_visited #late"))
    assert 0 < worker.refolded <= 3
    after = worker.threads["K"]
    assert (head.last_at, head.slots, head.first_at) == (after.last_at, after.slots, after.first_at)


def test_what_has_fired_is_not_taken_back_by_an_earlier_clock() -> None:
    """After a restart the worker may read the log with a clock behind the one that fired the timer."""
    worker = MemoryWorker(Engine((Sessions(),)))
    worker.deliver("K", events("00:10 page_visited #one"))
    worker.tick(at("00:40"))
    worker.now = 0
    worker.deliver("K", events("00:05 page_visited #two"))
    assert [False] == [session.open for session in worker.sessions("K")]


def test_no_checkpoint_after_a_timer_of_its_instant() -> None:
    """A checkpoint is what was before its instant: a timer that had fired at it would be lost by the next refold."""
    worker = MemoryWorker(Engine((Sessions(),), spacing_ms=1))
    worker.deliver("K", events("00:00 page_visited #a"))
    worker.tick(at("00:30"))
    worker.deliver("K", events("00:30 page_visited #b"))
    worker.deliver("K", events("00:40 page_visited #d"))
    worker.deliver("K", events("00:30 page_visited #c"))
    assert [(1, False), (3, True)] == [(session.events, session.open) for session in worker.sessions("K")]
    assert 3 == len(worker.said["K"])


def test_history_begins_at_a_checkpoint() -> None:
    """A refold from anywhere else would start from what it does not know."""
    engine = Engine((Sessions(),))
    with pytest.raises(ValueError):
        engine.refold(folded(engine, "00:00 page_visited"), (), (), SOMEBODY, 0, since=5, upto=5)


def test_a_contact_whose_events_are_gone_has_said_nothing() -> None:
    """Folded anew without history, all that was said is retracted."""
    worker = MemoryWorker(Engine((Sessions(),)))
    worker.deliver("K", events("00:00 page_visited"))
    worker.histories["K"] = []
    outcome = worker.rebuild("K")
    assert ["push_session_started"] == [one.key for one in outcome.retracted]
    assert [] == worker.sessions("K")


# ---- joins ----------------------------------------------------------------------------------------------------------


def test_joining_with_nobody_changes_nothing() -> None:
    """Where only one of two contacts has a history, its thread is the joint one."""
    engine = Engine((Sessions(),))
    thread = folded(engine, "00:00 page_visited")
    assert None is engine.join(thread, None)
    assert None is engine.join(None, thread)


def test_joining_leaves_the_past_of_the_older_one_alone() -> None:
    """A visitor of three days who turns out to be a customer of a minute ago: only that minute is folded again."""
    worker = MemoryWorker(Engine((Sessions(),)))
    worker.deliver("A", events(*(f"{day}d {hour:02d}:00 page_visited" for day in range(3) for hour in range(24))))
    worker.deliver("K", events("2d 23:10 page_visited #known"))
    worker.join("K", "A")
    assert 2 == worker.refolded
    assert (72, 2) == (len(worker.sessions("K")), worker.sessions("K")[-1].events)


def test_a_join_retracts_a_timer_that_fired_for_one_alone() -> None:
    """A meeting that one device never heard was moved: it started for that contact, it did not for the joint one."""
    worker = MemoryWorker(Engine((Meetings(),), spacing_ms=MINUTE))
    worker.deliver("K", events("00:00 meetings/booked id=m in=60 #k0", "00:10 meetings/booked id=m in=110 #k1"))
    worker.deliver("K", events("00:40 other #k2", "00:50 other #k3"))
    worker.deliver("A", events("00:05 meetings/booked id=m in=55 #a0"))
    worker.tick(at("03:00"))
    assert [at("01:00")] == [one.at for one in worker.said["A"].values()]
    worker.join("K", "A")
    assert [at("02:00")] == [one.at for one in worker.said["K"].values()]


def test_a_join_takes_back_no_timer_by_an_earlier_clock() -> None:
    """What has fired for either of the two has come for both."""
    worker = MemoryWorker(Engine((Sessions(),)))
    worker.deliver("K", events("00:00 page_visited #k"))
    worker.deliver("A", events("00:10 page_visited #a"))
    worker.tick(at("00:40"))
    worker.now = 0
    worker.join("K", "A")
    assert [(2, False)] == [(session.events, session.open) for session in worker.sessions("K")]


def test_a_join_knows_a_late_first_event() -> None:
    """An event that came late and before all others counts when the older one of two contacts is looked for."""
    worker = MemoryWorker(Engine((Sessions(),)))
    worker.deliver("K", events("05:00 page_visited #k1", "09:00 page_visited #k2", "12:00 page_visited #k3"))
    worker.deliver("K", events("01:00 page_visited #k0"))
    assert at("01:00") == worker.threads["K"].first_at
    worker.deliver("A", events("01:10 page_visited #a0", "04:00 page_visited #a1"))
    worker.join("K", "A")
    assert [2, 1, 1, 1, 1] == [session.events for session in worker.sessions("K")]


# ---- what is kept ---------------------------------------------------------------------------------------------------


def regular(count: int, every_ms: int) -> list[Event]:
    """Page views at a regular pace."""
    return [
        Event(DAY_0 + place * every_ms, f"e{place:06d}", "website", "page_visited", site=1, visitor="v", activity=True)
        for place in range(count)
    ]


@pytest.mark.parametrize("every_ms", [51_840, 45 * MINUTE], ids=["one session without end", "a session each"])
def test_a_long_history_keeps_a_few_kilobytes(every_ms: int) -> None:
    """After 60 days a thread has at most 14 checkpoints and 4 KiB; a fresh one is far below 400 bytes."""
    engine = Engine((Sessions(),))
    timeline = regular(60 * DAY // every_ms, every_ms)
    thread = engine.fold(None, timeline, SOMEBODY, 0).thread
    assert len(thread.checkpoints) <= 14
    assert len(engine.encode_thread(thread)) < 4096
    assert len(engine.encode_thread(engine.fold(None, timeline[:1], SOMEBODY, 0).thread)) < 300


def test_an_event_that_is_late_by_x_folds_a_multiple_of_x_again() -> None:
    """The checkpoint before it is at most RATIO times as old, and never beyond RATIO times the lateness."""
    engine = Engine((Sessions(),))
    thread = engine.fold(None, regular(20 * 24 * 12, 5 * MINUTE), SOMEBODY, 0).thread
    for late_ms in (MINUTE, HOUR, 5 * HOUR, DAY, 3 * DAY, 7 * DAY):
        since = engine.rewind_to(thread, thread.last_at - late_ms, "")
        assert since is not None
        assert thread.last_at - since <= RATIO * late_ms + 2 * SPACING_MS


def test_a_thread_reads_back_as_it_was_saved() -> None:
    """Bytes and back, checkpoints and all."""
    engine = Engine((Sessions(), Meetings()))
    thread = folded(engine, "00:00 page_visited /a @v", "00:40 meetings/booked id=m in=60", "02:00 page_visited")
    assert thread == engine.decode_thread(engine.encode_thread(thread))


@pytest.mark.parametrize("spoil", [lambda b: b"\x01" + b[1:], lambda b: b"", lambda b: b[:-1], lambda b: b[:5] + b"x"])
def test_bytes_of_another_version_are_stale(spoil: Any) -> None:
    """Then the worker folds the contact anew, from its history."""
    engine = Engine((Sessions(),))
    with pytest.raises(StaleState):
        engine.decode_thread(spoil(engine.encode_thread(folded(engine, "00:00 page_visited"))))


def test_the_state_of_a_rule_that_is_gone_is_stale() -> None:
    """Rules come and go with versions; what they remembered cannot be read without them."""
    blob = Engine((Sessions(),)).encode_thread(folded(Engine((Sessions(),)), "00:00 page_visited"))
    for other in (Engine(()), Engine((Meetings(),))):
        with pytest.raises(StaleState):
            other.decode_thread(blob)


def test_folding_anew_says_the_same_again() -> None:
    """Same ids, same properties, whatever the clock: nothing is added, revised or retracted."""
    worker = MemoryWorker(Engine((Sessions(),)))
    worker.deliver("K", events("00:00 page_visited", "00:20 page_visited", "03:00 page_visited"))
    worker.tick(at("04:00"))
    worker.now = 0
    outcome = worker.rebuild("K")
    assert ([], [], []) == (outcome.added, outcome.revised, outcome.retracted)
    assert 4 == len(worker.said["K"])


# ---- what is said ---------------------------------------------------------------------------------------------------


def test_a_derived_id_is_the_same_for_ever() -> None:
    """A UUIDv8 with the instant on top. A change of this value would derive all events of all deployments again."""
    name = derived_id("sessions", ("push", "push_session_started"), "e1", 1_790_000_000_000)
    assert "01a0c450-6c00-822f-92f9-ff00b678a6eb" == name
    assert 1_790_000_000_000 == int(name.replace("-", "")[:12], 16)


@pytest.mark.parametrize(
    "other",
    [("r2", ("c", "k"), "e", 5), ("r", ("c2", "k"), "e", 5), ("r", ("c", "k2"), "e", 5), ("r", ("c", "k"), "e2", 5)],
)
def test_a_derived_id_depends_on_all_it_is_made_of(other: tuple[str, tuple[str, str], str, int]) -> None:
    """Rule, category, key, cause (and instant)."""
    assert derived_id("r", ("c", "k"), "e", 5) != derived_id(*other)


def test_each_added_one_replaces_one_of_its_kind() -> None:
    """The first goes with the first; what is left over replaces nothing; the order is that of time."""

    def one(when: int, name: str, key: str = "k", n: int = 0) -> Derived:
        return Derived(when, name, "c", key, {"n": n}, "cause")

    before = [one(5, "old5"), one(2, "old2"), one(9, "same", n=1), one(1, "other", "k2")]
    added, revised, retracted = compare(before, [one(8, "new8"), one(9, "same", n=2), one(3, "new3"), one(7, "new7")])
    assert [("new3", "old2"), ("new7", "old5"), ("new8", None)] == [(new.id, new.replaces) for new in added]
    assert [("same", {"n": 2})] == [(new.id, new.data) for new in revised]
    assert ["other", "old2", "old5"] == [old.id for old in retracted]
