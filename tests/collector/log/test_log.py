"""One suite for every backend of the log."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from collector.log.entry import Entry, decode_entry, encode_entry
from collector.log.memory import MemoryLog
from collector.log.port import Log, Rejection, Row
from collector.log.sqlite import SqliteLog
from sessionizer.event import ObjectRef, Page

BACKENDS: dict[str, Callable[[Path], Log]] = {
    "memory": lambda folder: MemoryLog(),
    "sqlite": lambda folder: SqliteLog(folder / "log.db"),
}


@pytest.fixture(params=BACKENDS)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    """An empty log of each backend."""
    return BACKENDS[request.param](tmp_path)


def entry(id: str, **fields: object) -> Entry:
    """The least that an entry has."""
    return Entry("site:1", "tracker", 1, id, "website", "page_visited", 1_000, 2_000, **fields)  # type: ignore[arg-type]


def test_entries_come_back_in_order_with_growing_offsets(log: Log) -> None:
    """What is appended is read in the same order, each behind the one before."""
    first = log.append([entry("a"), entry("b")])
    second = log.append([entry("c")])
    assert [Row(o, entry(i)) for o, i in zip(first + second, "abc", strict=True)] == log.read(0, 10)
    assert first[0] < first[1] < second[0] == log.end()


def test_reading_goes_on_after_an_offset_and_stops_at_the_limit(log: Log) -> None:
    """`after` is excluded; at most `limit` rows come."""
    offsets = log.append([entry(i) for i in "abcde"])
    assert ["c", "d"] == [row.entry.id for row in log.read(offsets[1], 2)]
    assert [] == log.read(log.end(), 10)


def test_a_batch_of_any_size_keeps_its_order(log: Log) -> None:
    """Rows are written many a statement; none is lost or turned at the seams."""
    ids = [f"e{n}" for n in range(299)]
    log.append([entry(i) for i in ids])
    assert ids == [row.entry.id for row in log.read(0, 500)]


def test_trim_forgets_the_old_but_never_the_newest(log: Log) -> None:
    """Offsets go on growing after everything was trimmed away."""
    offsets = log.append([entry(i) for i in "abc"])
    assert 2 == log.trim(offsets[2] + 100)
    assert ["c"] == [row.entry.id for row in log.read(0, 10)]
    assert log.append([entry("d")])[0] > offsets[2]


def test_an_empty_log_ends_at_zero(log: Log) -> None:
    """Nothing was ever written."""
    assert (0, []) == (log.end(), log.read(0, 1))


def test_every_field_survives_the_disk(log: Log) -> None:
    """A row's body is the whole entry."""
    full = entry(
        "full", visitor="v" * 26, page=Page("https://x.it/", "è", "https://y.it/"), properties={"a": [1, {"b": None}]},
        identifiers={"email_id": "a@b.it"}, attributes={"N": 1.5}, object=ObjectRef("cart", "c1"), user_agent="UA",
        ip="192.0.2.0", seq=7, activity=True, historical=True, consent="granted", causes=("x",), depth=2, contact=3,
        retracted=True, identify_mode="open",
    )  # fmt: skip
    log.append([full])
    assert [full] == [row.entry for row in log.read(0, 1)]


def test_a_body_of_an_older_version_is_read_with_defaults() -> None:
    """Fields are added at the end: a shorter row is one of before."""
    assert entry("a") == decode_entry(encode_entry(entry("a")))
    assert len(encode_entry(entry("a"))) < len(encode_entry(entry("a", ip="192.0.2.0")))


def rejections(folder: Path, log: SqliteLog) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    connection = log._connection
    return (
        connection.execute("SELECT site, code, hour, count FROM rejections").fetchall(),
        connection.execute("SELECT at, sample FROM rejection_samples ORDER BY at").fetchall(),
    )


