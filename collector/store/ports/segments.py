"""Who is in a segment? Asked of the rows at this moment, or as the worker keeps it while events and time go by.

Whom a question finds page by page: `ContactQuery.meets`; of those who are kept: `ContactQuery.segment`. And do all who
answer say the same (`Executions`)?
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

from collector.store.ports.contacts import Meets
from collector.store.ports.work import Question, Walk
from sessionizer.event import Kind
from sessionizer.segments.history import Person

Why = Literal["event", "time", "known", "created", "edited", "resumed"]
"""By what somebody came or went: something that happened, an edge of a window, what was told of them, the segment."""


class Sample(NamedTuple):
    """How many there are, and the ids of some of them, the newest first. both: how many are kept in another segment."""

    total: int
    ids: tuple[int, ...]
    both: int = 0


class Progress(NamedTuple):
    """How far the worker is with asking a segment of all contacts: `asked` of `of`, by their numbers.

    question: hash of what it asks. since: followed since then, ms UTC. stopped: it is not followed any more, and who is
    in it stays as it was.
    """

    question: bytes
    since: int
    asked: int
    of: int
    stopped: bool

    @property
    def is_done(self) -> bool:
        """Whether everybody was asked."""
        return self.asked >= self.of


class Stay(NamedTuple):
    """Somebody is in a segment. contact: a survivor. since: ms UTC."""

    segment: int
    contact: int
    since: int


class Place(NamedTuple):
    """Where a history goes on: behind this line. contact: as it was recorded."""

    at: int
    contact: int
    entered: bool


class Passage(NamedTuple):
    """Somebody came or went. contact: who they are by now. cause: id of the event by which, "" without one.

    place: of this line.
    """

    contact: int
    why: Why
    cause: str
    place: Place


class Members(Protocol):
    """People by a condition, survivors only; and those who are kept as members."""

    async def sample(self, meets: Meets, *, size: int, beside: int = 0) -> Sample:
        """How many meet it, and at most `size` of them, by one look. beside: id of the segment that `both` is about.
        Raises QueryTooSlow, StoreFailed."""

    async def progress(self, segments: Sequence[int]) -> Mapping[int, Progress]:
        """How far each is; those that the worker has not seen yet are not there."""

    async def count(self, segments: Sequence[int]) -> Mapping[int, int]:
        """How many are kept in each."""

    async def page(self, segment: int, *, limit: int, before: int | None = None) -> list[Stay]:
        """At most `limit` of those who are kept, with contact < before, the newest contact first."""

    async def of_contact(self, contact: int) -> list[Stay]:
        """The segments in which a survivor is kept, by id."""

    async def history(
        self, segment: int, *, limit: int, before: Place | None = None, contacts: Sequence[int] = ()
    ) -> list[Passage]:
        """At most `limit` of its lines, the newest first. contacts: as recorded; those of these only."""

    async def sizes(self, segment: int, ends: Sequence[int]) -> list[int]:
        """How many were in it just before each of these instants (ms UTC, in order): its size now, and its history."""


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
