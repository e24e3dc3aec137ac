"""What did an event carry? Its properties as people read them, and the item that would bring it again.

Pure. The item is rebuilt from what the store keeps: it is what `POST /api/events` takes, not the bytes that came.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from collector.instant import instant
from collector.store.ports.events import StoredEvent
from collector.told import event as told
from collector.ui.page import Language

MONEY = frozenset("total subtotal shipping tax discount price amount refunded".split())
"""Properties that are sums in the `currency` beside them, or in that of what holds them."""

MAX_COLUMNS = 10

Shape = Literal["facts", "table", "list", "address", "text"]


def shape(value: Any) -> Shape:
    """How a value is best shown: an object as facts, objects alike as a table, a list of them, an address, a text."""
    if isinstance(value, Mapping):
        return "facts" if value else "text"
    if isinstance(value, list):
        return "table" if columns(value) else "list" if value else "text"
    is_address = isinstance(value, str) and value.startswith(("http://", "https://"))
    return "address" if is_address else "text"


def columns(rows: Sequence[Any]) -> list[str]:
    """The columns of a list of objects that hold only plain values and are alike enough; none when they are not."""
    if not rows or not all(isinstance(row, Mapping) and row for row in rows):
        return []
    names = list(dict.fromkeys(name for row in rows for name in row))
    is_plain = all(not isinstance(value, Mapping | list) for row in rows for value in row.values())
    return names if is_plain and len(names) <= MAX_COLUMNS else []


def worded(value: Any, language: Language, *, name: str = "", currency: str = "") -> str:
    """A plain value in words: sums with their currency, yes and no, nothing as a dash."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return {("it", True): "sì", ("it", False): "no", ("en", True): "yes", ("en", False): "no"}[language, value]
    if isinstance(value, int | float) and name in MONEY and currency:
        return f"{money(value, language)} {currency}"
    return str(value)


def money(value: float, language: Language) -> str:
    """`1.234,50` in Italian, `1,234.50` in English."""
    text = f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "it" else text


def currency_of(value: Mapping[str, Any], before: str = "") -> str:
    """The currency of an object's sums: its own, else that of what holds it."""
    own = value.get("currency")
    return own if isinstance(own, str) and len(own) == 3 else before


def pretty(value: Any) -> str:
    """JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def item_of(event: StoredEvent) -> dict[str, Any]:
    """The item of `POST /api/events` that says the same; what it does not have is left out."""
    page = told.seen_of(event.page)
    said = {
        "id": event.id,
        "category": event.category,
        "key": event.key,
        "occurred_at": instant(event.at),
        "site": event.site,
        "visitor_id": event.visitor,
        "page": {name: value for name, value in msgspec.structs.asdict(page).items() if value} if page else None,
        "properties": event.properties,
        "identifiers": event.identifiers,
        "contact_properties": event.attributes,
        "object": {"type": event.object.type, "id": event.object.id} if event.object else None,
    }
    return {name: value for name, value in said.items() if value}


def curl_of(item: Mapping[str, Any], origin: str) -> str:
    """A line for a shell that sends the item; the key stays in the shell's environment."""
    body = json.dumps({"events": [item]}, ensure_ascii=False)
    return " \\\n  ".join(
        (
            f"curl -X POST {shlex.quote(origin + '/api/events')}",
            '-H "api-key: $SENTIERO_API_KEY"',
            "-H 'content-type: application/json'",
            f"--data-raw {shlex.quote(body)}",
        )
    )
