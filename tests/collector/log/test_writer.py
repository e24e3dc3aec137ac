"""The writer: real thread, real file, real event loop."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from collector.log.entry import Entry
from collector.log.port import Rejection
from collector.log.sqlite import SqliteLog
from collector.log.writer import MAX_EVENTS, Overloaded, WriteFailed, Writer, Written
from collector.sqlite import connect


def entry(id: str) -> Entry:
    return Entry("site:1", "tracker", 1, id, "website", "page_visited", 1_000, 2_000)


def stored(path: Path) -> list[str]:
    """Ids in the file, read by somebody else."""
    log = SqliteLog(path)
    try:
        return [row.entry.id for row in log.read(0, 100_000)]
    finally:
        log.close()


def with_writer(path: Path, play: Callable[[Writer], Awaitable[None]]) -> None:
    """Start a writer on the file, play, stop it."""

    async def run() -> None:
        writer = Writer(SqliteLog(path))
        writer.start()
        try:
            await play(writer)
        finally:
            await writer.stop()

    asyncio.run(run())


def test_what_was_acknowledged_is_on_disk(tmp_path: Path) -> None:
    """When `write` returns, another connection sees the rows."""

    async def play(writer: Writer) -> None:
        assert Written(2, 0) == await writer.write([entry("a"), entry("b")])
        assert ["a", "b"] == await asyncio.to_thread(stored, tmp_path / "log.db")

    with_writer(tmp_path / "log.db", play)


def test_requests_at_once_share_commits_and_all_arrive(tmp_path: Path) -> None:
    """A hundred requests of one event each end, and each event is there once."""

    async def play(writer: Writer) -> None:
        await asyncio.gather(*(writer.write([entry(f"e{n}")]) for n in range(100)))

    with_writer(tmp_path / "log.db", play)
    assert sorted(f"e{n}" for n in range(100)) == sorted(stored(tmp_path / "log.db"))


def test_a_twin_is_a_duplicate_also_while_the_first_is_being_written(tmp_path: Path) -> None:
    """The leaving beacon and the retry carry the same id at the same time: one row."""

    async def play(writer: Writer) -> None:
        both = await asyncio.gather(writer.write([entry("a")]), writer.write([entry("a"), entry("a")]))
        assert [Written(1, 0), Written(0, 2)] == both
        assert Written(0, 1) == await writer.write([entry("a")])

    with_writer(tmp_path / "log.db", play)
    assert ["a"] == stored(tmp_path / "log.db")


def test_a_door_remembers_its_ids_over_a_restart(tmp_path: Path) -> None:
    """A client that did not hear the answer sends again to the new process."""

    async def first(writer: Writer) -> None:
        await writer.write([entry("a")])

    async def again(writer: Writer) -> None:
        assert Written(0, 1) == await writer.write([entry("a")])

    with_writer(tmp_path / "log.db", first)
    with_writer(tmp_path / "log.db", again)
    assert ["a"] == stored(tmp_path / "log.db")


def test_a_row_that_cannot_be_bound_dies_alone(tmp_path: Path) -> None:
    """Its neighbours, in the same commit, are stored; it is kept among the refusals, and the writer lives."""

    async def play(writer: Writer) -> None:
        written = await asyncio.gather(
            writer.write([entry("a")]), writer.write([entry("\ud800"), entry("b")]), writer.write([entry("c")])
        )
        assert [Written(1, 0), Written(1, 0, (0,)), Written(1, 0)] == written
        assert Written(1, 0) == await writer.write([entry("d")])
        assert writer.alive

    with_writer(tmp_path / "log.db", play)
    assert ["a", "b", "c", "d"] == stored(tmp_path / "log.db")
    connection = connect(tmp_path / "log.db", readonly=True)
    assert [("malformed", 1)] == connection.execute("SELECT code, count FROM rejections").fetchall()
    connection.close()


def test_a_locked_file_fails_the_write_and_the_same_id_may_come_again(tmp_path: Path) -> None:
    """Another process holds the lock for too long: nobody is told that the event is stored; later it is."""

    async def play(writer: Writer) -> None:
        writer._log._connection.execute("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(WriteFailed):
            await writer.write([entry("a")])
        assert not writer.alive
        other.execute("ROLLBACK")
        other.close()
        assert Written(1, 0) == await writer.write([entry("a")])
        assert writer.alive

    with_writer(tmp_path / "log.db", play)
    assert ["a"] == stored(tmp_path / "log.db")


def test_a_full_queue_refuses_the_public_before_the_secret_door(tmp_path: Path) -> None:
    """80 % for everybody, 20 % more for the secret API; what got in is written."""

    async def play(writer: Writer) -> None:
        share = int(MAX_EVENTS * 0.8)
        first = asyncio.create_task(writer.write([entry(f"p{n}") for n in range(share)]))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as refused:
            await writer.write([entry("more")])
        assert refused.value.retry_after_s >= 1
        await writer.write([entry("secret")], reserved=True)
        await first

    with_writer(tmp_path / "log.db", play)
    assert int(MAX_EVENTS * 0.8) + 1 == len(stored(tmp_path / "log.db"))


def test_refusals_are_kept_without_waiting(tmp_path: Path) -> None:
    """A whole request that was refused leaves a row; stop waits for it."""

    async def play(writer: Writer) -> None:
        writer.note(Rejection(1, 0, "key_unknown", "write_key", "no", "e"))

    with_writer(tmp_path / "log.db", play)
    connection = connect(tmp_path / "log.db", readonly=True)
    assert [("key_unknown", 1)] == connection.execute("SELECT code, count FROM rejections").fetchall()
    connection.close()


def test_a_client_that_leaves_does_not_take_the_answer_of_its_twin_along(tmp_path: Path) -> None:
    """The first request is cancelled while its event is being written; the second still learns that it is stored."""

    async def play(writer: Writer) -> None:
        first = asyncio.create_task(writer.write([entry("a")]))
        second = asyncio.create_task(writer.write([entry("a")]))
        await asyncio.sleep(0)
        first.cancel()
        assert Written(0, 1) == await second

    with_writer(tmp_path / "log.db", play)
    assert ["a"] == stored(tmp_path / "log.db")
