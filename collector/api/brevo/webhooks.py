"""Who wants to be told? `POST GET /v3/webhooks`, `GET PUT DELETE /v3/webhooks/<id>`. Kept; nothing is delivered yet."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import BrevoProblem, answer, done, invalid, missing, not_implemented, unknown
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query, body_of, id_of
from collector.brevo import Fault
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.webhooks import MAX_WEBHOOKS, TooMany, Type, Webhook

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


def kept_of(body: ChangedWebhook) -> Mapping[str, Any]:
    """What the row holds: what was said, but for the type, which has a column of its own."""
    said: dict[str, Any] = msgspec.to_builtins(body)
    said.pop("type", None)
    return said


def answer_of(webhook: Webhook) -> Mapping[str, Any]:
    """A webhook as Brevo's clients read it, without its token."""
    body = {"description": "", "batched": False, "domain": None, "auth": None, "headers": [], **webhook.body}
    if body["auth"]:
        body["auth"] = {**body["auth"], "token": HIDDEN}
    return {
        **body,
        "id": webhook.id,
        "type": webhook.type,
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
        self._webhooks, self._clock = services.webhooks, services.clock

    async def create(self, request: Request) -> Response:
        """A new webhook. Nothing is delivered to it yet."""
        body = await body_of(request, NewWebhook)
        check(body)
        try:
            id = await asyncio.to_thread(lambda: self._webhooks.add(body.type, kept_of(body), at=self._clock()))
        except TooMany:
            says = f"There are {MAX_WEBHOOKS} webhooks already, which is the most."
            raise BrevoProblem(400, Fault.OUT_OF_RANGE, says) from None
        return answer({"id": id}, 201)

    async def find(self, request: Request) -> Response:
        """The webhooks, newest first; of one type when it is asked for."""
        query = Query(request)
        type, descending = query.choice("type", "", ("", *get_args(Type))), query.descending()
        every = await asyncio.to_thread(self._webhooks.all)
        found = [one for one in every if type in ("", one.type)]
        return answer({"webhooks": [answer_of(one) for one in (reversed(found) if descending else found)]})

    async def get(self, request: Request) -> Response:
        """One webhook."""
        found = await asyncio.to_thread(self._webhooks.get, id_of(request, "a webhook"))
        if found is None:
            raise unknown("Webhook")
        return answer(answer_of(found))

    async def change(self, request: Request) -> Response:
        """What the body names becomes so, the rest stays."""
        id, kept = id_of(request, "a webhook"), kept_of(await body_of(request, ChangedWebhook))
        if not kept:
            raise invalid("body", "nothing in it can be changed")
        if not await asyncio.to_thread(lambda: self._webhooks.change(id, kept, at=self._clock())):
            raise unknown("Webhook")
        return done()

    async def remove(self, request: Request) -> Response:
        """Forget the webhook."""
        if not await asyncio.to_thread(self._webhooks.remove, id_of(request, "a webhook")):
            raise unknown("Webhook")
        return done()

    async def export(self, request: Request) -> Response:
        """Brevo exports what was delivered; nothing is delivered yet."""
        raise not_implemented("An export of webhooks")


def check(body: NewWebhook) -> None:
    """Raises BrevoProblem 400 for what a new webhook must have."""
    if not body.url:
        raise missing("url")
    if not body.events and body.type != "inbound":
        raise missing("events")
    if not body.domain and body.type == "inbound":
        raise missing("domain")
