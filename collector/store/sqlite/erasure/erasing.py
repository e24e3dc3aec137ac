"""What does the worker ask of the store, to erase people? Reads and writes `erasures`, `to_blank`, and all else.

A process that is killed anywhere goes on: a person leaves in one transaction, which keeps what is to be looked for
afterwards (`agents`, `upto`), and whatever is looked for again is not there the second time.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from collector.sqlite import empty_wal
from collector.store.ports.erasing import Left, Name, Open, Person
from collector.store.sqlite.erasure.mentions import strip_event
from collector.store.sqlite.erasure.payloads import forget_payloads, forget_payloads_of
from collector.store.sqlite.erasure.person import delete_person, read_person
from collector.store.sqlite.erasure.tombstones import SqliteTombstones

_OPEN = "SELECT id, contact, upto FROM erasures WHERE done_at IS NULL"
_GONE = "SELECT id, upto, agents FROM erasures WHERE done_at IS NULL AND upto IS NOT NULL"
_LAST = "UPDATE erasures SET last_contact = (SELECT coalesce(max(id), 0) FROM contacts) WHERE id = ?"
_KEEP = "UPDATE erasures SET upto = ?, agents = ? WHERE id = ?"
_PIECE = "SELECT max(offset) FROM (SELECT offset FROM events WHERE offset > ? ORDER BY offset LIMIT ?)"
_AGENTS = """SELECT DISTINCT agent FROM events
             WHERE offset > ? AND offset <= ? AND agent IN (SELECT value FROM json_each(?))"""
_FORGET_AGENTS = "DELETE FROM agents WHERE id IN (SELECT value FROM json_each(?))"
_RECORDED = "SELECT offset FROM events WHERE offset IN (SELECT value FROM json_each(?))"
_WAITING = "SELECT offset FROM to_blank ORDER BY offset LIMIT ?"
_SIZE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
MOST_COMPACTED_BYTES = 256 * 1024 * 1024
"""Some two seconds, in which the worker does nothing else."""


class SqliteErasing:
    """Implements `ports.erasing.Erasing`. What changes rows is for a transaction that has begun."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.tombstones = SqliteTombstones(connection)

    def open(self) -> list[Open]:
        """Those that are not done; the index has no others."""
        return [Open(*row) for row in self._connection.execute(_OPEN)]

    def person(self, contacts: Sequence[int]) -> Person:
        """Who these contacts are, who are one."""
        return read_person(self._connection, contacts)

    def erase(self, id: str, person: Person, *, at: int, upto: int) -> None:
        """Take the person out. at: now, ms UTC. upto: the offset up to which the log was read."""
        self._connection.execute(_LAST, (id,))
        agents = delete_person(self._connection, person, at)
        self._connection.execute(_KEEP, (upto, _json(agents), id))

    def forget_payloads(self, person: Person, names: Callable[[str], bool], *, at: int) -> None:
        """Webhooks in which the person is named, or by which an event of theirs came; before `erase`."""
        forget_payloads(self._connection, person, names, at=at)

    def forget_payloads_of(self, doors: Collection[str], *, at: int) -> None:
        """What webhooks have kept of these doors until now."""
        forget_payloads_of(self._connection, doors, at=at)

    def left(self) -> Left:
        """What is to be looked for of all who are gone, together."""
        rows = self._connection.execute(_GONE).fetchall()
        return Left(
            ids=tuple(id for id, _, _ in rows),
            upto=max((upto for _, upto, _ in rows), default=0),
            agents=frozenset(agent for _, _, agents in rows for agent in json.loads(agents)),
        )

    def unused(self, agents: Collection[int], *, after: int, limit: int) -> tuple[int | None, frozenset[int]]:
        """Look through so many events behind `after`: where to go on, None at the end; the agents that none has."""
        (last,) = self._connection.execute(_PIECE, (after, limit)).fetchone()
        if last is None or not agents:
            return None, frozenset(agents)
        used = self._connection.execute(_AGENTS, (after, last, _json(agents)))
        return last, frozenset(agents) - {agent for (agent,) in used}

    def forget_agents(self, agents: Collection[int]) -> None:
        """No event has them any more."""
        self._connection.execute(_FORGET_AGENTS, (_json(agents),))

    def recorded(self, offsets: Collection[int]) -> set[int]:
        """Those at which there is an event: it is somebody else's."""
        return {offset for (offset,) in self._connection.execute(_RECORDED, (_json(offsets),))}

    def strip(self, names: Mapping[int, Collection[Name]]) -> None:
        """Take identifiers out of events, by offset."""
        for offset, some in names.items():
            strip_event(self._connection, offset, some)

    def to_blank(self, offsets: Iterable[int]) -> None:
        """The bodies of these rows of the log are to be blanked."""
        self._connection.executemany("INSERT OR IGNORE INTO to_blank VALUES (?)", [(offset,) for offset in offsets])

    def waiting(self, limit: int) -> list[int]:
        """The first of them that were not."""
        return [offset for (offset,) in self._connection.execute(_WAITING, (limit,))]

    def blanked(self, offsets: Iterable[int]) -> None:
        """These were."""
        self._connection.executemany("DELETE FROM to_blank WHERE offset = ?", [(offset,) for offset in offsets])

    def compact(self) -> None:
        """Write a file that is not too large anew: pages whose rows were moved may hold copies in their unused room."""
        (size,) = self._connection.execute(_SIZE).fetchone()
        if size <= MOST_COMPACTED_BYTES:
            self._connection.execute("VACUUM")

    def empty_wal(self) -> bool:
        """See `collector/sqlite.py`; outside of a transaction."""
        return empty_wal(self._connection)

    def done(self, ids: Iterable[str], at: int) -> None:
        """Nothing of them is left. at: ms UTC."""
        self._connection.executemany(
            "UPDATE erasures SET done_at = ?, agents = '[]' WHERE id = ?", [(at, i) for i in ids]
        )


def _json(numbers: Iterable[int]) -> str:
    return str(sorted(numbers))
