"""What do Brevo's integrations get? Their events in the log, 204, and reasons in words that they read.

Bodies as published plugins send them, with the misspellings of their authors.
"""

import json
from typing import Any

import httpx
import pytest

from collector.log.entry import Entry
from sessionizer.event import ObjectRef, Page
from tests.collector.ingest.sending import NOW, SITE, WRITE_KEY, Deployment, refusal, written

ANNA = "anna@shop.example"
PAGE = {"ma_url": "https://shop.example/boots", "ma_title": "Boots", "ma_path": "/boots", "ma_referrer": ""}


def post(deployment: Deployment, kind: str, body: Any, **headers: str) -> httpx.Response:
    """As an integration sends it."""
    content = body if isinstance(body, bytes) else written(body)
    usual = {"content_type": "application/json", "ma_key": WRITE_KEY}
    return deployment.post(content, f"/api/v2/{kind}", **(usual | headers))


def entry_of(deployment: Deployment, kind: str, body: Any, **headers: str) -> Entry:
    """What was accepted."""
    before = len(deployment.log())
    answer = post(deployment, kind, body, **headers)
    assert (204, b"") == (answer.status_code, answer.content), answer.text
    (entry,) = deployment.log()[before:]
    assert ("brevo", "site:1", NOW) == (entry.source, entry.door, entry.received_at)
    return entry


def test_identify_says_who_it_is(deployment: Deployment) -> None:
    """The address finds the person, the rest is what is known."""
    body = {"email": "Anna@Shop.example", "attributes": {"FIRSTNAME": "Anna", "AGE": 32, "EMAIL": ANNA}}
    entry = entry_of(deployment, "identify", body)
    assert ("contact", "identified", {"email_id": ANNA}) == (entry.category, entry.key, entry.identifiers)
    assert {"FIRSTNAME": "Anna", "AGE": 32} == entry.attributes


@pytest.mark.parametrize("spelling", ["eventdata", "eventData"])
def test_an_event_is_about_a_thing(deployment: Deployment, spelling: str) -> None:
    """Its data are the event's, its properties the contact's, its id names the cart; also as Stape spells it."""
    data = {"total": 280, "currency": "EUR", "items": [{"name": "Boots", "price": 90, "quantity": 2}]}
    body = {"email": ANNA, "event": "cart_updated", "properties": {"FIRSTNAME": "Anna", "email": ANNA}}
    entry = entry_of(deployment, "trackEvent", {**body, spelling: {"id": "cart:1234", "data": data}})
    assert ("ecommerce", "cart_updated", ObjectRef("cart", "1234")) == (entry.category, entry.key, entry.object)
    assert (data, {"FIRSTNAME": "Anna"}) == (entry.properties, entry.attributes)


EVENTS = [
    ("cart_created", {"id": "9"}, "cart_updated", ObjectRef("cart", "9"), None),
    ("order_completed", {"id": 9, "data": {"total": 1}}, "order_completed", ObjectRef("order", "9"), {"total": 1}),
    ("Video played", {"length": 5}, "video_played", None, {"length": 5}),
    ("video_played", {"id": ":", "data": None}, "video_played", ObjectRef("video", ":"), None),
    ("video_played", [], "video_played", None, None),
    ("video_played", None, "video_played", None, None),
]


@pytest.mark.parametrize(("name", "about", "key", "thing", "properties"), EVENTS)
def test_names_and_things_of_plugins_are_understood(
    deployment: Deployment, name: str, about: Any, key: str, thing: Any, properties: Any
) -> None:
    """Whatever stands in `eventdata`, the same id is never an event's own: a cart comes again."""
    body = {"email": ANNA, "event": name, "eventdata": about}
    entry, again = entry_of(deployment, "trackEvent", body), entry_of(deployment, "trackEvent", body)
    assert (key, thing, properties) == (entry.key, entry.object, entry.properties)
    assert entry.id != again.id


@pytest.mark.parametrize("spelling", ["page", "link"])
def test_a_page_is_visited(deployment: Deployment, spelling: str) -> None:
    """What names the page is no property; also as a PrestaShop module spells it."""
    entry = entry_of(deployment, "trackPage", {"email": ANNA, spelling: "Boots", "properties": {**PAGE, "n": 1}})
    assert ("website", "page_visited") == (entry.category, entry.key)
    assert (Page("https://shop.example/boots", "Boots"), {"name": "Boots", "n": 1}) == (entry.page, entry.properties)


