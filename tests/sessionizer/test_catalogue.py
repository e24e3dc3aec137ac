"""Does the catalogue hold every event that must be there, and answer rightly about each?"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from sessionizer import catalogue
from sessionizer.catalogue import (
    CATALOGUE,
    CATEGORIES,
    EVERYWHERE,
    FAMILIES,
    PUBLIC_CATEGORIES,
    Row,
    accepts_public,
    category_of,
    family_of,
    is_activity,
    known,
    lookup,
    nearest_key,
    takes,
)
from sessionizer.engine import Engine
from sessionizer.event import Page
from sessionizer.properties.schema import fault, misfit, object_of
from sessionizer.rule import Rule
from sessionizer.rules.assignments import RULES
from sessionizer.rules.inactivity import Sessions, Visit
from sessionizer.session import GAP_MS
from tests.factories import SOMEBODY, at, events
from tests.sessionizer.memory_worker import MemoryWorker
from tests.sessionizer.telling import derived

# The 90 system events of the product that Sentiero replaces, keys verbatim.
SYSTEM = {
    "marketing_email": [
        "Sent",
        "Delivered",
        "Opened",
        "Clicked",
        "Unsubscribed",
        "Soft Bounce",
        "Hard Bounce",
        "proxy_open",
    ],
    "transactional_email": ["Sent", "Delivered", "Opened", "Clicked", "Unsubscribed", "Soft Bounce", "Hard Bounce"],
    "marketing_sms": ["Sent", "Delivered", "Clicked", "Soft Bounce", "Hard Bounce"],
    "transactional_sms": ["Sent", "Delivered", "Soft Bounce", "Hard Bounce"],
    "whatsapp": ["Sent", "Delivered", "Read", "Soft-Bounce"],
    "push": ["push_notification_clicked", "push_session_started", "push_subscribed", "push_unsubscribed"],
    "web_push": [
        "subscriber_added",
        "subscriber_deactivated",
        "subscriber_refreshed",
        "webpush_delivered",
        "webpush_clicked",
        "webpush_closed",
    ],
    "wallet": [
        "pass_installed",
        "pass_downloaded",
        "optin-updated",
        "status_changed",
        "enrolled",
        "pass_status_changed",
        "anonymized",
        "redeem_failed",
        "redeem_succeed",
        "counter_value_changed",
        "loyalty_status_changed",
        "notification_sent",
        "pass_moved",
        "pass_uninstalled",
        "retargeted",
        "anonymization_required",
        "counter_max_value_reached",
        "offer_attributed",
        "activated_from_share",
        "pass_shared",
    ],
    "forms": ["form_submitted"],
    "deals": ["deal_created", "deal_stage_updated", "task_completed", "task_created"],
    "website": ["page_visited"],
    "conversations": [
        "conversation_ended",
        "conversation_started",
        "message_received",
        "sales_email_clicked",
        "sales_email_opened",
    ],
    "meetings": ["meeting_booked", "meeting_canceled", "meeting_started"],
    "phone": ["call_finished"],
    "payments": ["payment_done", "payment_request_created", "payment_request_reminder_sent"],
    "loyalty": [
        "balance_minimum_value_reached",
        "balance_maximum_value_reached",
        "balance_value_updated",
        "balance_value_expired",
        "balance_transaction_unauthorized",
        "voucher_created",
        "voucher_redeemed",
        "voucher_expired",
        "voucher_revoked",
        "subscription_created",
        "subscription_year_anniversary",
        "subscription_month_anniversary",
        "subscription_revoked",
        "tier_association_updated",
    ],
}

# What is there beside them.
OURS = {
    "marketing_sms": ["Unsubscribed"],
    "transactional_sms": ["Unsubscribed"],
    "website": ["session_ended", "link_clicked", "file_downloaded"],
    "conversations": ["agent_assigned", "agent_joined", "agent_replied", "agent_left", "conversation_closed"],
    "loyalty": ["voucher_updated"],
    "ecommerce": [
        "cart_updated",
        "cart_deleted",
        "order_created",
        "order_completed",
        "order_updated",
        "order_cancelled",
        "order_refunded",
        "product_viewed",
        "category_viewed",
        "product_searched",
        "checkout_started",
        "payment_info_added",
        "wishlist_product_added",
    ],
    "contact": [
        "identified",
        "merged",
        "list_added",
        "list_removed",
        "attributes_updated",
        "consent_changed",
        "erased",
    ],
    "segment": ["segment_entered", "segment_left"],
}

DERIVED = {
    ("push", "push_session_started"),
    ("website", "session_ended"),
    ("conversations", "conversation_ended"),
    ("meetings", "meeting_started"),
    ("loyalty", "voucher_expired"),
    ("loyalty", "balance_value_expired"),
    ("loyalty", "balance_minimum_value_reached"),
    ("loyalty", "balance_maximum_value_reached"),
    ("wallet", "counter_max_value_reached"),
    ("loyalty", "subscription_month_anniversary"),
    ("loyalty", "subscription_year_anniversary"),
    ("segment", "segment_entered"),
    ("segment", "segment_left"),
}

MESSAGING = {"marketing_email", "transactional_email", "marketing_sms", "transactional_sms", "whatsapp"}

every_row = pytest.mark.parametrize("row", CATALOGUE.values(), ids=lambda row: f"{row.category}/{row.key}")


def kinds(table: dict[str, list[str]]) -> set[tuple[str, str]]:
    """Category → keys, as (category, key)."""
    return {(category, key) for category, keys in table.items() for key in keys}


def test_every_system_event_is_there() -> None:
    """All 90 stand in the catalogue, each key to the letter."""
    assert 90 == len(kinds(SYSTEM))
    assert set() == kinds(SYSTEM) - CATALOGUE.keys()


def test_nothing_else_is_there_but_ours() -> None:
    """Beside the 90 there are the e-commerce events, and those that we add."""
    assert kinds(OURS) == CATALOGUE.keys() - kinds(SYSTEM)


def test_the_catalogue_knows_which_are_the_system_events() -> None:
    """Each of the 90 once, and none of ours."""
    assert 90 == len(catalogue.SYSTEM)
    assert kinds(SYSTEM) == {(row.category, row.key) for row in catalogue.SYSTEM}


def test_each_category_is_complete() -> None:
    """So many events each category has, in the order in which people see them; what is `custom`, a team decides."""
    assert {
        "marketing_email": 8,
        "transactional_email": 7,
        "marketing_sms": 6,
        "transactional_sms": 5,
        "whatsapp": 4,
        "push": 4,
        "web_push": 6,
        "wallet": 20,
        "forms": 1,
        "deals": 4,
        "website": 4,
        "conversations": 10,
        "meetings": 3,
        "phone": 1,
        "payments": 3,
        "loyalty": 15,
        "ecommerce": 13,
        "contact": 7,
        "segment": 2,
    } == Counter(category for category, _ in CATALOGUE)
    assert [*CATEGORIES] == [*dict.fromkeys(category for category, _ in CATALOGUE), "custom"]


def test_a_category_has_a_name_in_both_languages() -> None:
    """Every category is found by its slug and has two labels."""
    for slug, category in CATEGORIES.items():
        assert slug == category.slug
        assert category.label_it
        assert category.label_en


@every_row
def test_row_stands_under_its_kind(row: Row) -> None:
    """A row is found by its own category and key."""
    assert row is CATALOGUE[row.category, row.key]


@every_row
def test_row_speaks_both_languages(row: Row) -> None:
    """An event has a label in each language, and a description that is one sentence."""
    assert row.label_it
    assert row.label_en
    for description in (row.description_it, row.description_en):
        assert 1 == description.count(".")
        assert description.endswith(".")
        assert description[0].isupper()


@pytest.mark.parametrize("field", ["description_it", "description_en"])
def test_no_two_events_are_described_alike(field: str) -> None:
    """A description says what tells its event from all others."""
    assert [] == [text for text, n in Counter(getattr(row, field) for row in CATALOGUE.values()).items() if n > 1]


@pytest.mark.parametrize("field", ["label_it", "label_en"])
def test_no_two_events_of_a_category_have_one_label(field: str) -> None:
    """Within a category a label names one event."""
    labels = Counter((row.category, getattr(row, field)) for row in CATALOGUE.values())
    assert [] == [label for label, n in labels.items() if n > 1]


def test_exactly_these_events_derive() -> None:
    """Time or a total says these; nothing else derives."""
    assert {kind for kind, row in CATALOGUE.items() if row.arises == "derived"} == DERIVED


def test_receipts_are_what_delivery_reports() -> None:
    """Everything of the messaging categories is a receipt, and so are the two of individual e-mails."""
    sales = {("conversations", "sales_email_clicked"), ("conversations", "sales_email_opened")}
    expected = {kind for kind in CATALOGUE if kind[0] in MESSAGING} | sales
    assert expected == {kind for kind, row in CATALOGUE.items() if row.arises == "receipt"}


@every_row
def test_who_tells_an_event_fits_how_it_arises(row: Row) -> None:
    """A derived event is told by the sessionizer, a receipt by delivery, a given one by neither of them alone."""
    teller = row.by.split(":")[0]
    assert {"derived": "sessionizer", "receipt": "delivery"}.get(row.arises, teller) == teller
    assert (row.arises == "given") == (teller not in {"sessionizer", "delivery"})


def test_the_vocabulary_of_tellers_is_closed() -> None:
    """People filter by it, so that it must not grow by a slip of the pen."""
    assert {
        "tracker or api",
        "service worker",
        "service worker or delivery",
        "api or webhook",
        "api or console",
        "identity",
        "privacy",
        "delivery: email",
        "delivery: sms",
        "delivery: whatsapp",
        "sessionizer: inactivity",
        "sessionizer: deadline",
        "sessionizer: threshold",
        "sessionizer: recurrence",
        "sessionizer: segments",
    } == {row.by for row in CATALOGUE.values()}


@every_row
def test_every_event_is_in_the_log(row: Row) -> None:
    """Where an event is usable is some of the five places, in their order, the log always among them."""
    assert row.usable_in == tuple(place for place in EVERYWHERE if place in row.usable_in)
    assert "log" == row.usable_in[0]


@pytest.mark.parametrize(
    ("category", "key", "usable_in"),
    [
        ("website", "page_visited", {"log", "contact", "segment", "trigger", "template"}),
        ("website", "file_downloaded", {"log", "contact", "segment", "trigger", "template"}),
        ("forms", "form_submitted", {"log", "contact", "segment", "trigger", "template"}),
        ("ecommerce", "cart_updated", {"log", "contact", "segment", "trigger", "template"}),
        ("deals", "deal_stage_updated", {"log", "contact", "segment", "trigger", "template"}),
        ("marketing_email", "Opened", {"log", "contact", "segment", "trigger"}),
        ("marketing_email", "proxy_open", {"log", "contact"}),
        ("segment", "segment_entered", {"log", "contact", "trigger"}),
        ("web_push", "subscriber_refreshed", {"log"}),
        ("contact", "erased", {"log"}),
    ],
)
def test_where_an_event_is_usable(category: str, key: str, usable_in: set[str]) -> None:
    """What people do is usable everywhere; an opening by a machine, and what is nobody's any more, is not."""
    assert usable_in == set(CATALOGUE[category, key].usable_in)


