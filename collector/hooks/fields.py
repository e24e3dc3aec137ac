"""Which fields does a payload have, and by which expression is each found? For whoever points at one of them.

    {"items": [{"sku": 1}]} → items, items[0], items[0].sku

Objects and lists are fields too: they can be taken as they are. Pure.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from collector.hooks.expression import MAX_CHARACTERS, MAX_NESTED

MAX_FIELDS: Final = 300
WHOLE: Final = "@"
"""The expression that finds the payload itself."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NO_NAME = re.compile(r"[^A-Za-z0-9_]+")


class Field(NamedTuple):
    """One of them. path: the expression; step: its end, within what holds it. name: a property that it could become.
    level: 0 for what is in no other."""

    path: str
    step: str
    name: str
    value: Any
    level: int

    @property
    def holds(self) -> int | None:
        """How many members an object or a list has; None for a value."""
        return len(self.value) if isinstance(self.value, dict | list) else None


def fields_of(payload: Any, root: str = "") -> list[Field]:
    """At most MAX_FIELDS, each before those that it holds. root: expression of the payload, when it stands in another.

    What no expression may ask for, as its path were too long or too deep, is left out.
    """
    if not isinstance(payload, dict | list):
        return [Field(root or WHOLE, root or WHOLE, "value", payload, 0)]
    return list(islice(_inside(payload, root, 0), MAX_FIELDS))


def quoted(name: str) -> str:
    """A member's name, as an expression has it."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _inside(value: Any, path: str, level: int) -> Iterator[Field]:
    for name, step, inner in _members(value, path):
        longer = f"{path}.{step}" if path and isinstance(value, dict) else path + step
        if len(longer) > MAX_CHARACTERS or max(longer.count(mark) for mark in "([{!&") > MAX_NESTED:
            continue
        yield Field(longer, step, name, inner, level)
        yield from _inside(inner, longer, level + 1)


def _members(value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """(name, step, value) of each."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield _name(name), quoted(name), inner
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield f"{_name(_last(path))}_{at + 1}", f"[{at}]", inner


def _last(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0] or "item"


def _name(text: str) -> str:
    return _NO_NAME.sub("_", text).strip("_")[:64].lower() or "value"
