"""Does a value pass a test? Each operator on what it is made for, and on what it is not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionizer.segments.comparison import TIMELY, Comparison, Days, Today, edges, passes, today_at
from tests.sessionizer.segments.asking import ROME, at

TODAY = Today(date(2026, 11, 24), ROME)


def by(op: str, value: Any = None, within: Days | None = None) -> Comparison:
    """A comparison by that operator."""
    return Comparison(op, value, within)  # type: ignore[arg-type]  # one of the operators


@pytest.mark.parametrize(
    ("op", "wanted", "value"),
    [
        ("equals", "Rome", "rome"),
        ("equals", 3, 3.0),
        ("equals", True, True),
        ("equals", "red", ["blue", "Red"]),
        ("differs", "rome", "milan"),
        ("in", ("a", 2), 2),
        ("contains", "shoe", "Blue SHOES"),
        ("contains", "red", ["red", "blue"]),
        ("starts", "https://", "HTTPS://x"),
        ("ends", ".pdf", "/a.PDF"),
        ("more", 2, 2.5),
        ("at_least", 2, 2),
        ("less", 2, -1),
        ("at_most", 2, 2),
        ("between", (1, 3), 3),
        ("exists", None, 0),
        ("exists", None, False),
        ("on", "2026-11-24", "2026-11-24"),
        ("on", "2026-11-24", "2026-11-23T23:30:00.000Z"),
        ("before", "2026-11-24", "2026-11-23"),
        ("after", "2026-11-24", "2026-11-25"),
    ],
)
def test_a_value_passes(op: str, wanted: Any, value: Any) -> None:
    """Texts in any case, dates in the zone of the deployment."""
    assert passes(by(op, wanted), [value], TODAY)


@pytest.mark.parametrize(
    ("op", "wanted", "value"),
    [
        ("equals", 1, True),
        ("equals", "1", 1),
        ("contains", "1", 1),
        ("more", 2, "3"),
        ("more", 0, True),
        ("between", (1, 3), 3.01),
        ("exists", None, ""),
        ("exists", None, None),
        ("on", "2026-11-24", "soon"),
        ("before", "2026-11-24", 20261123),
        ("after", "2026-11-24", "2026-11-24T23:00:00+01:00"),
    ],
)
def test_a_value_of_another_kind_does_not_pass(op: str, wanted: Any, value: Any) -> None:
    """And nothing is raised."""
    assert not passes(by(op, wanted), [value], TODAY)


def test_negative_tests_ask_all_values() -> None:
    """`differs` and `missing` hold for nothing; one value that is equal is enough against them."""
    assert passes(by("differs", "red"), [], TODAY)
    assert not passes(by("differs", "red"), ["blue", "red"], TODAY)
    assert passes(by("missing"), [None, ""], TODAY)
    assert not passes(by("missing"), [None, 0], TODAY)


@pytest.mark.parametrize(
    ("op", "within", "first", "last"),
    [
        ("in_last", Days(7), "2026-11-17", "2026-11-24"),
        ("in_next", Days(7), "2026-11-24", "2026-12-01"),
        ("in_last", Days(1, "months"), "2026-10-24", "2026-11-24"),
        ("anniversary", None, "1985-11-24", "1985-11-24"),
        ("anniversary", Days(7), "1985-11-24", "1985-12-01"),
    ],
)
def test_dates_near_today(op: str, within: Days | None, first: str, last: str) -> None:
    """Both ends included, the day beside them not."""
    for text, expected in ((first, True), (last, True), (shifted(first, -1), False), (shifted(last, 1), False)):
        assert expected == passes(by(op, within=within), [text], TODAY), text


def shifted(text: str, days: int) -> str:
    """Another day."""
    return date.fromordinal(date.fromisoformat(text).toordinal() + days).isoformat()


def test_an_anniversary_goes_over_the_end_of_the_year() -> None:
    """Three days into the next one; leap days on the 28th; the day itself is none."""
    new_year = Today(date(2026, 12, 30), ROME)
    assert passes(by("anniversary", within=Days(3)), ["1990-01-02"], new_year)
    assert passes(by("anniversary"), ["2000-02-29"], Today(date(2026, 2, 28), ROME))
    assert not passes(by("anniversary"), ["2026-11-24"], TODAY)


DATES = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@given(st.sampled_from(sorted(TIMELY)), st.builds(Days, n=st.integers(1, 400)), DATES, DATES)
def test_what_speaks_of_today_changes_at_its_edges_only(op: str, within: Days, value: date, today: date) -> None:
    """From one day to the next it changes iff an edge lies at that midnight."""
    asked, text = by(op, within=within), value.isoformat()
    noon = round(datetime(today.year, today.month, today.day, 12, tzinfo=UTC).timestamp() * 1000)
    now, tomorrow = today_at(noon, UTC), today_at(noon + 86_400_000, UTC)
    changed = passes(asked, [text], now) != passes(asked, [text], tomorrow)
    midnight = at(f"{tomorrow.day}T00:00Z")
    assert not changed or midnight in set(edges(asked, [text], now))
