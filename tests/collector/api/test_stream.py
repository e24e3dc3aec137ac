"""`GET /api/events/stream`, over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from collector.api.frame.problem import Problem
from collector.api.stream import Tail
from collector.store.ports.events import EventQuery, News
from collector.store.ports.store import StoreFailed
from tests.collector.api.asking import HEADERS, Client, Door, door
from tests.collector.store.rows import Rows

PATIENCE_S = 10

Live = Callable[[httpx.AsyncClient, Door], Awaitable[None]]


def live(rows: Rows, does: Live, **given: Any) -> None:
    """Serve the folder on a free port while `does` runs, at most PATIENCE_S."""

    async def run() -> None:
        async with asyncio.timeout(PATIENCE_S), serving(rows, **given) as (http, parts):
            await does(http, parts)

    asyncio.run(run())


@asynccontextmanager
async def serving(rows: Rows, **given: Any) -> AsyncIterator[tuple[httpx.AsyncClient, Door]]:
    """A server and who asks it."""
    parts = door(rows.folder, **given)
    server = uvicorn.Server(uvicorn.Config(parts.app, port=0, log_level="warning", timeout_graceful_shutdown=2))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, timeout=PATIENCE_S) as http:
        yield http, parts
        parts.tail.close()
    server.should_exit = True
    await task


@asynccontextmanager
async def listening(
    http: httpx.AsyncClient, query: str = "", **headers: str
) -> AsyncIterator[Callable[[], Awaitable[tuple[int, dict[str, Any]]]]]:
    """A stream that has begun; call what is given for its next (id, event)."""
    async with http.stream("GET", f"/api/events/stream?{query}", headers=headers) as answer:
        assert 200 == answer.status_code
        assert "text/event-stream; charset=utf-8" == answer.headers["content-type"]
        lines = aiter(answer.aiter_lines())
        assert "retry: 1000" == await anext(lines)

        async def following() -> tuple[int, dict[str, Any]]:
            offset = 0
            async for line in lines:
                if line.startswith("id: "):
                    offset = int(line[4:])
                if line.startswith("data: "):
                    return offset, json.loads(line[6:])
            raise EOFError

        yield following


def test_an_event_arrives_as_it_is_recorded(rows: Rows) -> None:
    """Those from before are not told again; the id is the log offset, the data what `/api/events/<id>` answers."""
    rows.event("10:00")

    async def does(http: httpx.AsyncClient, parts: Door) -> None:
        async with listening(http) as following:
            rows.event("11:00", properties={"text": "two\nlines"})
            offset, event = await following()
            assert 2 == offset
            assert (await http.get("/api/events/e2")).json() == event
            rows.event("09:00")
            assert 3 == (await following())[0]

    live(rows, does)


def test_a_broken_connection_goes_on_where_it_was(rows: Rows) -> None:
    """Behind `Last-Event-ID`, what was recorded meanwhile comes first, each once."""
    for n in range(1, 6):
        rows.event("10:00", "odd" if n % 2 else "even", category="custom")

    async def does(http: httpx.AsyncClient, parts: Door) -> None:
        async with listening(http, **{"last-event-id": "1"}) as following:
            assert [2, 3, 4, 5] == [(await following())[0] for _ in range(4)]
        async with listening(http, "key=odd", **{"last-event-id": "1"}) as following:
            assert [3, 5] == [(await following())[0] for _ in range(2)]
            rows.event("10:00", "even", category="custom")
            rows.event("10:00", "odd", category="custom")
            assert 7 == (await following())[0]

    live(rows, does)


def test_silence_is_filled_with_heartbeats(rows: Rows) -> None:
    """A comment, so that whatever stands between does not take the connection for dead."""

    async def does(http: httpx.AsyncClient, parts: Door) -> None:
        async with http.stream("GET", "/api/events/stream") as answer:
            beats = 0
            async for line in answer.aiter_lines():
                beats += line == ":"
                if beats == 3:
                    break
            assert 3 == beats

    live(rows, does, heartbeat_s=0.02)


def test_who_does_not_read_holds_nobody_up(rows: Rows) -> None:
    """One consumer stands still behind more than its socket takes; another gets every event."""
    big = {"text": "x" * 60_000}

    async def does(http: httpx.AsyncClient, parts: Door) -> None:
        async with (
            http.stream("GET", "/api/events/stream", headers={"last-event-id": "0"}),
            listening(http) as following,
        ):
            for n in range(1, 101):
                rows.event("10:00", properties=big)
                assert n == (await following())[0]

    live(rows, does)


def test_streams_end_when_the_tail_is_closed(rows: Rows) -> None:
    """So that a process that is told to stop need not wait; a new stream is refused for now."""

    async def does(http: httpx.AsyncClient, parts: Door) -> None:
        async with listening(http) as following:
            parts.tail.close()
            with pytest.raises(EOFError):
                await following()
        answer = await http.get("/api/events/stream")
        assert (503, "5") == (answer.status_code, answer.headers["retry-after"])

    live(rows, does)


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("limit=1", {}, 400),
        ("order=recorded", {}, 400),
        ("contact=x", {}, 400),
        ("", {"last-event-id": "soon"}, 400),
        ("", {"last-event-id": "-1"}, 400),
        ("", {"api-key": "sk_other"}, 401),
    ],
)
def test_what_is_not_understood_is_refused(client: Client, query: str, headers: dict[str, str], status: int) -> None:
    """Before the stream begins."""
    assert status == client.get(f"/api/events/stream?{query}", headers=headers).status_code


class Store:
    """Events that are never there, from a store that fails when it is first asked for its version."""

    def __init__(self) -> None:
        self.asked = 0
        self.written = False
        self.looked_after = asyncio.Event()

    async def version(self) -> int:
        """Fails once; then something was written."""
        self.asked += 1
        if self.asked == 1:
            raise StoreFailed("locked")
        self.written = True
        return 1

    async def news(self, query: EventQuery, *, after: int, limit: int) -> News:
        """Nothing that matches, but the offset moves."""
        if self.written:
            self.looked_after.set()
        return News([], int(self.written))


def test_a_store_that_fails_is_asked_again() -> None:
    """The look-out goes on after an error, and nothing is asked while nobody listens."""

    async def run() -> None:
        store = Store()
        tail = Tail(store, heartbeat_s=60)  # type: ignore[arg-type]  # what a tail needs of it
        await tail.start()
        for _ in range(10):
            await asyncio.sleep(0)
        assert 0 == store.asked
        follower = asyncio.create_task(anext(aiter(tail.follow(EventQuery(), 0)), None))
        await store.looked_after.wait()
        await tail.stop()
        assert None is await follower

    asyncio.run(run())


def test_only_so_many_streams_are_open() -> None:
    """One more is refused with a time to come back."""

    async def run() -> None:
        tail = Tail(Store(), max_streams=1)  # type: ignore[arg-type]  # what a tail needs of it
        follower = asyncio.create_task(anext(aiter(tail.follow(EventQuery(), 0)), None))
        await asyncio.sleep(0)
        with pytest.raises(Problem, match="503"):
            tail.admit()
        tail.close()
        await follower

    asyncio.run(run())
