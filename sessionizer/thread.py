"""What is kept of a contact's history between two events? Its thread: what each rule remembers, and a few checkpoints.

    origin          checkpoints: their ages grow about threefold               head
      |------------------|--------------------|-----------|-----|--|-------------> time
      nothing        7 days or older                                       slots, last event

Reads and writes the bytes that the worker saves for one contact: `Codec.encode_thread`, `Codec.decode_thread`.
"""

from collections.abc import Sequence
from typing import Any, Union

import msgspec

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

_FORMAT = b"\x01"

UNFOLDED = b""
"""Saved for a contact whose history was never folded: `decode_thread` raises StaleState, and so it will be."""


class StaleState(Exception):
    """The bytes were saved by another version: fold the contact again from its history (`Engine.refold` with None)."""


class Checkpoint(msgspec.Struct, frozen=True, array_like=True):
    """What the rules remembered strictly before the instant `at`; slots: as `Codec.encode_slots` gives them."""

    at: int
    slots: bytes = b""


class Thread(msgspec.Struct, frozen=True):
    """One contact's history as far as it is folded. Never changed: a fold returns a new one.

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
        return at >= self.fired_at and (at, event_id) > (self.last_at, self.last_id)


BLANK = Thread({}, FOREVER, -1, "", -1, None, (Checkpoint(ORIGIN),))
"""The thread of a contact of whom nothing is known yet."""


def thin(checkpoints: Sequence[Checkpoint], lateness_ms: int) -> tuple[Checkpoint, ...]:
    """Keep few: none but one older than the lateness, and the others at ages that grow geometrically.

    A checkpoint goes when the next older one is less than RATIO times as old as the next newer one. So an event that is
    late by x folds a multiple of x again, never the whole history.
    """
    now = checkpoints[-1].at
    kept = list(checkpoints)
    while len(kept) > 1 and kept[1].at <= now - lateness_ms:
        del kept[0]
    for middle in range(len(kept) - 2, 0, -1):
        if now - kept[middle - 1].at < RATIO * (now - kept[middle + 1].at):
            del kept[middle]
    return tuple(kept)


class _Saved(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A thread as bytes, without its version."""

    slots: bytes
    first_at: int
    last_at: int
    last_id: str
    fired_at: int
    wake_at: int | None
    checkpoints: tuple[Checkpoint, ...]


class Codec:
    """Threads ⇄ bytes. It knows the classes of state of the rules it is made for (MessagePack, positional, tagged)."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        states = tuple(dict.fromkeys(state for rule in rules for state in rule.states))
        memory: Any = Union[states] if states else None  # noqa: UP007  # made at run time
        self._slots = msgspec.msgpack.Decoder(dict[str, tuple[memory, int | None]])
        self._saved = msgspec.msgpack.Decoder(_Saved)
        self._encoder = msgspec.msgpack.Encoder()

    def encode_slots(self, slots: Slots) -> bytes:
        """Slots → bytes; none at all is b""."""
        return self._encoder.encode(slots) if slots else b""

    def decode_slots(self, blob: bytes) -> Slots:
        """Bytes → slots. Raises StaleState when a rule remembers something of another shape now, or is gone."""
        if not blob:
            return {}
        try:
            return self._slots.decode(blob)
        except msgspec.DecodeError as error:
            raise StaleState(str(error)) from error

    def encode_thread(self, thread: Thread) -> bytes:
        """Thread → the bytes that are saved: the version, then the fields in their order."""
        return _FORMAT + self._encoder.encode(
            _Saved(
                self.encode_slots(thread.slots),
                thread.first_at,
                thread.last_at,
                thread.last_id,
                thread.fired_at,
                thread.wake_at,
                thread.checkpoints,
            )
        )

    def decode_thread(self, blob: bytes) -> Thread:
        """The saved bytes → thread. Raises StaleState when they are not of this version."""
        if blob[:1] != _FORMAT:
            raise StaleState(f"a thread of format {blob[:1]!r}, this is format {_FORMAT!r}")
        try:
            saved = self._saved.decode(memoryview(blob)[1:])
        except msgspec.DecodeError as error:
            raise StaleState(str(error)) from error
        return Thread(
            self.decode_slots(saved.slots),
            saved.first_at,
            saved.last_at,
            saved.last_id,
            saved.fired_at,
            saved.wake_at,
            saved.checkpoints,
        )
