"""Which segments are there? The row, and the port that keeps them. Who is in them: `ports/segments.py`."""

from typing import Protocol

import msgspec

from sessionizer.segments.condition import Definition


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment as it is kept. Instants in ms UTC. archived_at: None while it is in use. paused_at: None while it is
    followed: of one that is paused the members stay as they were."""

    id: int
    name: str
    definition: Definition
    created_at: int
    modified_at: int
    archived_at: int | None = None
    paused_at: int | None = None


class SegmentChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes other; None stays. archived: whether it is put away, or taken back into use. paused: likewise."""

    name: str | None = None
    definition: Definition | None = None
    archived: bool | None = None
    paused: bool | None = None


class Segments(Protocol):
    """Segments of one deployment. Each write is a durable transaction of its own."""

    def all(self) -> list[Segment]:
        """Every segment, by id, archived ones too."""

    def create(self, name: str, definition: Definition, *, at: int) -> Segment:
        """A new one. Raises NameTaken (`definitions/lists.py`)."""

    def change(self, id: int, change: SegmentChange, *, at: int) -> Segment | None:
        """As it is afterwards; None when there is no such segment. Raises NameTaken."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
