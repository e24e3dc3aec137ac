"""The clock of a demo: a file says by how much it is ahead, every process sees it, and buttons move it on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.app import build
from collector.demo.clock import HOME
from collector.process import clock as clocks
from collector.process.clock import (
    FILE,
    MOST_AHEAD_MS,
    NoDemo,
    TooFar,
    ahead_of,
    clock_of,
    demo_clock,
    make_demo,
    wall_clock,
)
from tests.collector.ingest.sending import Deployment, event, written
from tests.collector.ui.console import Person

NOW = 1_795_600_800_000
MINUTE_MS, HOUR_MS = 60_000, 3_600_000


class Times:
    """What the machine's clocks say: `wall` in ms UTC, `monotonic` in seconds; a test moves them."""

    wall, monotonic = NOW, 1_000.0


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    """They stand still."""
    times = Times()
    monkeypatch.setattr(clocks.time, "time_ns", lambda: times.wall * 1_000_000)
    monkeypatch.setattr(clocks.time, "monotonic", lambda: times.monotonic)
    return times


# The file -------------------------------------------------------------------------------------------------------------


def test_no_demo_has_the_wall_clock_itself(tmp_path: Path) -> None:
    """Nothing stands between, and it cannot be moved."""
    assert clock_of(tmp_path) is wall_clock
    assert 0 == ahead_of(wall_clock)
    with pytest.raises(NoDemo, match="is no demo"):
        demo_clock(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_demo_begins_with_the_right_time(tmp_path: Path, times: Times) -> None:
    """And keeps what it has when it is made once more."""
    assert (NOW, 0) == (make_demo(tmp_path)(), make_demo(tmp_path).ahead_ms)
    demo_clock(tmp_path).move_on(HOUR_MS)
    assert NOW + HOUR_MS == make_demo(tmp_path)()


def test_every_process_sees_it_within_a_fifth_of_a_second(tmp_path: Path, times: Times) -> None:
    """Each has a clock of its own, which looks into the file again after 100 ms, and not before."""
    mine, other = make_demo(tmp_path), demo_clock(tmp_path)
    assert (NOW, NOW) == (mine(), other())
    assert 2 * HOUR_MS == mine.move_on(2 * HOUR_MS)
    assert (NOW + 2 * HOUR_MS, NOW) == (mine(), other())
    times.monotonic += 0.1
    assert NOW + 2 * HOUR_MS == other()


def test_moves_add_up(tmp_path: Path, times: Times) -> None:
    """Whoever moves it knows what others have done since."""
    mine, other = make_demo(tmp_path), demo_clock(tmp_path)
    assert [1, 3, 6] == [mine.move_on(1), other.move_on(2), mine.move_on(3)]
    assert "6\n" == (tmp_path / FILE).read_text()


@pytest.mark.parametrize("content", ["", "3\n", "-7\n", "soon\n", "\N{SNOWMAN}", None])
def test_it_never_goes_back(tmp_path: Path, times: Times, content: str | None) -> None:
    """Whatever somebody has written into the file, or that it is gone."""
    clock = make_demo(tmp_path)
    clock.move_on(HOUR_MS)
    (tmp_path / FILE).unlink() if content is None else (tmp_path / FILE).write_text(content)
    times.monotonic += 1
    assert NOW + HOUR_MS == clock()
    assert HOUR_MS + 1 == clock.move_on(1)


def test_ten_years_are_enough(tmp_path: Path) -> None:
    """Further it does not go, and stays where it was; the last millisecond itself is included."""
    clock = make_demo(tmp_path)
    clock.move_on(MOST_AHEAD_MS)
    with pytest.raises(TooFar):
        clock.move_on(1)
    assert MOST_AHEAD_MS == demo_clock(tmp_path).ahead_ms


# The buttons ----------------------------------------------------------------------------------------------------------


class Demo(Deployment):
    """A demo without a worker, at a time that stands still but for what moves its clock on."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def with_clock(settings: object, **_: object) -> object:
            self.clock = make_demo(folder)
            return build(settings, clock=self.clock)  # type: ignore[arg-type]  # as the deployment calls it

        monkeypatch.setattr("tests.collector.ingest.sending.build", with_clock)
        super().__init__(folder, demo=True)


@pytest.fixture
def demo(tmp_path: Path, times: Times, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """At NOW."""
    ready = Demo(tmp_path, monkeypatch)
    yield ready
    ready.close()


def pressed(demo: Deployment, step: str, **headers: str) -> int:
    """What is answered when a button is pressed."""
    return demo.run(demo.request("POST", f"{HOME}/{step}", **headers)).status_code


def test_buttons_move_it_on(demo: Demo) -> None:
    """By two hours, or a day; both answers say what it shows then."""
    assert {"now": NOW, "ahead_ms": 0} == demo.run(demo.request("GET", HOME)).json()
    assert [200, 200] == [pressed(demo, "2h"), pressed(demo, "1d")]
    shown = demo.run(demo.request("GET", HOME))
    assert {"now": NOW + 26 * HOUR_MS, "ahead_ms": 26 * HOUR_MS} == shown.json()
    assert "no-store" == shown.headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "none"}, 403),
        ({"origin": "https://collector.example"}, 200),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_only_a_page_of_the_demo_moves_it(demo: Demo, headers: dict[str, str], status: int) -> None:
    """Another site's page cannot, not even where browsers say nothing but the origin."""
    assert status == pressed(demo, "2h", **headers)
    assert (status == 200) == (demo.clock.ahead_ms > 0)


@pytest.mark.parametrize("step", ["1h", "-2h", "2h/", "", "2h/1d", "%00"])
def test_there_are_no_other_steps(demo: Demo, step: str) -> None:
    """Nothing moves."""
    assert pressed(demo, step) in (404, 405)
    assert 0 == demo.clock.ahead_ms


def test_ten_years_are_enough_for_buttons_too(demo: Demo) -> None:
    """It is said that it has not moved."""
    demo.clock.move_on(MOST_AHEAD_MS)
    assert 409 == pressed(demo, "2h")


def test_the_shop_says_where_the_clock_is(demo: Demo) -> None:
    """Its pages are the same files elsewhere, where there is none."""
    assert f'content="{HOME}"' in demo.run(demo.request("GET", "/demo/")).text


def test_a_clock_that_cannot_be_moved_has_no_address(tmp_path: Path) -> None:
    """The shop then has no buttons."""
    still = Deployment(tmp_path, demo=True)
    assert [404, 405] == [still.run(still.request("GET", HOME)).status_code, pressed(still, "2h")]
    assert 'name="demo-clock" content=""' in still.run(still.request("GET", "/demo/")).text
    still.close()


# People ---------------------------------------------------------------------------------------------------------------


def test_nobody_is_logged_out_when_the_clock_is_moved(demo: Demo, times: Times) -> None:
    """Neither in the console nor in what its scripts ask; a fortnight of the browser's own clock is the end."""
    admin = Person(demo).log_in()
    waiting = admin.send("/settings/users", {"name": "vera", "role": "viewer"})
    link = "/login?once=" + re.findall(r"/login\?once=([\w-]+)", waiting.text)[0]
    demo.clock.move_on(30 * 24 * HOUR_MS)
    demo.built.services.logins.reload(demo.built.services.outside())
    assert [200, 200, 200] == [admin.get(path).status_code for path in ("/contacts", "/api/contacts", link)]
    assert 303 == admin.send("/settings/account/logout").status_code
    again = Person(demo).log_in()
    assert 200 == again.get("/contacts").status_code
    times.wall += 15 * 24 * HOUR_MS
    assert 303 == again.get("/contacts").status_code


# Events ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead_ms", [0, 1, MINUTE_MS, 54 * MINUTE_MS, 55 * MINUTE_MS, 26 * HOUR_MS])
def test_what_browsers_do_happens_by_the_demos_clock(demo: Demo, ahead_ms: int) -> None:
    """Theirs is not moved; an event of a minute ago is one of a minute ago there."""
    if ahead_ms:
        demo.clock.move_on(ahead_ms)
    entry = demo.entry(occurred_at="2026-11-25T09:59:00Z", envelope={"sent_at": "2026-11-25T10:00:00Z"})
    assert (NOW + ahead_ms - MINUTE_MS, NOW + ahead_ms) == (entry.occurred_at, entry.received_at)


@pytest.mark.parametrize(("sent_at", "behind_ms"), [("2026-11-25T07:00:00Z", 0), ("2026-11-25T09:30:00Z", -30)])
def test_a_browser_whose_clock_is_wrong_is_corrected_all_the_same(demo: Demo, sent_at: str, behind_ms: int) -> None:
    """By 55 minutes or more, as elsewhere; less is left alone."""
    demo.clock.move_on(2 * HOUR_MS)
    entry = demo.entry(occurred_at=sent_at, envelope={"sent_at": sent_at})
    assert NOW + 2 * HOUR_MS + behind_ms * MINUTE_MS == entry.occurred_at


def test_what_a_server_says_stays_as_it_says(demo: Demo) -> None:
    """A program may know the demo's clock: its instants are taken at their word."""
    demo.clock.move_on(HOUR_MS)
    sent = event(occurred_at="2026-11-25T10:30:00Z", contact_id=None, identifiers={"email_id": "ada@mail.example"})
    answer = demo.post_as_server(written({"events": [sent]}))
    assert 202 == answer.status_code, answer.text
    assert NOW + 30 * MINUTE_MS == demo.logged(sent["id"])[-1].occurred_at
