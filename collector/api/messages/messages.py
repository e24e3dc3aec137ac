"""Which messages are there? `/api/messages`, `…/<id>`, and of one `/versions`, `/results`."""

import asyncio

from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.definitions import Place, id_of, page
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import FieldError, Problem, unknown
from collector.api.messages.bodies import (
    ChangedMessage,
    DayAnswer,
    MessageAnswer,
    NewMessage,
    ResultsAnswer,
    VersionAnswer,
    message_of,
    rewritten,
    version_of,
    writing_of,
)
from collector.api.messages.mailroom import Mailroom
from collector.errors import Code
from collector.instant import DAY_MS, day
from collector.services import Services
from collector.store.ports.definitions.lists import NameTaken
from collector.store.ports.definitions.messages import Message, MessageChange
from sessionizer.messages.fault import Faults

KNOWN = ("archived", *PAGING)
RESULTS_DAYS = 30


def routes(services: Services) -> list[Route]:
    """Defining messages, and looking at what became of them."""
    pages = MessagePages(services)
    one = "/api/messages/{id}"
    return [
        Route("/api/messages", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/messages", require(services, "write", pages.create), methods=["POST"]),
        Route(one, require(services, "read", pages.get), methods=["GET"]),
        Route(one, require(services, "write", pages.change), methods=["PATCH"]),
        Route(f"{one}/versions", require(services, "read", pages.versions), methods=["GET"]),
        Route(f"{one}/results", require(services, "read", pages.results), methods=["GET"]),
    ]


class MessagePages:
    """Messages and their versions."""

    def __init__(self, services: Services) -> None:
        self._services, self._room = services, Mailroom(services)

    @operation(query=KNOWN, answers={200: page_of("messages", MessageAnswer)})
    async def find(self, request: Request) -> Response:
        """Every message, by id; archived ones only if they are asked for."""
        params = Params(request, KNOWN)
        limit, place, archived = params.limit(), params.cursor("messages", Place), params.flag("archived")
        wanted = [one for one in await self._room.all() if (one.archived_at is not None) == bool(archived)]
        shown, more = page(wanted, "messages", limit=limit, place=place)
        return listing("messages", [message_of(one) for one in shown], more)

    @operation(body=NewMessage, answers={201: MessageAnswer})
    async def create(self, request: Request) -> Response:
        """A new message."""
        body = await body_of(request, NewMessage)
        try:
            made = await self._room.create(body.name, writing_of(body))
        except Faults as error:
            raise wrong(error) from None
        except NameTaken:
            raise _taken(body.name) from None
        response = answer(message_of(made), 201)
        response.headers["Location"] = f"/api/messages/{made.id}"
        return response

    @operation(places=("id",), answers={200: MessageAnswer})
    async def get(self, request: Request) -> Response:
        """One message."""
        Params(request, ())
        return answer(message_of(await named(request, self._room)))

    @operation(places=("id",), body=ChangedMessage, answers={200: MessageAnswer})
    async def change(self, request: Request) -> Response:
        """Another name or text; put away, or taken back into use. What was sent stays as it was: by its version."""
        body, message = await body_of(request, ChangedMessage), await named(request, self._room)
        change = MessageChange(
            name=None if body.name is UNSET else body.name,
            writing=rewritten(message.writing, body),
            archived=None if body.archived is UNSET else body.archived,
        )
        try:
            changed = await self._room.change(message.id, change)
        except Faults as error:
            raise wrong(error) from None
        except NameTaken:
            raise _taken(str(change.name)) from None
        assert changed is not None, "messages are put away, never deleted"
        return answer(message_of(changed))

    @operation(places=("id",), query=PAGING, answers={200: page_of("versions", VersionAnswer)})
    async def versions(self, request: Request) -> Response:
        """What it said, the newest first."""
        Params(request, PAGING)
        message = await named(request, self._room)
        found = await asyncio.to_thread(self._services.messages.versions, message.id)
        return listing("versions", [version_of(one) for one in found], None)

    @operation(places=("id",), query=("from", "to"), answers={200: ResultsAnswer})
    async def results(self, request: Request) -> Response:
        """What became of its deliveries, by the day on which they were asked for; without `from` of the last 30."""
        params = Params(request, ("from", "to"))
        until = params.instant("to") or self._services.clock() + 1
        since = params.instant("from")
        since = until - RESULTS_DAYS * DAY_MS if since is None else since
        message = await named(request, self._room)
        found = await asyncio.to_thread(
            self._services.deliveries.results, message.id, since=since, until=until, day_ms=DAY_MS
        )
        days = tuple(
            DayAnswer(day=day(days), **{"unsubscribed" if name == "left" else name: n for name, n in counts.items()})
            for days, counts in found
        )
        return answer(ResultsAnswer(days))


async def named(request: Request, room: Mailroom) -> Message:
    """The message of the address. Raises Problem 404."""
    id = id_of(request, "message")
    message = await room.one(id)
    if message is None:
        raise unknown("message", str(id))
    return message


def wrong(faults: Faults) -> Problem:
    """400 with everything that is wrong, and where."""
    errors = tuple(FieldError(one.part, Code.MALFORMED, f"Line {one.line}: {one.message}") for one in faults.faults)
    return Problem(400, f"{errors[0].path}: {errors[0].message}", title="Bad message", errors=errors)


def _taken(name: str) -> Problem:
    return Problem(409, f"There is a message of the name {name}.", title="Name taken")
