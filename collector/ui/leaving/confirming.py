"""Did the owner of the address ask for it? `/u/<token>/confirm`: a double opt-in, confirmed by a button.

A GET only shows the button: scanners follow links. What is granted stands in the delivery's order, so that nobody can
change it on the way: {lists, attributes, redirect}. Confirming twice is one thing.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.standing import UNANSWERED, masked
from collector.instant import DAY_MS, instant
from collector.services import Services
from collector.store.ports.messages.outbox import Delivery
from collector.ui.leaving import frame
from sessionizer.messages.receipt import IDENTIFIERS

GOOD_FOR_MS = 30 * DAY_MS


def routes(services: Services) -> list[Route]:
    """The page, and its button."""
    pages = ConfirmingPages(services)
    return [
        Route("/u/{token}/confirm", pages.show, methods=["GET"]),
        Route("/u/{token}/confirm", pages.confirm, methods=["POST"]),
    ]


class ConfirmingPages:
    """One delivery's double opt-in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, request: Request) -> Response:
        """What is to be confirmed, and the button; after it, thanks."""
        found = await self._asked(request)
        if isinstance(found, Response):
            return found
        if request.query_params.get("done"):
            return frame.said(request, "leaving_confirmed", "leaving_confirmed_says")
        leads_on = bool(redirect_of(found))
        return frame.shown(request, "confirm", {"address": masked(found)}, leads_on=leads_on)

    async def confirm(self, request: Request) -> Response:
        """It is: the contact is known, on its lists, and has consented."""
        found = await self._asked(request)
        if isinstance(found, Response):
            return found
        if not await frame.told(self._services, granted(found, at=self._services.clock())):
            return frame.not_yet(request)
        return RedirectResponse(redirect_of(found) or f"{request.url.path}?done=yes", 303)

    async def _asked(self, request: Request) -> Delivery | Response:
        """The delivery, else the page that says why not."""
        of = self._services.links.read("confirm", request.path_params["token"])
        if of is None or of.channel not in IDENTIFIERS:
            return frame.unknown(request)
        if frame.is_too_fast(request, self._services):
            return frame.not_yet(request, 429)
        try:
            delivery = await asyncio.to_thread(self._services.deliveries.one, of.delivery)
        except UNANSWERED:
            return frame.not_yet(request)
        if delivery is None or not delivery.recipient:
            return frame.unknown(request)
        if self._services.clock() - delivery.created_at > GOOD_FOR_MS:
            return frame.said(request, "leaving_late", "leaving_late_says", status=410)
        return delivery


def redirect_of(delivery: Delivery) -> str:
    """Where whoever confirms is led, "" for a page of ours. Only what was stored when it was asked for."""
    target = str(delivery.order.confirms.get("redirect", ""))
    return target if target.lower().startswith(("http://", "https://")) else ""


def granted(delivery: Delivery, *, at: int) -> list[Mapping[str, Any]]:
    """The events that say it; their ids are the delivery's, so that a second click says nothing new. at: ms UTC."""
    confirms = delivery.order.confirms
    identifiers = {IDENTIFIERS[delivery.channel]: delivery.recipient}
    said: list[dict[str, Any]] = [{"key": "identified", "contact_properties": confirms.get("attributes") or None}]
    said += [{"key": "list_added", "properties": {"list": name}} for name in confirms.get("lists", ())]
    consent = {"consent": "granted", "channel": delivery.channel, "message_id": delivery.id}
    version = {"text_version": f"{delivery.message}/{delivery.version}"} if delivery.message else {}
    said.append({"key": "consent_changed", "properties": consent | version})
    who = {"category": "contact", "occurred_at": instant(at), "identifiers": identifiers}
    return [{**who, "id": f"confirmed-{delivery.id}-{place}", **one} for place, one in enumerate(said)]
