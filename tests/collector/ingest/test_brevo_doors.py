"""Brevo's doors: what events and orders become, and each answer that they give."""

import json
from typing import Any

import httpx
import pytest

from tests.collector.ingest.sending import API_KEY, NOW, NOW_TEXT, Deployment, written

EVENT, BATCH, ORDER, ORDERS = "/v3/events", "/v3/events/batch", "/v3/orders/status", "/v3/orders/status/batch"
WHO = {"email_id": "Jane@shop.example"}
GOOD = {"event_name": "video_played", "identifiers": WHO}
BOMB = b'{"event_properties": {"a": ' + b"[" * 100_000
LINE = {"productId": "P1", "price": 99.99, "quantity": 10, "variantId": "V"}
BOUGHT: dict[str, Any] = {
    "id": "14", "status": "completed", "amount": 308.42, "createdAt": "2021-07-29T20:59:23.383Z",
    "updatedAt": "2021-07-30T10:59:23.383Z", "identifiers": WHO, "products": [LINE],
}  # fmt: skip


def post(deployment: Deployment, path: str, body: Any, **headers: str) -> httpx.Response:
    """The answer; it names Brevo's limits, and is never 500. body: bytes as they are, else JSON."""
    usual = {"content_type": "application/json", "api_key": API_KEY}
    answer = deployment.post(body if isinstance(body, bytes) else written(body), path, **(usual | headers))
    assert "36000" == answer.headers["x-sib-ratelimit-remaining"]
    assert answer.status_code < 500
    return answer


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    """(status, code, the field that the message begins with)."""
    body = answer.json()
    assert {"code", "message"} <= set(body)
    return answer.status_code, body["code"], body["message"].partition(":")[0]


def test_an_event_is_kept_as_it_was_said(deployment: Deployment) -> None:
    """All fields of Brevo's, the object by its ext_id, and its time."""
    event = {
        **GOOD, "event_date": "2024-02-06T20:59:23.383Z", "event_properties": {"duration": 142, "nested": {"a": [1]}},
        "contact_properties": {"AGE": 32}, "object": {"type": "subscription", "identifiers": {"ext_id": "s1"}},
        "event_id": "kept",
    }  # fmt: skip
    answer = post(deployment, EVENT, event)
    assert (204, b"") == (answer.status_code, answer.content)
    (entry,) = deployment.logged("kept")
    assert ("api", "brevo", "custom", "video_played") == (entry.door, entry.source, entry.category, entry.key)
    assert (1_707_253_163_383, {"AGE": 32}) == (entry.occurred_at, entry.attributes)
    assert {"duration": 142, "nested": {"a": [1]}} == entry.properties
    assert {"email_id": "jane@shop.example"} == entry.identifiers
    assert entry.object is not None
    assert ("subscription", "s1") == (entry.object.type, entry.object.id)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        (None, NOW),
        ("2026-11-24T10:00:00+01:00", NOW - 25 * 3_600_000),
        ("2026-11-25T09:59:59.999999Z", NOW - 1),
        ("2026-11-24T10:00:00", NOW - 24 * 3_600_000),
        ("2026-11-25", NOW - 10 * 3_600_000),
    ],
)
def test_a_time_is_any_iso_8601(fresh: Deployment, said: str | None, at: int) -> None:
    """UTC where it names no zone, a day from its beginning, now where there is none."""
    assert 204 == post(fresh, EVENT, {**GOOD, "event_date": said}).status_code
    assert [at] == [entry.occurred_at for entry in fresh.log()]


def test_the_same_event_id_is_one_event(fresh: Deployment) -> None:
    """Clients repeat a request whose answer they missed. Without an id two are two."""
    for _ in range(2):
        assert 204 == post(fresh, EVENT, {**GOOD, "event_id": "once"}).status_code
        assert 204 == post(fresh, EVENT, GOOD).status_code
    assert 3 == len(fresh.log())


