"""An example of a schema satisfies it, and says something."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from collector.api.frame.example import example
from collector.api.sites import NewSite, SiteAnswer
from collector.ingest.dialects.sentiero import ServerEnvelope


@pytest.mark.parametrize("kind", [NewSite, SiteAnswer, ServerEnvelope])
def test_it_can_be_read_as_what_it_is_an_example_of(kind: type[msgspec.Struct]) -> None:
    """By the very struct."""
    (schema,), components = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    assert isinstance(msgspec.convert(example(schema, components), kind), kind)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 7}, 7),
        ({"type": "integer"}, 1),
        ({"type": "boolean"}, True),
        ({"type": "string", "format": "date-time"}, "2026-11-24T10:00:00.000Z"),
        ({"type": "string", "examples": ["own"]}, "own"),
        ({"enum": ["first", "second"]}, "first"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"type": "array", "items": {"type": "string"}}, ["text"]),
        ({"type": "object"}, {}),
        ({}, {}),
        ({"type": "object", "properties": {"url": {"type": "string"}, "not_said": {"default": None}}},
         {"url": "https://shop.example/"}),
    ],
)  # fmt: skip
def test_each_kind_has_its_own(schema: Mapping[str, Any], expected: Any) -> None:
    """Its own example first; of several the first that is more than null; what is usually not said is left out."""
    assert expected == example(schema, {})


def test_what_holds_itself_ends() -> None:
    """A tree of trees."""
    tree = {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Tree"}}}
    assert "inner" in example(tree, {"Tree": tree})
