"""What does an automation do? Who comes in, on which ways they go, when they leave; in JSON and back.

    {"version": 1,
     "triggers": [{"type": "event", "category": "ecommerce", "key": "cart_updated"}],
     "entry": {"again": "after_exit", "inside": "restart"},
     "exits": [{"type": "event", "category": "ecommerce", "key": "order_completed"}],
     "steps": [{"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}},
               {"type": "send", "id": "mail", "message": 7}]}

Steps go on with the one after them; a branch goes on with what stands after it as a whole. What is wrong with one says
`check.py`, how it is walked `walk.py`, how it reads `wording.py`. Reads nothing, writes nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union

import msgspec
from msgspec import Meta

from sessionizer.segments.comparison import Comparison
from sessionizer.segments.condition import Condition, EventFilter, InSegment, Path, PropertyTest, Text, leaves
from sessionizer.segments.window import Span

MAX_STEPS = 200
MAX_TRIGGERS = 10
MAX_EXITS = 10
MAX_CASES = 10

StepId = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$")]
Minutes = Annotated[int, Meta(ge=0, le=366 * 24 * 60)]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", extra_json_schema={"examples": ["09:00"]})]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Zone = Literal["deployment", "contact"]
"""Whose clock on the wall. A contact's: its attribute TIMEZONE (`Europe/Rome`), else the deployment's."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"):
    """A trigger or a step."""


