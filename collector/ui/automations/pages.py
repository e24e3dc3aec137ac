"""Which automations are there, and how is one doing? `/automations`: the list; `/automations/<id>`: one; its state."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api.automations.desk import NONE, TURNS, Desk, NotNow, Turn, Wrong
from collector.api.frame.definitions import id_of
from collector.services import Services
from collector.store.ports.automations.definitions import Automation, AutomationChange
from collector.ui.automations import faults
from collector.ui.automations.editing.editor import MAX_FORM_BYTES, EditorPages
from collector.ui.automations.editing.tree import tree_of
from collector.ui.automations.gallery import Gallery, ready
from collector.ui.automations.house import HousePages
from collector.ui.automations.inside import InsidePages
from collector.ui.automations.known import house_of
from collector.ui.automations.looking import LookingPages
from collector.ui.automations.told import Teller, speaker_of
from collector.ui.guard import Form, Guard
from collector.ui.page import language_of, translator
from sessionizer.automations.definition import Definition
from sessionizer.automations.ready.table import READY

_TURNS: Mapping[str, Turn] = {turn: turn for turn in TURNS}
DONE = {
    "made": "automations_done_made", "saved": "automations_done_saved", "activate": "automations_done_activate",
    "resume": "automations_done_resume", "pause": "automations_done_pause", "stop": "automations_done_stop",
    "archived": "automations_done_archived", "taken": "automations_done_taken", "back": "automations_done_back",
    "move": "automations_done_move", "enter": "automations_done_enter", "nobody": "automations_done_nobody",
    "several": "automations_done_several", "refused": "automations_done_refused",
}  # fmt: skip
DAYS, DAY_MS = 30, 24 * 60 * 60 * 1_000


def routes(services: Services, guard: Guard) -> list[Route]:
    """Everybody sees; editors make, change, switch on and off."""
    pages, editor, one = AutomationPages(services, guard), EditorPages(services, guard), "/automations/{id}"
    inside, house = InsidePages(services, guard), HousePages(services, guard)
    looking = LookingPages(services, guard)
    edit = guard.change(editor.change, needs="write", most=MAX_FORM_BYTES)
    return [
        Route("/automations", guard.page(pages.find), methods=["GET"]),
        Route("/automations", guard.change(pages.create, needs="write"), methods=["POST"]),
        Route("/automations/rules", guard.page(house.get), methods=["GET"]),
        Route("/automations/rules", guard.change(house.put, needs="write"), methods=["POST"]),
        Route("/automations/runs/{run}", guard.page(inside.run), methods=["GET"]),
        Route("/automations/runs/{run}/ask", guard.change(inside.ask_of_run, needs="write"), methods=["POST"]),
        Route(one, guard.page(pages.get), methods=["GET"]),
        Route(f"{one}/edit", guard.page(editor.edit, needs="write"), methods=["GET"]),
        Route(f"{one}/edit", edit, methods=["POST"]),
        Route(f"{one}/status", guard.change(pages.status, needs="write"), methods=["POST"]),
        Route(f"{one}/archive", guard.change(pages.archive, needs="write"), methods=["POST"]),
        Route(f"{one}/back", guard.change(pages.back, needs="write"), methods=["POST"]),
        Route(f"{one}/enter", guard.change(inside.enter, needs="write"), methods=["POST"]),
        Route(f"{one}/move", guard.change(inside.move, needs="write"), methods=["POST"]),
        Route(f"{one}/contacts", guard.page(inside.contacts), methods=["GET"]),
        Route(f"{one}/missed", guard.page(inside.missed), methods=["GET"]),
        Route(f"{one}/rehearse", guard.page(looking.rehearse), methods=["GET"]),
        Route(f"{one}/explain", guard.page(looking.explain), methods=["GET"]),
    ]


class AutomationPages:
    """The list and one of them."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard
        self._gallery, self._desk = Gallery(services), Desk(services)

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """Those in use, or those that were put away, with what became of them; and what one can begin with."""
        every, given = await self._desk.all(), request.query_params
        is_archived = given.get("archived") == "true"
        wanted = [one for one in every if (one.archived_at is not None) == is_archived]
        wanted.sort(key=lambda one: (-one.modified_at, one.id))
        figures = await self._desk.figures()
        place = 0 if language_of(request) == "it" else 1
        context = {
            "automations": wanted,
            "figures": lambda one: figures.get(one.id, NONE),
            "is_archived": is_archived,
            "archived": sum(1 for one in every if one.archived_at is not None),
            "ready": [(one.slug, one.name[place], one.says[place]) for one in READY],
            "gallery": "starters" in given or not any(one.archived_at is None for one in every),
        }
        return self._guard.render(request, "automations/automations.html", context, visitor=visitor)

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """One of those that are ready, which is shown; or one from nothing, which is written at once."""
        language, wanted = language_of(request), ready(form.get("ready", ""))
        if wanted:
            made = await self._gallery.make(wanted, language)
            return RedirectResponse(f"/automations/{made.id}?done=made", 303)
        made = await self._gallery.create(translator(language)("automations_new"), Definition())
        return RedirectResponse(f"/automations/{made.id}/edit", 303)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One: what brings somebody in, what is done, how many are where."""
        return await self._page(request, visitor, await named(request, self._services))

    async def status(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Switch it on, let it rest, end it. One with faults is not switched on."""
        automation, turn = await named(request, self._services), _TURNS.get(form.get("do", ""))
        if turn is None:
            raise HTTPException(404)
        try:
            await self._desk.turn(automation, turn)
        except (Wrong, NotNow) as error:
            return await self._refused(request, visitor, automation, error)
        return RedirectResponse(f"/automations/{automation.id}?done={turn}", 303)

    async def archive(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Put it away, which ends it; or take it back into use."""
        automation, is_archived = await named(request, self._services), form.get("archived") == "true"
        await self._desk.change(automation, AutomationChange(archived=is_archived))
        return RedirectResponse(f"/automations/{automation.id}?done={'archived' if is_archived else 'taken'}", 303)

    async def back(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """What it was once, as its newest version. Refused where it would let nobody in any more."""
        automation, given = await named(request, self._services), form.get("version", "")
        versions = await self._desk.versions(automation.id)
        kept = next((one.definition for one in versions if str(one.version) == given), None)
        if kept is None:
            raise HTTPException(404)
        try:
            await self._desk.change(automation, AutomationChange(definition=kept))
        except (Wrong, NotNow) as error:
            return await self._refused(request, visitor, automation, error)
        return RedirectResponse(f"/automations/{automation.id}?done=back", 303)

    async def _refused(
        self, request: Request, visitor: Visitor, automation: Automation, error: Wrong | NotNow
    ) -> Response:
        """As it is now, and why it stays so. What cannot be done now no button offers: somebody was faster."""
        if isinstance(error, Wrong):
            return await self._page(request, visitor, automation, refused="automations_refused")
        now = await named(request, self._services)
        return await self._page(request, visitor, now, refused="automations_meanwhile")

    async def _page(self, request: Request, visitor: Visitor, automation: Automation, *, refused: str = "") -> Response:
        house, language = await house_of(self._services), language_of(request)
        draft, today = tree_of(automation.definition), self._services.clock() // DAY_MS
        since, until = (today - DAYS + 1) * DAY_MS, (today + 1) * DAY_MS
        numbers = await self._desk.numbers(automation.id, since=since, until=until, day_ms=DAY_MS)
        by_day = dict(numbers.entered)
        wrong = house.faults(automation.definition)
        context = {
            "automation": automation,
            "page": Teller(draft, speaker_of(draft, house, language), wrong, numbers.steps).page(),
            "figures": numbers.whole,
            "faults": faults.said(wrong, language),
            "wrong": lambda some: faults.said(some, language),
            "versions": await self._desk.versions(automation.id),
            "groups": house.groups,
            "refused": refused,
            "done": DONE.get(request.query_params.get("done", ""), ""),
            "lately": [by_day.get(day, 0) for day in range(today - DAYS + 1, today + 1)],
        }
        status = 409 if refused else 200
        return self._guard.render(request, "automations/automation.html", context, visitor=visitor, status=status)


async def named(request: Request, services: Services) -> Automation:
    """The automation in the address. Raises 404."""
    found = await Desk(services).one(id_of(request, "automation"))
    if found is None:
        raise HTTPException(404)
    return found
