"""What must hold for every question, every person and every instant?"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessionizer.contact import Contact
from sessionizer.event import Event
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.check import faults
from sessionizer.segments.comparison import equal
from sessionizer.segments.condition import Definition, InOrder, NotSo, Same, parse, plain
from sessionizer.segments.evaluate import changes_at, holds
from sessionizer.segments.history import Moment, Person, completions, order, such
from tests.conftest import NIGHTLY
from tests.sessionizer.segments.asking import ROME, SOMEBODY
from tests.sessionizer.segments.trees import contacts, definitions, histories, instants, sequences

SEGMENTS = {id: one.where for id, one in SOMEBODY.items()}
EXAMPLES = 5_000 if NIGHTLY else 200
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(definitions())
def test_a_question_reads_back_as_it_was_written(definition: Definition) -> None:
    """As JSON, and such as these can be saved."""
    assert definition == parse(plain(definition))
    assert [] == faults(definition, others=SOMEBODY)


@many
@given(definitions(), histories(), contacts, instants, st.data())
def test_nothing_changes_before_it_was_foretold(
    definition: Definition, history: list[Event], contact: Contact, now: int, data: st.DataObject
) -> None:
    """Until the instant that `changes_at` names all is as it is now; there it is the other way round."""
    person = Person(contact, [event for event in history if event.at <= now])
    moment = Moment(now, ROME, SEGMENTS)
    is_so, change = holds(definition.where, person, moment), changes_at(definition.where, person, moment)
    end = change or now + 400 * 86_400_000
    between = data.draw(st.integers(now, end - 1))
    assert is_so == holds(definition.where, person, moment._replace(now=between))
    assert change is None or is_so != holds(definition.where, person, moment._replace(now=change))


@many
@given(definitions(), histories(), contacts, instants)
def test_not_is_the_other_half(definition: Definition, history: list[Event], contact: Contact, now: int) -> None:
    """Everybody is in a segment or in its opposite."""
    person, moment = Person(contact, history), Moment(now, ROME, SEGMENTS)
    assert holds(definition.where, person, moment) != holds(NotSo(definition.where), person, moment)


# Sequences ------------------------------------------------------------------------------------------------------------


def chains(asked: InOrder, history: list[Event], moment: Moment) -> Iterator[tuple[Event, ...]]:
    """Every way to choose an event a step, looked at one by one: what a sequence is."""
    for chain in product(*(such(step, history, moment) for step in asked.steps)):
        if all(follows(step, chain[:place], chain[place], history, moment) for place, step in enumerate(asked.steps)):
            yield chain


def follows(step: Any, before: tuple[Event, ...], event: Event, history: list[Event], moment: Moment) -> bool:
    """Whether the event may be this step after those."""
    if not before:
        return True
    last = before[-1]
    between = [one for one in history if order(last) < order(one) < order(event)]
    return (
        order(last) < order(event)
        and (step.within is None or event.at < step.within.later(last.at, moment.zone))
        and not any(such(unwanted, between, moment) for unwanted in step.without)
        and all(alike(same, before[same.step], event) for same in step.same)
    )


def alike(same: Same, earlier: Event, event: Event) -> bool:
    """Whether both have a value in common."""
    here = values_at(event.properties, names_of(same.property))
    there = values_at(earlier.properties, names_of(same.as_))
    return any(equal(one, other) for one in here for other in there)


@many
@given(sequences, histories(), instants)
def test_a_sequence_ends_where_one_of_all_its_chains_does(where: Any, history: list[Event], now: int) -> None:
    """Nothing is missed by following only some of them."""
    asked, moment = parse({"where": where}).where, Moment(now, ROME)
    assert isinstance(asked, InOrder)
    expected = sorted({order(chain[-1]) for chain in chains(asked, history, moment)})
    assert expected == [order(event) for event in completions(asked, history, moment)]


def test_a_long_history_of_one_kind_is_looked_through() -> None:
    """Five times the same page among two thousand visits: no way is tried twice."""
    visits = [Event(at * 1_000, f"e{at:04}", "custom", "a") for at in range(2_000)]
    step = {"category": "custom", "key": "a"}
    asked = parse({"where": {"type": "sequence", "steps": [step] * 5}}).where
    assert isinstance(asked, InOrder)
    assert visits[4:] == completions(asked, visits, Moment(10**9, ROME))
