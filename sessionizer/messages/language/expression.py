"""What does a person mean between the braces? Variables, filters and conditions, by Liquid's grammar.

The only module that knows `liquid`: its tokens, values and filters become our own tree. Conditions are read here, for
theirs bind as in Django (`and` before `or`, `not` before both), and may have filters. Reads nothing, writes nothing.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from liquid import Environment
from liquid.builtin.expressions import FilteredExpression, KeywordArgument, parse_primitive
from liquid.builtin.expressions import Path as LiquidPath
from liquid.builtin.expressions import tokenize as liquid_tokens
from liquid.builtin.expressions.filtered import Filter
from liquid.builtin.expressions.primitive import Blank, Empty, Literal, Nil, RangeLiteral
from liquid.exceptions import LiquidError
from liquid.expression import Expression as LiquidExpression
from liquid.stream import TokenStream
from liquid.token import Token

from sessionizer.messages.language.tree import (
    Call,
    Compared,
    Constant,
    Each,
    Expression,
    Filtered,
    Named,
    Negated,
    Operator,
    Path,
    Range,
)
from sessionizer.messages.reasons import Reason, because

MAX_TOKENS = 250
MAX_NESTED = 12  # brackets and `not`s
MAX_NUMBER = 2**63 - 1
EMPTY = ""
"""What `empty` and `blank` stand for: a text, a list without anything in it, nothing at all."""

_OPERATORS: dict[str, tuple[Operator, int]] = {
    "or": ("or", 1), "and": ("and", 2),
    "eq": ("==", 4), "ne": ("!=", 4), "ltgt": ("!=", 4), "lt": ("<", 4), "le": ("<=", 4), "gt": (">", 4),
    "ge": (">=", 4), "contains": ("contains", 4), "in": ("in", 4),
}  # fmt: skip
_NOT_BINDS = 3
END = "end of expression"
_WORDS = {"None": "nil", "True": "true", "False": "false"}  # as Django writes them


class Wrong(Exception):
    """It is no expression."""

    def __init__(self, reason: Reason) -> None:
        """reason: why not."""
        super().__init__(str(reason))
        self.reason = reason


class Reader:
    """Reads one expression from its first token to its last. line: of the tag, for what is told of it."""

    def __init__(self, text: str, line: int) -> None:
        """Raises Wrong for what are no tokens."""
        self.line = line
        self.tokens = TokenStream(iter(_tokens(text)))

    @property
    def next_is(self) -> str:
        """The kind of the token that comes; END behind the last."""
        return self.tokens.current.kind

    def word(self) -> str:
        """The text of the token that comes, which is gone over."""
        return str(next(self.tokens).value)

    def took(self, *words: str) -> bool:
        """Whether one of these words or signs comes; it is gone over then."""
        found = self.next_is != END and self.tokens.current.kind != "string" and self.tokens.current.value in words
        if found:
            next(self.tokens)
        return found

    def end(self) -> None:
        """Nothing may come. Raises Wrong."""
        if self.next_is != END:
            raise Wrong(because("surplus", near=self.tokens.current.value))

    def name(self) -> str:
        """A name for something. Raises Wrong."""
        if self.next_is != "word":
            raise Wrong(because("name_missing"))
        return self.word()

    def value(self) -> Expression:
        """A variable or constant, with its filters. Raises Wrong."""
        return _filtered(self._liquid_value(), self.line)

    def condition(self) -> Expression:
        """Values with signs between them. Raises Wrong."""
        return self._condition(0)

    def _condition(self, binds: int) -> Expression:
        """binds: signs that bind no more than this end it."""
        left = self._operand()
        while True:
            operator, strength, negated = self._operator()
            if operator is None or strength <= binds:
                return left
            self._skip(2 if negated else 1)
            found: Expression = Compared(operator, left, self._condition(strength))
            left = Negated(found) if negated else found

    def each(self) -> Each:
        """`item in items`, with `limit: 3 offset: 1 reversed`. Raises Wrong."""
        name = self.name()
        if not self.took("in"):
            raise Wrong(because("in_missing"))
        over, said = self.value(), {}
        while word := next((word for word in ("limit", "offset", "reversed", ",") if self.took(word)), None):
            said[word] = self._told() if word in ("limit", "offset") else None
        return Each(name, over, said.get("limit"), said.get("offset"), "reversed" in said)

    def names(self) -> Named:
        """`total=params.total currency="EUR"`, also with `:` and commas. Raises Wrong."""
        found = []
        while self.next_is != END:
            name = self.name()
            found.append((name, self._told()))
            self.took(",")
            self.took("and")
        return tuple(found)

    def _told(self) -> Expression:
        if not self.took(":", "="):
            raise Wrong(because("value_missing"))
        return self.value()

    def _operand(self) -> Expression:
        if self.took("not"):
            return Negated(self._condition(_NOT_BINDS))
        if self.took("("):
            inside = self.condition()
            if not self.took(")"):
                raise Wrong(because("bracket_open"))
            return inside
        return self.value()

    def _operator(self) -> tuple[Operator | None, int, bool]:
        """(sign, how much it binds, whether `not` stands before it)."""
        kind = self.next_is
        negated = kind == "not" and self.tokens.peek.kind == "in"
        operator, binds = _OPERATORS.get("in" if negated else kind, (None, 0))
        return operator, binds, negated

    def _skip(self, number: int) -> None:
        for _ in range(number):
            next(self.tokens)

    def _liquid_value(self) -> FilteredExpression:
        """Raises Wrong."""
        try:
            left = parse_primitive(_environment(), self.tokens)
            return FilteredExpression(left.token, left, Filter.parse(_environment(), self.tokens, delim=("pipe",)))
        except LiquidError:
            raise Wrong(_why(self.tokens)) from None


@cache
def _environment() -> Environment:
    """Only for its grammar: no tag and no filter of it is ever asked."""

    class Grammar(Environment):
        shorthand_indexes = True
        keyword_assignment = True

        def setup_tags_and_filters(self, *, extra: bool = False) -> None:
            """None at all."""

    return Grammar()


def _tokens(text: str) -> Iterator[Token]:
    """Behind a dot each word is a name, also one that means something elsewhere (`params.limit`)."""
    is_name, nested = False, 0
    try:
        for number, token in enumerate(liquid_tokens(text, Token("expression", text, 0, text))):
            nested += token.kind in ("lparen", "lbracket", "not")
            if number >= MAX_TOKENS or nested > MAX_NESTED:
                raise Wrong(because("tokens_many"))
            yield token._replace(kind=_kind(token, is_name=is_name))
            is_name = token.kind == "dot" or (token.kind == "float" and token.value.endswith("."))
    except LiquidError:
        raise Wrong(because("no_tokens")) from None


def _kind(token: Token, *, is_name: bool) -> str:
    if token.kind in ("string", "identstring") or not token.value[:1].isalpha():
        return token.kind
    return "word" if is_name else _WORDS.get(token.value, token.kind)


def _why(tokens: TokenStream) -> Reason:
    """Liquid's own words are English, and of its tokens: where it stopped says more."""
    if tokens.current.kind == END:
        return because("cut_short")
    return because("confusing", near=tokens.current.value)


