"""What was answered to a change that named itself? The answer, and the port that keeps it for a day."""

from typing import Protocol

import msgspec


class Kept(msgspec.Struct, frozen=True):
    """An answer. fingerprint: of the request. body: None where it holds a secret, which nobody keeps."""

    fingerprint: bytes
    status: int
    headers: dict[str, str]
    body: bytes | None


class Answers(Protocol):
    """Answers of one deployment, the latest only: see MAX_KEPT of the backend."""

    def get(self, key: str, *, since: int) -> Kept | None:
        """What was kept under that key, since when (ms UTC)."""

    def keep(self, key: str, answer: Kept, *, at: int) -> None:
        """In the place of an older one of that key; the oldest of all give way. at: now, ms UTC."""

    def clean(self, before: int) -> None:
        """Forget what is older (ms UTC)."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
