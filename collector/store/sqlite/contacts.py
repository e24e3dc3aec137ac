"""Who is known? Answered from `contacts` and what hangs on it (the port: `ports/contacts.py`).

A contact is answered with everything of those whom it absorbed: rows stay where they were recorded, and are gathered
here by `contact_links`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from collector.event_id import unpack_id
from collector.store.ports.contacts import (
    Absorbed,
    Browser,
    Claim,
    Conflict,
    ContactQuery,
    Resolved,
    StoredContact,
    Story,
)
from collector.store.sqlite.event_query import Q_CONTACTS, listed, prefix_of
from collector.store.sqlite.readers import Readers, Row
from collector.store.sqlite.segments.compile import compiled
from collector.store.sqlite.segments.survivors import MEMBERS, SURVIVORS
from sessionizer.attributes import attributes_of
from sessionizer.contact import Contact

_PERSON = f"""SELECT c.id, c.anonymous,
  (SELECT json_group_array(json_array(id, json(attributes))) FROM contacts WHERE id IN {MEMBERS}),
  (SELECT json_group_array(json_array(kind, value, contact)) FROM (
    SELECT kind, value, contact FROM identifiers WHERE contact IN {MEMBERS} ORDER BY added_at, value)),
  (SELECT json_group_array(name) FROM (
    SELECT DISTINCT l.name FROM list_members m JOIN lists l ON l.id = m.list WHERE m.contact IN {MEMBERS} ORDER BY 1)),
  iif(c.consent <> 'unknown', c.consent, coalesce(
    (SELECT consent FROM contacts WHERE id IN {MEMBERS} AND consent <> 'unknown' ORDER BY id DESC LIMIT 1), 'unknown')),
  (SELECT min(first_seen_at) FROM contacts WHERE id IN {MEMBERS})"""

PERSON = f"{_PERSON} {SURVIVORS}"
"""Survivors only, with what they have from whom they absorbed; of attributes and consent their own comes first."""

ANSWER = f"""{_PERSON},
  (SELECT max(last_seen_at) FROM contacts WHERE id IN {MEMBERS}),
  (SELECT json_group_array(visitor) FROM (
    SELECT id, visitor FROM visitors WHERE contact IN {MEMBERS} UNION
    SELECT v.id, v.visitor FROM epochs e JOIN visitors v ON v.id = e.visitor WHERE e.contact IN {MEMBERS}
    ORDER BY id))
{SURVIVORS}"""
"""The same, with what rules and segments do not ask for."""

SURVIVORS_OF = "SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = owner), owner) FROM ({})"

BY_IDENTIFIER = """SELECT contact AS owner FROM identifiers
  WHERE kind = :kind{n} AND value IN (SELECT value FROM json_each(:values{n}))"""

BY_VISITOR = """SELECT contact AS owner FROM visitors WHERE visitor IN (SELECT value FROM json_each(:visitors)) UNION
  SELECT e.contact FROM visitors v JOIN epochs e ON e.visitor = v.id
  WHERE v.visitor IN (SELECT value FROM json_each(:visitors))"""

BY_ID_TEXT = """SELECT contact AS owner FROM visitors WHERE visitor = :q UNION
  SELECT e.contact FROM visitors v JOIN epochs e ON e.visitor = v.id WHERE v.visitor = :q UNION
  SELECT id FROM contacts WHERE id = :q_id"""
"""Who is found by the id of a browser or by their own, typed where identifiers are."""

ON_LISTS = """c.id IN (
  SELECT coalesce(k.survivor, m.contact) FROM list_members m LEFT JOIN contact_links k ON k.absorbed = m.contact
  WHERE m.list IN (SELECT value FROM json_each(:lists)))"""

KEPT_IN = "EXISTS (SELECT 1 FROM segment_members k WHERE k.segment = :segment AND k.contact = c.id)"

WITH_ATTRIBUTE = f"""EXISTS (
  SELECT 1 FROM contacts o WHERE o.id IN {MEMBERS} AND json_extract(o.attributes, :attribute) = :value)"""

MEMBERS_OF = "(SELECT :id UNION ALL SELECT absorbed FROM contact_links WHERE survivor = :id)"

CLAIMS = f"""SELECT kind, value, verified, added_at FROM identifiers WHERE contact IN {MEMBERS_OF}
  ORDER BY added_at, kind, value"""

CONFLICTS = f"""SELECT c.kind, c.value, coalesce(l.survivor, c.owner), c.at, c.event
  FROM conflicts c LEFT JOIN contact_links l ON l.absorbed = c.owner
  WHERE c.contact IN {MEMBERS_OF} ORDER BY c.at, c.kind, c.value"""

BROWSERS = f"""SELECT v.visitor, min(o.since) AS since,
    (SELECT min(e.since) FROM epochs e
     WHERE e.visitor = o.visitor AND e.since > max(o.since) AND e.contact NOT IN {MEMBERS_OF})
  FROM (
    SELECT v.id AS visitor, c.first_seen_at AS since FROM visitors v JOIN contacts c ON c.id = v.contact
    WHERE v.contact IN {MEMBERS_OF} UNION ALL
    SELECT visitor, since FROM epochs WHERE contact IN {MEMBERS_OF}) o
  JOIN visitors v ON v.id = o.visitor GROUP BY o.visitor ORDER BY 2, v.visitor"""
"""A browser's first owner has it since that contact was first seen: the contact was made for it."""

