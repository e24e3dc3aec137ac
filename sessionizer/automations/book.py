"""Which automations are there, and which of them hears what? All of them, taken apart once.

Reads nothing, writes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import cached_property
from typing import Any, NamedTuple

from sessionizer.automations.definition import (
    Definition,
    Exit,
    HouseRules,
    OnAttribute,
    OnEvent,
    OnForm,
    OnList,
    OnSegment,
    Trigger,
    WaitFor,
    Zone,
    conditions_of,
    walk_steps,
)
from sessionizer.automations.graph import Graph, graph_of
from sessionizer.automations.reach import Mail
from sessionizer.automations.run import Occurrence, Run
from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.comparison import equal, today_at
from sessionizer.segments.condition import Condition, EventFilter
from sessionizer.segments.evaluate import kinds_within
from sessionizer.segments.going import ENTERED, LEFT, SEGMENT
from sessionizer.segments.history import Moment, matches

LISTED: Kind = ("contact", "list_added")
FORM: Kind = ("forms", "form_submitted")
FORM_NAMES = ("form_id", "form_name")
TIMEZONE = "TIMEZONE"
OBJECT = "object.id"
NONE: Mapping[int, Condition] = {}


class Live:
    """An automation in one version. active_at: since when it is active, None: nobody comes in. still: who is in stands
    still."""

    def __init__(
        self, id: int, version: int, definition: Definition, *, active_at: int | None, still: bool = False
    ) -> None:
        self.id, self.version, self.definition = id, version, definition
        self.active_at, self.still = active_at, still

    @cached_property
    def graph(self) -> Graph:
        """Its steps."""
        return graph_of(self.definition)

    @cached_property
    def _ends(self) -> frozenset[Kind | None]:
        return frozenset(kind_of(one) for one in self.definition.exits)

    @cached_property
    def _waits(self) -> Mapping[str, WaitFor]:
        return {id: node.step for id, node in self.graph.nodes.items() if isinstance(node.step, WaitFor)}

    def heeds(self, kind: Kind, step: str) -> bool:
        """Whether such an event may matter to whoever stands at that step: as an end, or as what is waited for."""
        if kind in self._ends:
            return True
        wait = self._waits.get(step)
        return wait is not None and (wait.condition is not None or (wait.event is not None and wait.event.kind == kind))


Door = tuple[Live, Trigger]
"""Where one comes into an automation."""


class House(NamedTuple):
    """What holds for all. zone: the deployment's. zone_of: by its name, None where there is no such. messages: by id;
    those that may be sent."""

    zone: tzinfo = UTC
    rules: HouseRules = HouseRules()
    messages: Mapping[int, Mail] = {}
    zone_of: Callable[[str], tzinfo | None] = lambda name: None

    def zone_for(self, whose: Zone, contact: Contact) -> tzinfo:
        """Whose clock is meant."""
        name = contact.attributes.get(TIMEZONE) if whose == "contact" else None
        return (self.zone_of(name) if isinstance(name, str) else None) or self.zone


class Book:
    """Made anew when an automation changes. Runs may be on an older version: `version_of` has those."""

    def __init__(self, automations: Iterable[Live], house: House, older: Callable[[int, int], Live | None]) -> None:
        """older: (automation, version) → it, None when there is none."""
        self.automations = {one.id: one for one in automations}
        self.house = house
        self._older = older
        self._by_kind = self._hearing()
        self._narrowed = {
            place for place, doors in self._by_kind.items() if any(_asks_more(trigger) for _, trigger in doors)
        }
        self.attributes = frozenset(
            trigger.name
            for one in self.automations.values()
            if one.active_at is not None
            for trigger in one.definition.triggers
            if isinstance(trigger, OnAttribute)
        )

    def version_of(self, automation: int, version: int) -> Live | None:
        """An automation as it was; it is active or stands still as it does now. None: there is none any more."""
        now = self.automations.get(automation)
        if now is None or now.version == version:
            return now
        older = self._older(automation, version)
        if older is not None:
            older.active_at, older.still = now.active_at, now.still
        return older

    def moves(self, run: Run, events: Iterable[Event], now: int) -> bool:
        """Whether one of these events, or the time that goes by until now (ms UTC), may move a run."""
        if run.wake_at is not None and run.wake_at <= now:
            return True
        live = self.version_of(run.automation, run.version)
        return live is not None and any(live.heeds(event.kind, run.step) for event in events)

    def _hearing(self) -> Mapping[tuple[Kind, int], Sequence[Door]]:
        """By kind, and by segment where it is of one: of fifty an automation asks for one."""
        found: defaultdict[tuple[Kind, int], list[Door]] = defaultdict(list)
        for one in self.automations.values():
            if one.active_at is not None:
                for trigger in one.definition.triggers:
                    if (kind := kind_of(trigger)) is not None:
                        found[kind, trigger.id if isinstance(trigger, OnSegment) else 0].append((one, trigger))
        return dict(found)

    def met_by(self, event: Event) -> Sequence[Door]:
        """The triggers that an event meets; `who` is asked elsewhere."""
        segment = event.properties.get("segment_id", 0) if event.category == SEGMENT else 0
        place = ((event.category, event.key), segment)
        hearing = self._by_kind.get(place, ())
        if place not in self._narrowed:
            return hearing
        return [one for one in hearing if is_met(one[1], event, self.house.zone)]


def kind_of(trigger: Trigger) -> Kind | None:
    """To which events it listens; None: to something else."""
    if isinstance(trigger, EventFilter):
        return trigger.kind
    if isinstance(trigger, OnSegment):
        return ENTERED if trigger.change == "entered" else LEFT
    if isinstance(trigger, OnList):
        return LISTED
    return FORM if isinstance(trigger, OnForm) else None


def _asks_more(trigger: Trigger) -> bool:
    """Whether the kind of an event, and its segment, are not enough to meet it."""
    if isinstance(trigger, EventFilter):
        return bool(trigger.where or trigger.page or trigger.utm or trigger.sites or trigger.devices)
    return not isinstance(trigger, OnSegment)


def kinds_of(definition: Definition, segments: Mapping[int, Condition] = NONE) -> tuple[set[Kind], set[Kind]]:
    """The kinds of events by which one comes in; and of all that matter on the way, those among them. segments: that
    conditions may ask for, by id."""
    triggers = {kind for one in definition.triggers if (kind := kind_of(one)) is not None}
    waits = (step.event for _, step in walk_steps(definition.steps) if isinstance(step, WaitFor) and step.event)
    heard = {kind for one in (*definition.triggers, *definition.exits, *waits) if (kind := kind_of(one)) is not None}
    known = Moment(0, UTC, segments)
    return triggers, heard.union(*(kinds_within(one, known) for one in conditions_of(definition)))


def is_met(wanted: Trigger | Exit, event: Event, zone: tzinfo) -> bool:
    """Whether it is such an event; `who` and `same` are asked elsewhere. zone: of the day on which it happens."""
    if isinstance(wanted, EventFilter):
        return matches(wanted, event, today_at(event.at, zone))
    if event.kind != kind_of(wanted):
        return False
    if isinstance(wanted, OnSegment):
        return event.properties.get("segment_id") == wanted.id
    if isinstance(wanted, OnList):
        return event.properties.get("list") == wanted.name
    assert isinstance(wanted, OnForm), wanted
    return not wanted.form or any(equal(event.properties.get(name), wanted.form) for name in FORM_NAMES)


def same_as(wanted: OnEvent, event: Event, trigger: Occurrence) -> bool:
    """Whether it is about the same thing as the event by which somebody came in."""
    return all(
        _meet(values_of(event.properties, one.property, event), values_of(trigger.properties, one.as_, trigger))
        for one in wanted.same
    )


def _meet(these: list[Any], those: list[Any]) -> bool:
    return any(equal(this, that) for this in these for that in those if this is not None)


def values_of(properties: Mapping[str, Any], path: str, event: Event | Occurrence) -> list[Any]:
    """What stands at a path; `object.id` is what the event is about."""
    found = values_at(properties, names_of(path))
    if not found and path == OBJECT:
        about = event.object if isinstance(event, Occurrence) else event.object.id if event.object else ""
        return [about] if about else []
    return found


def key_in(path: str | None, event: Event) -> str:
    """Which of a contact's things the event is about; "" where an automation does not ask. One that does not say is a
    thing of its own."""
    if path is None:
        return ""
    return next((str(value)[:200] for value in values_of(event.properties, path, event) if value is not None), event.id)
