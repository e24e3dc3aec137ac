"""How fast do files come in? A million events of NDJSON into an empty deployment, by a process of its own.

Counted by the clock from the start of `sentiero import` to its end: every row decided about, looked for in the store,
and on disk. Once alone, as somebody moves in; once beside a worker, which shares the cores and stores them meanwhile.
"""

import json
import random
import subprocess
import sys
import time
import uuid
from pathlib import Path

from e2e.load.deployment import Folder, working
from e2e.load.figure import Figure, Limit, middle

EVENTS, VISITORS, RUNS = 1_000_000, 50_000, 3
DAYS_MS = 90 * 86_400_000
LEAST = 30_000


def measure(scratch: Path) -> list[Figure]:
    """The same file into a new folder each time."""
    file = _made(scratch / "events.ndjson")
    alone = [_rate(file, scratch / f"alone-{n}") for n in range(RUNS)]
    beside = [_rate(file, scratch / "beside", worker=True)]
    return [
        _figure("import of a million NDJSON events, start to end", alone, worker=False, limit=Limit("at least", LEAST)),
        _figure("import beside a worker that stores them", beside, worker=True),
    ]


def _figure(what: str, rates: list[float], *, worker: bool, limit: Limit | None = None) -> Figure:
    name = "import_beside_a_worker" if worker else "import_ndjson"
    return Figure(
        name=name,
        what=what,
        figure=middle(rates),
        unit="events/s",
        limit=limit,
        ids="random",
        worker=worker,
        runs=rates,
    )


def _made(path: Path) -> Path:
    """Page views of 50,000 visitors over 90 days, in order of time."""
    rng, begun = random.Random(1), time.time_ns() // 1_000_000 - DAYS_MS
    with path.open("w", encoding="utf-8") as file:
        for n in range(EVENTS):
            file.write(_row(rng, begun + n * (DAYS_MS // EVENTS)))
    return path


def _row(rng: random.Random, at: int) -> str:
    when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000))
    event = {
        "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)), "key": "page_visited", "category": "website",
        "occurred_at": f"{when}.{at % 1000:03}Z", "visitor_id": f"{rng.randrange(VISITORS):026}",
        "page": {"url": f"https://shop.example/p/{rng.randrange(5_000)}", "title": "Shoes"},
        "properties": {"colour": "red", "price": rng.randrange(10_000) / 100},
    }  # fmt: skip
    return json.dumps(event) + "\n"


def _rate(file: Path, data: Path, *, worker: bool = False) -> float:
    folder = Folder(data)
    try:
        if not worker:
            return _run(file, data)
        with working(folder):
            return _run(file, data)
    finally:
        folder.close()


def _run(file: Path, data: Path) -> float:
    begun = time.perf_counter()
    words = ["import", "events", str(file), "--data", str(data)]
    said = subprocess.run(
        [sys.executable, "-m", "collector", *words], check=True, capture_output=True, text=True
    ).stdout
    took_s = time.perf_counter() - begun
    assert f"{EVENTS:,} events taken" in said, said
    return EVENTS / took_s