def test_an_address_as_its_name_is_the_page(deployment: Deployment) -> None:
    """Where ma_url is missing."""
    entry = entry_of(deployment, "trackPage", {"email": ANNA, "page": "https://shop.example/x"})
    assert (Page("https://shop.example/x", ""), None) == (entry.page, entry.properties)


def test_a_link_is_clicked(deployment: Deployment) -> None:
    """On the page that is named."""
    body = {"email": ANNA, "link": "https://other.example/", "properties": {**PAGE, "place": "foot"}}
    entry = entry_of(deployment, "trackLink", body)
    assert ("website", "link_clicked") == (entry.category, entry.key)
    assert {"url": "https://other.example/", "place": "foot"} == entry.properties
    assert "https://shop.example/boots" == getattr(entry.page, "url", None)


@pytest.mark.parametrize(
    "who", [{"email": ANNA}, {"email_id": ANNA}, {"EMAIL": ANNA}, {"identifiers": {"email_id": ANNA}}]
)
def test_the_address_may_be_spelled_in_some_ways(deployment: Deployment, who: Any) -> None:
    """As the tracker's own calls have it."""
    assert {"email_id": ANNA} == entry_of(deployment, "identify", who).identifiers


def test_a_cuid_is_a_visitor_of_its_own_kind(deployment: Deployment) -> None:
    """In Brevo's namespace: the same each time, and no visitor of the tracker or of Segment's."""
    cuid = "6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a11"
    first, second = (entry_of(deployment, "trackEvent", {"cuid": cuid, "event": "a"}).visitor for _ in range(2))
    tokens = deployment.built.services.tokens
    assert 26 == len(first)
    assert first == second == tokens.derive(1, f"brevo:{cuid}")
    assert first not in (tokens.derive(1, cuid), tokens.derive(1, f"segment:{cuid}"))


def test_an_id_and_an_instant_may_be_said(deployment: Deployment) -> None:
    """Our extension: then a retry is a duplicate."""
    body = {"email": ANNA, "event": "a", "event_id": "e-1", "event_date": "2026-11-25T09:00:00Z"}
    entry = entry_of(deployment, "trackEvent", body)
    assert ("e-1", NOW - 3_600_000) == (entry.id, entry.occurred_at)
    assert 204 == post(deployment, "trackEvent", body).status_code
    assert 1 == len(deployment.logged("e-1"))


REFUSALS = [
    ("identify", {}, 400, "missing_parameter", "malformed", "email"),
    ("identify", {"email": ""}, 400, "missing_parameter", "malformed", "email"),
    ("identify", {"email": "nobody"}, 400, "invalid_parameter", "bad_identifier", "email"),
    ("identify", {"email": 5}, 400, "invalid_parameter", "bad_identifier", "email"),
    ("identify", {"email": ANNA, "attributes": "x"}, 400, "invalid_parameter", "bad_property", "attributes"),
    ("trackEvent", {"email": ANNA}, 400, "missing_parameter", "malformed", "event"),
    ("trackEvent", {"email": ANNA, "event": 5}, 400, "missing_parameter", "malformed", "event"),
    ("trackEvent", {"email": ANNA, "event": "購入"}, 400, "invalid_parameter", "bad_key", "event"),
    ("trackEvent", {"email": ANNA, "event": "a", "eventdata": 5}, 400, "invalid_parameter", "bad_property",
     "eventdata"),
    ("trackEvent", {"email": ANNA, "event": "a", "eventdata": {"data": [1]}}, 400, "invalid_parameter", "bad_property",
     "eventdata.data"),
    ("trackEvent", {"email": ANNA, "event": "a", "eventdata": {"data": {"p": "\ud800"}}}, 400, "invalid_parameter",
     "bad_property", "properties.p"),
    ("trackEvent", {"email": ANNA, "event": "a", "event_id": 5}, 400, "invalid_parameter", "bad_id", "event_id"),
    ("trackEvent", {"email": ANNA, "event": "a", "event_date": "soon"}, 400, "invalid_parameter", "bad_time",
     "occurred_at"),
    ("trackEvent", {"email": ANNA, "event": "a", "event_date": "2020-01-01T00:00:00Z"}, 400, "invalid_parameter",
     "too_old", "occurred_at"),
    ("trackLink", {"email": ANNA}, 400, "missing_parameter", "malformed", "link"),
    ("trackPage", {"email": ANNA, "properties": "x"}, 400, "invalid_parameter", "bad_property", "properties"),
    ("trackEvent", b"", 400, "invalid_parameter", "malformed", ""),
    ("trackEvent", b"[]", 400, "invalid_parameter", "malformed", ""),
    ("trackEvent", b'{"a": NaN}', 400, "invalid_parameter", "malformed", ""),
    ("trackEvent", b"[" * 10_000, 400, "invalid_parameter", "too_deep", ""),
    ("trackEvent", b" " * (32 * 1024 + 1), 413, "out_of_range", "too_large", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "status", "code", "ours", "path"), REFUSALS)
