"""How many are in a segment? Whom it finds page by page: `ContactQuery.meets`. And do all who answer say the same?"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from collector.store.ports.contacts import Meets
from collector.store.ports.work import Question, Walk
from sessionizer.event import Kind
from sessionizer.segments.history import Person


class Sample(NamedTuple):
    """How many there are, and the ids of some of them, the newest first."""

    total: int
    ids: tuple[int, ...]


class Members(Protocol):
    """People by a condition, survivors only."""

    async def sample(self, meets: Meets, *, size: int) -> Sample:
        """How many meet it, and at most `size` of them, by one look. Raises QueryTooSlow, StoreFailed."""


class Executions(Protocol):
    """Who is in a segment as the worker keeps it, as the store finds it, and what the definition must know to say it.

    Reads beside the worker; what is asked within one `instant` is of one state of the store.
    """

    def instant(self) -> AbstractContextManager[None]:
        """The state of the store when it begins."""

    def questions(self) -> list[Question]:
        """Every segment, by id."""

    def walks(self) -> list[Walk]:
        """How far the worker is with each, by id."""

    def everybody(self) -> list[int]:
        """Survivors, by id."""

    def kept(self, segment: int) -> set[int]:
        """Who is in it, as the worker keeps it."""

    def found(self, meets: Meets) -> set[int]:
        """Who meets it, as the store finds them."""

    def persons(self, contacts: Sequence[int], kinds: Iterable[Kind]) -> list[Person]:
        """Survivors as they are known, with their events of these kinds; who is there no more is left out."""

    def unsettled(self, now: int) -> set[int]:
        """Of whom an edge is due by now (ms UTC), or an event is on its way to the log: the worker is not done."""
