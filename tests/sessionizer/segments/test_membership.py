"""Does membership that goes on by itself say what the definition means, at every instant, in any order of arrival?"""

from collections.abc import Iterator, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.event import Event
from sessionizer.segments.book import Book, Followed, whole
from sessionizer.segments.condition import Condition, Definition
from sessionizer.segments.evaluate import changes_at, holds
from sessionizer.segments.history import Moment, Person
from sessionizer.segments.kept.keeper import Answer
from sessionizer.segments.kept.recent import answer_from
from sessionizer.segments.membership import Moved, follow, meet, overhear
from sessionizer.segments.replay import Past, Told, changes, replay
from sessionizer.segments.standing import Standing, decode_standing, encode_standing
from tests.conftest import NIGHTLY
from tests.sessionizer.segments.asking import ROME, SOMEBODY
from tests.sessionizer.segments.trees import BEGINNING, contacts, definitions, histories

OTHERS = {id: one.where for id, one in SOMEBODY.items()}
EXAMPLES = 5_000 if NIGHTLY else 200
DAY_MS = 86_400_000
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def order(event: Event) -> tuple[int, str]:
    """As events of one person stand."""
    return event.at, event.id


class Follower:
    """Hears of one person, and remembers of it no more than a worker would; what it asks for is looked up in all."""

    def __init__(self, asked: Sequence[Definition], since: int) -> None:
        """since: when the segments were made."""
        self.conditions = {n: whole(one.where, OTHERS) for n, one in enumerate(asked, 1)}
        self.book = Book([Followed(n, f"s{n}", one, since) for n, one in self.conditions.items()], ROME)
        self.history: list[Event] = []
        self.standing: Standing | None = None
        self.said: dict[str, Derived] = {}
        self.known = Contact(1)
        self.now = 0
        self.many = 1_000_000

    def contact(self) -> Contact:
        """`Source`."""
        return self.known

    def nobody(self) -> Contact:
        """`Source`."""
        return Contact(self.known.id)

    def recount(self, condition: Condition, at: int) -> Answer:
        """`Source`."""
        return answer_from([event for event in self.history if event.at <= at], condition, at, ROME)

    def hear(self, events: Sequence[Event], now: int, *, known: Contact | None = None) -> None:
        """Events come, with which what is known may change; time goes on."""
        events, told = sorted(events, key=order), known is not None and known != self.known
        self.history, self.known, self.now = sorted([*self.history, *events], key=order), known or self.known, now
        if not self.history:
            return
        if self.standing is None:
            ready = all(event.at <= now for event in events)
            moved = meet(self.book, events, self, now, told_at=events[0].at) if ready else None
        else:
            told_at = events[-1].at if told and events else None
            moved = follow(self.book, self.standing, events, self, now, told_at=told_at)
        if moved is None and self.standing and events and not told and self.standing.number >= self.many:
            moved = overhear(self.book, self.standing, events, self, now)
        self.take(moved) if moved else self.look_again(events, told=told)

    def take(self, moved: Moved) -> None:
        """In order."""
        self.keep(moved.standing)
        for flip in moved.flips:
            if flip.at > self.book.segments[flip.segment].since:
                one = flip.derived(self.book.segments[flip.segment].name, "anchor")
                self.said[one.id] = one

    def look_again(self, events: Sequence[Event], *, told: bool) -> None:
        """From the history."""
        past = Past(self.history, self.history[0].at, self.known)
        last_at = self.standing.last_at if self.standing else 0
        since = max(min([last_at, *(event.at for event in events)]) - 1, 0)
        if self.standing:
            since = max(since, self.standing.before_since)
        by = Told(max(last_at, events[-1].at), events[-1].id) if told and events else None
        replayed = replay(self.book, self.standing, past, self.now, since=since, told=by)
        difference = changes(self.book, replayed, self.said.values(), "anchor")
        for one in difference.retracted:
            del self.said[one.id]
        self.said |= {one.id: one for one in difference.added}
        self.keep(replayed.standing)

    def keep(self, standing: Standing) -> None:
        """As bytes, like a worker that dies each time."""
        self.standing = decode_standing(encode_standing(standing))

    def inside(self) -> set[int]:
        """Where the person is."""
        return set(self.standing.inside) if self.standing else set()

    def defined(self) -> set[int]:
        """Where the definition says that the person is."""
        happened = [event for event in self.history if event.at <= self.now]
        if not happened:
            return set()
        person, moment = Person(self.known, happened), Moment(self.now, ROME)
        return {n for n, condition in self.conditions.items() if holds(condition, person, moment)}


