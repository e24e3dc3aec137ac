"""How is an automation changed while it is only a draft? As plain JSON, by the paths that `check` names.

    steps[0].yes[1]         a step within a way
    steps[0].yes            the steps of that way
    steps[2].cases[0]       a case, whose steps are steps[2].cases[0].then

Changes what it is given: a draft belongs to one request. Reads nothing, writes nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sessionizer.automations.definition import Definition, plain

_PLACE = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")
_PATH = re.compile(r"[a-z_]+(\[\d{1,4}\])?(\.[a-z_]+(\[\d{1,4}\])?)*")
LISTS = ("triggers", "exits", "steps")

Tree = dict[str, Any]


class Astray(LookupError):
    """The path leads nowhere."""


def tree_of(definition: Definition) -> Tree:
    """A definition as a draft."""
    return read(written(plain(definition)))


def get(tree: Tree, path: str) -> Any:
    """What stands there; of a list that is not there, an empty one. Raises Astray."""
    if not _PATH.fullmatch(path):
        raise Astray(path)
    here: Any = tree
    for name, place in _PLACE.findall(path):
        if not isinstance(here, dict):
            raise Astray(path)
        here = here.setdefault(name, {} if name == "entry" else [])
        if place:
            if not isinstance(here, list) or int(place) >= len(here):
                raise Astray(path)
            here = here[int(place)]
    return here


def put(tree: Tree, path: str, value: Any) -> None:
    """Something else in its place. Raises Astray."""
    if path == "entry":
        tree["entry"] = value
        return
    around, place = where(path)
    get(tree, path)
    get(tree, around)[place] = value


def remove(tree: Tree, path: str) -> None:
    """What stands there, away. Raises Astray."""
    around, place = where(path)
    get(tree, path)
    del get(tree, around)[place]


def insert(tree: Tree, path: str, value: Any) -> None:
    """Before what stands there, or behind the last. Raises Astray."""
    around, place = where(path)
    of = get(tree, around)
    if not isinstance(of, list):
        raise Astray(path)
    of.insert(place, value)


def move(tree: Tree, path: str, by: int) -> str:
    """Change places with a neighbour; gives the path at which it stands then. Raises Astray."""
    around, place = where(path)
    of, other = get(tree, around), place + by
    get(tree, path)
    if not 0 <= other < len(of):
        return path
    of[place], of[other] = of[other], of[place]
    return f"{around}[{other}]"


def where(path: str) -> tuple[str, int]:
    """(path of the list, place in it). Raises Astray for what is in no list."""
    found = re.fullmatch(r"(.*)\[(\d{1,4})\]", path)
    if not found:
        raise Astray(path)
    return found[1], int(found[2])


def ways(step: Tree) -> list[str]:
    """Fields of the ways that part at a step, whatever stands in them."""
    kind = step.get("type")
    if kind == "wait_for":
        return ["yes", "no"]
    if kind == "split":
        return [*(f"cases[{place}].then" for place in range(len(step.get("cases", [])))), "otherwise"]
    return [f"parts[{place}].then" for place in range(len(step.get("parts", [])))] if kind == "random" else []


def walk(tree: Tree, path: str = "steps") -> Iterator[tuple[str, Tree]]:
    """Every step with its path, from the top, branches inside."""
    for place, step in enumerate(get(tree, path)):
        here = f"{path}[{place}]"
        yield here, step
        for way in ways(step):
            yield from walk(tree, f"{here}.{way}")


def free_id(tree: Tree, kind: str) -> str:
    """An id that no step has."""
    taken = {step.get("id") for _, step in walk(tree)}
    return next(id for n in range(1, len(taken) + 2) if (id := kind if n == 1 else f"{kind}_{n}") not in taken)


def read(text: str) -> Tree:
    """What a form carries. Raises Astray for what is no draft at all."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Astray("definition") from None
    if not isinstance(found, dict) or not all(_is_sound(found.setdefault(name, [])) for name in LISTS):
        raise Astray("definition")
    if not isinstance(found.setdefault("entry", {}), dict):
        raise Astray("definition")
    return found


def _is_sound(steps: Any, depth: int = 0) -> bool:
    """Whether these are parts with steps inside of them; what is said in them is for `check`."""
    if not isinstance(steps, list) or depth > 40:
        return False
    for step in steps:
        if not isinstance(step, dict) or not isinstance(step.get("type"), str):
            return False
        cases = [step.get(name, []) for name in ("cases", "parts")]
        if not all(isinstance(all_, list) and all(isinstance(one, dict) for one in all_) for all_ in cases):
            return False
        inner = [*(step.get(name, []) for name in ("yes", "no", "otherwise"))]
        inner += [one.get("then", []) for all_ in cases for one in all_]
        if not all(_is_sound(one, depth + 1) for one in inner):
            return False
    return True


def written(tree: Any) -> str:
    """As a form carries it."""
    return msgspec.json.encode(tree).decode()


def read_part(text: str) -> Tree:
    """A copy of a part, from how it is written."""
    found: Tree = msgspec.json.decode(text)
    return found
