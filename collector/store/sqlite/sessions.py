"""Which visits were there? Answered from the table `sessions` (the port: `ports/sessions.py`)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from collector.event_id import pack_id, unpack_id
from collector.store.ports.sessions import Beside, SessionPlace, SessionQuery, StoredSession
from collector.store.sqlite.event_query import listed
from collector.store.sqlite.event_walks import closure
from collector.store.sqlite.readers import Readers, Row
from sessionizer.session import Session

ANSWER = """SELECT s.id, coalesce(l.survivor, s.contact), s.started_at, s.ended_at, s.open, s.body
FROM {source} LEFT JOIN contact_links l ON l.absorbed = s.contact
"""

BY_ID = f"{ANSWER.format(source='sessions s')} WHERE s.id = :id"

PAGE = f"""WITH picked (id) AS (SELECT s.id FROM sessions s INDEXED BY {{index}} {{where}}
  ORDER BY s.started_at DESC, s.id DESC LIMIT :limit)
{ANSWER.format(source="picked CROSS JOIN sessions s ON s.id = picked.id")} ORDER BY s.started_at DESC, s.id DESC"""
"""Picked first, in the index alone unless a site is asked for: a source that is rare costs no look at the rows."""

LATER_SITE = """s.several IS NOT 0 AND
  (SELECT visits_site(b.body, :sites) FROM sessions b WHERE b.id = s.id)"""
"""Whether it went there later: a look at the row, for the few that went to several sites."""

REPLACEMENT = """WITH RECURSIVE later (id, step) AS (
    SELECT replaced_by, 1 FROM replaced_sessions WHERE id = :id
    UNION ALL SELECT r.replaced_by, step + 1 FROM later JOIN replaced_sessions r ON r.id = later.id WHERE step < 16)
  SELECT id FROM later ORDER BY step DESC LIMIT 1"""
"""Follows a session that was replaced more than once to the one that stands."""

BEFORE = """SELECT s.id FROM sessions s INDEXED BY sessions_contact
  WHERE s.contact = :contact AND s.started_at <= :at AND (s.started_at < :at OR s.id < :id)
  ORDER BY s.started_at DESC, s.id DESC LIMIT 1"""

AFTER = """SELECT s.id FROM sessions s INDEXED BY sessions_contact
  WHERE s.contact = :contact AND s.started_at >= :at AND (s.started_at > :at OR s.id > :id)
  ORDER BY s.started_at, s.id LIMIT 1"""

_decoder = msgspec.msgpack.Decoder(Session)


class SqliteSessions:
    """The port `Sessions` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: have the functions of FUNCTIONS."""
        self._readers = readers

    async def find(self, query: SessionQuery, *, limit: int, after: SessionPlace | None = None) -> list[StoredSession]:
        """See the port."""
        contacts = await closure(self._readers, query.contacts) if query.contacts else None
        text, values = page_of(query, contacts, after)
        return [session_of(row) for row in await self._readers.fetch(text, {**values, "limit": limit})]

    async def get(self, id: str) -> StoredSession | None:
        """See the port."""
        rows = await self._readers.fetch(BY_ID, {"id": pack_id(id)})
        return session_of(rows[0]) if rows else None

    async def several(self, ids: Sequence[str]) -> list[StoredSession]:
        """See the port."""
        wanted, marks = _marked(ids)
        text = f"{ANSWER.format(source='sessions s')} WHERE s.id IN ({marks})"
        return [session_of(row) for row in await self._readers.fetch(text, wanted)] if wanted else []

    async def replacement(self, id: str) -> str | None:
        """See the port."""
        found = await self._readers.value(REPLACEMENT, {"id": pack_id(id)})
        return None if found is None else unpack_id(found)

    async def successors(self, ids: Sequence[str]) -> Mapping[str, str]:
        """See the port."""
        wanted, marks = _marked(ids)
        text = f"SELECT id, replaced_by FROM replaced_sessions WHERE id IN ({marks})"
        rows = await self._readers.fetch(text, wanted) if wanted else []
        return {unpack_id(id): unpack_id(heir) for id, heir in rows}

    async def beside(self, stored: StoredSession) -> Beside:
        """See the port."""
        session = stored.session
        place = {"contact": stored.contact, "at": session.started_at, "id": pack_id(session.id)}
        before, after = [await self._readers.value(text, place) for text in (BEFORE, AFTER)]
        return Beside(*(None if found is None else unpack_id(found) for found in (before, after)))


def _marked(ids: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Ids as bound values, and the marks that stand for them in a statement."""
    wanted = {f"id{n}": pack_id(id) for n, id in enumerate(ids)}
    return wanted, ", ".join(f":{name}" for name in wanted)


def page_of(
    query: SessionQuery, contacts: tuple[int, ...] | None, after: SessionPlace | None
) -> tuple[str, dict[str, Any]]:
    """SQL of a page of sessions and its values but `limit`."""
    where: list[str] = []
    values: dict[str, Any] = {}
    if query.since is not None:
        where.append("s.started_at >= :since")
        values["since"] = query.since
    if query.until is not None:
        where.append("s.started_at < :until")
        values["until"] = query.until
    if contacts is not None:
        where.append("s.contact IN (SELECT value FROM json_each(:contacts))")
        values["contacts"] = listed(contacts)
    for column, wanted in {"source": query.sources, "device": query.devices}.items():
        if wanted:
            where.append(f"s.{column} IN (SELECT value FROM json_each(:{column}s))")
            values[f"{column}s"] = listed(wanted)
    if query.sites:
        where.append(f"(s.site IN (SELECT value FROM json_each(:sites)) OR {LATER_SITE})")
        values["sites"] = listed(query.sites)
    if after is not None:
        where.append("s.started_at <= :at AND (s.started_at < :at OR s.id < :after)")
        values |= {"at": after.started_at, "after": pack_id(after.id)}
    index = "sessions_started" if contacts is None else "sessions_contact"
    filtered = f"WHERE {' AND '.join(where)}" if where else ""
    return PAGE.format(index=index, where=filtered), values


def session_of(row: Row) -> StoredSession:
    """A row of ANSWER → StoredSession. The columns have the last word over the body."""
    id, contact, started_at, ended_at, open, body = row
    said = _decoder.decode(body)
    told = {"id": unpack_id(id), "started_at": started_at, "ended_at": ended_at, "open": bool(open)}
    return StoredSession(contact, msgspec.structs.replace(said, **told))


def visits_site(body: bytes, sites: str) -> bool:
    """SQLite calls it: whether a session went to one of the sites (JSON list). Never raises."""
    try:
        return not set(_decoder.decode(body).sites).isdisjoint(msgspec.json.decode(sites))
    except msgspec.DecodeError:
        return False


FUNCTIONS = {"visits_site": (2, visits_site)}
"""The SQL functions that the statements of this file call."""
