"""Another process holds a file's lock: what is said meanwhile, and is all well afterwards?"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.sqlite import connect
from tests.killed.check import check_all, wait_drained
from tests.killed.load import envelope, page_visited
from tests.killed.process import Deployment
from tests.killed.wait import until


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's write lock, as a backup tool or a careless shell would. This is another process than serve."""
    connection = connect(path, busy_ms=30_000)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def batch(rng: random.Random, events: int) -> tuple[set[str], bytes]:
    """Ids and body of a batch."""
    sent = [page_visited(rng, time.time_ns() // 1_000_000) for _ in range(events)]
    return {event["id"] for event in sent}, envelope(sent)


def test_a_locked_log_is_503_and_recovers(deployment: Deployment) -> None:
    """Events get 503 with Retry-After, /readyz says so; when the lock is gone the same ids are taken, once."""
    deployment.start()
    rng = random.Random(1)
    first, body = batch(rng, 3)
    assert 202 == deployment.post(body).status
    again, body = batch(rng, 5)
    with locked(deployment.log_path):
        answer = deployment.post(body)
        assert 503 == answer.status
        assert int(answer.headers["retry-after"]) >= 1
        assert 503 == deployment.get("/readyz").status
        assert 200 == deployment.get("/healthz").status
    answer = deployment.post(body)
    assert (202, 5, 0) == (answer.status, answer.json()["accepted"], answer.json()["duplicates"])
    assert 200 == deployment.get("/readyz").status
    wait_drained(deployment)
    check_all(deployment, acked=first | again, sent=first | again)


def test_a_short_lock_is_only_waited_for(deployment: Deployment) -> None:
    """An event that comes while the log is locked for less than 5 s is acknowledged when it is free."""
    deployment.start()
    ids, body = batch(random.Random(2), 7)
    with ThreadPoolExecutor() as elsewhere:
        with locked(deployment.log_path):
            answer = elsewhere.submit(deployment.post, body)
            until(lambda: b"sentiero_queue_depth 7.0" in deployment.get("/metrics").body, 5)
            assert not answer.done()
        assert 202 == answer.result().status
    wait_drained(deployment)
    check_all(deployment, acked=ids, sent=ids)


@pytest.mark.parametrize("seconds", [0.5, 5.5], ids=["shorter than the busy timeout", "longer than the busy timeout"])
def test_a_locked_store_does_not_keep_events_out(deployment: Deployment, seconds: float) -> None:
    """Events are taken and answered at once while the store is locked; then the worker catches up by itself."""
    deployment.start()
    rng, acked = random.Random(3), set()
    deadline = time.monotonic() + seconds
    with locked(deployment.store_path):
        while time.monotonic() < deadline:
            ids, body = batch(rng, 20)
            began = time.monotonic()
            assert 202 == deployment.post(body).status
            assert time.monotonic() - began < 3
            acked |= ids
            time.sleep(0.02)
        assert 200 == deployment.get("/api/events").status
        worker = deployment.worker_pid()
    wait_drained(deployment)
    check_all(deployment, acked=acked, sent=acked)
    assert worker == deployment.worker_pid()
    until(lambda: deployment.get("/readyz").status == 200, 10)
