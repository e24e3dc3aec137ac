"""What does a message tell of a person? Read from contacts and events (port: `ports/messages/gathering.py`)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from collector.event_id import pack_id
from collector.instant import instant
from collector.store.ports.messages.gathering import Happened, Need
from collector.store.sqlite.body import BOT, SUPERSEDED, decode_body
from collector.store.sqlite.contacts import ANSWER, contact_of
from collector.store.sqlite.definitions.transaction import Reading
from sessionizer.contact import Contact

LISTED = 50
_SURVIVOR = "SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = ?1), ?1)"
_HOLDER = "SELECT contact FROM identifiers WHERE kind = ? AND value = ?"
_CONTACT = f"{ANSWER} AND c.id = :id"
_CONSENT = """WITH person (id) AS (SELECT coalesce((SELECT survivor FROM contact_links WHERE absorbed = ?1), ?1))
  SELECT consent FROM contacts WHERE consent <> 'unknown' AND (id IN (SELECT id FROM person)
    OR id IN (SELECT absorbed FROM contact_links WHERE survivor IN (SELECT id FROM person)))
  ORDER BY id IN (SELECT id FROM person) DESC, id DESC LIMIT 1"""
_CLOSURE = "SELECT ?1 UNION ALL SELECT absorbed FROM contact_links WHERE survivor = ?1"
_COLUMNS = """SELECT e.at, e.body, p.url, p.title, k.category, k.key FROM events e JOIN kinds k ON k.id = e.kind
  LEFT JOIN pages p ON p.id = e.page"""
_EVENT = f"{_COLUMNS} WHERE e.id = ? AND NOT e.flags & {SUPERSEDED} ORDER BY e.offset LIMIT 1"
_OF_KIND = f"""FROM events e WHERE e.contact IN ({_CLOSURE}) AND NOT e.flags & {SUPERSEDED | BOT}
  AND e.kind = (SELECT id FROM kinds WHERE category = ?2 AND key = ?3)"""
_COUNT = f"SELECT count(*) {_OF_KIND}"
_SOME = f"""{_COLUMNS} WHERE e.offset IN (
  SELECT e.offset {_OF_KIND} ORDER BY e.at {{order}}, e.offset {{order}} LIMIT ?4)"""


class SqliteGathering:
    """Implements `ports.messages.gathering.Gathering` on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._reading = Reading(path)

    def contact(self, id: int) -> Contact | None:
        """See the port."""
        ((survivor,),) = self._reading.rows(_SURVIVOR, (id,))
        return next((contact_of(row).person for row in self._reading.rows(_CONTACT, {"id": survivor})), None)

    def contact_of(self, kind: str, value: str) -> Contact | None:
        """See the port."""
        return next((self.contact(id) for (id,) in self._reading.rows(_HOLDER, (kind, value))), None)

    def consent(self, contact: int, name: tuple[str, str] | None) -> str:
        """See the port."""
        if not contact and name:
            contact = next((id for (id,) in self._reading.rows(_HOLDER, name)), 0)
        return next((str(said) for (said,) in self._reading.rows(_CONSENT, (contact,))), "unknown")

    def event(self, id: str) -> Happened | None:
        """See the port."""
        rows = self._reading.rows(_EVENT, (pack_id(id),))
        return next((Happened(row[4], row[5], _data(row)) for row in rows), None)

    def history(self, contact: int, needs: Iterable[Need]) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """See the port."""
        found: defaultdict[str, defaultdict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
        for need in needs:
            found[need.category][need.key][need.what] = self._answer(contact, need)
        return found

    def _answer(self, contact: int, need: Need) -> Any:
        if need.what == "count":
            ((count,),) = self._reading.rows(_COUNT, (contact, need.category, need.key))
            return count
        limit = LISTED if need.what == "list" else 1
        sql = _SOME.format(order="ASC" if need.what == "first" else "DESC")
        rows = self._reading.rows(sql, (contact, need.category, need.key, limit))
        items = [_data(row) for row in sorted(rows, key=lambda row: -row[0])]
        return items if need.what == "list" else items[0] if items else None

    def close(self) -> None:
        """See the port."""
        self._reading.close()


def _data(row: tuple[Any, ...]) -> Mapping[str, Any]:
    """The event's properties; beside them the page, the time and the object, where no property has that name."""
    at, blob, url, title, *_ = row
    body = decode_body(blob)
    page = {} if url is None else {"page": {"url": url, "title": title, "referrer": body.referrer}}
    thing = {} if body.object is None else {"object": {"type": body.object.type, "id": body.object.id}}
    return {"occurred_at": instant(at), **page, **thing, **(body.properties or {})}
