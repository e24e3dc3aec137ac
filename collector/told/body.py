"""What is posted? The event as `/api/events` gives it, in an envelope that says what it is; or in Brevo's shape."""

import msgspec

from collector.instant import instant
from collector.store.ports.definitions.webhooks import Webhook
from collector.store.ports.webhooks.telling import Tellable
from collector.told import brevo
from collector.told.event import EventAnswer, answer_of

_encode = msgspec.json.Encoder().encode


class Envelope(msgspec.Struct, frozen=True):
    """As Standard Webhooks advises. type: `<category>.<key>`. timestamp: when it happened."""

    type: str
    timestamp: str
    data: EventAnswer


def body_of(webhook: Webhook, told: Tellable, host: str) -> bytes:
    """JSON, in the shape that the webhook has. host: of this deployment."""
    if webhook.writing.brevo is not None:
        return _encode(brevo.body_of(webhook, told, host))
    event = told.event
    return _encode(Envelope(f"{event.category}.{event.key}", instant(event.at), answer_of(event)))


def headers_of(webhook: Webhook) -> dict[str, str]:
    """What goes along: what was asked for, and how the receiver lets us in."""
    auth = (webhook.writing.brevo or {}).get("auth")
    own = {"Authorization": f"Bearer {auth['token']}"} if auth and auth.get("token") else {}
    return {**own, **webhook.writing.headers}
