"""`sentiero sessionize`: files of events in, a file of sessions out, and a sentence when that cannot be."""

import gzip
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.collector.commands.terminal import Said, Terminal, ended, interrupted
from tests.killed.wait import until

FAILURE, USAGE, INTERRUPTED = 1, 2, 130
EVENTS = "contact_id,occurred_at\n7,2026-11-24T10:00:00Z\n7,2026-11-24T12:29:59.999+02:00\n7,2026-11-24T10:59:59.999\n"
SESSIONS = (
    "contact_id,session,started_at,ended_at,duration_seconds,events\n"
    "7,1,2026-11-24T10:00:00.000Z,2026-11-24T10:29:59.999Z,1799,2\n"
    "7,2,2026-11-24T10:59:59.999Z,2026-11-24T10:59:59.999Z,0,1\n"
)
BEFORE = "what was there before"


def of(here: Terminal, content: str | bytes, *words: str, name: str = "events.csv") -> str:
    """The sessions of a file of that content, as CSV."""
    here.write(name, content)
    here.done("sessionize", name, "-o", "sessions.csv", *words)
    return (here.folder / "sessions.csv").read_text(encoding="utf-8")


def refused(here: Terminal, *words: str, output: str = "sessions.csv") -> Said:
    """It ends with 1, says one line, leaves what was there and nothing else."""
    here.write(output, BEFORE)
    there = set(here.folder.iterdir())
    said = here.run("sessionize", *words, "-o", output)
    assert (FAILURE, "", 1) == (said.code, said.out, len(said.err.splitlines())), said
    assert there == set(here.folder.iterdir())
    assert BEFORE == (here.folder / output).read_text()
    return said


def numbered(rows: str) -> str:
    """A CSV of these rows."""
    return f"contact_id,occurred_at\n{rows}"


def test_a_file_becomes_its_sessions(here: Terminal) -> None:
    """Half an hour of quiet splits, a millisecond less does not; times are read in their zone, without one as UTC."""
    assert SESSIONS == of(here, EVENTS)


def test_it_says_what_it_did(here: Terminal) -> None:
    """Sessions, contacts, events, how fast; and no data folder is made."""
    here.write("events.csv", EVENTS)
    out = here.done("sessionize", "events.csv", "-o", "sessions.csv")
    assert out.startswith("2 sessions of 1 contacts from 3 events in ")
    assert out.endswith(" events a second)\n")
    assert not here.data.exists()


def test_it_needs_no_settings_that_are_right(here: Terminal) -> None:
    """Files have nothing to do with the deployment in whose folder somebody stands."""
    here.write("sentiero.toml", "nosuch = 1\n")
    assert SESSIONS == of(here, EVENTS)


@pytest.mark.parametrize(
    ("gap", "sessions"), [("3599999ms", 2), ("30m", 1), ("1800s", 1), ("1799s", 2), ("1h", 1), ("1d", 1)]
)
def test_the_gap_is_a_span_of_time(here: Terminal, gap: str, sessions: int) -> None:
    """With its unit; exactly so much splits."""
    span = 3_599_999 if gap == "3599999ms" else 1_799_999
    assert 1 + sessions == len(of(here, numbered(f"7,0\n7,{span}\n"), "--gap", gap).splitlines())


@pytest.mark.parametrize("gap", ["0m", "30", "1.5h", "-5m", "m", "", "3651d", "999999999999999d", "30 minutes"])
def test_a_gap_that_is_none_is_a_usage_error(here: Terminal, gap: str) -> None:
    """It says what one looks like."""
    here.write("events.csv", EVENTS)
    said = here.run("sessionize", "events.csv", "-o", "sessions.csv", "--gap", gap)
    assert (USAGE, True) == (said.code, "30m, 45s, 1h" in said.all)


@pytest.mark.parametrize(
    ("name", "output"), [("events.txt", "sessions.csv"), ("events.csv", "sessions"), ("a.parquet.gz", "b.csv")]
)
def test_an_unknown_suffix_is_a_usage_error(here: Terminal, name: str, output: str) -> None:
    """The file is named, and so are those that are known."""
    here.write(name, EVENTS)
    said = here.run("sessionize", name, "-o", output)
    assert (USAGE, True) == (said.code, ".csv, .ndjson, .jsonl (each also with .gz), .parquet" in said.all)


