"""What is happening now? `GET /api/events/stream`: server-sent events, each as it becomes known to the store.

    id: <log offset>        after a broken connection `Last-Event-ID` sends it back: nothing is missed, nothing doubled
    data: <event as JSON>

One task asks the store whether something was written; each stream then asks for its own news at its own pace. So a slow
consumer waits for nobody but itself, and no row is held in memory for it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from collector.api.events import FILTERS, query_of
from collector.api.frame.answer import encode
from collector.api.frame.auth import require
from collector.api.frame.operation import EVENT_STREAM, operation
from collector.api.frame.params import Params, is_digits, refuse
from collector.api.frame.problem import Problem
from collector.services import Services
from collector.store.ports.events import EventQuery, Events, StoredEvent
from collector.store.ports.store import StoreFailed
from collector.told.event import answer_of

log = logging.getLogger(__name__)

LOOK_S = 0.02
QUIET_LOOK_S = 0.2
QUIET_AFTER_S = 10.0
HEARTBEAT_S = 15.0
CHUNK = 200
MAX_STREAMS = 200


class Tail:
    """Knows when the store has news. One a process; it asks only while somebody listens.

    `close` ends every stream at once: call it when the process is told to stop, before connections are waited for.
    """

    def __init__(self, events: Events, *, heartbeat_s: float = HEARTBEAT_S, max_streams: int = MAX_STREAMS) -> None:
        """heartbeat_s: silence after which a stream says that it lives."""
        self.heartbeat_s, self._max_streams = heartbeat_s, max_streams
        self._events = events
        self._turn = 0
        self._streams = 0
        self._news, self._listened = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.closed = False

    async def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._look())

    def close(self) -> None:
        """End every stream and open none any more. May be called twice."""
        self.closed = True
        self._wake()

    async def stop(self) -> None:
        """Close and look no more."""
        self.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _wake(self) -> None:
        self._turn += 1
        rung, self._news = self._news, asyncio.Event()
        rung.set()

    async def _look(self) -> None:
        """Ask for the store's version: often while it changes, seldom when it is quiet, never when nobody listens."""
        version, changed_at = -1, 0.0
        now = asyncio.get_running_loop().time
        while not self.closed:
            await self._listened.wait()
            found = await self._version(version)
            if found != version:
                version, changed_at = found, now()
                self._wake()
            await asyncio.sleep(LOOK_S if now() - changed_at < QUIET_AFTER_S else QUIET_LOOK_S)

    async def _version(self, last: int) -> int:
        """The store's version; the last one when it cannot say now."""
        try:
            return await self._events.version()
        except StoreFailed as error:
            log.warning("the live tail cannot look: %s", error)
            return last

    async def follow(self, query: EventQuery, after: int) -> AsyncGenerator[list[StoredEvent], None]:
        """News of the query behind offset `after`, as they come; an empty list for each heartbeat. Ends at `close`."""
        self._listening(1)
        try:
            while not self.closed:
                turn = self._turn
                found, upto = await self._events.news(query, after=after, limit=CHUNK)
                if found:
                    yield found
                if upto > after:
                    after = upto
                elif not await self._changed(turn):
                    yield []
        finally:
            self._listening(-1)

    def _listening(self, more: int) -> None:
        self._streams += more
        (self._listened.set if self._streams else self._listened.clear)()

    async def _changed(self, turn: int) -> bool:
        """Wait until something was written after `turn`; False when a heartbeat is due first."""
        if turn != self._turn or self.closed:
            return True
        try:
            async with asyncio.timeout(self.heartbeat_s):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    def admit(self) -> None:
        """Raises Problem 503 when there is no room for one more stream."""
        if self.closed or self._streams >= self._max_streams:
            raise Problem(503, "No more live streams now. Try again.", headers={"Retry-After": "5"})


async def lines(tail: Tail, query: EventQuery, after: int) -> AsyncIterator[bytes]:
    """The body of a stream. It ends, for the client to come back, when the store cannot answer."""
    yield b"retry: 1000\n\n"
    try:
        async with aclosing(tail.follow(query, after)) as news:
            async for found in news:
                yield b"".join(message(event) for event in found) or b":\n\n"
    except StoreFailed as error:
        log.warning("a live stream was ended: %s", error)


def message(event: StoredEvent) -> bytes:
    """One server-sent event. JSON has no line break inside."""
    return b"id: %d\ndata: %b\n\n" % (event.offset, encode(answer_of(event)))


def last_seen(request: Request) -> int | None:
    """The offset in `Last-Event-ID`, None without the header. Raises Problem 400."""
    text = request.headers.get("last-event-id", "")
    if text and not is_digits(text):
        refuse("Last-Event-ID", "the id of an event of this stream: a number")
    return int(text) if text else None


def routes(services: Services, tail: Tail) -> list[Route]:
    """The stream. Its route must come before `/api/events/<id>`."""
    events = services.store.events

    @operation(query=FILTERS, headers=("Last-Event-ID",), answers={200: EVENT_STREAM})
    async def stream(request: Request) -> StreamingResponse:
        """Events as they are stored, as server-sent events; Last-Event-ID goes on where a connection broke."""
        query = query_of(Params(request, FILTERS))
        tail.admit()
        seen = last_seen(request)
        after = await events.end() if seen is None else seen
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(lines(tail, query, after), 200, headers, "text/event-stream")

    return [Route("/api/events/stream", require(services, "read", stream), methods=["GET"])]
