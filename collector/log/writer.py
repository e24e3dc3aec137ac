"""How does an event reach the disk before its answer? One thread writes; each commit takes whatever waits.

The event loop queues jobs and awaits them; the thread commits at most 500 rows or 1 MiB at a time, no linger: under
load the groups grow by themselves. Bounded: 5,000 events or 16 MiB wait, from 80 % on only the secret API gets in.
"""

import asyncio
import logging
import queue
import random
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from collector.errors import Code
from collector.log.entry import Entry
from collector.log.port import Rejection
from collector.log.recent import Recent
from collector.log.sqlite import SqliteLog

MAX_EVENTS, MAX_BYTES = 5_000, 16 * 1024 * 1024
GROUP_ROWS, GROUP_BYTES = 500, 1024 * 1024
PUBLIC_SHARE = 0.8
TYPICAL_BYTES = 512
MAX_NOTES = 1_000
REMEMBER_AT_START = 20_000
DOUBT_S = 5.0

logger = logging.getLogger(__name__)


class Overloaded(Exception):
    """The queue is full. retry_after_s: jittered, so that the refused do not come back together."""

    def __init__(self) -> None:
        super().__init__("the queue of events to be written is full")
        self.retry_after_s = random.randint(1, 5)


class WriteFailed(Exception):
    """The disk is full or the file is locked: nothing was stored, the same ids may be sent again."""

    retry_after_s = 5


class Written(NamedTuple):
    """What became of a job. dead: places, in the entries given, of those that no row could hold: they were refused."""

    accepted: int
    duplicates: int
    dead: tuple[int, ...] = ()


class Job(NamedTuple):
    """What one request wants written. done: None when nobody waits for it."""

    entries: Sequence[Entry]
    rejections: Sequence[Rejection]
    done: "_Commit | None"
    size_bytes: int


class _Commit(asyncio.Future[frozenset[str]]):
    """A write under way; its result: ids of the entries that could not be bound.

    It cannot be cancelled: who leaves goes when it is done, and does not take the twins' answer along.
    """

    def cancel(self, msg: object = None) -> bool:
        return False


