"""Does a value fit a schema? The part of JSON Schema that is understood here; a schema that says more is refused.

    type                   string number integer boolean object array null, or a list of them
    enum                   the only values that it may have
    minimum maximum        of a number, both included
    minLength maxLength    of a text, in characters, both included
    required               of an object: the names that must be there
    properties             of an object: name → schema; what is not named may be anything,
    additionalProperties   unless this is false
    items                  of an array: the schema of each
    title description format examples default $schema $comment    are said to people and checked by nobody

A word that speaks of another type than the value's says nothing about it, as everywhere in JSON Schema. Patterns are
left out: one that is badly made takes a server's time. Reads nothing, writes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

MAX_DEPTH = 10
"""Levels, as many as an event's properties may have."""
MAX_SCHEMAS = 500
"""Schemas inside of one, itself among them."""

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]


class Misfit(NamedTuple):
    """What does not fit. path: names and places from the outside to the inside. message: the end of a sentence."""

    path: Path
    message: str


def object_of(properties: Mapping[str, Schema]) -> Schema:
    """An object's schema as JSON Schema has it. properties: by name, `required` marked in each, as in the catalogue."""
    inner = {
        name: {word: said for word, said in each.items() if word != "required"} for name, each in properties.items()
    }
    needed = [name for name, each in properties.items() if each.get("required")]
    return {"type": "object", "properties": inner} | ({"required": needed} if needed else {})


def misfit(schema: Schema, value: Any) -> Misfit | None:
    """The first thing in the value that does not fit, None when all does. schema: one without a `fault`."""
    for word, check in _CHECKS.items():
        if word in schema and (message := check(schema[word], value)):
            return Misfit((), message)
    for name, inner, part in _parts(schema, value):
        if found := misfit(inner, part):
            return Misfit((name, *found.path), found.message)
    return _left_out_or_too_many(schema, value)


def type_of(value: Any) -> str:
    """What JSON Schema calls the value's type; a number without a fraction is an integer."""
    kind = _NAMES.get(type(value), "object")
    return "integer" if kind == "number" and value == value // 1 else kind


_NAMES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}


def _parts(schema: Schema, value: Any) -> Iterator[tuple[str | int, Schema, Any]]:
    """(name or place, its schema, its value) of all that has a schema of its own."""
    if isinstance(value, dict):
        inner = schema.get("properties", {})
        yield from ((name, inner[name], part) for name, part in value.items() if name in inner)
    elif isinstance(value, list) and "items" in schema:
        yield from ((place, schema["items"], part) for place, part in enumerate(value))


def _left_out_or_too_many(schema: Schema, value: Any) -> Misfit | None:
    if not isinstance(value, dict):
        return None
    for name in schema.get("required", ()):
        if name not in value:
            return Misfit((name,), "it is required")
    if schema.get("additionalProperties") is False:
        for name in value:
            if name not in schema.get("properties", {}):
                return Misfit((name,), "there is no such property in the schema")
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wrong_type(said: str | list[str], value: Any) -> str:
    wanted, found = [said] if isinstance(said, str) else said, type_of(value)
    if found in wanted or (found == "integer" and "number" in wanted):
        return ""
    return f"it is {found}, not {' or '.join(wanted)}"


def _none_of(said: list[Any], value: Any) -> str:
    """True is not 1 in JSON, but it is in Python."""
    if any(each == value and isinstance(each, bool) == isinstance(value, bool) for each in said):
        return ""
    return f"it is none of the {len(said)} values that it may have"


_CHECKS: Mapping[str, Callable[[Any, Any], str]] = {
    "type": _wrong_type,
    "enum": _none_of,
    "minimum": lambda said, value: f"it is below {said}" if _is_number(value) and value < said else "",
    "maximum": lambda said, value: f"it is above {said}" if _is_number(value) and value > said else "",
    "minLength": lambda said, value: (
        f"it has fewer than {said} characters" if isinstance(value, str) and len(value) < said else ""
    ),
    "maxLength": lambda said, value: (
        f"it has more than {said} characters" if isinstance(value, str) and len(value) > said else ""
    ),
}


# Is it a schema? -----------------------------------------------------------------------------------------------------

TYPES = frozenset(_NAMES.values())


def fault(schema: Any) -> Misfit | None:
    """What is wrong with a schema itself, None when it may be used. path: inside of the schema."""
    left = [MAX_SCHEMAS]
    return _fault(schema, 1, left)


def _fault(schema: Any, depth: int, left: list[int]) -> Misfit | None:
    left[0] -= 1
    if not isinstance(schema, dict):
        return Misfit((), "a schema is a JSON object")
    if depth > MAX_DEPTH or left[0] < 0:
        return Misfit((), f"more than {MAX_DEPTH} levels, or {MAX_SCHEMAS} schemas inside of one")
    for word, said in schema.items():
        if word not in _SAYS:
            return Misfit((word,), f"this word is not understood here; there are: {' '.join(_SAYS)}")
        if not _SAYS[word](said):
            return Misfit((word,), "this word cannot say that")
    for path, inner in _inner(schema):
        if found := _fault(inner, depth + 1, left):
            return Misfit((*path, *found.path), found.message)
    return None


def _inner(schema: Schema) -> Iterator[tuple[Path, Any]]:
    yield from ((("properties", name), each) for name, each in schema.get("properties", {}).items())
    if "items" in schema:
        yield ("items",), schema["items"]


def _anything(said: Any) -> bool:
    return True


def _is_length(said: Any) -> bool:
    return isinstance(said, int) and not isinstance(said, bool) and said >= 0


def _is_names(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(name, str) for name in said)


def _is_type(said: Any) -> bool:
    return said in TYPES if isinstance(said, str) else _is_names(said) and bool(said) and TYPES.issuperset(said)


_SAYS: Mapping[str, Callable[[Any], bool]] = {
    "type": _is_type,
    "enum": lambda said: isinstance(said, list) and bool(said),
    "minimum": _is_number,
    "maximum": _is_number,
    "minLength": _is_length,
    "maxLength": _is_length,
    "required": _is_names,
    "properties": lambda said: isinstance(said, dict),
    "additionalProperties": lambda said: isinstance(said, bool),
    "items": _anything,
    **dict.fromkeys(("title", "description", "format", "examples", "default", "$schema", "$comment"), _anything),
}
