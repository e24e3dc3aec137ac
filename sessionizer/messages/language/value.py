"""How are values looked into, compared and written? Plain data only: what is none of it is nothing.

Data are dict, list, str, int, float, bool and None, as they come of JSON. Nothing here asks an object for an attribute,
so that there is no way from a template into the program. Reads nothing, writes nothing.
"""

import json
import re
from collections.abc import Callable
from html import escape
from math import isfinite
from typing import Any

import msgspec

from sessionizer.messages.language.run import MAX_LIST, MAX_TEXT, Run, Safe

_NUMBER = re.compile(r"\s*[+-]?\d{1,40}(?:\.\d{0,40})?\s*")
_BLANKS = re.compile(r"[\x00-\x20]+")  # browsers do not see them in an address
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_HARMLESS = frozenset({"http", "https", "mailto", "tel", "sms", "cid"})
MAX_ADDRESS = 4_096  # characters in which a scheme is looked for
_PLAIN = (dict, list, str, int, float, type(None))
NOWHERE = "#"
"""Where an address leads that would run a program in the reader's browser."""


class Turn:
    """Where a loop is: `forloop`."""

    __slots__ = ("index", "length", "outer")

    def __init__(self, length: int, outer: Any) -> None:
        """length: how many turns there are. outer: the loop around it, None without one."""
        self.index = -1
        self.length = length
        self.outer = outer

    def get(self, name: Any) -> Any:
        """What a template may ask of it, in the words of Django and of Liquid; None for others."""
        ask = _TURNS.get(name) if isinstance(name, str) else None
        return ask(self) if ask else None


_TURNS: dict[str, Callable[[Turn], Any]] = {
    "counter": lambda turn: turn.index + 1,
    "index": lambda turn: turn.index + 1,
    "counter0": lambda turn: turn.index,
    "index0": lambda turn: turn.index,
    "revcounter": lambda turn: turn.length - turn.index,
    "rindex": lambda turn: turn.length - turn.index,
    "revcounter0": lambda turn: turn.length - turn.index - 1,
    "rindex0": lambda turn: turn.length - turn.index - 1,
    "first": lambda turn: turn.index == 0,
    "last": lambda turn: turn.index == turn.length - 1,
    "length": lambda turn: turn.length,
    "parentloop": lambda turn: turn.outer,
}
TURNS = frozenset(_TURNS)


def inside(value: Any, step: Any) -> Any:
    """What a dict has under a name, a list at a place (negative: from its end); its size, first, last; else None."""
    if isinstance(value, dict):
        found = value.get(step) if isinstance(step, str | int) else None
        return len(value) if found is None and step == "size" else found
    if isinstance(value, list):
        return _of_list(value, step)
    if isinstance(value, Turn):
        return value.get(step)
    return len(value) if isinstance(value, str) and step in ("size", "length") else None


def _of_list(value: list[Any], step: Any) -> Any:
    if step in ("size", "length"):
        return len(value)
    place = {"first": 0, "last": -1}.get(step, step) if isinstance(step, str) else step
    if isinstance(place, str) and place.lstrip("-").isdecimal() and len(place) < 10:
        place = int(place)
    if not isinstance(place, int) or isinstance(place, bool):
        return None
    return value[place] if -len(value) <= place < len(value) else None


def is_true(value: Any) -> bool:
    """As Django: nothing, false, 0 and what is empty are not."""
    return bool(value) if isinstance(value, dict | list | str | int | float) else isinstance(value, Turn)


def number_of(value: Any) -> int | float | None:
    """A number, also one that is written as a text; None for others."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if isinstance(value, int) or isfinite(value) else None
    if isinstance(value, str) and len(value) <= 90 and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return None


def equal(run: Run, left: Any, right: Any) -> bool:
    """1 and 1.0 are; "1" and 1 are not; nothing and what is empty are. Raises TooMuch."""
    if left is None or right is None or left == "" or right == "":
        return _is_empty(left) and _is_empty(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict | list) and isinstance(right, dict | list):
        _weigh(run, left)
    return bool(left == right)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def less(left: Any, right: Any) -> bool:
    """Numbers by size, also those written as a text beside a number; texts by their letters; others never."""
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    first, second = number_of(left), number_of(right)
    return first is not None and second is not None and first < second


def has(run: Run, whole: Any, part: Any) -> bool:
    """A text another, a list an element, a dict a name. Raises TooMuch."""
    if isinstance(whole, str):
        run.room(len(whole))
        return part is not None and text_of(run, part) in whole
    if isinstance(whole, dict):
        return isinstance(part, str) and part in whole
    if isinstance(whole, list):
        run.seats(len(whole))
        return any(equal(run, one, part) for one in whole)
    return False


def each_of(run: Run, value: Any) -> list[Any]:
    """What a loop goes over: a list's elements, a dict's pairs, a text as one; nothing of others. Raises TooMuch."""
    if isinstance(value, dict):
        value = [[name, one] for name, one in value.items()] if len(value) <= MAX_LIST else list(value)
    if not isinstance(value, list):
        return [value] if isinstance(value, str) and value else []
    run.seats(len(value))
    return value


def text_of(run: Run, value: Any) -> str:
    """As people read it: 12.0 is 12, a list has commas, a dict is JSON. Raises TooMuch."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Turn):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, int):
        return str(run.number(value))
    return _joined(run, value) if isinstance(value, _PLAIN) else ""


def _joined(run: Run, value: Any) -> str:
    if run.mode != "json" and isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        _weigh(run, value)
        return ", ".join(text_of(run, one) for one in value)
    return json_of(run, value)


def json_of(run: Run, value: Any) -> str:
    """As JSON. Raises TooMuch."""
    if not isinstance(value, _PLAIN):
        return "null"
    _weigh(run, value)
    text = _encoded(value)
    run.room(len(text))
    return text


def _encoded(value: Any) -> str:
    """Half of a letter (`\\ud800`) is an escape, as JSON may have it; what is no plain data is null."""
    try:
        return msgspec.json.encode(value).decode()
    except (UnicodeEncodeError, TypeError):
        return json.dumps(value, default=lambda _: None)


def _weigh(run: Run, value: Any) -> None:
    """Before it is written: a list may hold one long text a thousand times. Raises TooMuch."""
    waiting, characters, elements = [value], 0, 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            characters += len(one)
        elif isinstance(one, dict | list):
            elements += len(one)
            run.seats(len(one))
            waiting.extend(one.values() if isinstance(one, dict) else one)
        if characters > MAX_TEXT or elements > MAX_LIST:
            run.room(max(characters, MAX_TEXT + 1))


def written(run: Run, value: Any) -> str:
    """What stands in the output: escaped for where it stands. Raises TooMuch."""
    text = value if isinstance(value, str) else text_of(run, value)
    if len(text) > 512:
        run.room(len(text))
    if run.mode == "html":
        return text if isinstance(text, Safe) else escape(text)
    if run.mode == "json" and isinstance(value, str) and not isinstance(value, Safe):
        return _encoded(text)[1:-1]
    return text


def address(text: str) -> str:
    """The same, unless it leads into a program (`javascript:`)."""
    if text.startswith(("https://", "http://")):
        return text
    scheme = _SCHEME.match(_BLANKS.sub("", text[:MAX_ADDRESS]))
    return text if scheme is None or scheme[1].lower() in _HARMLESS else NOWHERE
