"""When does a subscription come round? Months and years, short months, leap days, changes of time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sessionizer.contact import Contact
from sessionizer.engine import Engine
from sessionizer.event import Event
from sessionizer.rules.recurrence import Anniversaries

ROME = ZoneInfo("Europe/Rome")
MONTH, YEAR = "subscription_month_anniversary", "subscription_year_anniversary"


def at(text: str) -> int:
    """ISO 8601 → ms UTC."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def subscription(key: str, when: str, name: str = "s") -> Event:
    """It was created, or revoked."""
    of = {"subscription_id": name, "program_id": "p"}
    return Event(at(when), f"{key}-{when}", "loyalty", f"subscription_{key}", of)


def said(*events: Event, until: str, zone: ZoneInfo = ROME) -> list[tuple[str, str]]:
    """(local time, key) of what is said by then."""
    outcome = Engine([Anniversaries(zone)]).fold(None, events, Contact(1), at(until))
    return [(datetime.fromtimestamp(d.at / 1000, zone).isoformat()[:16], d.key) for d in outcome.added]


def months(*events: Event, until: str) -> list[str]:
    """The local times of the months."""
    return [when for when, key in said(*events, until=until) if key == MONTH]


def test_every_month_and_every_year() -> None:
    """«Un contatto raggiunge la ricorrenza mensile / l'anniversario della propria iscrizione»: at 12 months both."""
    found = said(subscription("created", "2024-03-10T10:00+01:00"), until="2025-03-10T10:00+01:00")
    assert 12 == [key for _, key in found].count(MONTH)
    assert [("2025-03-10T10:00", MONTH), ("2025-03-10T10:00", YEAR)] == sorted(found[-2:])
    assert ("2024-04-10T10:00", MONTH) == found[0]


def test_not_a_millisecond_before() -> None:
    """The instant itself is included."""
    created = subscription("created", "2025-01-10T10:00+01:00")
    assert [] == months(created, until="2025-02-10T09:59:59.999+01:00")
    assert ["2025-02-10T10:00"] == months(created, until="2025-02-10T10:00+01:00")


def test_the_31st_becomes_the_last_day_of_a_shorter_month() -> None:
    """And is the 31st again in the next long one."""
    found = months(subscription("created", "2025-01-31T10:00+01:00"), until="2025-06-01T00:00+02:00")
    assert ["2025-02-28T10:00", "2025-03-31T10:00", "2025-04-30T10:00", "2025-05-31T10:00"] == found


def test_a_leap_day_comes_round_on_the_28th() -> None:
    """And on the 29th where there is one."""
    found = said(subscription("created", "2024-02-29T10:00+01:00"), until="2028-03-01T00:00+01:00")
    years = [when for when, key in found if key == YEAR]
    assert ["2025-02-28T10:00", "2026-02-28T10:00", "2027-02-28T10:00", "2028-02-29T10:00"] == years


def test_it_keeps_to_the_wall_over_a_change_of_time() -> None:
    """Ten o'clock in winter is ten o'clock in summer; in UTC it moves by an hour."""
    created = subscription("created", "2025-03-15T10:00+01:00")
    outcome = Engine([Anniversaries(ROME)]).fold(None, [created], Contact(1), at("2025-04-16T00:00+02:00"))
    assert [at("2025-04-15T08:00+00:00")] == [derived.at for derived in outcome.added]


def test_an_hour_that_is_skipped_becomes_the_first_instant_after() -> None:
    """In Rome the night of 30 March 2025 goes from 02:00 to 03:00."""
    found = months(subscription("created", "2025-01-30T02:30+01:00"), until="2025-04-01T00:00+02:00")
    assert ["2025-02-28T02:30", "2025-03-30T03:00"] == found


def test_an_hour_that_comes_twice_is_the_first() -> None:
    """In Rome the night of 26 October 2025 has 02:30 at 00:30 UTC and at 01:30 UTC."""
    created = subscription("created", "2025-09-26T02:30+02:00")
    outcome = Engine([Anniversaries(ROME)]).fold(None, [created], Contact(1), at("2025-11-01T00:00+01:00"))
    assert [at("2025-10-26T00:30+00:00")] == [derived.at for derived in outcome.added]


def test_revoked_it_comes_round_no_more() -> None:
    """Begun again it counts from its new beginning; created twice, from the first."""
    created, revoked = (
        subscription("created", "2025-01-10T10:00+01:00"),
        subscription("revoked", "2025-02-20T00:00+01:00"),
    )
    again = subscription("created", "2025-05-05T05:00+02:00")
    assert ["2025-02-10T10:00"] == months(created, revoked, until="2025-12-01T00:00+01:00")
    assert ["2025-02-10T10:00", "2025-06-05T05:00"] == months(created, revoked, again, until="2025-06-10T00:00+02:00")
    twice = subscription("created", "2025-01-20T10:00+01:00")
    assert ["2025-02-10T10:00"] == months(created, twice, until="2025-02-21T00:00+01:00")


def test_two_subscriptions_come_round_each_at_its_own_time() -> None:
    """Each names itself."""
    first, second = (
        subscription("created", "2025-01-10T10:00+01:00"),
        subscription("created", "2025-01-12T10:00+01:00", "t"),
    )
    outcome = Engine([Anniversaries(ROME)]).fold(None, [first, second], Contact(1), at("2025-02-13T00:00+01:00"))
    assert [("s", "p", 1), ("t", "p", 1)] == [
        (d.data["subscription_id"], d.data["program_id"], d.data["months"]) for d in outcome.added
    ]


@pytest.mark.parametrize("when", ["9999-12-15T10:00+00:00", "9999-11-30T23:59+00:00"])
def test_time_ends_with_the_year_9999(when: str) -> None:
    """Nothing is asked for beyond it."""
    created = Event(at(when), "c", "loyalty", "subscription_created", {"subscription_id": "s"})
    outcome = Engine([Anniversaries(UTC)]).fold(None, [created], Contact(1), at("9999-12-31T23:59+00:00"))
    assert outcome.thread.wake_at is None
