"""Who uses the console, and in which browsers are they logged in? The rows, and the port that keeps them."""

from typing import Literal, Protocol

import msgspec

Role = Literal["viewer", "editor", "admin"]
"""Each may do what those before it may. viewer: read; editor: also definitions; admin: also keys and users."""

LoginKind = Literal["browser", "link"]


class NameTaken(Exception):
    """There is a user of that name already."""


class LastAdmin(Exception):
    """Nobody would be left who may change keys and users."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person. password: Argon2id, "" when none was chosen yet. Instants in ms UTC."""

    id: int
    name: str
    role: Role
    password: str
    created_at: int
    disabled_at: int | None = None


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """What lets somebody in: a browser's cookie, or a link that works once. hash: SHA-256 of its secret."""

    hash: bytes
    kind: LoginKind
    user: int
    created_at: int
    expires_at: int


class Users(Protocol):
    """Few rows. Each write is one durable transaction of its own."""

    def version(self) -> int:
        """Differs from the last answer when another connection has committed anything since."""

    def all(self) -> list[User]:
        """Every user, also the disabled, by id."""

    def logins(self, now: int) -> list[Login]:
        """What still lets in at `now`, ms UTC."""

    def add(self, name: str, role: Role, *, password: str, at: int) -> User:
        """A new user. password: hashed. Raises NameTaken."""

    def change(self, id: int, *, password: str | None = None, role: Role | None = None, off: int | None = None) -> bool:
        """What is given changes; False: no such user. off: disabled at that instant, 0 enables again.

        Who is disabled or has a new password is logged out everywhere, links included. Raises LastAdmin when no admin
        with a password would be left who is not disabled.
        """

    def enter(self, login: Login) -> None:
        """Keep a login; what has expired by its beginning is deleted."""

    def leave(self, hash: bytes = b"", *, user: int = 0) -> bool:
        """End that login, or every one of that user; False when there is none (a link that was used)."""

    def close(self) -> None:
        """Let go of what `version` holds open."""