ABSORBED = "SELECT absorbed, at, event FROM contact_links WHERE survivor = :id ORDER BY at, absorbed"

UNVERIFIED = f"""SELECT attributes, unverified FROM contacts WHERE id IN {MEMBERS_OF} ORDER BY id <> :id, id"""

RESOLVE = """SELECT s.id, (SELECT json_group_array(absorbed) FROM contact_links WHERE survivor = s.id) FROM (
  SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = c.id), c.id) AS id
  FROM contacts c WHERE c.id = :id) s"""


MAX_DIGITS = 16
"""Of a contact's id: below 2^53."""


class SqliteContacts:
    """The port `Contacts` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections to store.db."""
        self._readers = readers

    async def find(self, query: ContactQuery, *, limit: int, before: int | None = None) -> list[StoredContact]:
        """See the port."""
        text, values = page_of(query, before)
        return [contact_of(row) for row in await self._readers.fetch(text, {**values, "limit": limit})]

    async def page(self, query: ContactQuery, *, limit: int, skip: int, descending: bool = True) -> list[StoredContact]:
        """See the port."""
        where, values = filters_of(query)
        order = f"ORDER BY c.id {'DESC' if descending else 'ASC'} LIMIT :limit OFFSET :skip"
        text = f"{' AND '.join([ANSWER, *where])} {order}"
        return [contact_of(row) for row in await self._readers.fetch(text, {**values, "limit": limit, "skip": skip})]

    async def count(self, query: ContactQuery) -> int:
        """See the port."""
        where, values = filters_of(query)
        return int(await self._readers.value(f"SELECT count(*) {' AND '.join([SURVIVORS, *where])}", values))

    async def get(self, id: int) -> StoredContact | None:
        """See the port."""
        rows = await self._readers.fetch(f"{ANSWER} AND c.id = :id", {"id": id})
        return contact_of(rows[0]) if rows else None

    async def story(self, id: int) -> Story:
        """See the port."""
        claims, conflicts, browsers, absorbed, unverified = [
            await self._readers.fetch(text, {"id": id}) for text in (CLAIMS, CONFLICTS, BROWSERS, ABSORBED, UNVERIFIED)
        ]
        return Story(
            identifiers=tuple(Claim(kind, value, bool(verified), at) for kind, value, verified, at in claims),
            conflicts=tuple(
                Conflict(kind, value, owner, at, unpack_id(event)) for kind, value, owner, at, event in conflicts
            ),
            browsers=tuple(Browser(*row) for row in browsers),
            absorbed=tuple(Absorbed(contact, at, unpack_id(event)) for contact, at, event in absorbed),
            unverified=attributes_of(map(_parts, unverified)).unverified,
        )

    async def resolve(self, id: int) -> Resolved | None:
        """See the port."""
        rows = await self._readers.fetch(RESOLVE, {"id": id})
        if not rows:
            return None
        survivor, absorbed = rows[0]
        return Resolved(survivor, (survivor, *msgspec.json.decode(absorbed)))


