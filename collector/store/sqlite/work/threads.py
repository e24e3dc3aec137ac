"""Where is a contact's thread kept, and who must be woken? States as bytes: the engine's (`threads`), and how somebody
stands to segments (`segment_threads`)."""

import sqlite3
from collections.abc import Iterable

from collector.sqlite import Blob

LOAD = "SELECT contact, body FROM {table} WHERE contact IN (SELECT value FROM json_each(?))"
SAVE = """INSERT INTO {table} (contact, body, wake_at) VALUES (?, ?, ?)
          ON CONFLICT (contact) DO UPDATE SET body = excluded.body, wake_at = excluded.wake_at"""
SAVE_SAME_WAKE = "UPDATE {table} SET body = ? WHERE contact = ?"
FORGET = "DELETE FROM {table} WHERE contact = ?"
DUE = "SELECT contact, wake_at FROM {table} WHERE wake_at <= ? ORDER BY wake_at, contact LIMIT ?"
NEXT = "SELECT min(wake_at) FROM {table} WHERE wake_at IS NOT NULL"


class SqliteThreads:
    """Implements `ports.work.Threads`."""

    def __init__(self, connection: sqlite3.Connection, table: str = "threads") -> None:
        """table: threads or segment_threads, which have the same columns."""
        self._connection = connection
        self._load, self._save, self._save_same_wake, self._forget, self._due, self._next = (
            sql.format(table=table) for sql in (LOAD, SAVE, SAVE_SAME_WAKE, FORGET, DUE, NEXT)
        )

    def load(self, contacts: Iterable[int]) -> dict[int, bytes]:
        """The bytes saved last, by contact; a contact without history is not among them."""
        return dict(self._connection.execute(self._load, (str(list(contacts)),)).fetchall())

    def save(self, rows: Iterable[tuple[int, bytes, int | None, int | None]]) -> None:
        """Insert or replace: (contact, body, wake_at, the wake_at that is saved). Where both are one, the timers' index
        is left alone; -1 for the last: not known, or a new contact."""
        rows = list(rows)
        self._connection.executemany(
            self._save_same_wake, [(Blob(body), c) for c, body, wake_at, saved in rows if wake_at == saved]
        )
        self._connection.executemany(
            self._save, [(c, Blob(body), wake_at) for c, body, wake_at, saved in rows if wake_at != saved]
        )

    def forget(self, contact: int) -> None:
        """Delete: the contact was absorbed."""
        self._connection.execute(self._forget, (contact,))

    def due(self, now: int, limit: int) -> list[tuple[int, int]]:
        """(contact, wake_at) of those to be woken at or before `now`, the longest due first."""
        return self._connection.execute(self._due, (now, limit)).fetchall()

    def next_wake(self) -> int | None:
        """The first instant at which somebody must be woken."""
        found: int | None = self._connection.execute(self._next).fetchone()[0]
        return found
