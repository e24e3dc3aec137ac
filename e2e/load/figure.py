"""What was measured, and is it good enough? One row of the table, and the same row in the JSON."""

import os
import platform
import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Literal

import msgspec


class Limit(msgspec.Struct, frozen=True):
    """What is asked. of: which number of the row it bounds. The value itself is still good."""

    kind: Literal["at least", "at most"]
    value: float
    of: Literal["figure", "ratio"] = "figure"


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One result. ratio: to the ceiling of the same runs. runs: what the figure is the median of.

    ids: uuidv7 | random | "" where it does not matter. batch: events a request, or rows a transaction of the worker.
    """

    name: str
    what: str
    figure: float
    unit: str
    ratio: float | None = None
    limit: Limit | None = None
    ids: str = ""
    batch: int | None = None
    worker: bool | None = None
    runs: Sequence[float] = ()
    details: Mapping[str, Any] = {}

    @property
    def holds(self) -> bool | None:
        """Whether the limit is kept; None without one."""
        if self.limit is None:
            return None
        number = self.figure if self.limit.of == "figure" else self.ratio
        if number is None:
            return False
        return number >= self.limit.value if self.limit.kind == "at least" else number <= self.limit.value


def middle(numbers: Sequence[float]) -> float:
    """The median, rounded to what can be told apart."""
    return round(median(numbers), 4)


def named(what: str) -> str:
    """What was measured as a name for the JSON: words with _ between."""
    return "_".join(re.findall(r"\w+", what.lower()))


def conditions() -> dict[str, Any]:
    """The machine and its versions: without them a figure says nothing."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "cpu": _cpu(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_average": os.getloadavg()[0],
        "pace": f"{pace():.0f} million turns of an empty Python loop a second",
        "rate_limit": "off (SENTIERO_RATE_LIMIT, as the interface says for load tests)",
    }


def pace() -> float:
    """How fast is the machine just now? Its neighbours may halve it: read absolute figures beside this one."""
    begun = time.perf_counter()
    for _ in range(5_000_000):
        pass
    return 5 / (time.perf_counter() - begun)


def _cpu() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


HEADER = f"{'':4} {'what':58} {'figure':>11} {'unit':12} {'ratio':>6}  {'limit':20} {'ids':7} {'batch':>5} worker"


def line(f: Figure) -> str:
    """The row as text. The mark in front: ok, MISS, or nothing without a limit."""
    mark = {None: "", True: "ok", False: "MISS"}[f.holds]
    number = f"{f.figure:,.0f}" if abs(f.figure) >= 1000 else f"{f.figure:,.2f}"
    ratio = "" if f.ratio is None else f"{f.ratio:.3f}"
    worker = {None: "", True: "on", False: "off"}[f.worker]
    limit = "" if f.limit is None else f"{f.limit.kind} {f.limit.value:,g}{' ratio' if f.limit.of == 'ratio' else ''}"
    batch = "" if f.batch is None else str(f.batch)
    return f"{mark:4} {f.what:58} {number:>11} {f.unit:12} {ratio:>6}  {limit:20} {f.ids:7} {batch:>5} {worker}"
