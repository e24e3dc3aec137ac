"""What happens at a step when somebody comes there, or has waited there long enough? One function a kind of step.

Pure, as all of this folder.
"""

from collections.abc import Callable, Mapping
from hashlib import blake2b

from sessionizer.automations import definition as asks
from sessionizer.automations import run as of_run
from sessionizer.automations.graph import Node
from sessionizer.automations.reach import cannot_send
from sessionizer.automations.run import Passed, Run
from sessionizer.automations.way import NO_MESSAGE, Way
from sessionizer.automations.when import instant_in, next_time, quiet_until, shifted
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.comparison import today_at
from sessionizer.segments.evaluate import values_of
from sessionizer.segments.history import property_passes


def _wait(way: Way, run: Run, node: Node, at: int) -> None:
    assert isinstance(node.step, asks.Wait)
    _until(way, run, node, at, node.step.span.later(run.arrived_at, way.book.house.zone))


def _wait_until(way: Way, run: Run, node: Node, at: int) -> None:
    step = node.step
    assert isinstance(step, asks.WaitUntil)
    was_here = any(line.step == step.id for line in run.path)
    zone = way.zone_of(step.zone)
    due = at if run.waits else next_time(run.arrived_at, step.time, step.days, zone, again=was_here)
    _until(way, run, node, at, due)


def _wait_date(way: Way, run: Run, node: Node, at: int) -> None:
    step, zone = node.step, way.book.house.zone
    assert isinstance(step, asks.WaitDate)
    contact = way.source.contact()
    event_has = values_at(run.trigger.properties, names_of(step.name)) if step.of == "event" else None
    found = event_has if event_has is not None else values_of(contact, step.name)
    instants = (instant_in(value, zone) for value in found)
    due = next((shifted(one, step.shift, zone) for one in instants if one is not None), at)
    _until(way, run, node, at, due)


def _until(way: Way, run: Run, node: Node, at: int, due: int) -> None:
    if due > at:
        way.keep(way.rest(run, at, due))
    else:
        way.go(run, node.on, at, *(() if not run.waits else (Passed(run.step, at, "due"),)))


def _wait_for(way: Way, run: Run, node: Node, at: int) -> None:
    step = node.step
    assert isinstance(step, asks.WaitFor)
    until = step.within.later(run.arrived_at, way.book.house.zone)
    if step.condition is not None and way.source.holds(step.condition, at):
        way.go(run, node.ways[0], at, Passed(run.step, at, "yes"))
    elif at >= until:
        way.go(run, node.ways[1], at, Passed(run.step, at, "no"))
    else:
        edge = None if step.condition is None else way.source.changes_at(step.condition, at)
        way.keep(way.rest(run, at, min(until, edge or until), until))


def _split(way: Way, run: Run, node: Node, at: int) -> None:
    step, today = node.step, today_at(at, way.book.house.zone)
    assert isinstance(step, asks.Split)
    for place, case in enumerate(step.cases):
        if all(property_passes(one, run.trigger.properties, today) for one in case.event) and (
            case.when is None or way.source.holds(case.when, at)
        ):
            way.go(run, node.ways[place], at, Passed(run.step, at, "case", str(place)))
            return
    way.go(run, node.ways[-1], at, Passed(run.step, at, "otherwise"))


def _random(way: Way, run: Run, node: Node, at: int) -> None:
    step = node.step
    assert isinstance(step, asks.RandomSplit)
    place = chosen(run.id, step)
    way.go(run, node.ways[place], at, Passed(run.step, at, "part", str(place)))


def _send(way: Way, run: Run, node: Node, at: int) -> None:
    step, house = node.step, way.book.house
    assert isinstance(step, asks.Send)
    quiet = _quiet_until(way, at) if step.quiet else None
    mail = house.messages.get(step.message)
    if mail is None:
        way.fail(run, at, NO_MESSAGE.format(step.message))
    elif quiet is not None:
        way.keep(way.rest(run, at, quiet))
    elif why := cannot_send(mail, way.source.contact()) or _too_many(way, mail.purpose, at):
        way.go(run, node.on, at, Passed(run.step, at, "unsent", why))
    else:
        if mail.purpose == "marketing":
            way.marketing.append(at)
        way.do(run, node, at)


def _quiet_until(way: Way, at: int) -> int | None:
    """The end of the quiet hours, if they hold now."""
    rules = way.book.house.rules
    return quiet_until(rules, max(at, way.now), way.zone_of(rules.zone)) if rules.quiet_from else None


def _too_many(way: Way, purpose: str, at: int) -> str:
    """Why one more is too many for the contact, over all automations."""
    if purpose != "marketing":
        return ""
    for cap in way.book.house.rules.caps:
        since = cap.within.cut(at, way.book.house.zone)
        if way.source.marketing_since(since) + sum(one >= since for one in way.marketing) >= cap.n:
            return "cap"
    return ""


def _on(way: Way, run: Run, node: Node, at: int) -> None:
    way.go(run, node.on, at, Passed(run.step, at, "went", node.on))


def _leave(way: Way, run: Run, node: Node, at: int) -> None:
    way.end(run, at, of_run.EXIT)


def chosen(run: str, step: asks.RandomSplit) -> int:
    """Which part a run goes, by its id."""
    whole = sum(part.share for part in step.parts)
    point = int.from_bytes(blake2b(f"{run}/{step.id}".encode(), digest_size=8).digest()) % whole
    for place, part in enumerate(step.parts):
        point -= part.share
        if point < 0:
            return place
    raise AssertionError("the parts are the whole")


WAYS: Mapping[type, Callable[[Way, Run, Node, int], None]] = {
    asks.Wait: _wait,
    asks.WaitUntil: _wait_until,
    asks.WaitDate: _wait_date,
    asks.WaitFor: _wait_for,
    asks.Split: _split,
    asks.RandomSplit: _random,
    asks.Send: _send,
    **dict.fromkeys((asks.Webhook, asks.SetAttribute, asks.ChangeList, asks.Emit), Way.do),
    asks.GoTo: _on,
    asks.Leave: _leave,
}
"""What is done at each, by its type."""