def test_several_files_are_one_history(here: Terminal) -> None:
    """A session may begin in one and end in another, of another format."""
    here.write("first.csv", numbered("7,60000\n"))
    here.write("second.NDJSON", '{"contact_id": 7, "occurred_at": 0, "page": {"url": "https://shop.example/"}}\n')
    here.done("sessionize", "first.csv", "second.NDJSON", "-o", "sessions.csv")
    said = (here.folder / "sessions.csv").read_text().splitlines()[1:]
    page = "https://shop.example/"
    assert [f"7,1,1970-01-01T00:00:00.000Z,1970-01-01T00:01:00.000Z,60,2,1,{page},{page}"] == said


def test_what_has_no_contact_or_time_is_left_out_and_counted(here: Terminal) -> None:
    """Blank is as good as nothing; what is not activity counts for no session either."""
    here.write("events.csv", "contact_id,occurred_at,activity\n7,1,\n,1,\n  ,1,\n7,,\n7,1,false\n,,\n")
    out = here.done("sessionize", "events.csv", "-o", "sessions.csv")
    assert "1 sessions of 1 contacts from 1 events" in out
    assert ["3 rows without contact", "1 row without time", "1 row without activity"] == [
        line.removeprefix("left out: ") for line in out.splitlines()[1:]
    ]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("\ufeffcontact_id;occurred_at\r\n7;0\r\n\r\n", ["7,1"]),
        ("occurred_at\tx\tcontact_id\n0\t\t007\n", ["007,1"]),
        (numbered('"a ""b"", c",0\n'), ['"a ""b"", c",1']),
        (numbered("7, 0 \n07,0\n"), ["07,1", "7,1"]),
        (numbered("é,0\nz,0\n"), ["z,1", "é,1"]),
        (numbered("7,-1\n"), ["7,1"]),
        (numbered(""), []),
        ("contact_id,occurred_at", []),
    ],
    ids=repr,
)
def test_csv_as_programs_write_it(here: Terminal, content: str, rows: list[str]) -> None:
    """BOM, semicolons, tabs, quotes, other columns, nothing but a header; a contact is the text that stands there."""
    assert rows == [",".join(line.rsplit(",", 4)[0].rsplit(",", 0)) for line in of(here, content).splitlines()[1:]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "has no column contact_id; it is empty"),
        ("user,occurred_at\n7,0\n", "has no column contact_id; rename one of its columns to it: user, occurred_at"),
        ("contact_id,occurred_at,contact_id\n7,0,8\n", "column contact_id is there twice"),
        (numbered("7,0\n7,soon\n"), "row 2, column occurred_at: 'soon' is not a time"),
        (numbered("7,99999999999999999999\n"), "row 1, column occurred_at"),
        (numbered("7,253402300800000\n"), "row 1, column occurred_at"),
        (numbered("7,0000-12-31\n"), "row 1, column occurred_at"),
        (numbered("7,infinity\n"), "row 1, column occurred_at"),
        (numbered("7,1.5\n"), "row 1, column occurred_at"),
        ("contact_id,occurred_at,activity\n7,0,maybe\n", "row 1, column activity: 'maybe' is not true or false"),
        (numbered("7,0,1\n"), "Expected Number of Columns: 2 Found: 3"),
        (numbered('"7,0\n'), "CSV Error on Line: 2"),
        (numbered(",\n"), "no row has both a contact_id and an occurred_at"),
        (b"contact_id,occurred_at\n\xff,0\n", "UTF-8"),
        ("contact_id,occurred_at\n7,0\n".encode("utf-16"), "UTF-8"),
        (bytes(range(256)), "UTF-8"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_csv_that_cannot_be_read(here: Terminal, content: str | bytes, says: str) -> None:
    """It names the file, the row and the column where there are such; nothing is written."""
    here.write("events.csv", content)
    said = refused(here, "events.csv")
    assert said.err.startswith("sentiero: events.csv: ")
    assert says in said.err


@pytest.mark.parametrize("name", ["events.ndjson", "events.parquet", "events.csv.gz", "events.ndjson.gz"])
def test_what_is_not_what_its_name_says(here: Terminal, name: str) -> None:
    """Some bytes under another name: the file is named."""
    here.write(name, bytes(range(255, 0, -1)))
    assert name in refused(here, name).err


def test_a_file_that_is_not_there(here: Terminal) -> None:
    """As the system says it."""
    assert "sentiero: events.csv: No such file or directory\n" == refused(here, "events.csv").err


def test_a_folder_that_is_not_there(here: Terminal) -> None:
    """Of the output: it is named."""
    here.write("events.csv", EVENTS)
    said = here.run("sessionize", "events.csv", "-o", "nowhere/sessions.csv")
    assert (FAILURE, f"sentiero: {here.folder}/nowhere: No such file or directory\n") == (said.code, said.err)


def test_an_output_that_is_a_folder(here: Terminal) -> None:
    """It stays one."""
    here.write("events.csv", EVENTS)
    (here.folder / "sessions.csv").mkdir()
    said = here.run("sessionize", "events.csv", "-o", "sessions.csv")
    assert (FAILURE, f"sentiero: {here.folder}/sessions.csv: Is a directory\n") == (said.code, said.err)


@pytest.mark.parametrize("name", ["events.csv", "./events.csv", "link.csv"])
def test_an_input_is_never_the_output(here: Terminal, name: str) -> None:
    """Whatever way leads to it."""
    (here.folder / "link.csv").symlink_to("events.csv")
    said = refused(here, name, output="events.csv")
    assert "is an input and the output" in said.err


def test_names_are_but_names(here: Terminal) -> None:
    """Quotes, patterns, addresses: neither SQL nor more than one file."""
    folder = here.folder / "a'; DROP TABLE x; --[1]*?" / "s3:" / "{}"
    folder.mkdir(parents=True)
    for name in ("a*.csv", "ab.csv"):
        (folder / name).write_text(numbered(f"{name[:-4]},0\n"))
    output = folder / "out'\"\n[a]*.csv"
    here.done("sessionize", str(folder / "a*.csv"), "-o", str(output))
    assert ["a*"] == [line.split(",")[0] for line in output.read_text().splitlines()[1:]]


def test_columns_are_but_columns(here: Terminal) -> None:
    """A header cannot say SQL."""
    assert 2 == len(of(here, 'contact_id,occurred_at,"a\'""); DROP TABLE x; --"\n7,0,1\n').splitlines())


def test_a_link_is_written_through(here: Terminal) -> None:
    """The output may be a link to another place: the link stays."""
    (here.folder / "elsewhere").mkdir()
    (here.folder / "sessions.csv").symlink_to("elsewhere/sessions.csv")
    assert SESSIONS == of(here, EVENTS)
    assert (here.folder / "sessions.csv").is_symlink()


def long(here: Terminal) -> None:
    """An input that takes some seconds, small as it is."""
    here.write(
        "long.csv.gz", gzip.compress(b"contact_id,occurred_at\n" + b"7,1790000000000\n" * 6_000_000, compresslevel=1)
    )


def test_ctrl_c_leaves_nothing(here: Terminal) -> None:
    """It ends at once with 130; what was there is there, and nothing else."""
    long(here)
    here.write("sessions.csv", BEFORE)
    there = set(here.folder.iterdir())
    process = here.start("sessionize", "long.csv.gz", "-o", "sessions.csv")
    until(lambda: set(here.folder.iterdir()) - there, 20)
    assert INTERRUPTED == interrupted(process).code
    assert there == set(here.folder.iterdir())
    assert BEFORE == (here.folder / "sessions.csv").read_text()


def test_no_room_leaves_nothing(here: Terminal) -> None:
    """A file that may not grow stands for a full disk: one line, and what was there is there."""
    here.write("events.csv", numbered("".join(f"{n},0\n" for n in range(20_000))))
    here.write("sessions.csv", BEFORE)
    there = set(here.folder.iterdir())
    process = here.start("sessionize", "events.csv", "-o", "sessions.csv")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (32_768, resource.RLIM_INFINITY))
    said = ended(process)
    assert (FAILURE, 1) == (said.code, len(said.err.splitlines())), said
    assert there == set(here.folder.iterdir())
    assert BEFORE == (here.folder / "sessions.csv").read_text()


def test_without_the_extra_it_says_how_to_get_it(here: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is there, DuckDB need not be."""
    for name in [name for name in sys.modules if name.startswith("collector.bulk.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    here.write("events.csv", EVENTS)
    assert "sentiero: duckdb is not installed: pip install 'sentiero[bulk]'\n" == refused(here, "events.csv").err


def test_no_other_command_waits_for_duckdb(here: Terminal) -> None:
    """To load it takes longer than most of them."""
    asked = "import sys, collector.commands; print('duckdb' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert "False\n" == found.stdout
