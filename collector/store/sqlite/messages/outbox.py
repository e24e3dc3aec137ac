"""What does the worker write about messages? Wishes of automations, receipts, addresses that are to be left alone.

Within the worker's transaction (port: `ports/messages/outbox.py`, Outbox).
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping

from collector.store.ports.messages.outbox import Addressed, Mark, Post, Suppression
from collector.store.sqlite.messages.rows import PUT, row_of

_ADDRESSED = """SELECT id, channel, purpose, message, contact, recipient, subject FROM outbox
                WHERE id IN (SELECT value FROM json_each(?))"""
_MARK = "UPDATE outbox SET {what}_at = min(coalesce({what}_at, ?1), ?1), contact = ?2 WHERE id = ?3"
_SUPPRESS = """INSERT OR REPLACE INTO suppressions (channel, hash, address, scope, reason, at)
  VALUES (?, ?, ?, ?, ?, ?)"""
_ALLOW = "DELETE FROM suppressions WHERE channel = ? AND hash = ? AND scope <> 'all'"


class SqliteOutbox:
    """Implements `ports.messages.outbox.Outbox`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, posts: Iterable[Post], *, at: int) -> None:
        """See the port."""
        self._connection.executemany(PUT, [row_of(post, at) for post in posts])

    def addressed(self, ids: Collection[str]) -> Mapping[str, Addressed]:
        """See the port."""
        rows = self._connection.execute(_ADDRESSED, (json.dumps(list(ids)),))
        return {row[0]: Addressed(*row) for row in rows}

    def mark(self, marks: Iterable[Mark]) -> None:
        """See the port."""
        for what, at, contact, id in ((mark.what, mark.at, mark.contact, mark.id) for mark in marks):
            self._connection.execute(_MARK.format(what=what), (at, contact, id))

    def suppress(self, rows: Iterable[Suppression]) -> None:
        """See the port."""
        self._connection.executemany(_SUPPRESS, list(rows))

    def allow(self, names: Iterable[tuple[str, bytes]]) -> None:
        """See the port."""
        self._connection.executemany(_ALLOW, list(names))
