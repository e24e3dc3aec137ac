"""What was answered to a change that named itself? Rows in store.db (port: `ports/idempotency.py`)."""

from pathlib import Path

import msgspec

from collector.store.ports.idempotency import Kept
from collector.store.sqlite.definitions.transaction import Reading, transaction

MAX_KEPT = 100_000
"""Rows: one a second for a whole day and more. By the number of the row: nothing is counted."""

GET = "SELECT fingerprint, status, headers, body FROM idempotency WHERE key = ? AND at >= ?"
KEEP = "INSERT OR REPLACE INTO idempotency (key, fingerprint, at, status, headers, body) VALUES (?, ?, ?, ?, ?, ?)"
BOUND = "DELETE FROM idempotency WHERE id <= (SELECT max(id) FROM idempotency) - ?"
OLD = "SELECT 1 FROM idempotency WHERE at < ? LIMIT 1"
CLEAN = "DELETE FROM idempotency WHERE at < ?"


class SqliteAnswers:
    """Implements the port on one store.db."""

    def __init__(self, path: Path, *, max_kept: int = MAX_KEPT) -> None:
        """path: of store.db, migrated."""
        self._path, self._max_kept = path, max_kept
        self._reading = Reading(path)

    def get(self, key: str, *, since: int) -> Kept | None:
        """See the port."""
        rows = self._reading.rows(GET, (key, since))
        if not rows:
            return None
        fingerprint, status, headers, body = rows[0]
        return Kept(fingerprint, status, msgspec.json.decode(headers, type=dict[str, str]), body)

    def keep(self, key: str, answer: Kept, *, at: int) -> None:
        """See the port."""
        headers = msgspec.json.encode(answer.headers).decode()
        with transaction(self._path) as connection:
            connection.execute(KEEP, (key, answer.fingerprint, at, answer.status, headers, answer.body))
            connection.execute(BOUND, (self._max_kept,))

    def clean(self, before: int) -> None:
        """See the port; nothing is written where nothing is old."""
        if self._reading.rows(OLD, (before,)):
            with transaction(self._path) as connection:
                connection.execute(CLEAN, (before,))

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()
