"""When does a total cross a limit? The seed's sentences, one timeline each."""

import pytest

from tests.sessionizer.telling import derived, told

MINIMUM, MAXIMUM = "balance_minimum_value_reached", "balance_maximum_value_reached"


def values(*values: int, limit: str = "", first: int = 0) -> list[str]:
    """A value an hour; the limit is said with the first of them."""
    return [
        f"{first + n:02}:00 loyalty/balance_value_updated balance_id=b value={value} quiet {limit if n == 0 else ''}"
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("totals", "hours"),
    [((5, 4, 3), [2]), ((5, 3, 2, 1), [1]), ((5, 3, 4, 3), [1, 3]), ((3,), [0]), ((4, 5), []), ((2, 2, 9, 2), [0, 3])],
)
def test_a_balance_reaches_its_minimum_once_a_crossing(totals: tuple[int, ...], hours: list[int]) -> None:
    """«raggiunge il limite minimo del saldo»: at or below it, and above it before, or with its first value."""
    assert [f"{hour:02}:00 {MINIMUM}" for hour in hours] == told(*values(*totals, limit="minimum_value=3"))


@pytest.mark.parametrize(
    ("totals", "hours"), [((8, 9, 10), [2]), ((9, 11, 12), [1]), ((9, 10, 9, 10), [1, 3]), ((12,), [0]), ((1, 2), [])]
)
def test_a_balance_reaches_its_maximum_once_a_crossing(totals: tuple[int, ...], hours: list[int]) -> None:
    """«raggiunge il limite massimo del saldo»: at or above it, and below it before."""
    assert [f"{hour:02}:00 {MAXIMUM}" for hour in hours] == told(*values(*totals, limit="maximum_value=10"))


def test_a_counter_reaches_its_maximum() -> None:
    """«Il valore di un contatore … raggiunge il suo valore massimo», said with each value or once."""
    lines = [f"0{n}:00 wallet/counter_value_changed counter_id=k value={n} max_value=3 quiet" for n in range(5)]
    assert ["03:00 counter_max_value_reached"] == told(*lines)
    assert [{"counter_id": "k", "value": 3, "max_value": 3}] == [one.data for one in derived(*lines)]


def test_points_that_expire_may_reach_the_minimum() -> None:
    """The loss is a change of the value like any other."""
    line = (
        "00:00 loyalty/balance_value_updated balance_id=b value=5 change=5 minimum_value=1 expires_at=1970-01-01 quiet"
    )
    expires = line.replace("1970-01-01", "2026-09-23T00:00:00Z")
    assert [] == told(line, until="9d 00:00")
    found = [one.key for one in derived(expires, until="9d 00:00")]
    assert ["balance_minimum_value_reached", "balance_value_expired"] == sorted(found)


def test_a_late_update_that_changes_the_past_derives_anew() -> None:
    """2 at noon was a crossing; with 2 at eleven that became known later the crossing was then."""
    early = "01:00 loyalty/balance_value_updated balance_id=b value=2 quiet"
    assert [f"01:00 {MINIMUM}"] == told(*values(5, limit="minimum_value=3"), *values(2, first=2), early)


def test_a_limit_that_moves_is_compared_with_the_value_before() -> None:
    """7 is above a minimum of 5; when the minimum becomes 7, staying at 7 reaches nothing, for it was there before."""
    lines = [*values(9, 7, limit="minimum_value=5"), *values(7, limit="minimum_value=7", first=3)]
    assert [] == told(*lines)
    assert [f"03:00 {MINIMUM}"] == told(
        *values(9, 8, limit="minimum_value=5"), *values(7, limit="minimum_value=7", first=3)
    )


def test_what_says_no_value_is_passed_over() -> None:
    """Neither a text nor nothing is a value; a number in quotes is."""
    lines = [line.replace("value=2 ", "value=many ") for line in values(5, 2, limit="minimum_value=3")]
    assert [] == told(*lines)
    assert [f"01:00 {MINIMUM}"] == told(
        *[line.replace("value=2 ", "value=2.0 ") for line in values(5, 2, limit="minimum_value=3")]
    )
