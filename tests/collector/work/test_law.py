"""Does the running worker keep the law of the engine? Log, store, joins, restarts and deaths, against the definition.

Three browsers, one of them Kim's; the others turn out to be Kim's, and some of them do not, after all. Whatever arrives
in whatever batches, at the end sessions and derived events are those of every person's history, sorted.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sessionizer.derived import Derived
from sessionizer.engine import Engine
from sessionizer.rules.assignments import RULES
from tests.collector.work.deployment import MINUTE, T0, Deployment
from tests.sessionizer.memory_worker import MemoryWorker
from tests.sessionizer.test_engine_law import definition

DAY = 1_440
END = 6 * DAY
KIM, KIM_ID = "kim@mail.example", 1
NIGHTLY = settings().max_examples > 1_000
EXAMPLES = 500 if NIGHTLY else 25

minutes = st.one_of(st.integers(0, 12).map(lambda i: i * 30), st.integers(0, 300), st.integers(0, 5 * DAY))
few = st.integers(-3, 6)
conversation = st.fixed_dictionaries({"conversation_id": st.sampled_from("xy"), "channel": st.just("chat")})
balance = st.fixed_dictionaries({"balance_id": st.just("b"), "value": few, "minimum_value": few})
told = st.one_of(
    st.just(("website", "page_visited", None)),
    st.just(("website", "page_visited", None)),
    st.tuples(st.just("conversations"), st.sampled_from(["message_received", "agent_replied"]), conversation),
    st.tuples(st.just("loyalty"), st.just("balance_value_updated"), balance),
)
says = st.tuples(st.just("say"), st.sampled_from("ABK"), minutes, told)
works = st.tuples(st.just("work"), minutes)
joins = st.sampled_from([("join", "A"), ("join", "B")])
parts = st.sampled_from([("part", "A"), ("part", "B")])
breaks = st.sampled_from([("restart",), ("die",)])
Doing = tuple[Any, ...]


@st.composite
def lives(draw: st.DrawFn) -> list[Doing]:
    """Events in four chapters: as strangers, as one, as who they are after all; in between one worker or another."""
    some = st.lists(st.one_of(says, says, says, works, breaks), max_size=6)
    return [
        *draw(some),
        draw(joins),
        *draw(some),
        *draw(st.lists(joins, max_size=1)),
        *draw(some),
        *draw(st.lists(parts, max_size=2)),
        *draw(some),
    ]


WHOSE = """SELECT coalesce(l.survivor, e.contact) FROM events e JOIN visitors v ON v.id = e.visitor
           LEFT JOIN contact_links l ON l.absorbed = e.contact
           WHERE v.visitor = ? AND typeof(e.id) = 'text' AND e.id LIKE 'e%'"""
MERGED = "SELECT count(*) FROM events e JOIN kinds k ON k.id = e.kind WHERE k.key = 'merged' AND NOT e.flags & 1"


class Life:
    """A deployment whose clock has come to the end already: everything is late, but in time."""

    def __init__(self, folder: Path) -> None:
        self.here = Deployment(folder)
        self.who = {"A": "A", "B": "B"}
        self.here.identify("kim", END, visitor="K", email_id=KIM)
        self.here.work(END)

    def do(self, number: int, doing: Doing) -> None:
        """One thing that happens, under the number by which its events are named."""
        match doing:
            case ("say", visitor, minute, (category, key, properties)):
                fields = {"category": category, "key": key, "properties": properties, "received_at": self.received()}
                self.here.say(f"e{number}", minute, visitor=visitor, **fields)
            case ("work", _):
                self.here.work(END)
            case ("join", visitor) if self.who[visitor] == visitor:
                self.who[visitor] = "K"
                self.here.identify(f"join-{visitor}", END, visitor=visitor, email_id=KIM)
            case ("part", visitor) if self.who[visitor] == "K":
                self.here.work(END)
                if self.take_back(f"join-{visitor}"):
                    self.who[visitor] = "itself again"
            case ("restart",):
                self.here.store.close()
                self.here.start()
            case ("die",):
                self.die()

    def received(self) -> int:
        """By our clock, ms UTC."""
        return T0 + END * MINUTE

    def take_back(self, event: str) -> bool:
        """An administrator takes back the join that this event made; whether it made one."""
        merged = [row.entry for row in self.here.log.read(0, 10_000) if row.entry.key == "merged"]
        mine = [entry for entry in merged if entry.causes == (event,)]
        self.here.log.append([msgspec.structs.replace(entry, retracted=True) for entry in mine])
        return bool(mine)

    def die(self) -> None:
        """After its transaction, before all that it said was in the log."""
        worker = self.here.worker
        append, worker._append = worker._append, lambda: None  # type: ignore[method-assign]
        worker.turn()
        worker._unsaid = worker._unsaid[::2]
        append()
        self.here.store.close()
        self.here.start()


@contextmanager
def lived(doings: Sequence[Doing]) -> Iterator[Life]:
    """A deployment to which all this has happened, and which has caught up."""
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder))
        for number, doing in enumerate(doings):
            life.do(number, doing)
        life.here.work(END + DAY)
        yield life
        life.here.store.close()
        life.here.log.close()


@settings(max_examples=EXAMPLES)
@given(lives())
def test_the_worker_keeps_the_law(doings: list[Doing]) -> None:
    """Every person's sessions and derived events are those of the sorted history, nothing is said twice."""
    with lived(doings) as life:
        here = life.here
        for (contact,) in here.ask("SELECT id FROM contacts WHERE id NOT IN (SELECT absorbed FROM contact_links)"):
            check(here, contact)
        for visitor, who in life.who.items():
            assert {who == "K"} >= {contact == KIM_ID for (contact,) in here.ask(WHOSE, visitor.ljust(26, "x"))}
        assert [] == here.store.outgoing.waiting()
        assert [] == here.ask("SELECT id FROM events GROUP BY id, door HAVING count(*) > 1")
        assert here.ask("SELECT count(*) FROM contact_links") == here.ask(MERGED)
        assert not [row for row in here.log.read(0, 10_000) if (row.entry.door, row.entry.key) == ("derived", "merged")]


