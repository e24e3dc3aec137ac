"""Deliveries to webhooks are asked along their indexes; what is told and settled stands by itself."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collector.store.ports.definitions.webhooks import Webhook, WebhookChange, Writing
from collector.store.ports.webhooks.deliveries import Delivery, Health, offset_of
from collector.store.sqlite.definitions.webhooks import SqliteWebhooks
from collector.store.sqlite.webhooks import deliveries, telling
from collector.store.sqlite.webhooks.deliveries import SqliteTold
from collector.store.sqlite.webhooks.telling import SqliteTelling
from tests.collector.store.rows import Rows

DUE, STATE, SETTLED, KEY = (f"webhook_deliveries_{name}" for name in ("due", "state", "settled", "pk"))


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    """A store to be filled."""
    filled = Rows(tmp_path)
    yield filled
    filled.close()


@pytest.fixture
def writing(rows: Rows) -> Iterator[SqliteTelling]:
    """The teller's side."""
    with closing(SqliteTelling(rows.folder / "store.db")) as side:
        yield side


@pytest.fixture
def log(rows: Rows) -> Iterator[SqliteTold]:
    """The side that looks."""
    with closing(SqliteTold(rows.folder / "store.db")) as side:
        yield side


def added(rows: Rows) -> Webhook:
    """A webhook that wants everything."""
    with closing(SqliteWebhooks(rows.folder / "store.db")) as webhooks:
        return webhooks.add("Hook", "https://crm.example/", Writing(kinds=("*",)), at=1)


def changed(rows: Rows, id: int, change: WebhookChange) -> None:
    """Make it other."""
    with closing(SqliteWebhooks(rows.folder / "store.db")) as webhooks:
        assert webhooks.change(id, change, at=2)


PAGE = {"webhook": 1, "state": "done", "limit": 9, "before": None, "offset": 1}


