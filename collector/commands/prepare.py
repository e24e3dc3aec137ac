"""Is the data folder ready? Folder, secret, both files' schemas, the first site and its keys: made where missing."""

from collector.access.keys import First, ensure_first
from collector.access.secret import read_or_create
from collector.config import Settings
from collector.log.sqlite import SCHEMA
from collector.sqlite import migrate
from collector.store.sqlite.keys import SqliteKeys
from collector.store.sqlite.sites import SqliteSites
from collector.store.sqlite.work.store import MIGRATIONS


def prepare(settings: Settings, *, now: int) -> First:
    """Bring the folder up to date; returns what was made for the first time, keys among it. now: ms UTC.

    May be called at every start. Raises OSError, sqlite3.Error, SecretError, NewerSchema.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    read_or_create(settings.secret_path)
    migrate(settings.log_path, SCHEMA)
    migrate(settings.store_path, MIGRATIONS)
    ring = SqliteKeys(settings.store_path)
    try:
        return ensure_first(SqliteSites(settings.store_path), ring, settings, now=now)
    finally:
        ring.close()