def test_a_category_may_be_named(deployment: Deployment) -> None:
    """Our extension; else the key says it."""
    post(deployment, EVENT, {**GOOD, "event_id": "system", "category": "loyalty", "event_name": "voucher_created"})
    post(deployment, EVENT, {**GOOD, "event_id": "implied", "event_name": "cart_updated"})
    assert ["loyalty", "ecommerce"] == [deployment.logged(id)[0].category for id in ("system", "implied")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"{", (400, "bad_request", "The body is not valid JSON."), id="no JSON"),
        pytest.param(b"\xff", (400, "bad_request", "The body is not valid JSON."), id="no UTF-8"),
        pytest.param(BOMB, (400, "out_of_range", "Nested too deeply"), id="a bomb"),
        pytest.param([], (400, "invalid_parameter", "Expected `object`, got `array`"), id="a list"),
        pytest.param({}, (400, "missing_parameter", "event_name"), id="nothing"),
        pytest.param({"event_name": "x"}, (400, "missing_parameter", "identifiers"), id="nobody"),
        pytest.param({**GOOD, "identifiers": {}}, (400, "missing_parameter", "identifiers"), id="no identifier"),
        pytest.param({**GOOD, "identifiers": []}, (400, "invalid_parameter", "identifiers"), id="a list of them"),
        pytest.param(
            {**GOOD, "identifiers": {"email_id": "jane"}}, (400, "invalid_parameter", "identifiers.email_id"), id="jane"
        ),
        pytest.param(
            {**GOOD, "identifiers": {"contact_id": 10**30}},
            (400, "invalid_parameter", "identifiers.contact_id"),
            id="a huge contact",
        ),
        pytest.param({**GOOD, "identifiers": {"email_id": None}}, (400, "invalid_parameter", "identifiers"), id="null"),
        pytest.param({**GOOD, "event_name": "a b"}, (400, "invalid_parameter", "event_name"), id="a blank"),
        pytest.param({**GOOD, "event_name": "a" * 256}, (400, "invalid_parameter", "event_name"), id="256"),
        pytest.param({**GOOD, "event_name": 5}, (400, "invalid_parameter", "event_name"), id="a number"),
        pytest.param({**GOOD, "event_date": "soon"}, (400, "invalid_parameter", "event_date"), id="soon"),
        pytest.param(
            {**GOOD, "event_date": "1999-12-31T23:59:59Z"}, (400, "out_of_range", "event_date"), id="last century"
        ),
        pytest.param(
            {**GOOD, "event_properties": {"a": 10**40}}, (400, "invalid_parameter", "event_properties.a"), id="huge"
        ),
        pytest.param({**GOOD, "category": "loyalty"}, (400, "invalid_parameter", "event_name"), id="not of it"),
    ],
)
def test_a_bad_event_is_refused_by_name(deployment: Deployment, body: Any, expected: tuple[int, str, str]) -> None:
    """Brevo's code and the field; the next good event passes."""
    assert expected == refusal(post(deployment, EVENT, body))
    assert 204 == post(deployment, EVENT, GOOD).status_code


@pytest.mark.parametrize("path", [EVENT, BATCH, ORDER, ORDERS])
def test_a_stranger_is_unauthorized(deployment: Deployment, path: str) -> None:
    """Without a key, with a wrong one, with one that may only read; a bearer token is a key."""
    reader = deployment.key(scope="read")["key"]
    assert (401, "unauthorized") == refusal(post(deployment, path, {}, api_key=""))[:2]
    assert (401, "unauthorized") == refusal(post(deployment, path, {}, api_key="sk_of_nobody"))[:2]
    assert (403, "permission_denied") == refusal(post(deployment, path, {}, api_key=reader))[:2]
    assert 400 == post(deployment, path, {}, api_key="", authorization=f"Bearer {API_KEY}").status_code
    assert (415, "not_acceptable") == refusal(post(deployment, path, {}, content_type="text/plain"))[:2]
    assert (413, "out_of_range") == refusal(post(deployment, path, b" " * (512 * 1024 + 1)))[:2]


@pytest.mark.parametrize("wrap", [list, lambda events: {"events": events}], ids=["bare", "wrapped"])
def test_a_batch_is_taken_in_both_shapes(fresh: Deployment, wrap: Any) -> None:
    """202 and how many."""
    answer = post(fresh, BATCH, wrap([GOOD, GOOD]))
    assert (202, 2) == (answer.status_code, answer.json()["count"])
    assert 2 == len(fresh.log())


def test_of_a_batch_the_good_are_taken(fresh: Deployment) -> None:
    """207 with the places of the others, each reason once; 400 when there is none that is good."""
    bad = {**GOOD, "event_name": "a b"}
    answer = post(fresh, BATCH, [GOOD, bad, bad, {}, 7])
    assert 207 == answer.status_code
    body = answer.json()
    assert (5, 1, 4) == (body["total_events"], body["successful_events"], body["failed_events"])
    assert [[1, 2], [3], [4]] == sorted(one["eventIndex"] for one in body["errors"])
    none = post(fresh, BATCH, [bad, bad])
    assert (400, "invalid_parameter") == refusal(none)[:2]
    assert [[0, 1]] == [one["eventIndex"] for one in none.json()["errors"]]
    assert 1 == len(fresh.log())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, "missing_parameter", "events")),
        ({"events": None}, (400, "invalid_parameter", "events")),
        ({"events": 3}, (400, "invalid_parameter", "events")),
        ([], (400, "invalid_parameter", "events")),
        ([GOOD] * 201, (400, "out_of_range", "events")),
        (b"[{", (400, "bad_request", "The body is not valid JSON.")),
        (b"7", (400, "invalid_parameter", "events")),
    ],
)
def test_a_bad_batch_is_refused_as_a_whole(deployment: Deployment, body: Any, expected: tuple[int, str, str]) -> None:
    """200 events are the most."""
    assert expected == refusal(post(deployment, BATCH, body))
    assert 202 == post(deployment, BATCH, [GOOD] * 200).status_code


