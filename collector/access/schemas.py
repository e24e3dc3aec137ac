"""Which schemas are events held to? A table in memory of those that a team has pinned.

It follows the store within the interval at which the process calls `refresh` (≤ 500 ms), as keys do (`keys.py`). Where
nothing is pinned it is empty, and costs the way in nothing.
"""

from collections.abc import Mapping

from collector.store.ports.definitions.schemas import PinnedSchema, Schemas
from sessionizer.event import Kind


class Pinned:
    """Looks up schemas without touching the disk. One a process; `refresh` may run in another thread."""

    def __init__(self, schemas: Schemas) -> None:
        """schemas: where they are kept, and written by `api`. Call `refresh` before the first use."""
        self.schemas = schemas
        self._version: int | None = None
        self.by_kind: Mapping[Kind, PinnedSchema] = {}

    def refresh(self) -> bool:
        """Read them again if the store has changed; whether it had. If the store raises, the old ones stay."""
        version = self.schemas.version()
        if version == self._version:
            return False
        self.reload()
        self._version = version
        return True

    def reload(self) -> None:
        """Read them now: after an own write, so that the next request sees it."""
        self.by_kind = {(pinned.category, pinned.key): pinned for pinned in self.schemas.all()}
