"""How do SQLite's functions learn what is asked? As JSON in a bound value, read once for all rows."""

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from sessionizer.segments.comparison import Comparison, Today, today_at
from sessionizer.segments.condition import Condition, EventFilter, PropertyTest
from sessionizer.segments.history import Moment

UNLIMITED = 2**53


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """What is asked about properties, on which day. enough: none is counted further."""

    tests: tuple[PropertyTest, ...]
    now: int
    zone: str
    enough: int = UNLIMITED


class Question(msgspec.Struct, frozen=True, array_like=True):
    """A condition about somebody's events, at which moment. is_usual: whether it holds for who did nothing."""

    condition: Condition
    now: int
    zone: str
    is_usual: bool = False

    @property
    def moment(self) -> Moment:
        """When it is asked."""
        return Moment(self.now, zone_of(self.zone))


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone of that name."""
    return UTC if name == "UTC" else ZoneInfo(name)


@lru_cache(maxsize=64)
def today_of(now: int, zone: str) -> Today:
    """The day on which is asked."""
    return today_at(now, zone_of(zone))


@lru_cache(maxsize=256)
def comparison_of(text: str) -> Comparison:
    """JSON → comparison."""
    return msgspec.json.decode(text, type=Comparison)


@lru_cache(maxsize=256)
def filter_of(text: str) -> EventFilter:
    """JSON → filter of events."""
    return msgspec.json.decode(text, type=EventFilter)


@lru_cache(maxsize=64)
def question_of(text: str) -> Question:
    """JSON → question."""
    return msgspec.json.decode(text, type=Question)
