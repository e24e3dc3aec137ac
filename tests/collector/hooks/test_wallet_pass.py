"""Does the envelope of wallet passes carry every event of its category, and nothing else? docs/events.md says them."""

from typing import Any

import msgspec
import pytest

from collector.hooks.call import Call
from collector.hooks.providers import shipped
from collector.hooks.translate import Translator
from collector.ingest.dialects.sentiero import item_of
from collector.ingest.draft import Batch, Draft, Refusal
from collector.ingest.item import Item, ServerItem
from collector.ingest.pipeline import decide
from sessionizer.catalogue import CATALOGUE, Row
from tests.collector.hooks.payloads import AT

WALLET = [row for row in CATALOGUE.values() if row.category == "wallet"]
PASS = {"id": "pass-3391", "campaign_id": "club-card"}


def told(name: str, **beside: Any) -> dict[str, Any]:
    """What comes out of one envelope."""
    envelope = {"event_id": "e1", "event_name": name, "contact": {"id": "u-204"}, **beside}
    call = Call({"content-type": "application/json"}, msgspec.json.encode(envelope), at=AT)
    (item,) = Translator(shipped()["wallet_pass"])(call).items
    assert isinstance(item, dict)
    return item


def decided(item: dict[str, Any]) -> Draft | Refusal:
    """What the door makes of it."""
    batch = Batch(
        door="hook:x", source="hook:x", received_at=AT, oldest_at=0, ahead_ms=300_000, is_small=True, is_site=bool
    )
    read, _ = item_of(item, ServerItem)
    assert isinstance(read, Item)
    return decide(read, 0, batch)


@pytest.mark.parametrize("row", WALLET, ids=lambda row: row.key)
def test_it_carries_every_event_of_the_category(row: Row) -> None:
    """With all that the catalogue says of it."""
    said = {name: schema["examples"][0] for name, schema in row.properties.items()}
    data = {name: value for name, value in said.items() if name not in ("pass_id", "campaign_id")}
    item = told(row.key, **{"pass": PASS}, data=data)
    assert ("wallet", row.key) == (item["category"], item["key"])
    assert {**data, "pass_id": "pass-3391", "campaign_id": "club-card"} == item["properties"]
    assert isinstance(decided(item), Draft)


def test_what_is_not_there_is_left_out() -> None:
    """A counter belongs to a person, and need not be of a pass."""
    assert {"counter_id": "stamps", "value": 3} == told("enrolled", data={"counter_id": "stamps", "value": 3})[
        "properties"
    ]
    assert "properties" not in told("enrolled")


def test_a_name_that_is_no_event_is_refused() -> None:
    """Not kept as something that nobody knows."""
    assert isinstance(decided(told("pass_eaten")), Refusal)
