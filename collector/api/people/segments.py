"""Who belongs to which group? `/api/segments`, `…/preview`, `…/<id>`, `…/<id>/members`, `…/<id>/explain`.

A segment is a question (`sessionizer/segments/condition.py`), asked of the store at the moment of the request: what
comes back is true now.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer, instant, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.definitions import Place, id_of, page
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params, refuse
from collector.api.frame.problem import FieldError, Problem
from collector.api.people.contacts import ContactAnswer, ContactPlace, answer_of, resolve
from collector.api.people.membership import Membership
from collector.errors import Code
from collector.services import Services
from collector.store.ports.definitions.lists import NameTaken
from collector.store.ports.definitions.segments import Segment, SegmentChange
from sessionizer.segments.check import faults
from sessionizer.segments.condition import Condition, Definition
from sessionizer.segments.explain import Reason
from sessionizer.segments.wording.sentence import sentence
from sessionizer.segments.wording.voice import Names

KNOWN = ("archived", *PAGING)
LEVELS = 40
"""Of nesting in a body: more than the groups that `check` allows need."""

SegmentName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class NewSegment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/segments. where: what is asked. version: of the language."""

    name: SegmentName
    where: Condition
    version: Annotated[int, Meta(ge=1, le=1)] = 1


class ChangedSegment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/segments/<id>: what is not there stays."""

    name: SegmentName | UnsetType = UNSET
    where: Condition | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/segments/preview."""

    where: Condition


class Sentence(msgspec.Struct, frozen=True):
    """A question as people say it, in Italian and in English."""

    it: str
    en: str


class SegmentAnswer(msgspec.Struct, frozen=True):
    """A segment as programs see it."""

    id: int
    name: str
    where: Condition
    version: int
    sentence: Sentence
    created_at: Instant
    updated_at: Instant
    archived_at: Instant | None


class PreviewAnswer(msgspec.Struct, frozen=True):
    """Who would be in a segment now. members: the newest twenty. unseen: events that never came yet."""

    count: int
    members: tuple[ContactAnswer, ...]
    milliseconds: int
    sentence: Sentence
    unseen: tuple[str, ...]


class ReasonAnswer(msgspec.Struct, frozen=True):
    """Why. because: ids of the events that count now, at most twenty. changes_at: when it changes by itself.

    of: what is inside of a group.
    """

    where: Condition
    sentence: Sentence
    holds: bool
    because: tuple[str, ...]
    changes_at: Instant | None
    of: tuple["ReasonAnswer", ...]


