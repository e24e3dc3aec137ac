"""How is an expression asked fast? What most expressions are made of becomes functions; the library does the rest.

The library walks the tree of an expression anew for each question, which takes five times as long. What is here answers
as it does, to the last odd case (tests/collector/hooks/test_compiled.py compares them). Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from jmespath.functions import Functions
from jmespath.visitor import TreeInterpreter

Ask = Callable[[Any], Any]
"""payload → what is found there."""
Node = Any
"""Of the library's syntax tree: {"type", "children", "value"?}."""


class Library(NamedTuple):
    """What asks for all that is not compiled, and the functions that both know."""

    tree: TreeInterpreter
    functions: Functions


def compiled(node: Node, library: Library) -> Ask:
    """A node of the library's syntax tree as a function."""
    make = _MAKERS.get(node["type"])
    return make(node, library) if make else lambda value: library.tree.visit(node, value)


def _field(node: Node, library: Library) -> Ask:
    name = node["value"]
    return lambda value: value.get(name) if type(value) is dict else None


def _current(node: Node, library: Library) -> Ask:
    return lambda value: value


def _literal(node: Node, library: Library) -> Ask:
    found = node["value"]
    return lambda value: found


def _index(node: Node, library: Library) -> Ask:
    at: int = node["value"]
    return lambda value: value[at] if type(value) is list and -len(value) <= at < len(value) else None


def _chain(node: Node, library: Library) -> Ask:
    """One after the other, each asked of what the one before has found."""
    steps = _children(node, library)

    def asked(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return asked


def _or(node: Node, library: Library) -> Ask:
    left, right = _children(node, library)

    def asked(value: Any) -> Any:
        found = left(value)
        return right(value) if is_false(found) else found

    return asked


def _and(node: Node, library: Library) -> Ask:
    left, right = _children(node, library)

    def asked(value: Any) -> Any:
        found = left(value)
        return found if is_false(found) else right(value)

    return asked


def _comparator(node: Node, library: Library) -> Ask:
    """Two texts are the common case; what is equal else, and what is greater, the library knows."""
    compare = library.tree.COMPARATOR_FUNC[node["value"]]
    if node["value"] not in ("eq", "ne"):
        return lambda value: library.tree.visit(node, value)
    left, right = _children(node, library)
    return lambda value: compare(left(value), right(value))


def _function(node: Node, library: Library) -> Ask:
    """One that is given an expression (`sort_by`) is left to the library."""
    if any(child["type"] == "expref" for child in node["children"]):
        return lambda value: library.tree.visit(node, value)
    name, arguments, call = node["value"], _children(node, library), library.functions.call_function
    return lambda value: call(name, [argument(value) for argument in arguments])


def _shape(node: Node, library: Library) -> Ask:
    members = [(child["value"], compiled(child["children"][0], library)) for child in node["children"]]
    return lambda value: None if value is None else {name: ask(value) for name, ask in members}


_MAKERS: Final[Mapping[str, Callable[[Node, Library], Ask]]] = {
    "field": _field,
    "current": _current,
    "identity": _current,
    "literal": _literal,
    "index": _index,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "or_expression": _or,
    "and_expression": _and,
    "comparator": _comparator,
    "function_expression": _function,
    "multi_select_dict": _shape,
}


def _children(node: Node, library: Library) -> Sequence[Ask]:
    return [compiled(child, library) for child in node["children"]]


def is_false(value: Any) -> bool:
    """As JMESPath has it: 0 is something."""
    return value is None or value is False or value == "" or value == [] or value == {}
