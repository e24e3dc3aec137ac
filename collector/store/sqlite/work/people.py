"""Who is who? Contacts, visitors, identifiers and joins, as the identity rules read and change them.

Reads and writes `contacts contact_links identifiers conflicts visitors epochs`. The worker is their only writer:
numbers are counted here, visitors remembered. Contacts made or seen in a batch are written together by `flush`.

A visitor keeps the contacts under which it was recorded; `resolve` says who they are by now. So a join changes nothing
but `contact_links`, and a join that is taken back leaves everything as it was.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from collector.event_id import pack_id_often
from collector.store.ports.work import Known, Visitor
from collector.store.sqlite.contacts import PERSON, person_of
from collector.store.sqlite.work.words import Memory
from sessionizer.attributes import attributes_of

_VISITORS = """SELECT v.visitor, v.id, v.contact, l.survivor FROM visitors v
               LEFT JOIN contact_links l ON l.absorbed = v.contact
               WHERE v.visitor IN (SELECT value FROM json_each(?))"""
_EPOCHS = """SELECT visitor, since, contact FROM epochs
             WHERE visitor IN (SELECT value FROM json_each(?)) ORDER BY since"""
_HELD = """SELECT kind, value FROM identifiers
           WHERE contact = ?1 OR contact IN (SELECT absorbed FROM contact_links WHERE survivor = ?1)
           ORDER BY contact <> ?1, added_at, value"""
_UNVERIFIED = """SELECT kind, value FROM identifiers
                 WHERE (contact = ?1 OR contact IN (SELECT absorbed FROM contact_links WHERE survivor = ?1))
                   AND NOT verified"""
_VISITORS_OF = """SELECT v.visitor FROM visitors v WHERE v.contact IN (SELECT value FROM json_each(?1)) UNION
                  SELECT v.visitor FROM epochs e JOIN visitors v ON v.id = e.visitor
                  WHERE e.contact IN (SELECT value FROM json_each(?1))"""
_SEEN = (
    """UPDATE contacts SET first_seen_at = min(first_seen_at, ?), last_seen_at = max(last_seen_at, ?) WHERE id = ?"""
)
_CONSENT = "UPDATE contacts SET consent = ?1 WHERE id = ?2 AND consent <> ?1"
_ABSORB_SEEN = """UPDATE contacts SET (first_seen_at, last_seen_at) =
  (SELECT min(first_seen_at), max(last_seen_at) FROM contacts WHERE id IN (?1, ?2)) WHERE id = ?1"""
_OWN = "SELECT attributes, unverified FROM contacts WHERE id = ?"
_ATTRIBUTES = """SELECT attributes, unverified FROM contacts
  WHERE id = :id OR id IN (SELECT absorbed FROM contact_links WHERE survivor = :id) ORDER BY id <> :id, id"""
"""The contact's own first: they count."""
_ENLIST = "INSERT OR IGNORE INTO list_members SELECT id, ?, ? FROM lists WHERE name = ?"
_DELIST = """DELETE FROM list_members WHERE list = (SELECT id FROM lists WHERE name = ?)
             AND contact IN (SELECT value FROM json_each(?))"""
_LINK = "INSERT INTO contact_links (absorbed, joined_to, survivor, at, event) VALUES (?, ?, ?, ?, ?)"
_UNLINK = "DELETE FROM contact_links WHERE absorbed = ? AND event = ? RETURNING survivor"
_LEAVE_TOGETHER = """
WITH RECURSIVE own (id) AS (
  SELECT absorbed FROM contact_links WHERE joined_to = ?1 UNION
  SELECT l.absorbed FROM own CROSS JOIN contact_links l ON l.joined_to = own.id)
UPDATE contact_links SET survivor = ?1 WHERE absorbed IN (SELECT id FROM own)"""
_BEFORE_ALL_EPOCHS = """INSERT INTO epochs
  SELECT v.id, min(c.first_seen_at, e.since - 1), v.contact
  FROM visitors v JOIN contacts c ON c.id = v.contact
  JOIN (SELECT visitor, min(since) AS since FROM epochs GROUP BY visitor) e ON e.visitor = v.id
  WHERE v.contact IN (SELECT value FROM json_each(?))"""
_LAST_CONTACT = """SELECT max((SELECT coalesce(max(id), 0) FROM contacts),
                              (SELECT coalesce(max(last_contact), 0) FROM erasures))"""
"""Also of those who were erased: their numbers are given to nobody else."""
_KNOWN = f"{PERSON} AND c.id IN (SELECT value FROM json_each(:ids))"
_SEEN_ANEW = """UPDATE contacts SET (first_seen_at, last_seen_at) = (
  SELECT coalesce(min(at), first_seen_at), coalesce(max(at), last_seen_at) FROM events
  WHERE contact IN (SELECT value FROM json_each(?2)) AND door <> (SELECT id FROM doors WHERE name = 'derived'))
WHERE id = ?1"""


