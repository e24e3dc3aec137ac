"""`sentiero import`: files in, as history; each row once, whatever happened; and a sentence for what is refused."""

import gzip
import json
import os
import random
import resource
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from collector.store.ports.definitions.schemas import OnMisfit, PinnedSchema
from collector.store.sqlite.definitions.schemas import SqliteSchemas
from tests.collector.commands.moving import (
    HISTORY,
    PARTLY,
    exported,
    killed,
    lines,
    logged,
    refused,
    stored,
    told,
    visited,
    worked,
)
from tests.collector.commands.terminal import Terminal, ended, interrupted
from tests.killed.wait import until

FAILURE, USAGE, CONFIGURATION, NOT_FOUND, INTERRUPTED = 1, 2, 3, 4, 130
AT = "2026-10-01T10:00:00.000Z"


def many(here: Terminal, count: int) -> list[str]:
    """A file of so many events; their ids in order."""
    ids = [f"e{n:07}" for n in range(count)]
    here.write("in.ndjson", lines([visited(id, AT) for id in ids]))
    return ids


def test_events_are_history(ready: Terminal) -> None:
    """Source and door are the import's, and nothing reacts to them."""
    ready.write("in.ndjson", lines(HISTORY))
    out = ready.done("import", "events", "in.ndjson")
    assert out.startswith("in.ndjson: 5 events taken, from 5 rows (")
    worked(ready)
    found = [event for event in exported(ready, "events") if event["source"] != "derived"]
    assert [("a", "import"), ("b", "import"), ("c", "import"), ("d", "import"), ("e", "import")] == [
        (event["id"], event["source"]) for event in found
    ]
    assert not (ready.folder / "in.ndjson.rejected.ndjson").exists()
    assert [] == list((ready.data / "imports").iterdir())


@pytest.mark.parametrize("name", ["in.ndjson", "in.jsonl.gz", "in.csv", "in.csv.gz", "in.parquet"])
def test_a_round_trip_keeps_everything(ready: Terminal, tmp_path: Path, name: str) -> None:
    """Exported, imported into an empty deployment, exported again: the same, sessions and agents included."""
    ready.write("history.ndjson", lines(HISTORY))
    ready.done("import", "events", "history.ndjson")
    worked(ready)
    before = exported(ready, "events")
    ready.done("export", "events", "-o", name)
    ready.data = tmp_path / "other"
    ready.environ["SENTIERO_DATA"] = str(ready.data)
    ready.done("import", "events", name)
    worked(ready)
    assert told(before) == told(exported(ready, "events"))
    assert {"session_ended", "push_session_started"} < {event["key"] for event in before}


def test_what_is_there_is_not_taken_twice(ready: Terminal) -> None:
    """The same file again, and an export of the deployment itself, add nothing; one that has grown what is new."""
    ready.write("in.ndjson", lines(HISTORY))
    ready.done("import", "events", "in.ndjson")
    worked(ready)
    exported(ready, "events")
    assert "0 events taken" in ready.done("import", "events", "out.ndjson")
    ready.write("in.ndjson", lines([*HISTORY, visited("f", AT)]))
    out = ready.done("import", "events", "in.ndjson")
    assert ("1 event taken" in out, "5 events were there already" in out) == (True, True)
    worked(ready)
    assert ["a", "b", "c", "d", "e", "f"] == stored(ready)


def test_what_is_twice_in_the_log_is_once_in_the_store(ready: Terminal) -> None:
    """Imported twice before the worker has seen any of it."""
    ready.write("in.ndjson", lines(HISTORY))
    for _ in range(2):
        ready.done("import", "events", "in.ndjson")
    assert 10 == len(list(logged(ready)))
    worked(ready)
    assert ["a", "b", "c", "d", "e"] == stored(ready)


def test_a_row_without_an_id_is_itself(ready: Terminal) -> None:
    """It gets one from what it says: read again it is the same, another time it is another."""
    content = "key,occurred_at,email,url\n" + "".join(
        f"page_visited,2026-10-01T10:0{n}:00Z,ada@example.org,https://shop.example/\n" for n in (0, 1)
    )
    ready.write("in.csv", content)
    ready.done("import", "events", "in.csv")
    worked(ready)
    assert "0 events taken" in ready.done("import", "events", "in.csv")
    assert 2 == len(stored(ready))


