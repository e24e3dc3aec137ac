"""When does an event count? The two ways to ask, by its stay and by a range of instants, say the same."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionizer.segments.window import ELAPSED_MS, MONTHS, Span, Window
from tests.sessionizer.segments.asking import ROME, at

ZONES = st.sampled_from([UTC, ROME, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia")])
SPANS = st.builds(Span, n=st.integers(1, 40), unit=st.sampled_from([*ELAPSED_MS, *MONTHS]))
INSTANTS = st.integers(at("1999-01-01T00:00Z"), at("2040-01-01T00:00Z"))
DATES = st.none() | INSTANTS.map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
WINDOWS = st.builds(Window, last=st.none() | SPANS, ago=st.none() | SPANS, after=DATES, before=DATES)


@given(WINDOWS, INSTANTS, st.integers(-3, 3), st.data())
def test_an_event_counts_by_its_stay_iff_it_is_in_the_range(
    window: Window, now: int, slip: int, data: st.DataObject
) -> None:
    """At any instant, in any zone, and just beside the edges."""
    zone: tzinfo = data.draw(ZONES)
    since, until = window.range(now, zone)
    happened = data.draw(st.sampled_from([since + slip, until + slip]) | st.integers(0, now))
    if not 0 <= happened <= now:
        return
    stay = window.stay(happened, zone)
    assert (stay.enters <= now < stay.leaves) == (since <= happened < until)


@pytest.mark.parametrize(
    ("n", "unit", "begins", "ends"),
    [
        (3, "months", "2026-01-31T10:00+01:00", "2026-04-30T10:00+02:00"),
        (1, "years", "2024-02-29T10:00+01:00", "2025-02-28T10:00+01:00"),
        (1, "days", "2026-03-28T10:00+01:00", "2026-03-29T11:00+02:00"),
        (1, "months", "2026-02-28T02:30+01:00", "2026-03-28T02:30+01:00"),
    ],
)
def test_months_go_by_the_wall_days_by_the_hours(n: int, unit: str, begins: str, ends: str) -> None:
    """Short months, leap days, the night that is an hour shorter."""
    assert at(ends) == Span(n, unit).later(at(begins), ROME)  # type: ignore[arg-type]  # one of the units


def test_centuries_end_nothing() -> None:
    """What would leave after the year 9999 stays."""
    assert is_forever(Span(100_000, "years"))


def is_forever(span: Span) -> bool:
    """Whether what happens now counts in a million years."""
    return Window(last=span).stay(at("2026-11-24T10:00+01:00"), ROME).leaves > 10**16
