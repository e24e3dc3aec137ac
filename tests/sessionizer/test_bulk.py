"""A heap of events in memory: sessionized by the rule itself, in whatever order they come."""

import pytest

from sessionizer.bulk import Given, Row, sessionize
from tests.factories import at

HOME, SHOES = "https://shop.example/", "https://shop.example/shoes"


def test_contact_and_instant_are_enough() -> None:
    """Tuples will do; a gap of exactly half an hour splits, a millisecond less does not."""
    rows = [(7, at("00:59:59.999")), ("x", at("00:00")), (7, at("00:00")), (7, at("00:29:59.999"))]
    assert [
        Row(7, 1, at("00:00"), at("00:29:59.999"), 1_799, 2, 0, None, None),
        Row(7, 2, at("00:59:59.999"), at("00:59:59.999"), 0, 1, 0, None, None),
        Row("x", 1, at("00:00"), at("00:00"), 0, 1, 0, None, None),
    ] == sessionize(rows)


def test_pages_are_those_of_activity_in_order() -> None:
    """The first and the last address, at one instant by id; what is not activity is not heard."""
    rows = [
        Given(7, at("00:00"), "b", SHOES),
        Given(7, at("00:00"), "a", HOME),
        Given(7, at("00:01"), "c", key="button_clicked"),
        Given(7, at("00:02"), "d", HOME, activity=False),
    ]
    assert [Row(7, 1, at("00:00"), at("00:01"), 60, 3, 2, HOME, SHOES)] == sessionize(rows)


@pytest.mark.parametrize(("gap_ms", "sessions"), [(1, 2), (2, 1)])
def test_the_gap_is_an_argument(gap_ms: int, sessions: int) -> None:
    """Down to a millisecond, also before 1970."""
    assert sessions == len(sessionize([(7, -1), (7, 0)], gap_ms=gap_ms))


def test_nothing_gives_nothing() -> None:
    """No event, no session; quiet ones alone make none either."""
    assert [] == sessionize([])
    assert [] == sessionize([Given(7, 0, activity=False)])
