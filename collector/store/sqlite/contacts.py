"""Who is known? Answered from `contacts` and what hangs on it (the port: `ports/contacts.py`).

A contact is answered with everything of those whom it absorbed: rows stay where they were recorded, and are gathered
here by `contact_links`.
"""

from typing import Any

import msgspec

from collector.store.ports.contacts import ContactQuery, Resolved, StoredContact
from collector.store.sqlite.event_query import Q_CONTACTS, listed, prefix_of
from collector.store.sqlite.readers import Readers, Row

MEMBERS = "(SELECT c.id UNION ALL SELECT absorbed FROM contact_links WHERE survivor = c.id)"

ANSWER = f"""
SELECT c.id, c.anonymous, c.attributes, c.lists, c.consent,
  (SELECT min(first_seen_at) FROM contacts WHERE id IN {MEMBERS}),
  (SELECT max(last_seen_at) FROM contacts WHERE id IN {MEMBERS}),
  (SELECT json_group_array(json_array(kind, value)) FROM (
    SELECT kind, value FROM identifiers WHERE contact IN {MEMBERS} ORDER BY added_at, value)),
  (SELECT json_group_array(visitor) FROM (
    SELECT id, visitor FROM visitors WHERE contact IN {MEMBERS} UNION
    SELECT v.id, v.visitor FROM epochs e JOIN visitors v ON v.id = e.visitor WHERE e.contact IN {MEMBERS}
    ORDER BY id))
FROM contacts c
WHERE NOT EXISTS (SELECT 1 FROM contact_links WHERE absorbed = c.id)"""
"""Survivors only. Attributes, lists and consent are the survivor's: the join merged them."""

SURVIVORS_OF = "SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = owner), owner) FROM ({})"

BY_IDENTIFIER = """SELECT contact AS owner FROM identifiers
  WHERE kind = :kind{n} AND value IN (SELECT value FROM json_each(:values{n}))"""

BY_VISITOR = """SELECT contact AS owner FROM visitors WHERE visitor IN (SELECT value FROM json_each(:visitors)) UNION
  SELECT e.contact FROM visitors v JOIN epochs e ON e.visitor = v.id
  WHERE v.visitor IN (SELECT value FROM json_each(:visitors))"""

RESOLVE = """SELECT s.id, (SELECT json_group_array(absorbed) FROM contact_links WHERE survivor = s.id) FROM (
  SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = c.id), c.id) AS id
  FROM contacts c WHERE c.id = :id) s"""


class SqliteContacts:
    """The port `Contacts` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections to store.db."""
        self._readers = readers

    async def find(self, query: ContactQuery, *, limit: int, before: int | None = None) -> list[StoredContact]:
        """See the port."""
        text, values = page_of(query, before)
        return [contact_of(row) for row in await self._readers.fetch(text, {**values, "limit": limit})]

    async def get(self, id: int) -> StoredContact | None:
        """See the port."""
        rows = await self._readers.fetch(f"{ANSWER} AND c.id = :id", {"id": id})
        return contact_of(rows[0]) if rows else None

    async def resolve(self, id: int) -> Resolved | None:
        """See the port."""
        rows = await self._readers.fetch(RESOLVE, {"id": id})
        if not rows:
            return None
        survivor, absorbed = rows[0]
        return Resolved(survivor, (survivor, *msgspec.json.decode(absorbed)))


def page_of(query: ContactQuery, before: int | None) -> tuple[str, dict[str, Any]]:
    """SQL of a page of contacts and its values but `limit`."""
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
    if query.q:
        where.append(f"c.id IN ({Q_CONTACTS})")
        values |= prefix_of(query.q)
    if before is not None:
        where.append("c.id < :before")
        values["before"] = before
    return f"{' AND '.join([ANSWER, *where])} ORDER BY c.id DESC LIMIT :limit", values


def spellings(kind: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """What may be asked for as it may be stored: addresses are kept in lower case."""
    return tuple({*wanted, *(value.lower() for value in wanted)}) if kind == "email_id" else wanted


def contact_of(row: Row) -> StoredContact:
    """A row of ANSWER → StoredContact."""
    id, anonymous, attributes, lists, consent, first_seen_at, last_seen_at, identifiers, visitors = row
    kinds: dict[str, tuple[str, ...]] = {}
    for kind, value in msgspec.json.decode(identifiers):
        kinds[kind] = (*kinds.get(kind, ()), value)
    return StoredContact(
        id=id,
        identifiers=kinds,
        attributes=msgspec.json.decode(attributes),
        lists=tuple(msgspec.json.decode(lists)),
        consent=consent,
        first_seen_at=first_seen_at,
        last_seen_at=last_seen_at,
        anonymous=bool(anonymous),
        visitors=tuple(msgspec.json.decode(visitors)),
    )