def flips_of(condition: Condition, contact: Contact, history: Sequence[Event], now: int) -> Iterator[tuple[int, bool]]:
    """When the answer becomes another one, from the first event on, by asking the definition again and again."""
    at, was = history[0].at if history else now + 1, False
    while at <= now:
        person, moment = Person(contact, [event for event in history if event.at <= at]), Moment(at, ROME)
        is_so = holds(condition, person, moment)
        if is_so != was:
            yield at, is_so
        was = is_so
        changes = changes_at(condition, person, moment) or now + 1
        at = min([changes, *(event.at for event in history if event.at > at)], default=now + 1)


@st.composite
def tellings(draw: st.DrawFn) -> list[list[Event]]:
    """A history, in some order, in some pieces; most of it nearly in order."""
    history = draw(histories())
    moved = draw(st.lists(st.integers(0, 3 * DAY_MS), min_size=len(history), max_size=len(history)))
    arrivals = sorted(zip(history, moved, strict=True), key=lambda one: one[0].at + one[1] * (one[1] > 2 * DAY_MS))
    pieces: list[list[Event]] = [[]]
    for event, _ in arrivals:
        pieces[-1].append(event)
        if draw(st.booleans()):
            pieces.append([])
    return pieces


several = st.lists(definitions(), min_size=4, max_size=4)
pauses = st.sampled_from([0, 1, 3_600_000, DAY_MS, 9 * DAY_MS])


@many
@given(several, tellings(), st.data())
def test_membership_is_what_the_definition_means(
    asked: list[Definition], pieces: list[list[Event]], data: st.DataObject
) -> None:
    """After every piece, and as time goes by, whatever becomes known of the contact in between."""
    follower, now = Follower(asked, 0), BEGINNING
    for piece in [*pieces, [], []]:
        now = max([now, *(event.at for event in piece)]) + data.draw(pauses)
        follower.hear(piece, now, known=data.draw(st.none() | contacts) if piece else None)
        assert follower.defined() == follower.inside()


@many
@given(several, tellings(), contacts, st.data())
def test_what_is_said_is_when_the_answer_changed(
    asked: list[Definition], pieces: list[list[Event]], contact: Contact, data: st.DataObject
) -> None:
    """Late or not, in the end the events of a segment are the instants at which the definition's answer turned."""
    follower, now = Follower(asked, BEGINNING), BEGINNING
    follower.known = contact
    for piece in [*pieces, []]:
        now = max([now, *(event.at for event in piece)]) + data.draw(pauses)
        follower.hear(piece, now)
    for n, condition in follower.conditions.items():
        flips = flips_of(condition, contact, follower.history, now)
        expected = [(at, entered) for at, entered in flips if at > BEGINNING]
        said = [one for one in follower.said.values() if one.data["segment_id"] == n]
        assert expected == sorted((one.at, one.key == "segment_entered") for one in said)


@many
@given(several, tellings(), st.data())
def test_of_somebody_who_did_much_who_is_in_what_is_right(
    asked: list[Definition], pieces: list[list[Event]], data: st.DataObject
) -> None:
    """Their past is not looked at again for a late event; where they are now is what the definition says."""
    follower, now = Follower(asked, 0), BEGINNING
    follower.many = 1
    for piece in [*pieces, [], []]:
        now = max([now, *(event.at for event in piece)]) + data.draw(pauses)
        follower.hear(piece, now)
        assert follower.defined() == follower.inside()
