"""Which events does the store have already? Asked by an import before it sends them again."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from collector.event_id import pack_id, unpack_id
from collector.sqlite import connect

TOGETHER = 500
"""Ids a statement, as in `histories.py`."""


class Named(Protocol):
    """What an event is known by; an entry of the log, for one. occurred_at: ms UTC."""

    @property
    def id(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def occurred_at(self) -> int: ...


_There = tuple[str, str, str, int]
"""The same, as the store has it."""


class SqliteKnown:
    """Reads store.db beside the worker."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._connection: sqlite3.Connection = connect(path, readonly=True)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def among(self, events: Sequence[Named]) -> set[str]:
        """The ids of those that are there, whichever door they came by: the same id, kind and instant."""
        found = set[str]()
        for start in range(0, len(events), TOGETHER):
            chunk = events[start : start + TOGETHER]
            if there := set(self._rows([event.id for event in chunk])):
                found.update(e.id for e in chunk if (e.id, e.category, e.key, e.occurred_at) in there)
        return found

    def _rows(self, ids: Sequence[str]) -> Iterator[_There]:
        marks = ", ".join("?" * len(ids))
        rows = self._connection.execute(
            f"SELECT e.id, k.category, k.key, e.at FROM events e JOIN kinds k ON k.id = e.kind WHERE e.id IN ({marks})",
            [pack_id(id) for id in ids],
        )
        return ((unpack_id(id), category, key, at) for id, category, key, at in rows)
