"""Does an expression find what the library of JMESPath finds? Random ones, and all that are shipped."""

from typing import Any

import jmespath
import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError

from collector.hooks.expression import FUNCTIONS, BadExpression, Expression
from collector.hooks.growth import MAX_GROWTH, growth
from collector.hooks.mapping import parts_of
from collector.hooks.providers import shipped
from tests.collector.hooks.payloads import payloads

NAMES = st.sampled_from(["a", "b", "c"])
PAYLOADS = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-1, 1) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
LITERALS = st.sampled_from(["`0`", "`false`", "`true`", "`null`", "`[]`", "`{}`", "''", "'a'", "`1`", "`1.0`"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Larger expressions of smaller ones."""
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, NAMES).map(lambda it: f"({it[0]}).{it[1]}"),
        st.tuples(inner, st.integers(-3, 3)).map(lambda it: f"({it[0]})[{it[1]}]"),
        st.tuples(pair, st.sampled_from(["||", "&&", "==", "!=", "<", ">=", "|"])).map(
            lambda it: f"({it[0][0]}) {it[1]} ({it[0][1]})"
        ),
        inner.map(lambda it: f"!({it})"),
        st.tuples(inner, inner).map(lambda it: f"({it[0]})[?{it[1]}].a"),
        st.tuples(inner, NAMES).map(lambda it: f"({it[0]})[].{it[1]}"),
        st.tuples(inner, NAMES).map(lambda it: f"({it[0]}).*.{it[1]}"),
        pair.map(lambda it: f"@.{{x: {it[0]}, y: {it[1]}}}"),
        pair.map(lambda it: f"[{it[0]}, {it[1]}]"),
        st.tuples(st.sampled_from(["type", "to_string", "length", "keys", "not_null", "to_array"]), inner).map(
            lambda it: f"{it[0]}({it[1]})"
        ),
        inner.map(lambda it: f"sort_by({it}, &a)"),
    )


EXPRESSIONS = st.recursive(NAMES | LITERALS | st.just("@"), _grown, max_leaves=6)


def answer(ask: Any, payload: Any) -> tuple[str, Any]:
    """What is found, or that it cannot be asked."""
    try:
        return "found", ask(payload)
    except (BadExpression, JMESPathError, TypeError, ValueError, ArithmeticError):
        return "bad", None


@given(EXPRESSIONS, PAYLOADS)
@example("!(`0`)", None)
@example("a == `1`", {"a": True})
@example("(a)[-3]", {"a": [1, 2]})
@example("@.{x: a, y: b}", [])
def test_an_expression_finds_what_the_library_finds(text: str, payload: Any) -> None:
    """Also where it finds nothing, or cannot be asked. Types too: 1, 1.0 and true are three things."""
    assume(growth(jmespath.compile(text).parsed) <= MAX_GROWTH)
    kind, found = answer(Expression(text), payload)
    expected_kind, expected = answer(lambda given: jmespath.search(text, given), payload)
    assert (expected_kind, repr(expected)) == (kind, repr(found))


def expressions() -> list[tuple[str, str]]:
    """(provider, expression) of all mappings that are shipped, but for those with functions of our own."""
    found = []
    for provider, mapping in shipped().items():
        for rule in mapping.events:
            groups = (rule.identifiers, rule.contact_properties, rule.properties)
            fields = [text for group in groups for text in ([group] if isinstance(group, str) else group.values())]
            texts = (rule.when, rule.id, rule.occurred_at, *parts_of(rule.event)[1::2], *fields)
            found += [(provider, text) for text in texts if text and not any(f"{name}(" in text for name in FUNCTIONS)]
    return sorted(set(found))


@pytest.mark.parametrize("provider", shipped())
def test_what_is_shipped_finds_what_the_library_finds(provider: str) -> None:
    """In every payload of the provider."""
    bodies = [payload.call.payload for name, payload in payloads().values() if name == provider]
    for _, text in (one for one in expressions() if one[0] == provider):
        for body in bodies:
            expected = answer(lambda given, text=text: jmespath.search(text, given), body)
            assert msgspec.json.encode(expected) == msgspec.json.encode(answer(Expression(text), body)), text
