"""Which automations are there? `/api/automations`, `…/<id>`, and of one `/versions`."""

from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.automations.bodies import (
    LEVELS,
    AutomationAnswer,
    AutomationVersionAnswer,
    ChangedAutomation,
    NewAutomation,
    automation_of,
    not_now,
    version_of,
    wrong,
)
from collector.api.automations.desk import Desk, NotNow, Wrong
from collector.api.frame.answer import answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.definitions import Place, id_of, page
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import Problem, unknown
from collector.services import Services
from collector.store.ports.automations.definitions import Automation, AutomationChange
from collector.store.ports.definitions.lists import NameTaken
from sessionizer.automations.check import faults

KNOWN = ("archived", *PAGING)


def routes(services: Services) -> list[Route]:
    """Defining automations."""
    pages = AutomationPages(services)
    one = "/api/automations/{id}"
    return [
        Route("/api/automations", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/automations", require(services, "write", pages.create), methods=["POST"]),
        Route(one, require(services, "read", pages.get), methods=["GET"]),
        Route(one, require(services, "write", pages.change), methods=["PATCH"]),
        Route(one, require(services, "write", pages.put_away), methods=["DELETE"]),
        Route(f"{one}/versions", require(services, "read", pages.versions), methods=["GET"]),
    ]


class AutomationPages:
    """Automations and their versions."""

    def __init__(self, services: Services) -> None:
        self._desk = Desk(services)

    @operation(query=KNOWN, answers={200: page_of("automations", AutomationAnswer)})
    async def find(self, request: Request) -> Response:
        """Every automation, by id; archived ones only if they are asked for."""
        params = Params(request, KNOWN)
        limit, place, archived = params.limit(), params.cursor("automations", Place), params.flag("archived")
        wanted = [one for one in await self._desk.all() if (one.archived_at is not None) == bool(archived)]
        shown, more = page(wanted, "automations", limit=limit, place=place)
        known = await self._desk.known()
        return listing("automations", [automation_of(one, faults(one.definition, known)) for one in shown], more)

    @operation(body=NewAutomation, answers={201: AutomationAnswer})
    async def create(self, request: Request) -> Response:
        """A new automation: a draft, in which nobody comes in until it is activated."""
        body = await body_of(request, NewAutomation, levels=LEVELS)
        try:
            made = await self._desk.create(body.name, body.definition)
        except NameTaken:
            raise taken(body.name) from None
        response = answer(await shown(made, self._desk), 201)
        response.headers["Location"] = f"/api/automations/{made.id}"
        return response

    @operation(places=("id",), answers={200: AutomationAnswer})
    async def get(self, request: Request) -> Response:
        """One automation."""
        Params(request, ())
        return answer(await shown(await named(request, self._desk), self._desk))

    @operation(places=("id",), body=ChangedAutomation, answers={200: AutomationAnswer})
    async def change(self, request: Request) -> Response:
        """Another name or definition; put away, or taken back into use. Who is in goes on by the version of before."""
        body = await body_of(request, ChangedAutomation, levels=LEVELS)
        automation = await named(request, self._desk)
        change = AutomationChange(
            name=None if body.name is UNSET else body.name,
            definition=None if body.definition is UNSET else body.definition,
            archived=None if body.archived is UNSET else body.archived,
        )
        try:
            changed = await self._desk.change(automation, change)
        except Wrong as error:
            raise wrong(error) from None
        except NotNow as error:
            raise not_now(error) from None
        except NameTaken:
            raise taken(str(change.name)) from None
        return answer(await shown(changed, self._desk))

    @operation(places=("id",), answers={200: AutomationAnswer})
    async def put_away(self, request: Request) -> Response:
        """Stopped and put away; what it did is still to be seen, and `archived: false` takes it back."""
        Params(request, ())
        automation = await named(request, self._desk)
        return answer(await shown(await self._desk.change(automation, AutomationChange(archived=True)), self._desk))

    @operation(places=("id",), query=PAGING, answers={200: page_of("versions", AutomationVersionAnswer)})
    async def versions(self, request: Request) -> Response:
        """What it was, the newest first."""
        Params(request, PAGING)
        automation = await named(request, self._desk)
        return listing("versions", [version_of(one) for one in await self._desk.versions(automation.id)], None)


async def named(request: Request, desk: Desk) -> Automation:
    """The automation of the address. Raises Problem 404."""
    id = id_of(request, "automation")
    automation = await desk.one(id)
    if automation is None:
        raise unknown("automation", str(id))
    return automation


async def shown(automation: Automation, desk: Desk) -> AutomationAnswer:
    """With what is wrong with it."""
    return automation_of(automation, await desk.faults(automation.definition))


def taken(name: str) -> Problem:
    """409."""
    return Problem(409, f"There is an automation of the name {name}.", title="Name taken")
