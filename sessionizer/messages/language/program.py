"""What does a template do? From its tree to functions that write it, made once and used for every recipient.

Each node becomes one function of a `Run`, each expression one that gives a value: nothing is looked up by name while a
message is written but its variables. Functions hold no state, so that threads share them.
Reads nothing, writes nothing.
"""

from collections.abc import Callable, Mapping
from operator import not_
from typing import Any

from sessionizer.messages.fault import TooMuch
from sessionizer.messages.language import tree
from sessionizer.messages.language.filters.table import FILTERS
from sessionizer.messages.language.run import Run, Safe
from sessionizer.messages.language.tree import weight
from sessionizer.messages.language.value import (
    Turn,
    address,
    each_of,
    equal,
    has,
    inside,
    is_true,
    less,
    number_of,
    text_of,
    written,
)

Write = Callable[[Run], None]
Value = Callable[[Run], Any]
Blocks = Mapping[str, Write]
"""Shared blocks by name; asked while writing, for a block may stand in another."""


class Leaving(Exception):
    """Out of the loop, or on to its next turn."""


class Break(Leaving):
    """`{% break %}`."""


class Continue(Leaving):
    """`{% continue %}`."""


def program(body: tree.Body, blocks: Blocks) -> Write:
    """What writes it. blocks: may still be filled, until it writes for the first time."""
    nodes = tuple(_written(node, blocks) for node in body)
    cost = 1 + sum(weight(node) for node in body)

    def write(run: Run) -> None:
        run.pay(cost)
        for node in nodes:
            node(run)

    return write


def _written(node: tree.Node, blocks: Blocks) -> Write:
    return _BUILDERS[type(node)](node, blocks)


def _told(line: int, write: Write) -> Write:
    """The same; what is too much says at which line."""

    def told(run: Run) -> None:
        try:
            write(run)
        except TooMuch as much:
            much.line = much.line or line
            raise

    return told


def _text(node: tree.Text, _: Blocks) -> Write:
    text = node.text
    return lambda run: run.put(text)


def _output(node: tree.Output, _: Blocks) -> Write:
    value, line = valued(node.of), node.line
    if node.is_address:
        value = _harmless(value)

    def write(run: Run) -> None:
        try:
            run.put(written(run, value(run)))
        except TooMuch as much:
            much.line = much.line or line
            raise

    return write


def _harmless(value: Value) -> Value:
    def harmless(run: Run) -> Any:
        found = value(run)
        return address(found) if type(found) is str else address(text_of(run, found))

    return harmless


def _if(node: tree.If, blocks: Blocks) -> Write:
    branches = tuple((valued(branch.when or _TRUE), program(branch.body, blocks)) for branch in node.branches)

    def write(run: Run) -> None:
        for when, body in branches:
            if is_true(when(run)):
                return body(run)
        return None

    return write


_TRUE = tree.Constant(value=True)


def _for(node: tree.For, blocks: Blocks) -> Write:
    name = node.each.name
    elements, body, otherwise = _elements(node.each), program(node.body, blocks), program(node.otherwise, blocks)

    def write(run: Run) -> None:
        found = elements(run)
        if not found:
            return otherwise(run)
        names = run.names
        before = names.get(name), names.get("forloop")
        turn = names["forloop"] = Turn(len(found), before[1])
        try:
            for turn.index, names[name] in enumerate(found):  # the turn counts itself
                names["forloop"] = turn
                try:
                    body(run)
                except Continue:
                    continue
        except Break:
            pass
        finally:
            names[name], names["forloop"] = before
        return None

    return _told(node.line, write)


def _elements(each: tree.Each) -> Value:
    """What is gone over, in its order: offset, then limit, then turned round."""
    over, turned = valued(each.over), each.is_reversed
    limit, offset = (valued(one) if one else None for one in (each.limit, each.offset))
    if limit is None and offset is None and not turned:
        return lambda run: each_of(run, over(run))

    def elements(run: Run) -> Any:
        start = _count(offset(run), 0) if offset else 0
        found = each_of(run, over(run))[start:]
        found = found[: _count(limit(run), len(found))] if limit else found
        return found[::-1] if turned else found

    return elements


def _count(value: Any, otherwise: int) -> int:
    number = number_of(value)
    return otherwise if number is None else int(max(0, min(1e9, number)))


def _leave(node: tree.Leave, _: Blocks) -> Write:
    how = Continue if node.how == "continue" else Break

    def write(_: Run) -> None:
        raise how

    return write


def _assign(node: tree.Assign, _: Blocks) -> Write:
    name, value = node.name, valued(node.of)

    def write(run: Run) -> None:
        run.names[name] = value(run)

    return _told(node.line, write)


