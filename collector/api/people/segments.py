"""Who belongs to which group? `/api/segments`, `…/preview`, `…/<id>`, and of one `/members`, `/history`, `/explain`.

A segment is a question (`sessionizer/segments/condition.py`). The worker asks it of everybody and keeps who is in it;
until it has, the store is asked at the moment of the request.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame import definitions
from collector.api.frame.answer import answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.definitions import id_of, page
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import MAX_ID, PAGING, Params, refuse
from collector.api.frame.problem import FieldError, Problem
from collector.api.people.contacts import ContactAnswer, ContactPlace, answer_of, resolve
from collector.api.people.membership import Membership
from collector.api.people.segment_answers import (
    Known,
    PassageAnswer,
    PreviewAnswer,
    ReasonAnswer,
    SegmentAnswer,
    passage_of,
    reason_of,
    said,
    segment_of,
)
from collector.errors import Code
from collector.services import Services
from collector.store.ports.definitions.lists import NameTaken
from collector.store.ports.definitions.segments import Segment, SegmentChange
from collector.store.ports.segments import Place
from sessionizer.segments.check import faults
from sessionizer.segments.condition import Condition, Definition

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
    paused: bool | UnsetType = UNSET


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/segments/preview. segment: the id of one that the answer is compared with."""

    where: Condition
    segment: Annotated[int, Meta(ge=1, lt=MAX_ID)] | None = None


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
        Route(f"{one}/history", require(services, "read", pages.history), methods=["GET"]),
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
        limit, place, archived = params.limit(), params.cursor("segments", definitions.Place), params.flag("archived")
        every = await self._members.every()
        wanted = [one for one in every if (one.archived_at is not None) == bool(archived)]
        shown, more = page(wanted, "segments", limit=limit, place=place)
        return listing("segments", await self._answers(shown, every), more)

    @operation(body=NewSegment, answers={201: SegmentAnswer})
    async def create(self, request: Request) -> Response:
        """A new segment."""
        body = await body_of(request, NewSegment, levels=LEVELS)
        every = await self._members.every()
        made = await make(body.name, Definition(body.where), every, self._services)
        (said_,) = await self._answers([made], [*every, made])
        response = answer(said_, 201)
        response.headers["Location"] = f"/api/segments/{made.id}"
        return response

    @operation(body=Asked, answers={200: PreviewAnswer})
    async def preview(self, request: Request) -> Response:
        """Who would be in a segment that asks this, now; nothing is kept."""
        body = await body_of(request, Asked, levels=LEVELS)
        every = await self._members.every()
        beside = self._beside(body, every)
        where = sound(Definition(body.where), every, id=body.segment or 0).where
        found = await self._members.preview(where, every, beside=beside)
        people, unseen = tuple(map(answer_of, found.people)), tuple(map("/".join, found.unseen))
        sentence = said(where, await self._members.names(every))
        return answer(PreviewAnswer(found.count, people, found.milliseconds, sentence, unseen, found.difference))

    @operation(places=("id",), answers={200: SegmentAnswer})
    async def get(self, request: Request) -> Response:
        """One segment."""
        Params(request, ())
        segment, every = await self._members.named(id_of(request, "segment"))
        (found,) = await self._answers([segment], every)
        return answer(found)

    @operation(places=("id",), body=ChangedSegment, answers={200: SegmentAnswer})
    async def change(self, request: Request) -> Response:
        """Another name or question; paused, resumed, put away, or taken back into use."""
        body, id = await body_of(request, ChangedSegment, levels=LEVELS), id_of(request, "segment")
        segment, every = await self._members.named(id)
        said_ = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
        if "where" in said_:
            said_["definition"] = Definition(said_.pop("where"))
        changed = await alter(segment, SegmentChange(**said_), every, self._services)
        (found,) = await self._answers([changed], [changed if one.id == id else one for one in every])
        return answer(found)

    @operation(places=("id",), query=PAGING, answers={200: page_of("contacts", ContactAnswer)})
    async def members(self, request: Request) -> Response:
        """Who is in it, the newest first: as it was when it was paused, else now."""
        params = Params(request, PAGING)
        limit, place = params.limit(), params.cursor("contacts", ContactPlace)
        segment, every = await self._members.named(id_of(request, "segment"))
        before = place.id if place else None
        people, last = await self._members.page(segment, every, limit=limit, before=before)
        more = encode_cursor("contacts", ContactPlace(last)) if last else None
        return listing("contacts", [answer_of(one.contact) for one in people], more)

    @operation(places=("id",), query=("contact", *PAGING), answers={200: page_of("history", PassageAnswer)})
    async def history(self, request: Request) -> Response:
        """Who came into it and left it, when and why, the latest first."""
        params = Params(request, ("contact", *PAGING))
        limit, place = params.limit(), params.cursor("history", Place)
        segment, _ = await self._members.named(id_of(request, "segment"))
        asked = [await resolve(self._services.store.contacts, str(id)) for id in params.ids("contact")]
        contacts = [contact for one in asked for contact in one.all]
        found, last = await self._members.history(segment, limit=limit, before=place, contacts=contacts)
        more = encode_cursor("history", last) if last else None
        return listing("history", [passage_of(one) for one in found], more)

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

    async def _answers(self, segments: Sequence[Segment], every: Sequence[Segment]) -> list[SegmentAnswer]:
        """What programs see of these."""
        members = self._members
        known = Known(
            every,
            await members.names(every),
            await members.followed(segments, every),
            await members.sizes(segments, every),
        )
        return [segment_of(one, known) for one in segments]

    def _beside(self, asked: Asked, every: Sequence[Segment]) -> Segment | None:
        """The segment that a preview is compared with. Raises Problem 400."""
        found = next((one for one in every if one.id == asked.segment), None)
        if asked.segment is not None and found is None:
            says = f"There is no segment {asked.segment}."
            raise Problem(400, says, title="Bad segment", errors=(FieldError("segment", Code.MALFORMED, says),))
        return found


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


def _taken(name: str) -> Problem:
    return Problem(409, f"There is a segment of the name {name}.", title="Name taken")
