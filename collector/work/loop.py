"""How does the worker go round? Read the log, decide, commit, append what was said, wait.

One transaction of the store holds a batch: events, contacts, threads, sessions, what is to be said to the log, and the
offset. What was said is appended to the log after it, and settled when it is read back; so a worker that is killed
anywhere goes on where the last transaction ended, and says nothing twice. Erasures (`erasure/`) go on beside, a step a
turn.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from typing import NamedTuple

from collector.log.port import Row
from collector.log.sqlite import SqliteLog
from collector.privacy.tombstone import hasher
from collector.store.ports.work import Said, WorkStore
from collector.work.automations.automations import Automations, News
from collector.work.decide import Decide
from collector.work.erasure.erase import Eraser
from collector.work.identify import Identify
from collector.work.past import Pasts
from collector.work.receipts import Receipts
from collector.work.record import Recorder
from collector.work.saying import Sayings
from collector.work.segments import Segments
from collector.work.timers import AT_ONCE, wake_due
from sessionizer.engine import Engine

READER = "worker"
BATCH_ROWS = 1_000
KEEP_MS = 7 * 86_400_000
TRIM_EVERY_S = 60.0
ANEW_AT_ONCE = 20  # whole histories: some hundred events each
APPEND_ROWS = 200  # a transaction of the log of at most 5 ms
BUSY_S, QUIET_S, QUIET_AFTER_S = 0.02, 0.2, 10.0

Versions = tuple[int, int]
"""Of log and store: they change when another process commits."""

logger = logging.getLogger(__name__)


class Turn(NamedTuple):
    """What one turn did. rows: read from the log. woken: contacts whose timers were looked at. said: rows appended.

    anew: contacts that were folded anew because somebody asked for it. erased: whether a step of an erasure was done.
    walked: whether a segment that is new was asked of some contacts. asked: what people wanted of automations.
    """

    rows: int
    woken: int
    said: int
    anew: int
    erased: bool = False
    walked: bool = False
    asked: int = 0


class Worker:
    """Owns the store's writing side. One a data folder."""

    def __init__(
        self,
        log: SqliteLog,
        store: WorkStore,
        engine: Engine,
        clock: Callable[[], int],
        *,
        tombstone_key: bytes,
        zone: tzinfo = UTC,
        keep_ms: int = KEEP_MS,
    ) -> None:
        """clock: ms UTC. keep_ms: how long the log keeps what the store holds already. tombstone_key: see privacy.

        zone: the deployment's, for the days and months of segments; the engine's rules know it already.
        """
        self._log, self._store, self._clock, self._keep_ms = log, store, clock, keep_ms
        self._now = 0
        self._sayings = Sayings(store)
        self._decide = Decide(store, engine, self._sayings)
        self._pasts = Pasts(store, zone)
        self._segments = Segments(store, self._sayings, self._pasts, zone)
        self._automations = Automations(store, self._sayings, self._pasts, zone)
        self._receipts = Receipts(store.outbox, store.people, hasher(tombstone_key))
        self._recorder = Recorder(store, Identify(store.people), self._receipts)
        self._eraser = Eraser(log, store, key=tombstone_key, position=lambda: store.position(READER))
        self._unsaid = self._left_unsaid()

    def _left_unsaid(self) -> list[Said]:
        """What a worker before this one decided, but did not come to append."""
        said = self._log.said_after(self._store.position(READER))
        return [row for row in self._store.outgoing.waiting() if said.get(row.id) != row.body]

    def turn(self) -> Turn:
        """One batch: at most 1,000 rows, or the timers that are due. Raises sqlite3.Error; then nothing has changed."""
        self._append()
        now = self._clock()  # before the log is read: what has come by then is folded before a timer fires
        rows = self._log.read(self._store.position(READER), BATCH_ROWS)
        caught_up = len(rows) < BATCH_ROWS
        if not caught_up:  # what was said is read back after what was told later: that does not put the clock back
            now = min(now, max(self._now, rows[-1].entry.received_at))
        self._now = now
        try:
            with self._store.transaction():
                self._pasts.forget()
                self._segments.refresh(now)
                self._automations.refresh(now)
                if rows:
                    self._take(rows, now)
                    self._store.set_position(READER, rows[-1].offset)
                woken = self._wake(now, beside=len(rows)) if caught_up else 0
                anew = self._anew(now) if caught_up else 0
                walked = self._segments.walk(now)
                asked = self._automations.step(now) if caught_up else 0
        except BaseException:
            self._forget()
            raise
        self._unsaid = self._sayings.taken()
        said = len(self._unsaid)
        self._append()
        self._eraser.blank()
        erased = self._eraser.step(self._clock(), self._forget)
        return Turn(len(rows), woken, said, anew, erased, walked, asked)

    def _forget(self) -> None:
        self._decide.forget()
        self._sayings.forget()
        self._segments.forget()
        self._automations.forget()
        self._receipts.forget()

    def _take(self, rows: Sequence[Row], now: int) -> None:
        batch = self._recorder.record(self._eraser.sift(rows))
        self._pasts.forget()
        self._decide.batch(batch, now)
        self._follow(now)

    def _follow(self, now: int) -> None:
        """What happened, to those after the rules: who is in which segment, then what is done because of it."""
        heard = self._decide.heard()
        self._segments.batch(heard, now)
        self._automations.batch(News(heard, self._segments.said(), self._store.people.changed()), now)

    def _wake(self, now: int, *, beside: int) -> int:
        """Fire timers, as many as a turn has room for; what they say is appended in order of time."""
        limit = max(AT_ONCE, BATCH_ROWS - beside)
        woken = wake_due(self._store.threads, self._decide, now, limit=limit)
        self._follow(now)
        woken += self._segments.wake(now, limit=limit)
        self._automations.batch(News(flips=self._segments.said()), now)
        woken += self._automations.wake(now)
        if woken:
            self._sayings.in_order()
        return woken

    def _anew(self, now: int) -> int:
        """A few of those for whom `sentiero sessionize --rebuild` asks. They set no automation going."""
        asked = self._store.rebuilds.waiting(ANEW_AT_ONCE)
        if asked:
            self._decide.anew(filter(self._store.people.exists, asked), now)  # somebody may have been erased
            self._segments.batch(self._decide.heard(), now)
            self._segments.said()
            self._store.rebuilds.done(asked)
        return len(asked)

    def _append(self) -> None:
        while self._unsaid:
            self._log.append_encoded([row.body for row in self._unsaid[:APPEND_ROWS]])
            del self._unsaid[:APPEND_ROWS]

    def trim(self) -> int:
        """Forget the rows of the log that the store has held for longer than `keep_ms`; returns how many went."""
        held = self._store.position(READER)
        return self._log.trim(min(self._log.first_since(self._clock() - self._keep_ms), held))

    def run(self, stopping: Callable[[], bool]) -> None:
        """Go round until told to stop. Polls for new rows: every 20 ms, every 200 ms after 10 s of quiet."""
        version, busy_at, trim_at = (-1, -1), time.monotonic(), 0.0
        while not stopping():
            try:
                turn = self.turn()
                if any(turn):
                    busy_at = time.monotonic()
                if time.monotonic() >= trim_at:
                    trim_at = time.monotonic() + (0 if self.trim() else TRIM_EVERY_S)
                if not (turn.rows >= BATCH_ROWS or turn.woken >= AT_ONCE or turn.said or any(turn[3:])):
                    # What was said must be read back, and SQLite does not tell a connection of its own commits.
                    version = self._wait(version, busy_at, stopping)
            except Exception:  # a loop edge: a disk that is full or a locked file passes
                logger.exception("worker: a batch failed and will be tried again")
                time.sleep(1)

    def _wait(self, version: Versions, busy_at: float, stopping: Callable[[], bool]) -> Versions:
        """Until another process has written to log or store, a timer is due, or it is time to stop.

        It sleeps before it looks at timers: those that are due within some milliseconds share a transaction.
        """
        threads = self._store.threads, self._store.segment_threads
        wakes = *(one.next_wake() for one in threads), self._automations.next_due()
        wake_at = min((at for at in wakes if at is not None), default=None)
        while not stopping():
            current = self._log.data_version(), self._store.data_version()
            if current != version:
                return current
            time.sleep(BUSY_S if time.monotonic() - busy_at < QUIET_AFTER_S else QUIET_S)
            if self._eraser.waits() or (wake_at is not None and wake_at <= self._clock()):
                return current
        return version
