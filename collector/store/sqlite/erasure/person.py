"""Who is it, in rows? The contacts, identifiers and browsers of one person, and how they leave the store.

A browser that is nobody else's goes. One that others use too stays theirs: what was the person's there is nobody's,
and so is the browser from then on, where the person had it last; whoever comes next is a new contact.
"""

import sqlite3
from collections.abc import Iterable, Sequence

from collector.store.ports.erasing import Person
from collector.store.sqlite.automations.belongings import forget as forget_automations
from collector.store.sqlite.erasure.events import OF_BROWSERS, OF_CONTACTS, Erased, delete_events
from collector.store.sqlite.erasure.mentions import forget_answers, forget_claims, forget_deliveries
from collector.store.sqlite.erasure.tombstones import TOGETHER
from collector.store.sqlite.work.people import NOBODY
from sessionizer.identity import owner_at

_THEIRS = "IN (SELECT value FROM json_each(:contacts))"
_IDENTIFIERS = f"SELECT kind, value FROM identifiers WHERE contact {_THEIRS} ORDER BY kind, value"
_BROWSERS = f"""SELECT v.id, v.visitor, v.contact <> {NOBODY} AND v.contact NOT {_THEIRS} OR EXISTS (
                  SELECT 1 FROM epochs e WHERE e.visitor = v.id AND e.contact <> {NOBODY} AND e.contact NOT {_THEIRS})
                FROM visitors v WHERE v.contact {_THEIRS}
                  OR v.id IN (SELECT visitor FROM epochs WHERE contact {_THEIRS}) ORDER BY v.id"""
_BLANK = tuple(
    f"UPDATE {table} SET body = zeroblob(length(body)) WHERE contact {_THEIRS}"
    for table in ("events", "sessions", "threads", "segment_threads")
)
"""As long as before, thus in place: what is deleted row by row is copied within pages, and would leave copies."""
_LAST_AT = f"SELECT coalesce(max(at), 0) FROM events WHERE contact {_THEIRS}"
_SESSIONS = f"""DELETE FROM sessions WHERE contact {_THEIRS}
                RETURNING id, started_at / 3600000, site, source, device"""
_EMPTY_HOUR = "DELETE FROM session_hours WHERE (hour, site, source, device) = (?, ?, ?, ?) AND sessions <= 0"
_HEIRS = "DELETE FROM replaced_sessions WHERE replaced_by IN ({marks})"
_OWNERS = "SELECT since, contact FROM epochs WHERE visitor = ? ORDER BY since"
_DELETES = tuple(
    f"DELETE FROM {table} WHERE {column} {_THEIRS}"
    for table, column in (
        ("threads", "contact"),
        ("segment_threads", "contact"),
        ("segment_members", "contact"),
        ("segment_history", "contact"),
        ("to_log", "contact"),
        ("outbox", "contact"),
        ("rebuilds", "contact"),
        ("identifiers", "contact"),
        ("conflicts", "contact"),
        ("conflicts", "owner"),
        ("list_members", "contact"),
        ("contact_links", "absorbed"),
        ("contact_links", "survivor"),
        ("contacts", "id"),
    )
)


def read_person(connection: sqlite3.Connection, contacts: Sequence[int]) -> Person:
    """What is known of these contacts, who are one person."""
    values = {"contacts": _json(contacts)}
    browsers = connection.execute(_BROWSERS, values).fetchall()
    return Person(
        contacts=tuple(contacts),
        identifiers=tuple(connection.execute(_IDENTIFIERS, values)),
        browsers={number: visitor for number, visitor, _ in browsers},
        shared=frozenset(number for number, _, is_shared in browsers if is_shared),
        last_at=connection.execute(_LAST_AT, values).fetchone()[0],
    )


def delete_person(connection: sqlite3.Connection, person: Person, at: int) -> set[int]:
    """Take out all that an index leads to; returns the numbers of agents that may be nobody's now. at: ms UTC, now."""
    values = {"contacts": _json(person.contacts)}
    forget_answers(connection, person)
    forget_deliveries(connection, person)
    forget_claims(connection, person)
    forget_automations(connection, person.contacts)
    rows = connection.execute(OF_CONTACTS, (values["contacts"],)).fetchall()
    rows += connection.execute(OF_BROWSERS, (_json(person.browsers),)).fetchall()
    for blank in _BLANK:
        connection.execute(blank, values)
    agents = delete_events(connection, [Erased(*row) for row in rows])
    _delete_sessions(connection, values)
    _give_back_browsers(connection, person, at)
    for delete in _DELETES:
        connection.execute(delete, values)
    return agents


def _delete_sessions(connection: sqlite3.Connection, values: dict[str, str]) -> None:
    """With the hours that counted no others: they say where a visit came from."""
    gone = connection.execute(_SESSIONS, values).fetchall()
    for start in range(0, len(gone), TOGETHER):
        ids = [id for id, *_ in gone[start : start + TOGETHER]]
        connection.execute(_HEIRS.format(marks=", ".join("?" * len(ids))), ids)
    connection.executemany(_EMPTY_HOUR, {tuple(hour) for _, *hour in gone})


def _give_back_browsers(connection: sqlite3.Connection, person: Person, at: int) -> None:
    theirs = _json(person.contacts)
    owners = {number: _owner(connection, number, at) for number in person.shared}
    own = [(number,) for number in person.browsers.keys() - person.shared]
    connection.executemany("DELETE FROM epochs WHERE visitor = ?", own)
    connection.executemany("DELETE FROM visitors WHERE id = ?", own)
    connection.execute("DELETE FROM epochs WHERE contact IN (SELECT value FROM json_each(?))", (theirs,))
    connection.execute(
        f"UPDATE visitors SET contact = {NOBODY} WHERE contact IN (SELECT value FROM json_each(?))", (theirs,)
    )
    freed = [(number, at + 1, NOBODY) for number, owner in owners.items() if owner in person.contacts]
    connection.executemany("INSERT OR REPLACE INTO epochs VALUES (?, ?, ?)", freed)


def _owner(connection: sqlite3.Connection, browser: int, at: int) -> int | None:
    first = connection.execute("SELECT contact FROM visitors WHERE id = ?", (browser,)).fetchone()[0]
    return owner_at(first, connection.execute(_OWNERS, (browser,)).fetchall(), at)


def _json(numbers: Iterable[int]) -> str:
    return str(list(numbers))
