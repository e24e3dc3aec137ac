"""What do the rules say when one contact's history passes before them, in order of event time?

Order at one instant: the timers that are due (by rule, then by thing), then what they said, then each event by its id,
followed by what it made the rules say. Reads nothing, writes nothing; `engine.py` decides from where to fold.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sessionizer.contact import Contact
from sessionizer.derived import MAX_DEPTH, Derived, derived_id
from sessionizer.event import Event, Kind
from sessionizer.rule import ACTIVITY, Fact, Rule, State, Step
from sessionizer.thread import FOREVER, Slot, Slots

MAX_SLOTS = 256
"""Things (conversations, balances, …) of one contact that one rule remembers at most."""

LOOP_DEPTH = "loop_depth"  # the name that the doors use for the same refusal
STATE_FULL = "state_full"
WAKE_NOT_LATER = "wake_not_later"


class Place(NamedTuple):
    """A rule, its rank in the order of rules, and how the names of its slots begin."""

    rule: Rule
    rank: int
    prefix: str


class Table:
    """Which rules hear an event? Made once from the rules, in their order; a look-up an event."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.places = {rule.name: Place(rule, rank, f"{rule.name}/") for rank, rule in enumerate(rules)}
        if len(self.places) < len(rules) or any("/" in name for name in self.places):
            raise ValueError(f"rules need distinct names without a slash, not {[rule.name for rule in rules]}")
        kinds = {_kind(taken) for rule in rules for taken in rule.takes if taken != ACTIVITY}
        self._by_kind = {kind: self._takers({"/".join(kind)}) for kind in kinds}
        self._by_active_kind = {kind: self._takers({"/".join(kind), ACTIVITY}) for kind in kinds}
        self._by_activity = self._takers({ACTIVITY})

    def hearing(self, event: Event) -> Sequence[Place]:
        """The rules that take the event, in order."""
        if event.activity:
            return self._by_active_kind.get((event.category, event.key), self._by_activity)
        return self._by_kind.get((event.category, event.key), ())

    def heard_of(self, kind: Kind) -> bool:
        """Whether any rule takes what a rule says of this kind: hardly ever, and then an event is made of it."""
        return kind in self._by_kind

    def place_of(self, slot_name: str) -> Place:
        """Whose slot it is."""
        return self.places[slot_name.partition("/")[0]]

    def _takers(self, takes: set[str]) -> tuple[Place, ...]:
        return tuple(place for place in self.places.values() if takes.intersection(place.rule.takes))


class Ended(NamedTuple):
    """A state that a rule forgot at the instant `at`, ms UTC: a session that is over, a meeting that has begun."""

    rule: str
    state: State
    at: int


class Refused(NamedTuple):
    """What a rule asked for and did not get. reason: LOOP_DEPTH, STATE_FULL or WAKE_NOT_LATER. at: ms UTC."""

    reason: str
    rule: str
    at: int


class Fold:
    """One contact's rules at work. Feed it events in order; what they say gathers in `said`, `ended`, `refused`."""

    __slots__ = ("_contact", "_table", "_unheard", "ended", "fired_at", "refused", "said", "slots", "wake_at")

    def __init__(self, table: Table, contact: Contact, slots: Slots, wake_at: int, fired_at: int) -> None:
        """slots: become the fold's own. wake_at: not later than the first timer, FOREVER without any."""
        self._table = table
        self._contact = contact
        self._unheard: list[tuple[int, Derived]] = []  # facts waiting for the rules after the one of that rank
        self.slots = slots
        self.wake_at = wake_at
        self.fired_at = fired_at
        self.said: list[Derived] = []
        self.ended: list[Ended] = []
        self.refused: list[Refused] = []

    def feed(self, event: Event) -> None:
        """Let the rules hear one event; `advance` to its instant comes first."""
        for place in self._table.hearing(event):
            self._hear(place, event)
        if self._unheard:
            self._pass_on()

    def advance(self, until: int) -> None:
        """Fire what is due at or before `until` (ms UTC), each timer at its own instant.

        `wake_at` is but a lower bound, because most events move a timer: the true one is looked for when it is reached.
        """
        while self.wake_at <= until:
            self.wake_at = self._first_timer()
            if self.wake_at <= until:
                self._fire(self.wake_at)

    def _first_timer(self) -> int:
        first = FOREVER
        for _, wake_at in self.slots.values():
            if wake_at is not None and wake_at < first:
                first = wake_at
        return first

    def _fire(self, due: int) -> None:
        self.fired_at = due
        placed = [(self._table.place_of(name), name) for name, slot in self.slots.items() if slot[1] == due]
        if len(placed) > 1:
            placed.sort(key=_by_rank)
        for place, name in placed:
            slot = self.slots[name]
            self._keep(place, name, slot, place.rule.on_time(slot[0], due, self._contact), at=due, depth=0)
        if self._unheard:
            self._pass_on()

    def _hear(self, place: Place, event: Event) -> None:
        rule, _, prefix = place
        thing = rule.key_of(event)
        if thing is not None:
            name = prefix + thing
            slot = self.slots.get(name)
            step = rule.on_event(slot[0] if slot else None, event, self._contact)
            state, facts, wake_at = step
            if slot and state and wake_at and not facts and event.at < self.wake_at <= wake_at:
                self.slots[name] = (state, wake_at)  # nearly always: it goes on
            else:
                self._keep(place, name, slot, step, at=event.at, depth=event.depth)

    def _keep(self, place: Place, name: str, slot: Slot | None, step: Step, *, at: int, depth: int) -> None:
        """Take a rule's answer: its state into its slot, its facts among what was said."""
        state, facts, wake_at = step
        if state is None:
            if slot is not None:
                self.ended.append(Ended(place.rule.name, slot[0], at))
                del self.slots[name]
        elif slot is None and self._full(place):
            self.refused.append(Refused(STATE_FULL, place.rule.name, at))
            return
        elif wake_at is None:
            self.slots[name] = (state, None)
        elif wake_at <= at:  # it would fire without end
            self.refused.append(Refused(WAKE_NOT_LATER, place.rule.name, at))
            self.slots[name] = (state, None)
        else:
            self.slots[name] = (state, wake_at)
            if wake_at < self.wake_at:
                self.wake_at = wake_at
        for fact in facts:
            self._say(place, fact, at, depth)

    def _full(self, place: Place) -> bool:
        if len(self.slots) < MAX_SLOTS:
            return False
        return sum(name.startswith(place.prefix) for name in self.slots) >= MAX_SLOTS

    def _say(self, place: Place, fact: Fact, at: int, depth: int) -> None:
        if depth >= MAX_DEPTH:
            self.refused.append(Refused(LOOP_DEPTH, place.rule.name, at))
            return
        kind, cause, data = fact
        category, key = kind
        name = derived_id(place.rule.name, kind, cause, at)
        derived = Derived(at, name, category, key, dict(data), cause, depth + 1)
        self.said.append(derived)
        if self._table.heard_of(kind):
            self._unheard.append((place.rank, derived))

    def _pass_on(self) -> None:
        """Let the rules after each hear what it said, and what they say to that."""
        for rank, derived in self._unheard:  # grows while it is read
            event = derived.event()
            for place in self._table.hearing(event):
                if place.rank > rank:
                    self._hear(place, event)
        self._unheard.clear()


def _by_rank(placed: tuple[Place, str]) -> tuple[int, str]:
    place, name = placed
    return (place.rank, name)


def _kind(taken: str) -> Kind:
    category, _, key = taken.partition("/")
    return (category, key)
