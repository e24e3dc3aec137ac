"""What does a call of Segment's become? One event of ours, for its own visitor, at its own instant."""

from typing import Any

import pytest

from sessionizer.event import ObjectRef, Page
from tests.collector.ingest.calling import basic, call, entry_of, post_calls, send_calls
from tests.collector.ingest.sending import NOW, NOW_TEXT, SITE, WRITE_KEY, Deployment, refused, warned, written

HOUR_MS = 3_600_000
PAGE = {"url": "https://shop.example/boots", "title": "Boots", "referrer": "https://search.example/", "path": "/boots"}

NAMES = [
    ("Product Viewed", "ecommerce", "product_viewed"),
    ("product_viewed", "ecommerce", "product_viewed"),
    ("PRODUCT  VIEWED", "ecommerce", "product_viewed"),
    ("Product List Viewed", "ecommerce", "category_viewed"),
    ("Products Searched", "ecommerce", "product_searched"),
    ("Product Added", "ecommerce", "cart_updated"),
    ("Product Removed", "ecommerce", "cart_updated"),
    ("Checkout Started", "ecommerce", "checkout_started"),
    ("Payment Info Entered", "ecommerce", "payment_info_added"),
    ("Order Completed", "ecommerce", "order_completed"),
    ("Order Updated", "ecommerce", "order_updated"),
    ("Order Refunded", "ecommerce", "order_refunded"),
    ("Order Cancelled", "ecommerce", "order_cancelled"),
    ("Product Added to Wishlist", "ecommerce", "wishlist_product_added"),
    ("cart_updated", "ecommerce", "cart_updated"),
    ("Cart Viewed", "custom", "cart_viewed"),
    ("Signed Up", "custom", "signed_up"),
    ("signedUp", "custom", "signedUp"),
    ("Città: visitata!", "custom", "citta_visitata"),
    ("x" * 300, "custom", "x" * 255),
    ("page_visited", "website", "page_visited"),
]


@pytest.mark.parametrize(("name", "category", "key"), NAMES)
def test_a_name_becomes_a_key(deployment: Deployment, name: str, category: str, key: str) -> None:
    """Segment's e-commerce names mean our events; another name is a key of its own, made valid where it is none."""
    entry = entry_of(deployment, call(event=name))
    assert (category, key, "segment", "site:1") == (entry.category, entry.key, entry.source, entry.door)


@pytest.mark.parametrize("name", [None, "", "購入", "!!!", 5, ["x"], {"a": 1}, True])
def test_a_call_without_a_usable_name_is_refused_alone(deployment: Deployment, name: Any) -> None:
    """`bad_key`, by the path of the sender's own word."""
    good, bad = call(), call(event=name)
    answer = send_calls(deployment, bad, good)
    assert [(0, "bad_key", "events[0].event")] == refused(answer)
    assert bad["messageId"] == answer["rejected"][0]["id"]
    assert 1 == len(deployment.logged(good["messageId"]))


def test_a_cart_has_items(deployment: Deployment) -> None:
    """`products` are our `items`, with our names of id and picture; the order is the object."""
    products = [{"product_id": "p-1", "image_url": "https://shop.example/1.png", "price": 9.5, "quantity": 2}]
    entry = entry_of(deployment, call(event="Order Completed", properties={"order_id": "o-1", "products": products}))
    items = [{"id": "p-1", "image": "https://shop.example/1.png", "price": 9.5, "quantity": 2}]
    assert ({"order_id": "o-1", "items": items}, ObjectRef("order", "o-1")) == (entry.properties, entry.object)


def test_what_became_of_the_cart_is_kept(deployment: Deployment) -> None:
    """Two of Segment's events are one of ours: the difference stays in a property."""
    added = entry_of(deployment, call(event="Product Added", properties={"cart_id": "c", "product_id": "p"}))
    removed = entry_of(deployment, call(event="Product Removed", properties={"cart_id": "c", "product_id": "p"}))
    assert {"change": "product_added", "cart_id": "c", "product_id": "p"} == added.properties
    assert "product_removed" == (removed.properties or {})["change"]
    assert ObjectRef("cart", "c") == added.object == removed.object


