"""Does a schema say what it should of a value, and is one refused that says what nobody understands?"""

from typing import Any

import pytest

from sessionizer.properties.schema import MAX_DEPTH, MAX_SCHEMAS, Misfit, fault, misfit, object_of, type_of

ITEMS = {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number"}}}}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({}, {"anything": [1, None]}),
        ({"type": "string"}, "a"),
        ({"type": "integer"}, 3),
        ({"type": "integer"}, 3.0),
        ({"type": "number"}, 3),
        ({"type": ["string", "null"]}, None),
        ({"enum": [1, "a", None]}, 1),
        ({"enum": [1]}, 1.0),
        ({"minimum": 3, "maximum": 3}, 3),
        ({"minimum": 3}, "no number"),
        ({"minLength": 2, "maxLength": 2}, "àè"),
        ({"maxLength": 1}, 100),
        ({"properties": {"a": {"type": "string"}}}, {}),
        ({"properties": {"a": {"type": "string"}}}, {"b": 1}),
        ({"required": ["a"]}, {"a": None}),
        ({"required": ["a"]}, "no object"),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"a": 1}),
        (ITEMS, [{"price": 1}, {}]),
        ({"items": {"type": "string"}}, {"no": "list"}),
    ],
)
def test_what_fits(schema: Any, value: Any) -> None:
    """Bounds are included; a word of another type than the value's says nothing about it."""
    assert fault(schema) is None
    assert misfit(schema, value) is None


@pytest.mark.parametrize(
    ("schema", "value", "path", "message"),
    [
        ({"type": "string"}, 3, (), "it is integer, not string"),
        ({"type": "integer"}, 3.5, (), "it is number, not integer"),
        ({"type": "number"}, True, (), "it is boolean, not number"),
        ({"type": ["string", "integer"]}, None, (), "it is null, not string or integer"),
        ({"enum": [1, 0]}, True, (), "it is none of the 2 values that it may have"),
        ({"enum": ["a"]}, "b", (), "it is none of the 1 values that it may have"),
        ({"minimum": 3}, 2.9, (), "it is below 3"),
        ({"maximum": 3}, 3.1, (), "it is above 3"),
        ({"minLength": 1}, "", (), "it has fewer than 1 characters"),
        ({"maxLength": 2}, "abc", (), "it has more than 2 characters"),
        ({"required": ["a", "b"]}, {"a": 1}, ("b",), "it is required"),
        ({"properties": {"a": {"type": "string"}}}, {"a": 1}, ("a",), "it is integer, not string"),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"b": 1},
            ("b",),
            "there is no such property in the schema",
        ),
        (ITEMS, [{}, {"price": "1"}], (1, "price"), "it is string, not number"),
    ],
)
def test_what_does_not_fit(schema: Any, value: Any, path: Any, message: str) -> None:
    """The first thing that is wrong, with the way to it."""
    assert fault(schema) is None
    assert Misfit(path, message) == misfit(schema, value)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ([], ()),
        ({"pattern": "(a+)+$"}, ("pattern",)),
        ({"$ref": "#"}, ("$ref",)),
        ({"type": "text"}, ("type",)),
        ({"type": []}, ("type",)),
        ({"type": 3}, ("type",)),
        ({"enum": []}, ("enum",)),
        ({"minimum": "3"}, ("minimum",)),
        ({"maximum": True}, ("maximum",)),
        ({"maxLength": -1}, ("maxLength",)),
        ({"required": "a"}, ("required",)),
        ({"required": [1]}, ("required",)),
        ({"properties": []}, ("properties",)),
        ({"properties": {"a": 1}}, ("properties", "a")),
        ({"properties": {"a": {"items": {"type": "x"}}}}, ("properties", "a", "items", "type")),
        ({"additionalProperties": {}}, ("additionalProperties",)),
        ({"items": [{}]}, ("items",)),
    ],
)
def test_a_schema_that_is_none_is_refused(schema: Any, path: Any) -> None:
    """What is not understood is not passed over in silence: it would seem to be enforced."""
    found = fault(schema)
    assert found is not None
    assert path == found.path


def nested(levels: int) -> Any:
    """A schema of so many levels."""
    schema: Any = {}
    for _ in range(levels - 1):
        schema = {"items": schema}
    return schema


def test_schemas_are_bounded() -> None:
    """In depth and in number; the last one that is allowed is."""
    assert fault(nested(MAX_DEPTH)) is None
    assert fault(nested(MAX_DEPTH + 1)) is not None
    wide = {"properties": {str(n): {} for n in range(MAX_SCHEMAS - 1)}}
    assert fault(wide) is None
    wide["properties"]["more"] = {}
    assert fault(wide) is not None


def test_marks_become_a_list_of_what_is_required() -> None:
    """As the catalogue marks it → as JSON Schema says it."""
    properties = {"id": {"type": "string", "required": True}, "name": {"type": "string"}}
    assert {
        "type": "object",
        "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
        "required": ["id"],
    } == object_of(properties)
    assert {"type": "object", "properties": {}} == object_of({})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "string"),
        (1, "integer"),
        (1.5, "number"),
        (True, "boolean"),
        (None, "null"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_each_value_has_one_type(value: Any, expected: str) -> None:
    """What JSON Schema calls it."""
    assert expected == type_of(value)
