"""How does a program change what is known of people? By events, in the order of the log: here is what it may ask.

Nobody writes contacts but the worker. Who commands waits until the worker has passed what was said, and reads the store
afterwards. Carried out by `collector/ingest/teller.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from collector.log.entry import Entry


class Refused(NamedTuple):
    """A part of a command that was not taken. event: its place. path: of its field. code: of `errors.py`."""

    event: int
    path: str
    code: str
    message: str


class Told(NamedTuple):
    """What became of it. rejected: events that were not taken. warnings: parts of events that were left out."""

    rejected: tuple[Refused, ...] = ()
    warnings: tuple[Refused, ...] = ()


class NotYet(Exception):
    """It cannot be written now, or is written and not yet worked on: the same call may be made again."""

    retry_after_s = 1.0


class Commands(Protocol):
    """Both return when the store knows of it. Raise NotYet."""

    async def tell(self, events: Sequence[Mapping[str, Any]]) -> Told:
        """Events as a server sends them to `POST /api/events`, by the same checks."""

    async def say(self, entry: Entry) -> None:
        """An entry of the door `identity`: a merge that a person asked for, or one that is taken back."""
