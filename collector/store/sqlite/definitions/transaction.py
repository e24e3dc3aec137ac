"""How is a definition written and read? In a short transaction of its own; on a connection that stays open."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from collector.sqlite import connect
from collector.store.ports.store import StoreFailed


@contextmanager
def transaction(path: Path) -> Iterator[sqlite3.Connection]:
    """Commit at the end of the block (durable), roll back when it raises. Waits up to 5 s for another writer.

    Raises StoreFailed when the file is locked for longer, full, damaged or gone.
    """
    try:
        with closing(connect(path)) as connection:  # what is not committed when it closes is rolled back
            connection.execute("BEGIN IMMEDIATE")  # the wait is here; a later upgrade of the lock would fail at once
            yield connection
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreFailed(str(error)) from error


class Reading:
    """A read-only connection that stays open, because data_version is told to a connection.

    For one thread at a time: pages, the API and the timers read in threads of their own, and two that run the same
    statement of one connection at once would bring the process down.
    """

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated; it is opened at the first question."""
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """All that it answers."""
        with self._lock:
            if self._connection is None:
                self._connection = connect(self._path, readonly=True)
            return self._connection.execute(sql, values).fetchall()

    def version(self) -> int:
        """SQLite's own counter of commits by others, as this connection sees it."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def close(self) -> None:
        """Let go; the next question opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
