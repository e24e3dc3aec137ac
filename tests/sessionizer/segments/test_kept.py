"""How much is kept of a person for one condition, and is it enough? Long histories against the definition."""

import random
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from sessionizer.event import Event
from sessionizer.segments.condition import Condition, parse
from sessionizer.segments.evaluate import holds
from sessionizer.segments.history import Moment, Person, exact_parts, total_of
from sessionizer.segments.kept.choice import keeper_of
from sessionizer.segments.kept.keeper import MOST, MOST_BYTES
from sessionizer.segments.kept.recent import NOBODY
from sessionizer.wall_clock import DAY_MS, HOUR_MS
from tests.sessionizer.segments.asking import ROME, event, last, question, wanted

LONG_AGO = {"ago": {"n": 2, "unit": "days"}}
A = "custom/a"


def many(count: int, *, every: int = HOUR_MS, **properties: Any) -> list[Event]:
    """So many events of one kind, one after the other."""
    return [Event(place * every, f"e{place:05}", "custom", "a", properties) for place in range(count)]


def heard(condition: Condition, history: list[Event]) -> Any:
    """What is kept after all of them."""
    keeper, kept = keeper_of(condition, ROME), None
    for one in history:
        kept = keeper.heard(kept, one)
    return kept


def answers(condition: Condition, history: list[Event], nows: Iterable[int]) -> set[bool | None]:
    """Whether the answers at these instants are the definition's; None for no answer."""
    keeper, kept = keeper_of(condition, ROME), heard(condition, history)
    found = [(now, keeper.answer(kept, now)) for now in nows]
    person = Person(NOBODY, history)
    return {None if said is None else said.is_so == holds(condition, person, Moment(now, ROME)) for now, said in found}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (event(A), 0),  # a number
        (event(A, window=last(3, "days")), 1),
        (event(A, window=last(3, "days"), count={"op": "at_least", "value": 20}), 20),
        (event(A, window=last(3, "days"), count={"op": "exactly", "value": 20}), 21),
        (event(A, window=LONG_AGO, count={"op": "at_least", "value": 20}), 20),
        (event(A, window=last(3, "days") | LONG_AGO), 72),  # all that have not left: three days of hours
    ],
)
def test_of_a_thousand_events_those_are_kept_that_matter(asked: Any, kept: int) -> None:
    """And the answer is right at every one of their edges."""
    condition, history = question(asked), many(1_000)
    assert kept == len(heard(condition, history).marks)
    end = history[-1].at
    nows = (end, end + DAY_MS, end + 2 * DAY_MS, end + 3 * DAY_MS - 1, end + 3 * DAY_MS, end + 30 * DAY_MS)
    assert {True} == answers(condition, history, nows)


@pytest.mark.parametrize("window", [last(9, "weeks"), LONG_AGO, last(9, "weeks") | LONG_AGO])
@pytest.mark.parametrize("op", ["at_least", "at_most", "exactly"])
def test_more_than_256_are_let_go_of_and_the_store_is_asked(window: Any, op: str) -> None:
    """Nothing is made up: where what is kept does not say, there is no answer; where it does, it is right."""
    condition = question(event(A, window=window, count={"op": op, "value": 900}))
    history = many(1_000)
    assert MOST >= len(heard(condition, history).marks)
    found = answers(condition, history, [history[-1].at + day * DAY_MS for day in range(0, 100, 9)])
    assert False not in found
    assert None in found


