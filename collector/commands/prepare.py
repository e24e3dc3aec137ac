"""Is the data folder ready? Folder, secret, both files' schemas, the first site and its keys: made where missing."""

import sqlite3
from pathlib import Path

import typer

from collector.access.keys import First, ensure_first
from collector.access.secret import read_or_create
from collector.commands.terminal.options import settings_of
from collector.config import ConfigError, Settings
from collector.log.sqlite import SCHEMA
from collector.process.clock import clock_of
from collector.sqlite import NewerSchema, migrate
from collector.store.sqlite.definitions.keys import SqliteKeys
from collector.store.sqlite.definitions.sites import SqliteSites
from collector.store.sqlite.work.store import MIGRATIONS


def prepare(settings: Settings, *, now: int) -> First:
    """Bring the folder up to date; returns what was made for the first time, keys among it. now: ms UTC.

    May be called at every start. Raises ConfigError, OSError, sqlite3.Error, SecretError, NewerSchema.
    """
    make_folder(settings)
    read_or_create(settings.secret_path)
    upgrade(settings.log_path, SCHEMA)
    upgrade(settings.store_path, MIGRATIONS)
    ring = SqliteKeys(settings.store_path)
    try:
        return ensure_first(SqliteSites(settings.store_path), ring, settings, now=now)
    finally:
        ring.close()


def ready(data: Path | None) -> Settings:
    """The settings of a folder that is prepared, for the short commands; keys that this made are shown on stderr."""
    settings = settings_of(data=data)
    show_first(prepare(settings, now=clock_of(settings.data)()), settings, err=True)
    return settings


def make_folder(settings: Settings) -> None:
    """The data folder, for its owner only, where there is none. Raises ConfigError when there can be none."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        expected = f"a folder, or a place where one can be made ({error.strerror})"
        raise ConfigError("data", value=str(settings.data), source="the settings", expected=expected) from None


def upgrade(path: Path, folder: Path) -> list[int]:
    """As `collector/sqlite.py: migrate`; what it raises names the file."""
    try:
        return migrate(path, folder)
    except (sqlite3.Error, NewerSchema) as error:
        raise type(error)(f"{path}: {error}") from None


def show_first(first: First, settings: Settings, *, err: bool = False) -> None:
    """Print the keys that were made just now, for nobody can read them later. One that was given is its giver's.

    err: for commands whose output is something else.
    """
    if first.write_key:
        typer.echo(f"  write key (public, of the site default): {first.write_key}", err=err)
    if first.api_key and not settings.api_key:
        typer.echo(f"  API key (scope admin, shown this once): {first.api_key}", err=err)
