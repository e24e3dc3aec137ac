"""Which schemas are pinned? Their rows in store.db (port: `ports/definitions/schemas.py`)."""

from pathlib import Path
from typing import Any

import msgspec

from collector.store.ports.definitions.schemas import MAX_PINNED, PinnedSchema
from collector.store.sqlite.definitions.transaction import Reading, transaction

ALL = "SELECT category, key, body, misfit, pinned_at FROM pinned_schemas ORDER BY category, key"

COUNT = "SELECT count(*) FROM pinned_schemas WHERE (category, key) <> (:category, :key)"
PIN = """
INSERT INTO pinned_schemas (category, key, body, misfit, pinned_at) VALUES (:category, :key, :body, :misfit, :pinned_at)
ON CONFLICT (category, key) DO UPDATE
  SET body = excluded.body, misfit = excluded.misfit, pinned_at = excluded.pinned_at"""
UNPIN = "DELETE FROM pinned_schemas WHERE category = ? AND key = ?"


class SqliteSchemas:
    """Pinned schemas of one store.db."""

    def __init__(self, path: Path, *, limit: int = MAX_PINNED) -> None:
        """path: of store.db, migrated. limit: how many are kept."""
        self._path, self._limit = path, limit
        self._reading = Reading(path)

    def version(self) -> int:
        """SQLite's own counter of commits by others, as this connection sees it."""
        return self._reading.version()

    def all(self) -> list[PinnedSchema]:
        """Every one, by category and key."""
        return [_pinned(row) for row in self._reading.rows(ALL)]

    def pin(self, pinned: PinnedSchema) -> bool:
        """Keep it in place of the one that was there; False when there are too many."""
        values = msgspec.structs.asdict(pinned) | {"body": msgspec.json.encode(pinned.schema).decode()}
        del values["schema"]
        with transaction(self._path) as connection:
            if connection.execute(COUNT, {"category": pinned.category, "key": pinned.key}).fetchone()[0] >= self._limit:
                return False
            connection.execute(PIN, values)
        return True

    def unpin(self, category: str, key: str) -> bool:
        """Forget it; False when there was none."""
        with transaction(self._path) as connection:
            return connection.execute(UNPIN, (category, key)).rowcount == 1

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()


def _pinned(row: tuple[Any, ...]) -> PinnedSchema:
    category, key, body, misfit, pinned_at = row
    schema = msgspec.json.decode(body)
    return PinnedSchema(category=category, key=key, schema=schema, misfit=misfit, pinned_at=pinned_at)
