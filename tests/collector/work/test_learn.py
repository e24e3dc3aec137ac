"""What the worker learns of custom events: from the log to `learned_kinds`, a few of each batch."""

import asyncio
from typing import Any

import pytest

from collector.store.sqlite.store import SqliteStore
from collector.store.sqlite.work.learned import SqliteLearnedKinds
from collector.work.learn import FIRST, LARGE, MAX_KEYS, OF_A_BATCH, ONE_IN
from sessionizer.event import Kind
from sessionizer.properties.learned import Shape, drifts, properties_of
from tests.collector.work.deployment import Deployment

ROBOT = "Googlebot/2.1 (+http://www.google.com/bot.html)"


def learned(here: Deployment) -> dict[Kind, Shape]:
    """All of it, as those read it who show it."""

    async def asked() -> dict[Kind, Shape]:
        store = SqliteStore(here.folder)
        await store.open()
        try:
            every = await store.learned.all()
            assert {kind: await store.learned.of(*kind) for kind in every} == every
            assert await store.learned.of("custom", "never came") is None
            return every
        finally:
            await store.close()

    return asyncio.run(asked())


def say(here: Deployment, count: int, *, key: str = "wished", start: int = 0, **fields: Any) -> None:
    """So many custom events of a kind, a minute apart."""
    for place in range(start, start + count):
        here.say(f"{key}-{place}", place, category="custom", key=key, **fields)


def test_custom_events_are_learned(here: Deployment) -> None:
    """Their properties with types and samples; those of the catalogue are known already."""
    say(here, 3, properties={"colour": "red", "size": 42})
    here.say("page", 3, properties={"name": "Home"})
    here.work(4)
    assert [("custom", "wished")] == [*learned(here)]
    shape = learned(here)["custom", "wished"]
    assert 3 == shape.looked_at.count
    assert {
        "colour": {"type": "string", "examples": ["red"]},
        "size": {"type": "integer", "examples": [42]},
    } == properties_of(shape)


def test_nothing_that_leads_to_a_person_is_kept(here: Deployment) -> None:
    """Nowhere in the row: not as a sample, not as a name."""
    personal = {
        "to": "anna@shop.it",
        "note": "call 333 1234567",
        "anna@shop.it": 1,
        "letter": "x" * 200,
        "email": "anna",
    }
    say(here, 1, properties=personal)
    here.work(1)
    ((body,),) = here.ask("SELECT body FROM learned_kinds")
    assert [] == [word for word in (b"anna", b"333", b"xxx") if word in body]


def test_a_change_of_type_is_drift(here: Deployment) -> None:
    """It was a number, and comes as text."""
    say(here, 3, properties={"price": 129})
    say(here, 1, start=3, properties={"price": "129 EUR"})
    here.work(5)
    (drift,) = drifts(learned(here)["custom", "wished"])
    assert (("price",), "retyped", "number", "string") == (drift.path, drift.what, drift.before, drift.now)


def test_no_batch_looks_at_too_many(here: Deployment) -> None:
    """At a hundred of what is new, at a few of what is known, and at so many keys."""
    say(here, 2 * FIRST)
    here.work(300)
    assert FIRST == learned(here)["custom", "wished"].looked_at.count
    say(here, ONE_IN * 2 * OF_A_BATCH, start=2 * FIRST)
    here.work(600)
    assert FIRST + OF_A_BATCH == learned(here)["custom", "wished"].looked_at.count
    for place in range(2 * MAX_KEYS):
        say(here, 1, key=f"kind-{place}")
    here.work(600)
    assert 1 + MAX_KEYS == len(learned(here))


def test_of_a_large_batch_few_are_looked_at(here: Deployment) -> None:
    """Also of what is new: the worker is busy."""
    say(here, LARGE)
    here.work(600)
    assert OF_A_BATCH == learned(here)["custom", "wished"].looked_at.count


def test_of_a_kind_that_is_known_few_are_looked_at(here: Deployment) -> None:
    """The first hundred, then one in sixteen, however they come; a new worker looks at its first, to know it again."""
    for place in range(FIRST + 2 * ONE_IN):
        say(here, 1, start=place)
        here.work(place)
    assert FIRST + 2 == learned(here)["custom", "wished"].looked_at.count


def test_bots_and_what_comes_twice_teach_nothing(here: Deployment) -> None:
    """A crawler's events are nobody's habit; the same id is the same event."""
    say(here, 1, user_agent=ROBOT)
    say(here, 1, key="asked")
    say(here, 1, key="asked")
    here.work(1)
    assert {("custom", "asked"): 1} == {kind: shape.looked_at.count for kind, shape in learned(here).items()}


def test_kinds_are_bounded(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first so many are kept, and go on being learned; others are not."""
    monkeypatch.setattr(here.worker._recorder._learner, "_kinds", SqliteLearnedKinds(here.store._connection, limit=2))
    for start in 0, 1:
        for key in "a", "b", "c":
            say(here, 1, key=key, start=start)
            here.work(2)
    assert {"a": 2, "b": 2} == {key: shape.looked_at.count for (_, key), shape in learned(here).items()}
