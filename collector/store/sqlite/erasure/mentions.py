"""Where do others speak of the person? In events that claimed an identifier of theirs, in messages, in kept answers.

The events stay, without the identifier. A message stays for its other recipients.
"""

import sqlite3
from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from collector.store.ports.erasing import Name, Person
from collector.store.sqlite.body import decode_body, encode_body

_CLAIMANTS = """SELECT contact FROM conflicts WHERE owner IN (SELECT value FROM json_each(?1))
                EXCEPT SELECT value FROM json_each(?1)"""
_TOGETHER = """SELECT value FROM json_each(?1) UNION SELECT survivor FROM contact_links
               WHERE absorbed IN (SELECT value FROM json_each(?1)) UNION
               SELECT absorbed FROM contact_links WHERE survivor IN (SELECT value FROM json_each(?1))"""
_BODIES = """SELECT offset, body FROM events
             WHERE contact IN (SELECT value FROM json_each(?)) AND body IS NOT NULL"""
_BODY = "SELECT body FROM events WHERE offset = ? AND body IS NOT NULL"
_CHANGE = "UPDATE events SET body = ? WHERE offset = ?"
_SENT = "DELETE FROM outbox WHERE recipient IN (SELECT value FROM json_each(?))"
_SHOWN = "DELETE FROM outbox WHERE is_test AND body ->> '$.sample' IN (SELECT value FROM json_each(?))"
_UNNAMED = "UPDATE suppressions SET address = NULL WHERE address IN (SELECT value FROM json_each(?))"
_MENTIONING = "SELECT id, body, coalesce(shown, '') FROM outbox WHERE instr(lower(body), ?1) OR instr(lower(shown), ?1)"
_ANSWERS = "DELETE FROM idempotency WHERE instr(body, ?)"
_KEYS = "DELETE FROM idempotency WHERE instr(lower(key), ?)"
SHORT = 4
"""A shorter identifier stands in too many keys by chance."""
RECIPIENTS = ("to", "cc", "bcc")


def forget_claims(connection: sqlite3.Connection, person: Person) -> None:
    """Others were said to have what is the person's: their events forget it."""
    claimants = [contact for (contact,) in connection.execute(_CLAIMANTS, (_json(person.contacts),))]
    together = [contact for (contact,) in connection.execute(_TOGETHER, (_json(claimants),))]
    names = set(person.identifiers)
    for offset, body in connection.execute(_BODIES, (_json(together),)).fetchall():
        _strip(connection, offset, body, names)


def strip_event(connection: sqlite3.Connection, offset: int, names: Collection[Name]) -> None:
    """Take these identifiers out of an event."""
    row = connection.execute(_BODY, (offset,)).fetchone()
    if row is not None:
        _strip(connection, offset, row[0], names)


def _strip(connection: sqlite3.Connection, offset: int, blob: bytes, names: Collection[Name]) -> None:
    body = decode_body(blob)
    said = body.identifiers or {}
    kept = {kind: value for kind, value in said.items() if (kind, value) not in names}
    if len(kept) < len(said):
        changed = msgspec.structs.replace(body, identifiers=kept or None)
        connection.execute(_CHANGE, (encode_body(changed), offset))


def forget_deliveries(connection: sqlite3.Connection, person: Person) -> None:
    """What was sent to the person goes, and tests that show what they would get. What was sent to others, and speaks of
    the person otherwise than by an address, goes too. Where nothing must be sent any more, the address goes, and its
    hash stays."""
    values = sorted({value for _, value in person.identifiers})
    connection.execute(_SENT, (msgspec.json.encode(values).decode(),))
    connection.execute(_SHOWN, (_json(person.contacts),))
    connection.execute(_UNNAMED, (msgspec.json.encode(values).decode(),))
    for address in [value for kind, value in person.identifiers if kind == "email_id"]:
        for id, text, shown in connection.execute(_MENTIONING, (address,)).fetchall():
            left = msgspec.json.encode(_without(msgspec.json.decode(text), address)).decode()
            if address in left.lower() or address in shown.lower():
                connection.execute("DELETE FROM outbox WHERE id = ?", (id,))
            else:
                connection.execute("UPDATE outbox SET body = ? WHERE id = ?", (left, id))


def _without(order: dict[str, Any], address: str) -> dict[str, Any]:
    lists = {name: order[name] for name in RECIPIENTS if order.get(name)}
    left = {name: [one for one in people if one["email"].lower() != address] for name, people in lists.items()}
    return {**order, **left}


def forget_answers(connection: sqlite3.Connection, person: Person) -> None:
    """Answers that are kept for repeated requests, as far as they tell of the person: asked again, it is done again.

    Whatever tells of a contact has its number before its identifiers; a key may be any text.
    """
    names = {*person.browsers.values(), *(value for _, value in person.identifiers)}
    answers = [(f'"id":{contact},"identifiers":'.encode(),) for contact in person.contacts]
    connection.executemany(_ANSWERS, answers)
    connection.executemany(_KEYS, [(name.lower(),) for name in names if len(name) >= SHORT])


def _json(numbers: Iterable[int]) -> str:
    return str(list(numbers))
