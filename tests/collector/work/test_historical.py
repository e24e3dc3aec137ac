"""What is imported comes late by nature: it is heard all the same, as if it had come in time."""

import random

import pytest

from tests.collector.work.deployment import MINUTE, T0, Deployment

DAY = 1_440


def imported(here: Deployment, id: str, minute: float) -> None:
    """A page view of long ago, as an import writes it."""
    here.say(
        id,
        minute,
        historical=True,
        door="import",
        source="import",
        identify_mode="",
        received_at=T0 + 20 * DAY * MINUTE,
    )


def test_what_is_old_makes_its_sessions(here: Deployment) -> None:
    """Nine days before the newest event of its contact it is too late for a tracker's, not for an import's."""
    here.say("now", 9 * DAY)
    here.work(9 * DAY)
    for id, minute in (("b", 20), ("a", 0), ("c", 60)):
        imported(here, id, minute)
    here.work(9 * DAY)
    assert [(1, 0, 20, False), (1, 60, 60, False), (1, 9 * DAY, 9 * DAY, True)] == here.sessions()
    assert [] == here.ask("SELECT 1 FROM events WHERE flags & 2")
    assert 0 == here.store.rebuilds.left()


def test_in_order_it_is_folded_as_it_comes(here: Deployment) -> None:
    """Nobody is folded anew for what follows on what was there."""
    for id, minute in (("a", 0), ("b", 20)):
        imported(here, id, minute)
    turn = here.worker.turn()
    assert (2, 0) == (turn.rows, turn.anew)
    here.work(DAY)
    assert [(1, 0, 20, False)] == here.sessions()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_a_file_does_not_matter(here: Deployment, seed: int) -> None:
    """Shuffled and cut into batches, it gives the sessions of the ordered one."""
    minutes = [n * 17 for n in range(12)]
    rng = random.Random(seed)
    shuffled = rng.sample(minutes, len(minutes))
    for n, minute in enumerate(shuffled):
        imported(here, f"e{minute}", minute)
        if n % rng.randrange(1, 4) == 0:
            here.work(20 * DAY)
    here.work(20 * DAY)
    assert [(1, 0, 187, False)] == here.sessions()
    assert [("page_visited", minute) for minute in minutes] == [
        (key, minute) for key, minute in here.story() if key == "page_visited"
    ]
    assert 1 == sum(key == "session_ended" for key, _ in here.story())


def test_a_worker_that_dies_forgets_nobody(here: Deployment) -> None:
    """Who is to be folded anew stands in the store, in the transaction of what came."""
    here.say("now", 9 * DAY)
    here.work(9 * DAY)
    imported(here, "a", 0)
    here.worker._anew = lambda now: 0  # type: ignore[method-assign]
    here.worker.turn()
    assert 1 == here.store.rebuilds.left()
    here.start()
    here.work(9 * DAY)
    assert (1, 0, 0, False) in here.sessions()
