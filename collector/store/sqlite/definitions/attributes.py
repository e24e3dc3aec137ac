"""Which attributes of contacts have a type? Rows in store.db (port: `ports/definitions/attributes.py`)."""

from pathlib import Path

from collector.store.ports.definitions.attributes import Attribute, AttributeType
from collector.store.sqlite.definitions.transaction import Reading, transaction


class SqliteAttributes:
    """Implements the port on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def all(self) -> list[Attribute]:
        """See the port."""
        rows = self._reading.rows("SELECT name, type, created_at FROM attributes ORDER BY name")
        return [Attribute(name=name, type=type, created_at=at) for name, type, at in rows]

    def create(self, name: str, type: AttributeType, *, at: int) -> Attribute | None:
        """See the port."""
        with transaction(self._path) as connection:
            made = connection.execute("INSERT OR IGNORE INTO attributes VALUES (?, ?, ?)", (name, type, at)).rowcount
        return Attribute(name=name, type=type, created_at=at) if made else None

    def delete(self, name: str) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute("DELETE FROM attributes WHERE name = ?", (name,)).rowcount == 1

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()
