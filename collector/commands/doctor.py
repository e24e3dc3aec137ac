"""`sentiero doctor`: is this deployment well? Each check says what it found and, when it is ill, what to do."""

import asyncio
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import typer

from collector.access.secret import SecretError, read
from collector.commands.terminal.options import DataOption, JsonOption, settings_of
from collector.config import ConfigError, Settings
from collector.delivery.accounts import smtp_accounts
from collector.delivery.channels import channels
from collector.delivery.mail.sender_check import Record, check_sender
from collector.log.sqlite import SCHEMA
from collector.sqlite import connect, verdict_on
from collector.store.sqlite.work.store import MIGRATIONS

LEAST_FREE_BYTES = 500 * 1024 * 1024
MOST_BACKLOG = 100_000
YEAR_2024_S = 1_704_067_200


class Finding(NamedTuple):
    """What a check found. well: nothing to do; else `says` tells what to do."""

    check: str
    well: bool
    says: str


def doctor(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check folder, disk, files, schemas, clock, backlog and what sends. Exits with 1 when something is ill."""
    findings = list(examine(settings_of(data=data)))
    if as_json:
        typer.echo(json.dumps([finding._asdict() for finding in findings]))
    else:
        for finding in findings:
            typer.echo(f"{'ok ' if finding.well else 'ILL'}  {finding.check}: {finding.says}")
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check, in order; later ones are left out when the folder is not there."""
    yield Finding("versions", True, f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
    yield Finding("clock", time.time() > YEAR_2024_S, "is of this decade" if time.time() > YEAR_2024_S else "set it")
    if not settings.data.is_dir():
        yield Finding("folder", False, f"{settings.data} is not there: run `sentiero init`")
        return
    yield from (check(settings) for check in (_folder, _disk, _secret))
    for path, folder in ((settings.log_path, SCHEMA), (settings.store_path, MIGRATIONS)):
        yield _guarded(path.name, partial(_file, path, folder))
    yield _guarded("backlog", lambda: _backlog(settings))
    yield from _delivery(settings)


def _folder(settings: Settings) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=settings.data):  # whoever is root is always told that he may
            return Finding("folder", True, str(settings.data))
    except OSError as error:
        return Finding("folder", False, f"{settings.data} cannot be written ({error.strerror}): whose is it?")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data).free
    says = f"{free // 1024**2} MiB free"
    return Finding("disk", free >= LEAST_FREE_BYTES, says if free >= LEAST_FREE_BYTES else f"{says}: make room")


def _secret(settings: Settings) -> Finding:
    try:
        read(settings.secret_path)
    except (FileNotFoundError, SecretError) as error:
        return Finding("secret", False, f"{error}: `sentiero init` makes one where none is")
    is_open = settings.secret_path.stat().st_mode & 0o077
    return Finding("secret", not is_open, "others can read it: chmod 600" if is_open else "readable by its owner only")


def _file(path: Path, folder: Path) -> Finding:
    name, verdict, connection = path.name, verdict_on(path), connect(path, readonly=True)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    finally:
        connection.close()
    newest = max(int(script.stem) for script in folder.glob("[0-9]*.sql"))
    if verdict != "ok":
        return Finding(name, False, f"damaged ({verdict}): restore a backup")
    if version > newest:
        return Finding(name, False, f"schema {version}, this version knows {newest}: install a newer Sentiero")
    if version < newest:
        return Finding(name, False, f"schema {version}, this version has {newest}: run `sentiero migrate`")
    return Finding(name, True, f"sound, schema {version}")


def _backlog(settings: Settings) -> Finding:
    log, store = connect(settings.log_path, readonly=True), connect(settings.store_path, readonly=True)
    try:
        end = log.execute("SELECT coalesce(max(offset), 0) FROM log").fetchone()[0]
        done = store.execute("SELECT coalesce(max(offset), 0) FROM positions").fetchone()[0]
    finally:
        log.close()
        store.close()
    waiting = end - done
    says = f"{waiting} rows of the log wait for the worker"
    return Finding("backlog", waiting <= MOST_BACKLOG, says if waiting <= MOST_BACKLOG else f"{says}: is it running?")


def _delivery(settings: Settings) -> Iterator[Finding]:
    """Nothing of what is not set up."""
    try:
        senders = {(account.sender.rpartition("@")[2], account.dkim_selector) for account in smtp_accounts(settings)}
        ways = sorted(channels(settings).keys() - {"webhook"})  # which needs nothing that could be wrong
    except ConfigError as error:
        yield Finding("delivery", False, str(error))
        return
    if ways:
        yield Finding("delivery", True, f"{', '.join(ways)} can be sent")
    if settings.bounce_listen and not settings.bounce_address:
        yield Finding("bounces", False, "bounce_listen is set and bounce_address is not: to whom do they come?")
    for domain, record in asyncio.run(_records(sorted(senders))):
        yield Finding(f"{record.name} of {domain}", record.well is not False, record.says)


async def _records(senders: list[tuple[str, str]]) -> list[tuple[str, Record]]:
    """All at once: they are all answered, or given up, within five seconds."""
    found = await asyncio.gather(*(check_sender(domain, selector) for domain, selector in senders))
    return [(domain, record) for (domain, _), records in zip(senders, found, strict=True) for record in records]


def _guarded(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except sqlite3.Error as error:
        return Finding(name, False, f"cannot be read ({error}): `sentiero init` makes it, a backup restores it")