def _filtered(found: FilteredExpression, line: int) -> Expression:
    left = _value(found.left, line)
    calls = tuple(_call(one, line) for one in found.filters or ())
    return Filtered(left, calls) if calls else left


def _call(found: Filter, line: int) -> Call:
    if any(isinstance(argument, KeywordArgument) for argument in found.args):
        raise Wrong(because("argument_named", name=found.name))
    return Call(found.name, tuple(_value(argument.value, line) for argument in found.args), line)


def _value(found: LiquidExpression, line: int) -> Expression:
    """Raises Wrong for what our tree does not have."""
    if isinstance(found, LiquidPath):
        return _path(found, line)
    if isinstance(found, Literal):
        return _constant(found.value)
    if isinstance(found, RangeLiteral):
        return Range(_value(found.start, line), _value(found.stop, line))
    if isinstance(found, Nil):
        return Constant(None)
    if isinstance(found, Empty | Blank):
        return Constant(EMPTY)
    raise Wrong(because("no_value"))


def _constant(value: Any) -> Constant:
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise Wrong(because("constant_large", most=MAX_NUMBER))
    return Constant(value)


def _path(found: LiquidPath, line: int) -> Path:
    return Path(tuple(_path(step, line) if isinstance(step, LiquidPath) else step for step in found.path), line)
