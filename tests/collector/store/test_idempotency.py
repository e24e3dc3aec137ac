"""Answers are kept for whoever asks again: the latest, and not too many."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.sqlite import connect, migrate
from collector.store.ports.idempotency import Kept
from collector.store.sqlite.idempotency import CLEAN, GET, SqliteAnswers
from collector.store.sqlite.work.store import MIGRATIONS

ANSWER = Kept(b"\x01\xff", 201, {"location": "/api/lists/1"}, b"{}")


@pytest.fixture
def answers(tmp_path: Path) -> Iterator[SqliteAnswers]:
    """An empty store that keeps three."""
    migrate(tmp_path / "store.db", MIGRATIONS)
    ready = SqliteAnswers(tmp_path / "store.db", max_kept=3)
    yield ready
    ready.close()


def test_an_answer_is_found_as_it_was_kept(answers: SqliteAnswers) -> None:
    """From the instant on at which it was kept, which is included."""
    answers.keep("a", ANSWER, at=1_000)
    assert [ANSWER, None] == [answers.get("a", since=since) for since in (1_000, 1_001)]
    assert answers.get("b", since=0) is None


def test_a_newer_answer_takes_the_place_of_an_older(answers: SqliteAnswers) -> None:
    """Of the same key."""
    newer = Kept(b"\x02", 204, {}, None)
    answers.keep("a", ANSWER, at=1_000)
    answers.keep("a", newer, at=2_000)
    assert newer == answers.get("a", since=0)


def test_the_oldest_give_way(answers: SqliteAnswers) -> None:
    """Three stay."""
    for at, key in enumerate("abcde"):
        answers.keep(key, ANSWER, at=at)
    assert ["c", "d", "e"] == [key for key in "abcde" if answers.get(key, since=0)]


def test_what_is_old_is_forgotten(answers: SqliteAnswers) -> None:
    """Before that instant, which is not included."""
    for at, key in enumerate("abc"):
        answers.keep(key, ANSWER, at=at)
    answers.clean(2)
    assert ["c"] == [key for key in "abc" if answers.get(key, since=0)]


@pytest.mark.parametrize(("sql", "values", "index"), [(GET, ("a", 0), "autoindex"), (CLEAN, (0,), "idempotency_at")])
def test_no_question_walks_through_all(
    answers: SqliteAnswers, tmp_path: Path, sql: str, values: object, index: str
) -> None:
    """Each has its index."""
    connection = connect(tmp_path / "store.db")
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    connection.close()
    assert "SEARCH" in plan[0][3]
    assert index in plan[0][3]
