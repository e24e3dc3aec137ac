"""How times look, and where a list goes on."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.api.frame.cursor import decode_cursor, encode_cursor
from collector.api.frame.params import instant_of
from collector.instant import instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class At(NamedTuple):
    """A place for these tests."""

    at: int
    id: str


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("2026-11-24T10:00:00.007Z", 1_795_514_400_007),
        ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_a_time_is_written_with_milliseconds_and_z(text: str, ms: int) -> None:
    """Both ways are exact."""
    assert text == instant(ms)
    assert ms == instant_of(text)


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001  # given its zone below
def test_a_time_is_what_the_standard_library_says(moment: datetime) -> None:
    """Over all years, and read back."""
    ms = (moment.replace(tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)
    expected = (EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert expected == instant(ms)
    assert ms == instant_of(expected)


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T11:00:00+01:00", "2026-11-24T11:00:00 01:00", "2026-11-24t10:00:00z", "2026-11-24T10:00:00.0009Z"],
)
def test_any_zone_is_read(text: str) -> None:
    """Also where the plus sign was not escaped in the address; finer than a millisecond is cut."""
    assert instant_of("2026-11-24T10:00:00.000Z") == instant_of(text)


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-11-24", "2026-11-24T10:00:00", "2026-13-01T00:00:00Z", "1795514400000", "2026-11-24T25:00:00Z"],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    """A time without a zone is none."""
    with pytest.raises(ValueError):
        instant_of(text)


@given(st.integers(-(2**62), 2**62), st.text(max_size=128))
def test_a_cursor_is_read_back(at: int, id: str) -> None:
    """Whatever the place, and it stands in an address as it is."""
    text = encode_cursor("events", At(at, id))
    assert At(at, id) == decode_cursor("events", text, At)
    assert text.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("text", ["x", "====", "é", "!!!!", "gA", encode_cursor("sessions", At(1, "a")), "A" * 2000])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    """Also one of another list."""
    with pytest.raises(ValueError):
        decode_cursor("events", text, At)


def test_a_cursor_of_other_fields_is_refused() -> None:
    """Its place must have the type that the list expects."""
    with pytest.raises(ValueError):
        decode_cursor("events", encode_cursor("events", ("a", 1)), At)
