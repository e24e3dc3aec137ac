"""Which keys were given out? The row, what a new one looks like, and the port that keeps them."""

import hashlib
from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

Scope = Literal["write_key", "read", "write", "admin"]
"""`write_key`: public, of one site, for ingestion only. The others: secret; each includes the one before it."""

SHOWN_CHARACTERS = 8


class KeyTaken(Exception):
    """The key exists already, perhaps revoked."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key as it is kept. Instants in ms UTC.

    site: of a write key, else None. hash: SHA-256 of the key. shown: a write key whole (it stands in every page's
    source), of a secret key its first characters only.
    """

    id: int
    site: int | None
    scope: Scope
    name: str
    hash: bytes
    shown: str
    created_at: int
    last_used_at: int | None = None
    revoked_at: int | None = None


class KeyDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A key to be kept. text: the key itself, which is forgotten unless it is public."""

    text: str
    scope: Scope
    site: int | None = None
    name: str = ""

    @property
    def shown(self) -> str:
        """What people see of it later."""
        return self.text if self.scope == "write_key" else self.text[:SHOWN_CHARACTERS]


def hash_key(text: str) -> bytes:
    """SHA-256: a key has ≥ 128 random bits, so nothing slower is needed. Any text is hashed, none raises."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class KeyRing(Protocol):
    """Definitions: few rows. Each write is one durable transaction of its own."""

    def version(self) -> int:
        """Differs from the last answer when another connection has committed anything since."""

    def all(self) -> list[Key]:
        """Every key, also the revoked, by id."""

    def add(self, draft: KeyDraft, *, at: int) -> Key:
        """Keep a key. Raises KeyTaken when it is there already, LookupError when its site is not."""

    def revoke(self, id: int, *, at: int) -> bool:
        """Refuse it from now on; False when there is no such key. Again is the same as once."""

    def touch(self, used: Mapping[int, int]) -> None:
        """Note the last use: key id → ms UTC."""

    def close(self) -> None:
        """Let go of what `version` holds open."""
