"""What may be chosen while a segment is built? Events, their properties with values that came, attributes, names.

Reads the store, what was learned and what is defined; writes nothing. Values are masked as samples are.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from collector.privacy.mask import MASKS
from collector.privacy.redact import REDACTED
from collector.services import Services
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.events import EventQuery
from collector.ui.catalogue.carried import dotted
from collector.ui.catalogue.example import shown
from collector.ui.catalogue.listing import Entry, entries
from collector.ui.page import Language, translator
from collector.ui.segments.fields import form
from collector.ui.times import DAY_MS
from sessionizer.catalogue import CATEGORIES, CUSTOM, lookup
from sessionizer.event import Kind
from sessionizer.properties.learned import Seen, Shape, join, observe, path_of

LATEST_EVENTS = 50
LATEST_CONTACTS = 200
SCALAR = {"string", "number", "integer", "boolean"}


class Offers:
    """What there is to choose."""

    def __init__(self, services: Services) -> None:
        self._services, self._store = services, services.store

    async def all(self, language: Language) -> Mapping[str, Any]:
        """The form and everything but the properties of events."""
        sites = await asyncio.to_thread(self._services.keys.sites.all)
        lists = await asyncio.to_thread(self._services.lists.names)
        segments = await asyncio.to_thread(self._services.segments.all)
        return {
            **form(translator(language)),
            "events": await self.events(language),
            "attributes": await self.attributes(),
            "sites": [(site.id, site.name) for site in sites],
            "lists": sorted(lists.values()),
            "segments": [(one.id, one.name) for one in segments if one.archived_at is None],
        }

    async def properties(self, kind: Kind) -> list[Mapping[str, Any]]:
        """Those that events of that kind were seen to carry, and those that the catalogue knows of."""
        query = EventQuery(categories=(kind[0],), keys=(kind[1],))
        came = await self._store.events.find(query, limit=LATEST_EVENTS)
        shape = await self._store.learned.of(*kind) if kind[0] == CUSTOM else None
        row = lookup(*kind)
        told = [(0, shown(row))] if row else []
        seen: list[Seen] = [(event.at, event.properties) for event in came if event.properties] + told
        found = observe(seen, MASKS) if seen else None
        both = join(shape, found) if shape and found else shape or found
        enums = {name: schema["enum"] for name, schema in row.properties.items() if "enum" in schema} if row else {}
        return _offered(both, enums) if both else []

    async def events(
        self, language: Language, use: str = "segment"
    ) -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
        """(category for people, [(category, key, label, whether one came)]). use: for what, as the catalogue says."""
        today = self._services.clock() // DAY_MS
        found = entries(await self._store.totals.kinds(since_day=today), language, today)
        wanted = [entry for entry in found if use in entry.row.usable_in]
        by_category = groupby(wanted, lambda entry: entry.row.category)
        return [(_label(slug, language), list(map(_event, events))) for slug, events in by_category]

    async def attributes(self) -> list[Mapping[str, Any]]:
        """Those that are defined or were seen, by name."""
        people = await self._store.contacts.find(ContactQuery(), limit=LATEST_CONTACTS)
        defined = await asyncio.to_thread(self._services.attributes.all)
        found = _offered(observe([(0, one.attributes) for one in people], MASKS)) if people else []
        known = {one["path"] for one in found}
        more = [{"path": one.name, "types": [one.type], "samples": []} for one in defined if one.name not in known]
        return sorted([*found, *more], key=lambda one: str(one["path"]))


def _label(slug: str, language: Language) -> str:
    category = CATEGORIES[slug]
    return category.label_it if language == "it" else category.label_en


def _event(entry: Entry) -> tuple[str, str, str, bool]:
    return entry.row.category, entry.row.key, entry.label, entry.total is not None


def _offered(shape: Shape, enums: Mapping[str, Iterable[str]] | None = None) -> list[Mapping[str, Any]]:
    """Properties that have values, with some of them. enums: by name, the only values that there are."""
    found: list[Mapping[str, Any]] = []
    for path, trait in sorted(shape.traits.items()):
        name = dotted(path_of(path))
        if SCALAR & trait.types.keys():
            samples = [*(enums or {}).get(name, ()), *map(_plain, trait.samples)]
            kept = [sample for sample in dict.fromkeys(samples) if REDACTED not in sample]
            found.append({"path": name, "types": sorted(SCALAR & trait.types.keys()), "samples": kept})
    return found


def _plain(sample: str) -> str:
    """JSON text → as a person types it."""
    value = json.loads(sample)
    return value if isinstance(value, str) else sample