def test_refusals_are_counted_exactly_and_the_last_twenty_kept(tmp_path: Path) -> None:
    """The counter knows all of an hour; the samples are a ring."""
    log = SqliteLog(tmp_path / "log.db")
    refused = [Rejection(n, 1, "bad_key", "events[0].key", "no", "site:1", sample=str(n)) for n in range(50)]
    log.append([], refused)
    counters, samples = rejections(tmp_path, log)
    assert [(1, "bad_key", 0, 50)] == counters
    assert [(n, str(n)) for n in range(30, 50)] == samples


def test_a_failed_append_leaves_nothing(tmp_path: Path) -> None:
    """Events and refusals of a request stand in one transaction."""
    log = SqliteLog(tmp_path / "log.db")
    poison = entry("\ud800")
    with pytest.raises(UnicodeEncodeError):
        log.append([entry("a"), poison], [Rejection(1, 1, "bad_id", "", "", "")])
    assert ([], ([], [])) == (log.read(0, 10), rejections(tmp_path, log))


def test_a_salt_stays_for_its_day_and_goes_after_two(tmp_path: Path) -> None:
    """Cookieless visitors cannot be recognised once the salt is deleted."""
    log = SqliteLog(tmp_path / "log.db")
    first = log.salts(100)
    assert [100, 101] == sorted(first)
    assert first[100] != first[101]
    assert first == log.salts(100)
    assert first[101] == log.salts(101)[101], "made the day before"
    assert first[100] != log.salts(100)[100]


def test_an_entry_that_is_encoded_already_is_appended_as_it_is(tmp_path: Path) -> None:
    """The row is the one that `append` would have written, so that a reader sees no difference."""
    log, given = SqliteLog(tmp_path / "log.db"), Entry("derived", "derived", 7, "d", "push", "k", 1, 2, contact=9)
    log.append([given])
    assert [2] == log.append_encoded([encode_entry(given)])
    first, second = log._connection.execute("SELECT id, site, received_at, body FROM log ORDER BY offset")
    assert first == second
    assert [given, given] == [row.entry for row in log.read(0, 10)]


def test_the_log_says_what_was_derived_last(tmp_path: Path) -> None:
    """A worker that starts again asks which of its words are in the log already."""
    log = SqliteLog(tmp_path / "log.db")
    said = [Entry("derived", "derived", 1, "d", "push", "k", 1, 2, retracted=gone) for gone in (False, True)]
    log.append([entry("a"), *said])
    assert {"d": encode_entry(said[1])} == log.said_after(0)
    assert {} == log.said_after(log.end())


def test_rows_that_an_erasure_blanked_are_passed_over(tmp_path: Path) -> None:
    """Their offsets stay, and a reader is not held up by a whole page of them."""
    log = SqliteLog(tmp_path / "log.db")
    log.append([entry(i) for i in "abcd"])
    log._connection.execute("UPDATE log SET body = x'' WHERE offset <= 3")
    assert ["d"] == [row.entry.id for row in log.read(0, 2)]


def test_the_first_row_since_an_instant_is_found_by_halving(tmp_path: Path) -> None:
    """The bound is included; behind the newest there is none."""
    log = SqliteLog(tmp_path / "log.db")
    log.append([msgspec.structs.replace(entry(f"e{n}"), received_at=n * 10) for n in range(100)])
    assert [1, 51, 52, 101] == [log.first_since(at) for at in (0, 500, 501, 991)]


def test_a_log_may_begin_behind_what_a_store_holds_already(tmp_path: Path) -> None:
    """From then on offsets are greater; nothing is read at the place itself, not even after a restart and a trim."""
    log = SqliteLog(tmp_path / "log.db")
    log.begin_behind(1_000, 2_000)
    assert (1_000, [], [], {}) == (log.end(), log.read(0, 10), log.newest(10), log.said_after(0))
    log.trim(5_000)
    log.close()
    log = SqliteLog(tmp_path / "log.db")
    assert [1_001] == log.append([entry("a")])
    assert [Row(1_001, entry("a"))] == log.read(0, 10)
