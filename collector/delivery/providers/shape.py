"""How is a body filled, and how is something found in an answer?"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from collector.delivery.providers.provider import Shape

_PLACE = re.compile(r"\{([a-z_]+)\}")


def filled(shape: Shape, values: Mapping[str, Any]) -> dict[str, Any]:
    """The shape with the values in their places. What becomes an empty text is left out: it was not set."""
    found = {name: _value(value, values) for name, value in shape.items()}
    return {name: value for name, value in found.items() if value not in ("", {}, [])}


def _value(shape: Any, values: Mapping[str, Any]) -> Any:
    match shape:
        case Mapping():
            return filled(shape, values)
        case list() | tuple():
            return [_value(item, values) for item in shape]
        case str():
            whole = _PLACE.fullmatch(shape)
            # A value is never looked through for places: what somebody wrote stays what it is.
            return values[whole[1]] if whole else _PLACE.sub(lambda place: str(values[place[1]]), shape)
        case _:
            return shape


def places(shape: Any) -> set[str]:
    """The names of all places in it."""
    match shape:
        case Mapping():
            return set().union(*map(places, shape.values()))
        case list() | tuple():
            return set().union(*map(places, shape))
        case str():
            return set(_PLACE.findall(shape))
        case _:
            return set()


def dug(value: object, path: str) -> list[object]:
    """All that the path leads to; nothing when it leads nowhere. "" is the value itself."""
    return list(_dig(value, path.split("."))) if path else [value]


def _dig(value: object, steps: list[str]) -> Iterator[object]:
    if not steps:
        yield value
    elif isinstance(value, Mapping) and steps[0] in value:
        yield from _dig(value[steps[0]], steps[1:])
    elif isinstance(value, list):
        chosen = value if steps[0] == "*" else value[int(steps[0]) :][:1] if steps[0].isdigit() else []
        for item in chosen:
            yield from _dig(item, steps[1:])


def text_at(value: object, path: str, default: str = "") -> str:
    """The first text or number there, at most 500 characters; the default for anything else."""
    found = next(iter(dug(value, path)), None) if path else None
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return default
    return str(found)[:500]
