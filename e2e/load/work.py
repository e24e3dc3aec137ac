"""How fast does the worker go? Log → stored, identified, sessionized: `sentiero work` on a log that is full already.

Counted from its first commit, so that its start is left out, until the log is read to its end, the events that it
derived and read back included. Those count as work, but not as events.
"""

import shutil
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from time import perf_counter, time_ns
from typing import NamedTuple

from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.work.loop import BATCH_ROWS
from e2e.load.deployment import Folder, until, working
from e2e.load.figure import Figure, Limit, middle, named
from e2e.load.process import cpu_seconds
from e2e.load.traffic import IdKind, entries

EVENTS = 100_000
RUNS = 3
CHUNK = 500
TIMEOUT_S = 600
LIMITS: dict[IdKind, float] = {"uuidv7": 12_000, "random": 7_000}
TWO_HOURS_MS = 7_200_000


Starts = Callable[[Folder], AbstractContextManager[int]]
"""Starts a worker on a folder; gives its process id."""


class Worked(NamedTuple):
    """A run's result. events: given ones, after the first commit. cpu_s: of the worker's process."""

    events: int
    wall_s: float
    cpu_s: float
    derived: int


def measure(scratch: Path) -> list[Figure]:
    """Runs with both kinds of ids in turn; then some in which every visit has ended and must be found out."""
    runs: dict[str, list[Worked]] = {"uuidv7": [], "random": [], "ended": []}
    logs = {
        "uuidv7": filled(scratch / "v7", entries(EVENTS, ids="uuidv7")),
        "random": filled(scratch / "v4", entries(EVENTS, ids="random")),
        "ended": filled(scratch / "ended", entries(EVENTS, ids="uuidv7", ends_at=_two_hours_ago())),
    }
    for turn in range(RUNS):
        for name, log in logs.items():
            runs[name].append(_run(log, scratch / f"{name}-{turn}"))
    return [
        _figure(runs["uuidv7"], "uuidv7", "work, UUIDv7"),
        _figure(runs["random"], "random", "work, random ids"),
        _figure(runs["ended"], "uuidv7", "work, and every visit's end", limited=False),
    ]


def filled(path: Path, rows: Iterable[Entry]) -> Path:
    """A data folder whose log holds these rows, and whose store holds nothing."""
    Folder(path).close()
    log, waiting = SqliteLog(path / "log.db"), iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        log.append(chunk)
    log.checkpoint()
    log.close()
    return path


def _run(full: Path, path: Path) -> Worked:
    shutil.copytree(full, path)
    try:
        return work_through(path)
    finally:
        shutil.rmtree(path)


def work_through(path: Path, worker: Starts = working) -> Worked:
    """Let a worker of its own read the folder's log to its end."""
    folder = Folder(path)
    given = folder.log_end()
    with worker(folder) as pid:
        until(lambda: folder.position() > 0, TIMEOUT_S, "the worker does not begin", every_s=0.002)
        start, cpu, first = perf_counter(), cpu_seconds(pid), folder.position()
        until(lambda: is_done(folder, given), TIMEOUT_S, "the worker does not come to an end", every_s=0.01)
        wall_s, cpu_s = perf_counter() - start, cpu_seconds(pid) - cpu
    derived = folder.log_end() - given
    folder.close()
    return Worked(given - first, wall_s, cpu_s, derived)


def is_done(folder: Folder, given: int) -> bool:
    """The log read to its end, nothing on its way into it, and nobody to be woken."""
    if folder.position() < given or folder.backlog():
        return False
    waiting, due = folder.store.execute(
        "SELECT (SELECT count(*) FROM to_log), (SELECT count(*) FROM threads WHERE wake_at <= ?)",
        (time_ns() // 1_000_000,),
    ).fetchone()
    return not waiting and not due


def _two_hours_ago() -> int:
    return time_ns() // 1_000_000 - TWO_HOURS_MS


def _figure(runs: list[Worked], ids: IdKind, what: str, *, limited: bool = True) -> Figure:
    rates = [run.events / run.cpu_s for run in runs]
    return Figure(
        name=named(what),
        what=f"{what}, 20 % new visitors: events a core",
        figure=middle(rates),
        unit="events/CPU s",
        limit=Limit("at least", LIMITS[ids]) if limited else None,
        ids=ids,
        batch=BATCH_ROWS,
        worker=True,
        runs=rates,
        details={
            "wall_events_per_second": middle([run.events / run.wall_s for run in runs]),
            "cpu_us_per_event": middle([run.cpu_s / run.events * 1e6 for run in runs]),
            "events": runs[0].events,
            "derived": runs[0].derived,
        },
    )
