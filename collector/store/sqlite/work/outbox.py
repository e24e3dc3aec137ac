"""What is the world asked to do? `outbox`: effects, written in the transaction of the state that asked for them."""

import sqlite3
from collections.abc import Iterable

from collector.sqlite import Blob
from collector.store.ports.work import Effect

_PUT = "INSERT OR IGNORE INTO outbox (id, kind, contact, due_at, body) VALUES (?, ?, ?, ?, ?)"
_DUE = "SELECT id, kind, contact, due_at, body FROM outbox WHERE due_at <= ? ORDER BY due_at, id LIMIT ?"
_SETTLE = "DELETE FROM outbox WHERE id = ?"


class SqliteOutbox:
    """Implements `ports.work.Outbox`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, effects: Iterable[Effect]) -> None:
        """Insert; one that waits already stays as it is."""
        self._connection.executemany(_PUT, [(e.id, e.kind, e.contact, e.due_at, Blob(e.body)) for e in effects])

    def due(self, now: int, limit: int) -> list[Effect]:
        """What is due at or before `now` (ms UTC), the longest due first."""
        return [Effect(*row) for row in self._connection.execute(_DUE, (now, limit))]

    def settle(self, ids: Iterable[str]) -> None:
        """These are done."""
        self._connection.executemany(_SETTLE, [(i,) for i in ids])
