"""How fast is a made-up history written? `sentiero demo` as a process of its own, its start and its end included.

The command's own account leaves out the start of Python (0.3 s); the figure here is events by the time that a person
waits. details: the same by CPU time, which is what the command costs where other work is going on.
"""

import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from e2e.load.figure import Figure, Limit, middle

EVENTS, CONTACTS = 500_000, 12_500
RUNS = 3


class Run(NamedTuple):
    """Seconds."""

    wall_s: float
    cpu_s: float


def measure(scratch: Path) -> list[Figure]:
    """Each run into a folder of its own."""
    runs = [_run(scratch / f"demo-{turn}") for turn in range(RUNS)]
    rates = [EVENTS / run.wall_s for run in runs]
    details = {"contacts": CONTACTS, "per_cpu_second": middle([EVENTS / run.cpu_s for run in runs])}
    return [
        Figure(
            name="demo_half_a_million", what="demo: half a million events, start to end", figure=middle(rates),
            unit="events/s", limit=Limit("at least", 60_000), ids="uuidv7", runs=rates, details=details,
        )
    ]  # fmt: skip


def _run(data: Path) -> Run:
    words = ("demo", "--events", str(EVENTS), "--contacts", str(CONTACTS), "--data", str(data))
    begun, before = perf_counter(), _cpu_s()
    subprocess.run([sys.executable, "-m", "collector", *words], check=True, capture_output=True)
    return Run(perf_counter() - begun, _cpu_s() - before)


def _cpu_s() -> float:
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