def check(here: Deployment, contact: int) -> None:
    """What the store holds of a contact is what its history says."""
    members = here.store.people.closure(contact)
    history, now = here.store.histories.given(members, 0), here.now
    found = here.ask("SELECT started_at, ended_at, open FROM sessions WHERE contact = ? ORDER BY started_at", contact)
    assert [(row.started_at, row.ended_at, row.open) for row in definition(history, now)] == found
    alone = MemoryWorker(Engine(RULES))
    alone.deliver("one", history)
    alone.tick(now)
    assert plain(alone.said.get("one", {}).values()) == plain(here.store.histories.said(members, 0))


def plain(said: Iterable[Derived]) -> list[tuple[Any, ...]]:
    """Derived events as values that sort."""
    return sorted((one.at, one.key, one.id, one.cause, one.depth, str(sorted(one.data.items()))) for one in said)


def test_what_is_recorded_stays_where_it_is(here: Deployment) -> None:
    """A join and its undoing touch no row of a given event; a late event finds the one who had the browser then."""
    here.identify("kim", 0, visitor="K", email_id=KIM)
    here.say("a", 1, visitor="A")
    here.work(2)
    before = here.recorded("a")
    here.identify("join", 3, visitor="A", email_id=KIM)
    here.say("b", 4, visitor="A")
    here.say("late", 2, visitor="A", received_at=T0 + 4 * MINUTE)
    here.work(4)
    assert [(1, 0, 4, True)] == here.sessions()
    taken_back(here, "join")
    here.say("later still", 2.5, visitor="A", received_at=T0 + 5 * MINUTE)
    here.work(5)
    assert before == here.recorded("a")
    assert [(1, 0, 4, True), (2, 1, 2, True)] == here.sessions()
    assert {"a": 2, "late": 2, "later still": 2, "join": 1, "b": 1} == {
        id: here.recorded(id)[0][9] for id in ("a", "late", "later still", "join", "b")
    }


def taken_back(here: Deployment, event: str) -> None:
    """The join that this event made is taken back, twice: the second time says nothing new."""
    (merged,) = [row.entry for row in here.log.read(0, 1_000) if row.entry.key == "merged"]
    assert (event,) == merged.causes
    for _ in range(2):
        here.log.append([msgspec.structs.replace(merged, retracted=True)])


