"""What can be done with a list? Filters that take one; what is no list is one of one element, or of none.

Comparing is by kind first (numbers before texts), so that a mixed list has an order as well. Reads nothing, writes
nothing.
"""

from collections.abc import Iterable
from typing import Any

from sessionizer.messages.language.filters.texts import taken
from sessionizer.messages.language.run import Run
from sessionizer.messages.language.value import equal, inside, is_true, json_of, number_of, text_of


def _list(run: Run, value: Any) -> list[Any]:
    found = value if isinstance(value, list) else [] if value is None or value == "" else [value]
    run.seats(len(found))
    return found


def join(run: Run, value: Any, between: Any = ", ") -> str:
    """As one text, with something between."""
    separator = text_of(run, between)
    texts = [text_of(run, one) for one in _list(run, value)]
    run.room(sum(len(text) for text in texts) + len(separator) * len(texts))
    return separator.join(texts)


def first(run: Run, value: Any) -> Any:
    """Its first element, of a text its first character; nothing when it is empty."""
    return value[:1] if isinstance(value, str) else inside(value, "first")


def last(run: Run, value: Any) -> Any:
    """Its last element, of a text its last character; nothing when it is empty."""
    return value[-1:] if isinstance(value, str) else inside(value, "last")


def length(run: Run, value: Any) -> int:
    """How many elements it has, or characters; 0 of others."""
    return len(value) if isinstance(value, list | dict | str) else 0


def slice_(run: Run, value: Any, start: Any, count: Any = 1) -> Any:
    """From a place on so many (Liquid), or from one to before another: `":3"` (Django)."""
    found = value if isinstance(value, list) else taken(run, value)
    run.pay(len(found) // 16)
    begin, colon, end = text_of(run, start).partition(":")
    if colon:
        return found[_place(begin) : _place(end)]
    place, number = _place(begin) or 0, max(0, _place(count) or 0)
    place = max(0, place + len(found)) if place < 0 else place
    return found[place : place + number]


def _place(value: Any) -> int | None:
    number = number_of(value)
    return None if number is None else int(max(-1e9, min(1e9, number)))


def split(run: Run, value: Any, at: Any) -> list[str]:
    """A text as a list, cut where another stands; at "" into its characters."""
    text, separator = taken(run, value), text_of(run, at)
    run.seats(text.count(separator) + 1 if separator else len(text))
    return text.split(separator) if separator else list(text)


def reverse(run: Run, value: Any) -> list[Any]:
    """From the last to the first."""
    return _list(run, value)[::-1]


def concat(run: Run, value: Any, more: Any) -> list[Any]:
    """With another list behind it."""
    left, right = _list(run, value), _list(run, more)
    run.seats(len(left) + len(right))
    return left + right


def map_(run: Run, value: Any, name: Any) -> list[Any]:
    """What each element has under a name."""
    return [inside(one, name) for one in _list(run, value)]


def where(run: Run, value: Any, name: Any, wanted: Any = None) -> list[Any]:
    """The elements that have a value under a name; without one, those that have any."""
    return [one for one in _list(run, value) if _passes(run, inside(one, name), wanted)]


def _passes(run: Run, value: Any, wanted: Any) -> bool:
    return is_true(value) if wanted is None else equal(run, value, wanted)


def sort(run: Run, value: Any, name: Any = None) -> list[Any]:
    """From small to large, by what they have under a name when one is given."""
    found = _list(run, value)
    run.seats(len(found))
    return sorted(found, key=lambda one: _rank(run, one if name is None else inside(one, name)))


def _rank(run: Run, value: Any) -> tuple[int, Any]:
    number = number_of(value)
    if number is not None:
        return (0, number)
    return (2, "") if value is None else (1, text_of(run, value))


def uniq(run: Run, value: Any) -> list[Any]:
    """Each once, where it comes first."""
    found: dict[str, Any] = {}
    for one in _list(run, value):
        found.setdefault(json_of(run, one), one)
    return list(found.values())


def compact(run: Run, value: Any) -> list[Any]:
    """Without those that are missing."""
    return [one for one in _list(run, value) if one is not None]


def sum_(run: Run, value: Any, name: Any = None) -> Any:
    """All added up, or what they have under a name."""
    elements = _list(run, value)
    numbers: Iterable[Any] = (number_of(one if name is None else inside(one, name)) for one in elements)
    return run.number(sum(number for number in numbers if number is not None))
