"""What stands in the fields of the part that is open, and what may be chosen in them?

Reads messages, segments, lists, attributes and events; writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from collector.services import Services
from collector.ui.automations.editing import fields, tree
from collector.ui.automations.editing.kinds import CONDITIONS, SHIFTS, UNITS, WEEKDAYS, Kind, kind_of
from collector.ui.automations.known import House
from collector.ui.page import Language
from collector.ui.segments.fields import TESTS
from collector.ui.segments.offers import Offers
from sessionizer.automations.book import kind_of as kind_heard
from sessionizer.automations.definition import Trigger
from sessionizer.event import Kind as EventKind

SPARE = 1
"""Empty rows of a control with rows."""
INNER = ("yes", "no", "otherwise", "then", "cases", "parts")
"""What of a part has fields of its own."""


class Showing:
    """Of one part at a time."""

    def __init__(self, services: Services) -> None:
        self._offers = Offers(services)

    async def open_part(self, draft: tree.Tree, path: str, house: House, language: Language) -> Mapping[str, Any]:
        """For the template. Nothing is open where the path leads nowhere."""
        part, kind = _part_at(draft, path)
        if kind is None:
            return {"open": "", "part": {}, "kind": None, "offered": {}, **OF_FIELDS}
        own = {name: value for name, value in part.items() if name not in INNER}
        said = {"open": path, "part": own, "kind": kind, "json": fields.shown_json(own)}
        steps = [(str(step.get("id", "")), n) for n, (_, step) in enumerate(tree.walk(draft), 1)]
        offered = {**await self._of_events(draft, part, language), **await self._of_house(house)}
        return {**said, "steps": steps, "offered": offered, **OF_FIELDS}

    async def _of_events(self, draft: tree.Tree, part: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
        """Events, and what they carry: the part's own, else those by which somebody comes in (`entered`)."""
        events = await self._offers.events(language, "trigger")
        entered = await self._properties(_kinds_of(draft))
        own = _own_kind(part)
        return {
            "events": events,
            "known": {f"{category}/{key}" for _, all_ in events for category, key, *_ in all_},
            "properties": await self._properties([own]) if own else entered,
            "entered": entered,
        }

    async def _properties(self, kinds: Iterable[EventKind]) -> Sequence[str]:
        """Paths, each once."""
        found = [one["path"] for kind in dict.fromkeys(kinds) for one in await self._offers.properties(kind)]
        return list(dict.fromkeys(found))

    async def _of_house(self, house: House) -> Mapping[str, Any]:
        return {
            "attributes": [one["path"] for one in await self._offers.attributes()],
            "lists": house.lists,
            "mails": house.mails,
            "groups": house.groups,
        }


def _part_at(draft: tree.Tree, path: str) -> tuple[Mapping[str, Any], Kind | None]:
    if not path:
        return {}, None
    try:
        part = tree.get(draft, path)
    except tree.Astray:
        return {}, None
    return (part, kind_of(path, part)) if isinstance(part, dict) else ({}, None)


def _own_kind(part: Mapping[str, Any]) -> EventKind | None:
    """Of the event that it is about itself."""
    inner = part.get("event")
    about = inner if isinstance(inner, dict) else part
    kind = (str(about.get("category", "")), str(about.get("key", "")))
    return kind if all(kind) else None


def _kinds_of(draft: tree.Tree) -> Iterator[EventKind]:
    """Of the events by which somebody comes in; a trigger that is not finished has none."""
    for one in draft["triggers"]:
        try:
            kind = kind_heard(msgspec.convert(one, Trigger))
        except msgspec.ValidationError:
            continue
        if kind is not None:
            yield kind


def rows(value: Any) -> list[Mapping[str, Any]]:
    """Those that are there, and one to fill in."""
    found: list[Mapping[str, Any]] = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return [*found, *([{}] * SPARE)] if len(found) < fields.ROWS else found


OF_FIELDS: Mapping[str, Any] = {
    "rows": rows,
    "typed": fields.typed,
    "test_typed": fields.test_typed,
    "condition_kind": fields.condition_kind,
    "shown_json": fields.shown_json,
    "tests": TESTS,
    "units": UNITS,
    "weekdays": WEEKDAYS,
    "conditions": CONDITIONS,
    "shifts": SHIFTS,
}
"""What templates of fields work with."""
