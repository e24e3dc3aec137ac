"""Reading totals from a real file."""

import pytest

from collector.store.ports.totals import KindTotal, Part, SessionFilter, SessionTotal, Step
from sessionizer.event import Agent
from sessionizer.session import Utm
from tests.collector.store.rows import CRAWLER, Rows, ask
from tests.factories import at

S = "019365a0-0000-8000-8000-00000000000"
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
TODAY = at("00:00") // DAY_MS


def test_each_kind_has_its_sum_its_ends_and_its_days(rows: Rows) -> None:
    """Without bots; a day before the ones asked for is in the sum, and not among the days."""
    rows.event("00:00")
    rows.event("23:59")
    rows.event("12:00", user_agent=CRAWLER, flags=4)
    rows.event("10:00", "opened", category="custom", at=at("10:00") - 2 * DAY_MS)
    found = ask(rows.folder, lambda store: store.totals.kinds(since_day=TODAY))
    assert [
        KindTotal("custom", "opened", 1, at("10:00") - 2 * DAY_MS, at("10:00") - 2 * DAY_MS),
        KindTotal("website", "page_visited", 2, at("00:00"), at("23:59"), ((TODAY, 2),)),
    ] == found


def sessions(rows: Rows) -> None:
    """Four, at two sites, in three hours."""
    rows.contact()
    rows.session(1, "10:00", "10:20", id=S + "1", agent=Agent("Firefox", "Linux", "desktop"))
    rows.session(1, "10:59", "11:20", id=S + "2", utm=Utm("news"), referrer="https://mail.example/")
    rows.session(1, "11:00", "11:20", id=S + "3", referrer="https://www.search.example/?q=1", sites=(2,))
    rows.session(1, "23:00", "23:20", id=S + "4", agent=Agent("", "", "mobile"))


@pytest.mark.parametrize(
    ("step", "by", "expected"),
    [
        ("hour", None, [("10:00", "", 2), ("11:00", "", 1), ("23:00", "", 1)]),
        ("day", None, [("00:00", "", 4)]),
        ("day", "site", [("00:00", "1", 3), ("00:00", "2", 1)]),
        ("day", "source", [("00:00", "", 2), ("00:00", "news", 1), ("00:00", "search.example", 1)]),
        ("day", "device", [("00:00", "", 2), ("00:00", "desktop", 1), ("00:00", "mobile", 1)]),
    ],
)
def test_sessions_by_step_and_part(
    rows: Rows, step: Step, by: Part | None, expected: list[tuple[str, str, int]]
) -> None:
    """A session counts where it began, under the site, the source and the device that it had."""
    sessions(rows)
    whole = SessionFilter(since=at("00:00"), until=at("00:00") + DAY_MS)
    found = ask(rows.folder, lambda store: store.totals.sessions(whole, step=step, by=by))
    assert [SessionTotal(at(when), part, count) for when, part, count in expected] == found


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"since": at("11:00")}, 2),
        ({"until": at("11:00")}, 2),
        ({"sites": (2,)}, 1),
        ({"sources": ("news", "search.example")}, 2),
        ({"devices": ("mobile",)}, 1),
        ({"devices": ("mobile",), "sites": (2,)}, 0),
    ],
)
def test_each_filter_narrows(rows: Rows, given: dict[str, object], expected: int) -> None:
    """since is included, until is not."""
    sessions(rows)
    asked = {"since": at("00:00"), "until": at("00:00") + DAY_MS, **given}
    which = SessionFilter(**asked)  # type: ignore[arg-type]  # a test's own words
    found = ask(rows.folder, lambda store: store.totals.sessions(which, step="hour"))
    assert expected == sum(total.sessions for total in found)


def test_a_session_that_is_replaced_is_counted_once(rows: Rows) -> None:
    """What is deleted is taken back; what comes to have another source moves."""
    rows.contact()
    rows.session(1, "10:00", "10:20", id=S + "1")
    rows.replace(1, S + "1", S + "2")
    rows.session(1, "10:00", "10:30", id=S + "2")
    rows.session(1, "10:00", "10:40", id=S + "2", utm=Utm("news"))
    which = SessionFilter(since=at("00:00"), until=at("00:00") + DAY_MS)
    found = ask(rows.folder, lambda store: store.totals.sessions(which, step="hour", by="source"))
    assert [SessionTotal(at("10:00"), "news", 1)] == found
