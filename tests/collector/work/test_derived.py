"""Every event that nobody sends: from `POST /api/events` through the log and the worker to `GET /api/events`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.shop import Shop, minute, opened

ANNA = {"email_id": "anna@mail.example"}
HOUR, DAY = 60, 1_440

Given = tuple[float, str, dict[str, Any]]
"""(minute, category/key, properties)"""

CASES: dict[str, tuple[list[Given], float, float, dict[str, Any]]] = {
    "conversations/conversation_ended": (
        [(0, "conversations/message_received", {"conversation_id": "c", "channel": "chat", "direction": "inbound"})],
        HOUR,
        5,
        {"conversation_id": "c", "channel": "chat"},
    ),
    "meetings/meeting_started": (
        [(0, "meetings/meeting_booked", {"meeting_id": 7, "starts_at": minute(30), "ends_at": minute(60)})],
        HOUR,
        30,
        {"meeting_id": "7", "starts_at": minute(30), "ends_at": minute(60)},
    ),
    "loyalty/voucher_expired": (
        [(0, "loyalty/voucher_created", {"voucher_id": "v", "expires_at": minute(45)})],
        HOUR,
        45,
        {"voucher_id": "v", "expires_at": minute(45)},
    ),
    "loyalty/balance_value_expired": (
        [(0, "loyalty/balance_value_updated", {"balance_id": "b", "value": 9, "change": 5, "expires_at": minute(40)})],
        HOUR,
        40,
        {"balance_id": "b", "amount": 5, "value": 4},
    ),
    "loyalty/balance_minimum_value_reached": (
        [
            (0, "loyalty/balance_value_updated", {"balance_id": "b", "value": 9, "minimum_value": 3}),
            (1, "loyalty/balance_value_updated", {"balance_id": "b", "value": 3}),
        ],
        HOUR,
        1,
        {"balance_id": "b", "value": 3, "minimum_value": 3},
    ),
    "loyalty/balance_maximum_value_reached": (
        [
            (0, "loyalty/balance_value_updated", {"balance_id": "b", "value": 9, "maximum_value": 10}),
            (2, "loyalty/balance_value_updated", {"balance_id": "b", "value": 10.5}),
        ],
        HOUR,
        2,
        {"balance_id": "b", "value": 10.5, "maximum_value": 10},
    ),
    "wallet/counter_max_value_reached": (
        [(3, "wallet/counter_value_changed", {"counter_id": "k", "value": 10, "max_value": 10})],
        HOUR,
        3,
        {"counter_id": "k", "value": 10, "max_value": 10},
    ),
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment on an empty folder."""
    with opened(tmp_path) as ready:
        yield ready


def tell(shop: Shop, given: list[Given]) -> None:
    """A server says them, one after the other."""
    for place, (at, kind, properties) in enumerate(given):
        category, key = kind.split("/")
        event = {"id": f"given-{place}", "category": category, "key": key, "properties": properties}
        shop.serve(at, {**event, "identifiers": ANNA})


def found(shop: Shop, kind: str) -> list[dict[str, Any]]:
    """Those of a kind that stand, the newest first."""
    category, key = kind.split("/")
    events: list[dict[str, Any]] = shop.get(f"/api/events?category={category}&key={key}").json()["events"]
    return events


@pytest.mark.parametrize("kind", CASES)
def test_a_derived_event_arises_from_what_a_server_says(shop: Shop, kind: str) -> None:
    """At its instant, of its person, with its properties, and once; it names what caused it."""
    given, until, at, properties = CASES[kind]
    tell(shop, given)
    shop.work(until)
    (event,) = found(shop, kind)
    assert (minute(at), properties, "derived", 1) == (
        event["occurred_at"], event["properties"], event["source"], event["contact_id"],
    )  # fmt: skip
    assert event["causes"]
    shop.work(until + 1)
    assert [event] == found(shop, kind)


def test_anniversaries_arise_month_by_month_and_year_by_year(shop: Shop) -> None:
    """Also when the worker slept for thirteen months: each at the instant at which it was due."""
    tell(shop, [(0, "loyalty/subscription_created", {"subscription_id": "s", "program_id": "p"})])
    shop.work(400 * DAY)
    months, years = (found(shop, f"loyalty/subscription_{what}_anniversary") for what in ("month", "year"))
    assert [*range(13, 0, -1)] == [event["properties"]["months"] for event in months]
    assert [{"subscription_id": "s", "program_id": "p", "years": 1}] == [event["properties"] for event in years]
    assert months[1]["occurred_at"] == years[0]["occurred_at"]


def test_a_late_word_supersedes_what_it_proves_wrong(shop: Shop) -> None:
    """The cancellation was made before the start, and arrives after it: the start is kept, and out of the list."""
    tell(shop, [(0, "meetings/meeting_booked", {"meeting_id": "m", "starts_at": minute(30)})])
    shop.work(40)
    (said,) = found(shop, "meetings/meeting_started")
    event = {"id": "late", "category": "meetings", "key": "meeting_canceled", "occurred_at": minute(20)}
    shop.serve(41, {**event, "properties": {"meeting_id": "m"}, "identifiers": ANNA})
    assert [] == found(shop, "meetings/meeting_started")
    kept = shop.get("/api/events?key=meeting_started&superseded=only").json()["events"]
    assert [{**said, "superseded": True}] == kept