@pytest.mark.parametrize(
    ("sql", "values", "expected"),
    [
        (telling.DUE, {"webhook": 1, "now": 1, "without": "[]", "limit": 9}, DUE),
        (telling.NEXT, {"webhook": 1}, DUE),
        (telling.WAITING, {"webhook": 1}, DUE),
        (telling.NEWS, (1, 9), "e USING INTEGER PRIMARY KEY"),
        (telling.EVENTS, ("[1]",), "e USING INTEGER PRIMARY KEY"),
        (telling.EMAILS, ("[1]",), "identifiers_contact"),
        (telling.OPENED, ('["a"]',), "outbox USING"),
        (telling.KEPT, (1, 9), SETTLED),
        (telling.GONE, {"webhook": 1, "state": "done", "before": 1, "limit": 9}, SETTLED),
        (deliveries.FIND, PAGE, "d USING PRIMARY KEY"),
        (deliveries.FIND_IN, PAGE, STATE),
        (deliveries.ONE, PAGE, "d USING PRIMARY KEY"),
        (deliveries.HEALTH, {"webhook": 1, "since": 1}, SETTLED),
        (deliveries.TOOK, {"webhook": 1}, SETTLED),
        (deliveries.AGAIN, {"webhook": 1, "offset": 1, "at": 1}, "USING PRIMARY KEY"),
        (deliveries.AGAIN_SINCE, {"webhook": 1, "since": 1, "at": 1}, SETTLED),
    ],
)
def test_it_is_asked_along_an_index(rows: Rows, sql: str, values: Any, expected: str) -> None:
    """Nothing that grows is read through, and no page is sorted."""
    with closing(sqlite3.connect(rows.folder / "store.db")) as connection:
        lines = [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert any(expected in line for line in lines), lines
    assert [] == [line for line in lines if re.match(r"SCAN (?!j\b|json_each|picked|CONSTANT)", line)], lines
    if expected != "identifiers_contact":
        assert [] == [line for line in lines if "TEMP B-TREE" in line and "LAST TERM" not in line], lines


def test_what_was_told_is_told_once(rows: Rows, writing: SqliteTelling) -> None:
    """Told again after a death, nothing is there twice; how far it was told never goes back."""
    webhook = added(rows).id
    for told_to in (7, 5):
        writing.tell({webhook: told_to}, [(webhook, 3), (webhook, 4)], at=10)
    ((_, told_to),) = writing.readers()
    assert (7, [3, 4]) == (told_to, [one.offset for one in writing.due(webhook, 10, without=(), limit=9)])
    assert [4] == [one.offset for one in writing.due(webhook, 10, without=(3,), limit=9)]
    assert [] == writing.due(webhook, 9, without=(), limit=9)
    assert (2, 10) == (writing.waiting(webhook), writing.next_due(webhook))


def test_a_webhook_that_is_gone_or_disabled_is_told_nothing(rows: Rows, writing: SqliteTelling) -> None:
    """What is paused is, for afterwards; what was disabled begins anew when it is taken back."""
    webhook = added(rows).id
    changed(rows, webhook, WebhookChange(status="paused"))
    writing.tell({webhook: 1, 99: 1}, [(webhook, 1), (99, 1)], at=10)
    assert (1, 0) == (writing.waiting(webhook), writing.waiting(99))
    writing.disable(webhook, "HTTP 410", at=11)
    writing.tell({webhook: 2}, [(webhook, 2)], at=12)
    assert 0 == writing.waiting(webhook)
    rows.many(5)
    changed(rows, webhook, WebhookChange(status="active"))
    ((found, told_to),) = writing.readers()
    assert ("active", "", 5) == (found.status, found.why, told_to)


def test_health_is_that_of_the_webhook(rows: Rows, writing: SqliteTelling, log: SqliteTold) -> None:
    """What waits, what failed lately, the last of each, the middle of the last that were done."""
    webhook = added(rows).id
    writing.tell({}, [(webhook, offset) for offset in range(1, 8)], at=1)
    ends = [("done", 10, 5), ("done", 20, 7), ("done", 30, 900), ("failed", 40, 1), ("failed", 50, 1)]
    writing.settle(
        [Delivery(webhook, n, state, 1, 1, 1, at, 200, "", took) for n, (state, at, took) in enumerate(ends, 1)]  # type: ignore[arg-type]  # states
    )
    assert Health(waiting=2, failed=1, done_at=30, failed_at=50, took_ms=7) == log.health(webhook, since=45)
    assert Health() == log.health(99, since=0)


def test_trimming_keeps_what_is_new(rows: Rows, writing: SqliteTelling, log: SqliteTold) -> None:
    """The newest of what is done, up to a number; everything that ended lately; everything that waits."""
    webhook = added(rows).id
    writing.tell({}, [(webhook, offset) for offset in range(1, 11)], at=1)
    writing.settle([Delivery(webhook, n, "done", 1, settled_at=n * 10) for n in range(1, 8)])
    writing.settle([Delivery(webhook, n, "failed", 1, settled_at=n * 10) for n in (8, 9)])
    assert 2 == writing.trim(before=0, keep=5, limit=100)
    assert [10, 9, 8, 7, 6, 5, 4, 3] == offsets(log, webhook)
    assert 1 + 0 == writing.trim(before=85, keep=5, limit=1) - 1
    writing.trim(before=85, keep=5, limit=100)
    assert [10, 9] == offsets(log, webhook)


def offsets(log: SqliteTold, webhook: int) -> list[int]:
    """Of what the log has."""
    return [one.delivery.offset for one in log.find(webhook, state=None, limit=99, before=None)]


@pytest.mark.parametrize("id", ["", "msg_1", "msg_2_5", "msg_1_", "msg_1_-5", "msg_1_٥", f"msg_1_{'9' * 19}"])
def test_what_is_no_id(id: str) -> None:
    """Of this webhook."""
    assert offset_of(1, id) is None
    assert 5 == offset_of(1, Delivery(1, 5, "done", 0).id)
