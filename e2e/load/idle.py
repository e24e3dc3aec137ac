"""What do both processes cost when nothing happens? CPU time, from twelve seconds after the last event on."""

import asyncio
import time
from pathlib import Path

from e2e.load.accept import tokens_of
from e2e.load.client import follow
from e2e.load.deployment import API_KEY, DRAIN_S, Folder, Server, serving
from e2e.load.figure import Figure, Limit, middle
from e2e.load.process import cpu_seconds

CALM_S = 12
SECONDS, RUNS = 10, 3


def measure(scratch: Path) -> list[Figure]:
    """With nobody there; then with one live stream open, for information."""
    folder = Folder(scratch / "idle")
    with serving(folder, worker=True) as server:
        asyncio.run(tokens_of(server.port, 100))
        folder.drained(DRAIN_S)
        time.sleep(CALM_S)
        alone = [_shares(server) for _ in range(RUNS)]
        listened = asyncio.run(_while_listened(server))
    folder.close()
    return [
        _figure("idle: CPU of both processes", alone, Limit("at most", 1)),
        _figure("idle: the same with one live stream open", listened, None),
    ]


async def _while_listened(server: Server) -> list[tuple[float, float]]:
    async def listen() -> None:
        async for _ in follow(server.port, "/api/events/stream", api_key=API_KEY):
            pass

    listening = asyncio.create_task(listen())
    await asyncio.sleep(CALM_S)
    shares = [await asyncio.to_thread(_shares, server) for _ in range(RUNS)]
    listening.cancel()
    return shares


def _shares(server: Server) -> tuple[float, float]:
    """(serve, work): percent of one core, over some seconds."""
    worker = server.worker_pid
    assert worker is not None, "the worker has died"
    start, before = time.perf_counter(), (cpu_seconds(server.pid), cpu_seconds(worker))
    time.sleep(SECONDS)
    took = time.perf_counter() - start
    serve, work = cpu_seconds(server.pid) - before[0], cpu_seconds(worker) - before[1]
    return serve / took * 100, work / took * 100


def _figure(what: str, shares: list[tuple[float, float]], limit: Limit | None) -> Figure:
    both = [serve + work for serve, work in shares]
    return Figure(
        name="idle" if limit else "idle_with_a_stream",
        what=what,
        figure=middle(both),
        unit="% of a core",
        limit=limit,
        worker=True,
        runs=both,
        details={"serve": middle([one for one, _ in shares]), "work": middle([other for _, other in shares])},
    )
