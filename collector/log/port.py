"""What came next after offset N? The log: append only, durable, read in order by offset.

Backends: `memory.py` (the executable definition), `sqlite.py`. One contract suite runs on all of them.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from collector.log.entry import Entry


class Row(NamedTuple):
    """An entry and its place. Offsets grow in commit order and may have gaps."""

    offset: int
    entry: Entry


class Rejection(msgspec.Struct, frozen=True):
    """An event (or a request) that was refused: counted exactly, kept as one of the last 20 samples of site and code.

    at: ms UTC. site: 0 when no site is known. path: of the field, e.g. `events[3].occurred_at`.
    sample: the event or body as received, JSON text, at most 4 KiB.
    """

    at: int
    site: int
    code: str
    path: str
    message: str
    door: str
    origin: str = ""
    sample: str = ""


class Log(Protocol):
    """The durable queue."""

    def append(self, entries: Sequence[Entry], rejections: Sequence[Rejection] = ()) -> list[int]:
        """Write all in one transaction; returns the offsets of the entries, in their order. Durable when it returns."""

    def read(self, after: int, limit: int) -> list[Row]:
        """At most `limit` rows with offset > after, ordered by offset."""

    def end(self) -> int:
        """The newest offset, 0 when the log is empty."""

    def trim(self, before: int) -> int:
        """Forget rows with offset < before, never the newest; returns how many went."""
