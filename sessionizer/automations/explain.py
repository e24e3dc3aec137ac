"""Why did somebody get what an automation sends, or why did they not? Told from records alone, nothing is guessed.

Each line is a code with what fills it in:

    draft · active · paused · stopped      how the automation stands (at: since when it is active)
    passed                                 a line of a run's way (step, what, more: as in `run.Passed`)
    delivery                               what became of a message (id, message, state, reason)
    receipt                                what its recipient did, or their mailbox (id, what)
    alone                                  nothing, or nothing of one purpose, is sent there (address, scope, reason)
    missed                                 somebody did not come in (reason, event, times)

Where there is neither run nor refusal, why there is none, trigger by trigger (trigger: its place):

    unheard                                its trigger is no event: that it did not come is not recorded
    nothing                                no such event is recorded
    early                                  the last one came before the automation was active (event)
    fails                                  one came, and a test of the trigger did not pass (event, test, place, found)
    fits                                   one came, and passes all of them as they are now (event)

Reads nothing, writes nothing. How it reads: `wording/explained.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from sessionizer.automations.book import FORM_NAMES, is_met, kind_of
from sessionizer.automations.definition import Definition, OnForm, Trigger
from sessionizer.automations.run import Run
from sessionizer.event import Event
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.comparison import Today, today_at
from sessionizer.segments.condition import EventFilter
from sessionizer.segments.history import device_of, matches, property_passes

EVENTS, MAX_FOUND = 5, 200
"""Events of a trigger that are told of, the newest; characters of a value that are shown."""

Code = Literal[
    "draft", "active", "paused", "stopped", "passed", "delivery", "receipt", "alone", "missed", "unheard", "nothing",
    "early", "fails", "fits",
]  # fmt: skip
Test = Literal["where", "page", "utm", "sites", "devices", "form"]
NONE: Mapping[str, str] = {}


class Line(NamedTuple):
    """One thing that is so. at: when, ms UTC; None for what has no time. run: in which, "" for in none."""

    code: Code
    at: int | None = None
    run: str = ""
    params: Mapping[str, str] = NONE


class Standing(NamedTuple):
    """How the automation stands. active_at: since when it is active; None: it is not."""

    status: Literal["draft", "active", "paused", "stopped"]
    active_at: int | None
    definition: Definition


class Kept(NamedTuple):
    """Somebody was kept out: the last time (ms UTC), by which event, and how often."""

    reason: str
    at: int
    event: str
    times: int = 1


class Sending(NamedTuple):
    """What became of a message. at: of that state. receipts: (what, ms UTC)."""

    id: str
    message: int
    state: str
    at: int
    reason: str = ""
    receipts: Sequence[tuple[str, int]] = ()


class Alone(NamedTuple):
    """An address that is left alone."""

    address: str
    scope: str
    reason: str
    at: int


class Records(NamedTuple):
    """Of one contact and one automation. sendings: by (run, what its way calls them). events: of the triggers' kinds,
    in order of time."""

    runs: Sequence[Run] = ()
    missed: Sequence[Kept] = ()
    sendings: Mapping[str, Sending] = {}
    alone: Sequence[Alone] = ()
    events: Sequence[Event] = ()


def explain(standing: Standing, records: Records, zone: tzinfo) -> list[Line]:
    """How the automation stands, then all that is recorded, in order of time; what has no time comes last."""
    found = [*_runs(records), *(_kept(one) for one in records.missed), *map(_alone, records.alone)]
    if not records.runs and not records.missed and standing.active_at is not None:
        found += _why_nothing(standing, records, zone, standing.active_at)
    found.sort(key=lambda line: (line.at is None, line.at or 0))
    return [Line(standing.status, standing.active_at), *found]


# What is recorded -----------------------------------------------------------------------------------------------------


def _runs(records: Records) -> Iterator[Line]:
    for run in records.runs:
        for line in run.path:
            yield Line("passed", line.at, run.id, {"step": line.step, "what": line.what, "more": line.more})
            if line.more in records.sendings:
                yield from _sending(records.sendings[line.more], run)


def _sending(one: Sending, run: Run) -> Iterator[Line]:
    about = {"id": one.id, "message": str(one.message), "state": one.state, "reason": one.reason}
    yield Line("delivery", one.at, run.id, about)
    for what, at in one.receipts:
        yield Line("receipt", at, run.id, {"id": one.id, "what": what})


def _kept(one: Kept) -> Line:
    return Line("missed", one.at, "", {"reason": one.reason, "event": one.event, "times": str(one.times)})


def _alone(one: Alone) -> Line:
    return Line("alone", one.at, "", {"address": one.address, "scope": one.scope, "reason": one.reason})


# Why nothing is -------------------------------------------------------------------------------------------------------


def _why_nothing(standing: Standing, records: Records, zone: tzinfo, active_at: int) -> Iterator[Line]:
    for place, trigger in enumerate(standing.definition.triggers):
        about = {"trigger": str(place)}
        if kind_of(trigger) is None:
            yield Line("unheard", None, "", about)
            continue
        came = _about(trigger, records.events, zone)
        since = [event for event in came if event.at >= active_at]
        for event in since[-EVENTS:]:
            yield _told(trigger, event, zone, about)
        if came and not since:
            yield Line("early", came[-1].at, "", {**about, "event": came[-1].id})
        elif not came:
            yield Line("nothing", None, "", about)


def _about(trigger: Trigger, events: Sequence[Event], zone: tzinfo) -> list[Event]:
    """Events that it could have meant: of segments and lists those of its own."""
    of_kind = [event for event in events if event.kind == kind_of(trigger)]
    if isinstance(trigger, EventFilter | OnForm):
        return of_kind
    return [event for event in of_kind if is_met(trigger, event, zone)]


def _told(trigger: Trigger, event: Event, zone: tzinfo, about: Mapping[str, str]) -> Line:
    """The first test that does not pass, or that all do."""
    about = {**about, "event": event.id}
    failed = next(_failing(trigger, event, today_at(event.at, zone)), None)
    if failed is None:
        return Line("fits", event.at, "", about)
    test, place, found = failed
    return Line("fails", event.at, "", {**about, "test": test, "place": str(place), "found": _text(found)})


def _failing(trigger: Trigger, event: Event, today: Today) -> Iterator[tuple[Test, int, Sequence[Any]]]:
    """(which, its place among those of its name, what was there instead)."""
    if isinstance(trigger, EventFilter):
        yield from _narrowed(trigger, event, today)
        for place, one in enumerate(trigger.where):
            if not property_passes(one, event.properties, today):
                yield "where", place, values_at(event.properties, names_of(one.path))
    elif not is_met(trigger, event, today.zone):
        yield "form", 0, [event.properties.get(name) for name in FORM_NAMES]


def _narrowed(wanted: Any, event: Event, today: Today) -> Iterator[tuple[Test, int, Sequence[Any]]]:
    """Of what an event is asked beside its properties, each alone."""
    bare = replace(wanted, where=(), page=None, utm={}, sites=(), devices=())
    url = event.page.url if event.page else None
    there: Mapping[Test, Any] = {"page": url, "utm": url, "sites": event.site, "devices": device_of(event)}
    for test, found in there.items():
        if not matches(replace(bare, **{test: getattr(wanted, test)}), event, today):
            yield test, 0, [found]


def _text(values: Sequence[Any]) -> str:
    return ", ".join(str(value) for value in values if value is not None)[:MAX_FOUND]