def routes(services: Services) -> list[Route]:
    """Defining segments, and asking who is in them."""
    pages = SegmentPages(services)
    one = "/api/segments/{id}"
    return [
        Route("/api/segments", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/segments", require(services, "write", pages.create), methods=["POST"]),
        Route("/api/segments/preview", require(services, "read", pages.preview), methods=["POST"]),
        Route(one, require(services, "read", pages.get), methods=["GET"]),
        Route(one, require(services, "write", pages.change), methods=["PATCH"]),
        Route(f"{one}/members", require(services, "read", pages.members), methods=["GET"]),
        Route(f"{one}/explain", require(services, "read", pages.explained), methods=["GET"]),
    ]


class SegmentPages:
    """Segments, and who is in them."""

    def __init__(self, services: Services) -> None:
        self._services, self._members = services, Membership(services)

    @operation(query=KNOWN, answers={200: page_of("segments", SegmentAnswer)})
    async def find(self, request: Request) -> Response:
        """Every segment, by id; archived ones only if they are asked for."""
        params = Params(request, KNOWN)
        limit, place, archived = params.limit(), params.cursor("segments", Place), params.flag("archived")
        every = await self._members.every()
        wanted = [one for one in every if (one.archived_at is not None) == bool(archived)]
        shown, more = page(wanted, "segments", limit=limit, place=place)
        names = await self._members.names(every)
        return listing("segments", [segment_of(one, names) for one in shown], more)

    @operation(body=NewSegment, answers={201: SegmentAnswer})
    async def create(self, request: Request) -> Response:
        """A new segment."""
        body = await body_of(request, NewSegment, levels=LEVELS)
        every = await self._members.every()
        made = await make(body.name, Definition(body.where), every, self._services)
        response = answer(segment_of(made, await self._members.names(every)), 201)
        response.headers["Location"] = f"/api/segments/{made.id}"
        return response

    @operation(body=Asked, answers={200: PreviewAnswer})
    async def preview(self, request: Request) -> Response:
        """Who would be in a segment that asks this, now; nothing is kept."""
        body = await body_of(request, Asked, levels=LEVELS)
        every = await self._members.every()
        where = sound(Definition(body.where), every).where
        found = await self._members.preview(where, every)
        people, unseen = tuple(map(answer_of, found.people)), tuple(map("/".join, found.unseen))
        sentence = said(where, await self._members.names(every))
        return answer(PreviewAnswer(found.count, people, found.milliseconds, sentence, unseen))

    @operation(places=("id",), answers={200: SegmentAnswer})
    async def get(self, request: Request) -> Response:
        """One segment."""
        Params(request, ())
        segment, every = await self._members.named(id_of(request, "segment"))
        return answer(segment_of(segment, await self._members.names(every)))

    @operation(places=("id",), body=ChangedSegment, answers={200: SegmentAnswer})
    async def change(self, request: Request) -> Response:
        """Another name or question; put away, or taken back into use."""
        body, id = await body_of(request, ChangedSegment, levels=LEVELS), id_of(request, "segment")
        segment, every = await self._members.named(id)
        said_ = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
        if "where" in said_:
            said_["definition"] = Definition(said_.pop("where"))
        changed = await alter(segment, SegmentChange(**said_), every, self._services)
        return answer(segment_of(changed, await self._members.names(every)))

    @operation(places=("id",), query=PAGING, answers={200: page_of("contacts", ContactAnswer)})
    async def members(self, request: Request) -> Response:
        """Who is in it now, the newest first."""
        params = Params(request, PAGING)
        limit, place = params.limit(), params.cursor("contacts", ContactPlace)
        segment, every = await self._members.named(id_of(request, "segment"))
        before = place.id if place else None
        people, last = await self._members.page(segment.definition.where, every, limit=limit, before=before)
        more = encode_cursor("contacts", ContactPlace(last)) if last else None
        return listing("contacts", [answer_of(one) for one in people], more)

    @operation(places=("id",), query=("contact",), answers={200: ReasonAnswer})
    async def explained(self, request: Request) -> Response:
        """Why a contact is in it, or not: each condition, what made it so, and when that changes by itself."""
        params = Params(request, ("contact",))
        segment, every = await self._members.named(id_of(request, "segment"))
        asked = params.ids("contact")
        if len(asked) != 1:
            refuse("contact", "the id of one contact")
        resolved = await resolve(self._services.store.contacts, str(asked[0]))
        reason = await self._members.why(segment.definition.where, resolved, every)
        return answer(reason_of(reason, await self._members.names(every)))


async def make(name: str, definition: Definition, every: Sequence[Segment], services: Services) -> Segment:
    """A new segment. Raises Problem 400 with every fault, 409 when the name is taken."""
    sound(definition, every)
    at = services.clock()
    try:
        return await asyncio.to_thread(lambda: services.segments.create(name, definition, at=at))
    except NameTaken:
        raise _taken(name) from None


async def alter(segment: Segment, change: SegmentChange, every: Sequence[Segment], services: Services) -> Segment:
    """The segment as it is afterwards. Raises Problem 400 with every fault, 409 when the name is taken."""
    if change.definition:
        sound(change.definition, every, id=segment.id)
    at = services.clock()
    try:
        changed = await asyncio.to_thread(lambda: services.segments.change(segment.id, change, at=at))
    except NameTaken:
        raise _taken(str(change.name)) from None
    assert changed is not None, "segments are put away, never deleted"
    return changed


def sound(definition: Definition, every: Sequence[Segment], *, id: int = 0) -> Definition:
    """The definition itself. Raises Problem 400 with every fault."""
    found = faults(definition, id=id, others={one.id: one.definition for one in every})
    if found:
        errors = tuple(FieldError(fault.path, Code.MALFORMED, fault.says) for fault in found)
        raise Problem(400, f"{found[0].path}: {found[0].says}", title="Bad segment", errors=errors)
    return definition


def said(condition: Condition, names: Names) -> Sentence:
    """In both languages."""
    return Sentence(it=sentence(condition, "it", names), en=sentence(condition, "en", names))


def segment_of(one: Segment, names: Names) -> SegmentAnswer:
    """What the store knows → what programs see."""
    return SegmentAnswer(
        id=one.id,
        name=one.name,
        where=one.definition.where,
        version=one.definition.version,
        sentence=said(one.definition.where, names),
        created_at=instant(one.created_at),
        updated_at=instant(one.modified_at),
        archived_at=None if one.archived_at is None else instant(one.archived_at),
    )


def reason_of(reason: Reason, names: Names) -> ReasonAnswer:
    """What was found out → what programs see."""
    return ReasonAnswer(
        where=reason.condition,
        sentence=said(reason.condition, names),
        holds=reason.holds,
        because=tuple(event.id for event in reason.because),
        changes_at=None if reason.changes_at is None else instant(reason.changes_at),
        of=tuple(reason_of(one, names) for one in reason.of),
    )


def _taken(name: str) -> Problem:
    return Problem(409, f"There is a segment of the name {name}.", title="Name taken")
