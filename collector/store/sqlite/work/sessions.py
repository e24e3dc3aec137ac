"""How do sessions get into the store? One row a session, as its rule last said it: `sessions`, `replaced_sessions`."""

import sqlite3
from collections.abc import Iterable

import msgspec

from collector.event_id import pack_id_often
from collector.sqlite import Blob
from collector.store.sqlite.work.words import Memory
from sessionizer.session import Session

_PUT = """INSERT INTO sessions (id, contact, started_at, ended_at, open, site, several, source, device, body)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, open = excluded.open, several = excluded.several,
                                         source = excluded.source, device = excluded.device, body = excluded.body"""
_GOES_ON = "UPDATE sessions SET ended_at = ?, open = ?, body = ? WHERE id = ?"
_COVERING = "SELECT id FROM sessions WHERE contact = ? AND started_at <= ? ORDER BY started_at DESC LIMIT 1"
_encode = msgspec.msgpack.Encoder().encode

Indexed = tuple[bool, str, str]
"""What of a row stands in an index and may change: whether it went to several sites, its source, its device."""


class SqliteSessionRows:
    """Implements `ports.work.SessionRows`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._indexed: Memory[str, Indexed] = Memory()

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._indexed.clear()

    def put(self, rows: Iterable[tuple[int, Session]]) -> None:
        """Insert or replace; (contact, session) each. A row's contact is changed by `rehome` alone: it is indexed.

        Most sessions only go on: then no index is touched.
        """
        put: list[tuple[object, ...]] = []
        go_on: list[tuple[object, ...]] = []
        last_said = {session.id: (contact, session) for contact, session in rows}
        for contact, session in last_said.values():
            indexed = _indexed(session)
            if self._indexed.get(session.id) == indexed:
                go_on.append((session.ended_at, session.open, Blob(_encode(session)), pack_id_often(session.id)))
            else:
                self._indexed.keep(session.id, indexed)
                put.append(_row(contact, session, indexed))
        self._connection.executemany(_PUT, put)
        self._connection.executemany(_GOES_ON, go_on)

    def drop(self, contact: int, session: str, replaced_by: str | None) -> None:
        """A session is no more; its id answers with the one that took its place, else with the one around it."""
        packed = pack_id_often(session)
        self._indexed.pop(session, None)
        row = self._connection.execute("DELETE FROM sessions WHERE id = ? RETURNING started_at", (packed,)).fetchone()
        heir: bytes | bytearray | str | None = None
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
        self._indexed.clear()

    def stand_again(self, sessions: Iterable[str]) -> None:
        """These were replaced once, and are said again: their ids lead nowhere else any more."""
        self._connection.executemany(
            "DELETE FROM replaced_sessions WHERE id = ?", [(pack_id_often(session),) for session in sessions]
        )


def _indexed(s: Session) -> Indexed:
    return len(s.sites) > 1, s.source, s.agent.device


def _row(contact: int, s: Session, indexed: Indexed) -> tuple[object, ...]:
    site = s.sites[0] if s.sites else 0
    return (pack_id_often(s.id), contact, s.started_at, s.ended_at, s.open, site, *indexed, Blob(_encode(s)))
