"""Which lists of contacts are there? The row, and the port that keeps them. Who is on them: `ports/contacts.py`."""

from collections.abc import Mapping
from typing import Protocol

import msgspec


class NameTaken(Exception):
    """There is one of that name."""


class ContactList(msgspec.Struct, frozen=True, kw_only=True):
    """A list. contacts: how many are on it, absorbed ones counted as their survivors. created_at: ms UTC."""

    id: int
    name: str
    folder: int
    created_at: int
    contacts: int


class Lists(Protocol):
    """Lists of one deployment."""

    def all(self) -> list[ContactList]:
        """Every list, by id."""

    def get(self, id: int) -> ContactList | None:
        """The list of that id; None when there is none."""

    def names(self) -> Mapping[int, str]:
        """The name of every list, by id; cheap, for nobody is counted."""

    def create(self, name: str, *, folder: int, at: int) -> ContactList:
        """A new one. Raises NameTaken."""

    def change(self, id: int, *, name: str | None, folder: int | None) -> ContactList | None:
        """As it is afterwards; None when there is no such list. Raises NameTaken."""

    def delete(self, id: int) -> bool:
        """Forget it, and who was on it; whether there was one."""

    def members(self, id: int, *, limit: int, after: int = 0) -> list[int]:
        """Contacts (survivors) on it with id > after, by id."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
