"""What is on its way into the log? `to_log`: derived events and retractions, each until it has been read back."""

import sqlite3
from collections.abc import Iterable, Sequence

from collector.event_id import pack_id_often, unpack_id
from collector.store.ports.work import Said

_PUT = "INSERT OR REPLACE INTO to_log (id, retract, contact, at, body) VALUES (?, ?, ?, ?, ?)"
_ALL = "SELECT id, retract, contact, at, body FROM to_log"
_SETTLE = "DELETE FROM to_log WHERE id = ? AND retract = ?"
_OF = _ALL + " WHERE contact IN (SELECT value FROM json_each(?)) AND at >= ?"


class SqliteOutgoing:
    """Implements `ports.work.Outgoing`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, rows: Iterable[Said]) -> None:
        """Insert; what is said of an event that waits already takes its place."""
        self._connection.executemany(_PUT, [(pack_id_often(r.id), r.retract, r.contact, r.at, r.body) for r in rows])

    def waiting(self) -> list[Said]:
        """Everything that has not been read back, in order of time."""
        return [_said(row) for row in self._connection.execute(_ALL + " ORDER BY at, id")]

    def of(self, contacts: Sequence[int], since: int) -> list[Said]:
        """What waits of these contacts with at >= since (ms UTC)."""
        return [_said(row) for row in self._connection.execute(_OF, (str(list(contacts)), since))]

    def settle(self, back: Iterable[tuple[str, bool]]) -> None:
        """These (id, retract) were read back from the log."""
        self._connection.executemany(_SETTLE, [(pack_id_often(i), retract) for i, retract in back])


def _said(row: tuple[bytes | str, int, int, int, bytes]) -> Said:
    i, retract, contact, at, body = row
    return Said(unpack_id(i), bool(retract), contact, at, body)
