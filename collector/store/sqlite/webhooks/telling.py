"""What must whoever tells webhooks read and write? (port: `ports/webhooks/telling.py`).

Two connections: one reads, in the event loop; the other writes, in a thread, where it may wait for the worker.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from collector.sqlite import connect
from collector.store.ports.events import StoredEvent
from collector.store.ports.webhooks.deliveries import Delivery
from collector.store.ports.webhooks.telling import News, Reader, Tellable
from collector.store.sqlite.body import BOT, HISTORICAL, SUPERSEDED
from collector.store.sqlite.definitions.webhooks import COLUMNS as OF_WEBHOOK
from collector.store.sqlite.definitions.webhooks import webhook_of
from collector.store.sqlite.event_query import ANSWER
from collector.store.sqlite.events import event_of
from collector.store.sqlite.webhooks.deliveries import COLUMNS

_READERS = f"SELECT {OF_WEBHOOK}, told_to FROM webhooks ORDER BY id"
_DUE = "FROM webhook_deliveries INDEXED BY webhook_deliveries_due WHERE webhook = :webhook AND state = 'waiting'"
WAITING = f"SELECT count(*) {_DUE}"
NEXT = f"SELECT min(due_at) {_DUE}"
DUE = f"""SELECT {COLUMNS} {_DUE} AND due_at <= :now AND offset NOT IN (SELECT value FROM json_each(:without))
  ORDER BY due_at, offset LIMIT :limit"""
NEWS = f"""SELECT e.offset, coalesce(k.category || '/' || k.key, ''), e.flags & {SUPERSEDED | BOT | HISTORICAL} = 0
  FROM events e LEFT JOIN kinds k ON k.id = e.kind WHERE e.offset > ? ORDER BY e.offset LIMIT ?"""
EVENTS = f"""WITH picked (offset) AS (
  SELECT e.offset FROM json_each(?) j CROSS JOIN events e ON e.offset = j.value WHERE e.flags & {SUPERSEDED} = 0)
{ANSWER}"""
EMAILS = """SELECT contact, value FROM identifiers INDEXED BY identifiers_contact
  WHERE contact IN (SELECT value FROM json_each(?)) AND kind = 'email_id' ORDER BY added_at DESC, value DESC"""
OPENED = "SELECT id, opened_at FROM outbox WHERE id IN (SELECT value FROM json_each(?))"
_TOLD = "UPDATE webhooks SET told_to = ? WHERE id = ? AND status <> 'disabled' AND told_to < ?"
_TELL = """INSERT OR IGNORE INTO webhook_deliveries (webhook, offset, state, due_at)
  SELECT id, ?2, 'waiting', ?3 FROM webhooks WHERE id = ?1 AND status <> 'disabled'"""
_SETTLE = """UPDATE webhook_deliveries SET state = ?, due_at = ?, tries = ?, first_at = ?, settled_at = ?, status = ?,
  reason = ?, took_ms = ? WHERE webhook = ? AND offset = ? AND state = 'waiting'"""
_DISABLE = "UPDATE webhooks SET status = 'disabled', why = ?, modified_at = ? WHERE id = ? AND status <> 'disabled'"
_DROP = """UPDATE webhook_deliveries SET state = 'dropped', settled_at = ?, reason = ?
  WHERE webhook = ? AND state = 'waiting'"""
GONE = """DELETE FROM webhook_deliveries WHERE (webhook, offset) IN (
  SELECT webhook, offset FROM webhook_deliveries INDEXED BY webhook_deliveries_settled
  WHERE settled_at IS NOT NULL AND webhook = :webhook AND state = :state AND settled_at < :before LIMIT :limit)"""
KEPT = """SELECT settled_at FROM webhook_deliveries INDEXED BY webhook_deliveries_settled
  WHERE settled_at IS NOT NULL AND webhook = ? AND state = 'done' ORDER BY settled_at DESC LIMIT 1 OFFSET ?"""
OPENED_KEY = "Opened"
ENDED = ("done", "failed", "dropped")


class SqliteTelling:
    """Implements `ports.webhooks.telling.Telling`."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._reading: sqlite3.Connection = connect(path, readonly=True)
        self._writing: sqlite3.Connection = connect(path)

    def data_version(self) -> int:
        """See the port."""
        return int(self._reading.execute("PRAGMA data_version").fetchone()[0])

    def readers(self) -> list[Reader]:
        """See the port."""
        return [Reader(webhook_of(row[:-1]), row[-1]) for row in self._reading.execute(_READERS)]

    def waiting(self, webhook: int) -> int:
        """See the port."""
        return int(self._reading.execute(WAITING, {"webhook": webhook}).fetchone()[0])

    def news(self, after: int, limit: int) -> list[News]:
        """See the port."""
        rows = self._reading.execute(NEWS, (after, limit))
        return [News(offset, kind, bool(is_told)) for offset, kind, is_told in rows]

    def due(self, webhook: int, now: int, *, without: Collection[int], limit: int) -> list[Delivery]:
        """See the port."""
        values = {"webhook": webhook, "now": now, "without": json.dumps(list(without)), "limit": limit}
        return [Delivery(*row) for row in self._reading.execute(DUE, values)]

    def next_due(self, webhook: int) -> int | None:
        """See the port."""
        (at,) = self._reading.execute(NEXT, {"webhook": webhook}).fetchone()
        return None if at is None else int(at)

    def events(self, offsets: Collection[int]) -> dict[int, Tellable]:
        """See the port."""
        found = [event_of(row) for row in self._reading.execute(EVENTS, (json.dumps(list(offsets)),))]
        contacts = {event.contact for event in found if event.contact is not None}
        emails: dict[int, str] = dict(self._reading.execute(EMAILS, (json.dumps(list(contacts)),)).fetchall())
        first = self._first(found)
        return {
            event.offset: Tellable(event, emails.get(event.contact or 0, ""), first.get(_message(event)) == event.at)
            for event in found
        }

    def _first(self, events: Sequence[StoredEvent]) -> dict[str, int]:
        """When the messages that were opened were opened first."""
        messages = [_message(event) for event in events if event.key == OPENED_KEY]
        return dict(self._reading.execute(OPENED, (json.dumps(messages),)).fetchall()) if messages else {}

    def tell(self, told_to: Mapping[int, int], deliveries: Sequence[tuple[int, int]], *, at: int) -> None:
        """See the port."""
        with self._transaction():
            self._writing.executemany(_TELL, [(webhook, offset, at) for webhook, offset in deliveries])
            self._writing.executemany(_TOLD, [(offset, webhook, offset) for webhook, offset in told_to.items()])

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """See the port."""
        with self._transaction():
            self._writing.executemany(_SETTLE, [(*one[2:], one.webhook, one.offset) for one in deliveries])

    def disable(self, webhook: int, why: str, *, at: int) -> None:
        """See the port."""
        with self._transaction():
            self._writing.execute(_DISABLE, (why, at, webhook))
            self._writing.execute(_DROP, (at, why, webhook))

    def trim(self, *, before: int, keep: int, limit: int) -> int:
        """See the port."""
        with self._transaction():
            webhooks = [id for (id,) in self._writing.execute("SELECT id FROM webhooks")]
            return sum(self._trim(webhook, before, keep, limit) for webhook in webhooks)

    def _trim(self, webhook: int, before: int, keep: int, limit: int) -> int:
        last = self._writing.execute(KEPT, (webhook, keep)).fetchone()
        since = dict.fromkeys(ENDED, before) | ({"done": max(before, last[0] + 1)} if last else {})
        return sum(
            self._writing.execute(GONE, {"webhook": webhook, "state": state, "before": at, "limit": limit}).rowcount
            for state, at in since.items()
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._writing.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._writing.execute("COMMIT")
        except BaseException:
            if self._writing.in_transaction:
                self._writing.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """See the port."""
        self._reading.close()
        self._writing.close()


def _message(event: StoredEvent) -> str:
    """The delivery that it is about, "" for none."""
    return str(event.properties.get("message_id", ""))
