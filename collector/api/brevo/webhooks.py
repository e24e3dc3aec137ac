"""Who wants to be told? `POST GET /v3/webhooks`, `GET PUT DELETE /v3/webhooks/<id>`: the rows of `/api/webhooks` that
were made here, told in Brevo's shape (`collector/told/brevo.py`)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import BrevoProblem, answer, done, invalid, missing, not_implemented, unknown
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query, body_of, id_of
from collector.api.webhooks.desk import Desk, Refused
from collector.brevo import Fault
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.webhooks import MAX_WEBHOOKS, TooMany, Webhook, WebhookChange, Writing

Type = Literal["transactional", "marketing", "inbound"]

HIDDEN = "********"
"""Stands in an answer for a secret: whoever may read webhooks need not know how their receivers let us in."""

WebhookEvent = Literal[
    "sent", "request", "delivered", "hardBounce", "softBounce", "blocked", "spam", "invalid", "deferred", "click",
    "opened", "uniqueOpened", "unsubscribed", "listAddition", "contactUpdated", "contactDeleted",
    "inboundEmailProcessed", "reply",
]  # fmt: skip

Url = Annotated[str, Meta(max_length=2_048, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]
Label = Annotated[str, Meta(max_length=255)]
HeaderText = Annotated[str, Meta(max_length=1_024, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Auth(msgspec.Struct, frozen=True):
    """How the receiver lets us in."""

    type: Literal["bearer"] = "bearer"
    token: HeaderText = ""


class HeaderLine(msgspec.Struct, frozen=True):
    """A header that is sent along."""

    key: Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]
    value: HeaderText


class ChangedWebhook(msgspec.Struct, frozen=True):
    """Body of PUT /v3/webhooks/<id>: what is not there stays."""

    url: Url | UnsetType = UNSET
    description: Label | UnsetType = UNSET
    events: Annotated[tuple[WebhookEvent, ...], Meta(min_length=1)] | UnsetType = UNSET
    domain: Label | UnsetType = UNSET
    batched: bool | UnsetType = UNSET
    auth: Auth | UnsetType = UNSET
    headers: Annotated[tuple[HeaderLine, ...], Meta(max_length=20)] | UnsetType = UNSET


class NewWebhook(ChangedWebhook, frozen=True):
    """Body of POST /v3/webhooks."""

    type: Type = "transactional"
    channel: Literal["email", "sms"] | UnsetType = UNSET


BESIDE = ("type", "channel", "events", "domain", "batched", "auth")
"""What only Brevo's form has; address, name and headers are every webhook's."""


def change_of(body: ChangedWebhook, writing: Writing) -> WebhookChange:
    """What becomes other. writing: as it stands."""
    said = msgspec.to_builtins(body)
    brevo = {name: said[name] for name in BESIDE if name in said}
    headers = {line["key"]: line["value"] for line in said["headers"]} if "headers" in said else writing.headers
    changed = replace(writing, headers=headers, brevo={**(writing.brevo or {}), **brevo})
    return WebhookChange(name=said.get("description"), url=said.get("url"), writing=changed)


def answer_of(webhook: Webhook) -> Mapping[str, Any]:
    """A webhook as Brevo's clients read it, without its token."""
    body = {"batched": False, "domain": None, "auth": None, **(webhook.writing.brevo or {})}
    if body["auth"]:
        body["auth"] = {**body["auth"], "token": HIDDEN}
    return {
        **body,
        "id": webhook.id,
        "url": webhook.url,
        "description": webhook.name,
        "headers": [{"key": key, "value": HIDDEN} for key in webhook.writing.headers],
        "createdAt": instant(webhook.created_at),
        "modifiedAt": instant(webhook.modified_at),
    }


def routes(services: Services) -> list[Route]:
    """Asking for webhooks, and reading them."""
    pages = WebhookPages(services)
    return [
        Route("/v3/webhooks", require(services, "admin", pages.create), methods=["POST"]),
        Route("/v3/webhooks", require(services, "read", pages.find), methods=["GET"]),
        Route("/v3/webhooks/{id}", require(services, "read", pages.get), methods=["GET"]),
        Route("/v3/webhooks/{id}", require(services, "admin", pages.change), methods=["PUT"]),
        Route("/v3/webhooks/{id}", require(services, "admin", pages.remove), methods=["DELETE"]),
        Route("/v3/webhooks/export", require(services, "read", pages.export), methods=["POST"]),
    ]


class WebhookPages:
    """Each answers one address and method."""

    def __init__(self, services: Services) -> None:
        self._desk = Desk(services)

    async def create(self, request: Request) -> Response:
        """A new webhook; it is told of what happens from now on."""
        body = await body_of(request, NewWebhook)
        check(body)
        change = change_of(body, Writing(form="brevo", brevo={}))
        assert change.writing is not None
        try:
            made = await self._desk.create(change.name or "", change.url or "", change.writing)
        except Refused as error:
            raise invalid("url", str(error)) from None
        except TooMany:
            says = f"There are {MAX_WEBHOOKS} webhooks already, which is the most."
            raise BrevoProblem(400, Fault.OUT_OF_RANGE, says) from None
        return answer({"id": made.id}, 201)

    async def find(self, request: Request) -> Response:
        """The webhooks that were made here, newest first; of one type when it is asked for."""
        query = Query(request)
        type, descending = query.choice("type", "", ("", *get_args(Type))), query.descending()
        every = [one for one in await self._desk.all() if one.writing.brevo is not None]
        found = [answer_of(one) for one in every if type in ("", (one.writing.brevo or {}).get("type"))]
        return answer({"webhooks": list(reversed(found)) if descending else found})

    async def get(self, request: Request) -> Response:
        """One webhook."""
        return answer(answer_of(await self._named(request)))

    async def change(self, request: Request) -> Response:
        """What the body names becomes so, the rest stays."""
        id_of(request, "a webhook")
        body = await body_of(request, ChangedWebhook)
        if not msgspec.to_builtins(body):
            raise invalid("body", "nothing in it can be changed")
        webhook = await self._named(request)
        try:
            await self._desk.change(webhook, change_of(body, webhook.writing))
        except Refused as error:
            raise invalid("url", str(error)) from None
        return done()

    async def remove(self, request: Request) -> Response:
        """Forget the webhook, and what it was told."""
        await self._desk.remove(await self._named(request))
        return done()

    async def export(self, request: Request) -> Response:
        """Brevo mails a file of what was delivered; here `/api/webhooks/<id>/deliveries` has it."""
        raise not_implemented("An export of webhooks")

    async def _named(self, request: Request) -> Webhook:
        """Raises BrevoProblem 404, also of one that was not made here."""
        found = await self._desk.one(id_of(request, "a webhook"))
        if found is None or found.writing.brevo is None:
            raise unknown("Webhook")
        return found


def check(body: NewWebhook) -> None:
    """Raises BrevoProblem 400 for what a new webhook must have."""
    if not body.url:
        raise missing("url")
    if not body.events and body.type != "inbound":
        raise missing("events")
    if not body.domain and body.type == "inbound":
        raise missing("domain")
