"""How many events of each kind had each day? `kind_days`, kept in the transaction that changes the events.

Events that stand and are no bot's. (Sessions are counted by triggers beside their table: see migrations/0003.sql.)
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable

HOUR_MS, DAY_MS = 3_600_000, 86_400_000

_ADD = """INSERT INTO kind_days (kind, day, events) VALUES (?, ?, ?)
          ON CONFLICT (kind, day) DO UPDATE SET events = events + excluded.events"""
_COUNT_SESSIONS = f"""INSERT INTO session_hours (hour, site, source, device, sessions)
                      SELECT started_at / {HOUR_MS}, site, source, device, count(*) FROM sessions GROUP BY 1, 2, 3, 4"""


def count(connection: sqlite3.Connection, rows: Iterable[tuple[int, int]], each: int) -> None:
    """Add `each` (1 or -1) for every (number of a kind, at in ms UTC)."""
    days = Counter((kind, at // DAY_MS) for kind, at in rows)
    connection.executemany(_ADD, [(*day, each * times) for day, times in days.items()])


def count_sessions(connection: sqlite3.Connection) -> None:
    """Fill `session_hours`, which is empty, from all sessions there are: where no trigger saw them come."""
    connection.execute(_COUNT_SESSIONS)
