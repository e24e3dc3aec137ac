"""What is one contact's walk through an automation? Where it is, how it came there, what it waits for.

Reads nothing, writes nothing. Instants are ms UTC. Saved as msgpack.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from sessionizer.event import NOTHING, Event

MAX_PATH = 300
"""Lines of a way that are kept."""
MAX_VISITS = 10_000
"""Whoever goes in circles for longer is put out."""
AT_DATE = "@date"
"""Where somebody stands before the first step, until the date of a trigger comes."""

DONE, EXIT, LEFT, RESTARTED, JOINED, STOPPED, REMOVED, GONE, TOO_LONG = (
    "done", "exit", "left", "restarted", "joined", "stopped", "removed", "gone", "too_long",
)  # fmt: skip
"""Why a run has ended: at the last step; at a step that says so; by an exit condition; its trigger came again; another
run of the same person goes on; the automation was stopped; by hand; its step is not in the version to which it was
moved; it went in circles."""


class Occurrence(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """The event by which somebody came in, as messages and conditions read it. category "" for a date, or by hand.

    object: the id of what it is about.
    """

    id: str
    at: int
    category: str = ""
    key: str = ""
    properties: Mapping[str, Any] = NOTHING
    object: str = ""
    depth: int = 0

    @property
    def kind(self) -> tuple[str, str]:
        """(category, key)."""
        return (self.category, self.key)


class Passed(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A line of the way. step: its id, "" of the walk as a whole. what: a word for what happened; more: about what.

    entered (trigger's kind) · waits (until, RFC 3339) · due · yes (event's id) · no · case (its place) · otherwise ·
    part (its place) · sent (delivery's id) · unsent (why) · called · set · unset · listed · unlisted · emitted ·
    went (to which step) · failed (why) · again · moved (version) · restarted (event's id) · ended (why).
    """

    step: str
    at: int
    what: str
    more: str = ""


class Run(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """key: which of its things, where an automation goes per thing. step: where it is, "" when it has ended.

    arrived_at: there. wake_at: when time goes on with it; None: it waits for nothing. until: of a wait for something,
    when it gives up. waits: it has come to rest there. visits: so many steps; they name what
    each does. failed: why the step could not be done, "" when it could. ended_at, why: None and "" while it goes on.
    """

    id: str
    automation: int
    version: int
    contact: int
    key: str
    trigger: Occurrence
    entered_at: int
    step: str
    arrived_at: int
    wake_at: int | None = None
    until: int | None = None
    waits: bool = False
    visits: int = 0
    failed: str = ""
    ended_at: int | None = None
    why: str = ""
    path: tuple[Passed, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


def occurrence_of(event: Event) -> Occurrence:
    """An event, as a run keeps it."""
    about = event.object.id if event.object else ""
    return Occurrence(event.id, event.at, event.category, event.key, event.properties, about, event.depth)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Run)


def encode_run(run: Run) -> bytes:
    """Run → msgpack."""
    return _encoder.encode(run)


def decode_run(body: bytes) -> Run:
    """msgpack → Run."""
    return _decoder.decode(body)
