"""The outbox is asked along its indexes: what is due, one message's results, a page of it; and written once a wish."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from collector.store.ports.messages.outbox import Due, Order, Post, Settlement
from collector.store.sqlite.definitions.transaction import Reading
from collector.store.sqlite.messages.deliveries import SqliteDeliveries
from collector.store.sqlite.messages.journal import SqliteJournal
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.automations.way import effect_id

ID = effect_id("7", 2)


def post(id: str = ID, **fields: Any) -> Post:
    """A wish."""
    given = {"channel": "email", "purpose": "transactional", "recipient": "ada@mail.example", "due_at": 5}
    return Post(id=id, order=Order(params={"n": 1}), **(given | fields))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteWorkStore]:
    """The worker's."""
    store = SqliteWorkStore(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture
def journal(store: SqliteWorkStore, tmp_path: Path) -> Iterator[SqliteJournal]:
    """The courier's."""
    journal = SqliteJournal(tmp_path / "store.db")
    yield journal
    journal.close()


def test_a_wish_that_is_made_again_is_no_second_one(store: SqliteWorkStore, journal: SqliteJournal) -> None:
    """An automation that is replayed asks once."""
    for due_at in (5, 9):
        with store.transaction():
            store.outbox.put([post(due_at=due_at)], at=1)
    (found,) = journal.due(Due(10, 10))
    assert (ID, 5, "mail.example", {"n": 1}) == (found.id, found.due_at, found.domain, found.order.params)


def test_a_wish_is_kept_with_the_state_that_made_it(store: SqliteWorkStore, journal: SqliteJournal) -> None:
    """A transaction that is rolled back takes it along."""
    with suppress(ZeroDivisionError), store.transaction():
        store.outbox.put([post()], at=1)
        raise ZeroDivisionError
    assert [] == journal.due(Due(10, 10))


def test_what_rests_is_not_given_out(store: SqliteWorkStore, journal: SqliteJournal) -> None:
    """What is not due, in hand, of a domain that rests, of a channel that is shut."""
    with store.transaction():
        store.outbox.put([post()], at=1)
    asked = (Due(4, 9), Due(9, 9, without=[ID]), Due(9, 9, held=["mail.example"]), Due(9, 9, shut=["email"]))
    assert [[], [], [], []] == [journal.due(one) for one in asked]
    assert ([ID], 5) == ([one.id for one in journal.due(Due(5, 9))], journal.next_due())


def test_what_was_cancelled_is_not_begun(store: SqliteWorkStore, journal: SqliteJournal, tmp_path: Path) -> None:
    """Whoever is about to send is told; what is settled stays settled."""
    with store.transaction():
        store.outbox.put([post()], at=1)
    deliveries = SqliteDeliveries(tmp_path / "store.db")
    assert 1 == deliveries.cancel([ID], at=2)
    assert frozenset() == journal.settle([ID], [], [])
    journal.settle([], [Settlement(ID, "sent", 3)], [])
    assert 1 == deliveries.again([ID], at=4)
    assert {ID} == journal.settle([ID], [], [])
    journal.settle([], [Settlement(ID, "sent", 5)], [])
    found = deliveries.one(ID)
    assert found is not None
    assert ("sent", 1, 5) == (found.state, found.tries, found.settled_at)
    assert 0 == deliveries.again([ID], at=6)
    deliveries.close()


QUESTIONS: dict[str, tuple[Callable[[SqliteDeliveries], Any], str]] = {
    "a page": (lambda it: it.find(limit=9, after=(5, "x")), "outbox_created"),
    "one state": (lambda it: it.find(states=["failed"], limit=9), "outbox_state"),
    "one message": (lambda it: it.find(message=1, limit=9), "outbox_message"),
    "a contact": (lambda it: it.find(contacts=[1], limit=9), "outbox_contact"),
    "an address": (lambda it: it.find(q="ada", limit=9), "outbox_recipient"),
    "references": (lambda it: it.by_reference(["SM1"]), "outbox_reference"),
    "counts": (lambda it: it.counts(), "COVERING INDEX outbox_state"),
    "results": (lambda it: it.results(1, since=0, until=9, day_ms=3), "COVERING INDEX outbox_message"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_has_its_index(
    store: SqliteWorkStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """None reads the whole outbox, which grows with every message."""
    asked: list[tuple[str, Any]] = []
    rows = Reading.rows

    def noted(self: Reading, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        asked.append((sql, values))
        return rows(self, sql, values)

    monkeypatch.setattr(Reading, "rows", noted)
    deliveries = SqliteDeliveries(tmp_path / "store.db")
    ask, index = QUESTIONS[name]
    ask(deliveries)
    deliveries.close()
    connection = sqlite3.connect(tmp_path / "store.db")
    ((sql, values),) = asked
    plan = " ".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values))
    connection.close()
    assert index in plan, plan
