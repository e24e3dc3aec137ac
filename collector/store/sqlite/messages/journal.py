"""What does the courier read and write? What is due, and what became of it (port: `ports/messages/outbox.py`, Journal).

A connection of its own: it commits while the worker works on a batch, or waits until it has.
"""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from collector.event_id import pack_id
from collector.sqlite import Blob, connect
from collector.store.ports.messages.outbox import Delivery, Due, Settlement, Suppression
from collector.store.sqlite.messages.rows import COLUMNS, SUPPRESSION, delivery_of, suppression_of

_DUE = f"""SELECT {COLUMNS} FROM outbox INDEXED BY outbox_due WHERE state = 'waiting' AND due_at <= :now
  AND id NOT IN (SELECT value FROM json_each(:without)) AND domain NOT IN (SELECT value FROM json_each(:held))
  AND channel NOT IN (SELECT value FROM json_each(:shut))
  ORDER BY due_at, id LIMIT :limit"""
_NEXT = "SELECT min(due_at) FROM outbox INDEXED BY outbox_due WHERE state = 'waiting'"
_INTERRUPTED = "SELECT id, channel FROM outbox WHERE state = 'sending' ORDER BY created_at, id"
_BEGIN = "UPDATE outbox SET state = 'sending' WHERE id = ? AND state = 'waiting'"
_SETTLE = """UPDATE outbox SET state = ?1, tries = tries + 1, first_at = coalesce(first_at, ?6), reason = ?2,
  due_at = coalesce(?3, due_at),
  reference = coalesce(?4, reference), shown = coalesce(?5, shown), settled_at = iif(?1 = 'waiting', NULL, ?6),
  subject = coalesce(?7, subject) WHERE id = ?8 AND state IN ('waiting', 'sending')"""
_SAY = "INSERT OR REPLACE INTO to_log (id, retract, contact, at, body) VALUES (?, 0, ?, ?, ?)"
_SUPPRESSED = f"SELECT {SUPPRESSION} FROM suppressions WHERE channel = ? AND hash = ? AND scope IN (?, 'all')"


class SqliteJournal:
    """Implements `ports.messages.outbox.Journal`. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._connection: sqlite3.Connection = connect(path)

    def due(self, asked: Due) -> list[Delivery]:
        """See the port."""
        lists = {"without": asked.without, "held": asked.held, "shut": asked.shut}
        values = {name: json.dumps(list(some)) for name, some in lists.items()}
        rows = self._connection.execute(_DUE, {**values, "now": asked.now, "limit": asked.limit})
        return [delivery_of(row) for row in rows]

    def next_due(self) -> int | None:
        """See the port."""
        (at,) = self._connection.execute(_NEXT).fetchone()
        return None if at is None else int(at)

    def interrupted(self) -> list[tuple[str, str]]:
        """See the port."""
        return self._connection.execute(_INTERRUPTED).fetchall()

    def settle(
        self,
        begun: Sequence[str],
        settled: Sequence[Settlement],
        receipts: Sequence[tuple[str, int, int, bytes]],
    ) -> frozenset[str]:
        """See the port."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            waited = [id for id in begun if self._connection.execute(_BEGIN, (id,)).rowcount]
            self._connection.executemany(
                _SETTLE, [(s.state, s.reason, s.due_at, s.reference, s.shown, s.at, s.subject, s.id) for s in settled]
            )
            self._connection.executemany(_SAY, [(pack_id(i), contact, at, Blob(b)) for i, contact, at, b in receipts])
            self._connection.execute("COMMIT")
            return frozenset(waited)
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def suppression(self, channel: str, hash: bytes, purpose: str) -> Suppression | None:
        """See the port."""
        row = self._connection.execute(_SUPPRESSED, (channel, hash, purpose)).fetchone()
        return None if row is None else suppression_of(row)

    def data_version(self) -> int:
        """Changes whenever another connection has committed to the file."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