class Shift(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """So long before a date, or after it."""

    span: Span
    before: bool = False


class Same(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value at this path of the event is one at that path of the event by which the contact came in."""

    property: Path
    as_: Path = msgspec.field(name="as")


# Triggers -------------------------------------------------------------------------------------------------------------


class OnEvent(EventFilter, Part, frozen=True, tag="event", kw_only=True):
    """Something happens. who: contacts of whom this is so at that moment. same: of an exit or a wait only."""

    who: Condition | None = None
    same: tuple[Same, ...] = ()


class OnSegment(Part, frozen=True, tag="segment", kw_only=True):
    """Somebody comes into a segment, or leaves it."""

    id: Annotated[int, Meta(ge=1, lt=2**53)]
    change: Literal["entered", "left"] = "entered"
    who: Condition | None = None


class OnAttribute(Part, frozen=True, tag="attribute", kw_only=True):
    """An attribute becomes another one. test: which its new value passes."""

    name: Text
    test: Comparison | None = None
    who: Condition | None = None


class OnDate(Part, frozen=True, tag="date", kw_only=True):
    """The date in an attribute comes: at that time of the day, so long before or after it, each year again or once."""

    attribute: Text
    shift: Shift | None = None
    time: TimeOfDay = "09:00"
    zone: Zone = "deployment"
    yearly: bool = False
    who: Condition | None = None


class OnEventDate(EventFilter, Part, frozen=True, tag="event_date", kw_only=True):
    """The instant in an event's property comes, or so long before or after it."""

    property: Path
    shift: Shift | None = None
    who: Condition | None = None


class OnList(Part, frozen=True, tag="list", kw_only=True):
    """Somebody is put on a list."""

    name: Text
    who: Condition | None = None


class OnForm(Part, frozen=True, tag="form", kw_only=True):
    """Somebody sends off a form. form: its id or name; "" for any."""

    form: Annotated[str, Meta(max_length=255)] = ""
    who: Condition | None = None


class ByHand(Part, frozen=True, tag="hand", kw_only=True):
    """A person of the team or a program says so, for a contact or for a segment."""

    who: Condition | None = None


Trigger = Union[OnEvent, OnSegment, OnAttribute, OnDate, OnEventDate, OnList, OnForm, ByHand]  # noqa: UP007
Exit = Union[OnEvent, OnSegment]  # noqa: UP007


# Entry ----------------------------------------------------------------------------------------------------------------


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most so often within so long."""

    n: Annotated[int, Meta(ge=1, le=10_000)]
    within: Span


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who may come in, and how often.

    again: once only, or when they are out. inside: what a trigger does to somebody who is in already: nothing, or the
    way begins anew with that event. pause: so long after the last entry at least. per: each value of that property of
    the trigger's event (an order, a meeting) is a way of its own, and so is an event without one; `object.id` is what
    the event is about. cap: of all their entries. max_age_minutes: an event that is heard of later sets nothing going.
    holdout: so many of a hundred contacts never come in, so that one can compare.
    """

    again: Literal["never", "after_exit"] = "never"
    inside: Literal["ignore", "restart"] = "ignore"
    pause: Span | None = None
    per: Path | None = None
    cap: Cap | None = None
    max_age_minutes: Annotated[int, Meta(ge=1, le=7 * 24 * 60)] = 60
    holdout: Annotated[int, Meta(ge=0, le=100)] = 0


# Steps ----------------------------------------------------------------------------------------------------------------


class Wait(Part, frozen=True, tag="wait", kw_only=True):
    """So long."""

    id: StepId
    span: Span


class WaitUntil(Part, frozen=True, tag="wait_until", kw_only=True):
    """Until the clock shows that time, on one of those days; at once if it is that very minute."""

    id: StepId
    time: TimeOfDay
    days: tuple[Weekday, ...] = WEEKDAYS
    zone: Zone = "deployment"


class WaitDate(Part, frozen=True, tag="wait_date", kw_only=True):
    """Until a date comes, or so long before or after it; at once when it is past, or when there is none.

    of: whose, the event's by which the contact came in, or the contact's. A date without a time is its midnight.
    """

    id: StepId
    of: Literal["event", "contact"]
    name: Path
    shift: Shift | None = None


class WaitFor(Part, frozen=True, tag="wait_for", kw_only=True):
    """Until something happens, or becomes true: then `yes`; after so long without it: `no`."""

    id: StepId
    within: Span
    event: OnEvent | None = None
    condition: Condition | None = None
    yes: tuple["Step", ...] = ()
    no: tuple["Step", ...] = ()


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A way for those of whom this is so. event: of the event by which they came in. when: of the contact."""

    name: Annotated[str, Meta(max_length=100)] = ""
    when: Condition | None = None
    event: tuple[PropertyTest, ...] = ()
    then: tuple["Step", ...] = ()


class Split(Part, frozen=True, tag="split", kw_only=True):
    """The first case that is so when somebody comes here; else `otherwise`."""

    id: StepId
    cases: Annotated[tuple[Case, ...], Meta(min_length=1, max_length=MAX_CASES)]
    otherwise: tuple["Step", ...] = ()


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """So many of a hundred."""

    share: Annotated[int, Meta(ge=1, le=100)]
    name: Annotated[str, Meta(max_length=100)] = ""
    then: tuple["Step", ...] = ()


class RandomSplit(Part, frozen=True, tag="random", kw_only=True):
    """By chance; the same run always goes the same way."""

    id: StepId
    parts: Annotated[tuple[Share, ...], Meta(min_length=2, max_length=MAX_CASES)]


class Send(Part, frozen=True, tag="send", kw_only=True):
    """A message, which reads the event by which the contact came in. quiet: whether it keeps the quiet hours."""

    id: StepId
    message: Annotated[int, Meta(ge=0, lt=2**53)]
    quiet: bool = True


class Webhook(Part, frozen=True, tag="webhook", kw_only=True):
    """A call of an address. body: a template of JSON; "" for contact and event as they are."""

    id: StepId
    url: Annotated[str, Meta(min_length=1, max_length=2_000)]
    body: Annotated[str, Meta(max_length=50_000)] = ""


class SetAttribute(Part, frozen=True, tag="attribute", kw_only=True):
    """Set an attribute, add to a number, or remove it. value: `{{event.path}}` alone takes what stands there."""

    id: StepId
    name: Text
    op: Literal["set", "add", "remove"] = "set"
    value: bool | int | float | str | None = None


class ChangeList(Part, frozen=True, tag="list", kw_only=True):
    """Put the contact on a list, or take them from it."""

    id: StepId
    name: Text
    op: Literal["add", "remove"] = "add"


class Emit(Part, frozen=True, tag="emit", kw_only=True):
    """A custom event of the contact. properties: texts that are `{{event.path}}` alone take what stands there."""

    id: StepId
    key: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,255}$")]
    properties: dict[str, Any] = {}


class GoTo(Part, frozen=True, tag="go_to", kw_only=True):
    """On with another step."""

    id: StepId
    step: StepId


class Leave(Part, frozen=True, tag="exit", kw_only=True):
    """Out."""

    id: StepId


Step = Union[  # noqa: UP007  # forward references
    Wait, WaitUntil, WaitDate, WaitFor, Split, RandomSplit, Send, Webhook, SetAttribute, ChangeList, Emit, GoTo, Leave
]


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An automation. version: of this language."""

    triggers: tuple[Trigger, ...] = ()
    steps: tuple[Step, ...] = ()
    entry: Entry = Entry()
    exits: tuple[Exit, ...] = ()
    version: Literal[1] = 1


class HouseRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What holds for all automations together.

    quiet_from, quiet_to: between them nothing is sent: it waits for their end; "" for none. zone: whose clock.
    caps: at most so many marketing messages a contact within so long; what is too much is not sent.
    """

    quiet_from: TimeOfDay | Literal[""] = ""
    quiet_to: TimeOfDay | Literal[""] = ""
    zone: Zone = "contact"
    caps: Annotated[tuple[Cap, ...], Meta(max_length=5)] = ()


def parse(value: Any) -> Definition:
    """Plain JSON → Definition. Raises msgspec.ValidationError, which names the path."""
    return msgspec.convert(value, Definition)


def plain(definition: Definition) -> Any:
    """Definition → plain JSON, as short as it can be said."""
    return msgspec.to_builtins(definition)


def branches(step: Step) -> tuple[tuple[str, tuple[Step, ...]], ...]:
    """The ways that part at a step: (path of the field, the steps)."""
    if isinstance(step, WaitFor):
        return ("yes", step.yes), ("no", step.no)
    if isinstance(step, Split):
        cases = tuple((f"cases[{place}].then", case.then) for place, case in enumerate(step.cases))
        return (*cases, ("otherwise", step.otherwise))
    if isinstance(step, RandomSplit):
        return tuple((f"parts[{place}].then", part.then) for place, part in enumerate(step.parts))
    return ()


def walk_steps(steps: tuple[Step, ...], path: str = "steps") -> Iterator[tuple[str, Step]]:
    """Every step with its path, from the top, branches inside."""
    for place, step in enumerate(steps):
        here = f"{path}[{place}]"
        yield here, step
        for field, inside in branches(step):
            yield from walk_steps(inside, f"{here}.{field}")


def conditions_of(definition: Definition) -> Iterator[Condition]:
    """Everything that is asked of contacts, at its doors and at its steps."""
    asked = [one.who for one in (*definition.triggers, *definition.exits)]
    for _, step in walk_steps(definition.steps):
        if isinstance(step, WaitFor):
            asked += [step.condition, step.event.who if step.event else None]
        elif isinstance(step, Split):
            asked += [case.when for case in step.cases]
    yield from (one for one in asked if one is not None)


def segments_of(definition: Definition) -> frozenset[int]:
    """The segments without which it would not be what it is."""
    doors = {one.id for one in (*definition.triggers, *definition.exits) if isinstance(one, OnSegment)}
    asked = (leaf for one in conditions_of(definition) for leaf in leaves(one))
    return frozenset(doors | {leaf.id for leaf in asked if isinstance(leaf, InSegment)})


def messages_of(definition: Definition) -> frozenset[int]:
    """The messages that it sends."""
    return frozenset(step.message for _, step in walk_steps(definition.steps) if isinstance(step, Send))


def steps_of(definition: Definition) -> Mapping[str, Step]:
    """By id."""
    return {step.id: step for _, step in walk_steps(definition.steps)}
