"""Which websites send events? Their rows in store.db (port: `ports/definitions/sites.py`)."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from collector.sqlite import connect
from collector.store.ports.definitions.keys import KeyDraft
from collector.store.ports.definitions.sites import Site, SiteChange, SiteDraft
from collector.store.sqlite.definitions.keys import insert_key
from collector.store.sqlite.definitions.transaction import transaction

ALL = "SELECT id, name, origins, consent, identify, created_at FROM sites ORDER BY id"

CREATE = """
INSERT INTO sites (name, origins, consent, identify, created_at)
VALUES (:name, :origins, :consent, :identify, :at)
RETURNING id, name, origins, consent, identify, created_at"""

CHANGE = """
UPDATE sites SET
  name = coalesce(:name, name), origins = coalesce(:origins, origins),
  consent = coalesce(:consent, consent), identify = coalesce(:identify, identify)
WHERE id = :id
RETURNING id, name, origins, consent, identify, created_at"""


class SqliteSites:
    """Sites of one store.db. Connections are opened for each call: these are rare."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path

    def all(self) -> list[Site]:
        """Every site, by id. Raises sqlite3.OperationalError when the file is not there."""
        connection = connect(self._path, readonly=True)
        try:
            return [_site(row) for row in connection.execute(ALL)]
        finally:
            connection.close()

    def create(self, draft: SiteDraft, *, write_key: str, at: int) -> Site:
        """Keep a new site together with its first write key, or neither. Raises KeyTaken."""
        with transaction(self._path) as connection:
            site = _site(connection.execute(CREATE, _bound(draft) | {"at": at}).fetchone())
            insert_key(connection, KeyDraft(text=write_key, scope="write_key", site=site.id), at=at)
        return site

    def change(self, id: int, change: SiteChange) -> Site | None:
        """The site as it is afterwards; None when there is no such site."""
        with transaction(self._path) as connection:
            row = connection.execute(CHANGE, _bound(change) | {"id": id}).fetchone()
        return None if row is None else _site(row)


def _bound(fields: SiteDraft | SiteChange) -> dict[str, Any]:
    origins = None if fields.origins is None else msgspec.json.encode(fields.origins).decode()
    return {"name": fields.name, "origins": origins, "consent": fields.consent, "identify": fields.identify}


def _site(row: sqlite3.Row | tuple[Any, ...]) -> Site:
    id, name, origins, consent, identify, created_at = row
    return Site(
        id=id,
        name=name,
        origins=msgspec.json.decode(origins, type=tuple[str, ...]),
        consent=consent,
        identify=identify,
        created_at=created_at,
    )
