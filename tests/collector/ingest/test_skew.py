"""When did it happen? The client's clock, corrected by the client's clock. Source: DESIGN 5.

NOW is 2026-11-25T10:00:00.000Z. Every bound is tested at the last millisecond on each of its sides.
"""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.ingest.skew import corrected, correction_ms
from collector.instant import parse_instant
from tests.collector.ingest.sending import NOW, Deployment, event, refused

MINUTE = 60_000
HOUR = 60 * MINUTE
SKEW_MS, AHEAD_MS = 55 * MINUTE, 5 * MINUTE


def happened(deployment: Deployment, occurred_at: str, sent_at: str) -> int:
    """Milliseconds from NOW at which the log says that it happened."""
    return deployment.entry(occurred_at=occurred_at, envelope={"sent_at": sent_at}).occurred_at - NOW


@pytest.mark.parametrize(
    ("occurred_at", "sent_at", "ms"),
    [
        # a clock that is right, or nearly
        ("2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z", 0),
        ("2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z", -HOUR),
        ("2026-11-25T09:00:00Z", "2026-11-25T09:05:00.001Z", -HOUR),
        ("2026-11-25T09:00:00Z", "2026-11-25T10:54:59.999Z", -HOUR),
        # behind by 55 minutes or more
        ("2026-11-25T09:00:00Z", "2026-11-25T09:05:00.000Z", -5 * MINUTE),
        ("2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z", -HOUR),
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z", 0),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z", -1_000),
        # ahead by 55 minutes or more
        ("2026-11-25T10:50:00Z", "2026-11-25T10:55:00.000Z", -5 * MINUTE),
        ("2031-01-01T00:00:00Z", "2031-01-01T00:10:00Z", -10 * MINUTE),
        # in the future by our clock
        ("2026-11-25T10:05:00.000Z", "2026-11-25T10:05:00Z", 5 * MINUTE),
        ("2026-11-25T10:05:00.001Z", "2026-11-25T10:05:00.001Z", 0),
        ("2099-01-01T00:00:00Z", "2026-11-25T10:00:00Z", 0),
        ("2026-11-25T11:05:00.000Z", "2026-11-25T11:00:00Z", 5 * MINUTE),
        ("2026-11-25T11:05:00.001Z", "2026-11-25T11:00:00Z", 0),
    ],
)
def test_the_clients_clock_is_corrected(deployment: Deployment, occurred_at: str, sent_at: str, ms: int) -> None:
    """A difference of 55 minutes or more is taken out; more than 5 minutes in the future is now."""
    assert ms == happened(deployment, occurred_at, sent_at)


@pytest.mark.parametrize(
    ("occurred_at", "sent_at", "taken"),
    [
        ("2026-11-18T10:00:00.000Z", "2026-11-25T10:00:00Z", True),
        ("2026-11-18T09:59:59.999Z", "2026-11-25T10:00:00Z", False),
        ("1970-01-01T00:00:00Z", "1970-01-08T00:00:00.000Z", True),
        ("1970-01-01T00:00:00Z", "1970-01-08T00:00:00.001Z", False),
        ("2026-11-20T10:00:00Z", "2026-11-28T10:00:00.000Z", False),
    ],
)
def test_seven_days_are_measured_by_our_clock(
    deployment: Deployment, occurred_at: str, sent_at: str, taken: bool
) -> None:
    """After the correction: the oldest instant itself is taken, the millisecond before it is `too_old`."""
    said = deployment.send(event(occurred_at=occurred_at), sent_at=sent_at)
    assert ([] if taken else [(0, "too_old", "events[0].occurred_at")]) == refused(said)


def test_the_bounds_are_settings(tmp_path: Path) -> None:
    """A deployment that corrects from ten minutes on, and believes an hour in the future."""
    deployment = Deployment(tmp_path, clock_skew_minutes=10, clock_ahead_minutes=60)
    try:
        assert -HOUR == happened(deployment, "2026-11-25T08:50:00Z", "2026-11-25T09:50:00Z")
        assert -HOUR == happened(deployment, "2026-11-25T09:00:00Z", "2026-11-25T09:50:00.001Z")
        assert HOUR == happened(deployment, "2026-11-25T11:00:00Z", "2026-11-25T10:00:00Z")
        assert 0 == happened(deployment, "2026-11-25T11:00:00.001Z", "2026-11-25T10:00:00Z")
    finally:
        deployment.close()


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2026-11-25T10:00:00Z", 0),
        ("2026-11-25t10:00:00z", 0),
        ("2026-11-25T11:30:00+01:30", 0),
        ("2026-11-25T10:00:00-00:00", 0),
        ("2026-11-24T23:00:00-11:00", 0),
        ("2026-11-25T10:00:00.5Z", 500),
        ("2026-11-25T09:59:59.999999Z", -1),
        ("2026-11-25T10:00:00.000999999Z", 0),
        ("2026-11-25T09:59:59.9999999999Z", -1),
        ("2026-11-25T11:00:00.123456789+01:00", 123),
    ],
)
def test_rfc_3339_is_read_down_to_the_millisecond(text: str, ms: int) -> None:
    """Any zone, any number of decimals; finer than a millisecond is cut, never rounded up."""
    assert NOW + ms == parse_instant(text)


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-11-25", "10:00:00Z", "2026-11-25T10:00:00", "2026-11-25T24:00:01Z", "2026-13-01T00:00:00Z",
     "2026-02-29T00:00:00Z", "99999-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2026-11-25T10:00:00+25:00",
     "2026-11-25T10:00:00 Europe/Rome", "1795600800000", " 2026-11-25T10:00:00Z", "\ud800",
     r"2026\u002d11-25T10:00:00Z", '2026-11-25T10:00:00Z"', '2026-11-25T10:00:00Z" '],
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    """A time without a zone is none: nobody knows when that was."""
    assert parse_instant(text) is None


@given(st.integers(-(10**13), 10**13), st.integers(-(10**13), 10**13))
def test_a_correction_is_the_whole_difference_or_nothing(sent_at: int, received_at: int) -> None:
    """Whichever of the clocks is ahead."""
    found = correction_ms(sent_at, received_at, skew_ms=SKEW_MS)
    assert (received_at - sent_at if abs(received_at - sent_at) >= SKEW_MS else 0) == found


@given(st.integers(-(10**13), 10**13), st.integers(-(10**13), 10**13), st.integers(0, 10**13))
def test_nothing_happens_later_than_five_minutes_from_now(at: int, sent_at: int, received_at: int) -> None:
    """Whatever the clocks say; and what is not in the future keeps its distance to the sending."""
    correction = correction_ms(sent_at, received_at, skew_ms=SKEW_MS)
    found = corrected(at, correction, received_at, ahead_ms=AHEAD_MS)
    assert received_at + AHEAD_MS >= found
    assert found in (at, received_at, at + received_at - sent_at)


@given(st.integers(-(10**12), 10**14), st.integers(-14 * 60, 14 * 60))
def test_any_instant_of_any_zone_is_read_exactly(microseconds: int, minutes: int) -> None:
    """As the standard library writes it."""
    zone = timezone(timedelta(minutes=minutes))
    moment = datetime.fromtimestamp(0, zone) + timedelta(microseconds=microseconds)
    assert microseconds // 1_000 == parse_instant(moment.isoformat())
