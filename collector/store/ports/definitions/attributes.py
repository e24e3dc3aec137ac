"""Which attributes of contacts have a type? The row, and the port that keeps them. Others may hold anything plain."""

from typing import Literal, Protocol

import msgspec

AttributeType = Literal["text", "number", "date", "boolean", "list"]


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute that a team has defined. name: as it is written. created_at: ms UTC."""

    name: str
    type: AttributeType
    created_at: int


class Attributes(Protocol):
    """Attributes of one deployment."""

    def all(self) -> list[Attribute]:
        """Every one, by name."""

    def create(self, name: str, type: AttributeType, *, at: int) -> Attribute | None:
        """A new one; None when there is one of that name."""

    def delete(self, name: str) -> bool:
        """It may hold anything from now on; whether there was one."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