def test_a_join_that_was_taken_back_is_shown_as_such(here: Deployment) -> None:
    """`contact/merged` is superseded, the contact answers under its own id again, the survivor keeps the claim."""
    here.identify("kim", 0, visitor="K", email_id=KIM)
    here.say("a", 1, visitor="A")
    here.identify("join", 3, visitor="A", email_id=KIM)
    here.work(4)
    assert [(2, 1)] == here.ask("SELECT absorbed, survivor FROM contact_links")
    taken_back(here, "join")
    here.work(5)
    assert [] == here.ask("SELECT * FROM contact_links")
    assert [(1,)] == here.ask("SELECT e.flags & 1 FROM events e JOIN kinds k ON k.id = e.kind WHERE k.key = 'merged'")
    assert [(1, T0, T0 + 3 * MINUTE), (2, T0 + MINUTE, T0 + MINUTE)] == here.ask(
        "SELECT id, first_seen_at, last_seen_at FROM contacts ORDER BY id"
    )


def test_whoever_was_absorbed_before_leaves_together(here: Deployment) -> None:
    """B became A's, then A became Kim's: taken back, A has B again; taken back too, B stands alone."""
    here.identify("kim", 0, visitor="K", email_id=KIM)
    here.identify("ann", 0, visitor="A", email_id="ann@mail.example")
    for visitor, minute in (("B", 1), ("C", 2)):
        here.say(visitor, minute, visitor=visitor)
    here.identify("b", 3, visitor="B", email_id="ann@mail.example")
    here.work(4)
    people = here.store.people
    with here.store.transaction():
        people.link(absorbed=2, survivor=1, at=T0 + 5 * MINUTE, event="merge")
    assert (1, 1) == (people.resolve(2), people.resolve(3))
    with here.store.transaction():
        assert 1 == people.unlink(absorbed=2, event="merge")
    assert (2, 2, 4) == (people.resolve(2), people.resolve(3), people.resolve(4))
    with here.store.transaction():
        assert 2 == people.unlink(absorbed=3, event="b")
    assert [3] == [people.resolve(3)]
    assert [] == here.ask("SELECT * FROM contact_links")


def test_a_join_of_another_event_is_left_alone(here: Deployment) -> None:
    """Taking back is about one join: that of the event that made it."""
    here.identify("kim", 0, visitor="K", email_id=KIM)
    here.say("a", 1, visitor="A")
    here.identify("join", 3, visitor="A", email_id=KIM)
    here.work(4)
    (merged,) = [row.entry for row in here.log.read(0, 1_000) if row.entry.key == "merged"]
    here.log.append([msgspec.structs.replace(merged, retracted=True, causes=("another",), id="another")])
    here.work(5)
    assert [(2, 1)] == here.ask("SELECT absorbed, survivor FROM contact_links")


def test_what_a_server_says_of_an_absorbed_person_is_recorded_as_that_person_s(here: Deployment) -> None:
    """Two known people were merged by mistake: taken back, each has what was said of them meanwhile."""
    server = {"door": "api", "source": "api", "identify_mode": "", "visitor": "", "page": None}
    for number, name in enumerate(("ann", "kim")):
        here.say(name, 0, category="ecommerce", key="order_created", identifiers={"email_id": f"{name}@x.it"}, **server)
        here.work(number + 1)
    with here.store.transaction():
        here.store.people.link(absorbed=1, survivor=2, at=T0, event="merge")
    here.say("a", 3, category="ecommerce", key="order_created", identifiers={"email_id": "ann@x.it"}, **server)
    here.say("k", 4, category="ecommerce", key="order_created", identifiers={"email_id": "kim@x.it"}, **server)
    here.work(5)
    assert (2, 2) == (here.store.people.resolve(1), here.store.people.resolve(2))
    with here.store.transaction():
        here.store.people.unlink(absorbed=1, event="merge")
    assert {"ann": 1, "a": 1, "kim": 2, "k": 2} == {id: here.recorded(id)[0][9] for id in ("ann", "a", "kim", "k")}
