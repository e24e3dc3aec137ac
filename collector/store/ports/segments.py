"""Who is in a segment? The question to the store: whose answer is `sessionizer/segments/evaluate.py` for everybody."""

from typing import Protocol

from sessionizer.segments.condition import Condition
from sessionizer.segments.history import Moment


class Members(Protocol):
    """People by a condition, survivors only. Raise QueryTooSlow, StoreFailed."""

    async def count(self, condition: Condition, moment: Moment) -> int:
        """How many meet it at that moment."""

    async def find(self, condition: Condition, moment: Moment, *, limit: int, after: int = 0) -> list[int]:
        """The ids of at most `limit` of them behind `after`, by id."""
