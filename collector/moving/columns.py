"""Of which type is a column of texts? Looked at as a whole, before its rows are taken: one word makes it text.

1234, -5.25                       number      no zero in front: a postal code is text
true, false, yes, no              boolean
2026-11-24, 24-11-2026, with or without a time        date: ISO 8601; day before month, unless one cannot be
anything else                     text
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
_WORDS = {"true": True, "false": False, "yes": True, "no": False}
_DATE = re.compile(r"([0-9]{4}[-/][0-9]{2}[-/][0-9]{2}|[0-9]{2}[-/][0-9]{2}[-/][0-9]{4})(?:[ T].*)?")
_DAY_FIRST, _MONTH_FIRST = "%d-%m-%Y", "%m-%d-%Y"
_TIMES = ("", " %H:%M", " %H:%M:%S")

Type = Callable[[str], Any]


def types_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Type]:
    """How each column's texts become values. A column without texts is not in it."""
    possible: dict[str, list[Type]] = {}
    for row in rows:
        for name, text in row.items():
            if isinstance(text, str):
                left = possible.get(name, _TYPES)
                if left and not _fits(left[0], text):
                    left = [kind for kind in left if _fits(kind, text)]
                possible[name] = left
    return {name: next((kind for kind in left), _text) for name, left in possible.items()}


def _fits(kind: Type, text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(text)
    return float(text) if "." in text else int(text)


def _boolean(text: str) -> bool:
    if (found := _WORDS.get(text.strip().lower())) is None:
        raise ValueError(text)
    return found


def _date(text: str, order: str) -> str:
    """`24-11-2026 10:30` → `2026-11-24T10:30:00`; without a time `2026-11-24`. Raises ValueError."""
    text = text.strip().replace("/", "-")
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    if text[4] == "-":
        datetime.fromisoformat(text)  # a day that there is
        return text
    for time in _TIMES:
        try:
            found = datetime.strptime(text, order + time)  # noqa: DTZ007  # a day and a wall time: of no zone
        except ValueError:
            continue
        return found.isoformat() if time else found.date().isoformat()
    raise ValueError(text)


def day_first(text: str) -> str:
    """A date as most of the world writes it. Raises ValueError."""
    return _date(text, _DAY_FIRST)


def _month_first(text: str) -> str:
    return _date(text, _MONTH_FIRST)


def _text(text: str) -> str:
    return text


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(";" if ";" in text else ",")]


AS_DEFINED: Mapping[str, Type] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "date": day_first,
    "list": _list,
}
"""The type that a team has fixed for an attribute → how a text becomes such a value. Each raises ValueError."""

_TYPES: list[Type] = [_number, _boolean, day_first, _month_first]
