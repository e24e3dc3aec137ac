"""What would have been, and why was it so? `/api/automations/rehearse`, `/api/automations/<id>/explain`."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.automations.bodies import LEVELS, Id, PassedAnswer, wrong
from collector.api.automations.definitions import named
from collector.api.automations.desk import Desk, Wrong
from collector.api.automations.explained import explained
from collector.api.automations.rehearsal import DAYS, MOST_DAYS, Rehearsal, one_at_a_time
from collector.api.frame.answer import Instant, answer
from collector.api.frame.auth import require
from collector.api.frame.body import bad_body, body_of
from collector.api.frame.operation import operation
from collector.api.frame.params import Params, is_digits, refuse
from collector.api.frame.problem import unknown
from collector.api.people.contacts import resolve
from collector.instant import instant
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, Resolved
from sessionizer.automations.definition import Definition
from sessionizer.automations.explain import Line
from sessionizer.automations.run import Run


class Rehearsing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/automations/rehearse: an automation that is kept, or a definition that need not be."""

    automation: Id | None = None
    definition: Definition | UnsetType = UNSET
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = DAYS


class ExampleAnswer(msgspec.Struct, frozen=True):
    """Somebody who would have come in. event: by which. step: where they would stand, "" when they would be out; why:
    they would be."""

    contact_id: int
    event: str
    entered_at: Instant
    step: str
    why: str
    path: tuple[PassedAnswer, ...]


class RehearsalAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What would have been. contacts: who was walked through it; cut: there are more. inside: how many would stand at a
    step. ended, missed, unsent: how many by reason. sent: by message. unheard: triggers that are no events."""

    since: Instant
    until: Instant
    contacts: int
    cut: bool
    entered: int
    inside: dict[str, int]
    ended: dict[str, int]
    sent: dict[str, int]
    unsent: dict[str, int]
    missed: dict[str, int]
    unheard: tuple[str, ...]
    examples: tuple[ExampleAnswer, ...]


class LineAnswer(msgspec.Struct, frozen=True):
    """One thing that is recorded. code: what; at: when, null for what has no time. run: in which."""

    code: str
    at: Instant | None
    run: str
    params: dict[str, str]


class ExplainAnswer(msgspec.Struct, frozen=True):
    """Why somebody did or did not get what an automation sends, in order of time."""

    contact_id: int
    lines: tuple[LineAnswer, ...]


def routes(services: Services) -> list[Route]:
    """Looking."""
    pages = LookingPages(services)
    explain = require(services, "read", pages.explain)
    return [
        Route("/api/automations/rehearse", require(services, "read", pages.rehearse), methods=["POST"]),
        Route("/api/automations/{id}/explain", explain, methods=["GET"]),
    ]


class LookingPages:
    """Rehearsals and explanations."""

    def __init__(self, services: Services) -> None:
        self._services, self._desk = services, Desk(services)

    @operation(body=Rehearsing, answers={200: RehearsalAnswer})
    async def rehearse(self, request: Request) -> Response:
        """Who would have come in lately, where they would stand, what would have been sent; nothing is done."""
        body = await body_of(request, Rehearsing, levels=LEVELS)
        definition = await self._definition(body)
        try:
            found = await one_at_a_time(definition, body.days, self._services)
        except Wrong as error:
            raise wrong(error) from None
        return answer(rehearsal_of(found))

    async def _definition(self, body: Rehearsing) -> Definition:
        """Which is meant. Raises Problem 400."""
        if (body.automation is None) == (body.definition is UNSET):
            raise bad_body(["automation", "definition"], "one of them, and no other")
        if body.definition is not UNSET:
            return body.definition
        found = await self._desk.one(body.automation or 0)
        if found is None:
            raise bad_body(["automation"], f"there is no automation {body.automation}")
        return found.definition

    @operation(places=("id",), query=("contact",), answers={200: ExplainAnswer})
    async def explain(self, request: Request) -> Response:
        """Why a contact, by id or by an identifier such as an e-mail address, got a message of it, or did not."""
        params, automation = Params(request, ("contact",)), await named(request, self._desk)
        who = await self._contact(params.text("contact"))
        lines = await asyncio.to_thread(explained, automation, who, self._services)
        return answer(ExplainAnswer(who.survivor, tuple(map(line_of, lines))))

    async def _contact(self, text: str) -> Resolved:
        """Who is meant. Raises Problem 400, 404."""
        contacts = self._services.store.contacts
        if not text:
            refuse("contact", "the id of a contact, or an identifier")
        if is_digits(text) and await contacts.resolve(int(text[:15])):
            return await resolve(contacts, text)
        found = await contacts.find(ContactQuery(q=text), limit=10)
        for one in found:
            if any(text.casefold() == value.casefold() for values in one.identifiers.values() for value in values):
                return await resolve(contacts, str(one.id))
        raise unknown("contact", text[:100])


def rehearsal_of(found: Rehearsal) -> RehearsalAnswer:
    """What was found → what programs see."""
    return RehearsalAnswer(
        since=instant(found.asked.since),
        until=instant(found.asked.until),
        contacts=found.contacts,
        cut=found.cut,
        entered=found.entered,
        inside=dict(found.inside),
        ended=dict(found.ended),
        sent={str(message): number for message, number in found.sent.items()},
        unsent=dict(found.unsent),
        missed=dict(found.missed),
        unheard=tuple(found.unheard),
        examples=tuple(map(example_of, found.examples)),
    )


def example_of(run: Run) -> ExampleAnswer:
    """A run that never was → what programs see."""
    path = tuple(PassedAnswer(line.step, instant(line.at), line.what, line.more) for line in run.path)
    return ExampleAnswer(run.contact, run.trigger.id, instant(run.entered_at), run.step, run.why, path)


def line_of(line: Line) -> LineAnswer:
    """What was found → what programs see."""
    return LineAnswer(line.code, None if line.at is None else instant(line.at), line.run, dict(line.params))
