"""How much memory do both processes take after a million events, and does it grow?

Visits of five pages, a batch each, every visit by a new visitor: 20 % new visitors. Sent as fast as the worker can
follow, so that what is measured is both at work, and not a long log. Takes some minutes.
"""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

import uvloop

from e2e.load.client import Connection
from e2e.load.deployment import DRAIN_S, WRITE_KEY, Folder, Server, serving
from e2e.load.figure import Figure, Limit
from e2e.load.load import filled
from e2e.load.process import rss_mb
from e2e.load.traffic import AGENTS, ID, SEED, batch, page_view, pages, request

EVENTS = 1_000_000
VISIT = 5
CONNECTIONS = 8
TEMPLATES = 1_000
MAX_BACKLOG = 20_000
LOOK_S = 0.2


class Look(NamedTuple):
    """Both processes at one instant. sent: events so far. Memory in MB."""

    sent: int
    serve: float
    work: float

    @property
    def both(self) -> float:
        """Together."""
        return self.serve + self.work


def measure(scratch: Path) -> list[Figure]:
    """The sum at the end, and what it gained over the second half."""
    folder = Folder(scratch / "memory")
    with serving(folder, worker=True) as server:
        looks = uvloop.run(_run(folder, server))
        folder.drained(DRAIN_S)
        looks.append(_look(server, EVENTS))
    folder.close()
    return [_together(looks), _growth(looks)]


async def _run(folder: Folder, server: Server) -> list[Look]:
    looks, waiting = [_look(server, 0)], _visits(server.port)
    sent, may_go = 0, asyncio.Event()
    may_go.set()

    async def send() -> None:
        nonlocal sent
        connection = await Connection.open(server.port)
        for visit in waiting:
            await may_go.wait()
            status, answer = await connection.send(visit)
            assert status == 202, answer
            sent += VISIT
        connection.close()

    async def look() -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            looks.append(_look(server, sent))
            (may_go.clear if folder.backlog() > MAX_BACKLOG else may_go.set)()

    looking = asyncio.create_task(look())
    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    looking.cancel()
    return looks


def _visits(port: int) -> Iterator[bytes]:
    """Requests for all events; their nonces and ids are made when they are taken."""
    chance = random.Random(SEED)
    shop = pages(chance)
    pieces = []
    for _ in range(TEMPLATES):
        body = batch(WRITE_KEY, [page_view(chance.choice(shop), seq=n) for n in range(VISIT)], nonce=ID)
        pieces.append(request(body, agent=chance.choice(AGENTS), port=port).split(ID.encode()))
    for number in range(EVENTS // VISIT):
        yield filled(pieces[number % TEMPLATES], chance)


def _look(server: Server, sent: int) -> Look:
    worker = server.worker_pid
    assert worker is not None, "the worker has died"
    return Look(sent, rss_mb(server.pid), rss_mb(worker))


def _together(looks: list[Look]) -> Figure:
    last = looks[-1]
    return Figure(
        name="memory",
        what=f"memory: both processes after {EVENTS:,} events",
        figure=round(last.both, 1),
        unit="MB",
        limit=Limit("at most", 300),
        ids="uuidv7",
        batch=VISIT,
        worker=True,
        runs=[last.both],
        details={
            "serve_mb": round(last.serve, 1),
            "work_mb": round(last.work, 1),
            "peak_mb": round(max(look.both for look in looks), 1),
            "tenths": [round(_around(looks, tenth), 1) for tenth in range(11)],
        },
    )


def _growth(looks: list[Look]) -> Figure:
    """Flat: what a tenth of the run is above another by chance, 5 %, is the bound."""
    half, end = _around(looks, 5), _around(looks, 10)
    return Figure(
        name="memory_growth",
        what="memory: gained over the second half",
        figure=round((end / half - 1) * 100, 2),
        unit="%",
        limit=Limit("at most", 5),
        ids="uuidv7",
        batch=VISIT,
        worker=True,
        runs=[end - half],
        details={"half_mb": round(half, 1), "end_mb": round(end, 1)},
    )


def _around(looks: list[Look], tenth: int) -> float:
    """The median of both processes' memory around that tenth of the events."""
    middle, reach = EVENTS * tenth // 10, EVENTS // 20
    return median(look.both for look in looks if middle - reach <= look.sent <= middle + reach)
