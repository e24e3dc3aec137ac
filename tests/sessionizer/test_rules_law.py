"""Does any order of arrival give the same derived events, of every rule? Against a fold of the sorted history.

What each rule says of a sorted history is told by timelines (test_conversations, test_deadline, …); here only that late
events, doubles, ticks, restarts, joins and joins taken back change nothing. `make nightly` tries 5,000 histories.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sessionizer.derived import Derived
from sessionizer.engine import Engine
from sessionizer.event import Event
from sessionizer.rules.assignments import RULES
from sessionizer.wall_clock import text_of
from tests.factories import DAY_0
from tests.sessionizer.memory_worker import MemoryWorker

HOUR, DAY = 3_600_000, 86_400_000
EXAMPLES = max(200, settings().max_examples)

instants = st.integers(0, 7 * 48).map(lambda halves: DAY_0 + halves * HOUR // 2)
moments = instants.map(text_of)
few = st.integers(-3, 6)
agents = st.sampled_from(["a", "b"])


def thing(
    category: str, name: str, keys: str, **given: st.SearchStrategy[Any]
) -> st.SearchStrategy[tuple[str, str, Any]]:
    """(category, key, properties) of one of two things, each property there or not."""
    said = st.fixed_dictionaries({name: st.sampled_from(["x", "y"])}, optional=given)
    return st.tuples(st.just(category), st.sampled_from(keys.split()), said)


told = st.one_of(
    thing("conversations", "conversation_id", "conversation_started message_received agent_assigned agent_joined"
          " agent_replied agent_left conversation_closed", channel=st.sampled_from(["email", "chat"]), agent_id=agents),
    thing("meetings", "meeting_id", "meeting_booked meeting_booked meeting_canceled", starts_at=moments,
          ends_at=moments),
    thing("loyalty", "voucher_id", "voucher_created voucher_updated voucher_redeemed voucher_revoked",
          expires_at=moments),
    thing("loyalty", "balance_id", "balance_value_updated", value=few, change=few, minimum_value=few, maximum_value=few,
          expires_at=moments),
    thing("wallet", "counter_id", "counter_value_changed", value=few, max_value=few),
    thing("loyalty", "subscription_id", "subscription_created subscription_revoked"),
    st.just(("website", "page_visited", {})),
)  # fmt: skip


@st.composite
def arrivals(draw: st.DrawFn) -> list[tuple[str, Event]]:
    """(contact, event) in the order of arrival, some of them twice."""
    found = []
    for place in range(draw(st.integers(1, 16))):
        (category, key, properties), at = draw(told), draw(instants)
        event = Event(at, f"e{place}", category, key, properties, activity=category == "website")
        found.append((draw(st.sampled_from("AK")), event))
    order = draw(st.permutations(found))
    return order + draw(st.lists(st.sampled_from(order), max_size=3))


class Life:
    """One worker; A may be K's for a time."""

    def __init__(self, engine: Engine) -> None:
        self.worker = MemoryWorker(engine)
        self.who = {"A": "A", "K": "K"}

    def arrive(self, contact: str, event: Event) -> None:
        """One event of A or K."""
        self.worker.deliver(self.who[contact], [event], recorded={event.id: contact})

    def do(self, what: str, at: int) -> None:
        """Tick, restart, join or part."""
        if what == "tick":
            self.worker.tick(at)
        elif what == "restart":
            self.worker.restart()
        elif what == "join" and self.who["A"] != "K":
            self.who["A"] = "K"
            self.worker.join("K", "A")
        elif what == "part" and self.who["A"] == "K":
            self.who["A"] = "A"
            self.worker.part("K", "A")


doings = st.lists(
    st.tuples(st.integers(0, 18), st.sampled_from(["tick", "restart", "join", "part"]), instants), max_size=7
)


@settings(max_examples=EXAMPLES)
@given(arrivals=arrivals(), doings=doings, spacing_ms=st.sampled_from([1, HOUR, DAY]))
def test_any_order_of_arrival_gives_what_the_sorted_history_gives(
    arrivals: list[tuple[str, Event]], doings: list[tuple[int, str, int]], spacing_ms: int
) -> None:
    """Of every rule, with every property; A becomes K, and itself again, at any moments."""
    life = Life(Engine(RULES, spacing_ms=spacing_ms))
    for place, (contact, event) in enumerate(arrivals):
        for at_place, what, at in doings:
            if at_place == place:
                life.do(what, at)
        life.arrive(contact, event)
    life.worker.tick(DAY_0 + 40 * DAY)
    for contact in "AK":
        assert in_order(life.worker, contact) == stands(life.worker, contact)


def stands(worker: MemoryWorker, contact: str) -> list[tuple[Any, ...]]:
    """What is said of a contact at the end."""
    return sorted(map(whole, worker.said.get(contact, {}).values()))


def in_order(worker: MemoryWorker, contact: str) -> list[tuple[Any, ...]]:
    """What an engine that knows nothing says of the whole history, at once and sorted."""
    fresh = MemoryWorker(Engine(RULES))
    fresh.deliver(contact, worker.histories.get(contact, []))
    fresh.tick(worker.now)
    return stands(fresh, contact)


def whole(one: Derived) -> tuple[Any, ...]:
    """All but what it replaced: that depends on what was said before."""
    return (one.at, one.category, one.key, one.id, one.cause, one.depth, sorted(one.data.items(), key=str))
