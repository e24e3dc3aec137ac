"""What does a keeper keep of one person for one condition, and what does it answer?

It keeps a small struct, which grows as events are heard, in any order. `answer` says whether the condition holds at an
instant, and until when that is certain: so membership goes on by itself. Reads nothing, writes nothing.
"""

from typing import Any, NamedTuple, Protocol

import msgspec

from sessionizer.event import Event, Kind
from sessionizer.thread import FOREVER

MOST = 256
MOST_BYTES = 16_384

Mark = tuple[int, str]
"""An event: its instant, ms UTC, and its id."""


class Answer(NamedTuple):
    """is_so: whether it holds. until: it may be otherwise from then on, ms UTC; FOREVER: only by an event.

    by: the id of the event whose coming into a window, or going, that is; "" where it is none's.
    """

    is_so: bool
    until: int = FOREVER
    by: str = ""


class Kept(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """What is kept of one person for one condition."""


class Keeper(Protocol):
    """One condition about events."""

    kinds: frozenset[Kind]
    grows: bool
    """Whether one event more never makes it false, nor true for a shorter time: where it holds it need not be asked."""

    def looks_at(self, url: str) -> bool:
        """Whether an event on that page ("" for none) may count: what is asked of pages is known of each in advance."""

    def heard(self, kept: Any, event: Event) -> Any:
        """What is kept, with one event more, wherever it belongs in time; the same object when it counts at no time.

        kept: None at first.
        """

    def answer(self, kept: Any, now: int) -> Answer | None:
        """Of what was heard, which must not be later than now (ms UTC). None: not all of it is kept; ask the store."""


def weight(kept: Any) -> int:
    """Bytes of a list, where there may be many: properties of one event are bounded at the doors."""
    return len(msgspec.msgpack.encode(kept)) if len(kept) > 1 else 0
