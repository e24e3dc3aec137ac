"""Who is to be erased? The row, and the port through which it is asked for. The worker carries it out."""

from typing import Protocol

import msgspec


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """A request. contact: as it was asked for. asked_at, done_at: ms UTC; done_at None while it is under way."""

    id: str
    contact: int
    asked_at: int
    done_at: int | None = None


class Erasures(Protocol):
    """Erasures of one deployment."""

    def ask(self, contact: int, *, at: int) -> Erasure:
        """Let the contact, with whomever it was joined to, be erased; what was asked already is asked once."""

    def under_way(self, contact: int) -> Erasure | None:
        """The one that was asked for and is not done."""

    def get(self, id: str) -> Erasure | None:
        """That one."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
