"""Who is in an automation, who was, who did not come in, which way did they go? And what the worker is asked."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.automations.desk import Desk, NotNow, Wrong
from collector.api.frame.definitions import id_of
from collector.api.frame.params import is_digits
from collector.services import Services
from collector.store.ports.automations.definitions import Automation
from collector.store.ports.automations.runs import Refusal, Stage
from collector.store.ports.contacts import StoredContact
from collector.ui.automations.editing.tree import tree_of
from collector.ui.automations.known import house_of
from collector.ui.automations.told import speaker_of
from collector.ui.contacts.meant import meant
from collector.ui.contacts.pages import CALLED
from collector.ui.guard import Form, Guard
from collector.ui.page import language_of
from sessionizer.automations.definition import steps_of
from sessionizer.automations.entering import OLD, oldest_ms
from sessionizer.automations.run import AT_DATE, LEFT, Occurrence, Passed, Run
from sessionizer.automations.wording import steps, way
from sessionizer.automations.wording.speaker import Speaker

ROWS = 50
STAGES: tuple[Stage, ...] = ("running", "failed", "ended")
ASKS = ("remove", "retry", "move")
DONE = {
    "remove": "automations_done_remove", "retry": "automations_done_retry", "move": "automations_done_move",
    "refused": "automations_done_refused",
}  # fmt: skip


class InsidePages:
    """Runs, and those who did not come in."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard, self._desk = services, guard, Desk(services)

    async def contacts(self, request: Request, visitor: Visitor) -> Response:
        """Who is where, since when, until when; `?step=`, `?stage=`, `?who=` narrow it."""
        automation, given = await self._named(request), request.query_params
        stage: Stage = next((one for one in STAGES if one == given.get("stage")), "running")
        step, who = given.get("step", ""), given.get("who", "").strip()
        people = await meant(self._services.store.contacts, who) if who else []
        ids = [id for one in people for id in await self._all_of(one.id)]
        found: list[Run] = []
        if people or not who:
            found = await self._desk.find(
                automation.id, stage=stage, step=step, contacts=ids, limit=ROWS + 1, after=_place(given)
            )
        speaker = await self._speaker(request, automation)
        shown = found[:ROWS]
        context = {
            "automation": automation,
            "runs": shown,
            "stage": stage,
            "stages": STAGES,
            "step": step,
            "steps": [(id, number) for id, number in speaker.steps.items()],
            "who": who,
            "last": shown[-1] if len(found) > ROWS else None,
            "is_first": "after" not in given,
            "people": await self._people(one.contact for one in shown),
            "at_step": lambda run: _step_of(run, automation, speaker),
            "ended": lambda run: way.ended(speaker, run.why),
            "failed": lambda run: _sentence(way.failed(speaker, run.failed)),
            "done": DONE.get(given.get("done", ""), ""),
            **CALLED,
        }
        return self._guard.render(request, "automations/contacts.html", context, visitor=visitor)

    async def missed(self, request: Request, visitor: Visitor) -> Response:
        """Who did not come in, and why."""
        automation = await self._named(request)
        found = await self._desk.missed(automation=automation.id, limit=ROWS * 4)
        speaker, late = await self._speaker(request, automation), await self._late(automation, found)
        context = {
            "automation": automation,
            "refusals": found,
            "people": await self._people(one.contact for one in found),
            "why": lambda one: way.refused(speaker, one.reason, late.get(one.event)),
            **CALLED,
        }
        return self._guard.render(request, "automations/missed.html", context, visitor=visitor)

    async def _late(self, automation: Automation, refusals: Sequence[Refusal]) -> Mapping[str, way.Late]:
        """How late those events came for which that was the reason; by today's limit."""
        found = {}
        for one in refusals:
            event = await self._services.store.events.get(one.event) if one.reason == OLD and one.event else None
            if event is not None:
                what = Occurrence(event.id, event.at, event.category, event.key, event.properties)
                found[one.event] = way.Late(one.at - event.at, oldest_ms(automation.definition.entry, what))
        return found

    async def run(self, request: Request, visitor: Visitor) -> Response:
        """One contact's walk, line by line, in the version on which it goes."""
        run = await self._run(request)
        automation = await self._desk.one(run.automation)
        version = await asyncio.to_thread(self._services.automations.version, run.automation, run.version)
        if automation is None:
            raise HTTPException(404)
        house, language = await house_of(self._services), language_of(request)
        definition = version.definition if version else automation.definition
        speaker, known = speaker_of(tree_of(definition), house, language), steps_of(definition)
        context = {
            "automation": automation,
            "run": run,
            "person": (await self._people([run.contact])).get(run.contact),
            "lines": [
                (line, way.passed(speaker, line), steps.step(speaker, known[line.step]) if line.step in known else "")
                for line in run.path
            ],
            "event_of": _event_of,
            "number_of": speaker.steps.get,
            "now": steps.step(speaker, known[run.step]) if run.step in known else "",
            "is_at_date": run.step == AT_DATE,
            "ended": way.ended(speaker, run.why),
            "failed": lambda run: _sentence(way.failed(speaker, run.failed)),
            "label": lambda kind: speaker.voice.deed(kind).done,
            "done": DONE.get(request.query_params.get("done", ""), ""),
            **CALLED,
        }
        return self._guard.render(request, "automations/run.html", context, visitor=visitor)

    async def ask_of_run(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Take the contact out, try the step again, or go on with the newest version."""
        run, do, by = await self._run(request), form.get("do", ""), visitor.user.name
        automation = await self._desk.one(run.automation)
        if do not in ASKS or automation is None:
            raise HTTPException(404)
        try:
            if do == "move":
                await self._desk.move(automation, by=by, run=run)
            else:
                await (self._desk.retry if do == "retry" else self._desk.remove)(run, by=by)
        except (NotNow, Wrong):
            do = "refused"
        return RedirectResponse(f"/automations/runs/{run.id}?done={do}", 303)

    async def enter(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Let one contact in, or a whole segment."""
        automation, segment, who = await self._named(request), form.get("segment", ""), form.get("who", "").strip()
        group = int(segment) if is_digits(segment) and len(segment) < 16 else 0
        found = await meant(self._services.store.contacts, who) if who and not group else []
        done = "enter" if group or len(found) == 1 else "several" if found else "nobody"
        if done == "enter":
            contact = found[0].id if found else 0
            try:
                await self._desk.enter(automation, by=visitor.user.name, contact=contact, segment=group)
            except NotNow:
                done = "refused"
        return RedirectResponse(f"/automations/{automation.id}?done={done}", 303)

    async def move(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """All who are in go on with the newest version."""
        automation, done = await self._named(request), "move"
        try:
            await self._desk.move(automation, by=visitor.user.name)
        except Wrong:
            done = "refused"
        return RedirectResponse(f"/automations/{automation.id}?done={done}", 303)

    async def _named(self, request: Request) -> Automation:
        found = await self._desk.one(id_of(request, "automation"))
        if found is None:
            raise HTTPException(404)
        return found

    async def _run(self, request: Request) -> Run:
        found = await self._desk.run(request.path_params["run"][:64])
        if found is None:
            raise HTTPException(404)
        return found

    async def _speaker(self, request: Request, automation: Automation) -> Speaker:
        house = await house_of(self._services)
        return speaker_of(tree_of(automation.definition), house, language_of(request))

    async def _all_of(self, contact: int) -> Sequence[int]:
        """A contact with all whom it absorbed."""
        resolved = await self._services.store.contacts.resolve(contact)
        return resolved.all if resolved else [contact]

    async def _people(self, ids: Iterable[int]) -> Mapping[int, StoredContact]:
        """Those who are there now; somebody who was erased is missing."""
        return await people_of(ids, self._services)


async def people_of(ids: Iterable[int], services: Services) -> Mapping[int, StoredContact]:
    """Contacts by the id under which they were recorded, as they are now."""
    found = {}
    for id in dict.fromkeys(ids):
        resolved = await services.store.contacts.resolve(id)
        one = await services.store.contacts.get(resolved.survivor) if resolved else None
        if one:
            found[id] = one
    return found


def _sentence(text: str) -> str:
    """By itself, not behind a colon."""
    return f"{text[:1].upper()}{text[1:]}."


def _place(given: Mapping[str, str]) -> tuple[int, str] | None:
    at, _, id = given.get("after", "").partition(",")
    return (int(at), id) if is_digits(at) and len(at) < 16 and id else None


def _event_of(line: Passed) -> str:
    """The event by which it happened, "" where there is none."""
    if line.what == "ended":
        why, _, event = line.more.partition(" ")
        return event if why == LEFT else ""
    return line.more if line.what in ("yes", "restarted") else ""


def _step_of(run: Run, automation: Automation, speaker: Speaker) -> str:
    """Where it is, as the newest version calls it."""
    if run.step == AT_DATE:
        return speaker.say("at_date")
    known = steps_of(automation.definition)
    return steps.step(speaker, known[run.step]) if run.step in known else run.step
