"""For whom, and about which event of theirs, is a message shown? Those who may be chosen, and who is at first.

Reads contacts and events; writes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from collector.api.frame.params import MAX_ID, is_digits
from collector.instant import instant
from collector.printing.reading import About
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, StoredContact
from collector.store.ports.events import EventQuery, StoredEvent
from collector.ui.catalogue.example import shown
from collector.ui.contacts.meant import meant
from sessionizer.catalogue import lookup
from sessionizer.event import Kind
from sessionizer.messages.message import Channel

PEOPLE = 10
EVENTS = 20
LATEST = 50
EXAMPLE = "example"
"""In the place of an event: what the catalogue shows of one."""


class Sample(NamedTuple):
    """people, events: who and what may be chosen, the latest first. contact: 0 for nobody. event: an id, EXAMPLE, or
    "" where the message is for none. params: of the example."""

    people: Sequence[StoredContact]
    events: Sequence[StoredEvent]
    contact: int = 0
    event: str = ""
    params: Mapping[str, Any] = {}

    def about(self, channel: Channel) -> About:
        """As the mailroom takes it."""
        return About(channel, self.contact, params=self.params, event="" if self.params else self.event)


async def sample_of(kind: Kind | None, given: Mapping[str, str], services: Services) -> Sample:
    """given: `contact` and `about` (an event) as they were chosen, `who` as somebody typed it."""
    people = await _people(kind, given, services)
    chosen = given.get("contact", "")
    ids = [one.id for one in people]
    contact = int(chosen) if is_digits(chosen) and int(chosen) in ids else next(iter(ids), 0)
    events = await _events(kind, contact, services) if kind else []
    event = given.get("about", "")
    if kind is None:
        return Sample(people, (), contact)
    if event not in (EXAMPLE, *(one.id for one in events)):
        event = events[0].id if events else EXAMPLE
    params = example_of(kind, services.clock()) if event == EXAMPLE else {}
    return Sample(people, events, contact, event, params)


def example_of(kind: Kind, now: int) -> Mapping[str, Any]:
    """What the catalogue shows of such an event, with what every event has. now: ms UTC."""
    row = lookup(*kind)
    page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
    added = {"occurred_at": instant(now), "page": page, "object": {"type": "order", "id": "S-1042"}}
    return {**added, **(shown(row) if row else {})}


async def _people(kind: Kind | None, given: Mapping[str, str], services: Services) -> Sequence[StoredContact]:
    """Those who are meant, else those to whom it happened last, else those who were there last."""
    who, contacts = given.get("who", "").strip(), services.store.contacts
    if who:
        return await meant(contacts, who)
    chosen = given.get("contact", "")
    first = [int(chosen)] if is_digits(chosen) and 0 < int(chosen) < MAX_ID else []
    query = EventQuery(categories=(kind[0],), keys=(kind[1],)) if kind else None
    came = await services.store.events.find(query, limit=LATEST) if query else []
    ids = list(dict.fromkeys([*first, *(event.contact for event in came if event.contact)]))[:PEOPLE]
    found = {one.id: one for one in await contacts.find(ContactQuery(ids=tuple(ids)), limit=PEOPLE)} if ids else {}
    there = [found[id] for id in ids if id in found]
    known = there if len(there) >= PEOPLE else await contacts.find(ContactQuery(anonymous=False), limit=PEOPLE)
    return list({one.id: one for one in [*there, *known]}.values())[:PEOPLE]


async def _events(kind: Kind, contact: int, services: Services) -> Sequence[StoredEvent]:
    if not contact:
        return []
    query = EventQuery(categories=(kind[0],), keys=(kind[1],), contacts=(contact,))
    return await services.store.events.find(query, limit=EVENTS)