def test_old_history_is_heard(ready: Terminal) -> None:
    """A visit of long before the newest event of its contact makes its session, and nothing stays late."""
    ready.write("new.ndjson", lines([visited("new", "2026-11-20T10:00:00.000Z")]))
    ready.write("old.ndjson", lines([visited("old2", "2026-10-01T10:05:00.000Z"), visited("old1", AT)]))
    for name in ("new.ndjson", "old.ndjson"):
        ready.done("import", "events", name)
        worked(ready)
    found = exported(ready, "events")
    assert {False} == {event["late"] for event in found}
    ended = [event["occurred_at"] for event in found if event["key"] == "session_ended"]
    assert ["2026-10-01T10:35:00.000Z", "2026-11-20T10:30:00.000Z"] == ended


def test_a_site_is_one_of_ours(ready: Terminal) -> None:
    """Rows that name another are refused; those that name none may be given one."""
    ready.write("in.ndjson", lines([visited("a", AT)]))
    assert NOT_FOUND == ready.run("import", "events", "in.ndjson", "--site", "7").code
    ready.done("import", "events", "in.ndjson", "--site", "1")
    worked(ready)
    assert [1] == [event["site"] for event in exported(ready, "events") if event["id"] == "a"]
    _, rows = refused(ready, "events", lines([visited("b", AT, site=7)]))
    assert [("site", "malformed")] == [(row["path"], row["code"]) for row in rows]


def test_numbers_of_contacts_are_those_of_elsewhere(ready: Terminal) -> None:
    """Whoever an export names by a number alone becomes somebody of their own, not whoever has that number here."""
    ready.write("here.ndjson", lines([visited("a", AT)]))
    row = {"key": "page_visited", "occurred_at": AT, "received_at": AT, "contact_id": 1}
    ready.write("from.ndjson", lines([{**row, "id": "x", "identifiers": {"contact_id": "1"}}, {**row, "id": "y"}]))
    for name in ("here.ndjson", "from.ndjson"):
        ready.done("import", "events", name)
    worked(ready)
    of = {event["id"]: event["contact_id"] for event in exported(ready, "events")}
    assert (1, of["x"]) == (of["a"], of["y"])
    assert of["x"] != 1


def test_a_mark_at_the_beginning_is_no_text(ready: Terminal) -> None:
    """Programs of Windows write a byte order mark."""
    ready.write("in.ndjson", b"\xef\xbb\xbf" + lines(HISTORY).encode())
    ready.done("import", "events", "in.ndjson")
    assert 5 == len(list(logged(ready)))


def test_the_same_file_of_another_noun_is_another_run(ready: Terminal) -> None:
    """How far its events have come says nothing of its contacts."""
    many(ready, 30_000)
    process = ready.start("import", "events", "in.ndjson", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: list((ready.data / "imports").glob("*.json")), 20)
    killed(process)
    assert "went on" not in ready.run("import", "contacts", "in.ndjson").out


# What is refused -----------------------------------------------------------------------------------------------------


def test_what_is_refused_is_said_and_kept(ready: Terminal) -> None:
    """Row, field, code and sentence; the row as it was stands beside, and the others are taken."""
    bad = [
        {"id": "x", "key": "page_visited", "occurred_at": "yesterday"},
        {"id": "x" * 129, "key": "page_visited", "occurred_at": AT},
        {"id": "x", "key": "not a key", "occurred_at": AT},
        {"id": "x", "category": "website", "key": "page_visitd", "occurred_at": AT},
        {"id": "x", "key": "k", "occurred_at": AT, "properties": {"n": 2**70}},
        {"id": "x", "key": "k", "occurred_at": "1999-12-31T23:59:59.999Z"},
        {"key": "k"},
        7,
    ]
    content = lines([visited("a", AT), *bad, visited("b", AT)]) + '{"id": \n\n\x00\n'
    said, rows = refused(ready, "events", content)
    assert [
        (2, "occurred_at", "bad_time"),
        (3, "id", "bad_id"),
        (4, "key", "bad_key"),
        (5, "key", "unknown_key"),
        (6, "properties.n", "bad_property"),
        (7, "occurred_at", "too_old"),
        (8, "occurred_at", "bad_time"),
        (9, "", "malformed"),
        (11, "", "malformed"),
        (13, "", "malformed"),
    ] == [(row["row"], row["path"], row["code"]) for row in rows]
    assert bad == [row["raw"] for row in rows[:8]]
    assert "row 2, occurred_at: bad_time: A time is RFC 3339" in said.all
    worked(ready)
    assert ["a", "b"] == stored(ready)


