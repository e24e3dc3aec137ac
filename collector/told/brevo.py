"""How does Brevo say it? Its names of events and ours, and the shape of its webhooks' bodies.

What we do not know is left out: campaigns, tags of messages, the address that sent. Six of its names never arise here.
Source: https://developers.brevo.com/docs/transactional-webhooks, …/docs/marketing-webhooks, as of 2026.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from collector.store.ports.definitions.webhooks import Webhook
from collector.store.ports.events import StoredEvent
from collector.store.ports.webhooks.telling import Tellable

Json = dict[str, Any]

MESSAGES: Final[Mapping[str, str]] = {
    "sent": "Sent",
    "request": "Sent",
    "delivered": "Delivered",
    "hardBounce": "Hard Bounce",
    "softBounce": "Soft Bounce",
    "click": "Clicked",
    "opened": "Opened",
    "uniqueOpened": "Opened",
    "unsubscribed": "Unsubscribed",
}
"""Its name → our key, of messages by their purpose and channel."""

PEOPLE: Final[Mapping[str, str]] = {
    "listAddition": "contact/list_added",
    "contactUpdated": "contact/attributes_updated",
    "contactDeleted": "contact/erased",
}
NEVER: Final = ("blocked", "spam", "invalid", "deferred", "inboundEmailProcessed", "reply")
"""Taken and kept; nothing here says so."""

_SAID: Final[Mapping[str, str]] = {
    "Sent": "request",
    "Delivered": "delivered",
    "Hard Bounce": "hard_bounce",
    "Soft Bounce": "soft_bounce",
    "Clicked": "click",
    "Opened": "opened",
    "Unsubscribed": "unsubscribed",
    "list_added": "list_addition",
    "attributes_updated": "contact_updated",
    "erased": "contact_deleted",
}
_PLAIN: Final[Mapping[str, str]] = {"subject": "subject", "link": "url", "reason": "reason"}
"""Its field → the property of the event."""


def kinds_of(said: Mapping[str, Any]) -> tuple[str, ...]:
    """What its events are here, each once. said: type, channel, events."""
    category = f"{said.get('type', 'transactional')}_{said.get('channel') or 'email'}"
    return tuple(dict.fromkeys(_kinds(said.get("events") or (), category)))


def _kinds(events: Any, category: str) -> Iterator[str]:
    for event in events:
        if event in MESSAGES:
            yield f"{category}/{MESSAGES[event]}"
        elif event in PEOPLE:
            yield PEOPLE[event]


def body_of(webhook: Webhook, told: Tellable, host: str) -> Json:
    """The body of one event. host: of this deployment, which stands in the ids of messages."""
    event, at = told.event, told.event.at // 1_000
    properties, message = event.properties, event.properties.get("message_id")
    moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
    known = {
        "event": name_of(told, webhook.writing.brevo or {}),
        "email": told.email or None,
        "id": webhook.id,
        "date": moment,
        "ts": event.received_at // 1_000,
        "ts_event": at,
        "ts_epoch": event.at,
        "contact_id": event.contact,
        "message-id": f"<{message}@{host}>" if message else None,
        **{field: properties.get(name) for field, name in _PLAIN.items()},
        **_of_people(event),
    }
    return {field: value for field, value in known.items() if value is not None}


def name_of(told: Tellable, said: Mapping[str, Any]) -> str:
    """Its name in a body; the first opening of a message has one of its own for who asked for that."""
    events = said.get("events") or ()
    if told.event.key == "Opened" and "uniqueOpened" in events and ("opened" not in events or told.is_first):
        return "unique_opened"
    if told.event.key == "Unsubscribed" and said.get("type") == "marketing":
        return "unsubscribe"
    return _SAID.get(told.event.key, told.event.key)


def is_wanted(told: Tellable, said: Mapping[str, Any]) -> bool:
    """Whether it is one of its events after all: who asked for first openings only wants no others."""
    events = said.get("events") or ()
    return told.event.key != "Opened" or "opened" in events or told.is_first


def _of_people(event: StoredEvent) -> Json:
    """What its bodies about contacts hold beside."""
    if event.category != "contact":
        return {}
    if event.key == "list_added":
        return {"list_id": [event.properties["list_id"]] if "list_id" in event.properties else None}
    if event.key == "attributes_updated":
        return {"content": [dict(event.attributes)] if event.attributes else None}
    return {}
