"""What is wrong with an automation? Each fault with the path of the field, its step, and the way out.

What has the wrong type is refused while it is read (`definition.parse`); here stands what types cannot say. A draft may
be kept with faults; none lets anybody in. Reads nothing, writes nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from sessionizer.automations import definition as asks
from sessionizer.automations.graph import Node, edges, graph_of
from sessionizer.messages.message import Channel
from sessionizer.messages.receipt import IDENTIFIERS
from sessionizer.properties.path import names_of
from sessionizer.segments import check
from sessionizer.segments import condition as conditions

PAUSES = (asks.Wait, asks.WaitUntil, asks.WaitFor)
"""Where time goes by: a circle without one would be walked without end."""


class Known(NamedTuple):
    """What there is. messages: those that may be sent. lists: None when nobody looked."""

    messages: Mapping[int, Channel] = {}
    segments: Mapping[int, conditions.Definition] = {}
    lists: Collection[str] | None = None


class Fault(NamedTuple):
    """path: of the field, `steps[2].message`. step: its id, "" for none. code, params: for other languages. says: what
    is wrong, and what to do."""

    path: str
    step: str
    code: str
    says: str
    params: Mapping[str, str] = {}


def faults(definition: asks.Definition, known: Known) -> list[Fault]:
    """All of them."""
    return [*_of_whole(definition), *_of_doors(definition, known), *_of_steps(definition, known)]


def _of_whole(definition: asks.Definition) -> Iterator[Fault]:
    steps = list(asks.walk_steps(definition.steps))
    if not definition.triggers:
        yield Fault("triggers", "", "no_trigger", "nobody would come in: say what sets it going.")
    if len(definition.triggers) > asks.MAX_TRIGGERS:
        says = f"{len(definition.triggers)} triggers; at most {asks.MAX_TRIGGERS}. Make two automations of it."
        yield Fault("triggers", "", "too_many", says, {"most": str(asks.MAX_TRIGGERS)})
    if len(definition.exits) > asks.MAX_EXITS:
        says = f"{len(definition.exits)} exits; at most {asks.MAX_EXITS}."
        yield Fault("exits", "", "too_many", says, {"most": str(asks.MAX_EXITS)})
    if not steps:
        yield Fault("steps", "", "no_step", "nothing would be done: add a step.")
    if len(steps) > asks.MAX_STEPS:
        says = f"{len(steps)} steps; at most {asks.MAX_STEPS}."
        yield Fault("steps", "", "too_many", says, {"most": str(asks.MAX_STEPS)})
    if definition.entry.per is not None:
        yield from _of_path(definition.entry.per, "entry.per", "")


# Triggers and exits ---------------------------------------------------------------------------------------------------


def _of_doors(definition: asks.Definition, known: Known) -> Iterator[Fault]:
    for place, trigger in enumerate(definition.triggers):
        yield from _of_trigger(trigger, f"triggers[{place}]", known)
        if isinstance(trigger, asks.OnEvent) and trigger.same:
            says = "there is no earlier event to compare with: `same` belongs to exits and waits."
            yield Fault(f"triggers[{place}].same", "", "same_of_trigger", says)
    for place, wanted in enumerate(definition.exits):
        yield from _of_trigger(wanted, f"exits[{place}]", known)


def _of_trigger(trigger: asks.Trigger, path: str, known: Known, step: str = "") -> Iterator[Fault]:
    if isinstance(trigger, conditions.EventFilter):
        yield from _of_filter(trigger, path, known, step)
    if isinstance(trigger, asks.OnEventDate):
        yield from _of_path(trigger.property, f"{path}.property", step)
    if isinstance(trigger, asks.OnSegment) and trigger.id not in known.segments:
        yield Fault(
            f"{path}.id", step, "no_segment", f"there is no segment {trigger.id}: choose one.", {"id": str(trigger.id)}
        )
    if isinstance(trigger, asks.OnAttribute) and trigger.test is not None:
        yield from _of_condition(conditions.AttributeIs(trigger.name, trigger.test), path, known, step)
    if trigger.who is not None:
        yield from _of_condition(trigger.who, f"{path}.who", known, step)
    for place, one in enumerate(trigger.same if isinstance(trigger, asks.OnEvent) else ()):
        yield from _of_path(one.property, f"{path}.same[{place}].property", step)
        yield from _of_path(one.as_, f"{path}.same[{place}].as", step)


def _of_filter(wanted: conditions.EventFilter, path: str, known: Known, step: str) -> Iterator[Fault]:
    names = conditions.EventFilter.__struct_fields__
    did = conditions.Did(**{name: getattr(wanted, name) for name in names})
    yield from _of_condition(did, path, known, step)


def _of_condition(condition: conditions.Condition, path: str, known: Known, step: str) -> Iterator[Fault]:
    for one in check.faults(conditions.Definition(condition), others=known.segments):
        yield Fault(path + one.path.removeprefix("where"), step, "condition", one.says)


def _of_path(path: str, where: str, step: str) -> Iterator[Fault]:
    try:
        names_of(path)
    except ValueError as error:
        yield Fault(where, step, "path", f"{error}.")


# Steps ----------------------------------------------------------------------------------------------------------------


def _of_steps(definition: asks.Definition, known: Known) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, step in asks.walk_steps(definition.steps):
        if step.id in seen:
            says = f"another step is called {step.id!r} as well: each needs a name of its own."
            yield Fault(f"{path}.id", step.id, "same_id", says)
        seen.add(step.id)
        yield from _of_step(step, path, known)
    away = [(path, step) for path, step in asks.walk_steps(definition.steps) if isinstance(step, asks.GoTo)]
    for path, step in away:
        if step.step not in seen:
            says = f"there is no step {step.step!r}: choose one."
            yield Fault(f"{path}.step", step.id, "no_such_step", says, {"id": step.step})
    if len(seen) <= asks.MAX_STEPS and all(step.step in seen for _, step in away):
        yield from _circles(definition)  # of more steps, which are a fault already, it would take long


def _of_step(step: asks.Step, path: str, known: Known) -> Iterator[Fault]:
    if isinstance(step, asks.Send):
        yield from _of_send(step, f"{path}.message", known)
    elif isinstance(step, asks.WaitUntil) and not step.days:
        yield Fault(f"{path}.days", step.id, "no_day", "one day at least.")
    elif isinstance(step, asks.WaitDate):
        yield from _of_path(step.name, f"{path}.name", step.id)
    elif isinstance(step, asks.WaitFor):
        yield from _of_wait_for(step, path, known)
    elif isinstance(step, asks.Split):
        yield from _of_split(step, path, known)
    elif isinstance(step, asks.RandomSplit) and sum(part.share for part in step.parts) != 100:
        whole = str(sum(part.share for part in step.parts))
        yield Fault(f"{path}.parts", step.id, "shares", f"the parts come to {whole}: let them be 100.", {"sum": whole})
    elif isinstance(step, asks.SetAttribute):
        yield from _of_attribute(step, path)
    elif isinstance(step, asks.Webhook) and not step.url.startswith(("https://", "http://")):
        yield Fault(f"{path}.url", step.id, "no_url", "an address that begins with https://.")


def _of_wait_for(step: asks.WaitFor, path: str, known: Known) -> Iterator[Fault]:
    if step.event is None and step.condition is None:
        yield Fault(f"{path}.event", step.id, "no_wish", "say what it waits for: an event, or something that is so.")
    if step.event is not None:
        yield from _of_trigger(step.event, f"{path}.event", known, step.id)
    if step.condition is not None:
        yield from _of_condition(step.condition, f"{path}.condition", known, step.id)


def _of_split(step: asks.Split, path: str, known: Known) -> Iterator[Fault]:
    for place, case in enumerate(step.cases):
        here = f"{path}.cases[{place}]"
        if case.when is None and not case.event:
            yield Fault(f"{here}.when", step.id, "no_condition", "say for whom this way is.")
        if case.when is not None:
            yield from _of_condition(case.when, f"{here}.when", known, step.id)
        for number, test in enumerate(case.event):
            asked = conditions.Did(category="custom", key="any", where=(test,))
            for one in check.faults(conditions.Definition(asked)):
                field = one.path.removeprefix("where.where[0]")
                yield Fault(f"{here}.event[{number}]{field}", step.id, "condition", one.says)


def _of_send(step: asks.Send, path: str, known: Known) -> Iterator[Fault]:
    channel = known.messages.get(step.message)
    if channel is None:
        says = "choose a message." if not step.message else f"there is no message {step.message} in use: choose one."
        yield Fault(path, step.id, "no_message", says, {"id": str(step.message)})
    elif channel not in IDENTIFIERS:
        says = f"contacts have no address for a {channel}: choose another message, or let a step call the address."
        yield Fault(path, step.id, "no_recipient", says, {"channel": channel})


def _of_attribute(step: asks.SetAttribute, path: str) -> Iterator[Fault]:
    if step.op == "add" and (isinstance(step.value, bool) or not isinstance(step.value, int | float)):
        yield Fault(f"{path}.value", step.id, "no_number", "a number is added: 1, or -1.")
    if step.op == "set" and step.value is None:
        yield Fault(f"{path}.value", step.id, "no_value", "say what it becomes; to have none, remove it.")


def _circles(definition: asks.Definition) -> Iterator[Fault]:
    """Ways that lead back to where they began, without a step at which time goes by."""
    graph = graph_of(definition)
    ways: dict[str, list[str]] = {}
    for here, there in edges(graph):
        if not _takes_time(graph.nodes[here], there):
            ways.setdefault(here, []).append(there)
    paths = {step.id: path for path, step in asks.walk_steps(definition.steps)}
    for id, node in graph.nodes.items():
        if isinstance(node.step, asks.GoTo) and id in _reached(node.step.step, ways):
            says = "it goes round without a pause: put a waiting step into the circle."
            yield Fault(f"{paths[id]}.step", id, "circle", says)


def _takes_time(node: Node, there: str) -> bool:
    """Whether time goes by on that way. Of what is so already it is `yes` at once."""
    step = node.step
    if isinstance(step, asks.WaitFor) and step.condition is not None:
        return there != node.ways[0]
    return isinstance(step, PAUSES)


def _reached(start: str, ways: Mapping[str, list[str]]) -> set[str]:
    """Where one comes from there, itself included."""
    seen, ahead = {start}, [start]
    while ahead:
        for there in ways.get(ahead.pop(), ()):
            if there not in seen:
                seen.add(there)
                ahead.append(there)
    return seen
