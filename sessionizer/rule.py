"""What is a rule? A plain fold over one contact's history in order of event time.

A rule never hears of lateness, joins or restarts: `sessionizer/engine.py` takes care of those. It is pure: no clock,
no randomness, no I/O; everything it knows is in its arguments.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple, Protocol

import msgspec

from sessionizer.contact import Contact
from sessionizer.event import NOTHING, Event, Kind

ACTIVITY = "@activity"
"""In `takes`: every event whose `activity` is true, whatever its kind."""


class State(msgspec.Struct, frozen=True, array_like=True, tag=True, forbid_unknown_fields=True, gc=False):
    """What a rule remembers of one contact (and one thing of it); saved as msgpack. Bounded: 256 entries, 16 KiB.

    version: to be raised when what a field means changes and its name and type do not; a change of those is seen by
    itself. Either way what was saved before is not read but folded anew (`thread.py`).
    """

    version: ClassVar[int] = 1


class Fact(NamedTuple):
    """What a rule says has happened. The engine stamps instant, id and depth.

    kind: (category, key). cause: the id of the event without which it would not be. data: its properties.
    """

    kind: tuple[str, str]
    cause: str
    data: Mapping[str, Any] = NOTHING


class Step(NamedTuple):
    """A rule's answer. state None: forget me. wake_at: strictly later, when `on_time` must be called."""

    state: State | None = None
    facts: tuple[Fact, ...] = ()
    wake_at: int | None = None


class Rule(Protocol):
    """Sessions, deadlines, thresholds, recurrences, segments."""

    name: str
    takes: tuple[str, ...]
    """Kinds as "category/key", or ACTIVITY: the engine dispatches by them."""
    says: tuple[Kind, ...]
    """The kinds of its facts: the catalogue tells people from which rule a derived event comes."""
    states: tuple[type[State], ...]
    """The classes of what it remembers: the codec of saved threads is made from them."""

    def key_of(self, event: Event) -> str | None:
        """Which thing of the contact the event is about ("" where there is but one); None: not for this rule."""

    def on_event(self, state: Any, event: Event, contact: Contact) -> Step:
        """Fold one event in order of time. state: what the last step returned, None at first."""

    def on_time(self, state: Any, due: int, contact: Contact) -> Step:
        """The instant `due` (ms UTC) that the last step asked for has come; it is never called late in event time."""
