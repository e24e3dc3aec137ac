"""Does a dry run say what the live engine would have done?"""

from datetime import UTC

from hypothesis import assume, given, settings

from sessionizer.automations import definition as asks
from sessionizer.automations.book import House
from sessionizer.automations.check import Known, faults
from sessionizer.automations.rehearsal import rehearse
from sessionizer.event import Event
from sessionizer.segments.history import Person
from tests.sessionizer.automations.test_law import END, definitions, histories
from tests.sessionizer.automations.walking import DAY, MAILS, NOON, REACHABLE, Walking, event


@given(definitions, histories)
@settings(max_examples=100, deadline=None)
def test_a_rehearsal_is_what_would_have_been(definition: asks.Definition, history: list[Event]) -> None:
    """The same runs, the same deeds, the same reasons."""
    assume(not faults(definition, Known()))
    walking = Walking(definition)
    for one in history:
        walking.pass_time(one.at - 1)
        walking.hear(one)
    walking.pass_time(END)
    person = Person(REACHABLE, history)
    found = rehearse(definition, person, House(UTC, messages=MAILS), {}, since=NOON, until=END)
    assert {run.id: run.why for run in walking.runs()} == {run.id: run.why for run in found.runs}
    assert walking.reasons() == [one.reason for one in found.missed]
    deeds = [(effect.id, effect.step.id, effect.at) for effect in found.effects]
    assert sorted((effect.id, effect.step.id, effect.at) for effect in walking.effects) == sorted(deeds)


def test_whoever_waits_long_enough_gets_what_was_found() -> None:
    """Of somebody who goes in circles for a month."""
    steps = [{"type": "wait", "id": "wait", "span": {"n": 1, "unit": "minutes"}},
             {"type": "go_to", "id": "round", "step": "wait"}]  # fmt: skip
    circle = asks.parse({"triggers": [{"type": "event", "category": "custom", "key": "cart"}], "steps": steps})
    looks = iter([False] * 5)
    found = rehearse(
        circle, Person(REACHABLE, [event("cart", NOON)]), House(), {}, since=NOON, until=NOON + 30 * DAY,
        is_over=lambda: next(looks, True),
    )  # fmt: skip
    assert [True] == [run.goes_on and run.visits < 20 for run in found.runs]