def test_what_is_refused_says_why(
    deployment: Deployment, kind: str, body: Any, status: int, code: str, ours: str, path: str
) -> None:
    """Brevo's code and ours, by the path; nothing is stored, and never the address that was sent."""
    before = len(deployment.log())
    answer = post(deployment, kind, body)
    assert (status, ours, path) == refusal(answer)
    assert (code, True) == (answer.json()["code"], bool(answer.json()["message"]))
    assert ANNA not in answer.text
    assert before == len(deployment.log())


@pytest.mark.parametrize(
    ("headers", "code"), [({"ma_key": ""}, "key_unknown"), ({"ma_key": "wk_of_nobody"}, "key_unknown")]
)
def test_without_a_good_key_nothing_is_taken(deployment: Deployment, headers: dict[str, str], code: str) -> None:
    """401, `unauthorized` in Brevo's words."""
    answer = post(deployment, "identify", {"email": ANNA}, **headers)
    assert ((401, code, "ma-key"), "unauthorized") == (refusal(answer), answer.json()["code"])


def test_consent_is_asked_for(deployment: Deployment) -> None:
    """A site that requires it takes nothing without; a word of the sender's is enough."""
    key = deployment.site(consent="required").write_key
    answer = post(deployment, "identify", {"email": ANNA}, ma_key=key)
    assert ((403, "consent_denied", ""), "permission_denied") == (refusal(answer), answer.json()["code"])
    assert 204 == post(deployment, "identify", {"email": ANNA, "consent": "granted"}, ma_key=key).status_code


def test_a_page_may_ask_first(deployment: Deployment) -> None:
    """204 with the header in which the key stands."""
    answer = deployment.run(deployment.request("OPTIONS", "/api/v2/identify", origin=SITE))
    assert "content-type, content-encoding, ma-key" == answer.headers["access-control-allow-headers"]
    assert SITE == post(deployment, "identify", {"email": ANNA}, origin=SITE).headers["access-control-allow-origin"]


FIELDS = (
    "email event page link properties attributes eventdata eventdata.id eventdata.data identifiers cuid consent"
    " event_id event_date properties.ma_url properties.ma_title"
).split()
KINDS: tuple[Any, ...] = (
    *(None, True, 0, 1.5, 2**63, 10**400, "", "x", "\ud800", "\0", "x" * 9_000, ":", [], [1], {}, {"a": {}}),
    {"\ud800": 1},
)


@pytest.mark.parametrize("kind", ["identify", "trackEvent", "trackPage", "trackLink"])
def test_a_value_of_any_kind_in_any_field_is_answered(deployment: Deployment, kind: str) -> None:
    """204 or 400, and a good event passes afterwards."""
    for field in FIELDS:
        for value in KINDS:
            body: dict[str, Any] = {"email": ANNA, "event": "a", "link": "https://x.example/"}
            outer, _, inner = field.partition(".")
            body[outer] = {inner: value} if inner else value
            answer = post(deployment, kind, json.dumps(body).encode())
            assert answer.status_code in (204, 400), (field, value, answer.text)
    assert 204 == post(deployment, "identify", {"email": ANNA}).status_code
