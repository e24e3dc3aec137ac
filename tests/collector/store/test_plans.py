"""The hot questions walk along an index, and never through a whole table.

Each statement that a question causes is caught as it is asked, and explained by SQLite on the real schema.
"""

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from collector.store.ports import segments
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.events import EventQuery, Place, Which
from collector.store.ports.sessions import SessionPlace, SessionQuery
from collector.store.property import parse_condition
from collector.store.sqlite import event_query, sessions
from collector.store.sqlite.readers import Readers, Row
from collector.store.sqlite.store import SqliteStore
from tests.collector.store.rows import Rows

Question = Callable[[SqliteStore], Awaitable[Any]]

LARGE = (
    "e n events c contacts v visitors p pages s sessions l contact_links i identifiers epochs replaced_sessions".split()
    + "k h segment_members segment_history".split()
)
"""Tables that grow, by the names under which the statements have them."""

BEHIND = Place(10, "x", 10)
V = "v" * 26


def plans(rows: Rows, question: Question, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines of the plans of every statement that the question causes."""
    asked: list[tuple[str, Mapping[str, Any]]] = []
    fetch = Readers.fetch

    async def noted(self: Readers, sql: str, values: Mapping[str, Any] = {}) -> list[Row]:
        asked.append((sql, values))
        return await fetch(self, sql, values)

    async def run() -> None:
        store = SqliteStore(rows.folder)
        await store.open()
        await question(store)
        await store.close()

    monkeypatch.setattr(Readers, "fetch", noted)
    asyncio.run(run())
    connection = sqlite3.connect(rows.folder / "store.db")
    for name, (arity, function) in {**event_query.FUNCTIONS, **sessions.FUNCTIONS}.items():
        connection.create_function(name, arity, function, deterministic=True)
    lines = [str(row[3]) for sql, values in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    connection.close()
    return lines


def events(limit: int = 10, after: Place | None = None, **query: Any) -> Question:
    """The question for a page of events."""
    return lambda store: store.events.find(EventQuery(**query), limit=limit, after=after)


async def beside(store: SqliteStore) -> Any:
    """The question for the sessions around one."""
    stored = await store.sessions.get("s")
    assert stored
    return await store.sessions.beside(stored)


async def effects(store: SqliteStore) -> Any:
    """The question for what follows from an event."""
    event = await store.events.get("e1")
    assert event
    return await store.events.caused_by(event, limit=10)


def full_scans(lines: list[str]) -> list[str]:
    """Steps that read a whole table which may be large."""
    return [line for line in lines if line.startswith("SCAN ") and line.split(maxsplit=1)[1] in LARGE]


@pytest.fixture
def seen(rows: Rows) -> Rows:
    """A store in which every filter below finds something: nothing is answered without a walk."""
    rows.contact(V, ext_id="user-1", email_id="ada@example.org")
    rows.contact()
    rows.event("10:00", contact=1, visitor=V, url="/shoes")
    rows.session(1, "10:00", "10:00", id="s")
    rows.join(absorbed=2, survivor=1)
    return rows


@pytest.mark.parametrize(
    ("question", "step"),
    [
        (events(), "SCAN e USING INDEX events_at"),
        (events(after=BEHIND), "SEARCH e USING INDEX events_at (at<?)"),
        (events(oldest=True, after=BEHIND), "SEARCH e USING INDEX events_at (at>?)"),
        (events(oldest=True, contacts=(1,), after=BEHIND), "SEARCH e USING INDEX events_contact (contact=? AND at>?)"),
        (events(since=1, until=9), "SEARCH e USING INDEX events_at (at>? AND at<?)"),
        (events(keys=("page_visited",)), "SEARCH e USING INDEX events_kind (kind=?)"),
        (events(categories=("website",), after=BEHIND), "SEARCH e USING INDEX events_kind (kind=? AND at<?)"),
        (events(contacts=(1,)), "SEARCH e USING INDEX events_contact (contact=?)"),
        (events(contacts=(1,), keys=("page_visited",)), "SEARCH e USING INDEX events_contact (contact=?)"),
        (events(contacts=(1,), since=1, until=9), "SEARCH e USING INDEX events_contact (contact=? AND at>? AND at<?)"),
        (events(visitors=(V,), after=BEHIND), "SEARCH e USING INDEX events_contact (contact=? AND at<?)"),
        (events(q="/sh"), "SEARCH e USING INDEX events_page (page=?)"),
        (events(q="user"), "SEARCH e USING INDEX events_contact (contact=?)"),
        (events(recorded=True), "SCAN e"),
        (events(recorded=True, after=BEHIND), "SEARCH e USING INTEGER PRIMARY KEY (rowid<?)"),
        (events(recorded=True, contacts=(1,)), "SEARCH e USING COVERING INDEX events_contact (contact=?)"),
        (events(recorded=True, since=1, until=9), "SEARCH e USING COVERING INDEX events_at (at>? AND at<?)"),
        (events(visitors=(V,)), "SEARCH e USING INDEX events_nobody (visitor=?)"),
        (events(sites=(1,)), "SEARCH e USING INDEX events_source (source=? AND site=?)"),
        (
            events(sources=("tracker",), after=BEHIND),
            "SEARCH e USING INDEX events_source (source=? AND site=? AND at<?)",
        ),
        (events(superseded=Which.ONLY, after=BEHIND), "SEARCH e USING INDEX events_superseded (at<?)"),
        (events(bots=Which.ONLY), "SCAN e USING INDEX events_bots"),
        (
            lambda store: store.learned.of("custom", "wished"),
            "SEARCH learned_kinds USING INDEX sqlite_autoindex_learned_kinds_1 (category=? AND key=?)",
        ),
        (
            events(properties=(parse_condition("a:eq:1"),), contacts=(1,)),
            "SEARCH e USING INDEX events_contact (contact=?)",
        ),
        (lambda store: store.events.get("e1"), "SEARCH e USING COVERING INDEX events_id (id=?)"),
        (
            lambda store: store.events.news(EventQuery(contacts=(1,)), after=0, limit=10),
            "SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ),
        (events(), "SEARCH s USING INDEX sessions_contact (contact=? AND started_at<?)"),
        (
            lambda store: store.contacts.find(ContactQuery(), limit=10, before=9),
            "SEARCH c USING INTEGER PRIMARY KEY (rowid<?)",
        ),
        (
            lambda store: store.contacts.find(ContactQuery(ids=(1, 2)), limit=10),
            "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)",
        ),
        (
            lambda store: store.contacts.find(ContactQuery(identifiers={"ext_id": ("user-1",)}), limit=10),
            "SEARCH identifiers USING PRIMARY KEY (kind=? AND value=?)",
        ),
        (
            lambda store: store.contacts.find(ContactQuery(q="user"), limit=10),
            "SEARCH identifiers USING PRIMARY KEY (kind=? AND value>? AND value<?)",
        ),
        (
            lambda store: store.contacts.find(ContactQuery(visitors=(V,)), limit=10),
            "SEARCH visitors USING INDEX sqlite_autoindex_visitors_1 (visitor=?)",
        ),
        (
            lambda store: store.contacts.find(ContactQuery(anonymous=True), limit=10),
            "SEARCH c USING INDEX contacts_anonymous (anonymous=?)",
        ),
        (
            lambda store: store.contacts.find(ContactQuery(anonymous=False), limit=10, before=9),
            "SEARCH c USING INDEX contacts_anonymous (anonymous=? AND rowid<?)",
        ),
        (lambda store: store.contacts.get(1), "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda store: store.sessions.find(SessionQuery(), limit=10), "SCAN s USING COVERING INDEX sessions_started"),
        (
            lambda store: store.sessions.find(SessionQuery(since=1), limit=10, after=SessionPlace(9, "s")),
            "SEARCH s USING COVERING INDEX sessions_started (started_at>? AND started_at<?)",
        ),
        (
            lambda store: store.sessions.find(SessionQuery(contacts=(1,)), limit=10),
            "SEARCH s USING COVERING INDEX sessions_contact (contact=?)",
        ),
        (
            lambda store: store.sessions.find(
                SessionQuery(sources=("news",), devices=("mobile",), sites=(9,)), limit=10
            ),
            "SCAN s USING COVERING INDEX sessions_started",
        ),
        (lambda store: store.sessions.several(["s", "t"]), "SEARCH s USING PRIMARY KEY (id=?)"),
        (lambda store: store.sessions.get("s"), "SEARCH s USING PRIMARY KEY (id=?)"),
        (lambda store: store.sessions.successors(["s"]), "SEARCH replaced_sessions USING PRIMARY KEY (id=?)"),
        (beside, "SEARCH s USING COVERING INDEX sessions_contact (contact=? AND started_at<?)"),
        (beside, "SEARCH s USING COVERING INDEX sessions_contact (contact=? AND started_at>?)"),
        (effects, "SEARCH n USING COVERING INDEX events_contact (contact=? AND at>?)"),
        (effects, "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda store: store.members.progress([1]), "SEARCH segment_walks USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda store: store.members.count([1]), "SEARCH k USING PRIMARY KEY (segment=?)"),
        (
            lambda store: store.members.page(1, limit=9, before=9),
            "SEARCH k USING PRIMARY KEY (segment=? AND contact<?)",
        ),
        (
            lambda store: store.members.of_contact(1),
            "SEARCH k USING INDEX segment_members_contact (contact=?)",
        ),
        (
            lambda store: store.members.history(1, limit=9, before=segments.Place(9, 9, True)),
            "SEARCH h USING PRIMARY KEY (segment=? AND (at,contact,entered)<(?,?,?))",
        ),
        (
            lambda store: store.members.history(1, limit=9, contacts=(1, 2)),
            "SEARCH h USING INDEX segment_history_contact (contact=?)",
        ),
        (lambda store: store.members.sizes(1, [1, 2]), "SEARCH h USING PRIMARY KEY (segment=? AND at>? AND at<?)"),
        (
            lambda store: store.contacts.find(ContactQuery(segment=1), limit=9),
            "SEARCH k USING PRIMARY KEY (segment=? AND contact=?)",
        ),
    ],
)
def test_a_hot_question_walks_along_its_index(
    seen: Rows, question: Question, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk that decides the cost is the intended one."""
    lines = plans(seen, question, monkeypatch)
    assert step in lines, "\n".join(lines)


@pytest.mark.parametrize(
    "question",
    [
        events(),
        events(keys=("page_visited",), sites=(1,), sources=("tracker",)),
        events(contacts=(1,), after=BEHIND),
        events(visitors=(V,)),
        lambda store: store.events.get("e1"),
        lambda store: store.events.page(EventQuery(keys=("page_visited",)), limit=10, skip=5),
        lambda store: store.events.count(EventQuery(keys=("page_visited",), since=1)),
        lambda store: store.events.count(EventQuery(contacts=(1,))),
        lambda store: store.events.news(EventQuery(keys=("page_visited",)), after=0, limit=10),
        lambda store: store.contacts.find(ContactQuery(identifiers={"email_id": ("a@x.example",)}), limit=10),
        lambda store: store.contacts.find(ContactQuery(q="user", visitors=(V,)), limit=10),
        lambda store: store.contacts.get(1),
        lambda store: store.contacts.find(ContactQuery(anonymous=True, q=V), limit=10),
        lambda store: store.contacts.resolve(2),
        lambda store: store.contacts.page(ContactQuery(lists=(1,)), limit=10, skip=5),
        lambda store: store.contacts.page(ContactQuery(identifiers={"email_id": ("a@x.example",)}), limit=10, skip=5),
        lambda store: store.contacts.story(1),
        lambda store: store.sessions.find(SessionQuery(), limit=10),
        lambda store: store.sessions.get("s"),
        lambda store: store.sessions.several(["s"]),
        lambda store: store.sessions.replacement("s"),
        lambda store: store.sessions.successors(["s"]),
        beside,
        effects,
        lambda store: store.members.count([1, 2]),
        lambda store: store.members.page(1, limit=9),
        lambda store: store.members.of_contact(1),
        lambda store: store.members.history(1, limit=9, contacts=(1,)),
        lambda store: store.members.sizes(1, [1, 2]),
    ],
)
def test_no_hot_question_reads_a_whole_table(seen: Rows, question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    """No table that grows is scanned, and nothing but ties of one millisecond is sorted on the way."""
    lines = plans(seen, question, monkeypatch)
    assert [] == full_scans(lines), "\n".join(lines)


@pytest.mark.parametrize(
    "query", [{}, {"keys": ("page_visited",)}, {"contacts": (1,)}, {"since": 1}, {"after": BEHIND}]
)
def test_a_walk_is_not_sorted(seen: Rows, query: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk along an index gives the order: only ties are sorted, so that it ends with the limit."""
    lines = plans(seen, events(**query), monkeypatch)
    walk = next(n for n, line in enumerate(lines) if " e USING INDEX events_" in line)
    assert re.match(r"USE TEMP B-TREE FOR (RIGHT PART|LAST \w* ?TERMS?) OF ORDER BY", lines[walk + 1]), "\n".join(lines)


def test_a_segments_history_is_not_sorted(seen: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read backward as it lies: however long it is, a page costs a page."""
    lines = plans(seen, lambda store: store.members.history(1, limit=9), monkeypatch)
    assert not [line for line in lines if "TEMP B-TREE" in line]