def _capture(node: tree.Capture, blocks: Blocks) -> Write:
    name, body = node.name, program(node.body, blocks)

    def write(run: Run) -> None:
        outer = run.out
        run.out = []
        try:
            body(run)
            run.room(sum(map(len, run.out)))
            text = "".join(run.out)
        finally:
            run.out = outer
        run.names[name] = text if run.mode == "text" else Safe(text)

    return _told(node.line, write)


def _with(node: tree.With, blocks: Blocks) -> Write:
    return _told(node.line, _named(node.names, program(node.body, blocks)))


def _named(names: tree.Named, body: Write) -> Write:
    """The body, in which these names are given; they are what they were afterwards."""
    values = tuple((name, valued(value)) for name, value in names)

    def write(run: Run) -> None:
        given = {name: value(run) for name, value in values}
        before = {name: run.names.get(name) for name in given}
        run.names.update(given)
        try:
            body(run)
        finally:
            run.names.update(before)

    return write


def _include(node: tree.Include, blocks: Blocks) -> Write:
    block, part = node.block, f"block:{node.block}"

    def write(run: Run) -> None:
        try:
            blocks[block](run)
        except TooMuch as much:
            much.part = much.part or part
            raise

    return _told(node.line, _named(node.names, write) if node.names else write)


_BUILDERS: Mapping[type, Callable[[Any, Blocks], Write]] = {
    tree.Text: _text,
    tree.Output: _output,
    tree.If: _if,
    tree.For: _for,
    tree.Leave: _leave,
    tree.Assign: _assign,
    tree.Capture: _capture,
    tree.With: _with,
    tree.Include: _include,
}


# Expressions ---------------------------------------------------------------------------------------------------------


def valued(expression: tree.Expression) -> Value:
    """What gives its value."""
    return _VALUES[type(expression)](expression)


def _constant(constant: tree.Constant) -> Value:
    value = constant.value
    return lambda run: value


def _path(path: tree.Path) -> Value:
    first, *rest = path.steps
    if not isinstance(first, str):
        return lambda run: None
    if not rest:
        return lambda run: run.names.get(first)
    if any(isinstance(step, tree.Path) for step in rest):
        return _computed(first, rest)

    def value(run: Run) -> Any:
        found = run.names.get(first)
        for step in rest:
            found = found[step] if type(found) is dict and step in found else inside(found, step)
        return found

    return value


def _computed(first: str, rest: list[Any]) -> Value:
    steps = tuple(valued(step) if isinstance(step, tree.Path) else valued(tree.Constant(step)) for step in rest)

    def value(run: Run) -> Any:
        found = run.names.get(first)
        for step in steps:
            found = inside(found, step(run))
        return found

    return value


def _range(whole: tree.Range) -> Value:
    first, last = valued(whole.first), valued(whole.last)

    def value(run: Run) -> Any:
        start, end = (number_of(one(run)) or 0 for one in (first, last))
        start, end = int(run.number(start)), int(run.number(end))
        run.seats(max(0, end - start + 1))
        return list(range(start, end + 1))

    return value


def _filtered(filtered: tree.Filtered) -> Value:
    value = valued(filtered.of)
    for call in filtered.calls:
        value = _called(value, call)
    return value


def _called(value: Value, call: tree.Call) -> Value:
    apply = FILTERS[call.name].apply
    arguments = tuple(valued(argument) for argument in call.arguments)
    if not arguments:
        return lambda run: apply(run, value(run))
    if all(isinstance(argument, tree.Constant) for argument in call.arguments):
        constants = tuple(argument.value for argument in call.arguments if isinstance(argument, tree.Constant))
        return lambda run: apply(run, value(run), *constants)
    return lambda run: apply(run, value(run), *[argument(run) for argument in arguments])


def _compared(compared: tree.Compared) -> Value:
    left, right = valued(compared.left), valued(compared.right)
    if compared.operator == "and":
        return lambda run: is_true(left(run)) and is_true(right(run))
    if compared.operator == "or":
        return lambda run: is_true(left(run)) or is_true(right(run))
    test = _TESTS[compared.operator]
    return lambda run: test(run, left(run), right(run))


_TESTS: Mapping[str, Callable[[Run, Any, Any], bool]] = {
    "==": equal,
    "!=": lambda run, left, right: not equal(run, left, right),
    "<": lambda _, left, right: less(left, right),
    ">": lambda _, left, right: less(right, left),
    "<=": lambda run, left, right: less(left, right) or equal(run, left, right),
    ">=": lambda run, left, right: less(right, left) or equal(run, left, right),
    "contains": has,
    "in": lambda run, left, right: has(run, right, left),
}


def _negated(negated: tree.Negated) -> Value:
    value = valued(negated.of)
    return lambda run: not_(is_true(value(run)))


_VALUES: Mapping[type, Callable[[Any], Value]] = {
    tree.Constant: _constant,
    tree.Path: _path,
    tree.Range: _range,
    tree.Filtered: _filtered,
    tree.Compared: _compared,
    tree.Negated: _negated,
}
