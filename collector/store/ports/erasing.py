"""How does the worker take a person out of the store? First everything that an index leads to, then what a look finds.

asked ──erase──> gone: nothing of the person can be asked for ──sweep──> nobody's leftovers ──done──> done
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

Name = tuple[str, str]
"""(kind, value): an identifier, or ("visitor", a browser's id), as in collector/privacy/tombstone.py."""


class Open(NamedTuple):
    """An erasure that is not done. contact: as it was asked for. upto: see `Left`; None while all is still there."""

    id: str
    contact: int
    upto: int | None


class Person(NamedTuple):
    """Who is to be erased. contacts: one, and all whom it absorbed. browsers: number → id. shared: the numbers of those
    that are somebody else's too. last_at: when the latest of their events happened, ms UTC."""

    contacts: tuple[int, ...]
    identifiers: tuple[Name, ...]
    browsers: Mapping[int, str]
    shared: frozenset[int]
    last_at: int


class Left(NamedTuple):
    """What people who are gone may have left behind. ids: of their erasures. upto: an offset; what the log holds behind
    it was not read when they went. agents: numbers of those that may be nobody's now."""

    ids: tuple[str, ...]
    upto: int
    agents: frozenset[int]


class Tombstones(Protocol):
    """That somebody was erased: hashes of names, with the instant (ms UTC) up to which what they did is dropped."""

    def bury(self, hashes: Iterable[bytes], at: int) -> None: ...
    def among(self, hashes: Collection[bytes]) -> dict[bytes, int]: ...
    def latest(self) -> int: ...


class Erasing(Protocol):
    """The worker's side of erasures."""

    @property
    def tombstones(self) -> Tombstones: ...
    def open(self) -> list[Open]: ...
    def person(self, contacts: Sequence[int]) -> Person: ...
    def erase(self, id: str, person: Person, *, at: int, upto: int) -> None: ...
    def forget_payloads(self, person: Person, names: Callable[[str], bool], *, at: int) -> None: ...
    def forget_payloads_of(self, doors: Collection[str], *, at: int) -> None: ...
    def left(self) -> Left: ...
    def unused(self, agents: Collection[int], *, after: int, limit: int) -> tuple[int | None, frozenset[int]]: ...
    def forget_agents(self, agents: Collection[int]) -> None: ...
    def recorded(self, offsets: Collection[int]) -> set[int]: ...
    def strip(self, names: Mapping[int, Collection[Name]]) -> None: ...
    def to_blank(self, offsets: Iterable[int]) -> None: ...
    def waiting(self, limit: int) -> list[int]: ...
    def blanked(self, offsets: Iterable[int]) -> None: ...
    def compact(self) -> None: ...
    def empty_wal(self) -> bool: ...
    def done(self, ids: Iterable[str], at: int) -> None: ...
