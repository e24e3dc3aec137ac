"""Fields of a payload: each is found by the expression that stands beside it."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as some

from collector.hooks.expression import Expression
from collector.hooks.fields import MAX_FIELDS, Field, fields_of, quoted

names = some.text(max_size=12) | some.sampled_from(
    ["a b", 'say "so"', "back\\slash", "à", "0", "_", "a.b", "[0]", "\n"]
)
payloads = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 9) | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


def paths(payload: Any) -> list[str]:
    """Their expressions, in order."""
    return [field.path for field in fields_of(payload)]


@given(payloads)
def test_each_path_finds_its_value(payload: Any) -> None:
    """Whatever the members are called, as a payload is that came as JSON."""
    came = msgspec.json.decode(msgspec.json.encode(payload))
    for field in fields_of(came):
        assert field.value == Expression(field.path)(came)


def test_what_holds_others_comes_before_them() -> None:
    """An object or a list can be taken whole."""
    payload = {"items": [{"sku": "A-1"}], "to": {"e-mail": "anna@shop.example"}}
    assert ["items", "items[0]", "items[0].sku", "to", 'to."e-mail"'] == paths(payload)
    assert [1, 1, None, 1, None] == [field.holds for field in fields_of(payload)]
    assert ["items", "[0]", "sku", "to", '"e-mail"'] == [field.step for field in fields_of(payload)]
    assert [0, 1, 2, 0, 1] == [field.level for field in fields_of(payload)]


def test_a_field_proposes_a_name() -> None:
    """What a property of ours could be called."""
    payload = {"E-Mail": 1, "items": ["x"], "!": 2}
    assert ["e_mail", "items", "items_1", "value"] == [field.name for field in fields_of(payload)]


def test_a_payload_may_be_a_value_or_a_list() -> None:
    """The whole is @; the first of a list is [0]."""
    assert [Field("@", "@", "value", 7, 0)] == fields_of(7)
    assert ["[0]", "[0].a"] == paths([{"a": 1}])
    assert ["_headers.a"] == [field.path for field in fields_of({"a": 1}, "_headers")]


def test_fields_are_bounded() -> None:
    """Many, long ones, deep ones: what no expression may ask for is left out."""
    assert MAX_FIELDS == len(fields_of({str(n): n for n in range(MAX_FIELDS + 9)}))
    assert ["a"] == paths({"a": 1, "x" * 1_001: 2})
    deep: Any = 1
    for _ in range(60):
        deep = [deep]
    assert 40 == len(paths({"a": deep})) - 1


def test_a_plain_name_stands_as_it_is() -> None:
    """Others in quotation marks."""
    assert ("a_1", '"1a"', '"a\\"b"') == (quoted("a_1"), quoted("1a"), quoted('a"b'))
