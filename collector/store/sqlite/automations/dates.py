"""Who comes in on which date, and how far were contacts asked for dates? `automation_timers`, `automation_walks`."""

import sqlite3
from collections.abc import Iterable, Sequence

from collector.store.ports.automations.work import DateTimer, DateWalk

_DUE = "SELECT automation, trigger, contact, due_at FROM automation_timers WHERE due_at <= ? ORDER BY due_at LIMIT ?"
_NEXT = "SELECT min(due_at) FROM automation_timers"
_SET = "INSERT OR REPLACE INTO automation_timers VALUES (?, ?, ?, ?)"
_DROP = "DELETE FROM automation_timers WHERE automation = ? AND trigger = ? AND contact = ?"
_WALKS = "SELECT automation, version, walked_to, upto FROM automation_walks ORDER BY automation"
_PUT_WALK = "INSERT OR REPLACE INTO automation_walks VALUES (?, ?, ?, ?)"


class Dates:
    """A part of `SqliteAutomationWork`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def timers(self, now: int, limit: int) -> list[DateTimer]:
        """See the port."""
        return [DateTimer(*row) for row in self._connection.execute(_DUE, (now, limit))]

    def next_timer(self) -> int | None:
        """When the next one is due, ms UTC."""
        found: int | None = self._connection.execute(_NEXT).fetchone()[0]
        return found

    def set_timers(self, rows: Iterable[DateTimer]) -> None:
        """See the port."""
        self._connection.executemany(_SET, list(rows))

    def drop_timers(self, names: Iterable[tuple[int, int, int]]) -> None:
        """See the port."""
        self._connection.executemany(_DROP, list(names))

    def walks(self) -> list[DateWalk]:
        """See the port."""
        return [DateWalk(*row) for row in self._connection.execute(_WALKS)]

    def put_walks(self, walks: Sequence[DateWalk]) -> None:
        """See the port."""
        self._connection.executemany(_PUT_WALK, walks)
