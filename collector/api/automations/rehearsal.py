"""What would have been, had an automation been active? Lately's events are walked through it; nothing is done or kept.

Who would have come in, where they would stand, what would have been sent. Without HTTP: the API, the console and the
command line do the same by it. What is known of a contact is as it is now.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from itertools import islice
from typing import NamedTuple

from collector.api.automations.desk import Wrong, known_from
from collector.instant import DAY_MS, zone_of
from collector.services import Services
from collector.store.ports.automations.past import Past
from collector.store.ports.definitions.messages import Messages
from collector.store.ports.definitions.segments import Segments
from sessionizer.automations.book import House, kind_of, kinds_of
from sessionizer.automations.check import Fault, Known, faults
from sessionizer.automations.definition import Definition, HouseRules, Send
from sessionizer.automations.reach import Mail
from sessionizer.automations.rehearsal import Rehearsed, rehearse
from sessionizer.automations.run import Run
from sessionizer.segments.condition import Condition
from sessionizer.segments.history import Person

DAYS, MOST_DAYS = 7, 30
MOST_CONTACTS, MOST_EXAMPLES, AT_ONCE = 2_000, 50, 100
MOST_S = 10.0
UNASKABLE = ("condition", "path")
"""Faults of a draft with which it cannot even be tried."""
_ONE = asyncio.Lock()


class Grounds(NamedTuple):
    """What there is beside the definition: what holds for all, and segments by id."""

    house: House
    segments: Mapping[int, Condition]


class Asked(NamedTuple):
    """since, until: of the events, ms UTC. contacts: at most. patience_s: when it stops at what it has found."""

    since: int
    until: int
    contacts: int = MOST_CONTACTS
    patience_s: float = MOST_S


class Rehearsal(NamedTuple):
    """contacts: who was walked through it; cut: there are more of them. inside: how many would stand at a step, failed
    ones among them. ended, missed: by reason. sent: by message; unsent: by reason. examples: the newest first. unheard:
    types of triggers that are no events, of which nobody knows whom they would have let in."""

    asked: Asked
    contacts: int
    cut: bool
    entered: int
    inside: Mapping[str, int]
    ended: Mapping[str, int]
    sent: Mapping[int, int]
    unsent: Mapping[str, int]
    missed: Mapping[str, int]
    examples: Sequence[Run]
    unheard: Sequence[str]


def rehearsal(definition: Definition, days: int, services: Services) -> Rehearsal:
    """Of the last `days`. Blocks for some ten seconds at most: call it in a thread. Raises Wrong for what nobody could
    ask of an event or a contact."""
    if found := unaskable(definition, known_from(services.messages, services.segments, services.lists)):
        raise Wrong(found)
    until, rules = services.clock(), services.automations.rules()
    grounds = grounds_of(rules, services.messages, services.segments, zone=services.settings.zone)
    with services.past() as past:
        return rehearsed(definition, Asked(until - days * DAY_MS, until), grounds, past)


async def one_at_a_time(definition: Definition, days: int, services: Services) -> Rehearsal:
    """The same, beside the event loop: the threads that others wait for are not all taken."""
    async with _ONE:
        return await asyncio.to_thread(rehearsal, definition, days, services)


def unaskable(definition: Definition, known: Known) -> list[Fault]:
    """What is wrong in such a way that it cannot even be tried."""
    return [one for one in faults(definition, known) if one.code in UNASKABLE]


def grounds_of(rules: HouseRules, messages: Messages, segments: Segments, *, zone: tzinfo) -> Grounds:
    """What the worker would know of all."""
    mails = {
        one.id: Mail(one.writing.content.channel, one.writing.purpose, one.version)
        for one in messages.all()
        if one.archived_at is None
    }
    return Grounds(House(zone, rules, mails, zone_of), {one.id: one.definition.where for one in segments.all()})


def rehearsed(definition: Definition, asked: Asked, grounds: Grounds, past: Past) -> Rehearsal:
    """Each contact by itself, those first who did something last."""
    watch = _Watch(asked)
    found = [
        rehearse(
            definition,
            person,
            grounds.house,
            grounds.segments,
            since=asked.since,
            until=asked.until,
            is_over=watch.is_over,
        )
        for person in watch.people(definition, grounds, past)
    ]
    return _summed(definition, found, watch)


class _Watch:
    """Who is walked through it, as long as there is time; and whether that was all."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.contacts, self.cut = asked, 0, False
        self._over_at = time.monotonic() + asked.patience_s

    def people(self, definition: Definition, grounds: Grounds, past: Past) -> Iterator[Person]:
        """With all of their events that matter."""
        doors, heard = kinds_of(definition, grounds.segments)
        newest = self._newest(past.lately(doors, self.asked.since))
        while contacts := list(islice(newest, AT_ONCE)):
            for person in past.persons(contacts, heard):
                if self.is_over():
                    return
                self.contacts += 1
                yield person

    def _newest(self, lately: Iterator[int]) -> Iterator[int]:
        """Each once."""
        seen = set[int]()
        for contact in lately:
            if self.is_over() or (contact not in seen and len(seen) == self.asked.contacts):
                self.cut = True
                return
            if contact not in seen:
                seen.add(contact)
                yield contact

    def is_over(self) -> bool:
        """Whether whoever asks has waited long enough."""
        over = time.monotonic() > self._over_at
        self.cut = self.cut or over
        return over


def _summed(definition: Definition, found: Sequence[Rehearsed], watch: _Watch) -> Rehearsal:
    runs = sorted((run for one in found for run in one.runs), key=lambda run: (-run.entered_at, run.id))
    lines = [line for run in runs for line in run.path]
    effects = [effect.step for one in found for effect in one.effects]
    return Rehearsal(
        asked=watch.asked,
        contacts=watch.contacts,
        cut=watch.cut,
        entered=len(runs),
        inside=Counter(run.step for run in runs if run.goes_on),
        ended=Counter(run.why for run in runs if not run.goes_on),
        sent=Counter(step.message for step in effects if isinstance(step, Send)),
        unsent=Counter(line.more for line in lines if line.what == "unsent"),
        missed=Counter(miss.reason for one in found for miss in one.missed),
        examples=runs[:MOST_EXAMPLES],
        unheard=unheard(definition),
    )


def unheard(definition: Definition) -> list[str]:
    """The types of triggers that are no events, each once."""
    found = (str(one.__struct_config__.tag) for one in definition.triggers if kind_of(one) is None)
    return list(dict.fromkeys(found))
