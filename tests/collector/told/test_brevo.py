"""What Brevo's names mean here, and what its bodies hold."""

from typing import Any

import pytest

from collector.store.ports.definitions.webhooks import Webhook, Writing
from collector.store.ports.events import StoredEvent
from collector.store.ports.webhooks.telling import Tellable
from collector.told.brevo import body_of, is_wanted, kinds_of

AT = 1_795_672_800_123


def told(key: str, *, category: str = "transactional_email", is_first: bool = True, **properties: Any) -> Tellable:
    """An event of Ada's."""
    event = StoredEvent(
        offset=7, id="e7", category=category, key=key, source="receipt", at=AT, received_at=AT + 2_000, site=0,
        visitor="", contact=3, session=None, page=None, agent=None, properties=properties, identifiers={}, object=None,
        causes=(), superseded=False, late=False, attributes={"FIRSTNAME": "Ada"},
    )  # fmt: skip
    return Tellable(event, "ada@mail.example", is_first)


def webhook(**said: Any) -> Webhook:
    """One that was made at /v3/webhooks."""
    return Webhook(
        id=9, name="", url="https://crm.example/", writing=Writing(form="brevo", brevo=said), status="active", why="",
        created_at=0, modified_at=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ()),
        ({"events": ["sent", "request"]}, ("transactional_email/Sent",)),
        ({"events": ["opened", "uniqueOpened"], "type": "marketing"}, ("marketing_email/Opened",)),
        ({"events": ["click"], "channel": "sms", "type": "marketing"}, ("marketing_sms/Clicked",)),
        ({"events": ["listAddition", "contactDeleted"]}, ("contact/list_added", "contact/erased")),
        ({"events": ["blocked", "spam", "invalid", "deferred", "inboundEmailProcessed", "reply"]}, ()),
    ],
)
def test_its_names_are_kinds_of_ours(said: dict[str, Any], expected: tuple[str, ...]) -> None:
    """By type and channel; what never arises is no kind."""
    assert expected == kinds_of(said)


def test_a_body_holds_what_is_known() -> None:
    """Times in seconds and milliseconds, the message's id as the call gave it; nothing that is not known."""
    event = told("Hard Bounce", message_id="a" * 26, subject="Order", reason="no such user")
    assert {
        "event": "hard_bounce",
        "email": "ada@mail.example",
        "id": 9,
        "date": "2026-11-26 06:00:00",
        "ts": AT // 1_000 + 2,
        "ts_event": AT // 1_000,
        "ts_epoch": AT,
        "contact_id": 3,
        "message-id": f"<{'a' * 26}@t.shop.example>",
        "subject": "Order",
        "reason": "no such user",
    } == body_of(webhook(events=["hardBounce"]), event, "t.shop.example")


@pytest.mark.parametrize(
    ("events", "is_first", "expected"),
    [
        (["opened"], True, "opened"),
        (["opened"], False, "opened"),
        (["uniqueOpened"], True, "unique_opened"),
        (["uniqueOpened"], False, None),
        (["opened", "uniqueOpened"], True, "unique_opened"),
        (["opened", "uniqueOpened"], False, "opened"),
    ],
)
def test_a_first_opening_is_one_of_its_own(events: list[str], is_first: bool, expected: str | None) -> None:
    """For who asked for it; who asked for nothing else is not told of further ones."""
    event, said = told("Opened", is_first=is_first), {"events": events}
    found = body_of(webhook(**said), event, "h")["event"] if is_wanted(event, said) else None
    assert expected == found


@pytest.mark.parametrize(
    ("key", "properties", "expected"),
    [
        ("list_added", {"list_id": 4}, {"event": "list_addition", "list_id": [4]}),
        ("attributes_updated", {}, {"event": "contact_updated", "content": [{"FIRSTNAME": "Ada"}]}),
        ("erased", {}, {"event": "contact_deleted"}),
    ],
)
def test_what_is_about_contacts(key: str, properties: dict[str, Any], expected: dict[str, Any]) -> None:
    """The list by its number, the attributes as they were said."""
    body = body_of(webhook(events=["listAddition"]), told(key, category="contact", **properties), "h")
    assert expected == {name: value for name, value in body.items() if name in ("event", "list_id", "content")}


def test_marketing_s_unsubscribing_has_a_name_of_its_own() -> None:
    """As its documents have it."""
    event = told("Unsubscribed", category="marketing_email")
    assert "unsubscribe" == body_of(webhook(type="marketing", events=["unsubscribed"]), event, "h")["event"]
