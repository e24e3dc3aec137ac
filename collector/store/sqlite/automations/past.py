"""Who did something lately, and what is known of them? Events, the newest first, of a kind (port: `…/past.py`)."""

import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from collector.store.sqlite.body import BOT, SUPERSEDED
from collector.store.sqlite.segments.executions import SqliteExecutions, opened
from collector.store.sqlite.segments.survivors import SURVIVOR
from sessionizer.event import Kind
from sessionizer.segments.history import Person

KINDS = "SELECT id FROM kinds WHERE (category, key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))"
LATELY = f"""SELECT e.at, {SURVIVOR.format("e.contact")} FROM events e INDEXED BY events_kind
  WHERE e.kind = ? AND e.at >= ? AND NOT e.flags & {SUPERSEDED | BOT} AND e.contact IS NOT NULL ORDER BY e.at DESC"""


class SqlitePast:
    """Implements `ports.automations.past.Past` on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated; opened for reading only."""
        self._connection, self._executions = opened(path), SqliteExecutions(path)

    def lately(self, kinds: Iterable[Kind], since: int) -> Iterator[int]:
        """See the port."""
        ids = [id for (id,) in self._connection.execute(KINDS, (json.dumps(list(kinds)),))]
        rows = [self._connection.execute(LATELY, (id, since)) for id in ids]
        for _, contact in heapq.merge(*rows, reverse=True):
            yield contact

    def persons(self, contacts: Sequence[int], kinds: Iterable[Kind]) -> list[Person]:
        """See the port."""
        return self._executions.persons(contacts, kinds)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        self._executions.close()
