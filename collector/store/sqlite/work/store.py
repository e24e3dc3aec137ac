"""The worker's store in one SQLite file: opens it, and keeps a batch in one transaction."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.sqlite import connect, migrate
from collector.store.sqlite.automations.work import SqliteAutomationWork
from collector.store.sqlite.erasure.erasing import SqliteErasing
from collector.store.sqlite.messages.outbox import SqliteOutbox
from collector.store.sqlite.segments.work import SqliteSegmentWork
from collector.store.sqlite.work.histories import SqliteHistories
from collector.store.sqlite.work.learned import SqliteLearnedKinds
from collector.store.sqlite.work.outgoing import SqliteOutgoing
from collector.store.sqlite.work.people import SqlitePeople
from collector.store.sqlite.work.rebuilds import SqliteRebuilds
from collector.store.sqlite.work.sessions import SqliteSessionRows
from collector.store.sqlite.work.threads import SqliteThreads
from collector.store.sqlite.work.words import Words
from sessionizer.event import Agent

MIGRATIONS = Path(__file__).parent.parent / "migrations"
CACHE_KIB = 32_768
CHECKPOINT_PAGES = 8_000
"""32 MB: a page of an index is written by many batches; the more of them between two checkpoints, the fewer writes."""


class SqliteWorkStore:
    """Implements `ports.work.WorkStore`."""

    def __init__(self, path: Path) -> None:
        """Open or create the file and bring its schema up to date."""
        migrate(path, MIGRATIONS)
        self._connection: sqlite3.Connection = connect(path)
        self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        self._words = Words(self._connection)
        self.people = SqlitePeople(self._connection)
        self.histories = SqliteHistories(self._connection, self._words)
        self.threads = SqliteThreads(self._connection)
        self.segment_threads = SqliteThreads(self._connection, "segment_threads")
        self.segments = SqliteSegmentWork(self._connection)
        self.automations = SqliteAutomationWork(self._connection)
        self.sessions = SqliteSessionRows(self._connection)
        self.outgoing = SqliteOutgoing(self._connection)
        self.outbox = SqliteOutbox(self._connection)
        self.rebuilds = SqliteRebuilds(self._connection)
        self.learned = SqliteLearnedKinds(self._connection)
        self.erasing = SqliteErasing(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all that is written inside, or nothing of it."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.people.flush()
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self.forget()
            raise

    def forget(self) -> None:
        """What is remembered may be no more: a transaction was rolled back, or somebody was erased."""
        self._words.forget()
        self.people.forget()
        self.sessions.forget()

    def position(self, reader: str) -> int:
        """The log offset up to which `reader` has come, 0 at first."""
        row = self._connection.execute("SELECT offset FROM positions WHERE reader = ?", (reader,)).fetchone()
        return 0 if row is None else int(row[0])

    def set_position(self, reader: str, offset: int) -> None:
        """Save how far `reader` has come."""
        self._connection.execute("INSERT OR REPLACE INTO positions VALUES (?, ?)", (reader, offset))

    def data_version(self) -> int:
        """Changes whenever another process has committed to the file."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def agent(self, user_agent: str, read: Callable[[str], Agent]) -> tuple[int, Agent]:
        """The number of a user agent and what it says; `read` is called once an unknown text."""
        return self._words.agent(user_agent, read)

    def close(self) -> None:
        """Move the WAL into the file, close."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection.close()
