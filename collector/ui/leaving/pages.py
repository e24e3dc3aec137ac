"""What does somebody want to get from us? `/u/<token>`: how it stands, no more of these or again, lists, names.

Leaving itself, `POST /u/<token>`, is answered where receipts are written: it needs no database. The rest are commands.
"""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.links import Named
from collector.access.standing import UNANSWERED, Standing, masked, standing_of
from collector.event_id import new_id, unpack_id
from collector.instant import instant
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, StoredContact
from collector.store.ports.messages.outbox import Delivery
from collector.ui.guard import Form, read_form
from collector.ui.leaving import confirming, frame, mirror
from sessionizer.messages.receipt import IDENTIFIERS, left_as

NAMES = {"first_name": "FIRSTNAME", "last_name": "LASTNAME"}
MAX_NAME = 100
GETS = {
    ("marketing", "email"): "leaving_gets_marketing_email",
    ("transactional", "email"): "leaving_gets_transactional_email",
    ("marketing", "sms"): "leaving_gets_marketing_sms",
    ("transactional", "sms"): "leaving_gets_transactional_sms",
    ("marketing", "whatsapp"): "leaving_gets_marketing_whatsapp",
    ("transactional", "whatsapp"): "leaving_gets_transactional_whatsapp",
}
DONE = {
    "left": "leaving_done_left",
    "again": "leaving_done_again",
    "lists": "leaving_done_lists",
    "profile": "leaving_done_profile",
}


def routes(services: Services) -> list[Route]:
    """Everything below /u but leaving."""
    pages = PreferencePages(services)
    return [
        Route("/u/{token}", pages.show, methods=["GET"]),  # the framework adds HEAD: neither changes anything
        Route("/u/{token}/again", pages.again, methods=["POST"]),
        Route("/u/{token}/lists", pages.leave_lists, methods=["POST"]),
        Route("/u/{token}/profile", pages.introduce, methods=["POST"]),
        *mirror.routes(services),
        *confirming.routes(services),
    ]


class PreferencePages:
    """The page, and what its forms ask but for leaving."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, request: Request) -> Response:
        """How it stands. With the database down, or to whoever asks too fast, what is in the token: one can leave."""
        of = self._named(request)
        if of is None:
            return frame.unknown(request)
        if frame.is_too_fast(request, self._services):
            return await self._page(request, of, Standing(answered=False))
        return await self._page(request, of, await self._standing(of))

    async def again(self, request: Request) -> Response:
        """Somebody wants them again."""
        of = self._named(request)
        said = {"consent": "granted", "channel": of.channel if of else ""}
        return await self._change(request, of, "again", lambda *_: [{"key": "consent_changed", "properties": said}])

    async def leave_lists(self, request: Request) -> Response:
        """Somebody leaves lists."""

        def removals(form: Form, contact: StoredContact | None) -> list[dict[str, Any]]:
            ticked = {name for field, name in form.items() if field.startswith("list_")}
            on = [name for name in contact.lists if name in ticked] if contact else []
            return [{"key": "list_removed", "properties": {"list": name}} for name in on]

        return await self._change(request, self._named(request), "lists", removals)

    async def introduce(self, request: Request) -> Response:
        """Somebody says their name."""

        def names(form: Form, _: StoredContact | None) -> list[dict[str, Any]]:
            said = {name: form.get(field, "").strip()[:MAX_NAME] for field, name in NAMES.items()}
            known = {name: text for name, text in said.items() if text}
            return [{"key": "attributes_updated", "contact_properties": known}] if known else []

        return await self._change(request, self._named(request), "profile", names)

    async def _change(self, request: Request, of: Named | None, what: str, events: Any) -> Response:
        """Say the events of a form, then back to the page. events: of the form and the person."""
        if of is None:
            return frame.unknown(request)
        form = await read_form(request)
        if frame.is_too_fast(request, self._services):
            return frame.not_yet(request, 429)
        standing = await self._standing(of)
        if not standing.answered:
            return await self._page(request, of, standing, form=form, status=503)
        if standing.delivery is None:
            return frame.unknown(request)
        said = events(form, await self._contact(standing.delivery))
        if said and not await frame.told(self._services, [self._event(standing.delivery, one) for one in said]):
            return await self._page(request, of, standing, form=form, status=503)
        return RedirectResponse(f"/u/{request.path_params['token']}?done={what}", 303)

    def _event(self, delivery: Delivery, said: Mapping[str, Any]) -> Mapping[str, Any]:
        at = self._services.clock()
        id = unpack_id(new_id(at, secrets.randbits(80)))
        who = {"category": "contact", "occurred_at": instant(at), "identifiers": frame.person_of(delivery)}
        return {**who, "id": id, **said}

    def _named(self, request: Request) -> Named | None:
        of = self._services.links.read("leave", request.path_params["token"])
        return of if of is not None and of.channel in IDENTIFIERS else None

    async def _standing(self, of: Named) -> Standing:
        return await asyncio.to_thread(standing_of, self._services.deliveries, of)

    async def _contact(self, delivery: Delivery) -> StoredContact | None:
        contacts = self._services.store.contacts
        try:
            if delivery.contact:
                resolved = await contacts.resolve(delivery.contact)
                return await contacts.get(resolved.survivor) if resolved else None
            named = ContactQuery(identifiers={IDENTIFIERS[delivery.channel]: (delivery.recipient,)})
            return next(iter(await contacts.find(named, limit=1)), None)
        except UNANSWERED:
            return None

    async def _page(
        self, request: Request, of: Named, standing: Standing, *, form: Form | None = None, status: int = 200
    ) -> Response:
        """form: what was just sent, and could not be kept."""
        done = request.query_params.get("done", "")
        contact = await self._contact(standing.delivery) if standing.delivery else None
        context = {
            "home": f"/u/{request.path_params['token']}",
            "address": masked(standing.delivery) if standing.delivery else "",
            "sender": await asyncio.to_thread(self._sender, standing.delivery) if standing.delivery else "",
            "gets": GETS[left_as(of.purpose), of.channel],
            "left": standing.left or (done == "left" and status == 200),
            "lists": contact.lists if contact else (),
            "knows": standing.delivery is not None,
            "names": {field: (form or {}).get(field, "") for field in NAMES},
            "done": DONE.get(done, "") if status == 200 else "",
            "failed": status != 200,
        }
        return frame.shown(request, "preferences", context, status=status)

    def _sender(self, delivery: Delivery) -> str:
        """The name under which it was sent, "" where it had none."""
        if delivery.order.sender_name or not delivery.message:
            return delivery.order.sender_name
        try:
            version = self._services.messages.version(delivery.message, delivery.version)
        except UNANSWERED:
            return ""
        return version.writing.sender_name if version else ""
