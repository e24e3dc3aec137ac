"""Told to leave, under load: it leaves within 10 s, and takes nothing that was acknowledged along."""

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.killed.check import check_all, check_log_alone, wait_drained
from tests.killed.load import Load
from tests.killed.process import API_KEY, LEAVE_S, SLACK, Deployment, end
from tests.killed.wait import until

ROUNDS = 2
STREAM = f"GET /api/events/stream HTTP/1.1\r\nHost: a\r\napi-key: {API_KEY}\r\n\r\n".encode()
IDLE = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
HALF = b'POST /e HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 500\r\n\r\n{"write_key":'
HEAD_ONLY = b"POST /e HTTP/1.1\r\nHost: a\r\nContent-Ty"


@contextmanager
def connection(deployment: Deployment, said: bytes, *, answer: bytes = b"") -> Iterator[socket.socket]:
    """A connection on which that was sent, and which stays open. answer: wait until that has come."""
    assert deployment.port is not None
    with socket.create_connection(("127.0.0.1", deployment.port), timeout=10) as link:
        link.sendall(said)
        received = b""
        while answer not in received:
            received += link.recv(65_536)
        yield link


def test_nothing_acknowledged_is_lost_by_sigterm(deployment: Deployment) -> None:
    """Under load it leaves within 10 s with its queue written; started again, what follows from the log is right."""
    load = Load(lambda: deployment.port, seed=1)
    deployment.start()
    load.start()
    for number in range(1, ROUNDS + 1):
        until(lambda enough=300 * number: len(load.acked) > enough, 30)  # type: ignore[misc]  # a lambda's default
        assert deployment.terminate() < LEAVE_S * SLACK
        assert [] == deployment.processes("work")
        check_log_alone(deployment, acked=set(load.acked), sent=set(load.sent))
        deployment.start()
    load.stop(within_s=30)
    wait_drained(deployment)
    check_all(deployment, acked=load.acked, sent=load.sent)
    assert [] == load.surprises[:5]


@pytest.mark.parametrize(
    ("open_", "answer"),
    [
        pytest.param(STREAM, b"retry:", id="a live stream"),
        pytest.param(IDLE, b"alive", id="an idle connection"),
        pytest.param(HEAD_ONLY, b"", id="half a head"),
    ],
)
def test_open_connections_do_not_keep_it(deployment: Deployment, open_: bytes, answer: bytes) -> None:
    """It leaves within 10 s while somebody holds a connection open and never ends what was begun."""
    deployment.start()
    with connection(deployment, open_, answer=answer):
        assert deployment.terminate() < LEAVE_S * SLACK
    assert [] == deployment.processes("work")


def test_worker_and_serve_told_at_once_leave_in_peace(deployment: Deployment) -> None:
    """A service manager and Ctrl-C tell the whole group: neither process crashes, neither starts the other again."""
    deployment.start()
    end(deployment.wait_at_work(within_s=30), signal.SIGTERM)
    assert deployment.terminate() < LEAVE_S * SLACK
    until(lambda: not deployment.processes("work"), 10)
    assert "Fatal" not in deployment.output
    assert "Traceback" not in deployment.output


def test_it_leaves_with_everything_open_and_under_load(deployment: Deployment) -> None:
    """A stream, an idle connection, half a body, half a head, senders: gone within 10 s, and nothing is lost."""
    deployment.start()
    load = Load(lambda: deployment.port, seed=2)
    load.start()
    with ExitStack() as open_:
        for said, answer in ((STREAM, b"retry:"), (IDLE, b"alive"), (HALF, b""), (HEAD_ONLY, b"")):
            open_.enter_context(connection(deployment, said, answer=answer))
        until(lambda: len(load.acked) > 300, 30)
        assert deployment.terminate() < LEAVE_S * SLACK
    load.stop(within_s=30, give_up=True)
    check_log_alone(deployment, acked=load.acked, sent=load.sent)


def test_a_stream_is_ended_properly(deployment: Deployment) -> None:
    """A live stream reads its end, the last chunk included, so that the client comes back and misses nothing."""
    deployment.start()
    with connection(deployment, STREAM, answer=b"retry:") as stream:
        deployment.terminate()
        received = b""
        while chunk := stream.recv(65_536):
            received += chunk
        assert received.endswith(b"0\r\n\r\n")