def test_a_product_is_the_object_of_its_view(deployment: Deployment) -> None:
    """And of no event that is about more."""
    assert (
        ObjectRef("product", "p")
        == entry_of(deployment, call(event="Product Viewed", properties={"product_id": "p"})).object
    )
    assert entry_of(deployment, call(event="Checkout Started", properties={"product_id": "p"})).object is None


def test_properties_of_others_stay_as_they_are(deployment: Deployment) -> None:
    """Only an e-commerce event is looked into."""
    properties = {"products": [{"product_id": 1}], "deep": {"a": [1, None, True]}}
    assert properties == entry_of(deployment, call(event="Quiz Done", properties=properties)).properties


def test_the_context_names_the_page(deployment: Deployment) -> None:
    """Address, title and referrer of where it happened."""
    entry = entry_of(deployment, call(context={"page": PAGE}))
    assert Page("https://shop.example/boots", "Boots", "https://search.example/") == entry.page


def test_a_page_call_is_a_visit(deployment: Deployment) -> None:
    """Its properties win over the context's page; what names the page is no property."""
    own = {**PAGE, "url": "https://shop.example/own", "step": 2}
    entry = entry_of(deployment, call("page", name="Own", category="Docs", properties=own, context={"page": PAGE}))
    assert ("website", "page_visited") == (entry.category, entry.key)
    assert Page("https://shop.example/own", "Boots", "https://search.example/") == entry.page
    assert {"name": "Own", "category": "Docs", "step": 2} == entry.properties


def test_a_screen_is_a_visit_of_an_app(deployment: Deployment) -> None:
    """Its address is that of an app; no page of the web."""
    app = {"namespace": "com.shop.app", "name": "Shop"}
    entry = entry_of(deployment, call("screen", name="Cart / 1", properties={"n": 1}, context={"app": app}))
    assert Page("app://com.shop.app/Cart%20%2F%201", "Cart / 1") == entry.page
    assert ("page_visited", {"name": "Cart / 1", "n": 1}) == (entry.key, entry.properties)
    assert "app://app/" == getattr(entry_of(deployment, call("screen")).page, "url", None)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://shop.example/", "https://shop.example/?utm_campaign=winter&utm_source=letter"),
        ("https://shop.example/?a=1#x", "https://shop.example/?a=1&utm_campaign=winter&utm_source=letter#x"),
        ("https://shop.example/?utm_source=own", "https://shop.example/?utm_source=own&utm_campaign=winter"),
    ],
)
def test_a_campaign_is_part_of_the_address(deployment: Deployment, url: str, found: str) -> None:
    """Where sessions look for it; what the address says itself stays."""
    context = {"page": {"url": url}, "campaign": {"name": "winter", "source": "letter", "odd": 5}}
    assert found == getattr(entry_of(deployment, call(context=context)).page, "url", None)


def test_identify_says_who_it_is(deployment: Deployment) -> None:
    """userId, e-mail and telephone find the person; other traits are plain attributes."""
    traits = {"email": "Anna@Shop.example", "phone": "+39 333 1234567", "plan": "pro", "address": {"city": "Roma"}}
    entry = entry_of(deployment, call("identify", userId="42", traits=traits))
    assert ("contact", "identified") == (entry.category, entry.key)
    found = {"ext_id": "42", "email_id": "anna@shop.example", "phone_id": "+393331234567"}
    assert found == entry.identifiers
    assert {"plan": "pro", "address_city": "Roma"} == entry.attributes


def test_a_group_is_the_contacts_company(deployment: Deployment) -> None:
    """Its id and its traits, each under a name that says whose they are."""
    entry = entry_of(deployment, call("group", userId="42", groupId="g-1", traits={"name": "ACME", "employees": 9}))
    assert {"company": "g-1", "company_name": "ACME", "company_employees": 9} == entry.attributes
    assert ("identified", {"ext_id": "42"}) == (entry.key, entry.identifiers)


