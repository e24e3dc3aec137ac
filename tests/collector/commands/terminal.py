"""How does a test type a command? In this process where only words and the exit code matter, else as one of its own.

A command that ends with a traceback fails the test, whatever it was about.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from typer.testing import CliRunner

from collector.commands import app

ROOT = Path(__file__).parents[3]
PATIENCE_S = 20.0
PLAIN: Mapping[str, str | None] = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", "FORCE_COLOR": None}


class Said(NamedTuple):
    """How a command ended: exit code, what it printed, what it said beside."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Both, with blanks and the frames of error boxes as single blanks, so that a sentence is found."""
        return " ".join((self.out + self.err).replace("│", " ").split())


class Terminal:
    """Somebody who stands in `folder` and works on the data folder `data`, which is not there at first."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.environ: dict[str, str] = {"SENTIERO_DATA": str(self.data)}

    def run(self, *words: str) -> Said:
        """Type it here; signal handlers that the command sets are taken back."""
        kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            result = CliRunner().invoke(app, words, env={**PLAIN, **self.environ}, catch_exceptions=False)
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)
        return Said(result.exit_code, result.stdout, result.stderr)

    def done(self, *words: str) -> str:
        """Type it here; it must end well. What it printed."""
        said = self.run(*words)
        assert 0 == said.code, said
        return said.out

    def start(
        self, *words: str, stdout: IO[str] | int = subprocess.PIPE, stderr: IO[str] | int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        """`sentiero <words>` as a process, with pipes to its input and from its outputs unless they go elsewhere."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SENTIERO_")}
        signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # tests in the background ignore Ctrl-C, and pass it on
        return subprocess.Popen(
            [sys.executable, "-m", "collector", *words],
            env={**environ, **self.environ, "PYTHONPATH": str(ROOT)},
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            text=True,
        )

    def write(self, name: str, text: str | bytes) -> Path:
        """A file beside the data folder; `data/…` inside of it."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


def ended(process: subprocess.Popen[str]) -> Said:
    """Wait for its end."""
    try:
        out, err = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"{process.args!r} has not ended: {process.communicate()}") from None
    assert "Traceback" not in err, err
    return Said(process.returncode, out or "", err)


def interrupted(process: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> Said:
    """Send the signal (Ctrl-C, unless another is named) and wait for the end."""
    process.send_signal(number)
    return ended(process)
