"""Who comes into an automation, and who does not, and why? A trigger was met; now the entry rules are asked.

Pure, as all of this folder.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from msgspec.structs import replace

from sessionizer.automations import definition as asks
from sessionizer.automations import run as of_run
from sessionizer.automations.book import Live, key_in
from sessionizer.automations.run import AT_DATE, Occurrence, Passed, Run, occurrence_of
from sessionizer.automations.way import ENTERED, Entries, Miss, Way
from sessionizer.automations.when import instant_in, shifted
from sessionizer.event import Event
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.condition import Condition
from sessionizer.segments.evaluate import share_of
from sessionizer.segments.going import SEGMENT, TIME
from sessionizer.wall_clock import DAY_MS, MINUTE_MS

AGAIN, INSIDE, PAUSE, CAP, EARLY, OLD, WHO, HOLDOUT, PAST, PAUSED = (
    "again", "inside", "pause", "cap", "early", "old", "who", "holdout", "past", "paused",
)  # fmt: skip
"""Why somebody does not come in: they were in before; they are in; too soon; too often; it happened before it was
active; heard of too late; not whom it is for; kept out to compare; the date is past; the automation is paused."""


BY_TIME_MS = DAY_MS
"""What time alone has brought lets somebody in for so long, should nobody have looked: a date, a segment's edge."""


MOST_INSIDE = 200
"""Ways that one contact goes through one automation at a time. Each event is told to all of them."""


class Coming(NamedTuple):
    """Somebody at the door. who: whom the trigger is for. key: which of their things. dated: where they first wait.

    by_hand: who asks for it, "" for nobody: then nobody asks how old the trigger is, nor how often they were in.
    """

    trigger: Occurrence
    who: Condition | None = None
    key: str = ""
    dated: asks.OnEventDate | None = None
    by_hand: str = ""


@lru_cache(maxsize=4_096)
def run_id(automation: int, event: str) -> str:
    """Of an automation and what let somebody in; never of the contact: joins change nothing. Asked for twice a run."""
    return blake2b(f"{automation}/{event}".encode(), digest_size=13).hexdigest()


def id_for(live: Live, trigger: Occurrence | Event) -> str:
    """The run's that such a trigger begins."""
    return run_id(live.id, f"{trigger.category}/{trigger.id}")


def let_in(way: Way, live: Live, trigger: asks.Trigger, event: Event, replaced: Mapping[str, str]) -> None:
    """An event of such a kind has come. replaced: the id of an event → that of the one whose place it took."""
    gone = replaced.get(event.id)
    if gone is not None:
        before = run_id(live.id, f"{event.category}/{gone}")
        if before in way.runs or way.source.knows(before):
            return  # what was replaced keeps its run
    key = key_in(live.definition.entry.per, event)
    dated = trigger if isinstance(trigger, asks.OnEventDate) else None
    enter(way, live, Coming(occurrence_of(event), trigger.who, key, dated))


def enter(way: Way, live: Live, coming: Coming) -> None:
    """Let the contact in, if it may come in."""
    id = id_for(live, coming.trigger)
    if id in way.runs or way.source.knows(id):
        return
    going = [run for run in way.going() if run.automation == live.id]
    inside = next((run for run in going if run.key == coming.key), None)
    if reason := _kept_out(way, live, coming):
        _miss(way, live, reason, coming.trigger)
    elif inside is not None and live.definition.entry.inside == "restart":
        _restart(way, inside, live, coming)
    elif reason := INSIDE if inside is not None else _too_often(way, live, coming):
        _miss(way, live, reason, coming.trigger)
    elif len(going) >= MOST_INSIDE:
        _miss(way, live, CAP, coming.trigger)
    else:
        _begin(way, live, id, coming)


def _kept_out(way: Way, live: Live, coming: Coming) -> str:
    if live.still:
        return PAUSED
    if coming.by_hand:
        return ""
    entry, trigger = live.definition.entry, coming.trigger
    if live.active_at is None or trigger.at < live.active_at:
        return EARLY
    if way.now - trigger.at > oldest_ms(entry, trigger):
        return OLD
    if coming.who is not None and not way.source.holds(coming.who, _at(way, trigger)):
        return WHO
    if entry.holdout and share_of(way.source.id, f"automation {live.id}") < entry.holdout:
        return HOLDOUT
    return ""


