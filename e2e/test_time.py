"""Time on the visitor's clock: half an hour of inactivity, and clocks that are wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from e2e.website import Website
from e2e.world import World


@pytest.mark.parametrize(("pause", "sessions"), [("31:00", 2), ("29:00", 1)])
def test_half_an_hour_of_inactivity_begins_another_session(
    page: Page, website: Website, world: World, pause: str, sessions: int
) -> None:
    """The browser's clock starts 40 minutes ago and is moved on: 31 minutes are a new session, 29 are not."""
    page.clock.install(time=datetime.now(UTC) - timedelta(minutes=40))
    website.put("/later")
    page.goto(website.url("/"))
    world.expect("page_visited /")
    page.clock.fast_forward(pause)
    page.goto(website.url("/later"))
    first, later = world.expect("page_visited /", "page_visited /later")
    started = world.derived("push_session_started", sessions)
    assert (first["session_id"] == later["session_id"]) == (sessions == 1)
    assert first["id"] == started[0]["causes"][0]
    assert sessions == len(world.sessions())


def test_a_clock_that_is_hours_wrong_is_corrected(page: Page, website: Website, world: World) -> None:
    """A visitor whose clock is set to three hours ago has visited now."""
    page.clock.install(time=datetime.now(UTC) - timedelta(hours=3))
    page.goto(website.url("/"))
    (event,) = world.expect("page_visited /")
    received = datetime.fromisoformat(event["received_at"])
    assert abs(received - datetime.fromisoformat(event["occurred_at"])) < timedelta(minutes=1)
