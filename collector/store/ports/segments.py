"""How many are in a segment? Whom it finds page by page: `ContactQuery.meets`."""

from typing import NamedTuple, Protocol

from collector.store.ports.contacts import Meets


class Sample(NamedTuple):
    """How many there are, and the ids of some of them, the newest first."""

    total: int
    ids: tuple[int, ...]


class Members(Protocol):
    """People by a condition, survivors only."""

    async def sample(self, meets: Meets, *, size: int) -> Sample:
        """How many meet it, and at most `size` of them, by one look. Raises QueryTooSlow, StoreFailed."""
