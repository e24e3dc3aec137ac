"""What would have been? One person's history walked through an automation as if it had been active; nothing is done.

The dry run: events are heard one by one at their own instants. What was known of the person is not remembered: it is
taken as it is now. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sessionizer.automations.book import Book, House, Live
from sessionizer.automations.definition import Definition, Send
from sessionizer.automations.run import Run
from sessionizer.automations.walk import Walker
from sessionizer.automations.way import Effect, Entries, Miss
from sessionizer.contact import Contact
from sessionizer.event import Event
from sessionizer.segments.book import whole
from sessionizer.segments.condition import Condition
from sessionizer.segments.evaluate import changes_at, holds
from sessionizer.segments.history import Moment, Person

REHEARSED = 1
"""The id under which an automation is rehearsed that may not be kept yet."""


class Rehearsed(NamedTuple):
    """runs: by entry. effects: what would have been asked for. missed: who would not have come in, and why."""

    runs: Sequence[Run]
    effects: Sequence[Effect]
    missed: Sequence[Miss]


class _Past:
    """What a walk asks for (`way.Source`), from a history that is at hand."""

    def __init__(self, person: Person, house: House, segments: Mapping[int, Condition]) -> None:
        self._person, self._zone, self._segments = person, house.zone, segments
        self.runs: dict[str, Run] = {}
        self.effects: list[Effect] = []
        self.house = house
        self.id = person.contact.id

    def contact(self) -> Contact:
        return self._person.contact

    def holds(self, condition: Condition, at: int) -> bool:
        return holds(whole(condition, self._segments), self._person, Moment(at, self._zone))

    def changes_at(self, condition: Condition, at: int) -> int | None:
        return changes_at(whole(condition, self._segments), self._until(at), Moment(at, self._zone))

    def _until(self, at: int) -> Person:
        return self._person._replace(history=[event for event in self._person.history if event.at <= at])

    def entries(self, automation: int, key: str, since: int) -> Entries:
        same = [run for run in self.runs.values() if run.key == key]
        return Entries(
            len(same),
            sum(run.entered_at >= since for run in self.runs.values()),
            max((run.entered_at for run in same), default=None),
            max((run.ended_at for run in same if run.ended_at is not None), default=None),
        )

    def knows(self, run: str) -> bool:
        return run in self.runs

    def marketing_since(self, since: int) -> int:
        sent = ((effect.at, effect.step.message) for effect in self.effects if isinstance(effect.step, Send))
        mails = self.house.messages
        return sum(at >= since and message in mails and mails[message].purpose == "marketing" for at, message in sent)


def rehearse(
    definition: Definition,
    person: Person,
    house: House,
    segments: Mapping[int, Condition],
    *,
    since: int,
    until: int,
    is_over: Callable[[], bool] = lambda: False,
) -> Rehearsed:
    """Of what happened from `since` to `until` (ms UTC). person: with the events of all kinds that matter. is_over:
    whether somebody has waited long enough: then it is what was found by then."""
    past, missed = _Past(person, house, segments), list[Miss]()
    book = Book([Live(REHEARSED, 1, definition, active_at=since)], house, lambda automation, version: None)

    def hear(events: Sequence[Event], now: int) -> None:
        walker = Walker(book, [run for run in past.runs.values() if run.goes_on], past, now)
        walker.hear(events)
        walker.advance(now)
        walked = walker.walked()
        past.runs |= walked.runs
        past.effects += walked.effects
        missed.extend(walked.missed)

    def pass_time(to: int) -> None:
        """Everything at the instant at which it is due."""
        while (due := min((run.wake_at for run in past.runs.values() if run.wake_at is not None), default=to)) < to:
            if is_over():
                return
            hear([], due)

    for event in person.history:
        if since <= event.at <= until and not is_over():
            pass_time(event.at)
            hear([event], event.at)
    pass_time(until)
    if not is_over():
        hear([], until)
    return Rehearsed(list(past.runs.values()), past.effects, missed)
