"""How do events leave the store, with all that hangs on them? Totals, things, pages, samples of what they carried.

events ──> kind_days        counts of those that stand
       ──> objects          a cart or an order that only these told of goes; another stands as the rest says
       ──> pages            an address that no other event has
       ──> webhook_deliveries   what was to be told of them, or was
       ──> learned_kinds    samples that were taken from them
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from collector.privacy.mask import MASKS
from collector.store.sqlite.body import BOT, SUPERSEDED, decode_body
from collector.store.sqlite.work.learned import SqliteLearnedKinds
from collector.store.sqlite.work.totals import count
from sessionizer.catalogue import CUSTOM
from sessionizer.event import Kind, ObjectRef
from sessionizer.properties.learned import Shape, observe

_COLUMNS = """SELECT e.offset, e.kind, k.category, k.key, e.at, e.flags, e.page, e.agent, e.body
              FROM events e JOIN kinds k ON k.id = e.kind"""
OF_CONTACTS = f"{_COLUMNS} WHERE e.contact IN (SELECT value FROM json_each(?))"
OF_BROWSERS = f"{_COLUMNS} WHERE e.contact IS NULL AND e.visitor IN (SELECT value FROM json_each(?))"
"""What bots did with them."""
_DELETE = "DELETE FROM events WHERE offset IN (SELECT value FROM json_each(?))"
_DELIVERIES = """DELETE FROM webhook_deliveries WHERE (webhook, offset) IN (
            SELECT w.id, j.value FROM webhooks w CROSS JOIN json_each(?) j)"""
_PAGES = """DELETE FROM pages WHERE id IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM events WHERE page = pages.id)"""
_OBJECT = "SELECT number FROM objects WHERE type = ? AND id = ?"
_UNTELL = """DELETE FROM object_events WHERE object = ?
             AND NOT EXISTS (SELECT 1 FROM events e WHERE e.offset = object_events.offset)"""
_TOLD = "SELECT e.at, e.offset FROM object_events o JOIN events e ON e.offset = o.offset WHERE o.object = ?"
_STANDS = "UPDATE objects SET since = ?, at = ?, latest = ?, events = ? WHERE number = ?"


class Erased(NamedTuple):
    """An event that is to go. page, agent: numbers, None without."""

    offset: int
    kind: int
    category: str
    key: str
    at: int
    flags: int
    page: int | None
    agent: int | None
    body: bytes | None


def delete_events(connection: sqlite3.Connection, rows: Sequence[Erased]) -> set[int]:
    """Take them out, with what hangs on them; returns the numbers of their agents, which may be nobody's now."""
    offsets = _json(row.offset for row in rows)
    connection.execute(_DELETE, (offsets,))
    connection.execute(_DELIVERIES, (offsets,))
    count(connection, [(row.kind, row.at) for row in rows if not row.flags & (BOT | SUPERSEDED)], -1)
    connection.execute(_PAGES, (_json({row.page for row in rows if row.page is not None}),))
    bodies = [decode_body(row.body) for row in rows]
    _untell(connection, {body.object for body in bodies if body.object is not None})
    carried: defaultdict[Kind, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for row, body in zip(rows, bodies, strict=True):
        if row.category == CUSTOM and body.properties:
            carried[row.category, row.key].append((row.at, body.properties))
    _unlearn(SqliteLearnedKinds(connection), carried)
    return {row.agent for row in rows if row.agent is not None}


def _untell(connection: sqlite3.Connection, things: Collection[ObjectRef]) -> None:
    """How things stand without events that are gone."""
    for thing in things:
        row = connection.execute(_OBJECT, (thing.type, thing.id)).fetchone()
        if row is None:
            continue
        connection.execute(_UNTELL, row)
        told = connection.execute(_TOLD, row).fetchall()
        if told:
            since, (at, latest) = min(told)[0], max(told)
            connection.execute(_STANDS, (since, at, latest, len(told), *row))
        else:
            connection.execute("DELETE FROM objects WHERE number = ?", row)


def _unlearn(kinds: SqliteLearnedKinds, carried: defaultdict[Kind, list[tuple[int, dict[str, Any]]]]) -> None:
    """Samples that these events could have given are given up, also where others gave the same: they come again."""
    shapes = {}
    for kind, shape in kinds.load(carried).items():
        theirs: defaultdict[str, set[str]] = defaultdict(set)
        for one in carried[kind]:
            for path, trait in observe([one], MASKS).traits.items():
                theirs[path].update(trait.samples)
        shapes[kind] = _without(shape, theirs)
    kinds.save(shapes)


def _without(shape: Shape, theirs: defaultdict[str, set[str]]) -> Shape:
    traits = {
        path: msgspec.structs.replace(trait, samples=tuple(one for one in trait.samples if one not in theirs[path]))
        for path, trait in shape.traits.items()
    }
    return msgspec.structs.replace(shape, traits=traits)


def _json(numbers: Iterable[int]) -> str:
    return str(list(numbers))
