"""Leaving: what happened on the way out arrives all the same, and is the same visitor's."""

from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, Route

from e2e.conftest import AGENT, FLAGS, Visitor, chromium
from e2e.website import Website
from e2e.world import World

TRACK_AND_GO = "sentiero.track('last_word'); location.href = '/next'"


def test_what_is_tracked_on_the_way_to_the_next_page_arrives(page: Page, website: Website, world: World) -> None:
    """An event in the same instant as the navigation is not lost, and nothing is doubled by its being kept."""
    website.put("/next")
    page.goto(website.url("/"))
    page.evaluate(TRACK_AND_GO)
    page.wait_for_url("**/next")
    events = world.expect("page_visited /", "last_word /", "page_visited /next")
    assert 1 == len({event["visitor_id"] for event in events})


def test_what_is_tracked_before_the_tab_is_closed_arrives(visitor: Visitor, website: Website, world: World) -> None:
    """The tab is closed in the instant in which something was tracked."""
    page = arrive(visitor().new_page(), website)
    page.evaluate("sentiero.track('last_word')")
    page.close()
    events = world.expect("page_visited /", "last_word /")
    assert 1 == len({event["visitor_id"] for event in events})
    assert 1 == len(world.sessions())


def test_what_is_tracked_before_the_browser_is_closed_arrives_by_the_next_visit(
    browser: Browser, website: Website, world: World, tmp_path: Path
) -> None:
    """A browser that ends may take its last beacon with it: what waits is in its profile, and comes once."""
    website.put("/back")
    profile = partial(
        browser.browser_type.launch_persistent_context,
        tmp_path / "profile",
        executable_path=chromium(),
        args=[*FLAGS, f"--user-agent={AGENT}"],
    )
    with profile() as before:
        page = arrive(before.new_page(), website)
        page.evaluate("sentiero.track('last_word')")
    with profile() as after:
        after.new_page().goto(website.url("/back"))
        events = world.expect("page_visited /", "last_word /", "page_visited /back")
    assert 1 == len({event["visitor_id"] for event in events})
    assert 1 == len(world.sessions())
    world.check_again()


def arrive(page: Page, website: Website) -> Page:
    """Open the first page of the site, and wait until the tracker is there."""
    page.goto(website.url("/"))
    page.wait_for_function("!Array.isArray(sentiero)")
    return page


def test_a_first_batch_its_retry_and_the_beacon_are_one_visitor(
    visitor: Visitor, website: Website, world: World
) -> None:
    """The answer to the first batch never comes; it is sent again on the next page; in between a beacon has left."""
    website.put("/next")
    page = visitor().new_page()
    lost: list[bytes] = []

    def lose_answer(route: Route) -> None:
        if lost:
            route.continue_()
        else:  # the collector has it, the page does not know
            lost.append(world.deployment.post(route.request.post_data_buffer or b"", user_agent=AGENT).body)
            route.abort()

    page.route("**/e", lose_answer)
    page.goto(website.url("/"))
    page.wait_for_function("!Array.isArray(sentiero)")
    world.expect("page_visited /")
    page.evaluate(TRACK_AND_GO)
    page.wait_for_url("**/next")
    events = world.expect("page_visited /", "last_word /", "page_visited /next")
    assert b'"accepted":1' in lost[0]
    assert 1 == len({event["visitor_id"] for event in events})
    assert 1 == len(world.contacts())
    assert 1 == len(world.sessions())


def test_going_to_another_site_leaves_nothing_behind(page: Page, website: Website, world: World) -> None:
    """A click on a link that leaves the site is an event, and arrives although the page is gone at once."""
    away = website.url("/landing", host="www.other.localhost")
    website.put("/", f'<a id=away href="{away}">Away</a>')
    page.goto(website.url("/"))
    page.wait_for_function("!Array.isArray(sentiero)")
    page.click("#away")
    page.wait_for_url(away)
    _, click = world.expect("page_visited /", "link_clicked /")
    assert {"url": away, "text": "Away"} == click["properties"]
