"""Does SQL find whom the definition means? Random people in a real file, random questions, at random instants."""

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.store.ports.contacts import ContactQuery, Meets, StoredContact
from collector.store.ports.store import QueryTooSlow
from collector.store.sqlite.body import BOT
from collector.store.sqlite.segments.compile import compiled
from collector.store.sqlite.segments.functions import FUNCTIONS, Connection
from collector.store.sqlite.store import SqliteStore
from sessionizer.contact import Contact
from sessionizer.event import Agent, Event
from sessionizer.segments.check import MAX_DEPTH
from sessionizer.segments.condition import Condition, Definition, parse
from sessionizer.segments.evaluate import counts, holds
from sessionizer.segments.history import Moment, Person
from tests.collector.store.rows import AGENTS, Rows, ask
from tests.conftest import NIGHTLY
from tests.sessionizer.segments.asking import ROME, SOMEBODY, event, wanted
from tests.sessionizer.segments.trees import contacts, definitions, histories, instants

SEGMENTS = {id: one.where for id, one in SOMEBODY.items()}
EXAMPLES = 5_000 if NIGHTLY else 200
DEVICES = {device: Agent("", "", device) for device in ("mobile", "desktop")}


class Known(NamedTuple):
    """Somebody as the store is told of them. absorbed: whom they were before, on another browser."""

    contact: Contact
    history: list[Event]
    absorbed: "Known | None" = None


somebody = st.builds(Known, contacts, histories(max_size=8), st.none())
people = st.lists(st.builds(Known, contacts, histories(max_size=8), st.none() | somebody), min_size=1, max_size=4)


class Told:
    """A store that was told of people. histories: of each contact that is left, for the definition."""

    def __init__(self, folder: Path, known: Sequence[Known], *, crowded: bool = False) -> None:
        """crowded: the totals say that there are millions of events, so that contacts are asked one by one."""
        AGENTS.update(DEVICES)
        self.folder = folder
        self._rows, self._number = Rows(folder), 0
        self.histories = {self._tell(one): whole(one) for one in known}
        self._rows.event("00:00", category="custom", key="a", flags=BOT)
        self._rows.close()
        if crowded:
            crowd(folder)

    def _tell(self, known: Known) -> int:
        id = self._contact(known.contact)
        for one in known.history:
            self._record(one, id)
        if known.absorbed:
            self._rows.join(self._tell(known.absorbed), id)
        return id

    def _contact(self, contact: Contact) -> int:
        self._number += 1
        id = self._rows.contact(**dict.fromkeys(contact.identifiers, f"{self._number}@mail.example"))
        self._rows.attributes(id, contact.attributes)
        with self._rows.work.transaction():
            for name in contact.lists:
                self._rows.work.people.enlist(id, name, at=0)
            self._rows.work.people.consent(id, contact.consent)
        return id

    def _record(self, event: Event, contact: int) -> None:
        """As it happened, and once more as something that was taken back."""
        self._number += 1
        said = {"category": event.category, "occurred_at": event.at, "contact": contact, "site": event.site}
        said |= {"properties": dict(event.properties), "url": event.page.url if event.page else ""}
        said |= {"user_agent": event.agent.device if event.agent else "", "flags": 0}
        self._rows.event("", event.key, id=f"{event.id}-{self._number}", **said)
        self._rows.retract(self._rows.event("", event.key, id=f"x{self._number}", door="derived", **said))


def crowd(folder: Path) -> None:
    """A million events more of each kind, by the totals."""
    with closing(sqlite3.connect(folder / "store.db")) as connection:
        connection.execute("UPDATE kind_days SET events = events + 1000000")
        connection.commit()


def whole(known: Known) -> list[Event]:
    """The history of both, in order."""
    both = [*known.history, *(known.absorbed.history if known.absorbed else ())]
    return sorted(both, key=lambda one: (one.at, one.id))


def contact_of(stored: StoredContact) -> Contact:
    """As rules see it."""
    return Contact(stored.id, stored.anonymous, stored.attributes, stored.identifiers, stored.lists, stored.consent)


async def answered(store: SqliteStore, conditions: Sequence[Condition], moment: Moment) -> list[list[int]]:
    """Who meets each of them."""
    found = [await store.contacts.find(ContactQuery(meets=Meets(one, moment)), limit=100) for one in conditions]
    return [sorted(contact.id for contact in contacts) for contacts in found]


async def everybody(store: SqliteStore) -> list[StoredContact]:
    """Who is left."""
    return await store.contacts.find(ContactQuery(), limit=100)


