"""What stands in the fields of the part that is open, and what may be chosen in them?

Reads messages, segments, lists, attributes and events; writes nothing.
"""

from collections.abc import Mapping
from typing import Any

from collector.services import Services
from collector.ui.automations.editing import fields, tree
from collector.ui.automations.editing.kinds import CONDITIONS, SHIFTS, UNITS, WEEKDAYS, Kind, kind_of
from collector.ui.automations.known import House
from collector.ui.page import Language
from collector.ui.segments.fields import TESTS
from collector.ui.segments.offers import Offers

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
            return {"open": "", "part": {}, "kind": None, **await self.offers(None, house, language), **OF_FIELDS}
        own = {name: value for name, value in part.items() if name not in INNER}
        said = {"open": path, "part": own, "kind": kind, "json": fields.shown_json(own)}
        steps = [(str(step.get("id", "")), n) for n, (_, step) in enumerate(tree.walk(draft), 1)]
        return {**said, "steps": steps, **await self.offers(part, house, language), **OF_FIELDS}

    async def offers(self, part: Mapping[str, Any] | None, house: House, language: Language) -> Mapping[str, Any]:
        """What may be chosen. part: None when nothing is open, so that nothing is looked for."""
        if part is None:
            return {"offered": {}}
        events = await self._offers.events(language, "trigger")
        known = {f"{category}/{key}" for _, all_ in events for category, key, *_ in all_}
        inner = part.get("event")
        of_event = inner if isinstance(inner, dict) else part
        kind = (str(of_event.get("category", "")), str(of_event.get("key", "")))
        properties = await self._offers.properties(kind) if all(kind) else []
        return {
            "offered": {
                "events": events,
                "known": known,
                "properties": [one["path"] for one in properties],
                "attributes": [one["path"] for one in await self._offers.attributes()],
                "lists": house.lists,
                "mails": house.mails,
                "groups": house.groups,
            }
        }


def _part_at(draft: tree.Tree, path: str) -> tuple[Mapping[str, Any], Kind | None]:
    if not path:
        return {}, None
    try:
        part = tree.get(draft, path)
    except tree.Astray:
        return {}, None
    return (part, kind_of(path, part)) if isinstance(part, dict) else ({}, None)


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
