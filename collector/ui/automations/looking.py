"""What would have been, and why was it so? `…/rehearse` walks lately's events, `…/explain` tells from records."""

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from collector.access.login import Visitor
from collector.api.automations.desk import Desk, Wrong
from collector.api.automations.explained import explained
from collector.api.automations.rehearsal import DAYS, MOST_DAYS, Rehearsal, one_at_a_time
from collector.api.frame.definitions import id_of
from collector.api.frame.params import is_digits
from collector.services import Services
from collector.store.ports.automations.definitions import Automation
from collector.store.ports.contacts import StoredContact
from collector.ui.automations.editing.tree import tree_of
from collector.ui.automations.inside import people_of
from collector.ui.automations.known import house_of
from collector.ui.automations.told import speaker_of
from collector.ui.contacts.meant import meant
from collector.ui.contacts.pages import CALLED
from collector.ui.guard import Guard
from collector.ui.page import language_of
from sessionizer.automations.book import kind_of
from sessionizer.automations.definition import steps_of
from sessionizer.automations.explain import Line
from sessionizer.automations.run import AT_DATE, Passed, Run
from sessionizer.automations.wording import rules, steps, way
from sessionizer.automations.wording.explained import explained as said
from sessionizer.automations.wording.speaker import Speaker

Sums = Sequence[tuple[str, int]]


class Tried(NamedTuple):
    """What a rehearsal found, in words."""

    where: Sums
    ended: Sums
    sent: Sums
    unsent: Sums
    missed: Sums
    unheard: Sequence[str]


class LookingPages:
    """Rehearsals and explanations of one automation."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard, self._desk = services, guard, Desk(services)

    async def rehearse(self, request: Request, visitor: Visitor) -> Response:
        """A form; with `?days=` what would have been."""
        automation, given = await self._named(request), request.query_params.get("days", "")
        days = min(max(int(given), 1), MOST_DAYS) if is_digits(given) and len(given) < 4 else 0
        found, speaker = await self._rehearsal(automation, days), await self._speaker(request, automation)
        examples = found.examples if found else ()
        context = {
            "automation": automation,
            "days": days or DAYS,
            "most": MOST_DAYS,
            "is_asked": bool(days),
            "found": found,
            "tried": _tried(found, automation, speaker) if found else None,
            "people": await people_of((run.contact for run in examples), self._services),
            "short": lambda run: [(line.at, way.passed(speaker, line)) for line in run.path],
            "at_step": lambda run: _where(run, automation, speaker),
            **CALLED,
        }
        return self._guard.render(request, "automations/rehearse.html", context, visitor=visitor)

    async def _rehearsal(self, automation: Automation, days: int) -> Rehearsal | None:
        """None when it was not asked for, the store did not answer, or it has faults."""
        try:
            return await one_at_a_time(automation.definition, days, self._services) if days else None
        except (sqlite3.Error, Wrong):
            return None

    async def explain(self, request: Request, visitor: Visitor) -> Response:
        """A form; with `?who=` what is recorded of that contact, in order of time."""
        automation, who = await self._named(request), request.query_params.get("who", "").strip()
        people = await meant(self._services.store.contacts, who) if who else []
        lines = await self._lines(automation, people[0]) if len(people) == 1 else []
        speaker = await self._speaker(request, automation)
        triggers = automation.definition.triggers
        context = {
            "automation": automation,
            "who": who,
            "people": people,
            "lines": [(line, said(speaker, line, triggers), _address(line)) for line in lines],
            "step_of": lambda line: _step(line.params.get("step", ""), automation, speaker),
            **CALLED,
        }
        return self._guard.render(request, "automations/explain.html", context, visitor=visitor)

    async def _lines(self, automation: Automation, contact: StoredContact) -> list[Line]:
        resolved = await self._services.store.contacts.resolve(contact.id)
        if resolved is None:
            return []
        return await asyncio.to_thread(explained, automation, resolved, self._services)

    async def _named(self, request: Request) -> Automation:
        found = await self._desk.one(id_of(request, "automation"))
        if found is None:
            raise HTTPException(404)
        return found

    async def _speaker(self, request: Request, automation: Automation) -> Speaker:
        house = await house_of(self._services)
        return speaker_of(tree_of(automation.definition), house, language_of(request))


def _tried(found: Rehearsal, automation: Automation, speaker: Speaker) -> Tried:
    """Steps in their order; of all else the most frequent first."""
    known = {AT_DATE: speaker.say("at_date")}
    every = steps_of(automation.definition)
    known |= {id: f"{speaker.step(id)}. {steps.step(speaker, one)}" for id, one in every.items()}
    silent = (one for one in automation.definition.triggers if kind_of(one) is None)
    return Tried(
        [(name, found.inside[id]) for id, name in known.items() if id in found.inside],
        _most((way.ended(speaker, why), number) for why, number in found.ended.items()),
        _most((speaker.message(id), number) for id, number in found.sent.items()),
        _most((way.passed(speaker, Passed("", 0, "unsent", why)), number) for why, number in found.unsent.items()),
        _most((way.refused(speaker, reason), number) for reason, number in found.missed.items()),
        [rules.trigger(speaker, one) for one in silent],
    )


def _most(sums: Iterable[tuple[str, int]]) -> Sums:
    return sorted(sums, key=lambda one: (-one[1], one[0]))


def _where(run: Run, automation: Automation, speaker: Speaker) -> str:
    """Where it would stand, or why it would have ended."""
    if not run.goes_on:
        return way.ended(speaker, run.why)
    return _step(run.step, automation, speaker) or speaker.say("at_date")


def _step(id: str, automation: Automation, speaker: Speaker) -> str:
    """What it does; "" where there is no such step in the newest version."""
    known = steps_of(automation.definition)
    return steps.step(speaker, known[id]) if id in known else ""


def _address(line: Line) -> str:
    """Where more of it is seen; "" where nothing is."""
    if line.code in ("delivery", "receipt"):
        return f"/messages/outbox/{line.params['id']}"
    if line.run and line.params.get("what") == "entered":
        return f"/automations/runs/{line.run}"
    return f"/events/{line.params['event']}" if line.params.get("event") else ""