# Orders ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "key"),
    [
        ("completed", "order_completed"), ("pending", "order_created"), ("Cancelled", "order_cancelled"),
        ("refunded", "order_refunded"), ("shipped", "order_updated"), ("partially refunded", "order_refunded"),
    ],
)  # fmt: skip
def test_the_status_of_an_order_says_which_event_it_is(fresh: Deployment, status: str, key: str) -> None:
    """The order is the event's object, whatever its status."""
    assert 204 == post(fresh, ORDER, {**BOUGHT, "status": status}).status_code
    (entry,) = fresh.log()
    assert ("ecommerce", key, "order", "14") == (entry.category, entry.key, entry.object.type, entry.object.id)


def test_an_order_keeps_what_was_said_of_it(fresh: Deployment) -> None:
    """In the names of a shop's own events, where there are any."""
    more = {"coupons": ["X"], "storeId": "s1", "metaInfo": {"s": "web"}, "billing": {"city": "Rome"}}
    post(fresh, ORDER, BOUGHT | more)
    (entry,) = fresh.log()
    assert {
        "total": 308.42, "status": "completed", "coupons": ["X"], "store_id": "s1", "meta_info": {"s": "web"},
        "billing": {"city": "Rome"}, "created_at": BOUGHT["createdAt"], "updated_at": BOUGHT["updatedAt"],
        "items": [{"id": "P1", "price": 99.99, "quantity": 10, "variant_id": "V"}],
    } == entry.properties  # fmt: skip
    assert 1_627_642_763_383 == entry.occurred_at


def test_a_state_of_an_order_is_one_event(fresh: Deployment) -> None:
    """Told again it is a duplicate; with another time or status it is another event. An old client says `email`."""
    old = {name: value for name, value in BOUGHT.items() if name != "identifiers"} | {"email": "Jane@shop.example"}
    for order in (BOUGHT, BOUGHT, old, {**BOUGHT, "status": "refunded"}, {**BOUGHT, "updatedAt": NOW_TEXT}):
        assert 204 == post(fresh, ORDER, order).status_code
    assert 3 == len(fresh.log())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, "missing_parameter", "id")),
        ({**BOUGHT, "identifiers": None}, (400, "missing_parameter", "identifiers")),
        ({**BOUGHT, "identifiers": {"email_id": "x"}}, (400, "invalid_parameter", "identifiers.email_id")),
        ({**BOUGHT, "products": [{}]}, (400, "missing_parameter", "products[0].productId")),
        ({**BOUGHT, "products": [{"productId": "a", "price": 1}]}, (400, "missing_parameter", "products[0].quantity")),
        ({**BOUGHT, "amount": "3"}, (400, "invalid_parameter", "amount")),
        ({**BOUGHT, "amount": 10**40}, (400, "invalid_parameter", "order.total")),
        ({**BOUGHT, "updatedAt": "soon"}, (400, "invalid_parameter", "updatedAt")),
        ({**BOUGHT, "id": ""}, (400, "invalid_parameter", "id")),
        (b"{", (400, "bad_request", "The body is not valid JSON.")),
    ],
)
def test_a_bad_order_is_refused_by_name(deployment: Deployment, body: Any, expected: tuple[int, str, str]) -> None:
    """The field as Brevo calls it."""
    assert expected == refusal(post(deployment, ORDER, body))


def test_a_batch_of_orders_is_history_unless_it_says_otherwise(fresh: Deployment) -> None:
    """As with Brevo nothing reacts to it; count: of those that were taken."""
    answer = post(fresh, ORDERS, {"orders": [BOUGHT, {}]})
    assert (202, 1, [[1]]) == (
        answer.status_code, answer.json()["count"], [one["eventIndex"] for one in answer.json()["errors"]],
    )  # fmt: skip
    assert 202 == post(fresh, ORDERS, {"orders": [{**BOUGHT, "id": "15"}], "historical": False}).status_code
    assert [True, False] == [entry.historical for entry in fresh.log()]
    assert (400, "missing_parameter") == refusal(post(fresh, ORDERS, {"orders": [{}]}))[:2]
    assert (400, "invalid_parameter") == refusal(post(fresh, ORDERS, {"orders": [BOUGHT], "historical": 5}))[:2]
    assert (400, "missing_parameter") == refusal(post(fresh, ORDERS, {}))[:2]


def test_a_full_disk_says_when_to_come_back(fresh: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 in Brevo's shape, with Retry-After; nothing is stored."""
    monkeypatch.setattr(fresh.built.services.writer, "_events", 5_000)
    answer = fresh.post(json.dumps(GOOD).encode(), EVENT, content_type="application/json", api_key=API_KEY)
    assert (503, "service_unavailable") == refusal(answer)[:2]
    assert int(answer.headers["retry-after"]) > 0
