"""At which addresses may providers tell us something? Rows of store.db (port: `ports/definitions/sources.py`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from collector.store.ports.definitions.sources import (
    KEPT_PAYLOADS,
    MAX_SOURCES,
    NameTaken,
    Payload,
    Source,
    TooManySources,
)
from collector.store.sqlite.definitions.transaction import Reading, transaction

COLUMNS = "name, provider, mapping, secrets, paused, created_at, modified_at"
ALL = f"SELECT {COLUMNS} FROM hook_sources ORDER BY name"
ONE = f"SELECT {COLUMNS} FROM hook_sources WHERE name = ?"
COUNT = "SELECT count(*) FROM hook_sources"
ADD = f"INSERT INTO hook_sources ({COLUMNS}) VALUES (:name, :provider, :mapping, :secrets, :paused, :created_at, :at)"
CHANGE = """UPDATE hook_sources SET provider = :provider, mapping = :mapping, secrets = :secrets, paused = :paused,
  modified_at = :at WHERE name = :name"""
REMOVE = ("DELETE FROM hook_sources WHERE name = ?", "DELETE FROM hook_payloads WHERE source = ?")

PAYLOADS = "SELECT source, at, headers, body, says FROM hook_payloads WHERE source = ? ORDER BY slot DESC LIMIT ?"
KEEP = """INSERT INTO hook_payloads (source, slot, at, headers, body, says)
  SELECT :source, (SELECT coalesce(max(slot), 0) + 1 FROM hook_payloads WHERE source = :source),
         :at, :headers, :body, :says
  WHERE EXISTS (SELECT 1 FROM hook_sources WHERE name = :source AND forgot_at < :at)"""
FORGET = f"""DELETE FROM hook_payloads
  WHERE source = :source AND slot <= (SELECT max(slot) - {KEPT_PAYLOADS} FROM hook_payloads WHERE source = :source)"""


class SqliteSources:
    """Sources of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def version(self) -> int:
        """See the port."""
        return self._reading.version()

    def all(self) -> list[Source]:
        """See the port."""
        return [_source(row) for row in self._reading.rows(ALL)]

    def get(self, name: str) -> Source | None:
        """See the port."""
        rows = self._reading.rows(ONE, (name,))
        return _source(rows[0]) if rows else None

    def add(self, source: Source) -> None:
        """See the port."""
        with transaction(self._path) as connection:
            if connection.execute(ONE, (source.name,)).fetchone():
                raise NameTaken
            if connection.execute(COUNT).fetchone()[0] >= MAX_SOURCES:
                raise TooManySources
            connection.execute(ADD, _values(source))

    def change(self, source: Source) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(CHANGE, _values(source)).rowcount == 1

    def remove(self, name: str) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            removed = [connection.execute(statement, (name,)).rowcount for statement in REMOVE]
        return removed[0] == 1

    def keep(self, payloads: Sequence[Payload]) -> None:
        """See the port."""
        with transaction(self._path) as connection:
            for payload in payloads:
                connection.execute(KEEP, _row(payload))
                connection.execute(FORGET, {"source": payload.source})

    def payloads(self, name: str, *, limit: int = KEPT_PAYLOADS) -> list[Payload]:
        """See the port."""
        return [_payload(row) for row in self._reading.rows(PAYLOADS, (name, limit))]

    def close(self) -> None:
        """See the port."""
        self._reading.close()


def _values(source: Source) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(source),
        "mapping": source.mapping or None,
        "secrets": msgspec.json.encode(source.secrets).decode(),
        "at": source.modified_at,
    }


def _source(row: tuple[Any, ...]) -> Source:
    name, provider, mapping, secrets, paused, created_at, modified_at = row
    return Source(
        name=name,
        provider=provider,
        mapping=mapping or "",
        secrets=tuple(msgspec.json.decode(secrets)),
        paused=bool(paused),
        created_at=created_at,
        modified_at=modified_at,
    )


def _row(payload: Payload) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(payload),
        "headers": msgspec.json.encode(payload.headers).decode(),
        "says": msgspec.json.encode(payload.says).decode(),
    }


def _payload(row: tuple[Any, ...]) -> Payload:
    source, at, headers, body, says = row
    return Payload(
        source=source, at=at, headers=msgspec.json.decode(headers), body=body, says=msgspec.json.decode(says)
    )
