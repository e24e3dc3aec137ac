"""How do webhooks look to programs? Bodies, answers, and how the one becomes what is kept."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from collector.api.frame.answer import Instant
from collector.api.frame.body import bad_body
from collector.api.webhooks.desk import Shown
from collector.delivery.hooks.sink import OURS, Heard
from collector.instant import instant
from collector.store.ports.definitions.webhooks import Form, Status, Webhook
from collector.store.ports.webhooks.deliveries import Delivery, Health, Listed, State
from collector.told.kinds import PATTERN, kinds_of

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Url = Annotated[
    str,
    Meta(
        max_length=2_048,
        pattern=r"^[hH][tT][tT][pP][sS]?://[!-~]+$",
        extra_json_schema={"examples": ["https://crm.example/hooks/sentiero"]},
    ),
]
Kind = Annotated[str, Meta(pattern=PATTERN, extra_json_schema={"examples": ["ecommerce/order_completed"]})]
Kinds = Annotated[tuple[Kind, ...], Meta(min_length=1, max_length=100)]
HeaderName = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]
HeaderText = Annotated[str, Meta(max_length=1_024, pattern=r"^[ -~]*$")]
Headers = Annotated[dict[HeaderName, HeaderText], Meta(max_length=20)]


class NewWebhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/webhooks. kinds: `category/key`, `category/*` or `*`. headers: sent along."""

    name: Name
    url: Url
    kinds: Kinds
    headers: Headers = {}


class ChangedWebhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/webhooks/<id>: what is not there stays. paused: false takes back also one that is
    disabled."""

    name: Name | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    kinds: Kinds | UnsetType = UNSET
    headers: Headers | UnsetType = UNSET
    paused: bool | UnsetType = UNSET


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/webhooks/<id>/replay: what ended since then."""

    since: Instant


class HealthAnswer(msgspec.Struct, frozen=True):
    """How it does. failed: given up in the last 24 hours. took_ms: half of the last 100 took no longer."""

    waiting: int
    failed: int
    last_success_at: Instant | None
    last_failure_at: Instant | None
    took_ms: int | None


class WebhookAnswer(msgspec.Struct, frozen=True):
    """A webhook as programs see it. form: whose shape its bodies have. headers: their names; values are not told again.

    why: it is disabled.
    """

    id: int
    name: str
    url: str
    kinds: tuple[str, ...]
    form: Form
    headers: tuple[str, ...]
    status: Status
    why: str | None
    health: HealthAnswer
    created_at: Instant
    modified_at: Instant


class MadeWebhook(WebhookAnswer, frozen=True):
    """A webhook that was made just now. secret: by which what it is told is signed, shown this once."""

    secret: str


class SecretAnswer(msgspec.Struct, frozen=True):
    """A new secret, shown this once."""

    secret: str


class TestAnswer(msgspec.Struct, frozen=True):
    """What the receiver said. status: HTTP, null when nothing came."""

    ok: bool
    status: int | None
    reason: str
    took_ms: int


class WebhookDeliveryAnswer(msgspec.Struct, frozen=True):
    """An event that was told, or is to be. event_id, kind: null when the event is gone. due_at: of the next try, null
    when there is none."""

    id: str
    state: State
    event_id: str | None
    kind: str | None
    tries: int
    status: int | None
    reason: str
    took_ms: int | None
    due_at: Instant | None
    first_at: Instant | None
    settled_at: Instant | None


class Replayed(msgspec.Struct, frozen=True):
    """How many are told once more."""

    replayed: int


def check_headers(headers: Mapping[str, str]) -> None:
    """Raises Problem 400 for those that are ours to say."""
    if wrong := [name for name in headers if name.lower() in OURS]:
        raise bad_body([f"headers.{name}" for name in wrong], "Sentiero says this header itself")


def webhook_of(shown: Shown) -> WebhookAnswer:
    """What the store knows → what programs see."""
    webhook = shown.webhook
    return WebhookAnswer(
        id=webhook.id,
        name=webhook.name,
        url=webhook.url,
        kinds=kinds_of(webhook),
        form=webhook.writing.form,
        headers=tuple(webhook.writing.headers),
        status=webhook.status,
        why=webhook.why or None,
        health=health_of(shown.health),
        created_at=instant(webhook.created_at),
        modified_at=instant(webhook.modified_at),
    )


def made_of(webhook: Webhook) -> MadeWebhook:
    """With its secret."""
    shown = msgspec.structs.asdict(webhook_of(Shown(webhook, Health())))
    return MadeWebhook(**shown, secret=webhook.writing.secrets[0])


def health_of(health: Health) -> HealthAnswer:
    """How it does."""
    return HealthAnswer(
        health.waiting, health.failed, at_or_none(health.done_at), at_or_none(health.failed_at), health.took_ms
    )


def test_of(heard: Heard) -> TestAnswer:
    """What the receiver said."""
    return TestAnswer(heard.is_fine, heard.status, heard.reason, heard.took_ms)


def delivery_of(listed: Listed) -> WebhookDeliveryAnswer:
    """A row of the log."""
    one: Delivery = listed.delivery
    return WebhookDeliveryAnswer(
        id=one.id,
        state=one.state,
        event_id=listed.event or None,
        kind=listed.kind or None,
        tries=one.tries,
        status=one.status,
        reason=one.reason,
        took_ms=one.took_ms,
        due_at=instant(one.due_at) if one.state == "waiting" else None,
        first_at=at_or_none(one.first_at),
        settled_at=at_or_none(one.settled_at),
    )


def at_or_none(ms: int | None) -> str | None:
    """None where there was none."""
    return None if ms is None else instant(ms)
