"""How soon is an event seen? From the instant at which it should be sent until it is in `/api/events/stream`.

Two hundred a second, one a request, evenly spaced; a request that has to wait for its turn is late from then on.
"""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from time import time_ns

import uvloop

from e2e.load.accept import singles, tokens_of
from e2e.load.client import Connection, follow
from e2e.load.deployment import API_KEY, DRAIN_S, Folder, serving
from e2e.load.figure import Figure, Limit, middle
from e2e.load.traffic import ID, NEW_SHARE, uuid7

PER_SECOND = 200
SECONDS, RUNS = 8, 3
CONNECTIONS = 16
PATIENCE_S = 10.0
PATH = "/api/events/stream?key=page_visited"

_ID = re.compile(rb'"id":"([^"]+)"')


def measure(scratch: Path) -> list[Figure]:
    """The slowest of a hundred, with one listener."""
    folder = Folder(scratch / "stream")
    with serving(folder, worker=True) as server:
        tokens = asyncio.run(tokens_of(server.port))
        templates = singles(server.port, tokens, new_share=NEW_SHARE)
        folder.drained(DRAIN_S)
        runs = [quantiles(uvloop.run(_delays(server.port, templates)), n=100) for _ in range(RUNS)]
    folder.close()
    slowest = [cuts[98] for cuts in runs]
    return [
        Figure(
            name="stream_p99",
            what=f"stream: {PER_SECOND}/s, from being sent to being seen, 99 of 100",
            figure=middle(slowest),
            unit="ms",
            limit=Limit("at most", 150),
            ids="uuidv7",
            batch=1,
            worker=True,
            runs=slowest,
            details={"p50_ms": middle([cuts[49] for cuts in runs]), "events": PER_SECOND * SECONDS * RUNS},
        )
    ]


async def _delays(port: int, templates: Sequence[bytes]) -> list[float]:
    """Milliseconds until each event was seen. Raises TimeoutError when one is not."""
    loop, chance = asyncio.get_running_loop(), random.Random()
    due: dict[bytes, float] = {}
    watch = Watch(PER_SECOND * SECONDS)
    async with _listening(port, watch), asyncio.TaskGroup() as senders:
        free = asyncio.Queue[Connection]()
        for _ in range(CONNECTIONS):
            free.put_nowait(await Connection.open(port))
        start = loop.time()
        for number, template in enumerate(islice(cycle(templates), watch.expected)):
            at = start + number / PER_SECOND
            await asyncio.sleep(max(0.0, at - loop.time()))
            id = uuid7(time_ns() // 1_000_000, chance).encode()
            due[id] = at
            senders.create_task(_send(free, template.replace(ID.encode(), id)))
        async with asyncio.timeout(PATIENCE_S):
            await watch.all_seen.wait()
    return [(watch.seen[id] - at) * 1000 for id, at in due.items()]


class Watch:
    """What the listener has seen: id → when, by the loop's clock."""

    def __init__(self, expected: int) -> None:
        self.expected, self.all_seen = expected, asyncio.Event()
        self.seen: dict[bytes, float] = {}

    def note(self, message: bytes, at: float) -> None:
        """One message of the stream."""
        if found := _ID.search(message):
            self.seen.setdefault(found[1], at)
        if len(self.seen) >= self.expected:
            self.all_seen.set()


async def _send(free: asyncio.Queue[Connection], request: bytes) -> None:
    connection = await free.get()
    status, answer = await connection.send(request)
    assert status == 202, answer
    free.put_nowait(connection)


@asynccontextmanager
async def _listening(port: int, watch: Watch) -> AsyncIterator[None]:
    """One listener in the background."""
    loop, begun = asyncio.get_running_loop(), asyncio.Event()

    async def listen() -> None:
        async for message in follow(port, PATH, api_key=API_KEY):
            begun.set()  # the first message tells how to come back
            watch.note(message, loop.time())

    task = asyncio.create_task(listen())
    await begun.wait()
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
