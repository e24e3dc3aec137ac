"""How much larger than a payload may be what an expression finds there? From its syntax tree, before it is ever asked.

    [@, @] | [@, @] | …      2, 4, 8 … payloads; twenty such steps would fill any memory

What is found by steps that follow each other grows by their product, of parts beside each other by their sum. Pure.
"""

from collections.abc import Callable, Iterator, Mapping
from math import prod
from typing import Any, Final

from collector.hooks.compiled import Node

MAX_GROWTH: Final = 64
"""Payloads. What is shipped stays below 32."""
ESCAPED: Final = 6
"""`to_string` writes one character as six: `\\u00e9`."""
COUNTED: Final = 16
"""Characters of a literal that count as one payload: each element of a list may be put in its place."""


def growth(node: Node) -> int:
    """At most so many payloads, as trees: what is named twice counts twice. Raises RecursionError."""
    of = _KINDS.get(node["type"], _of_steps)
    return max(1, of(node))


def _of_steps(node: Node) -> int:
    return prod(_inside(node))


def _of_parts(node: Node) -> int:
    return sum(_inside(node))


def _of_choices(node: Node) -> int:
    return max(_inside(node))


def _of_filter(node: Node) -> int:
    list_, each, condition = _inside(node)
    return list_ * max(each, condition)


def _of_function(node: Node) -> int:
    """An expression as an argument (`map(&a, list)`) is asked of each element."""
    given = [child for child in node["children"] if child["type"] != "expref"]
    asked = [child for child in node["children"] if child["type"] == "expref"]
    grown = ESCAPED if node["value"] == "to_string" else 1
    return grown * max(1, sum(map(growth, given))) * prod(map(growth, asked))


def _of_literal(node: Node) -> int:
    return 1 + len(str(node["value"])) // COUNTED


_KINDS: Final[Mapping[str, Callable[[Node], int]]] = {
    "literal": _of_literal,
    "multi_select_list": _of_parts,
    "multi_select_dict": _of_parts,
    "or_expression": _of_choices,
    "and_expression": _of_choices,
    "comparator": _of_choices,
    "filter_projection": _of_filter,
    "function_expression": _of_function,
}


def _inside(node: Node) -> Iterator[int]:
    """Of its children; a slice has numbers for children."""
    children: list[Any] = node["children"]
    return (growth(child) for child in children if isinstance(child, dict))
