"""Is it of somebody who was erased? By tombstones: keyed hashes of the names that erased people had.

Only what happened before the latest of them is looked at, all of a batch together: while events come in time, and where
nobody was ever erased, it is one comparison of numbers a row.
"""

import logging
from collections.abc import Sequence

from collector.log.port import Row
from collector.privacy.tombstone import CONTACT_ID, VISITOR, Name, hasher, names_of
from collector.store.ports.erasing import Person, Tombstones

KEY: Name = ("key", "")
"""Buried with everybody: tells whether the key is still the one of before."""

logger = logging.getLogger(__name__)


class Graves:
    """One a worker."""

    def __init__(self, tombstones: Tombstones, *, key: bytes) -> None:
        """key: of the hashes, always the same."""
        self._tombstones, self._hash = tombstones, hasher(key)
        self._latest = tombstones.latest()
        if self._latest >= 0 and not tombstones.among([self._hash(KEY)]):
            logger.error("tombstone-key is another one than before: erased people are not recognised; restore the file")

    def bury(self, person: Person, at: int) -> None:
        """From now on what they did up to `at` (ms UTC) is dropped. Within a transaction."""
        names: list[Name] = [KEY, *((VISITOR, browser) for browser in person.browsers.values())]
        names += [*person.identifiers, *((CONTACT_ID, str(contact)) for contact in person.contacts)]
        self._tombstones.bury(map(self._hash, names), at)

    def remember(self) -> None:
        """Of what was buried, and committed."""
        self._latest = self._tombstones.latest()

    def buried(self, rows: Sequence[Row]) -> dict[int, set[Name]]:
        """Rows of erased people, by offset, and the names by which they are."""
        latest = self._latest
        if latest < 0:
            return {}
        old = [row for row in rows if row.entry.occurred_at <= latest]
        named = [(row, {self._hash(name): name for name in names_of(row.entry)}) for row in old]
        found = self._tombstones.among({hash for _, hashes in named for hash in hashes})
        theirs = {
            row.offset: {name for hash, name in hashes.items() if found.get(hash, -1) >= row.entry.occurred_at}
            for row, hashes in named
        }
        return {offset: names for offset, names in theirs.items() if names}
