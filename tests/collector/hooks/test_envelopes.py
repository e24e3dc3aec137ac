"""Do our own envelopes carry what the catalogue has, and nothing else? Wallet passes, and any JSON at all."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from collector.hooks.call import Call
from collector.hooks.providers import GENERIC, shipped
from collector.hooks.translate import Translator
from collector.ingest.dialects.sentiero import item_of
from collector.ingest.draft import Batch, Draft, Refusal
from collector.ingest.item import Item, ServerItem
from collector.ingest.pipeline import decide
from sessionizer.catalogue import CATALOGUE, SYSTEM, Row
from tests.collector.hooks.payloads import AT

WALLET = [row for row in CATALOGUE.values() if row.category == "wallet"]
PASS = {"id": "pass-3391", "campaign_id": "club-card"}


def told(provider: str, **envelope: Any) -> Mapping[str, Any]:
    """What comes out of it."""
    body = msgspec.json.encode({"event_id": "e1", "contact": {"id": "u-204"}, **envelope})
    (item,) = Translator(shipped()[provider])(Call({"content-type": "application/json"}, body, at=AT)).items
    assert isinstance(item, dict)
    return item


def decided(item: Mapping[str, Any]) -> Draft | Refusal:
    """What the door makes of it."""
    batch = Batch(
        door="hook:x", source="hook:x", received_at=AT, oldest_at=0, ahead_ms=300_000, is_small=True, is_site=bool
    )
    read, _ = item_of(item, ServerItem)
    assert isinstance(read, Item)
    return decide(read, 0, batch)


def said(row: Row) -> dict[str, Any]:
    """What the catalogue has as examples."""
    return {name: schema["examples"][0] for name, schema in row.properties.items()}


@pytest.mark.parametrize("row", WALLET, ids=lambda row: row.key)
def test_a_pass_has_every_event_of_its_category(row: Row) -> None:
    """With all that the catalogue says of it; the pass stands beside."""
    data = {name: value for name, value in said(row).items() if name not in ("pass_id", "campaign_id")}
    item = told("wallet_pass", event_name=row.key, data=data, **{"pass": PASS})
    assert ("wallet", row.key) == (item["category"], item["key"])
    assert {**data, "pass_id": "pass-3391", "campaign_id": "club-card"} == item["properties"]
    assert isinstance(decided(item), Draft)


def test_what_is_not_there_is_left_out() -> None:
    """A counter belongs to a person, and need not be of a pass."""
    data = {"counter_id": "stamps", "value": 3}
    assert data == told("wallet_pass", event_name="counter_value_changed", data=data)["properties"]
    assert "properties" not in told("wallet_pass", event_name="enrolled")


def test_a_name_that_is_no_event_is_refused() -> None:
    """Not kept as something that nobody knows."""
    assert isinstance(decided(told("wallet_pass", event_name="pass_eaten")), Refusal)
    assert isinstance(decided(told(GENERIC, category="deals", key="deal_eaten")), Refusal)


@pytest.mark.parametrize("row", SYSTEM, ids=lambda row: f"{row.category}/{row.key}")
def test_json_that_says_category_and_key_is_that_event(row: Row) -> None:
    """Whatever else bears a name in it."""
    item = told(GENERIC, category=row.category, key=row.key, type="call", name="Anna", data=said(row))
    assert (row.category, row.key) == (item["category"], item["key"])
    assert not said(row) or said(row) == item["properties"]
    assert isinstance(decided(item), Draft)


def test_json_of_another_category_is_an_event_of_ones_own() -> None:
    """A product may have one."""
    item = told(GENERIC, category="Boots", type="product.seen")
    assert ("custom", "product_seen") == (item["category"], item["key"])
    assert ("custom", "seen") == tuple(
        told(GENERIC, category="Boots", key="seen")[name] for name in ("category", "key")
    )
