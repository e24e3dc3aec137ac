"""Who belongs to which group? `/api/segments`, `…/preview`, `…/<id>`, `…/<id>/members`, `…/<id>/explain`.

A segment is a question (`sessionizer/segments/condition.py`), asked of the store at the moment of the request: what
comes back is true now.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

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
from collector.api.frame.problem import FieldError, Problem, unknown
from collector.api.people.contacts import ContactAnswer, ContactPlace, answer_of, resolve
from collector.errors import Code
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, Meets, StoredContact
from collector.store.ports.definitions.lists import NameTaken
from collector.store.ports.definitions.segments import Segment, SegmentChange
from collector.store.ports.events import EventQuery, StoredEvent
from sessionizer.contact import Contact
from sessionizer.event import Event
from sessionizer.segments.check import faults
from sessionizer.segments.condition import Condition, Definition
from sessionizer.segments.evaluate import kinds_within
from sessionizer.segments.explain import Reason, explain
from sessionizer.segments.history import Moment, Person
from sessionizer.segments.wording.sentence import sentence
from sessionizer.segments.wording.voice import Names

SHOWN = 20
MOST_EVENTS = 2_000
KNOWN = ("archived", *PAGING)

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
        self._services, self._segments = services, services.segments
        self._members, self._contacts = services.store.members, services.store.contacts

    @operation(query=KNOWN, answers={200: page_of("segments", SegmentAnswer)})
    async def find(self, request: Request) -> Response:
        """Every segment, by id; archived ones only if they are asked for."""
        params = Params(request, KNOWN)
        limit, place, archived = params.limit(), params.cursor("segments", Place), params.flag("archived")
        every = await asyncio.to_thread(self._segments.all)
        wanted = [one for one in every if (one.archived_at is not None) == bool(archived)]
        shown, more = page(wanted, "segments", limit=limit, place=place)
        names = await self._names(every)
        return listing("segments", [segment_of(one, names) for one in shown], more)

    @operation(body=NewSegment, answers={201: SegmentAnswer})
    async def create(self, request: Request) -> Response:
        """A new segment."""
        body = await body_of(request, NewSegment)
        every = await asyncio.to_thread(self._segments.all)
        definition = sound(Definition(body.where), every)
        at = self._services.clock()
        try:
            made = await asyncio.to_thread(lambda: self._segments.create(body.name, definition, at=at))
        except NameTaken:
            raise _taken(body.name) from None
        response = answer(segment_of(made, await self._names(every)), 201)
        response.headers["Location"] = f"/api/segments/{made.id}"
        return response

    @operation(body=Asked, answers={200: PreviewAnswer})
    async def preview(self, request: Request) -> Response:
        """Who would be in a segment that asks this, now; nothing is kept."""
        body = await body_of(request, Asked)
        every = await asyncio.to_thread(self._segments.all)
        definition = sound(Definition(body.where), every)
        began, moment = time.perf_counter(), moment_of(self._services, every)
        count, ids = await self._members.sample(Meets(definition.where, moment), size=SHOWN)
        took = round((time.perf_counter() - began) * 1000)
        unseen = await self._unseen(definition.where, moment)
        people = tuple(answer_of(one) for one in await self._people(ids))
        return answer(PreviewAnswer(count, people, took, said(definition.where, await self._names(every)), unseen))

    @operation(places=("id",), answers={200: SegmentAnswer})
    async def get(self, request: Request) -> Response:
        """One segment."""
        Params(request, ())
        segment, every = await self._named(id_of(request, "segment"))
        return answer(segment_of(segment, await self._names(every)))

    @operation(places=("id",), body=ChangedSegment, answers={200: SegmentAnswer})
    async def change(self, request: Request) -> Response:
        """Another name or question; put away, or taken back into use."""
        body, id = await body_of(request, ChangedSegment), id_of(request, "segment")
        _, every = await self._named(id)
        said_ = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
        if "where" in said_:
            said_["definition"] = sound(Definition(said_.pop("where")), every, id=id)
        at = self._services.clock()
        try:
            changed = await asyncio.to_thread(lambda: self._segments.change(id, SegmentChange(**said_), at=at))
        except NameTaken:
            raise _taken(str(body.name)) from None
        assert changed is not None, "segments are put away, never deleted"
        return answer(segment_of(changed, await self._names(every)))

    @operation(places=("id",), query=PAGING, answers={200: page_of("contacts", ContactAnswer)})
    async def members(self, request: Request) -> Response:
        """Who is in it now, the newest first."""
        params = Params(request, PAGING)
        limit, place = params.limit(), params.cursor("contacts", ContactPlace)
        segment, every = await self._named(id_of(request, "segment"))
        query = ContactQuery(meets=Meets(segment.definition.where, moment_of(self._services, every)))
        found = await self._contacts.find(query, limit=limit + 1, before=place.id if place else None)
        more = encode_cursor("contacts", ContactPlace(found[limit - 1].id)) if len(found) > limit else None
        return listing("contacts", [answer_of(one) for one in found[:limit]], more)

    @operation(places=("id",), query=("contact",), answers={200: ReasonAnswer})
    async def explained(self, request: Request) -> Response:
        """Why a contact is in it, or not: each condition, what made it so, and when that changes by itself."""
        params = Params(request, ("contact",))
        segment, every = await self._named(id_of(request, "segment"))
        asked = params.ids("contact")
        if len(asked) != 1:
            refuse("contact", "the id of one contact")
        resolved = await resolve(self._contacts, str(asked[0]))
        (contact,) = await self._people([resolved.survivor])
        moment, condition = moment_of(self._services, every), segment.definition.where
        person = Person(seen(contact), await self._history(resolved.all, condition, moment))
        reason = await asyncio.to_thread(explain, condition, person, moment)
        return answer(reason_of(reason, await self._names(every)))

    async def _named(self, id: int) -> tuple[Segment, list[Segment]]:
        """The segment of that id, and all. Raises Problem 404."""
        every = await asyncio.to_thread(self._segments.all)
        found = next((one for one in every if one.id == id), None)
        if found is None:
            raise unknown("segment", str(id))
        return found, every

    async def _people(self, ids: Sequence[int]) -> list[StoredContact]:
        """The contacts of these ids, the newest first."""
        return await self._contacts.find(ContactQuery(ids=tuple(ids)), limit=len(ids)) if ids else []

    async def _history(self, contacts: tuple[int, ...], condition: Condition, moment: Moment) -> list[Event]:
        """What happened to somebody, of the kinds that matter; the latest, where it is very much."""
        kinds = kinds_within(condition, moment)
        query = EventQuery(
            contacts=contacts,
            categories=tuple({category for category, _ in kinds}),
            keys=tuple({key for _, key in kinds}),
        )
        found = await self._services.store.events.find(query, limit=MOST_EVENTS) if kinds else []
        return sorted(map(event_of, found), key=lambda one: (one.at, one.id))

    async def _unseen(self, condition: Condition, moment: Moment) -> tuple[str, ...]:
        """The events that are asked about and never came, as category/key."""
        found = []
        for category, key in sorted(kinds_within(condition, moment)):
            query = EventQuery(categories=(category,), keys=(key,))
            if not await self._services.store.events.find(query, limit=1):
                found.append(f"{category}/{key}")
        return tuple(found)

    async def _names(self, every: Sequence[Segment]) -> Names:
        """What sentences call segments and sites."""
        sites = await asyncio.to_thread(self._services.keys.sites.all)
        return Names(
            segments={one.id: one.name for one in every},
            sites={site.id: site.name for site in sites},
            zone=self._services.settings.zone,
        )


def moment_of(services: Services, every: Sequence[Segment]) -> Moment:
    """Now, with all segments that others may ask for."""
    return Moment(services.clock(), services.settings.zone, {one.id: one.definition.where for one in every})


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


def seen(contact: StoredContact) -> Contact:
    """A contact as segments see it."""
    identifiers: Mapping[str, tuple[str, ...]] = contact.identifiers
    attributes: Mapping[str, Any] = contact.attributes
    return Contact(contact.id, contact.anonymous, attributes, identifiers, contact.lists, contact.consent)


def event_of(stored: StoredEvent) -> Event:
    """An event as segments see it."""
    return Event(
        stored.at, stored.id, stored.category, stored.key, stored.properties, stored.page, stored.visitor, stored.site,
        stored.agent,
    )  # fmt: skip


def _taken(name: str) -> Problem:
    return Problem(409, f"There is a segment of the name {name}.", title="Name taken")
