"""What does the worker read and write of automations? Within its transaction. Contacts are survivors."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from collector.store.ports.automations.definitions import Ask, Automation, Version
from sessionizer.automations.definition import HouseRules
from sessionizer.automations.reach import Mail
from sessionizer.automations.run import Run
from sessionizer.automations.way import Entries


class Missed(NamedTuple):
    """Somebody who did not come in. reason: again pause cap old who holdout past dead paused. event: its id."""

    automation: int
    contact: int
    reason: str
    at: int
    event: str


class Sent(NamedTuple):
    """A message that a run asked for. delivery: its id in the outbox."""

    delivery: str
    run: str
    automation: int
    contact: int
    message: int
    marketing: bool
    at: int


class DateTimer(NamedTuple):
    """When a contact comes in because of a date in an attribute. trigger: its place in the definition."""

    automation: int
    trigger: int
    contact: int
    due_at: int


class DateWalk(NamedTuple):
    """How far the worker is with asking the contacts that there were for a date: version of the automation asked."""

    automation: int
    version: int
    walked_to: int
    upto: int


class AutomationWork(Protocol):
    """One a worker."""

    def automations(self) -> list[Automation]:
        """All that are not archived, and archived ones (which are stopped) in which somebody still is."""

    def version(self, automation: int, version: int) -> Version | None:
        """What it was then."""

    def stamp(self) -> str:
        """Another one when an automation, a message, a segment or the rules for all have been changed."""

    def messages(self) -> Mapping[int, Mail]:
        """Those that may be sent, in their newest versions."""

    def inside(self, automation: int, after: str, limit: int) -> list[Run]:
        """Runs that go on, by id, those after `after`."""

    def rules(self) -> HouseRules:
        """What holds for all."""

    def running(self, contacts: Collection[int]) -> Mapping[int, list[Run]]:
        """The runs of these contacts that go on, by (entered_at, id); who has none is left out."""

    def run(self, id: str) -> Run | None:
        """One, whether it goes on or not."""

    def known(self, ids: Collection[str]) -> set[str]:
        """Those of these runs that there are, whether they go on or not."""

    def due(self, now: int, limit: int, paused: Collection[int]) -> list[Run]:
        """Runs whose wake_at is `now` or earlier, in order of (wake_at, id), without those of paused automations."""

    def next_due(self, paused: Collection[int] = ()) -> int | None:
        """When the next one is due, ms UTC, without those of paused automations."""

    def save(self, runs: Iterable[Run]) -> None:
        """Insert, or replace what was saved of it."""

    def entries(self, automation: int, contact: int, key: str, since: int) -> Entries:
        """How often the contact has come in. since: what `recent` counts from, ms UTC; of the cap all keys count."""

    def rehome(self, absorbed: int, survivor: int) -> None:
        """Everything that is the absorbed contact's is the survivor's."""

    def forget(self, contact: int) -> None:
        """Somebody was erased: nothing of theirs stays but numbers."""

    def miss(self, missed: Iterable[Missed]) -> None:
        """Keep why; of one contact, automation and reason the last time and how often."""

    def sent(self, rows: Iterable[Sent]) -> None:
        """Messages that were put into the outbox; each is counted once, as step "@sent"."""

    def marketing_since(self, contact: int, since: int) -> int:
        """How many marketing messages automations have asked for, for that contact, at `since` (ms UTC) or later."""

    def passed(self, steps: Mapping[tuple[int, str], int]) -> None:
        """So many more came to these steps. (automation, step); step "@entered" and "@ended" of the whole."""

    def asks(self, limit: int) -> list[Ask]:
        """What people want, in the order in which they asked."""

    def done(self, asks: Iterable[int]) -> None:
        """These were done."""

    def members(self, segment: int, after: int, limit: int) -> list[int]:
        """Contacts in a segment, by id, those after `after`."""

    def end_all(self, automation: int, why: str, at: int, limit: int) -> int:
        """End runs that go on, at most so many, and count them as ended; returns how many."""

    def timers(self, now: int, limit: int) -> list[DateTimer]:
        """Dates that have come, in order of time."""

    def next_timer(self) -> int | None:
        """When the next one comes, ms UTC."""

    def set_timers(self, rows: Iterable[DateTimer]) -> None:
        """One a contact, automation and trigger: put or moved."""

    def drop_timers(self, names: Iterable[tuple[int, int, int]]) -> None:
        """(automation, trigger, contact)."""

    def walks(self) -> list[DateWalk]:
        """Of automations that ask for dates."""

    def put_walks(self, walks: Sequence[DateWalk]) -> None:
        """They have come so far."""
