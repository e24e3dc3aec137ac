"""What could a value look like? An example of a JSON schema, for whoever reads the document."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

MAX_DEPTH = 8
PLAIN: Mapping[str, Any] = {"boolean": True, "null": None}
TEXTS = {
    "email_id": "ada@mail.example",
    "occurred_at": "2026-11-24T10:00:00.000Z",
    "id": "order-1001",
    "key": "order_completed",
    "url": "https://shop.example/",
    "origins": "https://shop.example",
    "title": "Shop",
    "name": "Shop",
    "type": "order",
    "lists": "Newsletter",
    "add": "Newsletter",
}
"""By the name of the field: what says more than any text."""


def example(schema: Schema, components: Mapping[str, Schema], *, name: str = "", depth: int = 0) -> Any:
    """One that satisfies it: its own `examples`, else the shortest that says something. name: of the field."""
    if "$ref" in schema:
        return example(components[schema["$ref"].rpartition("/")[2]], components, name=name, depth=depth + 1)
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return example(_telling(schema[several]), components, name=name, depth=depth)
    kind = schema.get("type")
    if kind == "object" and depth < MAX_DEPTH:
        return _object(schema, components, depth)
    if kind == "array" and depth < MAX_DEPTH:
        return _array(schema, components, name=name, depth=depth)
    return _plain(schema, name)


def _telling(schemas: list[Schema]) -> Schema:
    """The first that is more than null."""
    return next((one for one in schemas if one.get("type") != "null"), schemas[0])


def _object(schema: Schema, components: Mapping[str, Schema], depth: int) -> dict[str, Any]:
    """What is usually not said is not said here either."""
    fields = schema.get("properties", {}).items()
    said = [(name, field) for name, field in fields if field.get("default", ...) is not None]
    return {name: example(field, components, name=name, depth=depth + 1) for name, field in said}


def _array(schema: Schema, components: Mapping[str, Schema], *, name: str, depth: int) -> list[Any]:
    item = schema.get("items")
    return [example(item, components, name=name, depth=depth + 1)] if item else []


def _plain(schema: Schema, name: str) -> Any:
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1) or 1
    if kind == "string":
        return "2026-11-24T10:00:00.000Z" if schema.get("format") == "date-time" else TEXTS.get(name, "text")
    return PLAIN.get(kind or "", {} if kind in (None, "object") else None)
