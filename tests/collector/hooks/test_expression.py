"""What can an expression do to us that somebody writes with ill will, or an odd payload? Nothing."""

from typing import Any

import jmespath
import pytest

from collector.hooks.expression import MAX_ONE, BadExpression, Expression


@pytest.mark.parametrize(
    "text",
    [
        "@" + "|[@,@]" * 12,
        "@" + "|{a:@,b:@}" * 12,
        "@" + "|[@,@][]" * 12,
        "@" + "|join('',[@,@])" * 12,
        "@" + "|to_string([@])" * 12,
        "map(&[@,@], map(&[@,@], map(&[@,@], map(&[@,@], map(&[@,@], map(&[@,@], map(&[@,@], @)))))))",
        "[].[@,@][].[@,@][].[@,@][].[@,@][].[@,@][].[@,@][].[@,@]",
        "[?" + "[@" + ",@" * 100 + "] == a]",
        "map(&'" + "a" * 950 + "', @)|[@,@]",
    ],
)
def test_what_would_grow_without_end_is_no_expression(text: str) -> None:
    """Twelve doublings are four thousand payloads, thirty fill any memory; so nobody is let try."""
    with pytest.raises(BadExpression, match="far larger"):
        Expression(text)


@pytest.mark.parametrize("text", ["@" + "|[0]" * 35, "[" + "@," * 60 + "@]", "{a: {b: [a, b]}, c: {d: [c, d, e]}}"])
def test_shapes_that_somebody_needs_are_expressions(text: str) -> None:
    """However long, where they do not multiply: they find what the library finds."""
    payload = [[{"a": 1}]]
    assert jmespath.search(text, payload) == Expression(text)(payload)


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("a < b", {"a": "x", "b": 1}),
        ("contains('abc', `1`)", {}),
        ("[::0]", [1]),
        ("ceil(to_number('inf'))", {}),
        ("minor(@, 'eur')", 10**400),
        ("avg(@)", [10**400]),
    ],
)
def test_what_does_not_fit_is_told_in_one_way(text: str, payload: Any) -> None:
    """Whatever the library makes of it: a payload is the provider's, and an odd one is no failure of ours."""
    with pytest.raises(BadExpression):
        Expression(text)(payload)


def test_a_text_as_long_as_a_book_is_no_address_and_no_number() -> None:
    """Taking it apart would keep others waiting: anybody may have written it into a mail."""
    assert "a@b.example" == Expression("address(@)")("a@b.example")
    assert "1" * MAX_ONE == Expression("digits(@)")("1" * MAX_ONE)
    for text in ("address(@)", "digits(@)"):
        assert Expression(text)("1" * (MAX_ONE + 1)) is None


def test_texts_are_not_joined_without_bounds() -> None:
    """A long separator between many texts would be the product of both."""
    assert "a, b" == Expression("join(', ', @)")(["a", "b"])
    assert Expression("join(a, b)")({"a": "x" * 1_000, "b": ["y"] * 1_001}) is None
