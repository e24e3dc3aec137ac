"""What do events carry? What was learned of a team's own, the schemas that were pinned; the ports that keep both."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

import msgspec

from sessionizer.event import Kind
from sessionizer.properties.learned import Shape

MAX_LEARNED = 10_000
"""Kinds of events: of those that come first."""
MAX_PINNED = 1_000

OnMisfit = Literal["reject", "flag"]
"""What becomes of an event that does not fit: it is refused, or taken with a warning."""


class PinnedSchema(msgspec.Struct, frozen=True, kw_only=True):
    """A schema that the properties of one kind of event are held to. pinned_at: ms UTC."""

    category: str
    key: str
    schema: Mapping[str, Any]
    misfit: OnMisfit
    pinned_at: int


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


class Schemas(Protocol):
    """Definitions: few rows. Each write is one durable transaction of its own."""

    def version(self) -> int:
        """Differs from the last answer when another connection has committed anything since."""

    def all(self) -> list[PinnedSchema]:
        """Every one, by category and key."""

    def pin(self, pinned: PinnedSchema) -> bool:
        """Keep it in place of the one that was there; False when there are too many."""

    def unpin(self, category: str, key: str) -> bool:
        """Forget it; False when there was none."""

    def close(self) -> None:
        """Let go of what `version` holds open."""
