"""How do many deliveries share a commit? A thread writes what waits, however much; who asked hears when it is on disk.

What is said to the log is appended after it; killed in between, the next worker appends it (`to_log`).
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar

from collector.store.ports.messages.outbox import Settlement

T = TypeVar("T")

Receipt = tuple[str, int, int, bytes]
"""(id, contact, at, body), as `to_log` has it."""
AGAIN_S = 0.5

logger = logging.getLogger(__name__)


class Writing(Protocol):
    """The journal's side that writes."""

    def settle(
        self, begun: Sequence[str], settled: Sequence[Settlement], receipts: Sequence[Receipt]
    ) -> frozenset[str]: ...


class _Job(NamedTuple):
    """What one caller wants written."""

    begun: str | None
    settled: Settlement | None
    receipts: Sequence[Receipt]
    done: "asyncio.Future[bool]"


class Group:
    """One a courier. `begin` and `settle` belong to the event loop, the rest to its thread."""

    def __init__(self, journal: Writing, append: Callable[[Sequence[bytes]], object]) -> None:
        """append: entries, encoded, to the log."""
        self._journal, self._append = journal, append
        self._gathered: list[_Job] = []  # in this turn of the loop: a thread that is woken takes the interpreter
        self._queue: queue.SimpleQueue[Sequence[_Job | None]] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="outbox-writer", daemon=True)
        self._thread.start()

    async def begin(self, id: str) -> bool:
        """It is about to be given away; whether it still waits, for somebody may have cancelled it."""
        return await self._put(id, None, ())

    async def settle(self, settlement: Settlement, receipts: Sequence[Receipt] = ()) -> None:
        """This became of it."""
        await self._put(None, settlement, receipts)

    async def say(self, receipts: Sequence[Receipt]) -> None:
        """This was said of deliveries that are settled."""
        await self._put(None, None, receipts)

    async def stop(self) -> None:
        """Write what waits, end."""
        self._hand_over()
        self._queue.put((None,))
        await asyncio.to_thread(self._thread.join)

    def _put(
        self, begun: str | None, settled: Settlement | None, receipts: Sequence[Receipt]
    ) -> "asyncio.Future[bool]":
        done: asyncio.Future[bool] = self._loop.create_future()
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append(_Job(begun, settled, receipts, done))
        return done

    def _hand_over(self) -> None:
        if self._gathered:
            self._queue.put(self._gathered)
            self._gathered = []

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            jobs = list(self._queue.get())
            while not self._queue.empty():
                jobs += self._queue.get()
            goes_on = None not in jobs
            if wanted := [job for job in jobs if job is not None]:
                self._write(wanted)

    def _write(self, jobs: Sequence[_Job]) -> None:
        """A log that fails does not commit anew: what has begun once would seem to be somebody else's."""
        begun = _until_done(lambda: self._commit(jobs))
        bodies = [body for job in jobs for *_, body in job.receipts]
        if bodies:
            _until_done(lambda: self._append(bodies))
        self._loop.call_soon_threadsafe(_tell, jobs, begun)

    def _commit(self, jobs: Sequence[_Job]) -> frozenset[str]:
        return self._journal.settle(
            [job.begun for job in jobs if job.begun is not None],
            [job.settled for job in jobs if job.settled is not None],
            [receipt for job in jobs for receipt in job.receipts],
        )


def _until_done(write: Callable[[], T]) -> T:
    """A disk that is full has room again one day, and nobody else could say what was sent."""
    while True:
        try:
            return write()
        except Exception:  # a loop edge
            logger.exception("outbox: a write failed and will be tried again")
            time.sleep(AGAIN_S)


def _tell(jobs: Sequence[_Job], begun: frozenset[str]) -> None:
    for job in jobs:
        if not job.done.done():
            job.done.set_result(job.begun is None or job.begun in begun)
