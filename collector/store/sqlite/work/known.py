"""Which events does the store have already? Asked by an import before it sends them again."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from collector.event_id import pack_id, unpack_id
from collector.sqlite import connect

TOGETHER = 500
"""Ids a statement, as in `histories.py`."""

Named = tuple[str, str, str, int]
"""id, category, key, at (ms UTC)."""


class SqliteKnown:
    """Reads store.db beside the worker."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._connection: sqlite3.Connection = connect(path, readonly=True)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def among(self, events: Iterable[Named]) -> set[str]:
        """The ids of those that are there, whichever door they came by: the same id, kind and instant."""
        waiting, found = iter(events), set[str]()
        while chunk := list(islice(waiting, TOGETHER)):
            there = set(self._rows([event[0] for event in chunk]))
            if there:
                found.update(event[0] for event in chunk if event in there)
        return found

    def _rows(self, ids: Sequence[str]) -> Iterator[Named]:
        marks = ", ".join("?" * len(ids))
        rows = self._connection.execute(
            f"SELECT e.id, k.category, k.key, e.at FROM events e JOIN kinds k ON k.id = e.kind WHERE e.id IN ({marks})",
            [pack_id(id) for id in ids],
        )
        return ((unpack_id(id), category, key, at) for id, category, key, at in rows)
