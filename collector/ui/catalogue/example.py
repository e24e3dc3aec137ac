"""What does an event look like when it is sent? Made from the examples in the schema of its properties.

Reads nothing, writes nothing.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from collector.privacy.redact import REDACTED
from sessionizer.catalogue import Row, accepts_public, category_of

TELLING = ("total", "currency", "items")
"""What an example of a cart or an order shows."""


class Property(NamedTuple):
    """One property for a reader. types: as JSON names them. choices: the only values, () for any. says: in English."""

    name: str
    types: tuple[str, ...]
    is_required: bool
    choices: tuple[str, ...]
    says: str
    example: str


def properties(row: Row) -> list[Property]:
    """Those that the catalogue knows of."""
    return [
        Property(
            name,
            (schema["format"],) if "format" in schema else _types(schema),
            bool(schema.get("required")),
            tuple(schema.get("enum", ())),
            schema.get("description", ""),
            json.dumps(schema["examples"][0], ensure_ascii=False),
        )
        for name, schema in row.properties.items()
    ]


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    given = schema["type"]
    return (given,) if isinstance(given, str) else tuple(given)


def shown(row: Row) -> Mapping[str, Any]:
    """All its properties, each with the example that there is of it; some of a team's own have none to be shown."""
    examples = {name: schema.get("examples", [REDACTED])[0] for name, schema in row.properties.items()}
    return {name: value for name, value in examples.items() if value != REDACTED}


def given(row: Row) -> Mapping[str, Any]:
    """The properties that an example shows: those that must be there, else those that tell most, else the first few."""
    required = [name for name, schema in row.properties.items() if schema.get("required")]
    examples = shown(row)
    names = required or [name for name in TELLING if name in examples] or list(examples)[:4]
    return {name: examples[name] for name in names}


def call(row: Row) -> str:
    """The tracker's call; "" when no browser may send it."""
    if not accepts_public(row.category, row.key):
        return ""
    if row.category == "contact":
        return 'sentiero.push(["identify", "anna@shop.example", { FIRSTNAME: "Anna" }]);'
    told = [] if category_of(row.key) == row.category else [{"category": row.category}]
    words = ["track", row.key, given(row), *told]
    return f"sentiero.push({json.dumps(words if told or given(row) else words[:2], ensure_ascii=False)});"


def request(row: Row, origin: str) -> str:
    """The same by a server, as a line for a terminal. origin: where the collector is."""
    event = {
        "id": "$(cat /proc/sys/kernel/random/uuid)",
        "category": row.category,
        "key": row.key,
        "occurred_at": "$(date -u +%FT%TZ)",
        "identifiers": {"email_id": "anna@shop.example"},
        "properties": given(row),
    }
    body = json.dumps({"events": [event]}, ensure_ascii=False).replace('"', '\\"')
    return f"curl -H 'api-key: sk_…' -H 'content-type: application/json' {origin}/api/events -d \"{body}\""
