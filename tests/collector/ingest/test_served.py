"""What does a request do on the wire? Slow, long, chunked, broken off: over a real server and real sockets.

The deadline of 10 s is set to a fraction of a second for the tests that wait for it.
"""

import gzip
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from collector.event_id import pack_id
from collector.sqlite import connect
from tests.collector.ingest.sending import API_KEY, SITE, batch, event, written
from tests.collector.ingest.serving import Served, served
from tests.killed.wait import until

KIB = 1024
MAX_BODY = 512 * KIB
DEADLINE_S = 0.3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests: what one connection leaves behind, the next would meet."""
    with served(tmp_path_factory.mktemp("served")) as ready:
        yield ready


@pytest.fixture
def hurried(server: Served) -> Iterator[Served]:
    """The server, its patience short."""
    doors = server.doors
    for door in doors.values():
        door.deadline_s = DEADLINE_S
    yield server
    for door in doors.values():
        door.deadline_s = 10.0


def is_logged(server: Served, id: str) -> bool:
    """Whether the event was accepted."""
    with closing(connect(server.built.services.settings.log_path, readonly=True)) as log:
        return log.execute("SELECT 1 FROM log WHERE id = ?", (pack_id(id),)).fetchone() is not None


def check_alive(server: Served) -> None:
    """A good batch passes at once."""
    sent = event()
    assert 202 == server.post(batch(sent)).status
    assert is_logged(server, sent["id"])


def head(length: int | str, *, path: str = "/e", more: str = "") -> bytes:
    """The head of a request, by hand. length: of its body, or `chunked`."""
    framing = "Transfer-Encoding: chunked" if length == "chunked" else f"Content-Length: {length}"
    return (
        f"POST {path} HTTP/1.1\r\nHost: collector.example\r\nContent-Type: application/json\r\n"
        f"Origin: {SITE}\r\n{framing}\r\n{more}\r\n"
    ).encode()


def test_a_body_has_ten_seconds(server: Served) -> None:
    """Unless a test says otherwise."""
    assert {"/e", "/api/events", "/v1/batch"} <= server.doors.keys()
    assert {10.0} == {door.deadline_s for door in server.doors.values()}


def test_a_body_that_does_not_come_is_408(hurried: Served) -> None:
    """At the deadline and not before: to be sent again, readable by the page, on another connection."""
    content = batch(event())
    with hurried.connect() as connection:
        began = time.monotonic()
        connection.send(head(len(content)) + content[:20])
        answer = connection.answer()
        assert DEADLINE_S <= time.monotonic() - began < 5
        assert connection.is_over()
    assert (408, "1", SITE, "close") == (
        answer.status,
        answer.headers["retry-after"],
        answer.headers["access-control-allow-origin"],
        answer.headers["connection"],
    )
    assert ["malformed"] == [error["code"] for error in answer.json()["errors"]]
    check_alive(hurried)


def test_a_body_that_comes_drop_by_drop_is_408(hurried: Served) -> None:
    """The deadline is for the whole body, not for each piece of it."""
    content, sent = batch(event()), 0
    with hurried.connect() as connection:
        connection.send(head(len(content)))
        while sent < len(content) - 1 and not connection.has_answer(DEADLINE_S / 10):
            connection.send(content[sent : sent + 1])
            sent += 1
        assert 1 < sent < len(content) - 1
        assert 408 == connection.answer().status


def test_a_servers_body_has_the_same_deadline(hurried: Served) -> None:
    """Its key was good: it may try again."""
    with hurried.connect() as connection:
        connection.send(head(1_000, path="/api/events", more=f"api-key: {API_KEY}\r\n") + b"{")
        answer = connection.answer()
    assert (408, "1") == (answer.status, answer.headers["retry-after"])
    assert "access-control-allow-origin" not in answer.headers


def test_slow_bodies_keep_nobody_waiting(server: Served) -> None:
    """100 half-sent requests, and a good one is answered as ever; those that go on afterwards are taken too."""
    sent = [event() for _ in range(100)]
    contents = [batch(one) for one in sent]
    connections = [server.connect() for _ in sent]
    for connection, content in zip(connections, contents, strict=True):
        connection.send(head(len(content)) + content[:50])
    check_alive(server)
    for connection, content in zip(connections, contents, strict=True):
        connection.send(content[50:])
    assert [202] * 100 == [connection.answer().status for connection in connections]
    for connection in connections:
        connection.close()


@pytest.mark.parametrize("length", [4 * KIB * KIB + 1, 10**12, 2**63])
def test_a_declared_length_far_beyond_the_bound_is_413_at_once(server: Served, length: int) -> None:
    """Not a byte of the body is waited for; the page may read why, and the connection is not used again."""
    with server.connect() as connection:
        connection.send(head(length))
        answer = connection.answer()
        assert connection.is_over()
    assert (413, "close", SITE) == (
        answer.status,
        answer.headers["connection"],
        answer.headers["access-control-allow-origin"],
    )
    assert ["too_large"] == [error["code"] for error in answer.json()["errors"]]
    check_alive(server)


def test_a_body_beyond_the_bound_is_read_and_refused(server: Served) -> None:
    """The client that writes first and reads then gets its answer, not a broken pipe."""
    for size in (MAX_BODY + 1, 3 * KIB * KIB):
        answer = server.post(b" " * size)
        assert (413, ["too_large"]) == (answer.status, [error["code"] for error in answer.json()["errors"]])
    assert 202 == server.post(batch(event()).ljust(MAX_BODY)).status


def test_a_chunked_body_is_taken(server: Served) -> None:
    """Its length was not declared; whole, in pieces of any size."""
    for size in (1, 7, 100_000):
        sent = event()
        content = batch(sent)
        assert 202 == server.post(content[at : at + size] for at in range(0, len(content), size)).status
        assert is_logged(server, sent["id"])


def test_a_chunked_body_without_end_is_413(server: Served) -> None:
    """However much would follow, it is answered after 4 MiB, which nobody has kept."""
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with server.connect() as connection:
        connection.send(head("chunked") + chunk * 64)
        assert not connection.has_answer(0.1)
        connection.send(b"1\r\n \r\n")
        answer = connection.answer()
    assert (413, ["too_large"]) == (answer.status, [error["code"] for error in answer.json()["errors"]])
    check_alive(server)


def test_a_chunked_body_of_512_kib_is_taken(server: Served) -> None:
    """And not one byte less is the bound."""
    content = batch(event()).ljust(MAX_BODY)
    assert 202 == server.post(iter([content[: 300 * KIB], content[300 * KIB :]])).status
    assert 413 == server.post(iter([content[: 300 * KIB], content[300 * KIB :], b" "])).status


def test_gzip_on_the_wire_is_taken(server: Served) -> None:
    """With a declared length, and in chunks."""
    sent = [event() for _ in range(2)]
    whole, pieces = (gzip.compress(batch(one)) for one in sent)
    assert 202 == server.post(whole, content_encoding="gzip").status
    assert 202 == server.post(iter([pieces[:30], pieces[30:]]), content_encoding="gzip").status
    assert all(is_logged(server, one["id"]) for one in sent)


def test_a_gzip_bomb_on_the_wire_is_413(server: Served) -> None:
    """70 KB that would be 16 MB: it is refused in the time of half a MB."""
    bomb = gzip.compress(b"\0" * (16 * KIB * KIB), 1)
    assert len(bomb) < MAX_BODY
    began = time.monotonic()
    assert 413 == server.post(bomb, content_encoding="gzip").status
    assert time.monotonic() - began < 1
    check_alive(server)


def test_whoever_breaks_off_stores_nothing_and_harms_nobody(server: Served) -> None:
    """A connection that is closed in the middle of its body is no request."""
    sent = event()
    content = batch(sent)
    for keep in (0, 1, len(content) - 1):
        with server.connect() as connection:
            connection.send(head(len(content)) + content[:keep])
    check_alive(server)
    assert not is_logged(server, sent["id"])


def test_whoever_does_not_wait_for_the_answer_is_stored(server: Served) -> None:
    """A beacon of a page that is gone: the body is whole, nobody reads the 202."""
    sent = event()
    content = batch(sent)
    connection = server.connect()
    connection.send(head(len(content)) + content)
    connection.close()
    assert until(lambda: is_logged(server, sent["id"]), 10)


def test_a_connection_is_used_again(server: Served) -> None:
    """Answers and refusals that have read their body leave it open, in order, also when two requests come at once."""
    good, bad = batch(event()), batch(event(), write_key="wk_of_nobody")
    with server.connect() as connection:
        connection.send((head(len(good)) + good) + (head(len(bad)) + bad) + (head(len(good)) + good))
        assert [202, 401, 202] == [connection.answer().status for _ in range(3)]


def test_what_is_no_http_is_400(server: Served) -> None:
    """The server's own answer; the next request is taken."""
    for content in (
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
        b"POST /e HTTP/1.1\r\nbad header\r\n\r\n",
    ):
        with server.connect() as connection:
            connection.send(content)
            assert 400 == connection.answer().status
    check_alive(server)


def test_a_server_over_the_wire_is_answered(server: Served) -> None:
    """The secret door by real HTTP."""
    content = written({"events": [event()]})
    answer = server.post(content, "/api/events", content_type="application/json", api_key=API_KEY)
    assert (202, 1) == (answer.status, answer.json()["accepted"])
    assert "server" not in answer.headers
