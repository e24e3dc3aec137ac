"""Who wants to be told? Rows of store.db (port: `collector/store/ports/definitions/webhooks.py`)."""

from pathlib import Path
from typing import Any

import msgspec

from collector.store.ports.definitions.webhooks import MAX_WEBHOOKS, TooMany, Webhook, WebhookChange, Writing
from collector.store.sqlite.definitions.transaction import Reading, transaction

COLUMNS = "id, name, url, body, status, why, created_at, modified_at"
ALL = f"SELECT {COLUMNS} FROM webhooks ORDER BY id"
ONE = f"SELECT {COLUMNS} FROM webhooks WHERE id = ?"
COUNT = "SELECT count(*) FROM webhooks"
END = "(SELECT coalesce(max(offset), 0) FROM events)"
ADD = f"""INSERT INTO webhooks (name, url, body, status, why, told_to, created_at, modified_at)
  VALUES (?1, ?2, ?3, 'active', '', {END}, ?4, ?4) RETURNING {COLUMNS}"""
CHANGE = f"""UPDATE webhooks SET name = coalesce(:name, name), url = coalesce(:url, url), body = coalesce(:body, body),
  told_to = iif(:status = 'active' AND status = 'disabled', {END}, told_to),
  why = iif(:status IS NULL, why, ''), status = coalesce(:status, status), modified_at = :at
  WHERE id = :id RETURNING {COLUMNS}"""
REMOVE = "DELETE FROM webhooks WHERE id = ?"
FORGET = "DELETE FROM webhook_deliveries WHERE webhook = ?"

_writings = msgspec.json.Decoder(Writing)


class SqliteWebhooks:
    """Webhooks of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def all(self) -> list[Webhook]:
        """See the port."""
        return [webhook_of(row) for row in self._reading.rows(ALL)]

    def get(self, id: int) -> Webhook | None:
        """See the port."""
        rows = self._reading.rows(ONE, (id,))
        return webhook_of(rows[0]) if rows else None

    def add(self, name: str, url: str, writing: Writing, *, at: int) -> Webhook:
        """See the port."""
        with transaction(self._path) as connection:
            if connection.execute(COUNT).fetchone()[0] >= MAX_WEBHOOKS:
                raise TooMany
            return webhook_of(connection.execute(ADD, (name, url, _json(writing), at)).fetchone())

    def change(self, id: int, change: WebhookChange, *, at: int) -> Webhook | None:
        """See the port."""
        body = None if change.writing is None else _json(change.writing)
        values = {"id": id, "name": change.name, "url": change.url, "body": body, "status": change.status, "at": at}
        with transaction(self._path) as connection:
            row = connection.execute(CHANGE, values).fetchone()
            return None if row is None else webhook_of(row)

    def remove(self, id: int) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            connection.execute(FORGET, (id,))
            return connection.execute(REMOVE, (id,)).rowcount == 1

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def webhook_of(row: tuple[Any, ...]) -> Webhook:
    """A row of COLUMNS. Raises msgspec.ValidationError when its body is none."""
    id, name, url, body, status, why, created_at, modified_at = row
    return Webhook(
        id=id, name=name, url=url, writing=_writings.decode(body), status=status, why=why,
        created_at=created_at, modified_at=modified_at,
    )  # fmt: skip


def _json(writing: Writing) -> str:
    return msgspec.json.encode(writing).decode()
