"""Which are the 90 system events, how does each arise, what does it carry? The text of docs/events.md.

Reads the catalogue; `generate.py` writes the page.
"""

import json
from pathlib import Path

from docs.markdown import code, table
from sessionizer.catalogue import CATALOGUE, CATEGORIES, ECOMMERCE, SYSTEM, Row
from sessionizer.properties.payloads import Schema

PAGE = Path(__file__).resolve().parent / "events.md"

HEAD = """\
# Events and what they carry

Written from the catalogue by `make docs`: change `sessionizer/catalogue.py` and `sessionizer/properties/payloads.py`,
not this file. Labels and sentences in both languages stand in the [reference](reference.md#events), the same with
examples in the console under *Catalogue* and at `GET /api/catalogue`. Events of your own, and schemas that you pin to
any event: [the catalogue](catalogue.md).

[The 90 system events](#the-90-system-events) · [E-commerce](#e-commerce) · [Ours](#ours)

**given**: somebody sends it, a site, a server or a provider. **derived**: nobody sends it, it follows from others and
from time. **receipt**: the delivery of a message reports it, ours or a provider's; a server may send it as well.

Of the properties the **bold** ones are what a rule cannot do without; anything else may come beside. An *id* is a text
or a whole number, a *time* is RFC 3339.
"""

SHORT = {("string", "integer"): "id", ("date-time",): "time"}

SYSTEM_HEAD = """\
A key alone names nothing: `Sent` is there five times. An event is its category and its key.
"""


def page() -> str:
    """The whole page."""
    given, derived, receipts = (sum(row.arises == how for row in SYSTEM) for how in ("given", "derived", "receipt"))
    counted = f"{given} are given, {derived} derived, {receipts} receipts.\n{SYSTEM_HEAD}"
    shop = [row for row in CATALOGUE.values() if row.category == ECOMMERCE]
    ours = [row for row in CATALOGUE.values() if row not in SYSTEM and row.category != ECOMMERCE]
    sections = (
        ("The 90 system events", f"{counted}\n{rows_of(list(SYSTEM))}"),
        ("E-commerce", f"{rows_of(shop)}\nAn item, for example: `{json.dumps(item())}`\n"),
        ("Ours", rows_of(ours)),
    )
    return HEAD + "".join(f"\n## {title}\n\n{body}" for title, body in sections)


def rows_of(rows: list[Row]) -> str:
    """One row an event, in the order of the catalogue."""
    cells = [(CATEGORIES[row.category].label_en, code(row.key), row.arises, row.label_en, carried(row)) for row in rows]
    return table(("category", "key", "arises", "what it is", "properties"), cells)


def carried(row: Row) -> str:
    """Its properties with their types; what a rule needs is bold."""
    named = [f"{name_of(name, schema)} {type_of(schema)}" for name, schema in row.properties.items()]
    return ", ".join(named) or "none"


def name_of(name: str, schema: Schema) -> str:
    """Bold when a rule cannot do without it."""
    return f"**{name}**" if schema.get("required") else name


def type_of(schema: Schema) -> str:
    """`time`, `id`, the words of which it is one, `[{id, name, price}]`."""
    if "enum" in schema:
        return f"({' or '.join(schema['enum'])})"
    if "items" in schema:
        inner = schema["items"].get("properties")
        return f"[{{{', '.join(inner)}}}]" if inner else "[string]"
    said = schema.get("format") or schema["type"]
    types = (said,) if isinstance(said, str) else tuple(said)
    return f"*{SHORT.get(types, ' or '.join(types))}*"


def item() -> object:
    """What stands in an order's items."""
    return CATALOGUE[ECOMMERCE, "order_completed"].properties["items"]["examples"][0][0]
