"""Does an event's property satisfy a condition? `path:op:value`, the same meaning in every backend.

Reads a decoded properties object, writes nothing. The operators are closed; the path is data, never part of a query.

    total:gte:10        items.sku:eq:A-1        items.0.qty:gt:1        coupon:exists        plan:in:pro,team

A path may lead to several values (`sessionizer/properties/path.py`); the condition holds when it holds for one.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from sessionizer.properties.path import names_of, values_at


class Condition(msgspec.Struct, frozen=True, array_like=True):
    """One condition, checked. op: a name of OPERATORS."""

    path: tuple[str, ...]
    op: str
    value: str


def parse_condition(text: str) -> Condition:
    """`path:op:value` → Condition. The value may hold colons, and is left out after `exists`. Raises ValueError."""
    path, _, rest = text.partition(":")
    op, _, value = rest.partition(":")
    names = names_of(path)
    if op not in OPERATORS:
        raise ValueError(f"{op!r} is no operator; there are {' '.join(OPERATORS)}")
    if op == "exists" and value not in ("", "true", "false"):
        raise ValueError("exists takes true or false")
    return Condition(names, op, value)


def satisfies(properties: Mapping[str, Any], condition: Condition) -> bool:
    """Whether the condition holds. `ne` and `exists:false` also hold where there is no such value."""
    values = list(values_at(properties, condition.path))
    return OPERATORS[condition.op](values, condition.value)


def equal(value: Any, wanted: str) -> bool:
    """A number equals its numeral however it is written, true `true`, null `null`, a text itself."""
    if value is None:
        return wanted == "null"
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    if isinstance(value, int | float):
        return value == number(wanted)
    return isinstance(value, str) and value == wanted


def number(text: str) -> int | float | None:
    """The number that a numeral means, None when it is none. Whole numbers are exact."""
    for read in (int, float):
        try:
            found = read(text)
        except ValueError:
            continue
        return found if found == found else None  # NaN is not a number
    return None


def compare(value: Any, wanted: str, holds: Callable[[Any, Any], bool]) -> bool:
    """Numbers with a numeral, by size; texts with a text, by code point: RFC 3339 times of one zone are in order."""
    limit = number(wanted)
    if limit is None:
        return isinstance(value, str) and holds(value, wanted)
    return isinstance(value, int | float) and not isinstance(value, bool) and holds(value, limit)


def contains(value: Any, wanted: str) -> bool:
    """A text holds the wanted one, a list an equal element."""
    if isinstance(value, list):
        return any(equal(element, wanted) for element in value)
    return isinstance(value, str) and wanted in value


def ordered(holds: Callable[[Any, Any], bool]) -> Callable[[list[Any], str], bool]:
    """The operator of a comparison."""
    return lambda values, wanted: any(compare(value, wanted, holds) for value in values)


OPERATORS: Mapping[str, Callable[[list[Any], str], bool]] = {
    "eq": lambda values, wanted: any(equal(value, wanted) for value in values),
    "ne": lambda values, wanted: not any(equal(value, wanted) for value in values),
    "gt": ordered(operator.gt),
    "gte": ordered(operator.ge),
    "lt": ordered(operator.lt),
    "lte": ordered(operator.le),
    "contains": lambda values, wanted: any(contains(value, wanted) for value in values),
    "starts": lambda values, wanted: any(isinstance(value, str) and value.startswith(wanted) for value in values),
    "in": lambda values, wanted: any(equal(value, one) for value in values for one in wanted.split(",")),
    "exists": lambda values, wanted: bool(values) == (wanted != "false"),
}
"""The closed list. Given all values at the path and the text of the condition, says whether it holds."""
