"""`sentiero demo`: a deployment full of made-up events, the same ones every time."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from collector.commands.terminal.options import span_text
from collector.instant import parse_instant
from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.process.clock import FILE, demo_clock, make_demo, wall_clock
from collector.process.lock import hold
from collector.sqlite import connect
from collector.store.sqlite.definitions.segments import SqliteSegments
from collector.store.sqlite.work.store import SqliteWorkStore
from collector.work.loop import Worker
from sessionizer.engine import Engine
from sessionizer.rules.assignments import RULES
from sessionizer.segments.condition import parse
from tests.collector.commands.terminal import Terminal

NOW = 1_790_000_000_000
SMALL = ("demo", "--events", "1500", "--contacts", "60", "--days", "7")
FAILURE, USAGE, REFUSED = 1, 2, 3
DONE = re.compile(r"^1,500 events of 60 contacts in [\d.,]+ s \([\d,]+ a second\)$", re.MULTILINE)
OWN = ("keys",)
"""Tables whose rows are secrets of one deployment."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands still."""
    monkeypatch.setattr(import_module("collector.commands.demo"), "clock_of", lambda _: lambda: NOW)


def ask(data: Path, sql: str, name: str = "store.db") -> list[tuple[Any, ...]]:
    """Rows of a file of the data folder."""
    connection = connect(data / name, readonly=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def schema(data: Path) -> list[tuple[Any, ...]]:
    """What store.db is made of: tables, indexes, triggers."""
    return ask(data, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2")


def rows(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in both files that is not the deployment's own; of sites their names."""
    everything = {}
    for file in ("store.db", "log.db"):
        tables = ask(data, "SELECT name FROM sqlite_schema WHERE type = 'table'", file)
        everything |= {name: ask(data, f"SELECT * FROM {name}", file) for (name,) in tables if name not in OWN}
    return everything | {"sites": [(id, name) for id, name, *_ in everything["sites"]]}


def filled(ready: Terminal, name: str, *words: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a new data folder of that name."""
    ready.done(*SMALL, *words, "--data", str(ready.folder / name))
    return rows(ready.folder / name)


def test_it_says_what_it_did(ready: Terminal) -> None:
    """Events, contacts, how fast; and there they are."""
    out = ready.done(*SMALL)
    assert DONE.search(out), out
    assert [(1_500,)] == ask(ready.data, "SELECT count(*) FROM events")
    assert [(60,)] == ask(ready.data, "SELECT count(*) FROM contacts")
    assert [(1, "default"), (2, "Blog")] == ask(ready.data, "SELECT id, name FROM sites ORDER BY id")


def test_it_makes_the_folder(here: Terminal) -> None:
    """A newcomer needs no `init` before."""
    here.done(*SMALL)
    assert [(1_500,)] == ask(here.data, "SELECT count(*) FROM events")


def test_the_same_seed_and_instant_give_the_same_rows(ready: Terminal) -> None:
    """Every byte of every table; another seed gives others."""
    first = filled(ready, "first", "--seed", "5")
    assert first == filled(ready, "second", "--seed", "5")
    other = filled(ready, "third", "--seed", "6")
    assert first["events"] != other["events"]
    assert first["rejections"] != other["rejections"]


def test_the_schema_is_left_as_it_was(ready: Terminal) -> None:
    """Indexes and triggers that were in the way are there again."""
    before = schema(ready.data)
    ready.done(*SMALL)
    assert before == schema(ready.data)


def test_something_was_refused(ready: Terminal) -> None:
    """Counters and samples, of the days asked for."""
    ready.done("demo", "--events", "20000", "--contacts", "500", "--days", "9")
    ((count, first, last),) = ask(ready.data, "SELECT sum(count), min(hour), max(hour) FROM rejections", "log.db")
    assert 50 == count
    assert NOW - 10 * 86_400_000 < first < last <= NOW
    assert [(50,)] >= ask(ready.data, "SELECT count(*) FROM rejection_samples", "log.db") > [(10,)]


def test_the_log_goes_on_behind_it(ready: Terminal) -> None:
    """The worker's position is the log's end, and the next event comes after every one that is there."""
    ready.done(*SMALL)
    assert [("worker", 1_500)] == ask(ready.data, "SELECT * FROM positions")
    log = SqliteLog(ready.data / "log.db")
    assert (1_500, []) == (log.end(), log.read(0, 10))
    entry = Entry("api", "api", 0, "next", "custom", "next", NOW, NOW)
    assert [1_501] == log.append([entry])
    log.close()


def test_segments_that_were_there_before_are_asked_of_everybody(ready: Terminal) -> None:
    """Whoever was made up is in them as soon as the worker has come round."""
    store = SqliteSegments(ready.data / "store.db")
    store.create("Identified", parse({"where": {"type": "identity", "is": "identified"}}), at=NOW)
    store.close()
    work(ready.data)
    ready.done(*SMALL)
    work(ready.data)
    survivors = "id NOT IN (SELECT absorbed FROM contact_links)"
    expected = ask(ready.data, f"SELECT count(*) FROM contacts WHERE NOT anonymous AND {survivors}")
    assert expected == ask(ready.data, "SELECT count(*) FROM segment_members")
    assert expected != [(0,)]


def work(folder: Path) -> None:
    """The worker goes round until nothing is left to do."""
    log, store = SqliteLog(folder / "log.db"), SqliteWorkStore(folder / "store.db")
    worker = Worker(log, store, Engine(RULES), lambda: NOW, tombstone_key=b"a test's")
    while any(worker.turn()):
        pass
    store.close()
    log.close()


def test_a_store_with_events_is_refused(ready: Terminal) -> None:
    """It says what to do, and changes nothing."""
    ready.done(*SMALL)
    before = rows(ready.data)
    said = ready.run(*SMALL, "--seed", "2")
    assert REFUSED == said.code
    assert "has events already: choose an empty folder with --data" in said.all
    assert before == rows(ready.data)


def test_events_that_wait_are_not_passed_over(ready: Terminal) -> None:
    """What the door took and no worker has seen yet counts as well."""
    log = SqliteLog(ready.data / "log.db")
    log.append([Entry("api", "api", 0, "waiting", "custom", "waiting", NOW, NOW)])
    log.close()
    assert REFUSED == ready.run(*SMALL).code
    assert [(0,)] == ask(ready.data, "SELECT count(*) FROM events")


@pytest.mark.parametrize("name", ["serve.lock", "work.lock"])
def test_nobody_else_may_be_at_work(ready: Terminal, name: str) -> None:
    """A worker remembers numbers, a server appends to the log: it names the process and says to stop it."""
    with hold(ready.data / name):
        said = ready.run(*SMALL)
    assert REFUSED == said.code
    assert "stop it first" in said.all
    assert [(0,)] == ask(ready.data, "SELECT count(*) FROM events")


def test_half_a_history_is_none(ready: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it fails between the two files nothing is in the store, and it may be tried again."""
    begin_behind = SqliteLog.begin_behind

    def and_fail(log: SqliteLog, *words: int) -> None:
        begin_behind(log, *words)
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(SqliteLog, "begin_behind", and_fail)
        assert FAILURE == ready.run(*SMALL).code
    before = [ask(ready.data, f"SELECT count(*) FROM {name}") for name in ("events", "contacts", "positions", "kinds")]
    assert [[(0,)]] * 4 == before
    ready.done(*SMALL)
    assert [(1_501, 3_000)] == ask(ready.data, "SELECT min(offset), max(offset) FROM events")


@pytest.mark.parametrize(
    "words",
    [
        ("--events", "0"),
        ("--contacts", "0"),
        ("--days", "0"),
        ("--seed", "-1"),
        ("--events", "many"),
        ("--events", "1000", "--contacts", "1", "--days", "1"),
    ],
)
def test_what_cannot_be_is_a_usage_error(ready: Terminal, words: tuple[str, ...]) -> None:
    """Nothing is written."""
    assert USAGE == ready.run("demo", *words).code
    assert [(0,)] == ask(ready.data, "SELECT count(*) FROM events")


@pytest.mark.parametrize("events", [1, 2, 3, 50])
def test_few_events_are_few(ready: Terminal, events: int) -> None:
    """Also when there are less of them than contacts."""
    ready.done("demo", "--events", str(events))
    assert [(events,)] == ask(ready.data, "SELECT count(*) FROM events")


def test_one_contact_cannot_do_it_all(ready: Terminal) -> None:
    """When everybody is at it already, crawlers come instead: sessions never overlap."""
    ready.done("demo", "--events", "300", "--contacts", "1", "--days", "5")
    assert [(1,)] == ask(ready.data, "SELECT count(*) FROM contacts")
    overlapping = "SELECT 1 FROM sessions a JOIN sessions b ON a.id < b.id AND b.started_at - a.ended_at < 1800000"
    assert [] == ask(ready.data, overlapping)


# Its clock -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "ahead"), [("90s", "1m 30s"), ("30m", "30m"), ("2h", "2h"), ("3d", "3d"), ("1501m", "1d 1h 1m")]
)
def test_the_clock_of_a_demo_is_moved_on(here: Terminal, span: str, ahead: str) -> None:
    """It says what it shows then; nothing else happens."""
    here.data.mkdir()
    clock = make_demo(here.data)
    before = clock()
    shown, said = here.done("demo", "--fast-forward", span).strip().removeprefix("its clock shows ").split("Z: ")
    assert f"{ahead} ahead" == said
    assert [FILE, f"{FILE}.lock"] == sorted(path.name for path in here.data.iterdir())
    shows = parse_instant(f"{shown}Z")
    assert shows is not None
    assert before <= shows - demo_clock(here.data).ahead_ms <= wall_clock()


def test_a_made_up_history_is_a_demo(ready: Terminal) -> None:
    """Its clock may be moved; that of the folder that it was before may not."""
    assert REFUSED == ready.run("demo", "--fast-forward", "2h").code
    ready.done(*SMALL)
    assert "2h ahead" in ready.done("demo", "--fast-forward", "2h")
    assert "4h ahead" in ready.done("demo", "--fast-forward", "2h")


def test_only_the_clock_of_a_demo_is_moved(ready: Terminal) -> None:
    """A deployment of real people, or none at all: it says why, and nothing has changed."""
    there = sorted(ready.data.iterdir())
    nowhere = ready.folder / "nowhere"
    for folder in ready.data, nowhere:
        said = ready.run("demo", "--fast-forward", "2h", "--data", str(folder))
        assert (REFUSED, "") == (said.code, said.out)
        assert f"{folder} is no demo: only the clock of one" in said.all
    assert (there, False) == (sorted(ready.data.iterdir()), nowhere.exists())


def test_ten_years_are_enough(here: Terminal) -> None:
    """The clock stays where it was."""
    here.data.mkdir()
    make_demo(here.data)
    here.done("demo", "--fast-forward", "3650d")
    said = here.run("demo", "--fast-forward", "1s")
    assert (REFUSED, "3650d ahead") == (said.code, f"{span_text(demo_clock(here.data).ahead_ms)} ahead")
    assert "ten years" in said.all


@pytest.mark.parametrize("span", ["2", "soon", "-2h", "0h", "1w", "2h 3m", "3651d"])
def test_a_span_that_is_none_is_a_usage_error(here: Terminal, span: str) -> None:
    """The same spans as elsewhere."""
    here.data.mkdir()
    make_demo(here.data)
    assert USAGE == here.run("demo", "--fast-forward", span).code
    assert 0 == demo_clock(here.data).ahead_ms


def test_help_says_what_it_is_for(here: Terminal) -> None:
    """With the defaults."""
    out = here.done("demo", "--help")
    assert "made-up history" in out
    for word in ("--events", "100000", "--contacts", "2000", "--days", "30", "--seed", "--data"):
        assert word in out
