"""Who is where, and who did not come in? `/api/automations/<id>/runs`, `/figures`, `/missed`, `…/runs/<run>`, and of a
contact `/automations`."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.automations.bodies import (
    ContactAutomationsAnswer,
    FiguresAnswer,
    MissedAnswer,
    RunAnswer,
    WalkAnswer,
    figures_of,
    missed_of,
    run_of,
    walk_of,
)
from collector.api.automations.definitions import named
from collector.api.automations.desk import Desk
from collector.api.frame.answer import answer, listing, moved
from collector.api.frame.auth import require
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import unknown
from collector.api.people.contacts import resolve
from collector.instant import DAY_MS
from collector.services import Services
from collector.store.ports.automations.runs import Stage
from sessionizer.automations.run import Run

KNOWN = ("stage", "step", "contact", *PAGING)
FIGURES_DAYS = 30
STAGES: dict[str, Stage] = {"running": "running", "failed": "failed", "ended": "ended"}


class Place(NamedTuple):
    """Where the list goes on: behind this run."""

    entered_at: int
    id: str


def routes(services: Services) -> list[Route]:
    """Looking."""
    pages = RunPages(services)
    one = "/api/automations/{id}"
    looks = {
        "/api/automations/runs/{run}": pages.get,
        f"{one}/runs": pages.find,
        f"{one}/figures": pages.figures,
        f"{one}/missed": pages.missed,
        "/api/contacts/{id}/automations": pages.of_contact,
    }
    return [Route(path, require(services, "read", look), methods=["GET"]) for path, look in looks.items()]


class RunPages:
    """Runs, and what is counted of them."""

    def __init__(self, services: Services) -> None:
        self._services, self._desk = services, Desk(services)

    @operation(places=("id",), query=KNOWN, answers={200: page_of("runs", RunAnswer)})
    async def find(self, request: Request) -> Response:
        """The newest first."""
        params = Params(request, KNOWN)
        limit, place, automation = params.limit(), params.cursor("runs", Place), await named(request, self._desk)
        found = await self._desk.find(
            automation.id,
            stage=params.one("stage", _stage, None),
            step=params.text("step"),
            contacts=await self._contacts(params),
            limit=limit + 1,
            after=place,
        )
        shown = found[:limit]
        more = encode_cursor("runs", Place(shown[-1].entered_at, shown[-1].id)) if len(found) > limit else None
        return listing("runs", [run_of(one) for one in shown], more)

    @operation(answers={200: WalkAnswer})
    async def get(self, request: Request) -> Response:
        """One run, with the event by which the contact came in and its way so far."""
        Params(request, ())
        return answer(walk_of(await run_named(request, self._desk)))

    @operation(places=("id",), query=("from", "to"), answers={200: FiguresAnswer})
    async def figures(self, request: Request) -> Response:
        """How it does: as a whole, step by step, and how many came in by day; without `from` of the last 30."""
        params = Params(request, ("from", "to"))
        until = params.instant("to") or self._services.clock() + 1
        since = params.instant("from")
        since = until - FIGURES_DAYS * DAY_MS if since is None else since
        automation = await named(request, self._desk)
        numbers = await self._desk.numbers(automation.id, since=since, until=until, day_ms=DAY_MS)
        return answer(figures_of(automation, numbers))

    @operation(places=("id",), query=("contact", "limit"), answers={200: page_of("missed", MissedAnswer)})
    async def missed(self, request: Request) -> Response:
        """Who did not come in, and why, the newest first."""
        params = Params(request, ("contact", "limit"))
        automation, contacts = await named(request, self._desk), await self._contacts(params)
        found = await self._desk.missed(automation=automation.id, contacts=contacts, limit=params.limit())
        return listing("missed", [missed_of(one) for one in found], None)

    @operation(places=("id",), query=("limit",), answers={200: ContactAutomationsAnswer, 308: None})
    async def of_contact(self, request: Request) -> Response:
        """In which automations a contact was and is, and into which it did not come."""
        params, id = Params(request, ("limit",)), request.path_params["id"]
        resolved = await resolve(self._services.store.contacts, id)
        if resolved.survivor != int(id):
            query = f"?{request.url.query}" if request.url.query else ""
            return moved(f"/api/contacts/{resolved.survivor}/automations{query}")
        runs = await self._desk.of_contact(resolved.all, params.limit())
        missed = await self._desk.missed(contacts=resolved.all, limit=params.limit())
        return answer(ContactAutomationsAnswer(tuple(map(run_of, runs)), tuple(map(missed_of, missed))))

    async def _contacts(self, params: Params) -> list[int]:
        """Those that are asked for, with all whom they absorbed. Raises Problem 404."""
        asked = [await resolve(self._services.store.contacts, str(id)) for id in params.ids("contact")]
        return [contact for one in asked for contact in one.all]


async def run_named(request: Request, desk: Desk) -> Run:
    """The run of the address. Raises Problem 404."""
    id = request.path_params["run"]
    run = await desk.run(id)
    if run is None:
        raise unknown("run", id[:100])
    return run


def _stage(text: str) -> Stage | None:
    if text not in STAGES:
        raise ValueError(f"one of {' '.join(STAGES)}, not {text[:40]!r}")
    return STAGES[text]
