"""What does a person decide? An automation goes or rests; contacts come in and go out; a run is tried again, or moved.

What is about runs the worker does within a second or so: the answer is 202.
"""

from collections.abc import Awaitable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.automations.bodies import AutomationAnswer, Entering, not_now, wrong
from collector.api.automations.definitions import named, shown
from collector.api.automations.desk import Desk, NotNow, Turn, Wrong
from collector.api.automations.runs import run_named
from collector.api.frame.answer import answer
from collector.api.frame.auth import caller, require
from collector.api.frame.body import bad_body, body_of
from collector.api.frame.operation import operation
from collector.api.frame.params import Params
from collector.api.people.changes import ContactChanges, checked_identifiers
from collector.api.people.contacts import resolve
from collector.services import Services


def routes(services: Services) -> list[Route]:
    """Deciding."""
    pages = TurnPages(services)
    one, run = "/api/automations/{id}", "/api/automations/runs/{run}"
    changes = {
        f"{run}/remove": pages.remove,
        f"{run}/retry": pages.retry,
        f"{run}/move": pages.move_one,
        f"{one}/activate": pages.activate,
        f"{one}/pause": pages.pause,
        f"{one}/resume": pages.resume,
        f"{one}/stop": pages.stop,
        f"{one}/move": pages.move,
        f"{one}/contacts": pages.enter,
    }
    return [
        *(Route(path, require(services, "write", change), methods=["POST"]) for path, change in changes.items()),
        Route(f"{one}/contacts/{{contact}}", require(services, "write", pages.take_out), methods=["DELETE"]),
    ]


class TurnPages:
    """Decisions about automations and runs."""

    def __init__(self, services: Services) -> None:
        self._services, self._desk = services, Desk(services)
        self._people = ContactChanges(services)

    @operation(places=("id",), answers={200: AutomationAnswer})
    async def activate(self, request: Request) -> Response:
        """Contacts come in from now on. Refused with everything that is wrong in the definition."""
        return await self._turn(request, "activate")

    @operation(places=("id",), answers={200: AutomationAnswer})
    async def pause(self, request: Request) -> Response:
        """Nobody comes in, and who is in stands still."""
        return await self._turn(request, "pause")

    @operation(places=("id",), answers={200: AutomationAnswer})
    async def resume(self, request: Request) -> Response:
        """Go on after a pause: what would have been done meanwhile is done now."""
        return await self._turn(request, "resume")

    @operation(places=("id",), answers={200: AutomationAnswer})
    async def stop(self, request: Request) -> Response:
        """Nobody comes in, and who is in goes out."""
        return await self._turn(request, "stop")

    async def _turn(self, request: Request, turn: Turn) -> Response:
        Params(request, ())
        automation = await named(request, self._desk)
        try:
            turned = await self._desk.turn(automation, turn)
        except Wrong as error:
            raise wrong(error) from None
        except NotNow as error:
            raise not_now(error) from None
        return answer(await shown(turned, self._desk))

    @operation(places=("id",), body=Entering, answers={202: None})
    async def enter(self, request: Request) -> Response:
        """Put in a contact, or all who are in a segment; within a second or so."""
        body, automation = await body_of(request, Entering), await named(request, self._desk)
        if sum(map(bool, (body.contact, body.identifiers, body.segment))) != 1:
            raise bad_body(["contact", "identifiers", "segment"], "one of them, and no other")
        contact = 0 if body.segment else await self._contact(body)
        if body.segment and body.segment not in (await self._desk.known()).segments:
            raise bad_body(["segment"], f"there is no segment {body.segment} in use")
        by = self._by(request)
        return await _asked(self._desk.enter(automation, by=by, contact=contact, segment=body.segment or 0))

    async def _contact(self, body: Entering) -> int:
        """Who is meant, by now. Raises Problem 400."""
        if body.contact:
            found = await self._services.store.contacts.resolve(body.contact)
            if found is None:
                raise bad_body(["contact"], f"there is no contact {body.contact}")
            return found.survivor
        contact = await self._people.named(checked_identifiers(body.identifiers))
        if contact is None:
            raise bad_body(["identifiers"], "nobody is known by them")
        return contact.id

    @operation(places=("id", "contact"), answers={202: None})
    async def take_out(self, request: Request) -> Response:
        """Take a contact out of it, wherever it is; within a second or so."""
        Params(request, ())
        automation = await named(request, self._desk)
        resolved = await resolve(self._services.store.contacts, request.path_params["contact"])
        return await _asked(self._desk.take_out(automation, resolved.survivor, by=self._by(request)))

    @operation(places=("id",), answers={202: None})
    async def move(self, request: Request) -> Response:
        """Let all who are in go on by the newest version; whose step is not in it goes out."""
        Params(request, ())
        automation = await named(request, self._desk)
        return await _asked(self._desk.move(automation, by=self._by(request)))

    @operation(answers={202: None})
    async def remove(self, request: Request) -> Response:
        """End a run."""
        Params(request, ())
        run = await run_named(request, self._desk)
        return await _asked(self._desk.remove(run, by=self._by(request)))

    @operation(answers={202: None})
    async def retry(self, request: Request) -> Response:
        """Do the step that failed again."""
        Params(request, ())
        run = await run_named(request, self._desk)
        return await _asked(self._desk.retry(run, by=self._by(request)))

    @operation(answers={202: None})
    async def move_one(self, request: Request) -> Response:
        """Let a run go on by the newest version of its automation."""
        Params(request, ())
        run = await run_named(request, self._desk)
        automation = await self._desk.one(run.automation)
        assert automation is not None, "automations are put away, never deleted"
        return await _asked(self._desk.move(automation, run=run, by=self._by(request)))

    def _by(self, request: Request) -> str:
        """Who asks, for the run's way."""
        access = caller(self._services, request)
        return access.name or f"key {access.id}"


async def _asked(asking: Awaitable[None]) -> Response:
    """202 when the worker was asked. Raises Problem 400, 409."""
    try:
        await asking
    except Wrong as error:
        raise wrong(error) from None
    except NotNow as error:
        raise not_now(error) from None
    return Response(status_code=202, headers={"Cache-Control": "no-store"})
