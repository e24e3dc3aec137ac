"""What is kept of automations: definitions in versions, runs of many people, why somebody did not come in."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.sqlite import connect
from collector.store.ports.automations.definitions import Ask, Automation, AutomationChange, Meanwhile
from collector.store.ports.automations.runs import AtStep, Figures
from collector.store.ports.automations.work import DateTimer, DateWalk, Entries, Missed, Sent
from collector.store.ports.definitions.lists import NameTaken
from collector.store.sqlite.automations.definitions import SqliteAutomations
from collector.store.sqlite.automations.runs import SqliteRuns
from collector.store.sqlite.automations.work import SqliteAutomationWork
from collector.store.sqlite.definitions.transaction import Reading
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.automations.definition import Cap, Definition, HouseRules, Wait
from sessionizer.automations.run import Occurrence, Passed, Run
from sessionizer.segments.window import Span

TWO_HOURS = Definition(steps=(Wait(id="wait", span=Span(n=2, unit="hours")),))
THREE_HOURS = Definition(steps=(Wait(id="wait", span=Span(n=3, unit="hours")),))


def run(id: str, contact: int = 1, **fields: Any) -> Run:
    """Somebody who waits in automation 1."""
    given: dict[str, Any] = {
        "automation": 1, "version": 1, "key": "", "trigger": Occurrence("e1", 5, "shop", "left", {"total": 7}),
        "entered_at": 10, "step": "wait", "arrived_at": 10, "wake_at": 20,
    }  # fmt: skip
    return Run(id=id, contact=contact, **(given | fields))


def ended(id: str, contact: int = 1, **fields: Any) -> Run:
    """Somebody who is out."""
    return run(id, contact, **({"step": "", "wake_at": None, "ended_at": 30, "why": "done"} | fields))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteWorkStore]:
    """The worker's."""
    store = SqliteWorkStore(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture
def work(store: SqliteWorkStore) -> SqliteAutomationWork:
    """The worker's side of automations."""
    return store.automations


@pytest.fixture
def automations(store: SqliteWorkStore, tmp_path: Path) -> Iterator[SqliteAutomations]:
    """The side of `serve`, definitions."""
    automations = SqliteAutomations(tmp_path / "store.db")
    yield automations
    automations.close()


@pytest.fixture
def runs(store: SqliteWorkStore, tmp_path: Path) -> Iterator[SqliteRuns]:
    """The side of `serve`, runs."""
    runs = SqliteRuns(tmp_path / "store.db")
    yield runs
    runs.close()


# Definitions ----------------------------------------------------------------------------------------------------------


def test_a_new_one_is_a_draft(automations: SqliteAutomations, work: SqliteAutomationWork) -> None:
    """Nobody comes in yet; the worker sees it all the same."""
    made = automations.create("Cart", TWO_HOURS, at=1)
    expected = Automation(
        id=1, name="Cart", status="draft", version=1, definition=TWO_HOURS, created_at=1, modified_at=1
    )
    assert [expected] * 4 == [made, automations.one(1), *automations.all(), *work.automations()]


def test_a_name_is_given_once(automations: SqliteAutomations) -> None:
    """Neither a new one nor another gets it."""
    automations.create("Cart", TWO_HOURS, at=1)
    other = automations.create("Wish", TWO_HOURS, at=1)
    with pytest.raises(NameTaken):
        automations.create("Cart", TWO_HOURS, at=2)
    with pytest.raises(NameTaken):
        automations.change(other.id, AutomationChange(name="Cart"), at=2)


def test_another_definition_is_another_version(automations: SqliteAutomations, work: SqliteAutomationWork) -> None:
    """What is the same is none; the one of before is still there for those who are in."""
    automations.create("Cart", TWO_HOURS, at=1)
    assert 1 == getattr(automations.change(1, AutomationChange(definition=TWO_HOURS), at=2), "version", 0)
    assert 2 == getattr(automations.change(1, AutomationChange(definition=THREE_HOURS), at=3), "version", 0)
    versions = automations.versions(1)
    assert [(2, THREE_HOURS, 3), (1, TWO_HOURS, 1)] == [(v.version, v.definition, v.written_at) for v in versions]
    assert versions == [automations.version(1, 2), work.version(1, 1)]
    assert (None, None) == (automations.version(1, 3), work.version(2, 1))


def test_it_is_active_since_it_was_made_so(automations: SqliteAutomations) -> None:
    """Said again it stays; once paused, it begins anew."""
    automations.create("Cart", TWO_HOURS, at=1)
    told: list[AutomationChange] = [
        AutomationChange(status="active"), AutomationChange(status="active"), AutomationChange(status="paused"),
        AutomationChange(status="active"),
    ]  # fmt: skip
    found = [automations.change(1, change, at=at) for at, change in enumerate(told, 2)]
    assert [2, 2, None, 5] == [one and one.active_at for one in found]


def test_what_is_put_away_is_stopped(automations: SqliteAutomations, work: SqliteAutomationWork) -> None:
    """The worker sees it until nobody is in any more. A draft that is put away stays one."""
    for name in ("Cart", "Wish"):
        automations.create(name, TWO_HOURS, at=1)
    automations.change(1, AutomationChange(status="active"), at=2)
    work.save([run("r")])
    archived = [automations.change(id, AutomationChange(archived=True), at=3) for id in (1, 2)]
    assert [("stopped", 3), ("draft", 3)] == [(one.status, one.archived_at) for one in archived if one]
    assert [1] == [one.id for one in work.automations()]
    work.save([ended("r")])
    assert [] == work.automations()
    back = automations.change(1, AutomationChange(archived=False), at=4)
    assert back is not None
    assert ("stopped", None) == (back.status, back.archived_at)


def test_nothing_is_changed_that_stands_otherwise_than_it_was_seen(automations: SqliteAutomations) -> None:
    """Another version, another status, put away: each is refused, and leaves no trace."""
    seen = automations.create("Cart", TWO_HOURS, at=1).seen
    for meanwhile in (
        AutomationChange(definition=THREE_HOURS), AutomationChange(status="active"), AutomationChange(archived=True),
    ):  # fmt: skip
        before = automations.change(1, meanwhile, at=2)
        assert before is not None
        with pytest.raises(Meanwhile):
            automations.change(1, AutomationChange(name="x", status="paused", seen=seen), at=3)
        assert before == automations.one(1)
        seen = before.seen
    last = automations.change(1, AutomationChange(archived=False, seen=seen), at=4)
    assert last is not None
    assert not last.seen.is_archived


def test_nothing_is_changed_that_is_not_there(automations: SqliteAutomations) -> None:
    """None, and no trace."""
    assert None is automations.change(7, AutomationChange(name="x"), at=1)
    assert (None, [], []) == (automations.one(7), automations.all(), automations.versions(7))


def test_rules_hold_once_they_are_said(automations: SqliteAutomations, work: SqliteAutomationWork) -> None:
    """None at first; then for serve and worker alike."""
    rules = HouseRules(quiet_from="22:00", quiet_to="08:00", caps=(Cap(n=3, within=Span(n=7, unit="days")),))
    assert HouseRules() == automations.rules() == work.rules()
    automations.put_rules(HouseRules(zone="deployment"))
    automations.put_rules(rules)
    assert rules == automations.rules() == work.rules()


def test_asks_come_in_their_order_until_they_are_done(
    automations: SqliteAutomations, work: SqliteAutomationWork
) -> None:
    """The store numbers them, and never gives a number twice."""
    automations.ask(Ask(0, 1, "enter", 5, "ann", contact=9))
    automations.ask(Ask(0, 1, "enter_segment", 4, "key 2", segment=3))
    expected = [Ask(1, 1, "enter", 5, "ann", contact=9), Ask(2, 1, "enter_segment", 4, "key 2", segment=3)]
    assert (expected, expected[:1]) == (work.asks(9), work.asks(1))
    work.done([1, 2])
    automations.ask(Ask(0, 1, "retry", 6, "ann", run="r"))
    assert [Ask(3, 1, "retry", 6, "ann", run="r")] == work.asks(9)


def test_whoever_looks_again_hears_of_a_change(automations: SqliteAutomations, tmp_path: Path) -> None:
    """What was written by another process changes the number."""
    before = automations.data_version()
    assert before == automations.data_version()
    other = SqliteAutomations(tmp_path / "store.db")
    other.create("Cart", TWO_HOURS, at=1)
    other.close()
    assert before != automations.data_version()


# Runs -----------------------------------------------------------------------------------------------------------------


def test_a_run_is_kept_as_it_is(work: SqliteAutomationWork, runs: SqliteRuns) -> None:
    """Saved again it is replaced."""
    first, later = run("r", key="order 7"), ended("r", path=(Passed("wait", 20, "due"),), failed="no address")
    for one in (first, later):
        work.save([one])
        assert one == work.run("r") == runs.one("r")
    assert (None, None) == (work.run("x"), runs.one("x"))


def test_those_who_are_in_are_found_by_contact(work: SqliteAutomationWork) -> None:
    """By entry and id; who has no run that goes on is left out."""
    work.save([run("c", entered_at=11), run("b"), run("a"), ended("d"), ended("e", 2), run("f", 3)])
    found = work.running([1, 2, 3, 4])
    assert {1: ["a", "b", "c"], 3: ["f"]} == {contact: [one.id for one in some] for contact, some in found.items()}
    assert {} == work.running([])


def test_it_is_known_which_runs_there_are(work: SqliteAutomationWork) -> None:
    """Whether they go on or not."""
    work.save([run("a"), ended("b"), run("c")])
    assert {"a", "b"} == work.known({"a", "b", "d"})
    assert set() == work.known(())


def test_due_runs_come_in_order(work: SqliteAutomationWork) -> None:
    """The instant itself is due; those of paused automations stand still, and nobody wakes for them."""
    work.save([run("b"), run("a"), run("c", wake_at=15), run("d", wake_at=21), run("e", wake_at=None), ended("f")])
    work.save([run("p", automation=2, wake_at=1)])
    assert ["c", "a", "b"] == [one.id for one in work.due(20, 9, [2])]
    assert ["p", "c"] == [one.id for one in work.due(20, 2, [])]
    assert (1, 15) == (work.next_due(), work.next_due([2]))
    assert None is work.next_due([1, 2])


def test_entries_are_counted(work: SqliteAutomationWork) -> None:
    """number: with that key. recent: with any, for the cap is of all. What is of others or elsewhere does not count."""
    work.save([ended("a", key="x", entered_at=1), run("b", key="x", entered_at=5), run("c", key="y", entered_at=9)])
    work.save([run("d", automation=2), run("e", 2)])
    assert Entries(2, 2, 5, 30) == work.entries(1, 1, "x", 5)
    assert Entries(0, 3, None, None) == work.entries(1, 1, "z", 0)
    assert Entries(0, 0, None, None) == work.entries(3, 1, "", 0)


def test_all_are_ended_some_at_a_time(work: SqliteAutomationWork, runs: SqliteRuns) -> None:
    """Their way says why, and they are counted; who was out already stays so."""
    work.save([run("a", failed="no"), run("b"), ended("c"), run("d", automation=2)])
    assert [1, 1, 0] == [work.end_all(1, "stopped", 40, 1) for _ in range(3)]
    assert Figures(0, 0, 0, 2, 0) == runs.figures()[1]
    found = work.run("a")
    expected = ended("a", ended_at=40, why="stopped", path=(Passed("wait", 40, "ended", "stopped"),))
    assert (expected, ended("c")) == (found, work.run("c"))
    assert {1: ["d"]} == {contact: [one.id for one in some] for contact, some in work.running([1]).items()}


def test_those_who_are_in_come_page_by_page(work: SqliteAutomationWork) -> None:
    """By id, behind the last one seen; who is out, or elsewhere, does not."""
    work.save([run("c"), run("a", step="mail"), run("b", entered_at=3), ended("d"), run("e", automation=2)])
    pages = [[one.id for one in work.inside(1, after, 2)] for after in ("", "b", "c")]
    assert [["a", "b"], ["c"], []] == pages


def test_figures_say_who_is_where(work: SqliteAutomationWork, runs: SqliteRuns) -> None:
    """Who is in by rows, the rest by counters; a message that is saved again counts once."""
    work.save([run("a"), run("b", failed="no"), run("c", step="mail"), ended("d"), run("e", automation=2)])
    for _ in range(2):
        work.passed({(1, "wait"): 2, (1, "@entered"): 2, (1, "@ended"): 1})
        work.sent([Sent("d1", "a", 1, 1, 7, True, 5)])
    assert {1: Figures(3, 1, 4, 2, 1), 2: Figures(1, 0, 0, 0, 0)} == runs.figures()
    assert {"wait": AtStep(2, 4), "mail": AtStep(1, 0)} == runs.steps(1)
    assert {} == runs.steps(3)


def test_entries_are_counted_by_day(work: SqliteAutomationWork, runs: SqliteRuns) -> None:
    """since is included, until is not."""
    work.save([run(str(at), entered_at=at) for at in (4, 5, 9, 10, 19, 20)])
    assert [(0, 2), (1, 2)] == runs.entered(1, since=5, until=20, day_ms=10)


def test_runs_are_found_newest_first(work: SqliteAutomationWork, runs: SqliteRuns) -> None:
    """By stage, step and contact; page after page."""
    work.save([run("a"), run("b", 2, entered_at=11), ended("c", 2, entered_at=12), run("d", step="mail", failed="no")])
    work.save([run("e", automation=2)])

    def found(**asked: Any) -> list[str]:
        return [one.id for one in runs.find(1, **{"limit": 9, **asked})]

    assert ["c", "b", "d", "a"] == found()
    assert (["b", "a"], ["d"], ["c"]) == (found(stage="running"), found(stage="failed"), found(stage="ended"))
    assert (["b", "a"], ["d"], ["c", "b"]) == (found(step="wait"), found(step="mail"), found(contacts=[2]))
    assert ["b"] == found(contacts=[2], step="wait", stage="running")
    assert (["c", "b"], ["d", "a"]) == (found(limit=2), found(limit=2, after=(11, "b")))
    assert ["d", "a"] == found(after=(10, "e"))


def test_a_contact_is_followed_through_all(work: SqliteAutomationWork, runs: SqliteRuns) -> None:
    """With the ids that it had; the newest first."""
    work.save([run("a"), run("b", 2, automation=2, entered_at=12), ended("c", entered_at=11), run("d", 3)])
    assert ["b", "c", "a"] == [one.id for one in runs.of_contact([1, 2], 9)]
    assert ["b"] == [one.id for one in runs.of_contact([1, 2], 1)]


def test_who_did_not_come_in_has_a_reason(work: SqliteAutomationWork, runs: SqliteRuns) -> None:
    """The last time of each, and how often."""
    work.miss([Missed(1, 1, "again", 5, "e5"), Missed(1, 1, "again", 4, "e4"), Missed(1, 2, "cap", 6, "e6")])
    work.miss([Missed(2, 1, "old", 7, "e7")])
    assert [(1, 2, "cap", 6, "e6", 1), (1, 1, "again", 5, "e5", 2)] == runs.refusals(automation=1, limit=9)
    assert [(2, 1, "old", 7, "e7", 1)] == runs.refusals(contacts=[1], limit=1)
    assert ["old", "cap", "again"] == [one.reason for one in runs.refusals(limit=9)]
    assert ["cap"] == [one.reason for one in runs.refusals(automation=1, contacts=[2, 3], limit=9)]


def test_marketing_is_counted_over_all(work: SqliteAutomationWork) -> None:
    """What is not marketing, of others, or before does not count."""
    rows = [("a", 1, True, 4), ("b", 1, True, 5), ("c", 1, False, 6), ("d", 1, True, 7), ("e", 2, True, 7)]
    work.sent([Sent(id, "r", 1, contact, 7, marketing, at) for id, contact, marketing, at in rows])
    assert (2, 1, 0) == (work.marketing_since(1, 5), work.marketing_since(2, 0), work.marketing_since(3, 0))


def test_dates_come_when_they_are_due(work: SqliteAutomationWork) -> None:
    """One a contact, automation and trigger: put again it is moved."""
    first, second = DateTimer(1, 0, 7, 10), DateTimer(1, 1, 7, 20)
    work.set_timers([second, first])
    assert ([first, second], [first], 10) == (work.timers(20, 9), work.timers(19, 9), work.next_timer())
    work.set_timers([first._replace(due_at=30)])
    work.drop_timers([(1, 1, 7)])
    assert ([], 30) == (work.timers(29, 9), work.next_timer())
    work.drop_timers([(1, 0, 7)])
    assert None is work.next_timer()


def test_it_is_kept_how_far_dates_were_asked_for(work: SqliteAutomationWork) -> None:
    """Of each automation the newest word."""
    work.put_walks([DateWalk(2, 1, 0, 9), DateWalk(1, 1, 0, 9)])
    work.put_walks([DateWalk(2, 2, 5, 9)])
    assert [DateWalk(1, 1, 0, 9), DateWalk(2, 2, 5, 9)] == work.walks()


def test_members_come_page_by_page(work: SqliteAutomationWork, tmp_path: Path) -> None:
    """By id, behind the last one seen."""
    connection = connect(tmp_path / "store.db")
    connection.executemany("INSERT INTO segment_members VALUES (?, ?, 1)", [(1, 5), (1, 3), (2, 4), (1, 9)])
    connection.close()
    assert ([3, 5], [9], []) == (work.members(1, 0, 2), work.members(1, 5, 2), work.members(3, 0, 2))


# Whose it is ----------------------------------------------------------------------------------------------------------


def test_what_was_an_absorbed_contacts_is_the_survivors(
    work: SqliteAutomationWork, runs: SqliteRuns, automations: SqliteAutomations
) -> None:
    """Runs, also ended ones, reasons, messages, asks; of two dates for one trigger the survivor's stays."""
    automations.ask(Ask(0, 1, "enter", 5, "ann", contact=2))
    work.save([run("a"), run("b", 2), ended("c", 2, entered_at=11)])
    work.miss([Missed(1, 1, "again", 5, "e5"), Missed(1, 2, "again", 6, "e6"), Missed(1, 2, "cap", 6, "e7")])
    work.sent([Sent("d", "b", 1, 2, 7, True, 5)])
    work.set_timers([DateTimer(1, 0, 1, 10), DateTimer(1, 0, 2, 20), DateTimer(1, 1, 2, 30)])
    work.rehome(2, 1)
    assert {1: [run("a"), run("b")]} == work.running([1, 2])
    assert Entries(3, 3, 11, 30) == work.entries(1, 1, "", 0)
    assert [("cap", 6, "e7", 1), ("again", 6, "e6", 2)] == [one[2:] for one in runs.refusals(contacts=[1], limit=9)]
    assert (1, 0) == (work.marketing_since(1, 0), work.marketing_since(2, 0))
    assert [DateTimer(1, 0, 1, 10), DateTimer(1, 1, 1, 30)] == work.timers(99, 9)
    assert [1] == [ask.contact for ask in work.asks(9)]


def test_of_who_is_erased_only_numbers_stay(
    work: SqliteAutomationWork, runs: SqliteRuns, automations: SqliteAutomations
) -> None:
    """Others keep what is theirs; who was in counts among those who have ended."""
    for ask in (Ask(0, 1, "enter", 5, "ann", contact=1), Ask(0, 1, "retry", 5, "ann", run="a")):
        automations.ask(ask)
        automations.ask(ask._replace(contact=ask.contact and 2, run=ask.run and "c"))
    for contact, id in ((1, "a"), (2, "c")):
        work.save([run(id, contact), ended(f"{id}2", contact)])
        work.miss([Missed(1, contact, "again", 5, "e5")])
        work.sent([Sent(id, id, 1, contact, 7, True, 5)])
        work.set_timers([DateTimer(1, 0, contact, 10)])
    work.passed({(1, "@entered"): 4, (1, "@ended"): 2})
    work.forget(1)
    assert ([], {2: [run("c", 2)]}) == (runs.of_contact([1], 9), work.running([1, 2]))
    assert [2] == [one.contact for one in runs.refusals(limit=9)]
    assert (0, 1) == (work.marketing_since(1, 0), work.marketing_since(2, 0))
    assert ([2], [(2, ""), (0, "c")]) == ([t.contact for t in work.timers(99, 9)], [a[5::2] for a in work.asks(9)])
    assert {1: Figures(1, 0, 4, 3, 2)} == runs.figures()


# Along which index ----------------------------------------------------------------------------------------------------

Both = tuple[SqliteAutomationWork, SqliteRuns]
QUESTIONS: dict[str, tuple[Callable[[Both], Any], str]] = {
    "due": (lambda it: it[0].due(5, 9, [2]), "INDEX automation_runs_due (wake_at>? AND wake_at<?)"),
    "next due": (lambda it: it[0].next_due([2]), "COVERING INDEX automation_runs_due"),
    "running": (lambda it: it[0].running(range(1_000)), "INDEX automation_runs_contact (contact=?)"),
    "begun": (lambda it: it[0].known(["x", "y"]), "COVERING INDEX sqlite_autoindex_automation_runs_1 (id=?)"),
    "entries": (
        lambda it: it[0].entries(1, 1, "", 0),
        "COVERING INDEX automation_runs_contact (contact=? AND automation=?)",
    ),
    "to end": (lambda it: it[0].end_all(1, "stopped", 5, 9), "INDEX automation_runs_inside (automation=?)"),
    "to move": (lambda it: it[0].inside(1, "x", 9), "COVERING INDEX automation_runs_inside (automation=?)"),
    "messages": (lambda it: it[0].messages(), "SEARCH v USING PRIMARY KEY (message=? AND version=?)"),
    "still in": (lambda it: it[0].automations(), "COVERING INDEX automation_runs_inside (automation=?)"),
    "caps": (lambda it: it[0].marketing_since(1, 0), "automation_sent_contact (contact=? AND marketing=? AND at>?)"),
    "dates": (lambda it: it[0].timers(5, 9), "INDEX automation_timers_due (due_at<?)"),
    "next date": (lambda it: it[0].next_timer(), "COVERING INDEX automation_timers_due"),
    "members": (lambda it: it[0].members(1, 5, 9), "PRIMARY KEY (segment=? AND contact>?)"),
    "figures": (lambda it: it[1].figures(), "COVERING INDEX automation_runs_inside"),
    "steps": (lambda it: it[1].steps(1), "COVERING INDEX automation_runs_inside (automation=?)"),
    "by day": (
        lambda it: it[1].entered(1, since=0, until=9, day_ms=3),
        "COVERING INDEX automation_runs_entered (automation=? AND entered_at>? AND entered_at<?)",
    ),
    "a page": (
        lambda it: it[1].find(1, limit=9, after=(5, "x")),
        "COVERING INDEX automation_runs_entered (automation=? AND (entered_at,id)<(?,?))",
    ),
    "ended ones": (
        lambda it: it[1].find(1, stage="ended", limit=9, after=(5, "x")),
        "COVERING INDEX automation_runs_entered (automation=? AND (entered_at,id)<(?,?))",
    ),
    "at a step": (
        lambda it: it[1].find(1, step="wait", limit=9, after=(5, "x")),
        "COVERING INDEX automation_runs_inside (automation=? AND step=? AND (entered_at,id)<(?,?))",
    ),
    "failed ones": (
        lambda it: it[1].find(1, stage="failed", limit=9),
        "COVERING INDEX automation_runs_inside (automation=?)",
    ),
    "one of its contacts": (
        lambda it: it[1].find(1, contacts=[1], stage="ended", limit=9),
        "INDEX automation_runs_contact (contact=? AND automation=?)",
    ),
    "a contact": (lambda it: it[1].of_contact([1, 2], 9), "INDEX automation_runs_contact (contact=?)"),
    "who missed one": (lambda it: it[1].refusals(automation=1, limit=9), "automation_missed_at (automation=?)"),
    "what one missed": (lambda it: it[1].refusals(contacts=[1], limit=9), "automation_missed_contact (contact=?)"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_has_its_index(
    store: SqliteWorkStore, runs: SqliteRuns, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """None reads all runs: a hundred thousand people may wait, and those who are out stay."""
    explaining = _Explaining(store)
    monkeypatch.setattr(Reading, "rows", lambda self, sql, values=(): explaining.execute(sql, values).fetchall())
    monkeypatch.setattr(store.automations, "_connection", explaining)
    ask, index = QUESTIONS[name]
    ask((store.automations, runs))
    assert index in "\n".join(explaining.plans), "\n".join(explaining.plans)
    assert [] == [line for line in explaining.plans if line.startswith("SCAN automation_runs") and "INDEX" not in line]


class _Explaining:
    """A connection that notes the plan of whatever it is asked."""

    def __init__(self, store: SqliteWorkStore) -> None:
        self._connection: sqlite3.Connection = store._connection
        self.plans: list[str] = []

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        """Explain, then ask."""
        self.plans += [str(row[3]) for row in self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        return self._connection.execute(sql, values)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        """As it is."""
        return self._connection.executemany(sql, rows)


def test_due_runs_are_not_sorted(store: SqliteWorkStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """They lie in their order: the first of a hundred thousand cost no more than the first of ten."""
    explaining = _Explaining(store)
    monkeypatch.setattr(store.automations, "_connection", explaining)
    store.automations.due(5, 9, [2])
    assert [] == [line for line in explaining.plans if "TEMP B-TREE" in line]
