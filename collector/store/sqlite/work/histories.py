"""How is an event recorded, and how is a contact's history read again? The worker's side of `events`.

A row is written once. Only two things change later: a late one is marked, a derived one is superseded or revived.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from collector.event_id import pack_id_often, unpack_id
from collector.store.ports.work import NewEvent, Origin
from collector.store.sqlite.body import ACTIVITY, BOT, LATE, SUPERSEDED, Body, decode_body, encode_body
from collector.store.sqlite.work.objects import keep_objects
from collector.store.sqlite.work.totals import count
from collector.store.sqlite.work.words import Words
from sessionizer.derived import Derived
from sessionizer.event import NOTHING, Agent, Event, Kind, Page

DERIVED = "derived"

INSERT = """INSERT INTO events
  (offset, id, door, kind, source, site, at, lag, visitor, contact, page, agent, flags, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
ID, DOOR, KIND, AT, FLAGS, BODY = 1, 2, 3, 6, 12, 13
"""Places in a row of INSERT."""

_HEARD = f"""UPDATE events SET flags = flags & ~{LATE}
             WHERE contact IN (SELECT value FROM json_each(?)) AND flags & {LATE}"""
_REVISE = "UPDATE events SET body = ? WHERE id = ? AND door = ?"
_REVIVE = f"UPDATE events SET flags = flags & ~{SUPERSEDED} WHERE id = ? AND door = ? AND flags & {SUPERSEDED}"
_RETRACT = f"UPDATE events SET flags = flags | {SUPERSEDED} WHERE id = ? AND door = ? AND NOT flags & {SUPERSEDED}"
_TURNED = " RETURNING kind, at"
_GIVEN = f"""
SELECT e.at, e.id, k.category, k.key, e.body, p.url, p.title, v.visitor, e.site, e.flags, a.browser, a.os, a.device
FROM events e JOIN kinds k ON k.id = e.kind
LEFT JOIN pages p ON p.id = e.page LEFT JOIN visitors v ON v.id = e.visitor LEFT JOIN agents a ON a.id = e.agent
WHERE e.contact IN (SELECT value FROM json_each(?)) AND e.at >= ? AND e.door <> ? AND NOT e.flags & {LATE | BOT}
"""
_OF_KINDS = f"""
SELECT e.contact, e.at, e.id, k.category, k.key, e.body, p.url, p.title, v.visitor, e.site, e.flags,
  a.browser, a.os, a.device
FROM events e JOIN kinds k ON k.id = e.kind
LEFT JOIN pages p ON p.id = e.page LEFT JOIN visitors v ON v.id = e.visitor LEFT JOIN agents a ON a.id = e.agent
WHERE e.contact IN (SELECT value FROM json_each(?)) AND NOT e.flags & {SUPERSEDED | BOT} AND e.kind IN (
  SELECT id FROM kinds WHERE (category, key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)))
"""
_OLDEST = f"""SELECT id FROM events WHERE contact IN (SELECT value FROM json_each(?)) AND NOT flags & {SUPERSEDED}
              ORDER BY at, offset LIMIT 1"""
_SAID = f"""
SELECT e.at, e.id, k.category, k.key, e.body FROM events e JOIN kinds k ON k.id = e.kind
WHERE e.contact IN (SELECT value FROM json_each(?)) AND e.at >= ? AND e.door = ? AND NOT e.flags & {SUPERSEDED}
"""
_ORIGINS = """SELECT e.id, e.site, v.visitor, e.contact FROM events e LEFT JOIN visitors v ON v.id = e.visitor
              WHERE e.id IN ({marks}) ORDER BY e.offset DESC"""
TOGETHER = 500
"""Ids a statement: fewer than SQLite takes, and so many that another costs nothing more an id."""


class SqliteHistories:
    """Implements `ports.work.Histories`."""

    def __init__(self, connection: sqlite3.Connection, words: Words) -> None:
        self._connection, self._words = connection, words

    def recorded(self, ids: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which of these (door, id) are recorded already?"""
        found: set[tuple[str, str]] = set()
        doors = {self._words.door(door): door for door in {door for door, _ in ids}}
        for start in range(0, len(ids), TOGETHER):
            chunk = [pack_id_often(i) for _, i in ids[start : start + TOGETHER]]
            marks = ", ".join("?" * len(chunk))
            rows = self._connection.execute(f"SELECT id, door FROM events WHERE id IN ({marks})", chunk)
            found.update((doors[door], unpack_id(i)) for i, door in rows if door in doors)
        return found

    def record(self, events: Sequence[NewEvent]) -> None:
        """Insert; their (door, id) must be new."""
        rows = [self._row(event) for event in events]
        self._connection.executemany(INSERT, rows)
        keep_objects(self._connection, [(e.object.type, e.object.id, e.at, e.offset) for e in events if e.object])
        count(self._connection, [(row[KIND], row[AT]) for row in rows if not row[FLAGS] & BOT], 1)

    def _row(self, e: NewEvent) -> tuple[Any, ...]:
        words, page = self._words, e.page
        referrer = page.referrer if page else ""
        body = Body(e.ip, e.seq, referrer, e.properties, e.identifiers, e.object, e.causes, e.depth, e.attributes)
        return (
            e.offset,
            pack_id_often(e.id),
            words.door(e.door),
            words.kind(e.category, e.key),
            words.source(e.source),
            e.site,
            e.at,
            e.received_at - e.at,
            e.visitor,
            e.contact,
            words.page(page) if page else None,
            e.agent,
            e.flags,
            encode_body(body),
        )

    def mark_late(self, offsets: Iterable[int]) -> None:
        """These came later than the lateness: no rule heard of them."""
        self._connection.executemany(
            f"UPDATE events SET flags = flags | {LATE} WHERE offset = ?", ((o,) for o in offsets)
        )

    def unmark_late(self, contacts: Sequence[int]) -> None:
        """What came too late for these contacts is heard after all."""
        self._connection.execute(_HEARD, (_json(contacts),))

    def say(self, events: Sequence[NewEvent]) -> None:
        """Record derived events; one that was said before is revived, with the properties of now."""
        known = self.recorded([(event.door, event.id) for event in events])
        first: list[NewEvent] = []
        again: list[NewEvent] = []
        for event in events:
            name = (event.door, event.id)
            (again if name in known else first).append(event)
            known.add(name)
        self.record(first)
        rows = [self._row(event) for event in again]
        self._connection.executemany(_REVISE, [(row[BODY], row[ID], row[DOOR]) for row in rows])
        self._turn(_REVIVE, [(row[ID], row[DOOR]) for row in rows], 1)

    def retract(self, ids: Iterable[str], *, door: str) -> None:
        """Supersede derived events."""
        number = self._words.door(door)
        self._turn(_RETRACT, [(pack_id_often(i), number) for i in ids], -1)

    def _turn(self, change: str, names: Iterable[tuple[object, object]], each: int) -> None:
        """Revive or retract (id, door), and count those that were not so before."""
        for name in names:
            count(self._connection, self._connection.execute(change + _TURNED, name).fetchall(), each)

    def given(self, contacts: Sequence[int], since: int) -> list[Event]:
        """Every given event of these contacts with at >= since that rules hear of, sorted by (at, id)."""
        rows = self._connection.execute(_GIVEN, (_json(contacts), since, self._words.door(DERIVED)))
        return sorted(map(_event, rows), key=lambda event: (event.at, event.id))

    def of_kinds(self, contacts: Sequence[int], kinds: Iterable[Kind]) -> list[tuple[int, Event]]:
        """Every event of these kinds that stands, however late it came, with the contact under which it is recorded."""
        asked = _json(contacts), json.dumps(list(kinds))
        return [(row[0], _event(row[1:])) for row in self._connection.execute(_OF_KINDS, asked)]

    def oldest(self, contacts: Sequence[int]) -> str:
        """The id of their first event; "" when there is none."""
        row = self._connection.execute(_OLDEST, (_json(contacts),)).fetchone()
        return unpack_id(row[0]) if row else ""

    def said(self, contacts: Sequence[int], since: int) -> list[Derived]:
        """Their derived events that stand, with at >= since; those on their way through the log are not among them."""
        rows = self._connection.execute(_SAID, (_json(contacts), since, self._words.door(DERIVED)))
        return [_derived(row) for row in rows]

    def origins(self, ids: Iterable[str]) -> dict[str, Origin]:
        """Where events came from, of those that are recorded. Of two doors' events of one id: the first."""
        packed = [pack_id_often(id) for id in ids]
        found: dict[str, Origin] = {}
        for start in range(0, len(packed), TOGETHER):
            chunk = packed[start : start + TOGETHER]
            rows = self._connection.execute(_ORIGINS.format(marks=", ".join("?" * len(chunk))), chunk)
            found.update((unpack_id(id), Origin(site, visitor or "", contact)) for id, site, visitor, contact in rows)
        return found


def _json(contacts: Sequence[int]) -> str:
    return str(list(contacts))


def _event(row: tuple[object, ...]) -> Event:
    at, i, category, key, blob, url, title, visitor, site, flags, browser, os, device = row
    body = decode_body(blob)  # type: ignore[arg-type]  # a column of SQLite
    return Event(
        at=at, id=unpack_id(i), category=category, key=key, properties=body.properties or NOTHING,  # type: ignore[arg-type]
        page=None if url is None else Page(url, title, body.referrer), visitor=visitor or "", site=site,  # type: ignore[arg-type]
        agent=None if browser is None else Agent(browser, os, device), activity=bool(flags & ACTIVITY),  # type: ignore[arg-type,operator]
        causes=body.causes, depth=body.depth, object=body.object,
    )  # fmt: skip


def _derived(row: tuple[int, bytes | str, str, str, bytes | None]) -> Derived:
    at, i, category, key, blob = row
    body = decode_body(blob)
    return Derived(at, unpack_id(i), category, key, body.properties or {}, body.causes[0], body.depth)