class Writer:
    """Owns the log's connection and its thread. All methods but the thread's are for the event loop."""

    def __init__(self, log: SqliteLog, *, observe: Callable[[float], None] = lambda seconds: None) -> None:
        """observe: is told how many seconds each commit took, in the thread."""
        self._log, self._observe, self._recent = log, observe, Recent()
        self._gathered: list[Job] = []  # in this turn of the loop
        self._queue: queue.SimpleQueue[Sequence[Job | None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._events = self._bytes = self._notes = 0
        self._salts: dict[int, bytes] = {}
        self._failed_at: float | None = None

    def start(self) -> None:
        """Remember the newest ids of the log, then begin; call inside the running loop."""
        self._recent.learn(row.entry for row in self._log.newest(REMEMBER_AT_START))
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Write what waits, move the WAL into the file, close."""
        self._hand_over()
        self._queue.put((None,))
        await asyncio.to_thread(self._thread.join)
        self._log.checkpoint()
        self._log.close()

    @property
    def alive(self) -> bool:
        """Whether events can be written now: the thread lives, and no commit failed since the last success or in 5 s.

        After 5 s the benefit of the doubt: without traffic nothing else would find out that the disk has room again.
        """
        failing = self._failed_at is not None and time.monotonic() - self._failed_at < DOUBT_S
        return self._thread.is_alive() and not failing

    @property
    def depth(self) -> int:
        """Events that wait."""
        return self._events

    async def write(
        self,
        entries: Sequence[Entry],
        rejections: Sequence[Rejection] = (),
        *,
        reserved: bool = False,
        size_bytes: int = 0,
    ) -> Written:
        """Return when all are committed. reserved: the secret API's, may use the last 20 % of the queue.

        size_bytes: of the request's body, for the bound. Raises Overloaded, WriteFailed; then nothing is stored, except
        that twins of ids in another request's hands may be.
        """
        size = size_bytes or TYPICAL_BYTES * len(entries)
        self._admit(len(entries), size, 1.0 if reserved else PUBLIC_SHARE)
        done = _Commit(loop=self._loop)
        fresh, twins = self._recent.sift(entries, done)  # type: ignore[arg-type]  # a Future of any result
        dead: frozenset[str] = frozenset()
        if fresh or rejections:
            self._events += len(fresh)
            self._bytes += size
            self._gather(Job(fresh, rejections, done, size))
            dead = await done
        for twin in twins:
            await twin
        places = tuple(i for i, entry in enumerate(entries) if entry.id in dead) if dead else ()
        return Written(len(fresh) - len(places), len(entries) - len(fresh), places)

    def _admit(self, events: int, size: int, share: float) -> None:
        if self._events + events > MAX_EVENTS * share or self._bytes + size > MAX_BYTES * share:
            raise Overloaded

    def note(self, rejection: Rejection) -> None:
        """Keep a refusal without waiting for it; dropped when 1,000 wait already (the metrics still count it)."""
        if self._notes < MAX_NOTES:
            self._notes += 1
            self._gather(Job((), (rejection,), None, 0))

    def renew_salts(self, day: int) -> None:
        """Have the salts of that day and the next one ready, delete the older ones. For a timer, in a thread."""
        self._salts = self._log.salts(day)

    def _gather(self, job: Job) -> None:
        """What one turn of the loop brings goes to the thread together: it is woken once, and not in the middle."""
        if not self._gathered:
            self._running_loop.call_soon(self._hand_over)
        self._gathered.append(job)

    def _hand_over(self) -> None:
        if self._gathered:
            self._queue.put(self._gathered)
            self._gathered = []

    @property
    def _running_loop(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None, "start it first"
        return self._loop

    def salt(self, day: int) -> bytes:
        """The salt of cookieless visitors on that day (days since 1970). Raises sqlite3.Error."""
        if day not in self._salts:
            self.renew_salts(day)
        return self._salts[day]

    def _run(self) -> None:
        """The thread: take a group, write it, tell the loop; until the None that `stop` puts."""
        waiting: deque[Job | None] = deque()
        while group := self._group(waiting):
            begun = time.perf_counter()
            try:
                dead: frozenset[str] | Exception = self._commit(group)
            except Exception as error:  # a loop edge: whatever the disk says, the thread lives
                logger.error("log: a group of %d requests could not be written: %s", len(group), error)
                dead = WriteFailed(str(error))
            self._observe(time.perf_counter() - begun)
            self._failed_at = time.monotonic() if isinstance(dead, Exception) else None
            self._running_loop.call_soon_threadsafe(self._settle, group, dead)

    def _group(self, waiting: deque[Job | None]) -> list[Job]:
        """The jobs that wait, up to the bounds; none at all when the last word was `stop`."""
        group: list[Job] = []
        rows = size = 0
        while rows < GROUP_ROWS and size < GROUP_BYTES:
            if not waiting and group and self._queue.empty():
                break
            if not waiting:
                waiting.extend(self._queue.get())
            if waiting[0] is None:
                break
            job = waiting.popleft()
            assert job is not None
            group.append(job)
            rows, size = rows + len(job.entries), size + job.size_bytes
        return group

    def _commit(self, group: list[Job]) -> frozenset[str]:
        """One transaction for all; when a row cannot be bound, row by row. Raises sqlite3.OperationalError."""
        entries = [entry for job in group for entry in job.entries]
        rejections = [rejection for job in group for rejection in job.rejections]
        try:
            self._log.append(entries, rejections)
        except sqlite3.OperationalError:
            raise
        except Exception as error:  # a row that SQLite cannot hold: validation should have refused it
            logger.error("log: a row cannot be bound (%s); writing one by one", error)
            return self._commit_singly(entries, rejections)
        return frozenset()

    def _commit_singly(self, entries: Sequence[Entry], rejections: Sequence[Rejection]) -> frozenset[str]:
        dead = set()
        for rejection in rejections:
            self._log.append((), (rejection,))
        for entry in entries:
            try:
                self._log.append((entry,))
            except sqlite3.OperationalError:
                raise
            except Exception as error:  # dead-lettered: counted and seen among the rejections
                dead.add(entry.id)
                self._log.append((), (_dead_letter(entry, error),))
        return frozenset(dead)

    def _settle(self, group: list[Job], dead: frozenset[str] | Exception) -> None:
        """On the loop: resolve every job of the group."""
        for job in group:
            written = not isinstance(dead, Exception)
            self._recent.settle(job.entries, written=written)
            self._events -= len(job.entries)
            self._bytes -= job.size_bytes
            if job.done is None:
                self._notes -= 1
            elif not job.done.done():
                if isinstance(dead, Exception):
                    job.done.set_exception(dead)
                    job.done.exception()  # seen: nobody may be waiting any more
                else:
                    job.done.set_result(dead)


def _dead_letter(entry: Entry, error: Exception) -> Rejection:
    return Rejection(
        at=entry.received_at,
        site=entry.site,
        code=Code.MALFORMED,
        path="",
        message=f"cannot be stored: {type(error).__name__}",
        door=entry.door,
        sample=ascii(entry)[:4096],
    )
