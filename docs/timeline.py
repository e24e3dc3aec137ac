"""What does the engine say of a small history, moment by moment? For the pictures: the real engine, nothing else real.

A `Story` is one deployment in a few lines: people, their events as they arrive, a clock. `snapshot` is what stands, and
what stood once, at that moment. Times are minutes of one day, so that a picture can be read without a calendar.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.engine import Engine, Outcome
from sessionizer.event import Event, Page
from sessionizer.rules.assignments import RULES
from sessionizer.rules.inactivity import ENDED, STARTED
from sessionizer.thread import FOREVER, ORIGIN, Thread

MINUTE_MS = 60_000
DAY_0 = 1_790_000_000_000 // 86_400_000 * 86_400_000
"""Midnight UTC of the day of all pictures, ms."""


class Happened(NamedTuple):
    """An event as a picture shows it. at: minutes. by: the device. is_late: it arrived after others had been folded."""

    at: float
    by: str
    text: str
    is_late: bool = False


class Bar(NamedTuple):
    """A session. Minutes: its first and last activity, and when its end is said; None while it is open."""

    id: str
    contact: str
    begins: float
    ends: float
    said_at: float | None


class Gone(NamedTuple):
    """A derived event that was superseded. session: its id. heir: the session that holds its beginning now, if any."""

    at: float
    key: str
    session: str
    heir: str | None = None


class Snapshot(NamedTuple):
    """A moment. happened: by contact. bars, gone: in order of time."""

    happened: dict[str, list[Happened]]
    bars: list[Bar]
    gone: list[Gone]


class Story:
    """People whose events arrive. A contact is known by a name."""

    def __init__(self) -> None:
        self._engine = Engine(RULES)
        self._events: dict[str, list[Event]] = {}
        self._late: set[str] = set()
        self._threads: dict[str, Thread] = {}
        self._said: dict[str, dict[str, Derived]] = {}
        self._once: dict[str, Derived] = {}  # all that was ever said

    def arrives(self, contact: str, at: str, text: str, *, by: str = "", now: str) -> None:
        """An event of `contact` at "10:05", received at `now`."""
        event = _event(_minutes(at), text, by)
        self._events[contact] = sorted([*self._events.get(contact, []), event], key=_place)
        thread = self._threads.get(contact)
        since = self._engine.rewind_to(thread, event.at, event.id)
        if since is None:
            self._take(contact, self._engine.fold(thread, [event], Contact(1), _ms(now)))
        else:
            self._late.add(event.id)
            self._refold(contact, thread, now, since=since, upto=event.at)

    def clock(self, now: str) -> None:
        """Nothing happens but time."""
        for contact, thread in self._threads.items():
            self._take(contact, self._engine.fold(thread, (), Contact(1), _ms(now)))

    def join(self, survivor: str, absorbed: str, now: str) -> None:
        """Two contacts turn out to be one person."""
        join = self._engine.join(self._threads[survivor], self._threads.pop(absorbed))
        assert join is not None
        self._events[survivor] = sorted([*self._events[survivor], *self._events.pop(absorbed)], key=_place)
        self._said[survivor] |= self._said.pop(absorbed)
        self._refold(survivor, join.thread, now, since=join.since, upto=join.upto)

    def part(self, survivor: str, parted: str, by: str, now: str) -> None:
        """The join is undone: what `by` (a device) did is another's again, and both are folded anew."""
        of_both = self._events[survivor]
        self._events = self._events | {
            survivor: [event for event in of_both if event.visitor != by],
            parted: [event for event in of_both if event.visitor == by],
        }
        self._refold(survivor, None, now, since=ORIGIN, upto=FOREVER)
        self._refold(parted, None, now, since=ORIGIN, upto=FOREVER)

    def snapshot(self) -> Snapshot:
        """What is known now."""
        standing = {id for said in self._said.values() for id in said}
        bars = [bar for contact, said in self._said.items() for bar in self._bars(contact, said.values())]
        bars.sort(key=lambda bar: bar.begins)
        superseded = sorted((one for id, one in self._once.items() if id not in standing), key=lambda one: one.at)
        happened = {contact: list(map(self._happened, events)) for contact, events in self._events.items()}
        return Snapshot(happened, bars, [_gone(one, bars) for one in superseded])

    def _refold(self, contact: str, thread: Thread | None, now: str, *, since: int, upto: int) -> None:
        history = [event for event in self._events[contact] if event.at >= since]
        said = [one for one in self._said.get(contact, {}).values() if one.at >= since]
        outcome = self._engine.refold(thread, history, said, Contact(1), _ms(now), since=since, upto=upto)
        self._take(contact, outcome)

    def _take(self, contact: str, outcome: Outcome) -> None:
        said = self._said.setdefault(contact, {})
        for one in outcome.retracted:
            del said[one.id]
        told = {one.id: one for one in (*outcome.added, *outcome.revised)}
        said |= told
        self._once |= told
        self._threads = {**self._threads, contact: outcome.thread}

    def _bars(self, contact: str, said: Iterable[Derived]) -> Iterable[Bar]:
        """The sessions of a contact: from what was said of them, and from the last event where nothing was yet."""
        ends = {one.data["session_id"]: one for one in said if one.kind == ENDED}
        for one in said:
            if one.kind == STARTED:
                end = ends.get(one.id)
                last = self._events[contact][-1].at if end is None else _ended_at(end, self._events[contact])
                yield Bar(one.id, contact, _minute(one.at), _minute(last), _minute(end.at) if end else None)

    def _happened(self, event: Event) -> Happened:
        return Happened(_minute(event.at), event.visitor, str(event.properties["text"]), event.id in self._late)


def _ended_at(end: Derived, events: Sequence[Event]) -> int:
    """The last activity: the end's cause is the event at which it was."""
    return next(event.at for event in events if event.id == end.cause)


def _gone(one: Derived, bars: Sequence[Bar]) -> Gone:
    session = str(one.data.get("session_id", one.id))
    at = _minute(one.at)
    around = [bar.id for bar in bars if bar.begins <= at <= bar.ends]
    return Gone(at, one.key, session, around[0] if one.kind == STARTED and around else None)


def _event(minutes: int, text: str, by: str) -> Event:
    at = DAY_0 + minutes * MINUTE_MS
    page = Page(f"https://shop.example{text}") if text.startswith("/") else None
    key = "page_visited" if page else "identified"
    return Event(
        at=at, id=f"{by}{minutes}", category="website" if page else "contact", key=key, page=page, visitor=by,
        activity=True, properties={"text": text},
    )  # fmt: skip


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _ms(clock: str) -> int:
    return DAY_0 + _minutes(clock) * MINUTE_MS


def _minute(at: int) -> float:
    return (at - DAY_0) / MINUTE_MS


def _place(event: Event) -> tuple[int, str]:
    return event.at, event.id
