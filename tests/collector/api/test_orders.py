"""An order is what its events say: whatever order they come in, the latest says how it stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.shop import Shop, minute, opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment on an empty folder."""
    with opened(tmp_path) as ready:
        yield ready


def told(shop: Shop, order: str, key: str, at: int, *, who: str = "ada", **properties: Any) -> None:
    """A server tells of an order what happened at that minute."""
    event = {"id": f"{order}-{key}-{at}", "category": "ecommerce", "key": key, "properties": properties}
    who_it_is = {"identifiers": {"email_id": f"{who}@mail.example"}, "object": {"type": "order", "id": order}}
    shop.serve(60, {**event, **who_it_is, "occurred_at": minute(at)})


def listed(shop: Shop, query: str = "") -> list[str]:
    """Ids, in order."""
    return [order["id"] for order in shop.get(f"/api/orders{query}").json()["orders"]]


def test_an_order_stands_as_its_latest_event_says(shop: Shop) -> None:
    """Also when that came first: completed at minute 9, created at minute 5, heard of the other way round."""
    told(shop, "1001", "order_completed", 9, total=20)
    told(shop, "1001", "order_created", 5, total=10)
    order = shop.get("/api/orders/1001").json()
    assert ("completed", {"total": 20}, 2) == (order["status"], order["properties"], order["events"])
    assert (minute(5), minute(9), 1) == (order["created_at"], order["updated_at"], order["contact_id"])
    assert ["order_created", "order_completed"] == [event["key"] for event in order["story"]]


def test_orders_are_listed_by_their_last_change(shop: Shop) -> None:
    """Page by page, by status, contact and time; a cart is none."""
    for number, key in enumerate(("order_created", "order_completed", "order_created", "order_refunded")):
        told(shop, f"o{number}", key, number, who="ada" if number < 2 else "kim")
    cart = {"id": "c", "key": "cart_updated", "object": {"type": "cart", "id": "o9"}}
    shop.serve(60, {**cart, "identifiers": {"email_id": "ada@mail.example"}})
    assert ["o3", "o2", "o1", "o0"] == listed(shop)
    first = shop.get("/api/orders?limit=3").json()
    assert ["o0"] == listed(shop, f"?limit=3&cursor={first['next']}")
    assert ["o2", "o0"] == listed(shop, "?status=created")
    assert ["o3", "o1"] == listed(shop, "?status=completed&status=refunded")
    assert ["o1", "o0"] == listed(shop, "?contact=1")
    assert ["o2", "o1"] == listed(shop, f"?from={minute(1)}&to={minute(3)}")


def test_an_order_said_twice_is_counted_once(shop: Shop) -> None:
    """The same event id again changes nothing."""
    for _ in range(2):
        told(shop, "1001", "order_created", 5)
    assert 1 == shop.get("/api/orders/1001").json()["events"]


def test_there_is_no_such_order(shop: Shop) -> None:
    """404, whatever its id looks like."""
    for id in ("1001", "a/b", "%00", "x" * 500):
        assert 404 == shop.get(f"/api/orders/{id}").status_code
    assert 400 == shop.get("/api/orders?shoes=1").status_code
