"""Which segments are followed, and which of their conditions hears what? All of them, taken apart once.

A condition that several segments ask has one place here, one name, and one answer a person. Segments inside of others
are put in their places. Reads nothing, writes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import TIMELY
from sessionizer.segments.evaluate import edges_of, filters_of, holds, kinds_of
from sessionizer.segments.history import Moment, Person
from sessionizer.segments.kept.choice import keeper_of
from sessionizer.segments.kept.keeper import Answer, Keeper
from sessionizer.thread import FOREVER

NOBODY = Person(Contact(0), ())
YES, NO = Answer(True), Answer(False)
REMEMBERED = 2_000
"""Pages of which it is known who hears of them: most events are on one that was visited lately."""

Tree = str | tuple[str, tuple["Tree", ...]]
"""A condition's name, or a group: all, any, not."""


class Followed(NamedTuple):
    """A segment. since: the instant from which on it is followed, ms UTC: what changed before is none of its events."""

    id: int
    name: str
    condition: asks.Condition
    since: int


class Book:
    """Made anew when a segment changes."""

    def __init__(self, segments: Iterable[Followed], zone: tzinfo) -> None:
        """segments: with the others in their places (`whole`). zone: the deployment's."""
        self.zone = zone
        self.segments = {one.id: one for one in segments}
        self.trees = {one.id: tree_of(one.condition) for one in self.segments.values()}
        named = {name_of(leaf): leaf for one in self.segments.values() for leaf in asks.leaves(one.condition)}
        self.conditions: Mapping[str, asks.Condition] = named
        self.keepers = {name: keeper_of(leaf, zone) for name, leaf in named.items() if kinds_of(leaf)}
        self.known = tuple(name for name in named if name not in self.keepers)
        self.blank: Mapping[str, bool] = {name: holds(leaf, NOBODY, Moment(0, zone)) for name, leaf in named.items()}
        self.users = self._users()
        self._hearing = self._by_kind()
        self._of_pages = {
            kind for name, one in self.keepers.items() if _asks_of_pages(named[name]) for kind in one.kinds
        }
        self._on_page: dict[tuple[str, str, str], tuple[tuple[str, Keeper], ...]] = {}
        self._of_nobody = {name: YES if self.blank[name] else NO for name in self.known}
        self._attributes = {name: _attribute_of(named[name]) for name in self.known}
        self._timely = frozenset(name for name in self.known if _is_timely(named[name]))
        self._by_id = tuple(name for name in self.known if isinstance(named[name], asks.InBucket))
        self.inside_at_first = frozenset(id for id, tree in self.trees.items() if is_true(tree, self.blank.__getitem__))

    def _users(self) -> Mapping[str, tuple[int, ...]]:
        """Which segments ask a condition."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for one in self.segments.values():
            for leaf in asks.leaves(one.condition):
                found[name_of(leaf)].add(one.id)
        return {name: tuple(sorted(ids)) for name, ids in found.items()}

    def _by_kind(self) -> Mapping[Kind, tuple[tuple[str, Keeper], ...]]:
        found: defaultdict[Kind, list[tuple[str, Keeper]]] = defaultdict(list)
        for name, keeper in self.keepers.items():
            for kind in keeper.kinds:
                found[kind].append((name, keeper))
        return {kind: tuple(keepers) for kind, keepers in found.items()}

    @property
    def kinds(self) -> frozenset[Kind]:
        """Of the events that matter."""
        return frozenset(self._hearing)

    def hearing(self, event: Event) -> tuple[tuple[str, Keeper], ...]:
        """The conditions that hear of such events, on such a page."""
        kind = (event.category, event.key)
        every = self._hearing.get(kind, ())
        if kind not in self._of_pages:
            return every
        place = (*kind, event.page.url if event.page else "")
        found = self._on_page.get(place)
        if found is None:
            if len(self._on_page) >= REMEMBERED:
                self._on_page.clear()
            found = self._on_page[place] = tuple(one for one in every if one[1].looks_at(place[2]))
        return found

    def of_contact(self, name: str, contact: Contact, at: int) -> Answer:
        """What a condition about the contact itself says of it at an instant."""
        return self._answer(name, Person(contact, ()), Moment(at, self.zone))

    def _answer(self, name: str, person: Person, moment: Moment) -> Answer:
        condition = self.conditions[name]
        is_so, at = holds(condition, person, moment), moment.now
        if name not in self._timely:
            return YES if is_so else NO
        return Answer(is_so, min((edge for edge in edges_of(condition, person, moment) if edge > at), default=FOREVER))

    def answers_of(self, contact: Contact, at: int) -> dict[str, Answer]:
        """All that is asked about the contact itself."""
        return {**self._of_nobody, **self.unlike_nobody(contact, at)}

    def unlike_nobody(self, contact: Contact, at: int) -> dict[str, Answer]:
        """The same, as far as it is not what it is of somebody of whom nothing is known."""
        person, moment = Person(contact, ()), Moment(at, self.zone)
        asked = self._by_id if contact == Contact(contact.id) else self._by_fact(contact)
        return {
            name: answer for name in asked if (answer := self._answer(name, person, moment)) != self._of_nobody[name]
        }

    def _by_fact(self, contact: Contact) -> Iterator[str]:
        """The conditions to which this contact may be another than nobody: an attribute that is not there is none."""
        for name, attribute in self._attributes.items():
            if attribute is None or attribute in contact.attributes:
                yield name

    def only(self, ids: Iterable[int]) -> "Book":
        """Of some of the segments."""
        return Book([self.segments[id] for id in ids], self.zone)


def _attribute_of(leaf: asks.Condition) -> str | None:
    """Which attribute it asks for, None for something else."""
    return leaf.name if isinstance(leaf, asks.AttributeIs) else None


def _asks_of_pages(leaf: asks.Condition) -> bool:
    """Whether the page matters on which something happens."""
    return any(wanted.page or wanted.utm for wanted in filters_of(leaf))


def _is_timely(leaf: asks.Condition) -> bool:
    """Whether the day alone may change its answer."""
    return isinstance(leaf, asks.AttributeIs) and leaf.test.op in TIMELY


def whole(condition: asks.Condition, others: Mapping[int, asks.Condition]) -> asks.Condition:
    """The condition with every segment that it asks for in its place; one that is not there has nobody in it."""
    if isinstance(condition, asks.InSegment):
        left = {id: other for id, other in others.items() if id != condition.id}  # none goes round in a circle
        other = others.get(condition.id)
        return asks.AnyOf(()) if other is None else whole(other, left)
    if isinstance(condition, asks.NotSo):
        return asks.NotSo(whole(condition.of, others))
    if isinstance(condition, asks.AllOf | asks.AnyOf):
        return type(condition)(tuple(whole(one, others) for one in condition.of))
    return condition


def digest_of(asked: asks.Condition) -> bytes:
    """The same for the same question (as `whole` gives it): whether it was asked already."""
    return blake2b(msgspec.json.encode(asked), digest_size=8).digest()


def name_of(leaf: asks.Condition) -> str:
    """The same for the same condition, in whatever segment it stands."""
    return blake2b(msgspec.json.encode(leaf), digest_size=6).hexdigest()


def tree_of(condition: asks.Condition) -> Tree:
    """A condition by the names of its parts."""
    if isinstance(condition, asks.NotSo):
        return ("not", (tree_of(condition.of),))
    if isinstance(condition, asks.AllOf | asks.AnyOf):
        return ("all" if isinstance(condition, asks.AllOf) else "any", tuple(tree_of(one) for one in condition.of))
    return name_of(condition)


def is_true(tree: Tree, answer: Callable[[str], bool]) -> bool:
    """What the answers of the parts come to."""
    if isinstance(tree, str):
        return answer(tree)
    group, parts = tree
    if group == "not":
        return not is_true(parts[0], answer)
    decides = group == "any"
    for part in parts:
        if is_true(part, answer) == decides:
            return decides
    return not decides
