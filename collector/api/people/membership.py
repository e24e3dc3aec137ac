"""Who belongs to a group now, and why? What the API and the console ask of the store, and of `sessionizer/segments`."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from collector.api.frame.problem import unknown
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, Meets, Resolved, StoredContact
from collector.store.ports.definitions.segments import Segment
from collector.store.ports.events import EventQuery, StoredEvent
from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.segments.condition import Condition
from sessionizer.segments.evaluate import holds, kinds_within
from sessionizer.segments.explain import Reason, explain
from sessionizer.segments.history import Moment, Person
from sessionizer.segments.wording.voice import Names

SHOWN = 20
MOST_EVENTS = 2_000


class Belonging(msgspec.Struct, frozen=True):
    """Who is in a group now. people: the newest twenty. unseen: events that never came yet."""

    count: int
    people: list[StoredContact]
    milliseconds: int
    unseen: tuple[Kind, ...]


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

    async def count(self, condition: Condition, every: Sequence[Segment]) -> int:
        """How many. Raises QueryTooSlow, StoreFailed."""
        meets = Meets(condition, moment_of(self._services, every))
        return (await self._store.members.sample(meets, size=0)).total

    async def page(
        self, condition: Condition, every: Sequence[Segment], *, limit: int, before: int | None = None
    ) -> tuple[list[StoredContact], int | None]:
        """(people of one page, the newest first; the id behind which the next begins). Raises QueryTooSlow."""
        query = ContactQuery(meets=Meets(condition, moment_of(self._services, every)))
        found = await self._store.contacts.find(query, limit=limit + 1, before=before)
        return found[:limit], found[limit - 1].id if len(found) > limit else None

    async def preview(self, condition: Condition, every: Sequence[Segment]) -> Belonging:
        """Who would be in it. Raises QueryTooSlow, StoreFailed."""
        began, moment = time.perf_counter(), moment_of(self._services, every)
        count, ids = await self._store.members.sample(Meets(condition, moment), size=SHOWN)
        took = round((time.perf_counter() - began) * 1000)
        return Belonging(count, await self.people(ids), took, await self._unseen(condition, moment))

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
