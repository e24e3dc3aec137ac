"""`sentiero export`: what a deployment holds as a file, in a stable order, whole or not at all."""

import csv
import gzip
import json
import resource
from pathlib import Path

import pytest

from tests.collector.commands.moving import HISTORY, exported, killed, lines, visited, worked
from tests.collector.commands.terminal import Terminal, ended, interrupted
from tests.killed.wait import until

FAILURE, USAGE, INTERRUPTED = 1, 2, 130
BEFORE = "what was there before"


@pytest.fixture
def filled(ready: Terminal) -> Terminal:
    """A deployment that holds the history."""
    ready.write("history.ndjson", lines(HISTORY))
    ready.done("import", "events", "history.ndjson")
    worked(ready)
    return ready


@pytest.fixture
def long(ready: Terminal) -> Terminal:
    """One that holds enough to be interrupted in the middle of."""
    day = [visited(f"e{n:06}", f"2026-10-01T10:00:{n % 60:02}.000Z", visitor_id=f"{n:026}") for n in range(6_000)]
    ready.write("history.ndjson", lines(day))
    ready.done("import", "events", "history.ndjson")
    worked(ready)
    return ready


def test_events_come_oldest_first(filled: Terminal) -> None:
    """As the API has them, derived ones among them."""
    found = exported(filled, "events")
    assert sorted(event["occurred_at"] for event in found) == [event["occurred_at"] for event in found]
    assert {"a", "b", "c", "d", "e"} < {event["id"] for event in found}
    assert {
        "id", "category", "key", "source", "occurred_at", "received_at", "site", "visitor_id", "contact_id",
        "session_id", "page", "agent", "properties", "identifiers", "object", "causes", "superseded", "late",
    } == set(found[0])  # fmt: skip


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("--key", "page_visited"), ["a", "b", "e"]),
        (("--category", "ecommerce", "--category", "contact"), ["c", "d"]),
        (("--key", "page_visited", "--from", "2026-10-01T10:05:00Z", "--to", "2026-10-20T10:00:00Z"), ["b"]),
        (("--site", "1", "--key", "page_visited"), ["a"]),
        (("--contact", "2", "--key", "page_visited"), ["e"]),
        (("--key", "nothing"), []),
    ],
    ids=str,
)
def test_what_is_asked_for_is_in_it(filled: Terminal, words: tuple[str, ...], ids: list[str]) -> None:
    """By category, key, site, contact and time; from included, to excluded."""
    filled.done("export", "events", "-o", "some.ndjson", *words)
    found = (filled.folder / "some.ndjson").read_text().splitlines()
    assert ids == [json.loads(line)["id"] for line in found]


def test_contacts_come_by_id(filled: Terminal) -> None:
    """All, or those who are named."""
    assert [1, 2] == [contact["id"] for contact in exported(filled, "contacts")]
    filled.done("export", "contacts", "-o", "one.ndjson", "--contact", "2", "--contact", "77")
    assert [2] == [json.loads(line)["id"] for line in (filled.folder / "one.ndjson").read_text().splitlines()]


