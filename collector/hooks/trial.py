"""What would become of a call? The answer to whoever writes a mapping, before anything is saved."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from collector.hooks.call import Call
from collector.hooks.translate import Translator


class Outcome(msgspec.Struct, frozen=True):
    """One event. event: as `POST /api/events` has it, None when it could not be made. taken: whether the door takes it;
    code, path, message: why not, or what would be left out."""

    event: Mapping[str, Any] | None
    taken: bool
    code: str
    path: str
    message: str


class Tried(msgspec.Struct, frozen=True):
    """What comes out of a call. ignored: parts of which nothing would come."""

    events: tuple[Outcome, ...]
    ignored: int


Trial = Callable[[Translator, Call, str], Tried]
"""(translator, call, name of the source) → what would become of it. Raises Unreadable, TooManyParts."""
