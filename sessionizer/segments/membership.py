"""Which segments is a person in, as events and time go by? Membership goes on with each event, and by itself.

    meet      somebody new
    follow    events that come in order, and edges of windows that are reached: on the spot
    overhear  a late one of somebody who did so much that the past is not looked at again
    replay    a late one, two people who become one, a segment that is new: from the history (`replay.py`)

They say when somebody came into a segment, or left it. What they answer is what `evaluate.py` means, by test. What is
known of a person (attributes, lists, consent) changes at the instant at which it was told; a replay remembers for a
while how it was before. Reads nothing, writes nothing.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from sessionizer.event import Event
from sessionizer.segments.book import Book
from sessionizer.segments.going import EVENT, KNOWN, Cause, Flip, Going, Kept, Source, heard
from sessionizer.segments.kept.recent import Events
from sessionizer.segments.standing import Slot, Standing

MANY = 5_000
"""Events that matter, of one person, from which on late ones are overheard."""

NOTHING = Slot(None, False)

Instants = list[tuple[int, list[Event]]]
"""Events in order, those of one instant together."""


class Moved(NamedTuple):
    """A person after something happened. flips: in order of time."""

    standing: Standing
    flips: Sequence[Flip] = ()


def meet(book: Book, events: Sequence[Event], source: Source, now: int, *, told_at: int | None = None) -> Moved:
    """Somebody new. events: all that there are, in order, one at least, none later than now (ms UTC).

    told_at: of the event by which the contact is known as it is now; until then nothing is known. None: nothing is.
    """
    (at, together), *later = by_instant(events)
    going = Going(book, Standing({}, (), at, told_by=together[-1].id), source)
    known = book.unlike_nobody(source.contact(), at) if told_at == at else book.unlike_nobody(source.nobody(), at)
    going.meet(at, heard(book, {}, together), known, cause_of(together))
    for instant, group in later:
        _go_to(book, going, instant, group, tells=instant == told_at)
    going.advance(now)
    return Moved(going.stand(), going.flips)


def follow(
    book: Book, standing: Standing, events: Sequence[Event], source: Source, now: int, *, told_at: int | None = None
) -> Moved | None:
    """Events in order, and what is due by now (ms UTC). None: one comes late, or has yet to happen.

    events: sorted by (at, id). told_at: of the one by which what is known of the contact has changed.
    """
    if standing.again_at <= now or (events and (events[0].at < standing.first_at or events[-1].at > now)):
        return None
    going: Going | None = None
    for at, group in by_instant(events):
        changed, tells = heard(book, going.slots if going else standing.slots, group), at == told_at
        if changed or tells:
            if at <= standing.last_at:
                return None
            going = going or Going(book, standing, source)
            _go_to(book, going, at, group, tells=tells, changed=changed)
    if going is None and standing.wake_at > now:
        return Moved(standing)
    going = going or Going(book, standing, source)
    going.advance(now)
    return Moved(going.stand(), going.flips)


def _go_to(
    book: Book, going: Going, at: int, group: Sequence[Event], *, tells: bool, changed: Kept | None = None
) -> None:
    """An instant at which something happens. tells: what is known of the contact becomes another."""
    changed = heard(book, going.slots, group) if changed is None else changed
    if changed or tells or going.standing.wake_at <= at:
        going.advance(at - 1)
        known = going.tell(at, group[-1].id) if tells else {}
        going.look(at, changed, known, cause_of(group, told=tells and not changed))


def overhear(book: Book, standing: Standing, events: Sequence[Event], source: Source, now: int) -> Moved:
    """Late events, as if they were told at the last instant: who is in what is right, since when is not looked at.

    events: sorted, one at least, none later than now (ms UTC).
    """
    changed = heard(book, standing.slots, events)
    for name in {name for event in events for name, _ in book.hearing(event)}:
        kept = changed.get(name) or standing.slots.get(name, NOTHING).kept
        if isinstance(kept, Events):  # what came late may also have come in between
            changed[name] = msgspec.structs.replace(kept, lost=True, settled_at=None)
    going = Going(book, standing, source)
    at = max(standing.last_at, events[-1].at)
    going.advance(at - 1)
    going.look(at, changed, {}, cause_of(events))
    going.advance(now)
    return Moved(going.stand(), going.flips)


def by_instant(events: Sequence[Event]) -> Instants:
    """Events in order, those of one instant together."""
    if len(events) == 1:  # nearly always
        return [(events[0].at, [*events])]
    return [(at, list(together)) for at, together in groupby(events, key=_at)]


def cause_of(events: Sequence[Event], *, told: bool = False) -> Cause:
    """By what happened at an instant: the last of it."""
    return Cause(events[-1].id, KNOWN if told else EVENT, events[-1].depth)


def _at(event: Event) -> int:
    return event.at