@pytest.mark.parametrize(("misfit_is", "code"), [("reject", PARTLY), ("flag", 0)])
def test_events_are_held_to_pinned_schemas(ready: Terminal, misfit_is: OnMisfit, code: int) -> None:
    """As at the door of servers: what does not fit is refused or flagged."""
    schema = {"type": "object", "properties": {"n": {"type": "number"}}}
    pinned = PinnedSchema(category="custom", key="k", schema=schema, misfit=misfit_is, pinned_at=0)
    with closing(SqliteSchemas(ready.data / "store.db")) as schemas:
        schemas.pin(pinned)
    row = {"id": "x", "key": "k", "occurred_at": AT, "visitor_id": "v" * 26, "properties": {"n": "one"}}
    ready.write("in.ndjson", lines([row]))
    said = ready.run("import", "events", "in.ndjson")
    assert (code, True) == (said.code, "properties.n: " in said.out), said


def test_rows_that_are_in_order_again_leave_no_file_behind(ready: Terminal) -> None:
    """The file beside speaks of the last run."""
    refused(ready, "events", lines([{"id": "x"}]))
    ready.write("in.ndjson", lines([visited("a", AT)]))
    ready.done("import", "events", "in.ndjson")
    assert not (ready.folder / "in.ndjson.rejected.ndjson").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("in.ndjson.gz", b"not gzip"),
        ("in.ndjson.gz", gzip.compress(b"x" * 100_000, mtime=0)[:60]),
        ("in.csv", b"a,b\n\xff,1\n"),
        ("in.csv", "key,occurred_at\n".encode("utf-16")),
        ("in.csv", b""),
        ("in.csv", b"id,id\n1,2\n"),
        ("in.csv", b"id,key\n1,2,3\n"),
        ("in.csv", b'id,key\n"1,2\n'),
        ("in.parquet", b"PAR1 or not"),
        ("in.ndjson", b"x" * 2_000_000),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_file_that_cannot_be_read(ready: Terminal, name: str, content: bytes) -> None:
    """One line that names it; nothing comes of it."""
    ready.write(name, content)
    said = ready.run("import", "events", name)
    assert (FAILURE, 1) == (said.code, len(said.err.splitlines())), said
    assert said.err.startswith(f"sentiero: {name}: ")
    assert [] == list(logged(ready))


@pytest.mark.parametrize("line", [b"[" * 100_000, b'{"a":' * 50_000, b'{"id":"\\ud800"}', b"\xff", bytes(range(1, 10))])
def test_hostile_rows_are_but_refused(ready: Terminal, line: bytes) -> None:
    """Depth, half characters, no text at all: the neighbours are taken."""
    refused(ready, "events", line + b"\n" + lines([visited("a", AT)]).encode())
    assert ["a"] == list(logged(ready))


@pytest.mark.parametrize("words", [("in.txt",), ("in.parquet.gz",), ()])
def test_what_is_no_file_of_rows_is_a_usage_error(ready: Terminal, words: tuple[str, ...]) -> None:
    """The suffix says how it is written."""
    ready.write("in.txt", "")
    assert USAGE == ready.run("import", "events", *words).code


def test_a_file_that_is_not_there_begins_nothing(ready: Terminal) -> None:
    """Not even the one before it."""
    ready.write("in.ndjson", lines(HISTORY))
    said = ready.run("import", "events", "in.ndjson", "nowhere.csv")
    assert (FAILURE, "sentiero: nowhere.csv: No such file or directory\n") == (said.code, said.err)
    assert [] == list(logged(ready))


