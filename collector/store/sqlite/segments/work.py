"""Which segments are followed, who is in them, and since when? The worker's side of segments.

Reads `segments`, which `serve` writes; reads and writes `segment_walks segment_members segment_history`.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from collector.event_id import pack_id_often
from collector.store.ports.work import Membership, Question, Turn, Walk
from sessionizer.segments.condition import Definition

_QUESTIONS = "SELECT id, name, body, archived_at IS NULL AND paused_at IS NULL FROM segments ORDER BY id"
_WALKS = "SELECT segment, question, since, why, walked_to, upto, stopped FROM segment_walks ORDER BY segment"
_PUT_WALK = "INSERT OR REPLACE INTO segment_walks VALUES (?, ?, ?, ?, ?, ?, ?)"
_NEXT_CONTACTS = """SELECT id FROM contacts WHERE id > ? AND id <= ?
                    AND id NOT IN (SELECT absorbed FROM contact_links) ORDER BY id LIMIT ?"""
_MEMBERSHIPS = """SELECT contact, segment FROM segment_members WHERE contact IN (SELECT value FROM json_each(?))
                  AND segment IN (SELECT value FROM json_each(?))"""
_ENTER = "INSERT OR REPLACE INTO segment_members VALUES (?, ?, ?)"
_LEAVE = "DELETE FROM segment_members WHERE segment = ? AND contact = ?"
_TELL = "INSERT OR REPLACE INTO segment_history VALUES (?, ?, ?, ?, ?, ?)"
_UNTELL = "DELETE FROM segment_history WHERE segment = ? AND at = ? AND entered = ? AND contact = ?"
_AHEAD = """SELECT DISTINCT coalesce((SELECT survivor FROM contact_links WHERE absorbed = h.contact), h.contact)
            FROM segment_walks w CROSS JOIN segment_history h ON h.segment = w.segment WHERE h.at > ?"""


class SqliteSegmentWork:
    """Implements `ports.work.SegmentWork`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def questions(self) -> list[Question]:
        """Every segment, by id."""
        return [
            Question(id, name, msgspec.json.decode(body, type=Definition).where, bool(active))
            for id, name, body, active in self._connection.execute(_QUESTIONS)
        ]

    def walks(self) -> list[Walk]:
        """How far the worker is with each segment, by id."""
        rows = self._connection.execute(_WALKS)
        return [Walk(*row)._replace(stopped=bool(row[-1])) for row in rows]

    def put_walks(self, walks: Iterable[Walk]) -> None:
        """Insert or replace."""
        self._connection.executemany(_PUT_WALK, walks)

    def contacts_between(self, after: int, upto: int, limit: int) -> list[int]:
        """The first survivors of those ids, `upto` included."""
        return [contact for (contact,) in self._connection.execute(_NEXT_CONTACTS, (after, upto, limit))]

    def memberships(self, contacts: Sequence[int], segments: Iterable[int]) -> Mapping[int, frozenset[int]]:
        """In which of these segments these contacts are."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        asked = str(list(contacts)), str(list(segments))
        for contact, segment in self._connection.execute(_MEMBERSHIPS, asked):
            found[contact].add(segment)
        return {contact: frozenset(ids) for contact, ids in found.items()}

    def set_members(self, rows: Iterable[Membership]) -> None:
        """Who is in, and who no longer is."""
        rows = list(rows)
        self._connection.executemany(_ENTER, [(r.segment, r.contact, r.since) for r in rows if r.is_in])
        self._connection.executemany(_LEAVE, [(r.segment, r.contact) for r in rows if not r.is_in])

    def tell(self, turns: Iterable[Turn]) -> None:
        """Add to the history."""
        self._connection.executemany(_TELL, map(_line, turns))

    def untell(self, turns: Iterable[tuple[int, int, bool]], contacts: Iterable[int]) -> None:
        """Take out of the history of these contacts what is (segment, at, entered)."""
        rows = [(*turn, contact) for turn in turns for contact in contacts]
        self._connection.executemany(_UNTELL, rows)

    def forget(self, contact: int) -> None:
        """The contact was absorbed: who is left is in what both are in."""
        self._connection.execute("DELETE FROM segment_members WHERE contact = ?", (contact,))

    def ahead(self, now: int) -> list[int]:
        """Of whom something is told that is later than now (ms UTC): a clock stood ahead."""
        return [contact for (contact,) in self._connection.execute(_AHEAD, (now,))]

    def last_contact(self) -> int:
        """The highest id of a contact."""
        return int(self._connection.execute("SELECT coalesce(max(id), 0) FROM contacts").fetchone()[0])


def _line(turn: Turn) -> tuple[object, ...]:
    cause = pack_id_often(turn.cause) if turn.cause else None
    return turn.segment, turn.at, turn.contact, turn.entered, turn.why, cause
