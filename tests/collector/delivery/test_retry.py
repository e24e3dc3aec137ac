"""When a deferred delivery is tried again, and when it is given up."""

from hypothesis import given
from hypothesis import strategies as st

from collector.delivery.retry import GIVE_UP_MS, LEAST_MS, LONGEST_MS, next_try, span_ms

HOUR_MS = 3_600_000


def test_spans_grow_from_seconds_to_a_day() -> None:
    """Ten tries within two days."""
    spans = [span_ms(attempt) // 1_000 for attempt in range(1, 12)]
    assert [5, 15, 45, 135, 405, 1_215, 3_645, 10_935, 32_805, 86_400, 86_400] == spans


def test_jitter_is_full() -> None:
    """Anywhere from the least wait to the whole span: a crowd that was deferred together comes back apart."""
    assert [1_000, 22_500, 45_000] == [next_try(3, 0, 0, chance) for chance in (0.0, 0.5, 1.0)]


def test_who_says_when_is_heard() -> None:
    """Not before; but nobody makes us wait longer than a day."""
    assert 60_000 == next_try(1, 0, 0, 1.0, 60_000)
    assert 24 * HOUR_MS == next_try(1, 0, 0, 1.0, 1_000 * HOUR_MS)


def test_it_ends() -> None:
    """The last try is at 72 hours, or where the caller says; then no more."""
    assert 72 * HOUR_MS == next_try(10, 0, 71 * HOUR_MS, 1.0)
    assert None is next_try(11, 0, 72 * HOUR_MS, 0.0)
    assert None is next_try(1, 0, HOUR_MS, 0.0, give_up_ms=HOUR_MS)


@given(st.integers(0, 1_000), st.integers(0, GIVE_UP_MS), st.floats(0, 1), st.none() | st.integers(0, 10**12))
def test_never_in_the_past_nor_beyond_the_end(attempt: int, now: int, chance: float, after_ms: int | None) -> None:
    """Whatever it is asked."""
    found = next_try(attempt, 0, now, chance, after_ms)
    if now < GIVE_UP_MS:
        assert found is not None
        assert min(now + LEAST_MS, GIVE_UP_MS) <= found <= min(now + LONGEST_MS, GIVE_UP_MS)
    else:
        assert found is None