@every_row
def test_properties_are_schemas(row: Row) -> None:
    """A property has a plain name and says of what type it is."""
    for name, schema in row.properties.items():
        assert name.isidentifier()
        assert name.islower()
        assert schema["type"]


@every_row
def test_properties_have_examples_that_fit(row: Row) -> None:
    """Every example of a property is of the type that its schema says; so is the event that they make together."""
    for name, schema in row.properties.items():
        assert schema["examples"], name
        described = object_of({name: schema})
        assert [] == [each for each in schema["examples"] if misfit(described, {name: each})]
    whole = object_of(row.properties)
    assert fault(whole) is None
    assert misfit(whole, {name: schema["examples"][0] for name, schema in row.properties.items()}) is None


def test_only_these_events_carry_nothing() -> None:
    """All that they say is who, or that there is nobody any more; every other has properties."""
    nothing = {("wallet", "anonymized"), ("contact", "identified"), ("contact", "erased")}
    assert nothing == {kind for kind, row in CATALOGUE.items() if not row.properties}


@pytest.mark.parametrize(
    "key",
    ["cart_updated", "cart_deleted", "checkout_started", "payment_info_added"]
    + [f"order_{what}" for what in ("created", "completed", "updated", "cancelled", "refunded")],
)
def test_carts_and_orders_have_items(key: str) -> None:
    """What a message shows of each thing: its name, price, quantity, page and picture; the example has them all."""
    items = CATALOGUE["ecommerce", key].properties["items"]
    wanted = {"id", "name", "price", "quantity", "url", "image"}
    assert wanted <= items["items"]["properties"].keys()
    assert wanted <= items["examples"][0][0].keys()


