"""How often did it happen? Of what comes into a window, or goes, as many as the number asked for can tell apart.

in the last N         the newest
longer ago than N     the oldest
both                  all that have not gone
ever, or in a time    the number alone
"""

from bisect import insort
from collections.abc import Sequence
from datetime import date, tzinfo

import msgspec

from sessionizer.event import Event
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import Today
from sessionizer.segments.evaluate import counts
from sessionizer.segments.history import matches, on_page
from sessionizer.segments.kept.keeper import MOST, Answer, Kept, Mark
from sessionizer.segments.window import NEVER, Stay
from sessionizer.thread import FOREVER

Coming = tuple[Stay, str]
"""When an event counts, and its id."""


class Marks(Kept, frozen=True, tag="m"):
    """number: of events that count for ever. marks: those that come or go, sorted.

    From lost_from until lost_until others may count that are not kept.
    """

    number: int = 0
    marks: tuple[Mark, ...] = ()
    lost_from: int = 0
    lost_until: int = 0


class Count:
    """Events, or sessions, by number."""

    def __init__(self, wanted: asks.Did, zone: tzinfo) -> None:
        self.kinds = frozenset({wanted.kind})
        self.grows = wanted.count.op == "at_least"
        self._wanted, self._window, self._today = wanted, wanted.window, Today(date.min, zone)
        self._comes, self._goes = wanted.window.ago is not None, wanted.window.last is not None
        self._enough = max(wanted.count.value + (wanted.count.op != "at_least"), 1)
        self._is_bounded = wanted.window.after is not None or wanted.window.before is not None
        self._all_matter = (self._comes and self._goes) or self._enough > MOST
        self._most = MOST if self._all_matter else self._enough
        self._of_none = counts(wanted.count, 0)

    def looks_at(self, url: str) -> bool:
        """See the protocol."""
        return on_page(self._wanted, url, self._today)

    def heard(self, kept: Marks | None, event: Event) -> Marks | None:
        """See the protocol."""
        if not matches(self._wanted, event, self._today):
            return kept
        if self._is_bounded and self._stay(event.at) is NEVER:
            return kept
        if not (self._comes or self._goes):
            return Marks(kept.number + 1 if kept else 1)
        mark = (event.at, event.id)
        if kept is None:
            return Marks(marks=(mark,))
        if self._most == 1 and not self._all_matter:
            return self._only(kept, mark)
        marks = [*kept.marks]
        insort(marks, mark)
        return self._trimmed(kept, marks)

    def _only(self, kept: Marks, mark: Mark) -> Marks:
        """The newest one, or the oldest, where one is enough."""
        return Marks(marks=(max(mark, kept.marks[0]) if self._goes else min(mark, kept.marks[0]),))

    def _stay(self, at: int) -> Stay:
        return self._window.stay(at, self._today.zone)

    def _trimmed(self, kept: Marks, marks: Sequence[Mark]) -> Marks:
        """Without those that cannot change the answer, and never too many."""
        if self._all_matter and self._goes and len(marks) > 1:
            newest = marks[-1][0]
            marks = [mark for mark in marks if self._stay(mark[0]).leaves > newest]
        cut = max(len(marks) - self._most, 0)
        lost, marks = (marks[:cut], marks[cut:]) if self._goes else (marks[self._most :], marks[: self._most])
        kept = msgspec.structs.replace(kept, marks=tuple(marks))
        return self._with_loss(kept, lost) if self._all_matter and lost else kept

    def _with_loss(self, kept: Marks, lost: Sequence[Mark]) -> Marks:
        stays = [self._stay(at) for at, _ in lost]
        since, until = min(stay.enters for stay in stays), max(stay.leaves for stay in stays)
        if kept.lost_until:
            since, until = min(since, kept.lost_from), max(until, kept.lost_until)
        return msgspec.structs.replace(kept, lost_from=since, lost_until=until)

    def answer(self, kept: Marks | None, now: int) -> Answer | None:
        """See the protocol."""
        if kept is None or not kept.marks:
            return Answer(counts(self._wanted.count, kept.number if kept else 0))
        if self.grows and len(kept.marks) < self._wanted.count.value and not kept.lost_until:
            return Answer(False)  # time alone makes them no more
        if len(kept.marks) == 1 and not kept.lost_until:
            return self._of_one(*kept.marks[0], now)
        stays = [(self._stay(at), id) for at, id in kept.marks]
        number = sum(stay.enters <= now < stay.leaves for stay, _ in stays)
        if kept.lost_from <= now < kept.lost_until and number < self._enough:
            return None
        is_so = counts(self._wanted.count, number)
        until, by = self._turn(stays, number, now, is_so=is_so)
        return Answer(is_so, kept.lost_from if now < kept.lost_from < until else until, by)

    def _of_one(self, at: int, id: str, now: int) -> Answer:
        """As below, of a single one: the most frequent by far."""
        enters, leaves = self._stay(at)
        outside, inside = self._of_none, counts(self._wanted.count, 1)
        if now < enters:
            return Answer(outside, enters if inside != outside else FOREVER, id)
        if now < leaves:
            return Answer(inside, leaves if inside != outside else FOREVER, id)
        return Answer(outside, FOREVER, id)

    def _turn(self, stays: Sequence[Coming], number: int, now: int, *, is_so: bool) -> tuple[int, str]:
        """The first instant after now at which the number is another answer, and by which event."""
        steps = [(stay.enters, 1, id) for stay, id in stays if stay.enters > now]
        steps += [(stay.leaves, -1, id) for stay, id in stays if now < stay.leaves < FOREVER]
        steps.sort()
        for place, (at, step, id) in enumerate(steps):
            number += step
            instant_is_over = place + 1 == len(steps) or steps[place + 1][0] > at
            if instant_is_over and counts(self._wanted.count, number) != is_so:
                return at, id
        return FOREVER, ""
