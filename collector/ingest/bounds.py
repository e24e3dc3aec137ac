"""Is this JSON small enough, and can it be stored? The bounds of one event's free-form values.

    levels                 10     of containers; `properties` itself is the first: {"a": {"b": 1}} has 2
    members of an object  255
    nodes               1,000     members of objects and elements of lists, of the whole event
    a text              8 KiB     in UTF-8
    a name              128 B     in UTF-8
    a whole number      ±(2^63 − 1)
    `properties`     50,000 B     as JSON; also `contact_properties`

Texts must not hold NUL or half characters (lone surrogates), numbers must be finite: SQLite would refuse them later,
and a refused row would cost its neighbours. Reads nothing, writes nothing. Source: SECURITY 2.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import msgspec

from collector.errors import Code
from collector.ingest.draft import Refusal

MAX_DEPTH = 10
MAX_MEMBERS = 255
MAX_NODES = 1_000
MAX_TEXT_BYTES = 8 * 1024
MAX_NAME_BYTES = 128
MAX_INTEGER = 2**63 - 1
MAX_PROPERTIES_BYTES = 50_000

USUAL_NAME = MAX_NAME_BYTES // 4
"""Characters: they have four bytes at most."""

LEAST_USUAL, GREATEST_USUAL = -(2**40), 2**40
"""Numbers between need no second look. Python compares a fraction with a whole number beyond 48 bits the long way."""

_SHOWN_CHARACTERS = 64
_encoder = msgspec.json.Encoder()


class _OutOfBounds(Exception):
    """Carries the path out of the recursion, written from the inside to the outside."""

    def __init__(self, code: Code, message: str) -> None:
        self.code, self.message, self.path = code, message, ""


def text_fault(text: str, max_bytes: int) -> str:
    """What is wrong with the text, as the end of a sentence; "" when it can be stored."""
    if text.isascii() and len(text) <= max_bytes and "\0" not in text:
        return ""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return "holds half a character (a lone surrogate)"
    if size > max_bytes:
        return f"has more than {max_bytes:,} bytes"
    return "holds NUL" if "\0" in text else ""


def shown(text: str) -> str:
    """A text of a stranger, fit for a message: ASCII, escaped, cut."""
    return ascii(text[:_SHOWN_CHARACTERS])[1:-1]


def trees_fault(trees: Mapping[str, Mapping[str, Any]], *, is_small: bool) -> Refusal | None:
    """What is wrong with an event's free-form values, None when they can be stored.

    trees: by the field's name, for the path; they share the bound of nodes. is_small: their size as JSON is known to be
    below MAX_PROPERTIES_BYTES.
    """
    left = MAX_NODES
    for field, tree in trees.items():
        try:
            left = _walk(tree, 1, left)
        except _OutOfBounds as fault:
            return Refusal(fault.code, field + fault.path, fault.message)
        if not is_small and len(_encoder.encode(tree)) > MAX_PROPERTIES_BYTES:
            return Refusal(Code.TOO_LARGE, field, f"more than {MAX_PROPERTIES_BYTES:,} bytes of JSON")
    return None


def _walk(tree: Any, depth: int, left: int) -> int:
    """How many nodes are left of `left` after this object or list. Raises _OutOfBounds."""
    left -= len(tree)
    if depth > MAX_DEPTH or left < 0:
        raise _too_much(depth)
    is_object = type(tree) is dict
    if is_object:
        _check_names(tree)
    for name, value in tree.items() if is_object else enumerate(tree):
        kind = type(value)
        # The three tests are the fast way for nearly every value; who fails one is looked at closely.
        if kind is str:
            if not (value.isascii() and len(value) <= MAX_TEXT_BYTES and "\0" not in value):
                _check_text(name, value)
        elif kind is dict or kind is list:
            left = _walk_into(name, value, depth, left)
        elif value is not None and not LEAST_USUAL <= value <= GREATEST_USUAL:
            _check_number(name, value)
    return left


def _walk_into(name: str | int, value: Any, depth: int, left: int) -> int:
    try:
        return _walk(value, depth + 1, left)
    except _OutOfBounds as fault:
        raise _at(name, fault) from None


def _too_much(depth: int) -> _OutOfBounds:
    if depth > MAX_DEPTH:
        return _OutOfBounds(Code.TOO_DEEP, f"nested more than {MAX_DEPTH} levels deep")
    return _OutOfBounds(Code.BAD_PROPERTY, f"more than {MAX_NODES:,} values in one event")


def _check_names(tree: Mapping[str, Any]) -> None:
    if len(tree) > MAX_MEMBERS:
        raise _OutOfBounds(Code.BAD_PROPERTY, f"more than {MAX_MEMBERS} members")
    for name in tree:
        if len(name) > USUAL_NAME or not name.isidentifier():
            _check_name(name)


def _check_name(name: str) -> None:
    if fault := text_fault(name, MAX_NAME_BYTES):
        raise _at(name, _OutOfBounds(Code.BAD_PROPERTY, f"the name {fault}"))


def _check_text(name: str | int, text: str) -> None:
    if fault := text_fault(text, MAX_TEXT_BYTES):
        raise _at(name, _OutOfBounds(Code.BAD_PROPERTY, f"the text {fault}"))


def _check_number(name: str | int, number: int | float) -> None:
    """Fractions may be as great as they like, as long as they are numbers."""
    if not isinstance(number, float):
        if not -MAX_INTEGER <= number <= MAX_INTEGER:
            raise _at(name, _OutOfBounds(Code.BAD_PROPERTY, "a whole number beyond ±(2^63 − 1)"))
    elif not isfinite(number):
        raise _at(name, _OutOfBounds(Code.BAD_PROPERTY, "a number too great to be one"))


def written(field: str, path: Iterable[str | int]) -> str:
    """`properties.items[0].price`: the way to a value inside of a field, names fit for a message."""
    return field + "".join(f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in path)


def _at(name: str | int, fault: _OutOfBounds) -> _OutOfBounds:
    fault.path = (f"[{name}]" if isinstance(name, int) else f".{shown(name)}") + fault.path
    return fault
