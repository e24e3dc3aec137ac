"""Is somebody else at work on this data folder? A lock on a file, which the system frees when its process dies."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

LOOK_S = 0.05


class Held(Exception):
    """Another process holds the lock; the message names it."""


def hold(path: Path, *, patience_s: float = 0.0) -> TextIOWrapper:
    """Take the lock, waiting at most `patience_s`; keep the returned file open as long as it is needed.

    Raises Held when another process has it.
    """
    file = path.open("a+", encoding="ascii")
    deadline = time.monotonic() + patience_s
    while not _taken(file):
        if time.monotonic() >= deadline:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise Held(f"{path} is held by process {holder}: only one may work on a data folder")
        time.sleep(LOOK_S)
    return file


@contextmanager
def patiently(path: Path, stop: threading.Event) -> Iterator[bool]:
    """Hold the lock as long as the block lasts, however long it takes to get it; False when told to stop before."""
    with path.open("a+", encoding="ascii") as file:
        while not (taken := _taken(file)) and not stop.is_set():
            stop.wait(LOOK_S)
        yield taken


def _taken(file: TextIOWrapper) -> bool:
    """Whether it is ours now; then the file says so."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return True
