"""Who was erased, and when? `tombstones`: hashes (collector/privacy/tombstone.py) and instants, in ms UTC."""

import sqlite3
from collections.abc import Collection, Iterable

_BURY = """INSERT INTO tombstones VALUES (?, ?)
           ON CONFLICT (hash) DO UPDATE SET at = max(at, excluded.at)"""
_AMONG = "SELECT hash, at FROM tombstones WHERE hash IN ({marks})"
_LATEST = "SELECT coalesce(max(at), -1) FROM tombstones"
TOGETHER = 500


class SqliteTombstones:
    """Implements `ports.erasing.Tombstones`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def bury(self, hashes: Iterable[bytes], at: int) -> None:
        """What these names did up to `at`, included, is dropped from now on."""
        self._connection.executemany(_BURY, [(hash, at) for hash in hashes])

    def among(self, hashes: Collection[bytes]) -> dict[bytes, int]:
        """Those that are buried, and when they were."""
        asked, found = list(hashes), dict[bytes, int]()
        for start in range(0, len(asked), TOGETHER):
            chunk = asked[start : start + TOGETHER]
            found.update(self._connection.execute(_AMONG.format(marks=", ".join("?" * len(chunk))), chunk))
        return found

    def latest(self) -> int:
        """When the last one was buried; -1 when nobody was."""
        return int(self._connection.execute(_LATEST).fetchone()[0])