NOBODY = 0
"""In `visitors.contact`."""


class SqlitePeople:
    """Implements `ports.work.People`. Contact ids given and taken are survivors', but for those of visitors."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.forget()

    def forget(self) -> None:
        """Begin anew from the file: at the start, and when a transaction was rolled back."""
        self._visitors: Memory[str, Visitor] = Memory()
        self._strangers: set[str] = set()  # looked for in this batch, and not there
        self._survivors: Memory[int, int] = Memory()
        self._holders: Memory[tuple[str, str], int] = Memory()  # as recorded: no identifier is ever another's
        self._made: dict[int, tuple[bool, int]] = {}  # contact: anonymous, first seen
        self._new_visitors: list[tuple[int, str, int]] = []
        self._seen: dict[int, tuple[int, int]] = {}  # contact: first, last seen in this batch
        self._said: dict[int, str] = {}  # contact: consent
        self._consents: Memory[int, str] = Memory()  # the last word of those who spoke lately
        self._told: dict[int, int] = {}  # contact: when (ms UTC) what is known of it changed last
        self._changed: dict[int, frozenset[str]] = {}  # contact: names of attributes that are otherwise
        self._seen_at = 0
        self._newcomers: set[int] = set()
        self._last_contact = self._number(_LAST_CONTACT)
        self._last_visitor = self._number("SELECT coalesce(max(id), 0) FROM visitors")

    def _number(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0])

    def flush(self) -> None:
        """Write the contacts and visitors that were made or seen since the last flush."""
        made, seen = self._made, self._seen
        rows = [(contact, anonymous, *seen.pop(contact, (at, at))) for contact, (anonymous, at) in made.items()]
        self._connection.executemany(
            "INSERT INTO contacts (id, anonymous, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?)", rows
        )
        self._connection.executemany(_SEEN, [(first, last, contact) for contact, (first, last) in seen.items()])
        self._flush_visitors()
        if self._said:
            self._connection.executemany(_CONSENT, [(said, contact) for contact, said in self._said.items()])
            self._said.clear()
        made.clear()
        seen.clear()

    def _flush_visitors(self) -> None:
        self._connection.executemany("INSERT INTO visitors VALUES (?, ?, ?)", self._new_visitors)
        self._new_visitors.clear()

    def visitor(self, visitor: str) -> Visitor | None:
        """The browser of that id, None at first sight."""
        if visitor not in self._visitors and visitor not in self._strangers:
            self._meet([visitor])
        return self._visitors.get(visitor)

    def meet(self, visitors: Iterable[str]) -> None:
        """Look up the browsers of a batch together, also those that are not there."""
        self._strangers.clear()
        self._meet([visitor for visitor in visitors if visitor not in self._visitors])

    def _meet(self, visitors: Sequence[str]) -> None:
        rows = self._connection.execute(_VISITORS, (json.dumps(visitors),)).fetchall()
        epochs: dict[int, tuple[tuple[int, int], ...]] = {}
        for number, *epoch in self._connection.execute(_EPOCHS, (_json([row[1] for row in rows]),)):
            epochs[number] = (*epochs.get(number, ()), (epoch[0], epoch[1]))
        self._strangers.update(visitors)
        for visitor, number, owner, survivor in rows:
            self._visitors.keep(visitor, Visitor(number, owner or None, epochs.get(number, ())))
            self._survivors.keep(owner, survivor or owner)
            self._strangers.discard(visitor)

    def new_contact(self, *, anonymous: bool, at: int) -> int:
        """Create a contact, first seen at `at` (ms UTC); returns its id."""
        self._last_contact += 1
        self._made[self._last_contact] = (anonymous, at)
        self._newcomers.add(self._last_contact)
        return self._survivors.keep(self._last_contact, self._last_contact)

    def own(self, visitor: str, contact: int | None) -> Visitor:
        """Remember a browser and its first owner, None for nobody. One that was nobody's may become somebody's."""
        known = self.visitor(visitor)
        if known is None:
            self._last_visitor += 1
            self._strangers.discard(visitor)
            self._new_visitors.append((self._last_visitor, visitor, contact or NOBODY))
            return self._visitors.keep(visitor, Visitor(self._last_visitor, contact))
        self.flush()
        self._connection.execute("UPDATE visitors SET contact = ? WHERE id = ?", (contact or NOBODY, known.number))
        known.owner = contact
        return known

    def take_over(self, visitor: str, at: int, contact: int) -> None:
        """The browser was somebody's who was erased: since then it is another's. at: ms UTC, of something later."""
        known = self.visitor(visitor)
        assert known is not None, "only a known browser changes hands"
        self.add_epoch(visitor, max((since for since, _ in known.epochs if since <= at), default=at), contact)

    def add_epoch(self, visitor: str, since: int, contact: int) -> None:
        """From `since` (ms UTC, included) until the next epoch the browser is another person's."""
        known = self.visitor(visitor)
        assert known is not None, "only a known browser changes hands"
        self._connection.execute("INSERT OR REPLACE INTO epochs VALUES (?, ?, ?)", (known.number, since, contact))
        kept = [epoch for epoch in known.epochs if epoch[0] != since]
        known.epochs = tuple(sorted([*kept, (since, contact)]))

    def seen(self, contact: int, at: int) -> None:
        """Something of this contact happened at `at` (ms UTC)."""
        self._seen_at = at
        first, last = self._seen.get(contact, (at, at))
        self._seen[contact] = (min(first, at), max(last, at))

    def consent(self, contact: int, said: str) -> None:
        """The contact has granted or denied; the last word counts."""
        if self._consents.get(contact) != said:
            self._said[contact] = self._consents.keep(contact, said)
            self._told[contact] = self._seen_at

    def is_anonymous(self, contact: int) -> bool:
        """Whether no identifier of it is known."""
        if contact in self._made:
            return self._made[contact][0]
        row = self._connection.execute("SELECT anonymous FROM contacts WHERE id = ?", (contact,)).fetchone()
        return bool(row[0]) if row else True

    def exists(self, contact: int) -> bool:
        """Whether there is, or was before a join, such a contact."""
        row = self._connection.execute("SELECT 1 FROM contacts WHERE id = ?", (contact,)).fetchone()
        return row is not None or contact in self._made

    def holder(self, kind: str, value: str) -> int | None:
        """Whose identifier it is, as recorded: it may have been absorbed."""
        if kind == "contact_id":
            return int(value) if value.isdigit() and self.exists(int(value)) else None
        found = self._holders.get((kind, value))
        if found is not None:
            return found
        row = self._connection.execute(
            "SELECT contact FROM identifiers WHERE kind = ? AND value = ?", (kind, value)
        ).fetchone()
        return None if row is None else self._holders.keep((kind, value), int(row[0]))

    def held(self, contact: int) -> Mapping[str, tuple[str, ...]]:
        """The contact's identifiers by kind, the primary one first."""
        held: dict[str, tuple[str, ...]] = {}
        for kind, value in self._connection.execute(_HELD, (contact,)):
            held[kind] = (*held.get(kind, ()), value)
        return held

    def unverified(self, contact: int) -> frozenset[tuple[str, str]]:
        """Those (kind, value) of its identifiers that only a public door has claimed."""
        return frozenset(self._connection.execute(_UNVERIFIED, (contact,)).fetchall())

    def identify(self, contact: int, kind: str, value: str, *, verified: bool, at: int) -> None:
        """The identifier is the contact's from now on, which is no longer anonymous."""
        self._connection.execute(
            "INSERT INTO identifiers (kind, value, contact, verified, added_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, value) DO UPDATE SET verified = max(verified, excluded.verified)",
            (kind, value, contact, verified, at),
        )
        self._told[contact] = at
        if contact in self._made:
            self._made[contact] = (False, self._made[contact][1])
        else:
            self._connection.execute("UPDATE contacts SET anonymous = 0 WHERE id = ?", (contact,))

    def conflict(self, contact: int, kind: str, value: str, *, owner: int, at: int, event: str) -> None:
        """Keep that the contact was said to have what is `owner`'s."""
        self._connection.execute(
            "INSERT OR IGNORE INTO conflicts VALUES (?, ?, ?, ?, ?, ?)",
            (contact, kind, value, owner, at, pack_id_often(event)),
        )

    def attributes(self, contact: int) -> tuple[dict[str, Any], frozenset[str]]:
        """The attributes, with those of whom it absorbed, and the names of those only a public door has claimed."""
        self.flush()
        rows = self._connection.execute(_ATTRIBUTES, {"id": contact}).fetchall()
        found = attributes_of((json.loads(known), json.loads(names)) for known, names in rows)
        return dict(found.values), found.unverified

    def set_attributes(self, contact: int, attributes: Mapping[str, Any], unverified: Iterable[str]) -> None:
        """Keep as its own what differs from what is known already: what it has from others goes if they go."""
        known, names = self.attributes(contact)
        own, claimed = (json.loads(text) for text in self._connection.execute(_OWN, (contact,)).fetchone())
        now = frozenset(unverified)
        said = {
            name for name, value in attributes.items()
            if name not in known or known[name] != value or (name in names) != (name in now)
        }  # fmt: skip
        own |= {name: attributes[name] for name in said}
        different = {name for name in said if known.get(name) != attributes[name]}
        different |= known.keys() - attributes.keys()
        if different:
            self._changed[contact] = self._changed.get(contact, frozenset()) | different
        kept = (set(claimed) - said) | (said & now)
        self._told[contact] = self._seen_at
        self._connection.execute(
            "UPDATE contacts SET attributes = ?, unverified = ? WHERE id = ?",
            (json.dumps(own, ensure_ascii=False), json.dumps(sorted(kept)), contact),
        )

    def enlist(self, contact: int, name: str, *, at: int) -> None:
        """Add to the list of that name, which is made when there is none."""
        self._connection.execute("INSERT OR IGNORE INTO lists (name, created_at) VALUES (?, ?)", (name, at))
        self._connection.execute(_ENLIST, (contact, at, name))
        self._told[contact] = self._seen_at

    def delist(self, contact: int, name: str) -> None:
        """Take from the list, with whoever was absorbed."""
        self._connection.execute(_DELIST, (name, _json(self.closure(contact))))
        self._told[contact] = self._seen_at

    def link(self, *, absorbed: int, survivor: int, at: int, event: str) -> None:
        """Two contacts are one from now on. The closure stays flat: one look-up resolves any absorbed id."""
        self.flush()
        gone = self.closure(absorbed)
        self._connection.execute("UPDATE contact_links SET survivor = ? WHERE survivor = ?", (survivor, absorbed))
        self._connection.execute(_LINK, (absorbed, survivor, survivor, at, pack_id_often(event)))
        self._connection.execute(_ABSORB_SEEN, (survivor, absorbed))
        self._survivors.update(dict.fromkeys(gone, survivor))

    def unlink(self, *, absorbed: int, event: str) -> int | None:
        """Take back the join that `event` made: the contact, with those whom it had absorbed, is itself again.

        Returns whom it leaves; None when there is no such join (any more). Its browsers are its own again, until
        somebody else identified there.
        """
        self.flush()
        row = self._connection.execute(_UNLINK, (absorbed, pack_id_often(event))).fetchone()
        if row is None:
            return None
        self._connection.execute(_LEAVE_TOGETHER, (absorbed,))
        self._survivors.clear()
        self._connection.execute(_BEFORE_ALL_EPOCHS, (_json(self.closure(absorbed)),))
        self._visitors.clear()
        left = self.resolve(int(row[0]))
        for contact in (absorbed, left):
            self._connection.execute(_SEEN_ANEW, (contact, _json(self.closure(contact))))
        return left

    def told(self) -> dict[int, int]:
        """The contacts of whom something else is known than at the last call, survivors by now; and the instant of the
        event that told it last, ms UTC."""
        told, self._told = self._told, {}
        found: dict[int, int] = {}
        for contact, at in told.items():
            survivor = self.resolve(contact)
            found[survivor] = max(at, found.get(survivor, at))
        return found

    def changed(self) -> dict[int, frozenset[str]]:
        """The names of attributes that are otherwise than at the last call, by contact, survivors by now."""
        changed, self._changed = self._changed, {}
        found: dict[int, frozenset[str]] = {}
        for contact, names in changed.items():
            survivor = self.resolve(contact)
            found[survivor] = found.get(survivor, frozenset()) | names
        return found

    def newcomers(self) -> set[int]:
        """The contacts that were made since the last call."""
        made, self._newcomers = self._newcomers, set()
        return made

    def known(self, contacts: Sequence[int]) -> dict[int, Known]:
        """Survivors as they are known, with everything from whom they absorbed; who is there no more is left out."""
        self.flush()
        rows = self._connection.execute(_KNOWN, {"ids": _json(contacts)})
        return {row[0]: Known(person_of(row), row[-1]) for row in rows}

    def resolve(self, contact: int) -> int:
        """The survivor, itself when it was not absorbed."""
        found = self._survivors.get(contact)
        if found is not None:
            return found
        row = self._connection.execute("SELECT survivor FROM contact_links WHERE absorbed = ?", (contact,)).fetchone()
        return self._survivors.keep(contact, contact if row is None else int(row[0]))

    def closure(self, contact: int) -> tuple[int, ...]:
        """The contact and all whom it absorbed."""
        rows = self._connection.execute("SELECT absorbed FROM contact_links WHERE survivor = ?", (contact,))
        return (contact, *(absorbed for (absorbed,) in rows))

    def visitors_of(self, contact: int) -> int:
        """How many browsers are the contact's."""
        self._flush_visitors()
        return len(self._connection.execute(_VISITORS_OF, (_json(self.closure(contact)),)).fetchall())

    def joins_since(self, contact: int, since: int) -> int:
        """How many contacts it has absorbed since (ms UTC)."""
        row = self._connection.execute(
            "SELECT count(*) FROM contact_links WHERE survivor = ? AND at >= ?", (contact, since)
        ).fetchone()
        return int(row[0])


def _json(contacts: Sequence[int]) -> str:
    return str(list(contacts))
