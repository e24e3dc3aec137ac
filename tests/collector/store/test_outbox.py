"""Effects: in the worker's transaction or not at all, each once, in order of time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.ports.work import Effect
from collector.store.sqlite.work.store import SqliteWorkStore

FIRST = Effect("run-1/step-2", "send", 7, 1_000, b"\x80")
SECOND = Effect("run-1/step-3", "send", 7, 2_000, b"\x81\xa1a\x01")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteWorkStore]:
    """An empty store of the worker."""
    store = SqliteWorkStore(tmp_path / "store.db")
    yield store
    store.close()


def test_an_effect_waits_until_it_is_due_and_settled(store: SqliteWorkStore) -> None:
    """The longest due comes first; what is done is gone."""
    with store.transaction():
        store.outbox.put([SECOND, FIRST])
    assert [] == store.outbox.due(999, 10)
    assert [FIRST] == store.outbox.due(1_000, 10)
    assert [FIRST] == store.outbox.due(2_000, 1)
    with store.transaction():
        store.outbox.settle([FIRST.id])
    assert [SECOND] == store.outbox.due(2_000, 10)


def test_what_is_asked_again_is_no_second_effect(store: SqliteWorkStore) -> None:
    """The id says who asks and for what."""
    with store.transaction():
        store.outbox.put([FIRST])
        store.outbox.put([Effect(FIRST.id, "send", 8, 500, b"\x80")])
    assert [FIRST] == store.outbox.due(2_000, 10)


def test_an_effect_is_written_with_the_state_that_asked_for_it_or_not_at_all(store: SqliteWorkStore) -> None:
    """A batch that fails leaves neither its position nor its effects."""
    with pytest.raises(RuntimeError), store.transaction():  # noqa: PT012  # the failure comes in the middle of a batch
        store.set_position("worker", 5)
        store.outbox.put([FIRST])
        raise RuntimeError
    assert (0, []) == (store.position("worker"), store.outbox.due(2_000, 10))
