"""Somebody walks through automations, in memory: every batch a `Walker`, what is between them saved and read again."""

from collections.abc import Mapping, Sequence, Set
from datetime import UTC
from zoneinfo import ZoneInfo

from sessionizer.automations.book import Book, House, Live
from sessionizer.automations.definition import Definition, HouseRules, parse
from sessionizer.automations.entering import Coming
from sessionizer.automations.reach import Mail
from sessionizer.automations.run import Run, decode_run, encode_run
from sessionizer.automations.walk import Walker
from sessionizer.automations.way import Effect, Entries, Miss
from sessionizer.contact import Contact
from sessionizer.event import Event
from sessionizer.segments.condition import Condition
from sessionizer.segments.evaluate import changes_at, holds
from sessionizer.segments.history import Moment, Person

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOON = 1_750_000_000_000 // DAY * DAY + 12 * HOUR  # a Sunday, UTC
REACHABLE = Contact(1, False, identifiers={"email_id": ("anna@mail.example",)})
NO_RULES = HouseRules()
MAILS = {7: Mail("email", "marketing"), 8: Mail("email", "transactional")}


def event(key: str, at: int, *, id: str = "", category: str = "custom", **properties: object) -> Event:
    """One that happened."""
    return Event(at, id or f"{key} {at}", category, key, properties)


class Walking:
    """One contact and its automations."""

    def __init__(self, *automations: Mapping[str, object] | Definition, rules: HouseRules = NO_RULES) -> None:
        """automations: plain or parsed; their ids are 1, 2, 3; active since ever."""
        parsed = [one if isinstance(one, Definition) else parse(one) for one in automations]
        self.lives = [Live(id, 1, one, active_at=0) for id, one in enumerate(parsed, 1)]
        self.rules = rules
        self.known = REACHABLE
        self.history: list[Event] = []
        self.saved: dict[str, bytes] = {}
        self.effects: list[Effect] = []
        self.missed: list[Miss] = []
        self.passed: dict[tuple[int, str], int] = {}
        self.now = NOON
        self.id = REACHABLE.id

    def book(self) -> Book:
        """Anew for each batch."""
        return Book(self.lives, House(UTC, self.rules, MAILS, ZoneInfo), lambda automation, version: None)

    # Source -----------------------------------------------------------------------------------------------------------

    def contact(self) -> Contact:
        """See the protocol."""
        return self.known

    def holds(self, condition: Condition, at: int) -> bool:
        """See the protocol."""
        return holds(condition, self._person(at), Moment(at, UTC))

    def changes_at(self, condition: Condition, at: int) -> int | None:
        """See the protocol."""
        return changes_at(condition, self._person(at), Moment(at, UTC))

    def _person(self, at: int) -> Person:
        return Person(
            self.known, sorted((one for one in self.history if one.at <= at), key=lambda one: (one.at, one.id))
        )

    def entries(self, automation: int, key: str, since: int) -> Entries:
        """See the protocol."""
        runs = [run for run in self.runs() if run.automation == automation]
        same = [run for run in runs if run.key == key]
        return Entries(
            len(same),
            sum(run.entered_at >= since for run in runs),
            max((run.entered_at for run in same), default=None),
            max((run.ended_at for run in same if run.ended_at is not None), default=None),
        )

    def knows(self, run: str) -> bool:
        """See the protocol."""
        return run in self.saved

    def marketing_since(self, since: int) -> int:
        """See the protocol."""
        return sum(effect.at >= since and getattr(effect.step, "message", 0) == 7 for effect in self.effects)

    # Going on ---------------------------------------------------------------------------------------------------------

    def runs(self) -> list[Run]:
        """All there are or were."""
        return [decode_run(body) for body in self.saved.values()]

    def walker(self, now: int) -> Walker:
        """For one batch."""
        return Walker(self.book(), [run for run in self.runs() if run.goes_on], self, now)

    def take(self, walker: Walker) -> None:
        """What a batch came to."""
        walked = walker.walked()
        self.saved |= {id: encode_run(run) for id, run in walked.runs.items()}
        self.effects += walked.effects
        self.missed += walked.missed
        for name, number in walked.passed.items():
            self.passed[name] = self.passed.get(name, 0) + number

    def hear(
        self,
        *events: Event,
        now: int | None = None,
        replaced: Mapping[str, str] | None = None,
        historical: Set[str] = frozenset(),
    ) -> None:
        """A batch. now: that of the last event, unless it is said."""
        self.history += events
        self.now = at = max(one.at for one in events) if now is None else now
        walker = self.walker(at)
        walker.hear(sorted(events, key=lambda one: (one.at, one.id)), replaced or {}, historical)
        walker.advance(at)
        self.take(walker)

    def pass_time(self, until: int) -> None:
        """Time goes by, and somebody looks each half hour."""
        while self.now < until:
            self.tick(min(until, self.now + 30 * MINUTE))

    def tick(self, now: int) -> None:
        """Somebody looks what is due."""
        self.now = now
        walker = self.walker(now)
        walker.advance(now)
        self.take(walker)

    def enter(self, coming: Coming, now: int) -> None:
        """By hand, or by a date."""
        walker = self.walker(now)
        walker.enter(self.lives[0], coming)
        walker.advance(now)
        self.take(walker)

    def did(self) -> list[tuple[str, int]]:
        """(step, at) of everything that was asked for."""
        return [(effect.step.id, effect.at) for effect in self.effects]

    def reasons(self) -> list[str]:
        """Why somebody did not come in."""
        return [one.reason for one in self.missed]

    def ends(self) -> Sequence[str]:
        """Why runs have ended, "" of one that goes on; by entry."""
        return [run.why for run in sorted(self.runs(), key=lambda run: (run.entered_at, run.id))]
