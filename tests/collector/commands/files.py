"""How does a test spoil a deployment's files? As people, disks and other versions do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.log.sqlite import SCHEMA
from collector.sqlite import connect
from collector.store.sqlite.work.store import MIGRATIONS

FILES = ("log.db", "store.db")
UNKNOWN = 99
"""A schema that no version of this test's time knows."""


def newest(name: str) -> int:
    """The schema that the code of today gives to a file."""
    folder = {"log.db": SCHEMA, "store.db": MIGRATIONS}[name]
    return max(int(script.stem) for script in folder.glob("[0-9]*.sql"))


def set_schema(path: Path, number: int) -> None:
    """As if another version of Sentiero had written the file."""
    connection = connect(path)
    connection.execute(f"PRAGMA user_version = {number}")
    connection.close()


def newer(path: Path) -> None:
    """A newer Sentiero has been here."""
    set_schema(path, UNKNOWN)


def garbage(path: Path) -> None:
    """Somebody has written over it."""
    path.write_bytes(b"\xa5" + os.urandom(20_000))


def folder(path: Path) -> None:
    """A mount that went wrong makes a folder of the name of a file."""
    path.unlink()
    path.mkdir()


def damage(path: Path) -> None:
    """One page inside is not what it was: the root of the last table or index. The head is whole, so that it opens."""
    connection = connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    page = connection.execute("SELECT max(rootpage) FROM sqlite_schema").fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's write lock, as a backup tool or a careless shell would."""
    connection = connect(path)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def contents(path: Path) -> dict[str, bytes]:
    """Every file in a folder, or the file alone, but SQLite's shared memory, which holds nothing."""
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    return {each.name: each.read_bytes() for each in paths if not each.name.endswith("-shm")}
