"""How is load made? By wrk, which this installs when it may; else by a small generator of our own, and then it says so.

Both send the same bytes: templates in turn, each event with an id of its own. 32 connections, one thread, no pause.
"""

import asyncio
import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import quantiles

import msgspec
import uvloop

from e2e.load.client import Connection
from e2e.load.traffic import ID, uuid7

CONNECTIONS = 32
SCRIPT = Path(__file__).with_name("load.lua")


class Load(msgspec.Struct, frozen=True):
    """What came of a run. failed: answers other than 2xx or 3xx, and connections that broke."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds


@cache
def generator() -> str:
    """`wrk`, or `own` where there is none and it cannot be had."""
    if shutil.which("wrk") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("wrk is missing: installing it (apt-get install wrk)", flush=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=False, stdout=subprocess.DEVNULL)
    if shutil.which("wrk"):
        return "wrk"
    print("no wrk: the load comes from our own generator, which is slower and flatters every ratio", flush=True)
    return "own"


def load(port: int, templates: Sequence[bytes], *, seconds: int, folder: Path) -> Load:
    """Send the templates in turn for so long. folder: for the file that wrk reads. Raises CalledProcessError."""
    if generator() == "own":
        return uvloop.run(_own(port, templates, seconds))
    file = folder / f"templates-{port}"
    file.write_bytes(b"\n%%%%\n".join(templates))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/e", "--", str(file)], check=True, capture_output=True, text=True
    )
    result = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    return msgspec.convert(json.loads(result.removeprefix("RESULT ")), Load)


async def _own(port: int, templates: Sequence[bytes], seconds: int) -> Load:
    chance, tally, took = random.Random(), [0, 0], list[float]()
    deadline = time.perf_counter() + seconds
    pieces = [template.split(ID.encode()) for template in templates]

    async def one(turn: int) -> None:
        connection = await Connection.open(port)
        while (start := time.perf_counter()) < deadline:
            turn = (turn + 1) % len(pieces)
            status, _ = await connection.send(filled(pieces[turn], chance))
            took.append(time.perf_counter() - start)
            tally[0] += 1
            tally[1] += status >= 400
        connection.close()

    start = time.perf_counter()
    await asyncio.gather(*(one(turn) for turn in range(CONNECTIONS)))
    cuts = quantiles(took, n=100)
    return Load(tally[0], time.perf_counter() - start, cuts[49] * 1000, cuts[98] * 1000, tally[1])


def filled(pieces: Sequence[bytes], chance: random.Random) -> bytes:
    """A template's pieces, with a fresh id wherever one belongs."""
    now = time.time_ns() // 1_000_000
    parts = [pieces[0]]
    for piece in pieces[1:]:
        parts += (uuid7(now, chance).encode(), piece)
    return b"".join(parts)
