"""How is a definition written? In a short transaction on a connection of its own, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from collector.sqlite import connect
from collector.store.ports.store import StoreFailed


@contextmanager
def transaction(path: Path) -> Iterator[sqlite3.Connection]:
    """Commit at the end of the block (durable), roll back when it raises. Waits up to 5 s for another writer.

    Raises StoreFailed when the file is locked for longer, full, damaged or gone.
    """
    try:
        with closing(connect(path)) as connection:  # what is not committed when it closes is rolled back
            connection.execute("BEGIN IMMEDIATE")  # the wait is here; a later upgrade of the lock would fail at once
            yield connection
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreFailed(str(error)) from error
