"""Which step comes after which? The steps of a definition as nodes with ways between them.

Reads nothing, writes nothing.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sessionizer.automations.definition import Definition, GoTo, Leave, Step, branches

END = ""
"""Behind the last step."""


class Node(NamedTuple):
    """A step. ways: to the first steps of its branches, in their order. on: what comes after it as a whole."""

    step: Step
    ways: tuple[str, ...]
    on: str


class Graph(NamedTuple):
    """first: where the way begins, END when there is nothing to do."""

    nodes: Mapping[str, Node]
    first: str


def graph_of(definition: Definition) -> Graph:
    """Of steps whose ids differ and which lead to steps that are there (`check.py`)."""
    nodes: dict[str, Node] = {}
    return Graph(nodes, _lay(definition.steps, END, nodes))


def _lay(steps: tuple[Step, ...], on: str, nodes: dict[str, Node]) -> str:
    """Put the steps, which go on with `on`, among the nodes; gives the first."""
    for step in reversed(steps):
        after = step.step if isinstance(step, GoTo) else END if isinstance(step, Leave) else on
        ways = tuple(_lay(inside, after, nodes) for _, inside in branches(step))
        nodes[step.id] = Node(step, ways, after)
        on = step.id
    return on


def edges(graph: Graph) -> Iterator[tuple[str, str]]:
    """From which step one comes to which, END left out."""
    for id, node in graph.nodes.items():
        for other in dict.fromkeys((*node.ways, *(() if node.ways else (node.on,)))):
            if other != END:
                yield id, other
