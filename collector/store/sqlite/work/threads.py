"""Where is a contact's thread kept, and who must be woken? The engine's states as bytes: `threads`."""

import sqlite3
from collections.abc import Iterable

from collector.sqlite import Blob

_LOAD = "SELECT contact, body FROM threads WHERE contact IN (SELECT value FROM json_each(?))"
_SAVE = """INSERT INTO threads (contact, body, wake_at) VALUES (?, ?, ?)
           ON CONFLICT (contact) DO UPDATE SET body = excluded.body, wake_at = excluded.wake_at"""
_SAVE_SAME_WAKE = "UPDATE threads SET body = ? WHERE contact = ?"
_DUE = "SELECT contact, wake_at FROM threads WHERE wake_at <= ? ORDER BY wake_at, contact LIMIT ?"
_NEXT = "SELECT min(wake_at) FROM threads WHERE wake_at IS NOT NULL"


class SqliteThreads:
    """Implements `ports.work.Threads`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def load(self, contacts: Iterable[int]) -> dict[int, bytes]:
        """The bytes saved last, by contact; a contact without history is not among them."""
        return dict(self._connection.execute(_LOAD, (str(list(contacts)),)).fetchall())

    def save(self, rows: Iterable[tuple[int, bytes, int | None, int | None]]) -> None:
        """Insert or replace: (contact, body, wake_at, the wake_at that is saved). Where both are one, the timers' index
        is left alone; -1 for the last: not known, or a new contact."""
        rows = list(rows)
        self._connection.executemany(
            _SAVE_SAME_WAKE, [(Blob(body), c) for c, body, wake_at, saved in rows if wake_at == saved]
        )
        self._connection.executemany(
            _SAVE, [(c, Blob(body), wake_at) for c, body, wake_at, saved in rows if wake_at != saved]
        )

    def forget(self, contact: int) -> None:
        """Delete: the contact was absorbed."""
        self._connection.execute("DELETE FROM threads WHERE contact = ?", (contact,))

    def due(self, now: int, limit: int) -> list[tuple[int, int]]:
        """(contact, wake_at) of those to be woken at or before `now`, the longest due first."""
        return self._connection.execute(_DUE, (now, limit)).fetchall()

    def next_wake(self) -> int | None:
        """The first instant at which somebody must be woken."""
        found: int | None = self._connection.execute(_NEXT).fetchone()[0]
        return found
