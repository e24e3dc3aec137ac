"""What do custom events carry? `learned_kinds`, as those read it who show it (the port: `ports/learned.py`)."""

import msgspec

from collector.store.sqlite.readers import Readers
from sessionizer.event import Kind
from sessionizer.properties.learned import Shape

ONE = "SELECT body FROM learned_kinds WHERE category = :category AND key = :key"
ALL = "SELECT category, key, body FROM learned_kinds ORDER BY category, key"

_decode = msgspec.msgpack.Decoder(Shape).decode


class SqliteLearned:
    """The port `Learned` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections to store.db."""
        self._readers = readers

    async def all(self) -> dict[Kind, Shape]:
        """See the port."""
        return {(category, key): _decode(body) for category, key, body in await self._readers.fetch(ALL)}

    async def of(self, category: str, key: str) -> Shape | None:
        """See the port."""
        body = await self._readers.value(ONE, {"category": category, "key": key})
        return None if body is None else _decode(body)
