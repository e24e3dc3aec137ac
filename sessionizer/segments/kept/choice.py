"""Which keeper has a condition? By what it asks; where it asks for the day, the events themselves have to be kept."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from sessionizer.segments import condition as asks
from sessionizer.segments.history import as_events
from sessionizer.segments.kept.count import Count, Marks
from sessionizer.segments.kept.keeper import Keeper
from sessionizer.segments.kept.recent import Events, Recent, asks_for_the_day
from sessionizer.segments.kept.time import Once, Time
from sessionizer.segments.kept.total import Total, Values

STATES = Marks | Values | Once | Events
"""What may be kept."""

_KEEPERS: Mapping[type, Callable[[Any, tzinfo], Keeper]] = {
    asks.Did: Count,
    asks.Aggregate: Total,
    asks.FirstOrLast: Time,
}


def keeper_of(condition: asks.Condition, zone: tzinfo) -> Keeper:
    """The keeper of a condition about events."""
    if isinstance(condition, asks.Visited) and not condition.now:
        condition = as_events(condition)
    if asks_for_the_day(condition):
        return Recent(condition, zone)
    return _KEEPERS.get(type(condition), Recent)(condition, zone)
