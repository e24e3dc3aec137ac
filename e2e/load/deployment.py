"""On what is it measured? A collector in a folder of its own, started as an operator starts it; and the bare ceiling.

Everything is on: write keys, allowed origins, signed visitors. Only the rate limits are off: one address sends it all.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.commands.prepare import prepare
from collector.config import load
from collector.log.entry import DERIVED_DOOR, decode_entry
from collector.process.clock import wall_clock
from collector.sqlite import connect
from collector.store.ports.definitions.sites import SiteChange
from collector.store.sqlite.definitions.sites import SqliteSites
from e2e.load.process import child_of
from e2e.load.traffic import SITE_ORIGIN

ROOT = Path(__file__).resolve().parent.parent.parent
WRITE_KEY, API_KEY = "wk_bench000000000000000000", "sk_bench00000000000000000000000000"
SETTINGS = {"SENTIERO_WRITE_KEY": WRITE_KEY, "SENTIERO_API_KEY": API_KEY, "SENTIERO_RATE_LIMIT": "off"}
START_S, STOP_S, DRAIN_S = 30.0, 15.0, 300.0


class Folder:
    """A data folder, ready for `serve` and `work`, and what its two files say."""

    def __init__(self, path: Path) -> None:
        """Make the folder, its first site and keys."""
        self.path = path
        settings = load({"data": path}, SETTINGS, ROOT)
        prepare(settings, now=wall_clock())
        SqliteSites(settings.store_path).change(1, SiteChange(origins=(SITE_ORIGIN,)))
        self.log = connect(settings.log_path, readonly=True)
        self.store = connect(settings.store_path, readonly=True)

    def log_end(self) -> int:
        """The newest offset of the log."""
        return int(self.log.execute("SELECT coalesce(max(offset), 0) FROM log").fetchone()[0])

    def given_after(self, offset: int) -> int:
        """Rows of the log behind that offset that somebody sent; the others the worker derived."""
        bodies = self.log.execute("SELECT body FROM log WHERE offset > ?", (offset,))
        return sum(decode_entry(body).door != DERIVED_DOOR for (body,) in bodies)

    def position(self) -> int:
        """How far the worker has come."""
        row = self.store.execute("SELECT offset FROM positions WHERE reader = 'worker'").fetchone()
        return int(row[0]) if row else 0

    def backlog(self) -> int:
        """Rows of the log that the worker has not yet seen."""
        position = self.position()  # first: the log may grow in between
        return max(0, self.log_end() - position)

    def drained(self, timeout_s: float) -> float:
        """Wait until the worker has nothing left; returns the seconds that it took. Raises TimeoutError."""
        start = time.perf_counter()
        until(lambda: self.backlog() == 0, timeout_s, f"a backlog of {self.backlog()} rows was not drained")
        return time.perf_counter() - start

    def close(self) -> None:
        """Close both files."""
        self.log.close()
        self.store.close()


class Server:
    """A running process that listens. worker_pid: of its child, None without one."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port, self.pid = process, port, process.pid

    @property
    def worker_pid(self) -> int | None:
        """The worker's, as it is now."""
        return child_of(self.pid)


@contextmanager
def serving(folder: Folder, *, worker: bool) -> Iterator[Server]:
    """`sentiero serve` on the folder, ready; ended by SIGTERM."""
    port = _free_port()
    command = ["-m", "collector", "serve", "--data", str(folder.path), "--port", str(port)]
    with running([*command, *(() if worker else ("--no-worker",))], folder.path / "serve.out") as process:
        until(lambda: _answers(port, "/readyz"), START_S, f"serve is not ready: see {folder.path}/serve.out")
        yield Server(process, port)


@contextmanager
def working(folder: Folder) -> Iterator[int]:
    """`sentiero work` on the folder, alone; gives its process id."""
    with running(["-m", "collector", "work", "--data", str(folder.path)], folder.path / "work.out") as process:
        yield process.pid


@contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """The ceiling: uvicorn with a function that does nothing."""
    port = _free_port()
    with running(["-m", "e2e.load.ceiling", str(port)], folder / "ceiling.out") as process:
        until(lambda: _answers(port, "/"), START_S, "the ceiling does not answer")
        yield Server(process, port)


@contextmanager
def running(command: list[str], output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Python with these arguments, what it prints in a file; ended by SIGTERM."""
    with output.open("wb") as file:
        environ = {**os.environ, **SETTINGS}
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environ, stdout=file, stderr=file, stdin=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
            return True
    except OSError:  # refused, reset, 503
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def until(condition: Callable[[], bool], timeout_s: float, otherwise: str, *, every_s: float = 0.02) -> None:
    """Look again and again until it is so. Raises TimeoutError with the sentence."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(every_s)
