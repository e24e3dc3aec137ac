"""How do sessions get into the store? One row a session, as its rule last said it: `sessions`, `replaced_sessions`."""

import sqlite3
from collections.abc import Iterable

import msgspec

from collector.event_id import pack_id_often
from collector.sqlite import Blob
from sessionizer.session import Session

_PUT = """INSERT INTO sessions (id, contact, started_at, ended_at, open, site, several, source, device, body)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, open = excluded.open, several = excluded.several,
                                         source = excluded.source, device = excluded.device, body = excluded.body"""
_COVERING = "SELECT id FROM sessions WHERE contact = ? AND started_at <= ? ORDER BY started_at DESC LIMIT 1"
_encode = msgspec.msgpack.Encoder().encode


class SqliteSessionRows:
    """Implements `ports.work.SessionRows`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, rows: Iterable[tuple[int, Session]]) -> None:
        """Insert or replace; (contact, session) each. A row's contact is changed by `rehome` alone: it is indexed."""
        self._connection.executemany(_PUT, [_row(contact, session) for contact, session in rows])

    def drop(self, contact: int, session: str, replaced_by: str | None) -> None:
        """A session is no more; its id answers with the one that took its place, else with the one around it."""
        packed = pack_id_often(session)
        row = self._connection.execute("DELETE FROM sessions WHERE id = ? RETURNING started_at", (packed,)).fetchone()
        heir: bytes | str | None = None
        if replaced_by is not None:
            heir = pack_id_often(replaced_by)
        elif row and (around := self._connection.execute(_COVERING, (contact, row[0])).fetchone()):
            heir = around[0]
        if heir is None:
            return
        self._connection.execute("UPDATE replaced_sessions SET replaced_by = ? WHERE replaced_by = ?", (heir, packed))
        self._connection.execute("INSERT OR REPLACE INTO replaced_sessions VALUES (?, ?)", (packed, heir))
        self._connection.execute("DELETE FROM replaced_sessions WHERE id = ?", (heir,))

    def rehome(self, *, absorbed: int, survivor: int) -> None:
        """The absorbed contact's sessions are the survivor's."""
        self._connection.execute("UPDATE sessions SET contact = ? WHERE contact = ?", (survivor, absorbed))

    def clear(self, contact: int) -> None:
        """Forget the contact's sessions: its whole history is folded anew, and all of them are put again."""
        self._connection.execute("DELETE FROM sessions WHERE contact = ?", (contact,))

    def stand_again(self, sessions: Iterable[str]) -> None:
        """These were replaced once, and are said again: their ids lead nowhere else any more."""
        self._connection.executemany(
            "DELETE FROM replaced_sessions WHERE id = ?", [(pack_id_often(session),) for session in sessions]
        )


def _row(contact: int, s: Session) -> tuple[object, ...]:
    site = s.sites[0] if s.sites else 0
    return (
        pack_id_often(s.id), contact, s.started_at, s.ended_at, s.open, site, len(s.sites) > 1, s.source,
        s.agent.device, Blob(_encode(s)),
    )  # fmt: skip
