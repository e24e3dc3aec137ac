"""What did the rules say, under which id, and how does it differ from what they said before?

Reads nothing, writes nothing. A derived event is told by rules, never by the world; it names the event that caused it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from sessionizer.event import Event, Kind

MAX_DEPTH = 8
"""A derived event deeper than this is refused: rules, automations and hooks that feed each other are a loop."""

_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
"""A hexadecimal digit → the same with the two bits on top that mark a UUID's variant."""


class Derived(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One derived event.

    at: ms UTC, the instant at which it became true. cause: the id of the event without which it would not be.
    depth: the cause's + 1. data: its properties, JSON-plain, so that it reads the same after storage.
    replaces: the id of a derived event of the same kind that was retracted when this one was added.
    """

    at: int
    id: str
    category: str
    key: str
    data: dict[str, Any]
    cause: str
    depth: int = 1
    replaces: str | None = None

    @property
    def kind(self) -> Kind:
        """(category, key)."""
        return (self.category, self.key)

    def event(self) -> Event:
        """As the rules after it hear it."""
        return Event(
            at=self.at,
            id=self.id,
            category=self.category,
            key=self.key,
            properties=self.data,
            causes=(self.cause,),
            depth=self.depth,
        )


@lru_cache(maxsize=4_096)
def derived_id(rule: str, kind: Kind, cause: str, at: int) -> str:
    """The id of what `rule` says: a UUID, version 8 (RFC 9562), the same at every replay and after every join.

    48 bits of `at` (ms UTC) stand on top, so that ids are as cheap to index as UUIDv7; the rest is a hash. No contact
    is in it. `cause` comes last because it alone may hold any character. Remembered for a while: a session's is asked
    for twice, and again at each refold.

        aaaaaaaa-aaaa-8hhh-vhhh-hhhhhhhhhhhh      a: at   8: version   v: 10xx (variant)   h: hash
    """
    category, key = kind
    h = blake2b(f"{at}\0{rule}\0{category}\0{key}\0{cause}".encode(), digest_size=10).hexdigest()
    a = f"{at:012x}"
    return f"{a[:8]}-{a[8:]}-8{h[1:4]}-{_VARIANT[h[4]]}{h[5:8]}-{h[8:]}"


class Changes(NamedTuple):
    """What a second fold says against the first. Each ordered by (at, id)."""

    added: list[Derived]
    revised: list[Derived]  # the id stands, the properties are others
    retracted: list[Derived]


def compare(before: Iterable[Derived], after: Iterable[Derived]) -> Changes:
    """What was said before and what is said now, both about the same range of time → what changed.

    The id hashes all but the properties, hence only they can be revised.
    """
    old = {derived.id: derived for derived in before}
    new = {derived.id: derived for derived in after}
    retracted = _in_order(said for key, said in old.items() if key not in new)
    added = _in_order(said for key, said in new.items() if key not in old)
    revised = _in_order(said for key, said in new.items() if key in old and old[key].data != said.data)
    return Changes(list(_with_replaced(added, retracted)), revised, retracted)


def _with_replaced(added: list[Derived], retracted: list[Derived]) -> Iterator[Derived]:
    """Each added one names the retracted one whose place it takes: of its kind, the first goes with the first."""
    gone: defaultdict[Kind, list[str]] = defaultdict(list)
    for old in reversed(retracted):
        gone[old.kind].append(old.id)
    for new in added:
        yield msgspec.structs.replace(new, replaces=gone[new.kind].pop()) if gone[new.kind] else new


def _in_order(said: Iterable[Derived]) -> list[Derived]:
    return sorted(said, key=lambda derived: (derived.at, derived.id))
