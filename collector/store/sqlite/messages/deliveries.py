"""What was asked to be sent, and how does it stand? Rows of `outbox` for API and console.

Port: `collector/store/ports/messages/outbox.py`, Deliveries.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from collector.store.ports.messages.outbox import Delivery, Post, Suppression
from collector.store.sqlite.definitions.transaction import Reading, transaction
from collector.store.sqlite.messages.rows import COLUMNS, PUT, SUPPRESSION, delivery_of, row_of, suppression_of

_ONE = f"SELECT {COLUMNS} FROM outbox WHERE id = ?"
_SHOWN = f"SELECT {COLUMNS}, shown FROM outbox WHERE id = ? AND shown IS NOT NULL"
_BY_REFERENCE = "SELECT reference, id FROM outbox WHERE reference IN (SELECT value FROM json_each(?))"
_FIND = "SELECT {columns} FROM outbox WHERE {conditions} ORDER BY created_at DESC, id DESC LIMIT :limit"
_STATES = "state IN (SELECT value FROM json_each(:states))"
_MESSAGE = "message = :message"
_CONTACTS = """contact IN (SELECT value FROM json_each(:contacts)
  UNION SELECT absorbed FROM contact_links WHERE survivor IN (SELECT value FROM json_each(:contacts)))"""
_Q = "recipient >= :q AND recipient < :q || char(1114111)"
_AFTER = "(created_at, id) < (:at, :id)"
_COUNTS = "SELECT state, count(*) FROM outbox GROUP BY state"
_AGAIN = """UPDATE outbox SET state = 'waiting', due_at = ?2, settled_at = NULL, first_at = NULL
  WHERE id IN (SELECT value FROM json_each(?1)) AND state IN ('failed', 'skipped', 'uncertain', 'cancelled')"""
_CANCEL = """UPDATE outbox SET state = 'cancelled', settled_at = ?2, reason = ''
  WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'waiting'"""
RESULTS = ("sent", "delivered", "opened", "proxied", "clicked", "bounced", "left", "failed")
_RESULTS = """SELECT created_at / :day,
    sum(state = 'sent'), count(delivered_at), count(opened_at), count(proxied_at), count(clicked_at),
    count(bounced_at), count(left_at), sum(state = 'failed')
  FROM outbox WHERE message = :message AND created_at >= :since AND created_at < :until
    AND NOT is_test GROUP BY 1 ORDER BY 1"""
_SUPPRESSIONS = f"SELECT {SUPPRESSION} FROM suppressions WHERE {{conditions}} ORDER BY at DESC, hash DESC LIMIT :limit"
_ALLOW = "DELETE FROM suppressions WHERE channel = ? AND hash = ? AND scope = ?"


class SqliteDeliveries:
    """Implements `ports.messages.outbox.Deliveries` on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path, self._reading = path, Reading(path)

    def put(self, posts: Sequence[Post], *, at: int) -> None:
        """See the port."""
        with transaction(self._path) as connection:
            connection.executemany(PUT, [row_of(post, at) for post in posts])

    def one(self, id: str) -> Delivery | None:
        """See the port."""
        return next(map(delivery_of, self._reading.rows(_ONE, (id,))), None)

    def shown(self, id: str) -> tuple[Delivery, str] | None:
        """See the port."""
        return next(((delivery_of(row[:-1]), row[-1]) for row in self._reading.rows(_SHOWN, (id,))), None)

    def by_reference(self, references: Collection[str]) -> Mapping[str, str]:
        """See the port."""
        return dict(self._reading.rows(_BY_REFERENCE, (json.dumps(list(references)),)))

    def find(
        self,
        *,
        states: Collection[str] = (),
        message: int | None = None,
        contacts: Sequence[int] = (),
        q: str = "",
        limit: int,
        after: tuple[int, str] | None = None,
    ) -> list[Delivery]:
        """See the port."""
        asked = {
            "states": json.dumps(list(states)), "message": message, "contacts": str(list(contacts)), "q": q,
            "limit": limit, "at": after[0] if after else 0, "id": after[1] if after else "",
        }  # fmt: skip
        narrowed = ((states, _STATES), (message is not None, _MESSAGE), (contacts, _CONTACTS), (q, _Q), (after, _AFTER))
        conditions = " AND ".join([condition for is_asked, condition in narrowed if is_asked]) or "true"
        sql = _FIND.format(columns=COLUMNS, conditions=conditions)
        return [delivery_of(row) for row in self._reading.rows(sql, asked)]

    def counts(self) -> Mapping[str, int]:
        """See the port."""
        return dict(self._reading.rows(_COUNTS))

    def again(self, ids: Sequence[str], *, at: int) -> int:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(_AGAIN, (json.dumps(list(ids)), at)).rowcount

    def cancel(self, ids: Sequence[str], *, at: int) -> int:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(_CANCEL, (json.dumps(list(ids)), at)).rowcount

    def results(self, message: int, *, since: int, until: int, day_ms: int) -> list[tuple[int, Mapping[str, int]]]:
        """See the port."""
        asked = {"message": message, "since": since, "until": until, "day": day_ms}
        return [(day, dict(zip(RESULTS, counts, strict=True))) for day, *counts in self._reading.rows(_RESULTS, asked)]

    def suppressions(self, *, limit: int, after: tuple[int, bytes] | None = None, q: str = "") -> list[Suppression]:
        """See the port."""
        narrowed = ((after, "(at, hash) < (:at, :hash)"), (q, "address >= :q AND address < :q || char(1114111)"))
        conditions = " AND ".join([condition for is_asked, condition in narrowed if is_asked]) or "true"
        asked = {"limit": limit, "q": q, "at": after[0] if after else 0, "hash": after[1] if after else b""}
        return [suppression_of(row) for row in self._reading.rows(_SUPPRESSIONS.format(conditions=conditions), asked)]

    def allow(self, channel: str, hash: bytes, scope: str) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(_ALLOW, (channel, hash, scope)).rowcount > 0

    def close(self) -> None:
        """See the port."""
        self._reading.close()
