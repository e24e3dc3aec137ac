"""Who wants to be told? Rows of store.db (port: `collector/store/ports/definitions/webhooks.py`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from collector.store.ports.definitions.webhooks import MAX_WEBHOOKS, TooMany, Type, Webhook
from collector.store.sqlite.definitions.transaction import Reading, transaction

COLUMNS = "id, type, body, created_at, modified_at"
ALL = f"SELECT {COLUMNS} FROM webhooks ORDER BY id"
ONE = f"SELECT {COLUMNS} FROM webhooks WHERE id = ?"
COUNT = "SELECT count(*) FROM webhooks"
ADD = "INSERT INTO webhooks (type, body, created_at, modified_at) VALUES (:type, :body, :at, :at) RETURNING id"
CHANGE = "UPDATE webhooks SET body = json_patch(body, :body), modified_at = :at WHERE id = :id"
REMOVE = "DELETE FROM webhooks WHERE id = ?"


class SqliteWebhooks:
    """Webhooks of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def all(self) -> list[Webhook]:
        """See the port."""
        return [_webhook(row) for row in self._reading.rows(ALL)]

    def get(self, id: int) -> Webhook | None:
        """See the port."""
        rows = self._reading.rows(ONE, (id,))
        return _webhook(rows[0]) if rows else None

    def add(self, type: Type, body: Mapping[str, Any], *, at: int) -> int:
        """See the port."""
        with transaction(self._path) as connection:
            if connection.execute(COUNT).fetchone()[0] >= MAX_WEBHOOKS:
                raise TooMany
            (id,) = connection.execute(ADD, {"type": type, "body": _json(body), "at": at}).fetchone()
        return int(id)

    def change(self, id: int, body: Mapping[str, Any], *, at: int) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(CHANGE, {"id": id, "body": _json(body), "at": at}).rowcount == 1

    def remove(self, id: int) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(REMOVE, (id,)).rowcount == 1

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def _json(body: Mapping[str, Any]) -> str:
    return msgspec.json.encode(body).decode()


def _webhook(row: tuple[Any, ...]) -> Webhook:
    id, type, body, created_at, modified_at = row
    return Webhook(id=id, type=type, body=msgspec.json.decode(body), created_at=created_at, modified_at=modified_at)