@pytest.mark.parametrize(
    ("category", "key", "required", "optional"),
    [
        ("conversations", "conversation_started", "conversation_id channel direction", ""),
        ("conversations", "message_received", "conversation_id channel direction", ""),
        ("conversations", "agent_assigned", "conversation_id agent_id", ""),
        ("conversations", "agent_joined", "conversation_id agent_id", ""),
        ("conversations", "agent_replied", "conversation_id agent_id", ""),
        ("conversations", "agent_left", "conversation_id agent_id", ""),
        ("conversations", "conversation_closed", "conversation_id agent_id", ""),
        ("meetings", "meeting_booked", "meeting_id starts_at", "ends_at"),
        ("meetings", "meeting_canceled", "meeting_id", ""),
        ("loyalty", "voucher_created", "voucher_id", "expires_at"),
        ("loyalty", "voucher_updated", "voucher_id", "expires_at"),
        ("loyalty", "voucher_redeemed", "voucher_id", "expires_at"),
        ("loyalty", "voucher_revoked", "voucher_id", "expires_at"),
        ("loyalty", "balance_value_updated", "balance_id value change", "minimum_value maximum_value expires_at"),
        ("wallet", "counter_value_changed", "counter_id value", "max_value"),
        ("loyalty", "subscription_created", "subscription_id", "program_id"),
        ("loyalty", "subscription_revoked", "subscription_id", "program_id"),
        ("loyalty", "balance_value_expired", "", "balance_id amount value"),
    ],
)
def test_inputs_of_rules_are_documented(category: str, key: str, required: str, optional: str) -> None:
    """What a rule reads of an event stands in its row, and whether the rule can do without it."""
    properties = CATALOGUE[category, key].properties
    assert [*required.split(), *optional.split()] == [*properties]
    assert required.split() == [name for name, schema in properties.items() if schema.get("required")]


