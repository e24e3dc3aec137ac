"""DuckDB's sessions are those of the rule, row by row: the law that holds the bulk run to its definition."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.bulk import files
from collector.bulk.table import sessionize as sessionize_table
from sessionizer.bulk import Given, sessionize
from tests.collector.bulk.rows import SUFFIXES, in_order, read, rows_of, table, written
from tests.conftest import NIGHTLY

GAP_MS = 1_800_000
EXAMPLES = 1_000 if NIGHTLY else 20
"""A file: each has several of them, and DuckDB a start."""

# Steps around the gap, and none at all: what lies between two events decides everything.
STEPS = st.sampled_from([0, 0, 1, 999, 60_000, GAP_MS - 1, GAP_MS, GAP_MS + 1, 86_400_000])
STARTS = st.sampled_from([-62_135_596_800_000, -1, 0, 1_790_000_000_000])
URLS = st.sampled_from(["", "", "https://shop.example/", "https://shop.example/é,\"'\n", "x" * 1_025])
IDS = st.sampled_from(["", "a", "b", "ab", "é", "10", "9"])
KINDS = st.sampled_from(
    [("", ""), ("website", "page_visited"), ("website", "button_clicked"), ("custom", "page_visited")]
)


@st.composite
def histories(draw: st.DrawFn, contacts: st.SearchStrategy[int | str]) -> list[Given]:
    """Events of some contacts, out of order."""
    events = []
    for contact in draw(st.lists(contacts, max_size=4, unique=True)):
        at = draw(STARTS)
        for step in draw(st.lists(STEPS, min_size=1, max_size=8)):
            at += step
            category, key = draw(KINDS)
            active = draw(st.integers(0, 4)) > 0
            events.append(Given(contact, at, draw(IDS), draw(URLS), category, key, active))
    return draw(st.permutations(events))


NUMBERS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=4).filter(
    lambda text: text.strip(" ")
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=EXAMPLES)
@given(events=histories(TEXTS), cut=st.integers(0, 32), result=st.sampled_from(SUFFIXES))
def test_files_of_every_format(suffix: str, events: list[Given], cut: int, result: str) -> None:
    """Whatever the order, however cut into files, whatever they are written as: the rows of the rule, in order."""
    with TemporaryDirectory() as name:
        inputs = [written(Path(name) / f"{n}{suffix}", part) for n, part in enumerate((events[:cut], events[cut:]))]
        output = Path(name) / f"out{result}"
        summary = files.sessionize(inputs, output, gap_ms=GAP_MS)
        expected = in_order(sessionize(events, gap_ms=GAP_MS))
        assert expected == read(output)
    assert len(expected) == summary.sessions
    assert sum(event.activity for event in events) == summary.events
    assert len({row.contact_id for row in expected}) == summary.contacts
    assert {
        "without_contact": 0,
        "without_time": 0,
        "without_activity": len(events) - summary.events,
    } == summary.left_out


@settings(max_examples=EXAMPLES)
@given(events=histories(NUMBERS), gap_ms=st.sampled_from([1, 1_000, GAP_MS]))
def test_a_table(events: list[Given], gap_ms: int) -> None:
    """Contacts that are numbers stay numbers, and are in order as such; any gap."""
    found = sessionize_table(table(events), gap_ms=gap_ms)
    assert in_order(sessionize(events, gap_ms=gap_ms)) == rows_of(found)


@settings(max_examples=EXAMPLES)
@given(events=histories(NUMBERS))
def test_a_table_without_pages(events: list[Given]) -> None:
    """The shorter query says the same of the two columns that are always there."""
    found = sessionize_table(table(events).select(["contact_id", "occurred_at"]), gap_ms=GAP_MS)
    assert in_order(sessionize([event[:2] for event in events], gap_ms=GAP_MS)) == rows_of(found)