def test_alias_says_that_two_are_one(deployment: Deployment) -> None:
    """Who had the name before is the visitor, who has it now the person."""
    before = entry_of(deployment, call(anonymousId="browser-9"))
    entry = entry_of(deployment, call("alias", anonymousId=None, previousId="browser-9", userId="42"))
    assert (before.visitor, {"ext_id": "42"}) == (entry.visitor, entry.identifiers)
    address = entry_of(deployment, call("alias", previousId="old@shop.example", userId="42"))
    assert {"ext_id": "42", "email_id": "old@shop.example"} == address.identifiers


BROKEN = [
    ({"type": "group", "groupId": None}, "malformed", "groupId"),
    ({"type": "alias", "previousId": None, "anonymousId": None, "userId": "1"}, "malformed", "previousId"),
    ({"type": "alias", "previousId": "1"}, "malformed", "previousId"),
    ({"type": "other"}, "malformed", "type"),
    ({"type": None}, "malformed", "type"),
    ({"type": ["track"]}, "malformed", "type"),
    ({"messageId": 5}, "bad_id", "messageId"),
    ({"messageId": "x" * 129}, "bad_id", "id"),
    ({"timestamp": 5}, "bad_time", "timestamp"),
    ({"timestamp": "yesterday"}, "bad_time", "occurred_at"),
    ({"timestamp": "2026-11-25T10:00:00"}, "bad_time", "occurred_at"),
    ({"timestamp": "2026-11-01T10:00:00Z"}, "too_old", "occurred_at"),
    ({"properties": [1]}, "bad_property", "properties"),
    ({"type": "identify", "traits": "x"}, "bad_property", "traits"),
]


@pytest.mark.parametrize(("fields", "code", "path"), BROKEN)
def test_a_broken_call_is_refused_alone(deployment: Deployment, fields: dict[str, Any], code: str, path: str) -> None:
    """By code and path; its neighbours are in the log."""
    before, after = call(), call()
    bad = {name: value for name, value in (call(fields.get("type") or "track") | fields).items() if value is not None}
    answer = send_calls(deployment, before, bad, after)
    assert [(1, code, f"events[1].{path}")] == refused(answer)
    assert [1, 1] == [len(deployment.logged(one["messageId"])) for one in (before, after)]


# Whose it is ---------------------------------------------------------------------------------------------------------


def test_an_anonymous_id_is_a_visitor_of_its_own_kind(deployment: Deployment) -> None:
    """The same each time, another for another name, and never one that a nonce of the tracker leads to."""
    nonce = "6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a11"
    first, again, other = (entry_of(deployment, call(anonymousId=name)).visitor for name in (nonce, nonce, "b"))
    assert 26 == len(first)
    assert first == again != other
    assert first != deployment.entry(envelope={"nonce": nonce}).visitor


def test_a_visitor_is_of_one_site(deployment: Deployment) -> None:
    """The same name under another key is somebody else."""
    other = deployment.site()
    here = entry_of(deployment, call(anonymousId="browser-7"))
    there = entry_of(deployment, call(anonymousId="browser-7"), {"authorization": basic(other.write_key)})
    assert (1, other.id) == (here.site, there.site)
    assert here.visitor != there.visitor


@pytest.mark.parametrize("name", [None, "", "undefined", "null", "0", "x" * 256, 0, True, ["a"], {"a": 1}])
def test_a_name_that_names_nobody_makes_no_visitor(deployment: Deployment, name: Any) -> None:
    """Or all who have none would be one. The person is named by userId all the same."""
    entry = entry_of(deployment, call(anonymousId=name, userId="42"))
    assert ("", {"ext_id": "42"}) == (entry.visitor, entry.identifiers)


def test_a_number_is_a_user_id(deployment: Deployment) -> None:
    """Databases number their rows."""
    assert {"ext_id": "42"} == entry_of(deployment, call(userId=42)).identifiers


def test_an_event_of_nobody_is_kept_and_its_sender_told(deployment: Deployment) -> None:
    """Neither anonymousId nor userId."""
    answer = send_calls(deployment, call(anonymousId=None))
    assert (1, [(0, "bad_identifier", "events[0].identifiers")]) == (answer["accepted"], warned(answer))


def test_an_illegal_user_id_costs_only_itself(deployment: Deployment) -> None:
    """The event is its visitor's, with a warning."""
    answer = send_calls(deployment, call(userId="undefined"))
    assert (1, [(0, "bad_identifier", "events[0].identifiers.ext_id")]) == (answer["accepted"], warned(answer))


