"""What do a team's own events carry? What was learned of them, and the two ports: who shows it, and the worker."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from sessionizer.event import Kind
from sessionizer.properties.learned import Shape

MAX_LEARNED = 10_000
"""Kinds of events: of those that come first."""


class Learned(Protocol):
    """What was learned, for whoever shows it."""

    async def all(self) -> dict[Kind, Shape]:
        """Every kind of which something was."""

    async def of(self, category: str, key: str) -> Shape | None:
        """One; None when nothing was learned of it."""


class LearnedKinds(Protocol):
    """What was learned, for the worker, within its transaction."""

    def load(self, kinds: Iterable[Kind]) -> dict[Kind, Shape]:
        """Those of them of which something was learned."""

    def save(self, shapes: Mapping[Kind, Shape]) -> None:
        """Keep them; of kinds that are new only as many as there is room for."""
