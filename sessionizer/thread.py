"""What is kept of a contact's history between two events? Its thread: what each rule remembers, and a few checkpoints.

    origin          checkpoints: their ages grow about threefold               head
      |------------------|--------------------|-----------|-----|--|-------------> time
      nothing        7 days or older                                       slots, last event

Reads and writes the bytes that the worker saves for one contact: `Codec.encode_thread`, `Codec.decode_thread`.

    02         which format this is: raised when the fields of a thread change
    xx xx xx xx    which rules remember what: their names, the classes of their states, fields in order, types, versions
    …          MessagePack: a Thread's fields in their order, each checkpoint as (at, slots)

Five bytes that are others, and the thread is stale: it is folded anew from the history, never misread. A rule that is
new makes all threads stale as well, for it has not heard the past.

Bounded, however long the history: a visit that is open takes 200 bytes to 1 KB, with its checkpoints a few KB. A rule
remembers at most 256 things of at most 16 KiB each (`fold.MAX_SLOTS`; each rule says how); of checkpoints, at most 14,
fewer are saved where they would take more than 64 KiB together.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Union

import msgspec
import msgspec.inspect

from sessionizer.rule import Rule, State

Slot = tuple[State, int | None]
"""What a rule remembers of one thing, and when it asked to be called (ms UTC)."""

Slots = dict[str, Slot]
"""By "rule/thing"."""

ORIGIN = 0
"""The instant before every history (ms UTC); the oldest event that a door takes is of 2000."""

FOREVER = 1 << 62
"""The instant after every history."""

SPACING_MS = 30 * 60_000
"""Between two checkpoints at least: less would be dearer to keep than to fold again."""

RATIO = 3
"""How ages of checkpoints grow (of every second one). The 336 spacings of 7 days need at most 14 of them."""

MOST_BYTES = 65_536
"""Of all checkpoints: beyond, some of them are not saved, whatever their age. Two are kept always."""

_FORMAT = b"\x03"

UNFOLDED = b""
"""Saved for a contact whose history was never folded: `decode_thread` raises StaleState, and so it will be."""


class StaleState(Exception):
    """The bytes were saved by another version: fold the contact again from its history (`Engine.refold` with None)."""


class Checkpoint(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the rules remembered strictly before the instant `at`. Its slots are its own."""

    at: int
    slots: Slots


class Thread(msgspec.Struct, array_like=True, gc=False):
    """One contact's history as far as it is folded. A fold returns a new one; only `Engine.extend` changes it in place.

    first_at, last_at, last_id: of the events folded. fired_at: the last timer that fired. All ms UTC.
    wake_at: not later than the first timer that is due (it is looked for again when reached), None without timers.
    checkpoints: ordered by `at`, never empty.
    """

    slots: Slots
    first_at: int
    last_at: int
    last_id: str
    fired_at: int
    wake_at: int | None
    checkpoints: tuple[Checkpoint, ...]

    def follows(self, at: int, event_id: str) -> bool:
        """Whether an event comes in order: after the last one, and not before a timer that fired."""
        return at >= self.fired_at and (at > self.last_at or (at == self.last_at and event_id > self.last_id))


BLANK = Thread({}, FOREVER, -1, "", -1, None, (Checkpoint(ORIGIN, {}),))
"""The thread of a contact of whom nothing is known yet."""


def thin(checkpoints: Sequence[Checkpoint], lateness_ms: int) -> tuple[Checkpoint, ...]:
    """Keep few: none but one older than the lateness, and the others at ages that grow geometrically.

    A checkpoint goes when the next older one is less than RATIO times as old as the next newer one. So an event that is
    late by x folds a multiple of x again, never the whole history.

        now - older < RATIO * (now - newer)    so written that it is cheap: RATIO * newer - older < (RATIO - 1) * now
    """
    now = checkpoints[-1].at
    kept = list(checkpoints)
    while len(kept) > 1 and kept[1].at <= now - lateness_ms:
        del kept[0]
    for middle in range(len(kept) - 2, 0, -1):
        if RATIO * kept[middle + 1].at - kept[middle - 1].at < (RATIO - 1) * now:
            del kept[middle]
    return tuple(kept)


class Codec:
    """Threads ⇄ bytes. It knows the classes of state of the rules it is made for (MessagePack, positional, tagged)."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        states = tuple(dict.fromkeys(state for rule in rules for state in rule.states))
        memory: Any = Union[states] if states else None  # noqa: UP007  # made at run time
        slots: Any = dict[str, tuple[memory, int | None]]
        saved: Any = tuple[slots, int, int, str, int, int | None, tuple[tuple[int, slots], ...]]
        self._decoder = msgspec.msgpack.Decoder(saved)
        self._encoder = msgspec.msgpack.Encoder()
        self._head = _FORMAT + _fingerprint(rules)

    def encode_thread(self, thread: Thread) -> bytes:
        """Thread → the bytes that are saved: format and fingerprint, then the fields in their order."""
        blob = self._head + self._encoder.encode(thread)
        if len(blob) > MOST_BYTES:  # hardly ever: a head with its checkpoints is a few KB
            return self._head + self._encoder.encode(self._lightened(thread))
        return blob

    def decode_thread(self, blob: bytes) -> Thread:
        """The saved bytes → thread. Raises StaleState when they are not of this version."""
        head = self._head
        if not blob.startswith(head):
            raise StaleState(f"a thread of {blob[: len(head)]!r}, these rules read {head!r}")
        saved = memoryview(blob)[len(head) :]
        try:
            slots, first_at, last_at, last_id, fired_at, wake_at, marks = self._decoder.decode(saved)
        except msgspec.DecodeError as error:
            raise StaleState(str(error)) from error
        return Thread(slots, first_at, last_at, last_id, fired_at, wake_at, tuple(Checkpoint(*mark) for mark in marks))

    def _lightened(self, thread: Thread) -> Thread:
        """Without every second checkpoint between the oldest and the newest, until they weigh little enough."""
        kept = [(len(self._encoder.encode(mark)), mark) for mark in thread.checkpoints]
        while len(kept) > 2 and sum(weight for weight, _ in kept) > MOST_BYTES:
            del kept[1:-1:2]
        return msgspec.structs.replace(thread, checkpoints=tuple(mark for _, mark in kept))


def _fingerprint(rules: Sequence[Rule]) -> bytes:
    """Four bytes of what all rules remember, in which order, of which types."""
    shapes = [(rule.name, [_shape_of(state) for state in rule.states]) for rule in rules]
    return blake2b(repr(shapes).encode(), digest_size=4).digest()


def _shape_of(state: type[State]) -> Any:
    return state.version, shape_of(state)


def shape_of(kind: type) -> Any:
    """What its bytes look like: other fields, or types, are another shape."""
    return _shape(msgspec.inspect.type_info(kind))


def _shape(said: Any) -> Any:
    """A type as msgspec sees it → nested tuples of plain names. Defaults are no part of it: every field is saved."""
    if isinstance(said, msgspec.inspect.Field):
        return said.encode_name, _shape(said.type)
    if isinstance(said, msgspec.Struct):
        return type(said).__name__, *(_shape(getattr(said, name)) for name in said.__struct_fields__)
    if isinstance(said, tuple):
        return tuple(map(_shape, said))
    return said.__name__ if isinstance(said, type) else said
