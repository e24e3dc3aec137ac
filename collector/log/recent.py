"""Which ids has this door seen lately? The memory that answers `duplicates`; the exact guard is the store's unique key.

Lives on the event loop's thread. An id is known from the moment it is queued: a twin that arrives while the first is
being written waits for it, so that nobody is told "duplicate" of an event that was lost.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from collector.log.entry import Entry

KEEP = 50_000
WRITTEN = None

Pending = asyncio.Future[object]


class Recent:
    """The newest ids in order of arrival: (door, id) → WRITTEN, or the future of the write that holds it."""

    def __init__(self, keep: int = KEEP) -> None:
        self._ids: OrderedDict[tuple[str, str], Pending | None] = OrderedDict()  # whose oldest is found at once
        self._keep = keep

    def sift(self, entries: Sequence[Entry], pending: Pending) -> tuple[list[Entry], set[Pending]]:
        """Split off what is known: (entries that are new, now known as `pending`; the writes that hold the twins)."""
        ids, fresh, twins = self._ids, [], set()
        for entry in entries:
            name = (entry.door, entry.id)
            if name not in ids:
                ids[name] = pending
                fresh.append(entry)
            elif (holder := ids[name]) is not WRITTEN and holder is not pending:
                twins.add(holder)
        return fresh, twins

    def settle(self, entries: Iterable[Entry], *, written: bool) -> None:
        """The write of these entries has ended: remember them, or forget them so that they may be sent again."""
        for entry in entries:
            if written:
                self._ids[entry.door, entry.id] = WRITTEN
            else:
                self._ids.pop((entry.door, entry.id), None)
        while len(self._ids) > self._keep:
            self._ids.popitem(last=False)

    def learn(self, entries: Iterable[Entry]) -> None:
        """At a start: what the log's end holds is known."""
        self.settle(entries, written=True)
