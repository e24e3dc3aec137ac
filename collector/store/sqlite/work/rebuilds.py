"""Whose history is to be folded anew? `rebuilds`: written by `sentiero sessionize --rebuild`, emptied by the worker."""

import sqlite3
from collections.abc import Iterable


class SqliteRebuilds:
    """Implements `ports.work.Rebuilds`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, contacts: Iterable[int]) -> None:
        """Add; who is there already is there once."""
        self._connection.executemany("INSERT OR IGNORE INTO rebuilds VALUES (?)", ((contact,) for contact in contacts))

    def waiting(self, limit: int) -> list[int]:
        """The first of them, by id."""
        rows = self._connection.execute("SELECT contact FROM rebuilds ORDER BY contact LIMIT ?", (limit,))
        return [contact for (contact,) in rows]

    def left(self) -> int:
        """How many there are."""
        return int(self._connection.execute("SELECT count(*) FROM rebuilds").fetchone()[0])

    def done(self, contacts: Iterable[int]) -> None:
        """They are folded."""
        self._connection.executemany("DELETE FROM rebuilds WHERE contact = ?", ((contact,) for contact in contacts))