def test_rules_say_what_the_catalogue_promises() -> None:
    """A visit from a campaign, from its first page to its end, gives the properties that its rows name, in order."""
    [visit] = events("00:00 page_visited /?utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e")
    assert visit.page
    visit = msgspec.structs.replace(visit, page=Page(visit.page.url, referrer="https://search.example/"))
    rule = Sessions(gap_ms=GAP_MS)
    started = rule.on_event(None, visit, SOMEBODY)
    assert isinstance(started.state, Visit)
    ended = rule.on_time(started.state, visit.at + GAP_MS, SOMEBODY)
    for fact in (*started.facts, *ended.facts):
        assert "derived" == CATALOGUE[fact.kind].arises
        assert [*CATALOGUE[fact.kind].properties] == [*fact.data]


def test_rules_listen_to_events_that_exist() -> None:
    """No rule waits for an event that nobody can send."""
    wanted = {tuple(take.split("/", 1)) for rule in RULES for take in rule.takes if not take.startswith("@")}
    assert set() == wanted - CATALOGUE.keys()


@pytest.mark.parametrize(
    ("category", "key"),
    [
        ("website", "page_visited"),
        ("forms", "form_submitted"),
        *(("ecommerce", key) for key in OURS["ecommerce"]),
        ("custom", "video_played"),
        ("custom", "link_clicked"),
        ("custom", "Sent"),
        ("custom", "deal_created"),
        ("custom", "identified"),
        ("custom", ""),
    ],
)
def test_category_of_an_event_that_names_none(category: str, key: str) -> None:
    """A page view, a form and the shop's events are recognised; all else is the team's own, never a system event."""
    assert category == category_of(key)


@pytest.mark.parametrize(
    ("category", "key", "expected"),
    [
        ("website", "page_visited", True),
        ("website", "link_clicked", True),
        ("website", "file_downloaded", True),
        ("website", "session_ended", False),
        ("forms", "form_submitted", True),
        ("push", "push_subscribed", True),
        ("push", "push_unsubscribed", True),
        ("push", "push_notification_clicked", True),
        ("push", "push_session_started", False),
        *(("web_push", key, True) for key in SYSTEM["web_push"]),
        *(("ecommerce", key, True) for key in OURS["ecommerce"]),
        ("custom", "video_played", True),
        ("contact", "identified", True),
        *(("contact", key, False) for key in OURS["contact"] if key != "identified"),
        ("segment", "segment_entered", False),
        ("marketing_email", "Opened", False),
        ("transactional_sms", "Delivered", False),
        ("whatsapp", "Read", False),
        ("wallet", "pass_installed", False),
        ("deals", "deal_created", False),
        ("conversations", "message_received", False),
        ("meetings", "meeting_booked", False),
        ("phone", "call_finished", False),
        ("payments", "payment_done", False),
        ("loyalty", "voucher_redeemed", False),
        ("nowhere", "page_visited", False),
    ],
)
def test_what_a_write_key_may_send(category: str, key: str, expected: bool) -> None:
    """The public says what a visitor does and who they are; never what our own parts say, never another category."""
    assert expected == accepts_public(category, key)


