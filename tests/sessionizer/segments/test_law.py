"""What must hold for every question, every person and every instant?"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessionizer.contact import Contact
from sessionizer.event import Event
from sessionizer.segments.check import faults
from sessionizer.segments.condition import Definition, NotSo, parse, plain
from sessionizer.segments.evaluate import changes_at, holds
from sessionizer.segments.history import Moment, Person
from tests.conftest import NIGHTLY
from tests.sessionizer.segments.asking import ROME, SOMEBODY
from tests.sessionizer.segments.trees import contacts, definitions, histories, instants

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
