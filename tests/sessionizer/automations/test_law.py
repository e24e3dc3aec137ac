"""For random graphs and random histories, however they are cut: does the engine say what a plain re-run says?"""

from collections.abc import Sequence

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sessionizer.automations import definition as asks
from sessionizer.automations.check import Known, faults
from sessionizer.event import Event
from sessionizer.segments.comparison import Comparison
from sessionizer.segments.condition import PropertyTest
from sessionizer.segments.window import Span
from tests.conftest import NIGHTLY
from tests.sessionizer.automations.plain import rerun
from tests.sessionizer.automations.walking import MINUTE, NOON, Walking

EXAMPLES = 5_000 if NIGHTLY else 200
KEYS = ("a", "b", "c", "d")
END = NOON + 1_000 * MINUTE

spans = st.builds(Span, st.integers(10, 90), st.sampled_from(["minutes", "hours"]))
tests = st.builds(PropertyTest, st.just("k"), st.builds(Comparison, st.just("equals"), st.integers(1, 2)))
sames = st.builds(asks.Same, st.just("k"), st.just("k"))


def wanted(*, compared: bool = True) -> st.SearchStrategy[asks.OnEvent]:
    """Some event. compared: also with the trigger's."""
    return st.builds(
        lambda key, where, same: asks.OnEvent(category="custom", key=key, where=tuple(where), same=tuple(same)),
        st.sampled_from(KEYS),
        st.lists(tests, max_size=1),
        st.lists(sames, max_size=1) if compared else st.just([]),
    )


def some(of: st.SearchStrategy[asks.Step], most: int = 3) -> st.SearchStrategy[tuple[asks.Step, ...]]:
    """Steps one after the other."""
    return st.lists(of, max_size=most).map(tuple)


plain_steps = st.one_of(
    st.builds(asks.Emit, id=st.just("x"), key=st.just("said")),
    st.builds(asks.Wait, id=st.just("x"), span=spans),
    st.builds(asks.Leave, id=st.just("x")),
    st.builds(asks.GoTo, id=st.just("x"), step=st.integers(0, 9).map(lambda n: f"s{n}")),
)


def branching(inner: st.SearchStrategy[asks.Step]) -> st.SearchStrategy[asks.Step]:
    """Steps with others inside."""
    cases = st.builds(asks.Case, event=st.tuples(tests), then=some(inner, 2))
    return st.one_of(
        st.builds(asks.WaitFor, id=st.just("x"), within=spans, event=wanted(), yes=some(inner, 2), no=some(inner, 2)),
        st.builds(asks.Split, id=st.just("x"), cases=st.tuples(cases), otherwise=some(inner, 2)),
        st.builds(
            lambda one, other: asks.RandomSplit(
                id="x", parts=(asks.Share(share=40, then=one), asks.Share(share=60, then=other))
            ),
            some(inner, 2),
            some(inner, 2),
        ),
    )


steps = some(st.recursive(plain_steps, branching, max_leaves=8), 5)
entries = st.builds(
    asks.Entry,
    again=st.sampled_from(["never", "after_exit"]),
    inside=st.sampled_from(["ignore", "restart"]),
    per=st.sampled_from([None, "k"]),
)


def named(steps: Sequence[asks.Step], numbers: list[int]) -> tuple[asks.Step, ...]:
    """Each by a name of its own, from the top."""
    found = []
    for step in steps:
        numbers[0] += 1
        id = f"s{numbers[0] - 1}"
        if isinstance(step, asks.WaitFor):
            yes, no = named(step.yes, numbers), named(step.no, numbers)
            found.append(msgspec.structs.replace(step, id=id, yes=yes, no=no))
        elif isinstance(step, asks.Split):
            cases = tuple(msgspec.structs.replace(one, then=named(one.then, numbers)) for one in step.cases)
            found.append(msgspec.structs.replace(step, id=id, cases=cases, otherwise=named(step.otherwise, numbers)))
        elif isinstance(step, asks.RandomSplit):
            parts = tuple(msgspec.structs.replace(one, then=named(one.then, numbers)) for one in step.parts)
            found.append(msgspec.structs.replace(step, id=id, parts=parts))
        else:
            found.append(msgspec.structs.replace(step, id=id))
    return tuple(found)


definitions = st.builds(
    lambda triggers, steps, entry, exits: asks.Definition(
        triggers=tuple(triggers), steps=named(steps, [0]), entry=entry, exits=tuple(exits)
    ),
    st.lists(wanted(compared=False), min_size=1, max_size=2),
    steps.filter(bool),
    entries,
    st.lists(wanted(), max_size=1),
)
histories = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(KEYS), st.integers(1, 2)), min_size=1, max_size=25
).map(
    lambda all: [
        Event(NOON + minute * MINUTE, f"e{n:02}", "custom", key, {"k": k})
        for n, (minute, key, k) in enumerate(sorted(all))
    ]
)


@given(definitions, histories, st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_engine_says_what_a_plain_rerun_says(
    definition: asks.Definition, history: list[Event], data: st.DataObject
) -> None:
    """Whose runs there are, what each did and when, how each ended: cut anywhere, with ticks and restarts between."""
    assume(not faults(definition, Known()))
    walking = Walking(definition)
    rest = list(history)
    while rest:
        number = data.draw(st.integers(1, len(rest)))
        batch, rest = rest[:number], rest[number:]
        latest = rest[0].at if rest else END
        assume(batch[-1].at - batch[0].at < 60 * MINUTE)  # older ones are heard of too late
        walking.pass_time(batch[0].at - 1)
        now = data.draw(st.integers(batch[-1].at, max(batch[-1].at, min(latest - 1, batch[0].at + 60 * MINUTE))))
        walking.hear(*batch, now=now)
    walking.pass_time(END)
    stories = rerun(definition, history, END)
    found = {run.trigger.id: run for run in walking.runs()}
    assert {one.trigger.id for one in stories} == found.keys()
    for story in stories:
        run = found[story.trigger.id]
        deeds = [(effect.step.id, effect.at) for effect in walking.effects if effect.run.id == run.id]
        assert story.did == deeds
        assert story.ended == (None if run.goes_on else (run.ended_at, run.why))
    assert len({effect.id for effect in walking.effects}) == len(walking.effects)
