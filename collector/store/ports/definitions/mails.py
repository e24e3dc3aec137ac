"""Which messages were asked for? A transactional e-mail that waits to be sent, and the port that keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class Mail(NamedTuple):
    """One message. message: its Message-ID. body: as it was asked for. send_at: ms UTC, not before."""

    message: str
    body: Mapping[str, Any]
    send_at: int


class Mails(Protocol):
    """What was accepted is kept until it is sent."""

    def add(self, mails: Sequence[Mail], *, at: int) -> None:
        """Keep them, all or none, in one durable transaction."""
