"""How is a message tried on somebody, or sent to one person? The forms beside the editor, and what came of it."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.frame.definitions import id_of
from collector.api.messages.mailroom import Mailroom, NoRecipient
from collector.printing.reading import About
from collector.services import Services
from collector.store.ports.definitions.messages import Message
from collector.store.ports.messages.outbox import Delivery, Order
from collector.ui.contacts.meant import meant
from collector.ui.guard import Form
from collector.ui.messages.outbox.states import LABELS, TONES
from collector.ui.messages.sample import sample_of

REMEMBERED = 20
ID_CHARACTERS = 26
PROBLEMS = {
    "recipient": "messages_bad_recipient",
    "nobody": "messages_send_nobody",
    "several": "messages_send_several",
    "unreachable": "messages_send_unreachable",
}


class Sending:
    """A test to oneself, and a message to one contact."""

    def __init__(self, services: Services) -> None:
        self._services, self._room = services, Mailroom(services)

    async def test(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """To an address of the team, as the contact would get it that is shown; nothing of it is tracked."""
        message, to = await self._named(request), form.get("to", "").strip()
        sample = await sample_of(message.writing.event, form, self._services)
        if form.get("who", "").strip() and not sample.people:
            return _back(message, form, problem="nobody", to=to)
        shown = {"contact": str(sample.contact or ""), "about": sample.event}
        order = Order(
            params=sample.params, event="" if sample.params else sample.event, sample=sample.contact, origin="test",
            track_opens=False, track_clicks=False,
        )  # fmt: skip
        try:
            id = await self._room.post(message, About(message.writing.channel, 0, to or "-"), order)
        except NoRecipient:
            return _back(message, shown, problem="recipient", to=to)
        return _back(message, shown, sent=id)

    async def send(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """To one contact, as any message."""
        message, who = await self._named(request), form.get("whom", "").strip()
        found = await meant(self._services.store.contacts, who) if who else []
        if len(found) != 1:
            return _back(message, form, problem="several" if found else "nobody", whom=who)
        person = found[0].id
        sample = await sample_of(message.writing.event, {"contact": str(person)}, self._services)
        order = Order(event="" if sample.params else sample.event, origin="console")
        try:
            id = await self._room.post(message, About(message.writing.channel, person), order)
        except NoRecipient:
            return _back(message, form, problem="unreachable", whom=who)
        return _back(message, form, sent=id)

    async def of_page(self, message: Message | None, request: Request, visitor: Visitor) -> Mapping[str, Any]:
        """What the page shows of both."""
        given = request.query_params
        if message is None:
            return {"sent": None, "to": "", "whom": "", "problem": "", "labels": LABELS, "tones": TONES}
        sent = given.get("sent", "")
        return {
            "sent": await asyncio.to_thread(self._services.deliveries.one, sent)
            if len(sent) == ID_CHARACTERS
            else None,
            "to": given.get("to", "") or await self._own(message, visitor),
            "whom": given.get("whom", ""),
            "problem": PROBLEMS.get(given.get("problem", ""), ""),
            "labels": LABELS,
            "tones": TONES,
        }

    async def _own(self, message: Message, visitor: Visitor) -> str:
        """Where the last test went, else the user's own address when that is their name."""
        found = await asyncio.to_thread(self._services.deliveries.find, message=message.id, limit=REMEMBERED)
        tests: list[Delivery] = [one for one in found if one.order.origin == "test"]
        return tests[0].recipient if tests else visitor.user.name if "@" in visitor.user.name else ""

    async def _named(self, request: Request) -> Message:
        message = await self._room.one(id_of(request, "message"))
        if message is None:
            raise HTTPException(404)
        return message


def _back(message: Message, form: Mapping[str, str], **said: str) -> Response:
    """To the page, at the place where it says what came of it."""
    kept = {name: form[name] for name in ("contact", "about") if form.get(name)}
    return RedirectResponse(f"/messages/{message.id}?{urlencode({**kept, **said}, quote_via=quote)}#sending", 303)
