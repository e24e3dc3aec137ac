"""Why is somebody in a segment, or not? Each condition with its answer, what made it so, and when that changes.

Reads nothing, writes nothing; what it says is what `evaluate.py` means.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sessionizer.event import Event
from sessionizer.segments import condition as asks
from sessionizer.segments.evaluate import changes_at, holds
from sessionizer.segments.history import Moment, Person, counted, within
from sessionizer.segments.window import EVER

MOST_CAUSES = 20


class Reason(NamedTuple):
    """One condition. because: the events that count for it now, the latest ones. changes_at: ms UTC, None for never by
    itself. of: the conditions inside of a group."""

    condition: asks.Condition
    holds: bool
    because: tuple[Event, ...]
    changes_at: int | None
    of: tuple["Reason", ...] = ()


def explain(condition: asks.Condition, person: Person, moment: Moment) -> Reason:
    """The condition and all inside of it, about one person at one moment."""
    if isinstance(condition, asks.InSegment):
        other = moment.segments.get(condition.id)
        return _reason(condition, person, moment, [other] if other else [])
    if isinstance(condition, asks.NotSo):
        return _reason(condition, person, moment, [condition.of])
    if isinstance(condition, asks.AllOf | asks.AnyOf):
        return _reason(condition, person, moment, condition.of)
    return _reason(condition, person, moment, ())


def _reason(condition: asks.Condition, person: Person, moment: Moment, inside: Iterable[asks.Condition]) -> Reason:
    counts = within(getattr(condition, "window", EVER), counted(condition, person.history, moment), moment)
    return Reason(
        condition,
        holds(condition, person, moment),
        tuple(counts[-MOST_CAUSES:]),
        changes_at(condition, person, moment),
        tuple(explain(one, person, moment) for one in inside),
    )
