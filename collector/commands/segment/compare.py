"""Do all agree on who is in a segment? Members as the worker keeps them, the store finds them, the definition says.

Of worker and store all members are compared, the definition is asked of a sample. What differs is looked at again: an
edge may be due that the worker has not come to, an event may be on its way to the log. Reads through
`ports.segments.Executions`.
"""

import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from datetime import tzinfo
from typing import NamedTuple

from collector.process.clock import Clock, wall_clock
from collector.store.ports.contacts import Meets
from collector.store.ports.segments import Executions
from collector.store.ports.work import Question, Walk
from sessionizer.segments import condition as asks
from sessionizer.segments.book import digest_of, whole
from sessionizer.segments.evaluate import holds, kinds_within
from sessionizer.segments.history import Moment

AT_ONCE = 200
"""Histories that are read together."""
AGAIN_S = 1.0
RESTS = 60
"""For a worker that has much to do, over all segments; each is looked at again at least once."""

Watch = Callable[[int, int], None]
"""Told how many contacts were compared, and of how many."""


class Verdict(NamedTuple):
    """What the three say of one contact. waits: the worker has something to do for it, and has not come to it."""

    contact: int
    kept: bool
    found: bool
    meant: bool
    waits: bool

    @property
    def agrees(self) -> bool:
        """Whether they say the same."""
        return self.kept == self.found == self.meant


class Compared(NamedTuple):
    """One segment. contacts: of how many the definition was asked. why_not: why it cannot be compared, else ""."""

    segment: int
    name: str
    members: int = 0
    contacts: int = 0
    differences: Sequence[Verdict] = ()
    why_not: str = ""
    took_s: float = 0.0


class Sampling(NamedTuple):
    """Of how many contacts the definition is asked, half of them members where there are so many; by which seed."""

    size: int
    seed: int

    def of(self, members: Set[int], everybody: Collection[int], *, segment: int) -> list[int]:
        """Some of both, the same for the same."""
        chance = random.Random(f"{self.seed}:{segment}")
        inside, outside = sorted(members), [contact for contact in everybody if contact not in members]
        few = min(len(inside), max(self.size // 2, self.size - len(outside)))
        return chance.sample(inside, few) + chance.sample(outside, min(len(outside), self.size - few))


class Comparison:
    """Segments of one store, one after the other."""

    def __init__(
        self,
        executions: Executions,
        zone: tzinfo,
        sampling: Sampling,
        *,
        clock: Clock = wall_clock,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        """zone, clock: the deployment's. rest: lets so many seconds go by."""
        self._executions, self._zone, self._sampling = executions, zone, sampling
        self._clock, self._rest = clock, rest
        self._rests = 0

    def compare(self, segment: int, watch: Watch) -> Compared:
        """What differs now, and still does when it is looked at again; it takes a second more when anything does."""
        begun = time.monotonic()
        first = last = self._look(segment, None, watch)
        while last.differences:
            self._rest(AGAIN_S)
            self._rests += 1
            last = self._look(segment, [one.contact for one in last.differences], watch)
            if self._rests >= RESTS or not any(one.waits for one in last.differences):
                break
        took_s = time.monotonic() - begun
        return first._replace(differences=last.differences, why_not=last.why_not, took_s=took_s)

    def _look(self, segment: int, contacts: Sequence[int] | None, watch: Watch) -> Compared:
        """At one instant. contacts: whom to ask about; None: a sample, and those of whom worker and store differ."""
        with self._executions.instant():
            now = self._clock()  # after that instant: what the worker has done by then was due by now
            questions = {one.id: one for one in self._executions.questions()}
            walks = {walk.segment: walk for walk in self._executions.walks()}
            if segment not in questions:
                return Compared(segment, "", why_not="gone")
            question, others = questions[segment], {one.id: one.condition for one in questions.values()}
            if why_not := reason(question, whole(question.condition, others), walks.get(segment)):
                return Compared(segment, question.name, why_not=why_not)
            return self._ask(question, Moment(now, self._zone, others), contacts, watch)

    def _ask(self, question: Question, moment: Moment, contacts: Sequence[int] | None, watch: Watch) -> Compared:
        kept = self._executions.kept(question.id)
        found = self._executions.found(Meets(question.condition, moment))
        if contacts is None:
            sample = self._sampling.of(kept | found, self._executions.everybody(), segment=question.id)
            contacts = list(dict.fromkeys([*sample, *sorted(kept ^ found)]))
        meant = set(self._meant(question.condition, moment, contacts, watch))
        waits = self._executions.unsettled(moment.now)
        verdicts = [Verdict(one, one in kept, one in found, one in meant, one in waits) for one in sorted(contacts)]
        differences = [one for one in verdicts if not one.agrees]
        return Compared(question.id, question.name, len(kept), len(contacts), differences)

    def _meant(self, condition: asks.Condition, moment: Moment, contacts: Sequence[int], watch: Watch) -> Iterator[int]:
        """For whom of them it holds, by the definition."""
        kinds = kinds_within(condition, moment)
        for start in range(0, len(contacts), AT_ONCE):
            watch(start, len(contacts))
            people = self._executions.persons(contacts[start : start + AT_ONCE], kinds)
            yield from (one.contact.id for one in people if holds(condition, one, moment))


def reason(question: Question, asked: asks.Condition, walk: Walk | None) -> str:
    """Why a segment cannot be compared; "" when it can. asked: with the segments inside of it in their places."""
    if not question.active:
        return "paused or archived: its members stay as they were"
    if walk is None or walk.stopped or walk.question != digest_of(asked):
        return "not yet asked of everybody: the worker has not begun"
    if not walk.is_done:
        return f"not yet asked of everybody: contact {walk.walked_to:,} of {walk.upto:,}"
    return ""
