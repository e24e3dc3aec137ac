"""What do a team's own events carry? A few of each batch are looked at, and what they show is kept.

The first hundred of a kind are looked at as they come, of the later ones one in sixteen, and few of a batch that is
large: then the worker is busy, and gives this some hundredths of its time. Whoever sends little is seen whole, whoever
sends much is seen often enough.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from collector.privacy.mask import MASKS
from collector.store.ports.learned import LearnedKinds
from collector.store.ports.work import NewEvent
from collector.store.sqlite.body import BOT
from sessionizer.catalogue import CUSTOM
from sessionizer.event import NOTHING, Kind
from sessionizer.properties.learned import join, observe

FIRST = 100
ONE_IN = 16
OF_A_BATCH = 6
"""Events of a large batch, or later ones of any: some 100 µs each where they carry much."""
LARGE = 300
MAX_KEYS = 20
"""Keys of each of the two, a batch: each is read and written."""
REMEMBERED = 20_000


class Learner:
    """Looks at custom events as they are recorded. One a worker."""

    def __init__(self, kinds: LearnedKinds) -> None:
        self._kinds = kinds
        self._settled: set[str] = set()  # keys of which a hundred were seen; one too many or too few does no harm

    def learn(self, events: Sequence[NewEvent]) -> None:
        """Within the transaction of the batch. What bots send is nobody's habit."""
        early, later = defaultdict(list), defaultdict(list)
        for event in [event for event in events if event.category == CUSTOM and not event.flags & BOT]:
            if event.key not in self._settled:
                early[event.key].append(event)
            elif event.offset % ONE_IN == 0:
                later[event.key].append(event)
        if early or later:
            turn, most = events[0].offset, FIRST if len(events) < LARGE else OF_A_BATCH
            self._keep(dict(chain(_chosen(early, most, turn=turn), _chosen(later, OF_A_BATCH, turn=turn))))

    def _keep(self, chosen: Mapping[Kind, Sequence[NewEvent]]) -> None:
        known, shapes = self._kinds.load(chosen), {}
        for kind, events in chosen.items():
            seen = observe([(event.at, event.properties or NOTHING) for event in events], MASKS)
            shapes[kind] = join(known[kind], seen) if kind in known else seen
            if shapes[kind].looked_at.count >= FIRST and len(self._settled) < REMEMBERED:
                self._settled.add(kind[1])
        self._kinds.save(shapes)


def _chosen(
    by_key: Mapping[str, Sequence[NewEvent]], most: int, *, turn: int
) -> Iterator[tuple[Kind, Sequence[NewEvent]]]:
    """At most so many of all. turn: where there are too many keys for one batch, others come first in another."""
    keys = list(by_key)
    count = min(len(keys), most, MAX_KEYS)
    for place in range(count):
        key = keys[(turn + place) % len(keys)]
        yield (CUSTOM, key), _spread(by_key[key], most // count)


def _spread(events: Sequence[NewEvent], count: int) -> Sequence[NewEvent]:
    """So many of them, evenly from the first to the last."""
    if len(events) <= count:
        return events
    return [events[place * len(events) // count] for place in range(count)]