def page_of(query: ContactQuery, before: int | None) -> tuple[str, dict[str, Any]]:
    """SQL of a page of contacts and its values but `limit`."""
    where, values = filters_of(query)
    if before is not None:
        where.append("c.id < :before")
        values["before"] = before
    return f"{' AND '.join([ANSWER, *where])} ORDER BY c.id DESC LIMIT :limit", values


def filters_of(query: ContactQuery) -> tuple[list[str], dict[str, Any]]:
    """The conditions of a question, and their values."""
    owners: list[str] = []
    where: list[str] = []
    values: dict[str, Any] = {}
    for n, (kind, wanted) in enumerate(query.identifiers.items()):
        owners.append(BY_IDENTIFIER.format(n=n))
        values |= {f"kind{n}": kind, f"values{n}": listed(spellings(kind, wanted))}
    if query.visitors:
        owners.append(BY_VISITOR)
        values["visitors"] = listed(query.visitors)
    where += [f"c.id IN ({SURVIVORS_OF.format(found)})" for found in owners]
    if query.ids:
        where.append("c.id IN (SELECT value FROM json_each(:ids))")
        values["ids"] = listed(query.ids)
    if query.anonymous is not None:
        where.append("c.anonymous = :anonymous")
        values["anonymous"] = query.anonymous
    if query.q:
        where.append(f"c.id IN (SELECT id FROM ({Q_CONTACTS}) UNION {SURVIVORS_OF.format(BY_ID_TEXT)})")
        values |= {**prefix_of(query.q), "q_id": number_of(query.q)}
    if query.meets is not None:
        found, asked = compiled(query.meets.condition, query.meets.moment)
        where.append(f"c.id IN (SELECT id FROM ({found}))")
        values |= asked
    more, bound = further_of(query)
    return [*where, *more], values | bound


def further_of(query: ContactQuery) -> tuple[list[str], dict[str, Any]]:
    """Those about lists, members who are kept, times and attributes."""
    where, values = list[str](), dict[str, Any]()
    if query.lists:
        where.append(ON_LISTS)
        values["lists"] = listed(query.lists)
    if query.segment is not None:
        where.append(KEPT_IN)
        values["segment"] = query.segment
    for column, since in (("first_seen_at", query.created_since), ("last_seen_at", query.modified_since)):
        if since is not None:
            where.append(f"c.{column} >= :{column}")
            values[column] = since
    if query.attribute is not None:
        where.append(WITH_ATTRIBUTE)
        values |= {"attribute": f'$."{query.attribute[0]}"', "value": query.attribute[1]}
    return where, values


def number_of(text: str) -> int | None:
    """The id of a contact, when the text could be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


def spellings(kind: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """What may be asked for as it may be stored: addresses are kept in lower case."""
    return tuple({*wanted, *(value.lower() for value in wanted)}) if kind == "email_id" else wanted


def _parts(row: Row) -> tuple[Mapping[str, Any], Sequence[str]]:
    attributes, unverified = row
    return msgspec.json.decode(attributes), msgspec.json.decode(unverified)


def contact_of(row: Row) -> StoredContact:
    """A row of ANSWER → StoredContact."""
    *_, first_seen_at, last_seen_at, visitors = row
    person = person_of(row)
    return StoredContact(
        id=person.id,
        identifiers=person.identifiers,
        attributes=person.attributes,
        lists=person.lists,
        consent=person.consent,
        first_seen_at=first_seen_at,
        last_seen_at=last_seen_at,
        anonymous=person.anonymous,
        visitors=tuple(msgspec.json.decode(visitors)),
    )


def person_of(row: Row) -> Contact:
    """A row of PERSON, or of ANSWER → who it is, as rules and segments see it."""
    id, anonymous, attributes, identifiers, lists, consent, *_ = row
    parts: list[tuple[int, dict[str, Any]]] = msgspec.json.decode(attributes)
    parts.sort(key=lambda one: (one[0] != id, one[0]))
    kinds: dict[str, tuple[str, ...]] = {}
    own_first = sorted(msgspec.json.decode(identifiers), key=lambda one: one[2] != id)
    for kind, value, _ in own_first:
        kinds[kind] = (*kinds.get(kind, ()), value)
    known = attributes_of((part, ()) for _, part in parts).values
    return Contact(id, bool(anonymous), known, kinds, tuple(msgspec.json.decode(lists)), consent)
