"""Where do the last payloads of webhooks speak of the person? Where an event of theirs came, and where a name stands.

A source forgets all of its payloads where one event of the person came by it: an address may be written there in ways
that no search finds. What came until now is not kept afterwards either (`forgot_at`): `serve` may have some in hand.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Collection
from urllib.parse import unquote_plus

from collector.store.ports.erasing import Person

PREFIX = "hook:"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_HALVES = range(0xD800, 0xE000)
"""Of characters beyond 16 bits: nobody's name is of these, but one may stand beside them."""
_DOORS = """SELECT DISTINCT doors.name FROM events JOIN doors ON doors.id = events.door
            WHERE contact IN (SELECT value FROM json_each(?)) AND doors.name GLOB 'hook:*'"""
_ALL = "SELECT source, slot, headers || ' ' || body FROM hook_payloads"
_ONE = "DELETE FROM hook_payloads WHERE source = ? AND slot = ?"
_OF_SOURCES = "DELETE FROM hook_payloads WHERE source IN (SELECT value FROM json_each(?))"
_NOT_BEFORE = "UPDATE hook_sources SET forgot_at = max(forgot_at, ?)"


def forget_payloads(connection: sqlite3.Connection, person: Person, names: Callable[[str], bool], *, at: int) -> None:
    """names: whether a text names the person. at: now, ms UTC. Before their events go."""
    doors = [door for (door,) in connection.execute(_DOORS, (json.dumps(person.contacts),))]
    forget_payloads_of(connection, doors, at=at)
    for source, slot, text in connection.execute(_ALL).fetchall():
        if any(map(names, spellings(text))):
            connection.execute(_ONE, (source, slot))


def forget_payloads_of(connection: sqlite3.Connection, doors: Collection[str], *, at: int) -> None:
    """All that came by these doors until now, ms UTC."""
    connection.execute(_OF_SOURCES, (json.dumps([door.removeprefix(PREFIX) for door in doors]),))
    connection.execute(_NOT_BEFORE, (at,))


def spellings(text: str) -> set[str]:
    """As it stands, as a form says it, and as JSON says it that escapes more than it must, also where it was cut."""
    return {text, unquote_plus(text), _ESCAPED.sub(_letter, text)}


def _letter(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return " " if code in _HALVES else chr(code)
