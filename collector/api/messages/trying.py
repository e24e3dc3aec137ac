"""What would it be, and let it go: `/api/messages/preview`, `/api/messages/<id>/test`, `/api/messages/<id>/send`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.operation import operation
from collector.api.frame.problem import FieldError, Problem
from collector.api.messages.bodies import (
    Accepted,
    FaultAnswer,
    NewMessage,
    PreviewAnswer,
    Sent,
    Test,
    Tried,
    writing_of,
)
from collector.api.messages.mailroom import Mailroom, NoRecipient, Shown
from collector.api.messages.messages import named
from collector.errors import Code
from collector.instant import parse_instant
from collector.printing.reading import About
from collector.services import Services
from collector.store.ports.definitions.messages import Message
from collector.store.ports.messages.outbox import Order
from sessionizer.messages.missing import Missing


def routes(services: Services) -> list[Route]:
    """Trying and sending."""
    pages = TryingPages(services)
    return [
        Route("/api/messages/preview", require(services, "read", pages.preview), methods=["POST"]),
        Route("/api/messages/{id}/test", require(services, "write", pages.test), methods=["POST"]),
        Route("/api/messages/{id}/send", require(services, "write", pages.send), methods=["POST"]),
    ]


class TryingPages:
    """A message for one person."""

    def __init__(self, services: Services) -> None:
        self._services, self._room = services, Mailroom(services)

    @operation(body=Tried, answers={200: PreviewAnswer})
    async def preview(self, request: Request) -> Response:
        """What a person would get, with what is wrong or missing; nothing is kept or sent."""
        body = await body_of(request, Tried)
        parts = {part: getattr(body, part) for part in ("subject", "preheader", "html", "mjml", "text")}
        draft = NewMessage(name="preview", channel=body.channel, purpose=body.purpose, event=body.kind, **parts)
        about = About(body.channel, body.contact or 0, params=body.params or {}, event=body.event or "")
        return answer(preview_of(await self._room.shown(writing_of(draft), about)))

    @operation(places=("id",), body=Test, answers={202: Accepted})
    async def test(self, request: Request) -> Response:
        """Send it to people of the team, as that contact would get it; nothing of it is tracked."""
        body, message = await body_of(request, Test), await named(request, self._room)
        sample = 0 if body.contact is None else await self._known(body.contact)
        order = Order(
            params=body.params or {}, event=body.event or "", sample=sample, origin="test", track_opens=False,
            track_clicks=False,
        )  # fmt: skip
        ids = [await self._post(message, About(message.writing.channel, 0, one), order) for one in body.to]
        return answer(Accepted(tuple(ids)), 202)

    @operation(places=("id",), body=Sent, answers={202: Accepted})
    async def send(self, request: Request) -> Response:
        """Put it into the outbox, for a contact or an address."""
        body, message = await body_of(request, Sent), await named(request, self._room)
        if (body.contact is None) == (not body.to):
            raise _bad("to", "Say either a contact or an address.")
        if message.archived_at is not None:
            raise Problem(409, f"Message {message.id} was put away. Take it back into use first.", title="Put away")
        due_at = 0 if body.at is None else parse_instant(body.at)
        if due_at is None:
            raise _bad("at", "A time such as 2026-11-24T10:00:00.000Z was expected.")
        about = About(message.writing.channel, body.contact or 0, body.to)
        order = Order(params=body.params or {}, event=body.event or "")
        return answer(Accepted((await self._post(message, about, order, due_at=due_at),)), 202)

    async def _known(self, contact: int) -> int:
        """Who that is by now. Raises Problem 400."""
        found = await self._services.store.contacts.resolve(contact)
        if found is None:
            raise _bad("contact", f"There is no contact {contact}.")
        return found.survivor

    async def _post(self, message: Message, about: About, order: Order, *, due_at: int = 0) -> str:
        try:
            return await self._room.post(message, about, order, due_at=due_at)
        except NoRecipient as error:
            raise _bad("contact" if about.contact else "to", f"{str(error)[:1].upper()}{str(error)[1:]}.") from None


def preview_of(shown: Shown) -> PreviewAnswer:
    """What the mailroom made → what programs see."""
    made = shown.rendered
    return PreviewAnswer(
        subject=made.subject if made else "",
        preheader=made.preheader if made else "",
        html=made.html if made else "",
        text=made.text if made else "",
        faults=tuple(FaultAnswer(one.part, one.line, one.code, one.message) for one in shown.faults),
        missing=tuple(map(_missing, shown.missing)),
        lacking=tuple(one.name for one in shown.lacking),
        segments=shown.segments.segments if shown.segments else None,
    )


def _missing(one: Missing) -> FaultAnswer:
    near = f"; did you mean {one.near}?" if one.near else "."
    return FaultAnswer(one.part, one.line, "missing", f"Nothing that is known fills {one.name}{near}")


def _bad(path: str, says: str) -> Problem:
    return Problem(400, f"{path}: {says}", title="Bad message", errors=(FieldError(path, Code.MALFORMED, says),))