def test_a_program_says_in_which_browser_it_was(deployment: Deployment) -> None:
    """Its own name and address are no person's; an address in the body is nobody's word."""
    context = {"userAgent": "Mozilla/5.0 (Person)", "ip": "198.51.100.7"}
    entry = entry_of(deployment, call(context=context), {"user_agent": "analytics-python/2.3.5"})
    assert ("Mozilla/5.0 (Person)", "") == (entry.user_agent, entry.ip)
    assert "" == entry_of(deployment, call(), {"user_agent": "analytics-python/2.3.5"}).user_agent


def test_a_page_says_it_by_its_headers_only(deployment: Deployment) -> None:
    """A page is believed what its browser says, not what its body says."""
    context = {"userAgent": "Googlebot", "ip": "198.51.100.7"}
    entry = entry_of(deployment, call(context=context), {"user_agent": "Mozilla/5.0 (Real)", "origin": SITE})
    assert ("Mozilla/5.0 (Real)", "203.0.113.0") == (entry.user_agent, entry.ip)


# When it was ---------------------------------------------------------------------------------------------------------


def test_a_wrong_clock_is_corrected(deployment: Deployment) -> None:
    """By what it said when it sent: a batch's sentAt, else that of its first call."""
    at, sent = "2026-11-25T07:59:00.000Z", "2026-11-25T08:00:00+00:00"
    first, second = call(timestamp=at), call(timestamp=at, sentAt=sent)
    send_calls(deployment, first, sentAt=sent)
    send_calls(deployment, second, sentAt=None)
    assert [NOW - 60_000] * 2 == [deployment.logged(one["messageId"])[0].occurred_at for one in (first, second)]


def test_the_original_time_wins(deployment: Deployment) -> None:
    """`timestamp` may have been corrected by somebody on the way."""
    entry = entry_of(deployment, call(originalTimestamp="2026-11-25T09:00:00Z"))
    assert NOW - HOUR_MS == entry.occurred_at


@pytest.mark.parametrize("sent", [None, "", "soon", 5, ["x"]])
def test_a_clock_that_cannot_be_read_is_believed(deployment: Deployment, sent: Any) -> None:
    """Nothing is refused for it; an event without a time happened when it came."""
    with_time, without = call(timestamp="2026-11-25T09:00:00Z"), call(timestamp=None)
    send_calls(deployment, with_time, without, sentAt=sent)
    found = [deployment.logged(one["messageId"])[0].occurred_at for one in (with_time, without)]
    assert [NOW - HOUR_MS, NOW] == found


# Once ----------------------------------------------------------------------------------------------------------------


def test_a_message_id_is_the_events_id(deployment: Deployment) -> None:
    """Sent again it is a duplicate, in the same batch or a later one."""
    sent = call()
    first, second = send_calls(deployment, sent, sent), send_calls(deployment, sent)
    assert [(1, 1), (0, 1)] == [(one["accepted"], one["duplicates"]) for one in (first, second)]
    assert 1 == len(deployment.logged(sent["messageId"]))


def test_without_a_message_id_each_is_an_event(deployment: Deployment) -> None:
    """It gets an id here."""
    assert 2 == send_calls(deployment, call(messageId=None), call(messageId=""))["accepted"]


def test_a_batch_lends_its_context(deployment: Deployment) -> None:
    """To calls that have none."""
    lent, own = call(), call(context={"page": {"url": "https://shop.example/own"}})
    send_calls(deployment, lent, own, context={"page": PAGE})
    found = [getattr(deployment.logged(one["messageId"])[0].page, "url", "") for one in (lent, own)]
    assert ["https://shop.example/boots", "https://shop.example/own"] == found


@pytest.mark.parametrize(
    "context", [5, 1.5, "page", True, [], [{"page": PAGE}], {"\ud800": 1, "library": {"n": "\ud800"}}]
)
def test_a_context_that_says_nothing_hinders_nothing(deployment: Deployment, context: object) -> None:
    """The event is taken without a page; one that is no object is not replaced by the batch's either."""
    sent = call(context=context)
    assert 1 == send_calls(deployment, sent, context={"page": PAGE})["accepted"]
    assert deployment.logged(sent["messageId"])[0].page is None


