"""What do custom events carry? `learned_kinds`, as the worker keeps it (the port: `LearnedKinds`)."""

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec

from collector.store.ports.learned import MAX_LEARNED
from sessionizer.event import Kind
from sessionizer.properties.learned import Shape

_COUNT = "SELECT count(*) FROM learned_kinds"
_LOAD = "SELECT body FROM learned_kinds WHERE category = ? AND key = ?"
_CHANGE = "UPDATE learned_kinds SET body = ? WHERE category = ? AND key = ?"
_ADD = "INSERT INTO learned_kinds (body, category, key) VALUES (?, ?, ?)"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Shape).decode


class SqliteLearnedKinds:
    """The port `LearnedKinds` on the worker's connection."""

    def __init__(self, connection: sqlite3.Connection, *, limit: int = MAX_LEARNED) -> None:
        """limit: kinds that are kept."""
        self._connection, self._limit = connection, limit

    def load(self, kinds: Iterable[Kind]) -> dict[Kind, Shape]:
        """See the port."""
        found = ((kind, self._connection.execute(_LOAD, kind).fetchone()) for kind in kinds)
        return {kind: _decode(row[0]) for kind, row in found if row is not None}

    def save(self, shapes: Mapping[Kind, Shape]) -> None:
        """See the port."""
        new = [
            kind
            for kind, shape in shapes.items()
            if not self._connection.execute(_CHANGE, (_encode(shape), *kind)).rowcount
        ]
        if new:
            room = self._limit - int(self._connection.execute(_COUNT).fetchone()[0])
            self._connection.executemany(_ADD, [(_encode(shapes[kind]), *kind) for kind in new[: max(room, 0)]])
