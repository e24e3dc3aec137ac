"""A cell comes back as it went out, and no spreadsheet runs it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.moving.cells import safe, unsafe
from collector.told_agent import heard, told
from collector.work.agents import MAX_BYTES, read_agent
from sessionizer.event import Agent


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝ax ")))  # the wide one is meant
def test_what_is_made_safe_comes_back(text: str) -> None:
    """Apostrophes of one's own, however many, too."""
    assert text == unsafe(safe(text))
    assert not safe(text).startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize(("value", "cell"), [(True, "true"), (False, "false"), (None, None), (7, 7), (-7, -7)])
def test_other_values_are_what_they_are(value: object, cell: object) -> None:
    """Yes and no are words; numbers are no formulas."""
    assert cell == safe(value)


@given(st.builds(Agent, st.text(), st.text(), st.sampled_from(["desktop", ""]), st.booleans()))
def test_an_agent_that_is_told_is_heard(agent: Agent) -> None:
    """As far as it is ASCII, in the bounds of a user agent."""
    text = told(agent)
    said = heard(text)
    assert said is not None
    assert len(text) <= MAX_BYTES
    assert (agent.device, agent.bot) == (said.device, said.bot)


def test_the_worker_hears_it() -> None:
    """As of any other user agent."""
    agent = Agent("Chrome Mobile", "Android", "mobile", False)
    assert agent == read_agent(told(agent))
    assert Agent("Firefox", "", "", True) == read_agent(told(Agent("Firefox", bot=True)))


@pytest.mark.parametrize("text", ["Sentiero-Agent", "Sentiero-Agent [", 'Sentiero-Agent ["a"]', "Mozilla/5.0", ""])
def test_what_is_not_told_so_is_no_agent_of_ours(text: str) -> None:
    """A stranger may write what they like."""
    assert heard(text) is None
