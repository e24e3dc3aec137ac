"""What is there of whole contacts? Read for `sentiero sessionize --rebuild`, many at a time, beside the worker.

The same rows that `work/histories.py` reads for one contact, but without joins: words are looked up once. Each call of
`read` sees one instant of the store.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from collector.event_id import unpack_id
from collector.sqlite import connect
from collector.store.ports.rebuild import Whole
from collector.store.ports.work import Said
from collector.store.sqlite.body import ACTIVITY, BOT, LATE, SUPERSEDED, decode_body
from collector.store.sqlite.work.histories import DERIVED
from collector.store.sqlite.work.words import Memory
from sessionizer.derived import Derived
from sessionizer.event import NOTHING, Agent, Event, Kind, Page
from sessionizer.session import Session

CACHE_KIB = 65_536
MMAP_BYTES = 1 << 40

_CONTACTS = """SELECT DISTINCT coalesce(l.survivor, e.contact) FROM events e
               LEFT JOIN contact_links l ON l.absorbed = e.contact
               WHERE e.contact IS NOT NULL AND e.at >= ? ORDER BY 1"""
_EVERYBODY = "SELECT id FROM contacts WHERE id NOT IN (SELECT absorbed FROM contact_links) ORDER BY id"
_MEMBERS = """SELECT absorbed, survivor FROM contact_links
              WHERE survivor IN (SELECT value FROM json_each(?))"""
_EVENTS = f"""
SELECT e.contact, e.at, e.id, e.door, e.kind, e.body, e.page, e.visitor, e.site, e.flags, e.agent
FROM json_each(?) AS asked CROSS JOIN events e ON e.contact = asked.value
WHERE NOT e.flags & {SUPERSEDED | BOT}"""
_WAITING = "SELECT contact, id, retract, at, body FROM to_log WHERE contact IN (SELECT value FROM json_each(?))"
_SESSIONS = "SELECT contact, id, body FROM sessions WHERE contact IN (SELECT value FROM json_each(?))"
_WAKES = "SELECT contact, wake_at FROM threads WHERE contact IN (SELECT value FROM json_each(?))"

_KIND = "SELECT category, key FROM kinds WHERE id = ?"
_PAGE = "SELECT url, title FROM pages WHERE id = ?"
_AGENT = "SELECT browser, os, device FROM agents WHERE id = ?"
_VISITOR = "SELECT visitor FROM visitors WHERE id = ?"

V = TypeVar("V")

_decode_session = msgspec.msgpack.Decoder(Session).decode


class SqliteWholes:
    """Implements `ports.rebuild.Wholes`."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated. Opened for reading only."""
        self._connection = connect(path, readonly=True)
        self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._connection.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
        self._kinds: Memory[int, Kind] = Memory()
        self._pages: Memory[int, tuple[str, str]] = Memory()
        self._agents: Memory[int, Agent] = Memory()
        self._visitors: Memory[int, str] = Memory()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def contacts(self, since: int) -> list[int]:
        """See the port."""
        rows = self._connection.execute(_CONTACTS, (since,)) if since else self._connection.execute(_EVERYBODY)
        return [contact for (contact,) in rows]

    def read(self, contacts: Sequence[int]) -> list[Whole]:
        """See the port."""
        self._connection.execute("BEGIN")
        try:
            return self._read(contacts)
        finally:
            self._connection.execute("COMMIT")

    def _read(self, contacts: Sequence[int]) -> list[Whole]:
        ask, asked = self._connection.execute, _json(contacts)
        homes = {contact: contact for contact in contacts} | dict(ask(_MEMBERS, (asked,)))
        members = _json(homes)
        histories, said, late = self._events(homes, members)
        waiting = _gathered(homes, ask(_WAITING, (members,)), _said)
        sessions = _gathered(homes, ask(_SESSIONS, (asked,)), _session)
        wakes = dict(ask(_WAKES, (asked,)))
        return [
            Whole(
                one, sorted(histories[one], key=_order), said[one], waiting[one], dict(sessions[one]), late[one],
                wakes.get(one),
            )
            for one in contacts
        ]  # fmt: skip

    def _events(
        self, homes: Mapping[int, int], members: str
    ) -> tuple[Mapping[int, list[Event]], Mapping[int, list[Derived]], Mapping[int, int]]:
        """Given and derived events by survivor, and how many of them are marked late. The hot loop of a rebuild."""
        histories: defaultdict[int, list[Event]] = defaultdict(list)
        said: defaultdict[int, list[Derived]] = defaultdict(list)
        late: defaultdict[int, int] = defaultdict(int)
        derived = self._derived_door()
        for contact, at, id, door, kind, blob, page, visitor, site, flags, agent in self._connection.execute(
            _EVENTS, (members,)
        ):
            body, (category, key) = decode_body(blob), self._kinds.get(kind) or self._kind(kind)
            if door == derived:
                one = Derived(at, unpack_id(id), category, key, body.properties or {}, body.causes[0], body.depth)
                said[homes[contact]].append(one)
                continue
            if flags & LATE:
                late[homes[contact]] += 1
            event = Event(
                at, unpack_id(id), category, key, body.properties or NOTHING,
                Page(*(self._pages.get(page) or self._page(page)), body.referrer) if page else None,
                (self._visitors.get(visitor) or self._visitor(visitor)) if visitor else "",
                site, (self._agents.get(agent) or self._agent(agent)) if agent else None,
                bool(flags & ACTIVITY), body.causes, body.depth,
            )  # fmt: skip
            histories[homes[contact]].append(event)
        return histories, said, late

    def _derived_door(self) -> int:
        row = self._connection.execute("SELECT id FROM doors WHERE name = ?", (DERIVED,)).fetchone()
        return int(row[0]) if row else 0

    def _kind(self, number: int) -> Kind:
        category, key = self._word(_KIND, number)
        return self._kinds.keep(number, (category, key))

    def _page(self, number: int) -> tuple[str, str]:
        url, title = self._word(_PAGE, number)
        return self._pages.keep(number, (url, title))

    def _agent(self, number: int) -> Agent:
        return self._agents.keep(number, Agent(*self._word(_AGENT, number)))

    def _visitor(self, number: int) -> str:
        return self._visitors.keep(number, str(self._word(_VISITOR, number)[0]))

    def _word(self, sql: str, number: int) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._connection.execute(sql, (number,)).fetchone()
        return found


def _gathered(
    homes: Mapping[int, int], rows: Iterable[tuple[Any, ...]], read: Callable[..., V]
) -> defaultdict[int, list[V]]:
    """Rows that begin with a contact, each read, by survivor."""
    found: defaultdict[int, list[V]] = defaultdict(list)
    for row in rows:
        found[homes[row[0]]].append(read(*row))
    return found


def _said(contact: int, id: bytes | str, retract: int, at: int, body: bytes) -> Said:
    return Said(unpack_id(id), bool(retract), contact, at, body)


def _session(contact: int, id: bytes, body: bytes) -> tuple[str, Session]:
    return unpack_id(id), _decode_session(body)


def _order(event: Event) -> tuple[int, str]:
    return event.at, event.id


def _json(contacts: Iterable[int]) -> str:
    return str(list(contacts))
