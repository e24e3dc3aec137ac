"""How fast does a rebuild find that nothing is to be done? `sentiero sessionize --rebuild` on the store that a made-up
history has left; as a process of its own, its start and its end included.
"""

import re
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from e2e.load.figure import Figure, Limit, middle

EVENTS, CONTACTS, DAYS = 2_000_000, 50_000, 90
RUNS = 3
_LOOKED = re.compile(r"looked at ([\d,]+) events")


def measure(scratch: Path) -> list[Figure]:
    """One store, looked at several times; the first time it comes from the disk."""
    sizes = ("--events", str(EVENTS), "--contacts", str(CONTACTS), "--days", str(DAYS))
    _sentiero("demo", *sizes, "--data", str(scratch))
    rates = [_rate(scratch) for _ in range(RUNS)]
    return [
        Figure(
            name="rebuild_unchanged", what="rebuild: 2 million events that are as they should be, start to end",
            figure=middle(rates), unit="events/s", limit=Limit("at least", 100_000), runs=rates,
            details={"contacts": CONTACTS},
        )
    ]  # fmt: skip


def _rate(data: Path) -> float:
    begun = perf_counter()
    said = _sentiero("sessionize", "--rebuild", "--data", str(data))
    took_s = perf_counter() - begun
    assert "are what the events say" in said, said
    found = _LOOKED.search(said)
    assert found is not None
    return int(found[1].replace(",", "")) / took_s


def _sentiero(*words: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "collector", *words], check=True, capture_output=True, text=True
    ).stdout
