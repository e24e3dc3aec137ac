"""Who keeps a child alive? `serve` starts `sentiero work`, which starts the courier; one that ends is started again.

The child holds the other end of a pipe on its stdin and exits when it closes: a killed parent leaves no orphan.
"""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PAUSES_S = (1, 2, 4, 8, 16, 30)
STABLE_S = 60.0
LEAVE_S = 6.0
STDIN, STDOUT = 0, 1
READY = b"ready\n"
"""What the child says on its stdout when it has the folder and begins to work."""

logger = logging.getLogger(__name__)


class Supervisor:
    """One child at a time. start and stop belong to the event loop."""

    def __init__(self, data: Path, *flags: str, url: str = "", leave_s: float = LEAVE_S) -> None:
        """data: the folder it works on. flags: more of them for `sentiero work`. url: the deployment's address, as it
        turned out; "" as the settings have it. leave_s: how long it may take to end before it is killed."""
        self._command = (sys.executable, "-m", "collector", "work", "--data", str(data), "--child", *flags)
        self._environ = dict(os.environ) | ({"SENTIERO_URL": url} if url else {})
        self._name, self._leave_s = " ".join(("work", *flags)), leave_s
        self._child: asyncio.subprocess.Process | None = None
        self._works = False
        self._task: asyncio.Task[None] | None = None

    def start(self, more: Mapping[str, str] | None = None) -> None:
        """Start the child and keep it alive. more: for its environment, known only now."""
        self._environ |= more or {}
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Close the pipe, let the child end what it has in hand, kill it when it takes too long."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._child is None or self._child.stdin is None:
            return
        self._child.stdin.close()
        try:
            await asyncio.wait_for(self._child.wait(), self._leave_s)
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
            logger.error("%s: %s; starting again in %d s", self._name, ended, pause_s)
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


@contextmanager
def kept_alive(supervisor: Supervisor) -> Iterator[None]:
    """A process without an event loop has the child as long as the block lasts: a thread looks after it."""
    stop = threading.Event()

    async def keep() -> None:
        supervisor.start()
        await asyncio.to_thread(stop.wait)
        await supervisor.stop()

    thread = threading.Thread(target=asyncio.run, args=(keep(),), name="supervisor", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until_closed(stop: threading.Event) -> None:
    """In the child: the parent holds the other end of stdin, which closes when the parent ends, however it ends.

    Reads the descriptor itself: a thread that waits inside of `sys.stdin` holds its lock, and an interpreter that ends
    on SIGTERM meanwhile aborts.
    """
    while os.read(STDIN, 1):
        pass
    stop.set()


def say_ready() -> None:
    """In the child: it has the folder, and begins."""
    os.write(STDOUT, READY)