def test_a_csv_is_safe_in_a_spreadsheet(filled: Terminal) -> None:
    """No cell begins a formula."""
    filled.write("more.ndjson", lines([visited("=HYPERLINK(1)", "2026-10-01T11:00:00Z")]))
    filled.done("import", "events", "more.ndjson")
    worked(filled)
    filled.done("export", "events", "-o", "out.csv")
    with (filled.folder / "out.csv").open(newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert [] == [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_gzip_is_one_file(filled: Terminal) -> None:
    """Whoever unpacks it sees the same as without."""
    exported(filled, "events")
    filled.done("export", "events", "-o", "out.ndjson.gz")
    assert (filled.folder / "out.ndjson").read_bytes() == gzip.decompress(
        (filled.folder / "out.ndjson.gz").read_bytes()
    )


def test_names_are_but_names(filled: Terminal) -> None:
    """Quotes and patterns: neither SQL nor another file."""
    folder = filled.folder / "a'; DROP TABLE x; --[1]*?{}"
    folder.mkdir()
    for name in ("*.parquet", "a.parquet"):
        filled.done("export", "events", "-o", str(folder / name), "--key", "page_visited")
        said = filled.done("import", "events", str(folder / name), "--dry-run")
        assert ("from 3 rows" in said, "3 events were there already" in said) == (True, True)
    assert ["*.parquet", "a.parquet"] == sorted(path.name for path in folder.iterdir())


def test_an_empty_deployment_gives_an_empty_file(ready: Terminal) -> None:
    """Of a CSV the header alone; a Parquet has its columns."""
    assert [] == exported(ready, "events")
    ready.done("export", "contacts", "-o", "c.csv")
    assert 1 == len((ready.folder / "c.csv").read_text().splitlines())
    ready.done("export", "contacts", "-o", "c.parquet")
    assert "0 events taken" in ready.done("import", "contacts", "c.parquet")


@pytest.mark.parametrize("name", ["out.ndjson", "out.csv", "out.ndjson.gz", "out.csv.gz", "out.parquet"])
def test_killed_in_the_middle_it_goes_on(long: Terminal, name: str) -> None:
    """The same command writes the rest: in the end the file is as if nothing had been."""
    whole = name.replace("out", "whole")
    place, part = long.folder / f".{name}.place", long.folder / f".{name}.part"
    process = long.start("export", "events", "-o", name)
    until(lambda: place.exists() or process.poll() is not None, 20)
    assert killed(process), "it was too fast to be killed"
    assert not (long.folder / name).exists()
    with part.open("ab") as file:
        file.write(b"half a row")  # what the place does not know of yet
    out = long.done("export", "events", "-o", name)
    assert "of them by a run before this one" in out
    long.done("export", "events", "-o", whole)
    if not name.endswith("parquet"):
        assert (long.folder / whole).read_bytes() == (long.folder / name).read_bytes()
    assert "6,000 events were there already" in long.done("import", "events", name)
    assert [] == [left for left in (place, part) if left.exists()]


def test_another_question_begins_anew(long: Terminal) -> None:
    """What was interrupted was something else."""
    process = long.start("export", "events", "-o", "out.ndjson")
    until(lambda: (long.folder / ".out.ndjson.place").exists() or process.poll() is not None, 20)
    killed(process)
    long.done("export", "events", "-o", "out.ndjson", "--key", "session_ended")
    keys = {json.loads(line)["key"] for line in (long.folder / "out.ndjson").read_text().splitlines()}
    assert {"session_ended"} == keys


def test_ctrl_c_says_how_to_go_on(long: Terminal) -> None:
    """It ends with 130, and what was there is there."""
    long.write("out.ndjson", BEFORE)
    process = long.start("export", "events", "-o", "out.ndjson")
    until((long.folder / ".out.ndjson.place").exists, 20)
    said = interrupted(process)
    assert (INTERRUPTED, "interrupted: the same command goes on where it stopped\n") == (said.code, said.err)
    assert BEFORE == (long.folder / "out.ndjson").read_text()


def test_no_room_leaves_what_was_there(long: Terminal) -> None:
    """A file that may not grow stands for a full disk: one line, and with room the same command goes on."""
    long.write("out.ndjson", BEFORE)
    process = long.start("export", "events", "-o", "out.ndjson")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
    said = ended(process)
    assert (FAILURE, 1) == (said.code, len(said.err.splitlines())), said
    assert BEFORE == (long.folder / "out.ndjson").read_text()
    assert "of them by a run before this one" in long.done("export", "events", "-o", "out.ndjson")


@pytest.mark.parametrize("output", ["nowhere/out.ndjson", "folder.csv"])
def test_an_output_that_cannot_be_written(filled: Terminal, output: str) -> None:
    """It is named, in one line."""
    (filled.folder / "folder.csv").mkdir()
    said = filled.run("export", "events", "-o", output)
    assert (FAILURE, 1, True) == (said.code, len(said.err.splitlines()), Path(output).parts[0] in said.err), said


@pytest.mark.parametrize("words", [("-o", "out.txt"), ("-o", "out.csv", "--from", "soon"), ()])
def test_what_cannot_be_meant_is_a_usage_error(here: Terminal, words: tuple[str, ...]) -> None:
    """Before anything is read."""
    assert USAGE == here.run("export", "events", *words).code


def test_without_a_deployment_it_says_so(here: Terminal) -> None:
    """One line, with the file that is not there."""
    said = here.run("export", "events", "-o", "out.csv")
    assert (FAILURE, True) == (said.code, "store.db" in said.err), said
