"""When does what was announced arrive? Meetings, vouchers, points: the seed's sentences, one timeline each."""

from zoneinfo import ZoneInfo

import pytest

from sessionizer.rules.deadline import MAX_LOTS
from sessionizer.wall_clock import text_of
from tests.factories import at
from tests.sessionizer.telling import derived, moment, told

ROME = ZoneInfo("Europe/Rome")


def on(when: str) -> str:
    """A moment of the timeline, as a property says it."""
    return text_of(at(when))


def booked(when: str, starts: str, ends: str = "", meeting: str = "m") -> str:
    """A line."""
    more = f" ends_at={on(ends)}" if ends else ""
    return f"{when} meetings/meeting_booked meeting_id={meeting} starts_at={on(starts)}{more} quiet"


def cancelled(when: str) -> str:
    """A line."""
    return f"{when} meetings/meeting_canceled meeting_id=m quiet"


def test_a_booked_meeting_starts_when_its_hour_has_come() -> None:
    """«Inizia un appuntamento prenotato (ora di inizio raggiunta)»: not a millisecond before."""
    line = booked("00:00", "10:00", "11:00")
    assert [] == told(line, until="09:59:59.999")
    assert ["10:00 meeting_started"] == told(line, until="10:00")
    assert [{"meeting_id": "m", "starts_at": on("10:00"), "ends_at": on("11:00")}] == [
        one.data for one in derived(line, until="10:00")
    ]


def test_a_cancelled_meeting_never_starts() -> None:
    """Unless it is booked again."""
    lines = booked("00:00", "10:00"), cancelled("09:00")
    assert [] == told(*lines, until="2d 00:00")
    assert ["12:00 meeting_started"] == told(*lines, booked("09:30", "12:00"), until="2d 00:00")


@pytest.mark.parametrize(("moved_to", "expected"), [("12:00", "12:00"), ("09:30", "09:30")])
def test_a_moved_meeting_starts_at_its_new_time(moved_to: str, expected: str) -> None:
    """Later or earlier, and only then."""
    lines = booked("00:00", "10:00"), booked("09:00", moved_to)
    assert [f"{expected} meeting_started"] == told(*lines, until="2d 00:00")


def test_a_meeting_that_goes_on_and_is_said_again_does_not_start_again() -> None:
    """A change of its title is a booking too; moved to a later day it starts anew."""
    again = booked("10:10", "10:00", "11:00")
    lines = booked("00:00", "10:00", "11:00"), again
    assert ["10:00 meeting_started"] == told(*lines, until="2d 00:00")
    moved = booked("10:20", "1d 10:00")
    assert ["10:00 meeting_started", "1d 10:00 meeting_started"] == told(*lines, moved, until="2d 00:00")


def test_a_meeting_that_becomes_known_while_it_goes_on_starts_then() -> None:
    """One that is over already never does."""
    assert ["10:30 meeting_started"] == told(booked("10:30", "10:00", "11:00"), until="2d 00:00")
    assert [] == told(booked("11:00", "10:00", "11:00"), until="2d 00:00")


def test_a_cancellation_that_arrives_late_takes_the_start_back() -> None:
    """It happened before the start."""
    assert [] == told(booked("00:00", "10:00"), "11:00 tick", cancelled("09:00"), until="12:00")


def test_a_local_time_is_one_of_the_deployment() -> None:
    """Without a zone ten o'clock is ten o'clock in Rome: eight UTC in the summer of day 0."""
    line = f"00:00 meetings/meeting_booked meeting_id=m starts_at={on('10:00')[:19]} quiet"
    assert ["08:00 meeting_started"] == told(line, until="2d 00:00", zone=ROME)


def voucher(when: str, what: str, expires: str = "") -> str:
    """A line."""
    more = f" expires_at={expires}" if expires else ""
    return f"{when} loyalty/voucher_{what} voucher_id=v{more} quiet"


def test_a_voucher_expires_when_it_reaches_its_date() -> None:
    """«Uno dei voucher di un contatto raggiunge la data di scadenza»."""
    line = voucher("00:00", "created", on("1d 12:00"))
    assert [] == told(line, until="1d 11:59:59.999")
    assert ["1d 12:00 voucher_expired"] == told(line, until="1d 12:00")


def test_a_voucher_is_good_for_the_whole_day_on_which_it_expires() -> None:
    """A date without a time is that day in the deployment's zone, to its end: midnight in Rome is 22:00 UTC."""
    line = voucher("00:00", "created", on("1d 00:00")[:10])
    assert ["2d 00:00 voucher_expired"] == told(line, until="9d 00:00")
    assert ["1d 22:00 voucher_expired"] == told(line, until="9d 00:00", zone=ROME)


