"""Of what is a template made? A closed set of nodes and expressions: what is not here cannot happen.

`parse.py` builds them, `reads.py` asks them, `program.py` gives them their meaning. Reads nothing, writes nothing.
"""

from typing import Any, Literal, NamedTuple, Union


class Constant(NamedTuple):
    """Written out: a text, a number, true, false, nil."""

    value: Any


class Path(NamedTuple):
    """A variable: `params.items.0.name`, `contact["FIRSTNAME"]`; a step may be a path itself: `names[which]`."""

    steps: tuple["str | int | Path", ...]
    line: int


class Range(NamedTuple):
    """`(1..5)`: whole numbers, both ends included."""

    first: "Expression"
    last: "Expression"


class Call(NamedTuple):
    """One filter with its arguments: `truncatechars:7`."""

    name: str
    arguments: tuple["Expression", ...]
    line: int


class Filtered(NamedTuple):
    """A value, and the filters that it passes from left to right."""

    of: "Expression"
    calls: tuple[Call, ...]


Operator = Literal["and", "or", "==", "!=", "<", "<=", ">", ">=", "contains", "in"]


class Compared(NamedTuple):
    """Two sides and what stands between."""

    operator: Operator
    left: "Expression"
    right: "Expression"


class Negated(NamedTuple):
    """`not …`."""

    of: "Expression"


Expression = Union[Constant, Path, Range, Filtered, Compared, Negated]  # noqa: UP007  # | does not know strings
Named = tuple[tuple[str, Expression], ...]
"""Names that something is given under."""


class Text(NamedTuple):
    """What stands between the tags."""

    text: str


class Output(NamedTuple):
    """`{{ … }}`. is_address: it begins the value of an attribute that leads somewhere, such as `href`."""

    of: Expression
    line: int
    is_address: bool = False


class Branch(NamedTuple):
    """when: None for `else`."""

    when: Expression | None
    body: "Body"


class If(NamedTuple):
    """The first branch whose condition holds. `unless` and `case` are this as well."""

    branches: tuple[Branch, ...]


class Each(NamedTuple):
    """What stands behind `for`. limit, offset: None where not said."""

    name: str
    over: Expression
    limit: Expression | None = None
    offset: Expression | None = None
    is_reversed: bool = False


class For(NamedTuple):
    """The body once for each; `otherwise` when there is none."""

    each: Each
    body: "Body"
    otherwise: "Body"
    line: int


class Leave(NamedTuple):
    """Out of the loop, or on to its next turn."""

    how: Literal["break", "continue"]
    line: int


class Assign(NamedTuple):
    """A name for a value, from here on."""

    name: str
    of: Expression
    line: int


class Capture(NamedTuple):
    """A name for a piece of the output, which is not written here."""

    name: str
    body: "Body"
    line: int


class With(NamedTuple):
    """Names inside of the body only."""

    names: Named
    body: "Body"
    line: int


class Include(NamedTuple):
    """A shared block. It sees all variables, and the names it is given."""

    block: str
    names: Named
    line: int


Node = Union[Text, Output, If, For, Leave, Assign, Capture, With, Include]  # noqa: UP007
Body = tuple[Node, ...]


def weight(node: Node) -> int:
    """How much there is to work out in a node, the bodies that it holds left out: in steps."""
    if isinstance(node, Output | Assign):
        return 1 + _weight(node.of)
    if isinstance(node, If):
        return sum(1 + _weight(branch.when) for branch in node.branches)
    if isinstance(node, For):
        return 2 + _weight(node.each.over)
    return 1 + sum(1 + _weight(value) for _, value in node.names) if isinstance(node, With | Include) else 1


def _weight(expression: Expression | None) -> int:
    if isinstance(expression, Path):
        return len(expression.steps) // 2
    if isinstance(expression, Compared):
        return 1 + _weight(expression.left) + _weight(expression.right)
    if isinstance(expression, Filtered):
        arguments = (argument for call in expression.calls for argument in call.arguments)
        return _weight(expression.of) + len(expression.calls) + sum(map(_weight, arguments))
    return 1 + _weight(expression.of) if isinstance(expression, Negated) else 0
