"""Is what is kept of a contact small, and never misread by another version?"""

from collections.abc import Iterator
from typing import Any, ClassVar, cast

import msgspec
import pytest

from sessionizer.engine import Engine
from sessionizer.event import Agent, Event, Page
from sessionizer.fold import MAX_SLOTS, STATE_FULL
from sessionizer.rule import State, Step
from sessionizer.rules.assignments import RULES
from sessionizer.rules.deadline import MAX_LOTS
from sessionizer.thread import MOST_BYTES, StaleState, Thread
from tests.factories import DAY_0, SOMEBODY

MINUTE, DAY = 60_000, 86_400_000
KIB = 1_024
MOST_OF_A_STATE = 16 * KIB


# ---- never misread --------------------------------------------------------------------------------------------------


def remembering(state: type[State], name: str = "things") -> Engine:
    """An engine with one rule, which remembers `state`."""

    class Things:
        takes: tuple[str, ...] = ("website/x",)
        states: tuple[type[State], ...] = (state,)

        def __init__(self) -> None:
            self.name = name

        def key_of(self, event: Event) -> str:
            return ""

        def on_event(self, state: Any, event: Event, contact: Any) -> Step:
            return Step(self.states[0](*event.properties["fields"]))

        def on_time(self, state: Any, due: int, contact: Any) -> Step:
            return Step(state)

    return Engine((Things(),))