def test_the_public_never_says_what_we_say() -> None:
    """Derived events and receipts are closed to a write key, all of them."""
    assert [] == [kind for kind, row in CATALOGUE.items() if row.arises != "given" and accepts_public(*kind)]


@pytest.mark.parametrize("is_public", [True, False])
def test_a_door_takes_what_there_is_and_is_open_to_it(is_public: bool) -> None:
    """One look-up says what the two questions say together."""
    keys = {key for _, key in CATALOGUE} | {"video_played", "page_visted", "no key", "", "x" * 255, "x" * 256}
    kinds = [(category, key) for category in (*CATEGORIES, "nowhere") for key in keys]
    expected = [kind for kind in kinds if known(*kind) and (not is_public or accepts_public(*kind))]
    assert expected == [kind for kind in kinds if takes(*kind, is_public=is_public)]


def test_a_typing_error_is_not_called_reserved() -> None:
    """An unknown key of an open category is not reserved, so that its sender hears what is really wrong."""
    for category in PUBLIC_CATEGORIES - {"custom"}:
        assert accepts_public(category, "page_visted")
        assert not known(category, "page_visted")


@pytest.mark.parametrize(
    ("category", "key"),
    [
        ("website", "page_visited"),
        ("website", "link_clicked"),
        ("forms", "form_submitted"),
        ("push", "push_notification_clicked"),
        ("push", "push_subscribed"),
        ("web_push", "webpush_clicked"),
        *(("ecommerce", key) for key in OURS["ecommerce"]),
        ("contact", "identified"),
        ("custom", "video_played"),
    ],
)
def test_what_a_visitor_does_is_activity(category: str, key: str) -> None:
    """All that comes by a browser's door is activity, whatever the sender says about it."""
    for said in (None, True, False):
        assert is_activity(category, key, door_is_browser=True, has_visitor=False, said=said)


@pytest.mark.parametrize(
    ("category", "key"),
    [
        *sorted(DERIVED),  # sorted: every process must collect the same tests
        *((category, key) for category in sorted(MESSAGING) for key in [*SYSTEM[category], *OURS.get(category, [])]),
        ("conversations", "sales_email_opened"),
        ("web_push", "subscriber_added"),
        ("web_push", "subscriber_deactivated"),
        ("web_push", "subscriber_refreshed"),
        ("web_push", "webpush_delivered"),
        ("web_push", "webpush_closed"),
        ("wallet", "notification_sent"),
        ("deals", "deal_created"),
        ("contact", "merged"),
        ("contact", "list_added"),
        ("website", "no_such_event"),
    ],
)
def test_what_nobody_does_in_a_browser_is_never_activity(category: str, key: str) -> None:
    """A notification shown at night opens no session, even when a browser or a server says that it does."""
    assert not is_activity(category, key, door_is_browser=True, has_visitor=True, said=True)
    assert not is_activity(category, key, door_is_browser=False, has_visitor=True, said=True)


@pytest.mark.parametrize(
    ("has_visitor", "said", "expected"),
    [
        (False, None, False),
        (True, None, True),
        (False, True, True),
        (True, True, True),
        (True, False, False),
        (False, False, False),
    ],
)
def test_a_server_s_event_is_activity_when_it_says_so(has_visitor: bool, said: bool | None, expected: bool) -> None:
    """By a server's door it is activity when it carries a visitor, unless the server says otherwise."""
    for category, key in (("ecommerce", "order_completed"), ("custom", "video_played"), ("meetings", "meeting_booked")):
        assert expected == is_activity(category, key, door_is_browser=False, has_visitor=has_visitor, said=said)


@pytest.mark.parametrize(
    ("category", "key", "expected"),
    [
        ("marketing_email", "Soft Bounce", True),
        ("marketing_email", "soft bounce", False),
        ("marketing_email", "Soft-Bounce", False),
        ("whatsapp", "Soft-Bounce", True),
        ("whatsapp", "Opened", False),
        ("wallet", "optin-updated", True),
        ("wallet", "optin_updated", False),
        ("phone", "page_visited", False),
        ("nowhere", "page_visited", False),
        ("custom", "a", True),
        ("custom", "A-b_9", True),
        ("custom", "page_visited", True),
        ("custom", "x" * 255, True),
        ("custom", "x" * 256, False),
        ("custom", "", False),
        ("custom", "two words", False),
        ("custom", "è", False),
        ("custom", "line\n", False),
        ("custom", "٣", False),
    ],
)
def test_which_events_are_known(category: str, key: str, expected: bool) -> None:
    """In a system category the table decides, to the letter; a custom key may be any of 1 to 255 plain characters."""
    assert expected == known(category, key)
    assert expected == (lookup(category, key) is not None)


