"""At which addresses may providers tell us something? A source of `/hooks/<name>`, its last payloads, the port."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

MAX_SOURCES = 100
MAX_SECRETS = 5
KEPT_PAYLOADS = 20
MAX_PAYLOAD_BYTES = 64 * 1024


class TooManySources(Exception):
    """There are MAX_SOURCES already."""


class NameTaken(Exception):
    """There is a source of that name."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One source. provider: whose mapping file it is. mapping: a text of its own, "" when it is as it is shipped.
    secrets: newest first. paused: what comes is answered 503, so that it comes again. Instants in ms UTC."""

    name: str
    provider: str
    mapping: str
    secrets: tuple[str, ...]
    paused: bool
    created_at: int
    modified_at: int


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """A call that was signed rightly. headers: names in lower case, without what let it in. body: cut at
    MAX_PAYLOAD_BYTES. says: what became of it: accepted, duplicates, ignored, rejected, and events, each as
    category/key."""

    source: str
    at: int
    headers: Mapping[str, str]
    body: str
    says: Mapping[str, Any]


class HookSources(Protocol):
    """Definitions: each write is one durable transaction of its own."""

    def version(self) -> int:
        """A number that changes when somebody else has written."""

    def all(self) -> list[Source]:
        """Every source, by name."""

    def get(self, name: str) -> Source | None:
        """One of them."""

    def add(self, source: Source) -> None:
        """Keep a new one. Raises TooManySources, NameTaken."""

    def change(self, source: Source) -> bool:
        """It becomes so; False when there is none of that name."""

    def remove(self, name: str) -> bool:
        """Forget it and its payloads; the events that came stay. False when there was none."""

    def keep(self, payloads: Sequence[Payload]) -> None:
        """Of each source the last KEPT_PAYLOADS stay, in the order in which they are given."""

    def payloads(self, name: str, *, limit: int = KEPT_PAYLOADS) -> list[Payload]:
        """Those that are kept, newest first, at most so many."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
