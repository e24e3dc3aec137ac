"""Who is to be erased? Rows in store.db (port: `ports/definitions/erasures.py`)."""

import secrets
from pathlib import Path

from collector.event_id import new_id, unpack_id
from collector.store.ports.definitions.erasures import Erasure
from collector.store.sqlite.definitions.transaction import Reading, transaction

_COLUMNS = "SELECT id, contact, asked_at, done_at FROM erasures"
_UNDER_WAY = f"{_COLUMNS} WHERE contact = ? AND done_at IS NULL"
_GET = f"{_COLUMNS} WHERE id = ?"
_ASK = "INSERT OR IGNORE INTO erasures (id, contact, asked_at) VALUES (?, ?, ?)"


class SqliteErasures:
    """Implements the port on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def ask(self, contact: int, *, at: int) -> Erasure:
        """See the port."""
        id = unpack_id(new_id(at, secrets.randbits(80)))
        with transaction(self._path) as connection:
            connection.execute(_ASK, (id, contact, at))
            return _erasure(connection.execute(_UNDER_WAY, (contact,)).fetchone())

    def under_way(self, contact: int) -> Erasure | None:
        """See the port."""
        return next(map(_erasure, self._reading.rows(_UNDER_WAY, (contact,))), None)

    def get(self, id: str) -> Erasure | None:
        """See the port."""
        return next(map(_erasure, self._reading.rows(_GET, (id,))), None)

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def _erasure(row: tuple[str, int, int, int | None]) -> Erasure:
    id, contact, asked_at, done_at = row
    return Erasure(id=id, contact=contact, asked_at=asked_at, done_at=done_at)
