"""What does a test kill? A real deployment: `sentiero serve` as a process of its own, and the worker that it starts.

Writes into the folder that it is given: `data/` (the deployment's), `output` (what its processes print).
"""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.killed.wait import until

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "collector")
WRITE_KEY, API_KEY = "wk_of_the_killed", "sk_of_the_killed"
RESTART_S = 5.0
"""Ready again after a kill."""
LEAVE_S = 10.0
"""Gone after SIGTERM."""
SLACK = 2.0
"""The limits are the product's; a test fails beyond twice as much: a busy machine is no fault of the product."""
FIRST_START_S = 30.0

_ADDRESS = re.compile(rb"Sentiero is at http://127\.0\.0\.1:(\d+)/")


class Answer(NamedTuple):
    """Of one request. headers: lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


class Deployment:
    """One data folder and the processes that work on it; each start takes a free port."""

    def __init__(self, folder: Path, *, data: Path | None = None, port: int = 0, flags: Sequence[str] = ()) -> None:
        """folder: for everything. data: the data folder, where it is elsewhere. port: at each start; 0: a free one.

        flags: more of them for serve.
        """
        self._flags = ("--port", str(port), *flags)
        self.data = data or folder / "data"
        self._output = folder / "output"
        self._serve: subprocess.Popen[bytes] | None = None
        self.port: int | None = None

    @property
    def log_path(self) -> Path:
        """What came."""
        return self.data / "log.db"

    @property
    def store_path(self) -> Path:
        """What can be asked."""
        return self.data / "store.db"

    @property
    def output(self) -> str:
        """What its processes have printed since the first start."""
        return self._output.read_text(errors="replace")

    @property
    def serve_pid(self) -> int:
        """The process that was started last."""
        assert self._serve is not None
        return self._serve.pid

    def launch(self) -> None:
        """Start serve; do not wait until it is ready."""
        assert self._serve is None, "it runs already"
        with self._output.open("ab") as output:
            self._began_at = output.tell()
            self._serve = start("serve", self.data, *self._flags, output=output)

    def start(self, *, within_s: float = FIRST_START_S) -> float:
        """Start serve and wait until it is ready; returns how many seconds that took."""
        began = time.monotonic()
        self.launch()
        self.wait_ready(within_s=within_s)
        return time.monotonic() - began

    def wait_ready(self, *, within_s: float) -> None:
        """Until /readyz says 200, the worker included."""
        until(lambda: self._is_ready() and self.worker_pid() is not None, within_s, lambda: f"not ready: {self.output}")

    def _is_ready(self) -> bool:
        assert self._serve is not None
        assert self._serve.poll() is None, f"serve ended with {self._serve.returncode}: {self.output}"
        if self.port is None:
            found = _ADDRESS.search(self._output.read_bytes(), self._began_at)
            self.port = int(found[1]) if found else None
        if self.port is None:
            return False
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Send serve the signal and wait for its end: its exit code. SIGKILL gives it no chance to do anything."""
        assert self._serve is not None
        self._serve.send_signal(number)
        return self.wait_gone(within_s=LEAVE_S * SLACK)

    def terminate(self) -> float:
        """SIGTERM, which is no failure; returns how many seconds it took to leave."""
        began = time.monotonic()
        assert 0 == self.kill(signal.SIGTERM)
        return time.monotonic() - began

    def wait_gone(self, *, within_s: float) -> int:
        """Until serve has ended, however it came to that: its exit code."""
        assert self._serve is not None
        self.port = None
        try:
            code = self._serve.wait(within_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"serve has not ended within {within_s:g} s: {self.output}") from None
        self._serve = None
        return code

    def worker_pid(self) -> int | None:
        """The worker that the present serve has started, None while there is none."""
        serve = self._serve.pid if self._serve else 0
        return next((pid for pid in self.processes("work") if _parent(pid) == serve), None)

    def wait_at_work(self, *, within_s: float) -> int:
        """Until the present worker holds the folder; returns its pid."""

        def holder() -> int | None:
            pid, lock = self.worker_pid(), self.data / "work.lock"
            return pid if lock.exists() and lock.read_text() == str(pid) else None

        return until(holder, within_s, lambda: f"no worker took the folder: {self.output}")

    def processes(self, command: str) -> list[int]:
        """Every process `collector <command>` on this folder, orphans among them; the courier is `--courier`."""
        words = [b"collector", command.encode(), b"--data", bytes(self.data)]
        found = [(pid, line) for pid, line in _command_lines() if all(word in line for word in words)]
        return [pid for pid, line in found if command == "--courier" or b"--courier" not in line]

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request on a connection of its own. headers: `content_type` is content-type. Raises OSError."""
        if self.port is None:
            raise ConnectionRefusedError("it is down")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has read everything
                connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except http.client.HTTPException as error:
            raise ConnectionError(repr(error)) from error
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        """Read, with the API key."""
        return self.request("GET", path, api_key=API_KEY)

    def post(self, body: bytes, **headers: str) -> Answer:
        """A batch to the tracker's door."""
        return self.request("POST", "/e", body, **({"content_type": "text/plain"} | headers))

    def close(self) -> None:
        """Leave nothing behind, whatever happened in the test."""
        if self._serve is not None:
            self._serve.kill()
            self._serve.wait()
            self._serve = None
        for command in ("serve", "work", "--courier"):
            for pid in self.processes(command):
                end(pid)


def start(command: str, data: Path, *flags: str, output: Any = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """`sentiero <command> --data <data> <flags>` as a process, with keys and without limits of rate."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SENTIERO_")}
    own = {"SENTIERO_WRITE_KEY": WRITE_KEY, "SENTIERO_API_KEY": API_KEY, "SENTIERO_RATE_LIMIT": "off"}
    return subprocess.Popen(
        [*COMMAND, command, "--data", str(data), *flags],
        env={**kept, **own, "PYTHONPATH": str(ROOT)},
        cwd=data.parent,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    )


def run(command: str, data: Path, *flags: str) -> tuple[int, str]:
    """Start it and wait for its end: (exit code, what it printed)."""
    with start(command, data, *flags) as process:
        try:
            printed, _ = process.communicate(timeout=FIRST_START_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"{command} has not ended: {process.communicate()[0]!r}") from None
    return process.returncode, printed.decode(errors="replace")


def end(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send the signal; a process that is gone already is no error."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _command_lines() -> Sequence[tuple[int, list[bytes]]]:
    """Of every living process; what has ended, but was not waited for, has none."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found.append((int(folder.name), (folder / "cmdline").read_bytes().split(b"\0")))
            except OSError:  # it has just ended
                continue
    return found


def _parent(pid: int) -> int:
    """The parent's pid, 0 when the process is gone. The name in `stat` may hold blanks: it ends at the last bracket."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