def oldest_ms(entry: asks.Entry, trigger: Occurrence) -> int:
    """How long ago that may have happened, for somebody to come in by it."""
    return max(entry.max_age_minutes * MINUTE_MS, BY_TIME_MS if _is_by_time(trigger) else 0)


def _too_often(way: Way, live: Live, coming: Coming) -> str:
    if coming.by_hand:
        return ""
    entry, zone, at = live.definition.entry, way.book.house.zone, _at(way, coming.trigger)
    if entry.again == "after_exit" and entry.pause is None and entry.cap is None:
        return ""
    since = entry.cap.within.cut(at, zone) if entry.cap else 0
    found = _entries(way, live.id, coming.key, since)
    if entry.again == "never" and found.number:
        return AGAIN
    if entry.pause and found.last_entered is not None and entry.pause.later(found.last_entered, zone) > at:
        return PAUSE
    return CAP if entry.cap and found.recent >= entry.cap.n else ""


def _entries(way: Way, automation: int, key: str, since: int) -> Entries:
    """What was before, and what has come in this batch."""
    found = way.source.entries(automation, key, since)
    for run in way.entered:
        if run.automation == automation:
            same = run.key == key
            last = max(found.last_entered or 0, run.entered_at) if same else found.last_entered
            found = Entries(found.number + same, found.recent + (run.entered_at >= since), last)
    return found


def _miss(way: Way, live: Live, reason: str, trigger: Occurrence) -> None:
    way.missed.append(Miss(live.id, reason, way.now, trigger.id))


def _begin(way: Way, live: Live, id: str, coming: Coming) -> None:
    trigger = coming.trigger
    at, due = _at(way, trigger), _due_of(way, coming)
    if due is not None and due < at:
        _miss(way, live, PAST, trigger)
        return
    line = Passed("", at, "entered", coming.by_hand or "/".join(filter(None, trigger.kind)))
    run = Run(id, live.id, live.version, way.source.id, coming.key, trigger, at, AT_DATE, at, path=(line,))
    way.entered.append(run)
    way.count(run, ENTERED)
    if due is None:
        way.go(run, live.graph.first, at)
    else:
        way.keep(way.rest(run, at, due))


def _restart(way: Way, run: Run, live: Live, coming: Coming) -> None:
    """From the first step anew, with what came later; what comes late and happened before changes nothing."""
    trigger = coming.trigger
    if trigger.at < run.trigger.at:
        _miss(way, live, INSIDE, trigger)
        return
    at, due = max(_at(way, trigger), run.entered_at), _due_of(way, coming)
    again = replace(
        run, trigger=trigger, version=live.version, failed="", step=AT_DATE, arrived_at=at, waits=False, until=None,
        path=(*run.path, Passed(run.step, at, "restarted", trigger.id)),
    )  # fmt: skip
    if due is None:
        way.go(again, live.graph.first, at)
    elif due < at:
        way.end(again, at, of_run.RESTARTED)
    else:
        way.keep(way.rest(again, at, due))


def _is_by_time(trigger: Occurrence) -> bool:
    """Whether nothing has happened but that time went by."""
    return not trigger.category or (trigger.category == SEGMENT and trigger.properties.get("why") == TIME)


def _at(way: Way, trigger: Occurrence) -> int:
    """When it happens: a clock that is a little ahead does not put us into the future."""
    return min(trigger.at, way.now)


def _due_of(way: Way, coming: Coming) -> int | None:
    """Until when the contact waits before the first step, None: not at all; without a date its time is past."""
    if coming.dated is None:
        return None
    zone, found = way.book.house.zone, values_at(coming.trigger.properties, names_of(coming.dated.property))
    instants = (instant_in(value, zone) for value in found)
    return next((shifted(one, coming.dated.shift, zone) for one in instants if one is not None), -1)
