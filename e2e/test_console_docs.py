"""The page of the API in a real browser: somebody reads it by a key alone, tries it, and sees what is answered."""

import json
import re

from playwright.sync_api import Page, expect

from e2e.conftest import Visitor
from e2e.console import Console, address, violations
from e2e.world import World
from tests.killed.process import API_KEY

ANSWER = "[data-answer] pre >> nth=1"
"""The body; above it stand the headers."""


def tried(page: Page, id: str) -> str:
    """Send the form of the operation, which is open; the body of the answer."""
    page.click(f"#{id} button.main")
    body = page.locator(f"#{id} {ANSWER}")
    body.wait_for()
    return body.inner_text()


def opened(page: Page, id: str) -> None:
    """The operation."""
    page.click(f"#{id} > summary")


def test_events_are_read_and_a_list_is_made_by_login(console: Console, world: World) -> None:
    """By whoever is logged in, without a key: what they read, and what they change."""
    page = console()
    page.goto(address(world, "/api/docs"))
    opened(page, "get_events")
    page.fill("#get_events input[name=limit]", "1")
    assert {"events": [], "next": None} == json.loads(tried(page, "get_events"))
    expect(page.locator("#get_events [data-answer] .badge")).to_have_text("200 OK")
    assert "/api/events?limit=1'" in page.locator("#get_events [data-curl]").text_content()  # type: ignore[operator]
    opened(page, "post_lists")
    page.fill("#post_lists textarea", '{"name": "News"}')
    assert "News" == json.loads(tried(page, "post_lists"))["name"]
    expect(page.locator("#post_lists [data-answer] .badge")).to_have_text("201 Created")
    assert ["News"] == [one["name"] for one in world.get("/api/lists")["lists"]]


def test_a_stranger_reads_it_by_a_key(visitor: Visitor, world: World) -> None:
    """A wrong key is refused; a good one opens the page and asks for what is tried; it is kept nowhere."""
    page = visitor(locale="en-GB").new_page()
    page.goto(address(world, "/api/docs"))
    page.fill("[data-key]", "sk_of_nobody")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_have_text("This key is not good.")
    page.fill("[data-key]", API_KEY)
    page.keyboard.press("Enter")
    page.wait_for_selector("#get_events")
    opened(page, "post_events")
    assert 1 == json.loads(tried(page, "post_events"))["accepted"]
    assert API_KEY not in page.content()
    assert [0, 0] == page.evaluate("[localStorage.length, sessionStorage.length]")
    assert [] == violations(page)
    page.reload()
    expect(page.locator("[data-ask]")).to_be_visible()


def test_what_is_answered_is_text(console: Console, world: World) -> None:
    """A name that would like to act is shown."""
    page = console()
    page.goto(address(world, "/api/docs#post_lists"))
    name = "<img src=x onerror=alert(1)>"
    page.fill("#post_lists textarea", json.dumps({"name": name}))
    assert name == json.loads(tried(page, "post_lists"))["name"]
    assert 0 == page.locator("#post_lists [data-answer] img").count()


def test_the_stream_is_shown_for_a_while(console: Console, world: World) -> None:
    """It has no end: what came within some seconds stands there."""
    page = console()
    page.goto(address(world, "/api/docs#get_events_stream"))
    assert re.search(r"retry: 1000[\s\S]*Stopped after 5 seconds", tried(page, "get_events_stream"))
