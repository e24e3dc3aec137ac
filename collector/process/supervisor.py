"""Who keeps the worker alive? `serve` starts `sentiero work` as a child and starts it again when it ends.

The child holds the other end of a pipe on its stdin and exits when it closes: a killed `serve` leaves no orphan.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PAUSES_S = (1, 2, 4, 8, 16, 30)
STABLE_S = 60.0
LEAVE_S = 6.0
READY = b"ready\n"
"""What the child says on its stdout when it has the folder and begins to work."""

logger = logging.getLogger(__name__)


class Supervisor:
    """One child at a time. start and stop belong to the event loop."""

    def __init__(self, data: Path, environ: Mapping[str, str] | None = None, *, url: str = "") -> None:
        """data: the folder it works on. url: the deployment's address, as it turned out; "" as the settings have it."""
        self._command = (sys.executable, "-m", "collector", "work", "--data", str(data), "--child")
        self._environ = dict(os.environ if environ is None else environ) | ({"SENTIERO_URL": url} if url else {})
        self._child: asyncio.subprocess.Process | None = None
        self._works = False
        self._task: asyncio.Task[None] | None = None

    def start(self, more: Mapping[str, str] | None = None) -> None:
        """Start the child and keep it alive. more: for its environment, known only now."""
        self._environ |= more or {}
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Close the pipe, let the child end its batch, kill it when it takes longer than 6 s."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._child is None or self._child.stdin is None:
            return
        self._child.stdin.close()
        try:
            await asyncio.wait_for(self._child.wait(), LEAVE_S)
        except TimeoutError:
            self._child.kill()
            await self._child.wait()

    def reasons(self) -> Sequence[str]:
        """Why the process is not ready, as far as the worker is concerned."""
        if self._works:
            return ()
        return ("The worker is not up: events are accepted, but not yet shown. It is being started.",)

    async def _keep(self) -> None:
        failures = 0
        clock = asyncio.get_running_loop().time
        while True:
            started = clock()
            ended = await self._one()
            failures = 0 if clock() - started > STABLE_S else failures
            pause_s = PAUSES_S[min(failures, len(PAUSES_S) - 1)]
            failures += 1
            logger.error("worker: %s; starting again in %d s", ended, pause_s)
            await asyncio.sleep(pause_s)

    async def _one(self) -> str:
        """One child's whole life; how it ended."""
        pipe = asyncio.subprocess.PIPE
        try:
            child = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe, env=self._environ)
        except OSError as error:  # no process or file to be had now
            return f"could not be started: {error}"
        self._child = child
        assert child.stdout is not None, "it was asked for"
        self._works = await child.stdout.readline() == READY
        try:
            return f"ended with {await child.wait()}"
        finally:
            self._works = False
