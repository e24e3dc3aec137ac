"""No room left: what is said meanwhile, and is all well when there is room again? Real errors of a real system.

A small file system where the machine lets us mount one (root on Linux); everywhere a limit of file size, which the
system enforces on each write of the process (`EFBIG` where a full disk says `ENOSPC`) and which can be lifted while
the process runs.
"""

import asyncio
import os
import random
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.log.writer import WriteFailed, Writer, Written
from collector.sqlite import connect
from tests.killed.check import check_all, check_log_alone, wait_drained
from tests.killed.load import Load, envelope, page_visited
from tests.killed.process import Deployment
from tests.killed.wait import until

UNLIMITED = resource.RLIM_INFINITY
NO_ROOM = 32 * 1024  # bytes a file: the write-ahead logs are longer
FILE_SYSTEM_MIB = 24
WAL_HEADER, WAL_FRAME = 32, 24 + 4096
PLENTY = "x" * 8_000
FULL_TIMES = 4


def limit(pid: int | None, size: int) -> None:
    """From now on no file of the process may grow beyond `size` bytes. Python ignores the signal that says so."""
    if pid is not None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, UNLIMITED))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Deployment]:
    """A deployment whose data folder is a file system of its own. Skips where none may be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={FILE_SYSTEM_MIB}m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no file system can be mounted here; the tests with a limit of file size do run")
    deployment = Deployment(tmp_path, data=folder / "data")
    yield deployment
    deployment.close()
    unmount = ["umount", str(folder)]  # busy as long as a killed process is not quite gone
    until(lambda: subprocess.run(unmount, capture_output=True, check=False).returncode == 0, 30)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Take all the room that is left there; give it back at the end."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        ballast.unlink()


def batch(rng: random.Random) -> tuple[set[str], bytes]:
    """Ids and body of a batch of some 80 KB."""
    events = [page_visited(rng, time.time_ns() // 1_000_000, properties={"p": PLENTY}) for _ in range(10)]
    return {event["id"] for event in events}, envelope(events)


def post_until_refused(deployment: Deployment, rng: random.Random) -> tuple[set[str], set[str], bytes]:
    """(ids that were acknowledged, ids of the batch that was refused, its body)."""
    acked: set[str] = set()
    for _ in range(1_000):
        ids, body = batch(rng)
        answer = deployment.post(body)
        if answer.status != 202:
            assert 503 == answer.status, answer
            assert "overloaded" == answer.json()["errors"][0]["code"]
            assert int(answer.headers["retry-after"]) >= 1
            return acked, ids, body
        acked |= ids
    raise AssertionError("80 MB have found room")


def check_full(deployment: Deployment) -> None:
    """Serve lives, says that it is not ready, and answers questions."""
    assert 200 == deployment.get("/healthz").status
    assert 503 == deployment.get("/readyz").status
    assert 200 == deployment.get("/api/events?limit=1").status


def check_recovered(deployment: Deployment, acked: set[str], refused: set[str], body: bytes) -> None:
    """The same process takes the same ids, each once, and the worker catches up."""
    answer = deployment.post(body)
    assert (202, len(refused), 0) == (answer.status, answer.json()["accepted"], answer.json()["duplicates"])
    until(lambda: deployment.get("/readyz").status == 200, 10)
    wait_drained(deployment)
    check_all(deployment, acked=acked | refused, sent=acked | refused)


def test_a_full_file_system_is_503_and_recovers(small: Deployment) -> None:
    """503 with Retry-After while there is no room; nothing acknowledged is lost; room again: 202 without a restart."""
    small.start()
    pids, rng = (small.serve_pid, small.wait_at_work(within_s=30)), random.Random(1)
    first, body = batch(rng)
    assert 202 == small.post(body).status
    with filled(small.data.parent):
        acked, refused, body = post_until_refused(small, rng)
        check_full(small)
        check_log_alone(small, acked=first | acked, sent=first | acked)
    check_recovered(small, first | acked, refused, body)
    assert pids == (small.serve_pid, small.worker_pid())


def test_killed_on_a_full_file_system_it_starts_when_there_is_room(small: Deployment) -> None:
    """SIGKILL while the disk is full takes nothing along that was acknowledged."""
    small.start()
    rng = random.Random(2)
    with filled(small.data.parent):
        acked, refused, body = post_until_refused(small, rng)
        small.kill()
    small.start()
    check_recovered(small, acked, refused, body)


def test_a_file_size_limit_is_503_and_recovers(deployment: Deployment) -> None:
    """The same by a limit of file size, which needs no rights."""
    deployment.start()
    rng = random.Random(3)
    first, body = batch(rng)
    assert 202 == deployment.post(body).status
    limit(deployment.serve_pid, NO_ROOM)
    acked, refused, body = post_until_refused(deployment, rng)
    check_full(deployment)
    check_log_alone(deployment, acked=first | acked, sent=first | acked)
    limit(deployment.serve_pid, UNLIMITED)
    check_recovered(deployment, first | acked, refused, body)


def test_a_store_without_room_keeps_no_event_out(deployment: Deployment) -> None:
    """While the worker cannot write, events are taken all the same; with room again it catches up by itself."""
    deployment.start()
    worker, rng, acked = deployment.wait_at_work(within_s=30), random.Random(4), set()
    limit(worker, NO_ROOM)
    for _ in range(5):
        ids, body = batch(rng)
        assert 202 == deployment.post(body).status
        acked |= ids
    until(lambda: "will be tried again" in deployment.output, 10)
    limit(worker, UNLIMITED)
    wait_drained(deployment)
    check_all(deployment, acked=acked, sent=acked)
    assert worker == deployment.worker_pid()


def test_a_disk_that_is_full_again_and_again_loses_nothing(deployment: Deployment) -> None:
    """Under load both processes run out of room several times, in the middle of whatever they do."""
    deployment.start()
    worker = deployment.wait_at_work(within_s=30)
    load = Load(lambda: deployment.port, seed=5)
    load.start()
    for _ in range(FULL_TIMES):
        refused, acked = load.refused, len(load.acked)
        until(lambda enough=acked + 200: len(load.acked) > enough, 30)  # type: ignore[misc]  # a lambda's default
        for pid in (deployment.serve_pid, worker):
            limit(pid, NO_ROOM)
        until(lambda before=refused: load.refused > before + 5, 30)  # type: ignore[misc]
        for pid in (deployment.serve_pid, worker):
            limit(pid, UNLIMITED)
    load.stop(within_s=30)
    wait_drained(deployment)
    check_all(deployment, acked=load.acked, sent=load.sent)
    assert [] == load.surprises[:5]
    assert worker == deployment.worker_pid()


# The Nth write --------------------------------------------------------------------------------------------------------


def entry(id: str, **properties: str) -> Entry:
    return Entry("site:1", "tracker", 1, id, "website", "page_visited", 1_000, 2_000, properties=properties)


def empty_wal(path: Path) -> None:
    """So that the next commit's first page is the first of the write-ahead log."""
    with closing(connect(path)) as connection:
        assert 0 == connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def test_whichever_write_of_a_commit_fails_nothing_of_it_is_there(tmp_path: Path) -> None:
    """Of a commit of over 200 pages the Nth is torn, for each N from 1 to 200: it is refused, the next is taken."""
    path = tmp_path / "log.db"
    torn = [entry(f"torn-{n}", p=PLENTY) for n in range(100)]

    async def play() -> None:
        writer = Writer(SqliteLog(path))
        writer.start()
        for nth in range(1, 201):
            empty_wal(path)
            limit(os.getpid(), WAL_HEADER + nth * WAL_FRAME - 1_000)
            try:
                with pytest.raises(WriteFailed):
                    await writer.write(torn)
            finally:
                limit(os.getpid(), UNLIMITED)
            assert Written(1, 0) == await writer.write([entry(f"after-{nth}")])
            assert writer.alive
        assert Written(100, 0) == await writer.write(torn)
        await writer.stop()

    asyncio.run(play())
    log = SqliteLog(path)
    there = [row.entry.id for row in log.read(0, 1_000)]
    log.close()
    assert [f"after-{nth}" for nth in range(1, 201)] + [e.id for e in torn] == there