# What was agreed to --------------------------------------------------------------------------------------------------

CONSENTS = [
    (None, "unknown"),
    ("granted", "granted"),
    ({"categoryPreferences": {"Analytics": True, "Advertising": True}}, "granted"),
    ({"categoryPreferences": {"Analytics": True, "Advertising": False}}, "unknown"),
    ({"categoryPreferences": {}}, "unknown"),
    ({"categoryPreferences": 5}, "unknown"),
    ("maybe", "unknown"),
]


@pytest.mark.parametrize(("consent", "found"), CONSENTS)
def test_consent_is_heard(deployment: Deployment, consent: Any, found: str) -> None:
    """A word, or Segment's categories when all say the same."""
    context = {} if consent is None else {"consent": consent}
    assert found == entry_of(deployment, call(context=context)).consent


def test_each_person_has_agreed_alone(deployment: Deployment) -> None:
    """At a site that requires it: one batch, and only who has agreed is in the log. Nothing is kept of the others."""
    site = deployment.site(consent="required")
    yes, no, unsaid = (
        call(userId="42", context={"consent": {"categoryPreferences": {"All": said}}} if said is not None else {})
        for said in (True, False, None)
    )
    answer = send_calls(deployment, yes, no, unsaid, {"type": "bad"}, headers={"authorization": basic(site.write_key)})
    assert [(1, "consent_denied", "events[1]"), (2, "consent_denied", "events[2]")] == refused(answer)[:2]
    assert [1, 0, 0] == [len(deployment.logged(one["messageId"])) for one in (yes, no, unsaid)]
    kept = deployment.logged(yes["messageId"])[0]
    assert ("granted", {"ext_id": "42"}) == (kept.consent, kept.identifiers)


def test_who_has_said_no_is_in_no_batch(deployment: Deployment) -> None:
    """Also where consent is implied: a program's request shows no browser of one day."""
    answer = send_calls(deployment, call(context={"consent": "denied"}), call())
    assert ([(0, "consent_denied", "events[0]")], 1) == (refused(answer), answer["accepted"])


def test_a_browsers_signal_is_heard(deployment: Deployment) -> None:
    """Sec-GPC: a visitor for one day, no identifiers."""
    sent = call(userId="42")
    answer = send_calls(deployment, sent, headers={"origin": SITE, "sec_gpc": "1"})
    assert [(0, "consent_denied", "events[0].identifiers")] == warned(answer)
    assert deployment.logged(sent["messageId"])[0].identifiers is None
    assert 26 == len(deployment.logged(sent["messageId"])[0].visitor)


def test_the_key_stands_in_the_header_or_the_body(deployment: Deployment) -> None:
    """Browsers write it into the body, as text/plain: no preflight is needed."""
    sent = call()
    answer = deployment.post(written(sent | {"writeKey": WRITE_KEY}), "/v1/t", origin=SITE)
    assert (200, 1) == (answer.status_code, answer.json()["accepted"])
    again = post_calls(deployment, sent, headers={"authorization": ""}, writeKey=WRITE_KEY)
    assert (200, 1) == (again.status_code, again.json()["duplicates"])


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        *((f"/v1/{kind}", kind) for kind in ("track", "identify", "page", "screen", "alias", "group")),
        *((f"/v1/{kind[0]}", kind) for kind in ("track", "identify", "page", "screen", "alias", "group")),
    ],
)
def test_each_call_has_its_own_address(deployment: Deployment, path: str, kind: str) -> None:
    """By its name and by its first letter; the address says the type, whatever the body says."""
    more = {"userId": "1", "previousId": "b", "groupId": "g"} if kind in ("alias", "group") else {}
    sent = call(kind, **more) | {"type": "other", "sentAt": NOW_TEXT}
    answer = deployment.post(written(sent), path, content_type="application/json", authorization=basic())
    assert (200, True, 1) == (answer.status_code, answer.json()["success"], answer.json()["accepted"])
    assert 1 == len(deployment.logged(sent["messageId"]))
