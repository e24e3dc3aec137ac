"""What does a template read? Its variables with their lines, followed to where they come from.

A name that the template gives itself is followed (`assign`, `with`, `for`, a block's names), so that *did you mean* and
what a message needs are about the data, not about names on the way. Reads nothing, writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sessionizer.messages.language import tree

MAX_NODES = 50_000
EACH = "[]"
"""The step from a list to any of its elements."""


class Read(NamedTuple):
    """One variable. steps: `("event", "items", "[]", "name")`, None where a name in brackets is not written out; () of
    what was computed on the way.
    """

    steps: tuple[str | int | None, ...]
    line: int


Names = Mapping[str, tuple[str | int | None, ...]]
"""What the names of a template stand for; () for what is computed."""
Bodies = Mapping[str, tree.Body]

ALIASES = {"params": "event"}


def reads(body: tree.Body, blocks: Bodies) -> list[Read]:
    """In the order of the source; those of the blocks at the line of their include. Raises TooWide."""
    return list(_Walk(blocks).body(body, {}))


class TooWide(Exception):
    """Blocks that stand in each other again and again: nobody could write that out."""


class _Walk:
    """Goes through a tree, and through its blocks as often as they are asked for."""

    def __init__(self, blocks: Bodies) -> None:
        self._blocks = blocks
        self._inside: list[str] = []
        self._left = MAX_NODES

    def body(self, body: tree.Body, names: Names) -> Iterator[Read]:
        """names: known so far; grows as the body assigns more."""
        known = dict(names)
        for node in body:
            yield from self._node(node, known)

    def _node(self, node: tree.Node, known: dict[str, tuple[str | int | None, ...]]) -> Iterator[Read]:
        self._left -= 1
        if self._left < 0:
            raise TooWide
        if isinstance(node, tree.Output):
            yield from _paths(node.of, known)
        elif isinstance(node, tree.If):
            for branch in node.branches:
                yield from _paths(branch.when, known)
                yield from self._shared(branch.body, known)
        elif isinstance(node, tree.For):
            yield from self._for(node, known)
        elif isinstance(node, tree.Assign):
            yield from _paths(node.of, known)
            known[node.name] = _origin(node.of, known)
        elif isinstance(node, tree.Capture):
            yield from self._shared(node.body, known)
            known[node.name] = ()
        elif isinstance(node, tree.With | tree.Include):
            yield from self._named(node, known)

    def _shared(self, body: tree.Body, known: dict[str, tuple[str | int | None, ...]]) -> Iterator[Read]:
        """What is assigned in there is known behind it as well."""
        for node in body:
            yield from self._node(node, known)

    def _for(self, node: tree.For, known: dict[str, tuple[str | int | None, ...]]) -> Iterator[Read]:
        each = node.each
        for asked in (each.over, each.limit, each.offset):
            yield from _paths(asked, known)
        origin = _origin(each.over, known)
        inner = {**known, each.name: (*origin, EACH) if origin else (), "forloop": ()}
        yield from self.body(node.body, inner)
        yield from self._shared(node.otherwise, known)

    def _named(self, node: tree.With | tree.Include, known: Names) -> Iterator[Read]:
        for _, value in node.names:
            yield from _paths(value, known)
        inner = {**known, **{name: _origin(value, known) for name, value in node.names}}
        if isinstance(node, tree.With):
            yield from self.body(node.body, inner)
        elif node.block not in self._inside:
            self._inside.append(node.block)
            found = self.body(self._blocks.get(node.block, ()), inner)
            yield from (read._replace(line=node.line) for read in found)
            self._inside.pop()


def _paths(expression: tree.Expression | None, known: Names) -> Iterator[Read]:
    if isinstance(expression, tree.Path):
        yield Read(_followed(expression, known), expression.line)
        for step in expression.steps:
            yield from _paths(step, known) if isinstance(step, tree.Path) else ()
    for part in _parts(expression):
        yield from _paths(part, known)


def _parts(expression: tree.Expression | None) -> Iterable[tree.Expression]:
    if isinstance(expression, tree.Range):
        return (expression.first, expression.last)
    if isinstance(expression, tree.Compared):
        return (expression.left, expression.right)
    if isinstance(expression, tree.Negated):
        return (expression.of,)
    if isinstance(expression, tree.Filtered):
        return (expression.of, *(argument for call in expression.calls for argument in call.arguments))
    return ()


def _followed(path: tree.Path, known: Names) -> tuple[str | int | None, ...]:
    first, *rest = path.steps
    steps = tuple(None if isinstance(step, tree.Path) else step for step in rest)
    if isinstance(first, str) and first in known:
        return (*known[first], *steps) if known[first] else ()
    head = None if isinstance(first, tree.Path) else ALIASES.get(str(first), first)
    return (head, *steps)


def _origin(expression: tree.Expression, known: Names) -> tuple[str | int | None, ...]:
    """Where the value comes from; () when it is computed. A default does not change where."""
    if isinstance(expression, tree.Path):
        return _followed(expression, known)
    if isinstance(expression, tree.Filtered) and all(call.name in _KEEPING for call in expression.calls):
        return _origin(expression.of, known)
    return ()


_KEEPING = frozenset({"default", "sort", "reverse", "where", "uniq", "compact", "slice"})


def calls_of(body: tree.Body) -> Iterator[tree.Call]:
    """Every filter that is used, blocks' own left out."""
    for node in body:
        for expression in _expressions(node):
            yield from _calls(expression)
        for inner in bodies_of(node):
            yield from calls_of(inner)


def includes_of(body: tree.Body) -> Iterator[tree.Include]:
    """Every block that is asked for, blocks' own left out."""
    for node in body:
        if isinstance(node, tree.Include):
            yield node
        for inner in bodies_of(node):
            yield from includes_of(inner)


def bodies_of(node: tree.Node) -> tuple[tree.Body, ...]:
    """The bodies that a node holds."""
    if isinstance(node, tree.If):
        return tuple(branch.body for branch in node.branches)
    if isinstance(node, tree.For):
        return (node.body, node.otherwise)
    return (node.body,) if isinstance(node, tree.Capture | tree.With) else ()


def _expressions(node: tree.Node) -> Iterable[tree.Expression | None]:
    if isinstance(node, tree.Output | tree.Assign):
        return (node.of,)
    if isinstance(node, tree.If):
        return (branch.when for branch in node.branches)
    if isinstance(node, tree.For):
        return (node.each.over, node.each.limit, node.each.offset)
    return (value for _, value in node.names) if isinstance(node, tree.With | tree.Include) else ()


def _calls(expression: tree.Expression | None) -> Iterator[tree.Call]:
    if isinstance(expression, tree.Filtered):
        yield from expression.calls
    for part in _parts(expression):
        yield from _calls(part)
