"""How do carts and orders stand? `objects`, kept in the transaction that records the events about them."""

import sqlite3
from collections.abc import Iterable

_STANDS = """INSERT INTO objects (type, id, since, at, latest, events) VALUES (?1, ?2, ?3, ?3, ?4, 1)
  ON CONFLICT (type, id) DO UPDATE SET
    since = min(since, excluded.since), events = events + 1,
    latest = iif((excluded.at, excluded.latest) > (at, latest), excluded.latest, latest), at = max(at, excluded.at)
  RETURNING number"""
_TOLD = "INSERT OR IGNORE INTO object_events VALUES (?, ?)"


def keep_objects(connection: sqlite3.Connection, told: Iterable[tuple[str, str, int, int]]) -> None:
    """told: (type, id, at in ms UTC, offset) of events that name a thing. In whatever order they come, the latest of
    its events says how it stands."""
    for named in told:
        (number,) = connection.execute(_STANDS, named).fetchone()
        connection.execute(_TOLD, (number, named[3]))
