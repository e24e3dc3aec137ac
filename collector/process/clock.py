"""What time is it? Read at the edges alone: the doors, the worker's loop, the commands; everybody else is told.

The clock of a demo can be moved on. `demo-clock` in its data folder holds by how much, in milliseconds; all processes
of the deployment look there. Where there is no such file, the clock is the wall clock itself, and nothing is looked at.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from collector.process.lock import hold

FILE = "demo-clock"
LOOK_S = 0.1
PATIENCE_S = 5.0
STEP_MS = 6 * 3_600_000
MOST_AHEAD_MS = 3_650 * 86_400_000

Clock = Callable[[], int]
"""Gives the time of day: milliseconds UTC."""


class NoDemo(Exception):
    """The clock of this deployment is not to be moved."""


class TooFar(Exception):
    """The clock would be more than ten years ahead."""


def wall_clock() -> int:
    """The time of day, milliseconds UTC."""
    return time.time_ns() // 1_000_000


class DemoClock:
    """The wall clock, moved on by what a file says. It looks there ten times a second at most, and never goes back."""

    def __init__(self, path: Path) -> None:
        self._path, self._ahead_ms, self._look_at = path, 0, 0.0

    def __call__(self) -> int:
        """The time of day of this demo, milliseconds UTC."""
        return wall_clock() + self.ahead_ms

    @property
    def ahead_ms(self) -> int:
        """By how much it is ahead of the wall clock."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + LOOK_S
            self._ahead_ms = max(self._ahead_ms, _read(self._path))
        return self._ahead_ms

    def move_on(self, by_ms: int) -> int:
        """Move it on, for every process; returns by how much it is ahead now. by_ms: at least 1. Raises TooFar."""
        with hold(self._path.with_suffix(".lock"), patience_s=PATIENCE_S):
            ahead_ms = max(self._ahead_ms, _read(self._path)) + by_ms
            if ahead_ms > MOST_AHEAD_MS:
                raise TooFar("the clock of a demo may be ten years ahead, and no more")
            _write(self._path, ahead_ms)
        self._ahead_ms = ahead_ms
        return ahead_ms


def clock_of(data: Path) -> Clock:
    """The clock of the deployment in that folder."""
    path = data / FILE
    return DemoClock(path) if path.exists() else wall_clock


def demo_clock(data: Path) -> DemoClock:
    """The clock of a demo. Raises NoDemo."""
    clock = clock_of(data)
    if not isinstance(clock, DemoClock):
        raise NoDemo(f"{data} is no demo: only the clock of one that `serve --demo` or `demo` has made can be moved")
    return clock


def make_demo(data: Path) -> DemoClock:
    """From now on the deployment in that folder is a demo. Returns its clock, which stays where it was."""
    path = data / FILE
    if not path.exists():
        _write(path, 0)
    return DemoClock(path)


def ahead_of(clock: Clock) -> int:
    """By how many milliseconds that clock is ahead of those of other people: 0 but for a demo's."""
    return clock.ahead_ms if isinstance(clock, DemoClock) else 0


def paced(clock: Clock) -> Clock:
    """For the worker: a demo's clock that jumps goes on in steps: what is due in between is done in its time."""
    return _Paced(clock) if isinstance(clock, DemoClock) else clock


class _Paced:
    """A step a call."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._last = clock, clock()

    def __call__(self) -> int:
        """Not further than a step from the last call's."""
        self._last = min(self._clock(), self._last + STEP_MS)
        return self._last


def outside(clock: Clock) -> Clock:
    """The time of day of everybody else: what is signed for them, and what they say, is by theirs."""
    return lambda: clock() - ahead_of(clock)


def _read(path: Path) -> int:
    """0 of a file that is gone or holds something else: then the clock stays where it is."""
    try:
        return min(int(path.read_text("ascii")), MOST_AHEAD_MS)
    except (OSError, ValueError):
        return 0


def _write(path: Path, ahead_ms: int) -> None:
    """Whole or not at all, and for good: a clock that went back would put what comes before what has happened."""
    half = path.with_suffix(f".{os.getpid()}")
    with half.open("w", encoding="ascii") as file:
        file.write(f"{ahead_ms}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
