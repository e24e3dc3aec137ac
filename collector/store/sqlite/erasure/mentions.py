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
_MAILS = "SELECT id, body FROM mails WHERE instr(lower(body), ?)"
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


def forget_mails(connection: sqlite3.Connection, person: Person) -> None:
    """A message that speaks of the person otherwise than by an address, or was for nobody else, is not sent."""
    for address in [value for kind, value in person.identifiers if kind == "email_id"]:
        for id, text in connection.execute(_MAILS, (address,)).fetchall():
            mail = _without(msgspec.json.decode(text), address)
            left = msgspec.json.encode(mail).decode()
            if mail.get("to") and address not in left.lower():
                connection.execute("UPDATE mails SET body = ? WHERE id = ?", (left, id))
            else:
                connection.execute("DELETE FROM mails WHERE id = ?", (id,))


def _without(mail: dict[str, Any], address: str) -> dict[str, Any]:
    lists = {name: mail[name] for name in RECIPIENTS if mail.get(name)}
    left = {name: [one for one in people if one["email"].lower() != address] for name, people in lists.items()}
    return {name: left.get(name, value) for name, value in mail.items() if left.get(name, True)}


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
