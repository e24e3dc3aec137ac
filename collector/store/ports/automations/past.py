"""Who did something lately, and what is known of them? For a rehearsal: what would have been, had it been active."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from sessionizer.event import Kind
from sessionizer.segments.history import Person


class Past(Protocol):
    """Reads beside everybody else, on a connection of its own: for one question, in one thread."""

    def lately(self, kinds: Iterable[Kind], since: int) -> Iterator[int]:
        """Who, by now, had each such event at `since` (ms UTC) or later, the newest first: a contact once an event."""

    def persons(self, contacts: Sequence[int], kinds: Iterable[Kind]) -> list[Person]:
        """Survivors as they are known, with their events of these kinds; who is there no more is left out."""


Looking = Callable[[], AbstractContextManager[Past]]
"""Opens it, and closes it afterwards."""
