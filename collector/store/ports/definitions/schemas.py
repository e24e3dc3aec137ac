"""Which schemas are pinned to events? The row, and the port that keeps them."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import msgspec

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


def misfit_message(reason: str, category: str, key: str) -> str:
    """What is said of an event that does not fit. It ends with the kind, by which its refusals are found again."""
    return f"{reason} (schema of {category}/{key})"


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