def test_a_custom_event_has_a_row() -> None:
    """A team's own event is named by its key, activity of a visitor, usable everywhere, with open properties."""
    row = lookup("custom", "video_played")
    assert row is not None
    assert ("custom", "video_played", "video_played", "video_played") == row[:4]
    assert ("given", True, EVERYWHERE, {}) == (row.arises, row.activity, row.usable_in, row.properties)


@pytest.mark.parametrize(
    ("category", "key", "expected"),
    [
        ("website", "page_visted", "page_visited"),
        ("website", "PageVisited", "page_visited"),
        ("marketing_email", "soft_bounce", "Soft Bounce"),
        ("whatsapp", "Soft Bounce", "Soft-Bounce"),
        ("transactional_email", "sent", "Sent"),
        ("wallet", "optin_updated", "optin-updated"),
        ("meetings", "meeting_cancelled", "meeting_canceled"),
        ("ecommerce", "order_canceled", "order_cancelled"),
        ("ecommerce", "order_complete", "order_completed"),
        ("website", "zzz", None),
        ("website", "", None),
        ("website", "x" * 10_000, None),
        ("custom", "page_visited", None),
        ("nowhere", "page_visited", None),
    ],
)
def test_the_key_that_was_meant(category: str, key: str, expected: str | None) -> None:
    """A slip in letters, case or separators finds its key, within its category; nonsense finds nothing."""
    assert expected == nearest_key(category, key)


def test_each_category_is_in_one_family() -> None:
    """What people look at together; the order of the families is that of the table of categories or our own."""
    assert sorted(CATEGORIES) == sorted(slug for family in FAMILIES.values() for slug in family.categories)
    assert {slug: family_of(slug) for slug in CATEGORIES} == {
        slug: family.slug for family in FAMILIES.values() for slug in family.categories
    }


HISTORIES: Mapping[str, tuple[str, ...]] = {
    "conversation_ended": ("00:00 conversations/message_received conversation_id=c channel=chat direction=inbound",),
    "meeting_started": (f"00:00 meetings/meeting_booked meeting_id=m starts_at={at('01:00')} ends_at={at('02:00')}",),
    "voucher_expired": (f"00:00 loyalty/voucher_created voucher_id=v expires_at={at('01:00')}",),
    "balance_value_expired": (
        f"00:00 loyalty/balance_value_updated balance_id=b value=9 change=5 expires_at={at('01:00')}",
    ),
    "balance_minimum_value_reached": ("00:00 loyalty/balance_value_updated balance_id=b value=1 minimum_value=3",),
    "balance_maximum_value_reached": ("00:00 loyalty/balance_value_updated balance_id=b value=9 maximum_value=3",),
    "counter_max_value_reached": ("00:00 wallet/counter_value_changed counter_id=k value=9 max_value=3",),
    "subscription_month_anniversary": ("00:00 loyalty/subscription_created subscription_id=s program_id=p",),
    "subscription_year_anniversary": ("00:00 loyalty/subscription_created subscription_id=s program_id=p",),
}
"""Derived event → a history from which it follows."""


@pytest.mark.parametrize("key", HISTORIES)
def test_a_payload_is_documented_as_the_rule_says_it(key: str) -> None:
    """The properties that the rules really give, in their order, are those of its row, of the types of its row."""
    said = next(one for one in derived(*HISTORIES[key], until="400d 00:00") if one.key == key)
    properties = CATALOGUE[said.kind].properties
    assert [*said.data] == [*properties]
    assert {} == {name: value for name, value in said.data.items() if not fits(value, properties[name])}


def fits(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether it is of a type that the schema names."""
    named = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    types = {"string": str, "integer": int, "number": int | float}
    return any(isinstance(value, types[name]) for name in named)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_declares(rule: Rule) -> None:
    """Alone with all of these histories: each kind that it declares, and no other."""
    worker = MemoryWorker(Engine((rule,)))
    for number, lines in enumerate(HISTORIES.values()):
        given = [msgspec.structs.replace(event, id=f"{number}-{event.id}") for event in events(*lines)]
        worker.deliver(str(number), given)
    worker.tick(at("400d 00:00"))
    assert {*rule.says} == {one.kind for said in worker.said.values() for one in said.values()}