@pytest.mark.parametrize("spent", ["redeemed", "revoked"])
def test_a_voucher_that_is_spent_never_expires(spent: str) -> None:
    """Also when it is changed afterwards."""
    lines = [voucher("00:00", "created", on("1d 00:00")), voucher("10:00", spent)]
    assert [] == told(*lines, until="2d 00:00")
    assert [] == told(*lines, voucher("11:00", "updated", on("1d 06:00")), until="2d 00:00")
    assert [] == told(lines[1], voucher("11:00", "updated", on("1d 06:00")), until="2d 00:00")


def test_a_voucher_that_is_prolonged_expires_at_its_new_date() -> None:
    """An update that says no date leaves the old one; one that says a past date ends it now."""
    created = voucher("00:00", "created", on("1d 00:00"))
    assert ["1d 06:00 voucher_expired"] == told(created, voucher("10:00", "updated", on("1d 06:00")), until="9d 00:00")
    assert ["1d 00:00 voucher_expired"] == told(created, voucher("10:00", "updated"), until="9d 00:00")
    assert ["10:00 voucher_expired"] == told(created, voucher("10:00", "updated", on("09:00")), until="9d 00:00")


def test_a_voucher_of_which_we_hear_when_it_is_over_says_nothing() -> None:
    """It expired in a past that nobody told us; once expired it does not expire again."""
    assert [] == told(voucher("10:00", "created", on("09:00")), until="9d 00:00")
    lines = voucher("00:00", "created", on("06:00")), voucher("07:00", "updated", on("06:00"))
    assert ["06:00 voucher_expired"] == told(*lines, until="9d 00:00")


def points(when: str, value: int, change: int | None = None, expires: str = "") -> str:
    """A line: the new total, and what changed."""
    more = ("" if change is None else f" change={change}") + (f" expires_at={on(expires)}" if expires else "")
    return f"{when} loyalty/balance_value_updated balance_id=b value={value}{more} quiet"


def lost(*lines: str) -> list[tuple[str, float, float]]:
    """(when, amount, value) of what expires within nine days."""
    found = derived(*lines, until="9d 00:00")
    return [(moment(o.at), o.data["amount"], o.data["value"]) for o in found if o.key == "balance_value_expired"]


def test_a_part_of_a_balance_expires() -> None:
    """«Parte del valore del saldo del programma fedeltà di un contatto scade»: its lot, not what never expires."""
    assert [("1d 00:00", 40, 60)] == lost(points("00:00", 60, 60), points("01:00", 100, 40, "1d 00:00"))


def test_points_are_spent_from_those_that_expire_first() -> None:
    """50 of 1d and 50 of 2d; 70 are spent: all of the first and 20 of the second."""
    lines = points("00:00", 50, 50, "2d 00:00"), points("01:00", 100, 50, "1d 00:00"), points("02:00", 30, -70)
    assert [("2d 00:00", 30, 0)] == lost(*lines)


def test_points_of_one_instant_expire_together() -> None:
    """One event, named after the first that gave them."""
    assert [("1d 00:00", 15, 0)] == lost(points("00:00", 5, 5, "1d 00:00"), points("01:00", 15, 10, "1d 00:00"))


def test_what_changed_is_the_difference_when_it_is_not_said() -> None:
    """The total alone is enough."""
    lines = points("00:00", 100), points("01:00", 130, None, "1d 00:00"), points("02:00", 120)
    assert [("1d 00:00", 20, 100)] == lost(*lines)


def test_points_that_are_spent_in_time_are_not_lost() -> None:
    """A late word of it takes the loss back."""
    lines = points("00:00", 50, 50, "1d 00:00"), "1d 01:00 tick", points("12:00", 0, -50)
    assert [] == lost(*lines)


def test_a_balance_has_a_bounded_number_of_lots() -> None:
    """Beyond, those that expire last become one: no point is forgotten."""
    lines = [
        points(f"00:00:{n // 10:02}.{n % 10:03}", n + 1, 1, f"{1 + n // 24}d {n % 24:02}:00")
        for n in range(MAX_LOTS + 20)
    ]
    found = lost(*lines)
    assert MAX_LOTS == len(found)
    assert MAX_LOTS + 20 == sum(amount for _, amount, _ in found)
    assert 0 == found[-1][2]
