"""How are the SQLite files opened and brought up to date? The same way for the log and the store.

Writes: the file's schema, by numbered `.sql` files in a folder; `PRAGMA user_version` is the number of the last one.
"""

import sqlite3
from pathlib import Path

BUSY_MS = 5_000
EMPTYING_MS = 20
STATEMENTS_KEPT = 512
WAL_KEEP_BYTES = 64 * 1024 * 1024


Blob = bytearray
"""What is bound as bytes where it is often: of any other type `sqlite3` asks, each time, whether it can be adapted."""


class NewerSchema(Exception):
    """The file was written by a newer Sentiero than this one: nothing is touched."""


def connect(path: Path, *, readonly: bool = False, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """Open `path` with explicit transactions (isolation_level None), WAL and synchronous=FULL.

    readonly: the file must exist, every write is refused. Raises sqlite3.OperationalError when it cannot be opened.
    """
    mode = "ro" if readonly else "rwc"
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS_KEPT,
    )
    connection.execute(f"PRAGMA busy_timeout = {busy_ms}")
    if readonly:
        connection.execute("PRAGMA query_only = ON")
        return connection
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what is moved or replaced today must not outlive an erasure
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEEP_BYTES}")
    return connection


def migrate(path: Path, folder: Path) -> list[int]:
    """Apply what is missing of `folder`'s `NNNN.sql` to the file, each in its own transaction; returns their numbers.

    Two processes may call it at once: the second waits and finds nothing to do. Raises NewerSchema when the file knows
    more than the folder does.
    """
    scripts = {int(script.stem): script for script in folder.glob("[0-9]*.sql")}
    if path.is_file():
        _refuse_newer(path, max(scripts))
    connection = connect(path)
    try:
        return [number for number in sorted(scripts) if _apply(connection, number, scripts[number])]
    finally:
        connection.close()


def _refuse_newer(path: Path, newest: int) -> None:
    """Before anything is written, also the journal's mode."""
    connection = connect(path, readonly=True)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    finally:
        connection.close()
    if version > newest:
        raise NewerSchema(f"schema {version} is newer than {newest}, the newest that this version knows")


def empty_wal(connection: sqlite3.Connection) -> bool:
    """Move all that the WAL holds into the file, and empty it: what was overwritten is nowhere any more.

    Whether that could be done now: whoever reads an older state keeps it from it. Others wait for at most some ms.
    """
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()  # most of it, without keeping any writer out
    connection.execute(f"PRAGMA busy_timeout = {EMPTYING_MS}")
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return not busy


def verdict_on(path: Path) -> str:
    """ "ok", or what is damaged in the file. Reads all of it: a second for 300 MB. Raises sqlite3.Error."""
    connection = connect(path, readonly=True)
    try:
        return " ".join(str(connection.execute("PRAGMA quick_check(1)").fetchone()[0]).split())
    finally:
        connection.close()


def _apply(connection: sqlite3.Connection, number: int, script: Path) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < number:
            for statement in _statements(script.read_text(encoding="utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return int(version) < number


def _statements(script: str) -> list[str]:
    """The script's statements, one by one: `executescript` would commit before it begins."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
