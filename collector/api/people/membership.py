"""Who belongs to a group now, and why? What the API and the console ask of the store, and of `sessionizer/segments`.

Who is in a segment is what the worker keeps, when it has asked everybody (`kept.py`); until then it is asked each time.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from collector.api.frame.problem import unknown
from collector.api.people.kept import Followed, followed
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, Meets, Resolved, StoredContact
from collector.store.ports.definitions.segments import Segment
from collector.store.ports.events import EventQuery, StoredEvent
from collector.store.ports.segments import Passage, Place
from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.segments.condition import AllOf, Condition, NotSo
from sessionizer.segments.evaluate import holds, kinds_within
from sessionizer.segments.explain import Reason, explain
from sessionizer.segments.history import Moment, Person
from sessionizer.segments.wording.voice import Names

SHOWN = 20
MOST_EVENTS = 2_000


class Difference(msgspec.Struct, frozen=True):
    """How many would enter a segment, and how many would leave it, if it asked something else."""

    enter: int
    leave: int


class Belonging(msgspec.Struct, frozen=True):
    """Who is in a group now. people: the newest twenty. unseen: events that never came yet. difference: to another."""

    count: int
    people: list[StoredContact]
    milliseconds: int
    unseen: tuple[Kind, ...]
    difference: Difference | None = None


class Member(NamedTuple):
    """Somebody who is in a segment. since: ms UTC, None where it is not kept."""

    contact: StoredContact
    since: int | None


class Membership:
    """Segments, and who is in them at this moment."""

    def __init__(self, services: Services) -> None:
        self._services, self._segments, self._store = services, services.segments, services.store

    async def every(self) -> list[Segment]:
        """Every segment, by id, archived ones too."""
        return await asyncio.to_thread(self._segments.all)

    async def named(self, id: int) -> tuple[Segment, list[Segment]]:
        """The segment of that id, and all. Raises Problem 404."""
        every = await self.every()
        found = next((one for one in every if one.id == id), None)
        if found is None:
            raise unknown("segment", str(id))
        return found, every

    async def names(self, every: Sequence[Segment]) -> Names:
        """What sentences call segments and sites."""
        sites = await asyncio.to_thread(self._services.keys.sites.all)
        return Names(
            segments={one.id: one.name for one in every},
            sites={site.id: site.name for site in sites},
            zone=self._services.settings.zone,
        )

    async def followed(self, segments: Sequence[Segment], every: Sequence[Segment]) -> Mapping[int, Followed]:
        """How far the worker is with these, by id."""
        return await followed(self._store.members, segments, every)

    async def is_kept(self, segment: Segment, every: Sequence[Segment]) -> bool:
        """Whether the worker keeps who is in it."""
        return (await self.followed([segment], every))[segment.id].done

    async def sizes(self, segments: Sequence[Segment], every: Sequence[Segment]) -> Mapping[int, int]:
        """How many are in each of these, by id; those that are not kept are not there."""
        known = await self.followed(segments, every)
        return await self._store.members.count([one.id for one in segments if known[one.id].done])

    async def count(self, segment: Segment, every: Sequence[Segment]) -> int:
        """How many are in it. Raises QueryTooSlow, StoreFailed."""
        kept = await self.sizes([segment], every)
        if segment.id in kept:
            return kept[segment.id]
        meets = Meets(segment.definition.where, moment_of(self._services, every))
        return (await self._store.members.sample(meets, size=0)).total

    async def page(
        self, segment: Segment, every: Sequence[Segment], *, limit: int, before: int | None = None
    ) -> tuple[list[Member], int | None]:
        """(who is in it, one page, the newest first; the id behind which the next begins). Raises QueryTooSlow."""
        if await self.is_kept(segment, every):
            return await self._kept(segment, limit=limit, before=before)
        query = ContactQuery(meets=Meets(segment.definition.where, moment_of(self._services, every)))
        found = await self._store.contacts.find(query, limit=limit + 1, before=before)
        return [Member(one, None) for one in found[:limit]], found[limit - 1].id if len(found) > limit else None

    async def _kept(
        self, segment: Segment, *, limit: int, before: int | None = None
    ) -> tuple[list[Member], int | None]:
        stays = await self._store.members.page(segment.id, limit=limit + 1, before=before)
        since = {stay.contact: stay.since for stay in stays[:limit]}
        found = [Member(one, since[one.id]) for one in await self.people(list(since))]
        return found, stays[limit - 1].contact if len(stays) > limit else None

    async def since(self, contact: int) -> Mapping[int, int]:
        """In which segments a survivor is kept, and since when (ms UTC)."""
        return {stay.segment: stay.since for stay in await self._store.members.of_contact(contact)}

    async def history(
        self, segment: Segment, *, limit: int, before: Place | None = None, contacts: Sequence[int] = ()
    ) -> tuple[list[Passage], Place | None]:
        """(who came and went, one page, the newest first; the place behind which the next begins)."""
        find = self._store.members.history
        found = await find(segment.id, limit=limit + 1, before=before, contacts=contacts)
        return found[:limit], found[limit - 1].place if len(found) > limit else None

    async def preview(
        self, condition: Condition, every: Sequence[Segment], *, beside: Segment | None = None
    ) -> Belonging:
        """Who would be in it; beside: and how it differs from that segment. Raises QueryTooSlow, StoreFailed."""
        began, moment = time.perf_counter(), moment_of(self._services, every)
        kept = await self.sizes([beside], every) if beside else {}
        meets, held = Meets(condition, moment), beside.id if beside and beside.id in kept else 0
        count, ids, both = await self._store.members.sample(meets, size=SHOWN, beside=held)
        difference = Difference(count - both, kept[held] - both) if held else None
        if beside and not held:
            difference = await self._difference(condition, beside.definition.where, moment)
        took = round((time.perf_counter() - began) * 1000)
        return Belonging(count, await self.people(ids), took, await self._unseen(condition, moment), difference)

    async def _difference(self, new: Condition, old: Condition, moment: Moment) -> Difference:
        """Of what is asked each time: by the questions alone."""
        came, gone = AllOf((new, NotSo(old))), AllOf((old, NotSo(new)))
        enter, leave = [await self._store.members.sample(Meets(one, moment), size=0) for one in (came, gone)]
        return Difference(enter.total, leave.total)

    async def has(self, condition: Condition, who: Resolved, every: Sequence[Segment]) -> bool:
        """Whether somebody meets it."""
        moment = moment_of(self._services, every)
        return holds(condition, await self._person(condition, who, moment), moment)

    async def why(self, condition: Condition, who: Resolved, every: Sequence[Segment]) -> Reason:
        """Each condition's answer about somebody, and what made it so."""
        moment = moment_of(self._services, every)
        return await asyncio.to_thread(explain, condition, await self._person(condition, who, moment), moment)

    async def _person(self, condition: Condition, who: Resolved, moment: Moment) -> Person:
        """Somebody, with as much of their history as the condition is about."""
        (contact,) = await self.people([who.survivor])
        return Person(seen(contact), await self._history(who.all, condition, moment))

    async def people(self, ids: Sequence[int]) -> list[StoredContact]:
        """The contacts of these ids, the newest first."""
        return await self._store.contacts.find(ContactQuery(ids=tuple(ids)), limit=len(ids)) if ids else []

    async def _history(self, contacts: tuple[int, ...], condition: Condition, moment: Moment) -> list[Event]:
        """What happened to somebody, of the kinds that matter; the latest, where it is very much."""
        kinds = kinds_within(condition, moment)
        query = EventQuery(
            contacts=contacts,
            categories=tuple({category for category, _ in kinds}),
            keys=tuple({key for _, key in kinds}),
        )
        found = await self._store.events.find(query, limit=MOST_EVENTS) if kinds else []
        return sorted(map(event_of, found), key=lambda one: (one.at, one.id))

    async def _unseen(self, condition: Condition, moment: Moment) -> tuple[Kind, ...]:
        """The events that are asked about and never came."""
        found = []
        for category, key in sorted(kinds_within(condition, moment)):
            query = EventQuery(categories=(category,), keys=(key,))
            if not await self._store.events.find(query, limit=1):
                found.append((category, key))
        return tuple(found)


def moment_of(services: Services, every: Sequence[Segment]) -> Moment:
    """Now, with all segments that others may ask for."""
    return Moment(services.clock(), services.settings.zone, {one.id: one.definition.where for one in every})


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