@pytest.mark.slow
@settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people, st.lists(definitions(), min_size=16, max_size=16), instants, st.booleans())
def test_sql_finds_whom_the_definition_means(
    known: list[Known], asked: list[Definition], now: int, crowded: bool
) -> None:
    """Sixteen questions an example. Joined contacts count once, what was taken back and what bots did not at all."""
    moment, questions = Moment(now, ROME, SEGMENTS), [definition.where for definition in asked]
    with tempfile.TemporaryDirectory() as folder:
        told = Told(Path(folder), known, crowded=crowded)
        persons = [Person(contact_of(one), told.histories[one.id]) for one in ask(told.folder, everybody)]
        expected = [sorted(p.contact.id for p in persons if holds(question, p, moment)) for question in questions]
        assert expected == ask(told.folder, lambda store: answered(store, questions, moment))


@pytest.mark.parametrize("op", ["at_least", "at_most", "exactly"])
@pytest.mark.parametrize("value", [0, 1, 2])
@pytest.mark.parametrize("crowded", [False, True])
def test_sql_counts_as_the_definition_does(rows: Rows, op: str, value: int, crowded: bool) -> None:
    """Of people who did it not at all, once, twice, three times; one of them under two contacts."""
    for times in range(4):
        one = rows.contact()
        for _ in range(times):
            rows.event("00:00", contact=one)
    absorbed = rows.contact()
    rows.event("00:00", contact=absorbed)
    rows.join(absorbed, 2)
    if crowded:
        crowd(rows.folder)
    asked = parse({"where": event("website/page_visited", count={"op": op, "value": value})}).where
    times_of = {1: 0, 2: 2, 3: 2, 4: 3}
    expected = [id for id, times in times_of.items() if counts(asked.count, times)]  # type: ignore[union-attr]  # it counts
    assert [expected] == ask(rows.folder, lambda store: answered(store, [asked], Moment(2**42, ROME)))


def test_a_question_that_takes_too_long_is_given_up(rows: Rows) -> None:
    """It says so, and the next one is answered."""
    for _ in range(3_000):
        rows.event("00:00", category="custom", key="a", contact=1, properties={"color": "red"})
    slow = parse(
        {"where": event("custom/a", where=[{"path": "color", "test": {"op": "contains", "value": "re"}}])}
    ).where

    async def both(store: SqliteStore) -> None:
        with pytest.raises(QueryTooSlow):
            await store.members.sample(Meets(slow, Moment(2**42, ROME)), size=1)

    ask(rows.folder, both, limit_s=0.0)


def test_a_sample_says_how_many_there_are(rows: Rows) -> None:
    """And names the newest."""
    for _ in range(5):
        rows.event("00:00", contact=rows.contact())
    visited = Meets(parse({"where": event("website/page_visited")}).where, Moment(2**42, ROME))
    assert (5, (5, 4, 3), 0) == ask(rows.folder, lambda store: store.members.sample(visited, size=3))


SAID = [{"path": "color", "test": {"op": "exists"}}]
HARD = [
    event("custom/a", page={"op": "contains", "value": "/a"}, where=SAID, count={"op": "exactly", "value": 2}),
    event("custom/a", count={"op": "at_least", "value": 3}),
    {"type": "sequence", "steps": [wanted("custom/a", where=SAID), wanted("custom/b", devices=["mobile"])]},
    {"type": "aggregate", **wanted("custom/a"), "function": "sum", "property": "n", "test": {"op": "more", "value": 1}},
    {"type": "session", "now": True},
]


def test_no_question_walks_through_all_events(rows: Rows) -> None:
    """Along an index each, of a kind, a contact or a page."""
    statement = compiled(parse({"where": {"type": "all", "of": HARD}}).where, Moment(2**42, ROME))
    with closing(sqlite3.connect(rows.folder / "store.db", factory=Connection)) as connection:
        for name, (arity, function) in FUNCTIONS.items():
            connection.create_function(name, arity, function, deterministic=True)
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement.text}", statement.values).fetchall()
    steps = [str(row[3]) for row in plan]
    assert {"events_kind", "events_contact", "events_page"} <= {word for step in steps for word in step.split()}
    assert [] == [step for step in steps if step.startswith("SCAN e")]


def test_a_question_is_asked_as_deep_as_it_may_be_saved(rows: Rows) -> None:
    """Groups in groups, in segments of segments: SQLite's parser does not look that deep into brackets."""
    deep: dict[str, Any] = {"type": "all", "of": HARD}
    for level in range(MAX_DEPTH - 2):
        deep = {"type": "any" if level % 2 else "all", "of": [deep, HARD[1]]}
    segments = {1: parse({"where": deep}).where}
    for id in range(2, 9):
        inner = {"type": "all", "of": [deep, {"type": "segment", "id": id - 1}]}
        segments[id] = parse({"where": inner}).where
    moment = Moment(2**42, ROME, segments)
    assert [[]] == ask(rows.folder, lambda store: answered(store, [segments[8]], moment))