@pytest.mark.parametrize("function", ["sum", "average", "minimum", "maximum", "distinct"])
@pytest.mark.parametrize("window", [{}, last(5, "days"), LONG_AGO, last(5, "days") | LONG_AGO])
def test_totals_are_the_definition_s_to_the_last_bit(function: str, window: Any) -> None:
    """Of a thousand numbers that no float adds up without a rest; in two currencies."""
    chance = random.Random(7)
    history = [
        Event(n * HOUR_MS, f"e{n:05}", "custom", "a", {"v": chance.choice([0.1, 0.3, 7, 1e16, -1e16]), "currency": c})
        for n in range(500)
        for c in [chance.choice(["EUR", "USD"])]
    ]
    for value in (0.1, 120.7):
        test = {"op": "more", "value": value}
        asked = {"type": "aggregate", **wanted(A), "function": function, "property": "v", "test": test}
        condition = question(asked | ({"window": window} if window else {}))
        assert {True} == answers(condition, history, [history[-1].at + days * DAY_MS for days in (0, 3, 8)])


def test_a_total_of_too_many_is_asked_of_the_store() -> None:
    """Three hundred different values, and three hundred events in the window."""
    test = {"op": "at_least", "value": 300}
    asked = {"type": "aggregate", **wanted(A), "function": "distinct", "property": "v", "test": test}
    history = [msgspec.structs.replace(one, properties={"v": one.id}) for one in many(300)]
    now = [history[-1].at]
    assert {None} == answers(question(asked), history, now)
    assert {None} == answers(question(asked | {"window": last(9, "weeks")}), history, now)
    assert {True} == answers(question(asked | {"window": last(3, "days")}), history, now)


def test_what_is_kept_of_events_themselves_is_bounded() -> None:
    """A sequence over pages: 256 events, 16 KiB, without what nobody asks for; beyond, the store is asked."""
    step = wanted(A, where=[{"path": "color", "test": {"op": "exists"}}])
    condition = question({"type": "sequence", "steps": [step, wanted("custom/b")]})
    few = heard(condition, many(100, color="red", text="x" * 1_000))
    assert 100 == len(few.events)
    assert {"color": "red"} == few.events[0].properties
    for history in (many(1_000, color="red"), many(100, color="x" * 1_000)):
        kept = heard(condition, history)
        assert len(kept.events) <= MOST
        assert len(msgspec.msgpack.encode(kept)) <= MOST_BYTES + 1_000
        assert {None} == answers(condition, history, [history[-1].at])


def test_a_sequence_that_has_ended_needs_no_more() -> None:
    """It holds for ever, and nothing is kept."""
    condition = question({"type": "sequence", "steps": [wanted(A), wanted("custom/b")]})
    history = [*many(10), Event(11 * HOUR_MS, "b", "custom", "b"), *many(2, every=DAY_MS)]
    kept = heard(condition, history[:11])
    assert ((), 11 * HOUR_MS) == (kept.events, kept.settled_at)
    assert {True} == answers(condition, history[:11], [400 * DAY_MS])


def test_sums_in_parts_are_exact() -> None:
    """They round as the sum of all does; numbers too large for a sum are left as they are."""
    chance = random.Random(1)
    values = [chance.uniform(-1, 1) * 10 ** chance.randint(-20, 20) for _ in range(500)]
    parts = exact_parts(values)
    assert len(parts) < 10
    assert total_of(values) == total_of(parts)
    assert float("inf") == total_of([1e308] * 20)
    assert float("-inf") == total_of([-1e308] * 20)
    assert (1e308, 1e308) == exact_parts([1e308, 1e308])
    assert 0.0 == total_of([1e308, 1e308, -1e308, -1e308])


def test_a_definition_of_every_kind_has_a_keeper() -> None:
    """One that asks for the day keeps the events, whatever it asks else."""
    due = {"path": "due", "test": {"op": "in_last", "within": {"n": 1, "unit": "days"}}}
    more = {"op": "more", "value": 1}
    kinds = {
        "Count": event(A),
        "Total": {"type": "aggregate", **wanted(A), "function": "sum", "property": "v", "test": more},
        "Time": {"type": "time", **wanted(A), "which": "first", "window": last(1, "days")},
        "Recent": event(A, where=[due]),
    }  # fmt: skip
    for name, asked in kinds.items():
        assert name == type(keeper_of(parse({"where": asked}).where, ROME)).__name__
