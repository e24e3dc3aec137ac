"""What is remembered of one person between two events, as far as segments go? How each condition stands.

Reads and writes the bytes that the worker saves for one contact: `encode_standing`, `decode_standing`. Bytes of another
shape are never misread: the person is looked at anew, from the history.
"""

from hashlib import blake2b
from typing import NamedTuple

import msgspec
import msgspec.inspect

from sessionizer.segments.kept.choice import STATES
from sessionizer.thread import FOREVER, StaleState, shape_of

REMEMBER_MS = 8 * 86_400_000
"""How long it is remembered what was known of a person before: longer than an event may come late."""

MAX_BEFORE = 64


class Slot(NamedTuple):
    """One condition: what is kept for it, whether it holds, until when that is certain (ms UTC), and the event whose
    coming or going that is."""

    kept: STATES | None
    is_so: bool
    until: int = FOREVER
    by: str = ""


class Before(NamedTuple):
    """What is known of the contact changed at `at` (ms UTC): until then this condition's answer was that. by: the event
    that told it."""

    at: int
    name: str
    was: bool
    by: str


class Standing(msgspec.Struct, array_like=True, gc=False):
    """One person. Instants in ms UTC.

    slots: by the name of a condition (`book.py`); one that is not there says what it says of somebody who did nothing.
    inside: the segments that the person is in. first_at: of the first event. last_at: the last instant at which
    anything happened that matters. wake_at: not later than the next edge. again_at: when to replay, for an event of the
    future. before: what was known since `before_since`. told_by: the event by which what is known changed last.
    number: events that mattered.
    """

    slots: dict[str, Slot]
    inside: tuple[int, ...]
    first_at: int
    last_at: int = -1
    wake_at: int = FOREVER
    again_at: int = FOREVER
    before: tuple[Before, ...] = ()
    before_since: int = 0
    told_by: str = ""
    number: int = 0

    @property
    def due_at(self) -> int | None:
        """When to look at it though nothing happened; None: never."""
        due = min(self.wake_at, self.again_at)
        return None if due >= FOREVER else due

    def remember(self, change: Before) -> None:
        """What was known; of long ago no more."""
        kept = [one for one in (*self.before, change) if one.at > change.at - REMEMBER_MS][-MAX_BEFORE:]
        forgotten = len(self.before) + 1 - len(kept)
        if forgotten:
            self.before_since = (*self.before, change)[forgotten - 1].at
        self.before = tuple(kept)


_HEAD = b"\x01" + blake2b(repr(shape_of(Standing)).encode(), digest_size=4).digest()
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Standing).decode


def encode_standing(standing: Standing) -> bytes:
    """Standing → the bytes that are saved."""
    return _HEAD + _encode(standing)


def decode_standing(blob: bytes) -> Standing:
    """The saved bytes → standing. Raises StaleState when they are not of this version."""
    if not blob.startswith(_HEAD):
        raise StaleState(f"a standing of {blob[: len(_HEAD)]!r}, this version reads {_HEAD!r}")
    try:
        return _decode(memoryview(blob)[len(_HEAD) :])
    except msgspec.DecodeError as error:
        raise StaleState(str(error)) from error
