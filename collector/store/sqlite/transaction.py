"""How is a definition written? In a short transaction on a connection of its own, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.sqlite import connect


@contextmanager
def transaction(path: Path) -> Iterator[sqlite3.Connection]:
    """Commit at the end of the block (durable), roll back when it raises. Waits up to 5 s for another writer."""
    connection = connect(path)
    try:
        connection.execute("BEGIN IMMEDIATE")  # the wait is here; a later upgrade of the lock would fail at once
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()  # what was not committed is rolled back
