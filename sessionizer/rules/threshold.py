"""When does a running total cross a limit? Once a crossing, whatever it does beyond it.

    value      5     3     2     2     4     3
    minimum 3        ^                       ^        reached: at or below it, and above it before (or nothing before)

Reads updates of balances and counters, and what expired of a balance. Says `loyalty/balance_minimum_value_reached`,
`loyalty/balance_maximum_value_reached`, `wallet/counter_max_value_reached`. Source: INTERFACES 7.
"""

from typing import NamedTuple

from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.rule import Fact, State, Step
from sessionizer.rules.given import id_of, number_of


class Total(State, frozen=True):
    """The last value of a thing, and the limits said last. None: none was said."""

    value: float
    minimum: float | None = None
    maximum: float | None = None


class Limit(NamedTuple):
    """A limit's name among the properties, and the event that says that it is reached."""

    name: str
    kind: Kind


class Threshold:
    """One kind of running total."""

    states: tuple[type[State], ...] = (Total,)

    def __init__(
        self, name: str, *, takes: tuple[str, ...], id_name: str, minimum: Limit | None = None, maximum: Limit
    ) -> None:
        """takes: kinds that carry `id_name` and `value`."""
        self.name, self.takes = name, takes
        self.says: tuple[Kind, ...] = tuple(limit.kind for limit in (minimum, maximum) if limit)
        self._id_name, self._minimum, self._maximum = id_name, minimum, maximum

    def key_of(self, event: Event) -> str | None:
        """The balance or the counter; None for what says no value."""
        return id_of(event, self._id_name) if number_of(event, "value") is not None else None

    def on_event(self, state: Total | None, event: Event, contact: Contact) -> Step:
        """Another value: which limits does it cross?"""
        total = self._total(state, event)
        before = state.value if state else None
        facts = []
        if self._minimum and total.minimum is not None and _fell(before, total.value, total.minimum):
            facts.append(self._fact(self._minimum, total.minimum, total, event))
        if total.maximum is not None and _rose(before, total.value, total.maximum):
            facts.append(self._fact(self._maximum, total.maximum, total, event))
        return Step(total, tuple(facts))

    def on_time(self, state: Total, due: int, contact: Contact) -> Step:
        """Never asked for."""
        return Step(state)

    def _total(self, state: Total | None, event: Event) -> Total:
        said = Total(
            number_of(event, "value") or 0,
            number_of(event, self._minimum.name) if self._minimum else None,
            number_of(event, self._maximum.name),
        )
        if state is None:
            return said
        return Total(
            said.value,
            state.minimum if said.minimum is None else said.minimum,
            state.maximum if said.maximum is None else said.maximum,
        )

    def _fact(self, limit: Limit, value: float, total: Total, event: Event) -> Fact:
        return Fact(
            limit.kind,
            event.id,
            {self._id_name: id_of(event, self._id_name), "value": total.value, limit.name: value},
        )


def _fell(before: float | None, value: float, limit: float) -> bool:
    """Whether it is at or below the limit now, and was not. Equal is reached."""
    return value <= limit and (before is None or before > limit)


def _rose(before: float | None, value: float, limit: float) -> bool:
    """Whether it is at or above the limit now, and was not. Before its first value a thing was below every maximum."""
    return value >= limit and (before is None or before < limit)