def test_a_dry_run_checks_and_writes_nothing(ready: Terminal) -> None:
    """The same words and exit code, no event, no file."""
    ready.write("in.ndjson", lines([*HISTORY, {"id": "x"}]))
    there = set(ready.folder.rglob("*"))
    said = ready.run("import", "events", "in.ndjson", "--dry-run")
    assert (PARTLY, True, True) == (said.code, "5 events are good" in said.out, "row 6" in said.out), said
    assert [] == list(logged(ready))
    new = set(ready.folder.rglob("*")) - there
    assert set() == {path for path in new if path.suffix not in (".db-wal", ".db-shm")}


def test_a_dry_run_needs_a_deployment(here: Terminal) -> None:
    """It says what is not there, and makes nothing."""
    here.write("in.ndjson", lines(HISTORY))
    said = here.run("import", "events", "in.ndjson", "--dry-run")
    assert (FAILURE, True, False) == (said.code, "store.db is not there" in said.err, here.data.exists())


# Interrupted ---------------------------------------------------------------------------------------------------------


def test_killed_in_the_middle_it_goes_on(ready: Terminal) -> None:
    """SIGKILL again and again: at the end each event is there, once, and each refused row is kept once."""
    ids = many(ready, 30_000)
    path = ready.folder / "in.ndjson"
    path.write_text(
        "".join(
            f'{line}\n{{"id": "bad"}}\n' if n % 1_000 == 0 else f"{line}\n"
            for n, line in enumerate(path.read_text().splitlines())
        )
    )
    rng, kills = random.Random(1), 0
    place = ready.data / "imports"
    while kills < 5:
        process = ready.start("import", "events", "in.ndjson", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen = {path.read_bytes() for path in place.glob("*.json")} if place.exists() else set()
        goal = rng.randrange(1, 3)
        while goal and process.poll() is None:
            now = {path.read_bytes() for path in place.glob("*.json")} if place.exists() else set()
            goal, seen = (goal - 1, now) if now - seen else (goal, seen)
        if not killed(process):
            break
        kills += 1
    assert kills > 1, "it was too fast to be killed"
    said = ready.run("import", "events", "in.ndjson")
    assert (PARTLY, True) == (said.code, "30 bad_key" in said.out), said
    worked(ready)
    assert ids == stored(ready)
    rows = [json.loads(line)["row"] for line in Path("in.ndjson.rejected.ndjson").read_text().splitlines()]
    assert (30, sorted(set(rows))) == (len(rows), rows)


def test_ctrl_c_says_how_to_go_on(ready: Terminal) -> None:
    """It ends with 130; the same command takes the rest."""
    ids = many(ready, 30_000)
    process = ready.start("import", "events", "in.ndjson")
    until(lambda: list((ready.data / "imports").glob("*.json")), 20)
    said = interrupted(process)
    assert (INTERRUPTED, "interrupted: the same command goes on where it stopped\n") == (said.code, said.err[-55:])
    assert "went on behind row" in ready.done("import", "events", "in.ndjson")
    assert ids == sorted(set(logged(ready)))


def test_a_file_that_changed_is_begun_anew(ready: Terminal) -> None:
    """A place in another file is none in this one."""
    many(ready, 30_000)
    process = ready.start("import", "events", "in.ndjson", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: list((ready.data / "imports").glob("*.json")), 20)
    killed(process)
    ready.write("in.ndjson", lines([visited("z", AT)]))
    assert "1 event taken, from 1 row" in ready.done("import", "events", "in.ndjson")


def test_no_room_says_so_and_goes_on(ready: Terminal) -> None:
    """A file that may not grow stands for a full disk: one line, and with room the rest is taken."""
    ids = many(ready, 20_000)
    process = ready.start("import", "events", "in.ndjson")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    said = ended(process)
    assert (FAILURE, 1) == (said.code, len(said.err.splitlines())), said
    ready.done("import", "events", "in.ndjson")
    worked(ready)
    assert ids == stored(ready)


def test_two_at_once_are_one_after_the_other(ready: Terminal) -> None:
    """The second says who is at it."""
    many(ready, 60_000)
    process = ready.start("import", "events", "in.ndjson", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: list((ready.data / "imports").glob("*.json")), 20)
    os.kill(process.pid, signal.SIGSTOP)
    ready.write("other.ndjson", lines(HISTORY))
    said = ready.run("import", "events", "other.ndjson")
    killed(process)
    assert (CONFIGURATION, True) == (said.code, f"is held by process {process.pid}" in said.err)
