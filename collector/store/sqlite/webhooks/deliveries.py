"""What was told to a webhook, and what became of it? (port: `ports/webhooks/deliveries.py`, Told)."""

from pathlib import Path
from typing import Any

from collector.event_id import unpack_id
from collector.store.ports.webhooks.deliveries import RECENT, Delivery, Health, Listed, State
from collector.store.sqlite.definitions.transaction import Reading, transaction

COLUMNS = "webhook, offset, state, due_at, tries, first_at, settled_at, status, reason, took_ms"
_OF = ", ".join(f"d.{name}" for name in COLUMNS.split(", "))
_LISTED = f"""SELECT {_OF}, e.id, coalesce(k.category || '/' || k.key, '')
  FROM webhook_deliveries d {{along}} LEFT JOIN events e ON e.offset = d.offset LEFT JOIN kinds k ON k.id = e.kind
  WHERE d.webhook = :webhook {{and_}} ORDER BY d.offset DESC LIMIT :limit"""
_BEFORE = "AND d.offset < coalesce(:before, 9223372036854775807)"
FIND = _LISTED.format(along="", and_=_BEFORE)
FIND_IN = _LISTED.format(along="INDEXED BY webhook_deliveries_state", and_=f"AND d.state = :state {_BEFORE}")
ONE = _LISTED.format(along="", and_="AND d.offset = :offset")
_SETTLED = "FROM webhook_deliveries INDEXED BY webhook_deliveries_settled WHERE settled_at IS NOT NULL"
HEALTH = f"""SELECT
  (SELECT count(*) FROM webhook_deliveries INDEXED BY webhook_deliveries_due
   WHERE webhook = :webhook AND state = 'waiting'),
  (SELECT count(*) {_SETTLED} AND webhook = :webhook AND state = 'failed' AND settled_at >= :since),
  (SELECT max(settled_at) {_SETTLED} AND webhook = :webhook AND state = 'done'),
  (SELECT max(settled_at) {_SETTLED} AND webhook = :webhook AND state = 'failed')"""
TOOK = f"""SELECT took_ms {_SETTLED} AND webhook = :webhook AND state = 'done'
  ORDER BY settled_at DESC LIMIT {RECENT}"""
_AGAIN = "UPDATE webhook_deliveries SET state = 'waiting', due_at = :at, tries = 0, first_at = NULL, settled_at = NULL"
AGAIN = f"{_AGAIN} WHERE webhook = :webhook AND offset = :offset AND state <> 'waiting'"
AGAIN_SINCE = f"{_AGAIN} WHERE webhook = :webhook AND state IN ('failed', 'dropped') AND settled_at >= :since"


class SqliteTold:
    """Deliveries of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def find(self, webhook: int, *, state: State | None, limit: int, before: int | None) -> list[Listed]:
        """See the port."""
        values = {"webhook": webhook, "state": state, "limit": limit, "before": before}
        return [_listed(row) for row in self._reading.rows(FIND_IN if state else FIND, values)]

    def one(self, webhook: int, offset: int) -> Listed | None:
        """See the port."""
        rows = self._reading.rows(ONE, {"webhook": webhook, "offset": offset, "limit": 1})
        return _listed(rows[0]) if rows else None

    def health(self, webhook: int, *, since: int) -> Health:
        """See the port."""
        ((waiting, failed, done_at, failed_at),) = self._reading.rows(HEALTH, {"webhook": webhook, "since": since})
        took = sorted(ms for (ms,) in self._reading.rows(TOOK, {"webhook": webhook}) if ms is not None)
        return Health(waiting, failed, done_at, failed_at, took[len(took) // 2] if took else None)

    def again(self, webhook: int, offset: int, *, at: int) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(AGAIN, {"webhook": webhook, "offset": offset, "at": at}).rowcount == 1

    def again_since(self, webhook: int, since: int, *, at: int) -> int:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(AGAIN_SINCE, {"webhook": webhook, "since": since, "at": at}).rowcount

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def _listed(row: tuple[Any, ...]) -> Listed:
    *columns, event, kind = row
    return Listed(Delivery(*columns), "" if event is None else unpack_id(event), kind)
