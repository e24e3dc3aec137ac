"""Where does a path lead in an event's properties? `items[].sku`, `items.0.qty`, `total`.

A path goes into objects by name. In a list a number takes one element, any other name looks into each of them; so a
path may lead to several values. `[]` behind a list's name is for people: it changes nothing. Reads nothing, writes
nothing; the path is data, never part of a query.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

MAX_DEPTH = 10
"""Levels of a path: properties are not nested deeper (SECURITY 2)."""


@lru_cache(maxsize=1_024)
def names_of(path: str) -> tuple[str, ...]:
    """The names of a path. Raises ValueError with what is wrong with it."""
    names = tuple(name.removesuffix("[]") for name in path.split("."))
    if not all(names) or len(names) > MAX_DEPTH:
        raise ValueError(f"the path of a property is 1 to {MAX_DEPTH} names with dots between, not {path[:100]!r}")
    return names


def values_at(value: Any, names: Sequence[str]) -> list[Any]:
    """Every value to which the names lead. value: as JSON is decoded, of dicts and lists."""
    for place, name in enumerate(names):
        if isinstance(value, dict):
            if name not in value:
                return []
            value = value[name]
        else:
            return _values_in(value, names[place:]) if isinstance(value, list | tuple) else []
    return [value]


def _values_in(elements: Sequence[Any], names: Sequence[str]) -> list[Any]:
    """The same, in a list: one element by its number, or each of them."""
    if names[0].isascii() and names[0].isdigit():
        index = int(names[0][:9])
        return values_at(elements[index], names[1:]) if index < len(elements) else []
    return [value for element in elements if isinstance(element, dict) for value in values_at(element, names)]