def saved(engine: Engine, *fields: object) -> bytes:
    """A thread whose one state has these fields."""
    event = Event(DAY_0, "e", "website", "x", {"fields": fields})
    return engine.encode_thread(engine.fold(None, [event], SOMEBODY, 0).thread)


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Inside of a state."""

    left: int
    right: int


class Turned(msgspec.Struct, frozen=True, array_like=True):
    """The same the other way round."""

    right: int
    left: int


def shape(fields: dict[str, Any], *, name: str = "Shape", version: int = 1) -> type[State]:
    """A class of state, made as a later version of the source might define it."""
    space = {"version": version, "__annotations__": {"version": ClassVar[int], **fields}}
    return cast(type[State], type(State)(name, (State,), space, frozen=True))


FIRST = shape({"a": int, "b": int, "part": Part | None})
OTHERS = {
    "two fields in another order": shape({"b": int, "a": int, "part": Part | None}),
    "a field of another name": shape({"a": int, "c": int, "part": Part | None}),
    "a field of another type that reads the same": shape({"a": int, "b": float, "part": Part | None}),
    "a field more": shape({"a": int, "b": int, "part": Part | None, "more": int | None}),
    "another class inside": shape({"a": int, "b": int, "part": Turned | None}),
    "a class of another name": shape({"a": int, "b": int, "part": Part | None}, name="Renamed"),
    "another meaning": shape({"a": int, "b": int, "part": Part | None}, version=2),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_state_of_another_shape_is_stale(other: type[State]) -> None:
    """Also where the bytes could be read: a swapped field would be an answer that is wrong and looks right."""
    blob = saved(remembering(FIRST), 1, 2, None)
    with pytest.raises(StaleState):
        remembering(other).decode_thread(blob)


def test_a_rule_of_another_name_is_stale() -> None:
    """Its slots are named after it: it would find none of them."""
    with pytest.raises(StaleState):
        remembering(FIRST, "others").decode_thread(saved(remembering(FIRST), 1, 2, None))


def test_a_rule_that_is_new_makes_threads_stale() -> None:
    """It has not heard the past: folded anew it has."""
    old, new = Engine(RULES[:-1]), Engine(RULES)
    with pytest.raises(StaleState):
        new.decode_thread(old.encode_thread(old.fold(None, [page(0)], SOMEBODY, 0).thread))


def test_the_same_shape_is_read_by_every_process() -> None:
    """The class is made anew, as after a restart: nothing in its shape depends on where it stands in memory."""
    blob = saved(remembering(FIRST), 1, 2, Part(3, 4))
    again = remembering(shape({"a": int, "b": int, "part": Part | None}))
    assert blob == again.encode_thread(again.decode_thread(blob))


# ---- small ----------------------------------------------------------------------------------------------------------

TEXT = "\U0001d306"  # four bytes each
THING = 255
EVENT_ID = "i" * 128


def page(place: int, *, every_ms: int = MINUTE) -> Event:
    """A page view of an ordinary visitor."""
    where = Page(f"https://shop.example/collections/shoes/alpine-{place % 1_000}", "", "https://www.google.com/")
    at = DAY_0 + place * every_ms
    agent = Agent("Chrome", "Windows", "desktop")
    return Event(at, f"{at:012x}-{place:023}", "website", "page_visited", {}, where, "v" * 26, 1, agent, activity=True)


@pytest.mark.parametrize(("count", "every_ms"), [(1_000_000, 2_600), (100_000, 31 * MINUTE)], ids=["open", "ended"])
def test_a_contact_with_a_million_events_keeps_a_few_kilobytes(count: int, every_ms: int) -> None:
    """A month without a pause of half an hour, and visits of one event for six years: all rules, every checkpoint."""
    engine, thread = Engine(RULES), None
    for start in range(0, count, 1_000):
        batch = [page(place, every_ms=every_ms) for place in range(start, start + 1_000)]
        thread = engine.fold(thread, batch, SOMEBODY, 0).thread
    assert thread is not None
    assert thread.last_id.endswith(str(count - 1))
    assert len(thread.checkpoints) <= 14
    assert len(engine.encode_thread(thread)) < 6 * KIB


def long_id(thing: int) -> str:
    """The longest id of a thing."""
    return f"{thing:03}" + TEXT * (THING - 3)


def worst(thing: int) -> Iterator[Event]:
    """Everything that a rule may be told of its `thing`-th thing, as long as doors let it be."""
    of, at = long_id(thing), DAY_0 + thing
    for place in range(20):
        url, who = f"https://shop.example/{place}?utm_source=" + TEXT * 3_000, f"{place:02}" + "v" * 24
        agent = Agent(TEXT * 120, TEXT * 120, "desktop")
        yield event(
            at, "website", "page_visited", page=Page(url, "", url), visitor=who, site=2**62 + place, agent=agent
        )
        yield event(at, "conversations", "agent_replied", conversation_id=of, agent_id=f"{place:02}" + TEXT * 253)
    yield event(at, "meetings", "meeting_booked", meeting_id=of, starts_at="2030-01-01", ends_at="2030-01-02")
    yield event(at, "loyalty", "voucher_created", voucher_id=of, expires_at="2030-01-01")
    yield event(at, "loyalty", "subscription_created", subscription_id=of, program_id=TEXT * THING)
    for lot in range(MAX_LOTS + 20):
        amount, until = 2.0**52 + lot / 4, f"{2030 + lot}-01-01"
        limits = {"value": amount, "minimum_value": 1.5, "maximum_value": 2.5}
        yield event(at, "loyalty", "balance_value_updated", balance_id=of, change=amount, expires_at=until, **limits)
    yield event(at, "wallet", "counter_value_changed", counter_id=of, value=2**53, max_value=2**53)


def event(at: int, category: str, key: str, **fields: Any) -> Event:
    """One, in which whatever is no field of an event is a property."""
    known = {name: fields.pop(name) for name in ("page", "visitor", "site", "agent") if name in fields}
    return Event(at, EVENT_ID, category, key, fields, activity="page" in known, **known)


def test_no_state_is_larger_than_sixteen_kibibytes() -> None:
    """The longest texts, 116 lots, 20 agents, 20 sites and browsers: every rule keeps to its bound."""
    thread = Engine(RULES).fold(None, list(worst(0)), SOMEBODY, 0).thread
    sizes = {name.partition("/")[0]: len(msgspec.msgpack.encode(state)) for name, (state, _) in thread.slots.items()}
    assert {rule.name for rule in RULES} == sizes.keys()
    assert {} == {name: size for name, size in sizes.items() if size > MOST_OF_A_STATE}


def things(thing: int) -> Iterator[Event]:
    """One of everything of which a contact may have several."""
    of, at = long_id(thing), DAY_0 + thing * 31 * MINUTE
    for kind, name in (
        ("conversations/conversation_started", "conversation_id"),
        ("meetings/meeting_booked", "meeting_id"),
        ("loyalty/voucher_created", "voucher_id"),
        ("loyalty/subscription_created", "subscription_id"),
        ("loyalty/balance_value_updated", "balance_id"),
        ("wallet/counter_value_changed", "counter_id"),
    ):
        category, _, key = kind.partition("/")
        until = {"starts_at": "2030-01-01", "expires_at": "2030-01-01", "value": 5, "change": 5, "max_value": 9}
        yield event(at, category, key, **{name: of}, **until)


def crowded() -> tuple[Engine, Thread, set[tuple[str, str]]]:
    """A contact with one thing more of everything than fits, and what was refused."""
    engine = Engine(RULES)
    outcome = engine.fold(None, [one for thing in range(MAX_SLOTS + 1) for one in things(thing)], SOMEBODY, 0)
    return engine, outcome.thread, {(refused.reason, refused.rule) for refused in outcome.refused}


def test_a_contact_with_256_things_in_every_rule_is_bounded() -> None:
    """The 257th is refused by name; checkpoints are fewer where each is large, so that the whole is not."""
    engine, thread, refused = crowded()
    several = {rule.name for rule in RULES} - {"sessions", "conversations"}
    assert {(STATE_FULL, name) for name in several} == refused
    head = len(msgspec.msgpack.encode(thread.slots))
    assert len(engine.encode_thread(thread)) < 3 * head + MOST_BYTES


def test_fewer_checkpoints_answer_the_same() -> None:
    """However few are left, there is one to begin from, and none that is younger than what came late."""
    engine, thread, _ = crowded()
    for late_ms in (MINUTE, DAY, 5 * DAY):
        since = engine.rewind_to(thread, thread.last_at - late_ms, "")
        assert since is not None
        assert since <= thread.last_at - late_ms


@pytest.mark.parametrize("number", ["1e300", 10**30, 2**53 + 2, -1e300, "-1e17"])
@pytest.mark.parametrize("name", ["value", "change"])
def test_a_number_that_cannot_be_is_passed_over(number: object, name: str) -> None:
    """It is no total: it stops no worker, and what was there stays."""
    engine, of = Engine(RULES), {"balance_id": "b", "expires_at": "2030-01-01"}
    told = [{"value": 5, "change": 5}, {name: number}, {name: number}, {"change": -2}]
    timeline = [event(DAY_0 + place, "loyalty", "balance_value_updated", **of, **one) for place, one in enumerate(told)]
    thread = engine.fold(None, timeline, SOMEBODY, 0).thread
    assert thread == engine.decode_thread(engine.encode_thread(thread))
    assert 3 == engine.state_of(thread, "expiries", "b").value  # type: ignore[union-attr]  # a balance


def test_a_total_grows_beyond_what_is_whole() -> None:
    """Each change may be said, their sum is beyond 64 bits: it is kept as a float."""
    engine = Engine(RULES)
    timeline = [
        event(DAY_0 + place, "loyalty", "balance_value_updated", balance_id="b", change=2**53) for place in range(3_000)
    ]
    thread = engine.fold(None, timeline, SOMEBODY, 0).thread
    assert thread == engine.decode_thread(engine.encode_thread(thread))
    assert 3_000 * 2.0**53 == engine.state_of(thread, "expiries", "b").value  # type: ignore[union-attr]  # a balance
