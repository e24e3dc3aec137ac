"""Whom need nobody ask? Runs that no event and no time moves: the worker leaves them where they lie."""

import pytest

from tests.sessionizer.automations.walking import DAY, HOUR, NOON, Walking, event

WAITS = {
    "triggers": [{"type": "event", "category": "custom", "key": "cart"}],
    "steps": [
        {
            "type": "wait_for",
            "id": "wait",
            "within": {"n": 1, "unit": "days"},
            "event": {"type": "event", "category": "custom", "key": "answer"},
        },
        {"type": "wait", "id": "later", "span": {"n": 1, "unit": "days"}},
    ],
    "exits": [{"type": "event", "category": "custom", "key": "order"}],
}
KNOWN = {"type": "attribute", "name": "VIP", "test": {"op": "exists"}}


def waiting(automation: dict[str, object]) -> Walking:
    """Somebody who came in at noon."""
    walking = Walking(automation)
    walking.hear(event("cart", NOON))
    return walking


@pytest.mark.parametrize(("key", "moves"), [("order", True), ("answer", True), ("cart", False), ("page", False)])
def test_an_end_and_what_is_waited_for_move_a_run(key: str, moves: bool) -> None:
    """Others do not; that one comes in by it again is another matter."""
    walking = waiting(WAITS)
    (run,) = walking.runs()
    assert moves is walking.book().moves(run, [event(key, NOON + 1)], NOON + HOUR)


def test_what_is_waited_for_elsewhere_moves_nobody() -> None:
    """At the next step an answer is nothing to it; an end is one wherever somebody stands."""
    walking = waiting(WAITS)
    walking.hear(event("answer", NOON + HOUR))
    (run,) = walking.runs()
    assert "later" == run.step
    assert not walking.book().moves(run, [event("answer", NOON + HOUR + 1)], NOON + HOUR + 1)
    assert walking.book().moves(run, [event("order", NOON + HOUR + 1)], NOON + HOUR + 1)


def test_time_moves_a_run_that_is_due() -> None:
    """At that very instant, whatever happened."""
    (run,) = waiting(WAITS).runs()
    book = waiting(WAITS).book()
    assert not book.moves(run, [], NOON + DAY - 1)
    assert book.moves(run, [], NOON + DAY)


def test_any_event_may_move_who_waits_for_a_condition() -> None:
    """What is known may have become another by it."""
    step = {"type": "wait_for", "id": "wait", "within": {"n": 1, "unit": "days"}, "condition": KNOWN}
    walking = waiting({"triggers": WAITS["triggers"], "steps": [step]})
    (run,) = walking.runs()
    assert walking.book().moves(run, [event("page", NOON + 1)], NOON + 1)
    assert not walking.book().moves(run, [], NOON + 1)
