"""What do a team's own events carry? A few of each batch are looked at, and what they show is kept.

The first hundred of a kind are looked at as they come, of the later ones one in sixteen; and never more of a batch than
takes some hundredths of its time. Whoever sends little is seen whole, whoever sends much is seen often enough.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

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
"""Events, some 100 µs each where they carry much; a batch of 1,000 takes 100 ms."""
REMEMBERED = 20_000


class Learner:
    """Looks at custom events as they are recorded. One a worker."""

    def __init__(self, kinds: LearnedKinds) -> None:
        self._kinds = kinds
        self._settled: set[str] = set()  # keys of which a hundred were seen; one too many or too few does no harm

    def learn(self, events: Sequence[NewEvent]) -> None:
        """Within the transaction of the batch. What bots send is nobody's habit."""
        settled, by_key = self._settled, defaultdict(list)
        for event in [event for event in events if event.category == CUSTOM]:
            if (event.key not in settled or event.offset % ONE_IN == 0) and not event.flags & BOT:
                by_key[event.key].append(event)
        if by_key:
            self._keep({(CUSTOM, key): chosen for key, chosen in _chosen(by_key, turn=events[0].offset)})

    def _keep(self, chosen: Mapping[Kind, Sequence[NewEvent]]) -> None:
        known, shapes = self._kinds.load(chosen), {}
        for kind, events in chosen.items():
            seen = observe([(event.at, event.properties or NOTHING) for event in events], MASKS)
            shapes[kind] = join(known[kind], seen) if kind in known else seen
            if shapes[kind].looked_at.count >= FIRST and len(self._settled) < REMEMBERED:
                self._settled.add(kind[1])
        self._kinds.save(shapes)


def _chosen(by_key: Mapping[str, Sequence[NewEvent]], *, turn: int) -> Iterator[tuple[str, Sequence[NewEvent]]]:
    """Which are looked at. turn: where there are too many keys for one batch, others come first in another."""
    keys = list(by_key)
    for place in range(min(len(keys), OF_A_BATCH)):
        key = keys[(turn + place) % len(keys)]
        yield key, _spread(by_key[key], max(1, OF_A_BATCH // len(keys)))


def _spread(events: Sequence[NewEvent], count: int) -> Sequence[NewEvent]:
    """So many of them, evenly from the first to the last."""
    if len(events) <= count:
        return events
    return [events[place * len(events) // count] for place in range(count)]
