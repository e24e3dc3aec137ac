"""What is a contact's in automations? It moves to the one who absorbed it, and goes when somebody is erased.

Within the worker's transaction. What only counts stays: nobody can be told from it.
"""

import sqlite3
from collections.abc import Sequence

import msgspec

from collector.store.sqlite.automations.rows import PUT, row_of
from sessionizer.automations.run import decode_run

_RUNS = "SELECT body FROM automation_runs WHERE contact = ?"
_MOVE_MISSED = """INSERT INTO automation_missed
  SELECT automation, :survivor, reason, at, event, times FROM automation_missed WHERE contact = :absorbed
  ON CONFLICT DO UPDATE SET times = times + excluded.times, at = max(at, excluded.at),
    event = iif(excluded.at > at, excluded.event, event)"""
_MOVES = (
    _MOVE_MISSED,
    "DELETE FROM automation_missed WHERE contact = :absorbed",
    "UPDATE automation_sent SET contact = :survivor WHERE contact = :absorbed",
    "UPDATE automation_asks SET contact = :survivor WHERE contact = :absorbed",
    "UPDATE OR IGNORE automation_timers SET contact = :survivor WHERE contact = :absorbed",
    "DELETE FROM automation_timers WHERE contact = :absorbed",
)
_THEIRS = "IN (SELECT value FROM json_each(:contacts))"
_ENDED = f"""INSERT INTO automation_passed
  SELECT automation, '@ended', count(*) FROM automation_runs WHERE contact {_THEIRS} AND ended_at IS NULL GROUP BY 1
  ON CONFLICT DO UPDATE SET number = number + excluded.number"""
_ASKED = f"""DELETE FROM automation_asks WHERE contact {_THEIRS}
  OR run IN (SELECT id FROM automation_runs WHERE contact {_THEIRS})"""
_FORGET = (
    _ASKED,
    f"UPDATE automation_runs SET body = zeroblob(length(body)) WHERE contact {_THEIRS}",  # see erasure/person.py
    *(
        f"DELETE FROM automation_{table} WHERE contact {_THEIRS}"
        for table in ("runs", "missed", "sent", "timers")
    ),
)  # fmt: skip


def rehome(connection: sqlite3.Connection, *, absorbed: int, survivor: int) -> None:
    """Everything that is the absorbed contact's is the survivor's. Of two dates for one trigger theirs stays."""
    bodies = connection.execute(_RUNS, (absorbed,)).fetchall()
    runs = [msgspec.structs.replace(decode_run(body), contact=survivor) for (body,) in bodies]
    connection.executemany(PUT, map(row_of, runs))
    for move in _MOVES:
        connection.execute(move, {"absorbed": absorbed, "survivor": survivor})


def forget(connection: sqlite3.Connection, contacts: Sequence[int]) -> None:
    """Nothing of theirs stays but numbers; who was in is counted among those who have ended."""
    values = {"contacts": str(list(contacts))}
    connection.execute(_ENDED, values)
    for statement in _FORGET:
        connection.execute(statement, values)
