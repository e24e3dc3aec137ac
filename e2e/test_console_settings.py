"""Sites, keys and users in a real browser: by mouse, by keyboard alone, and with names that would like to act."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Visitor
from e2e.console import PASSWORD, address, log_in
from e2e.test_console_setup import PROBE, WATCH, tab_to
from e2e.world import World
from tests.killed.process import WRITE_KEY
from tests.killed.wait import until

HEARD_S = 1.0
"""A revocation counts in every process within a second."""


@pytest.fixture
def console(visitor: Visitor, world: World) -> Iterator[Page]:
    """The admin's browser; at the end nothing has acted that must not."""
    context = visitor(locale="en-GB")
    faults: list[str] = []
    context.expose_binding("reported", lambda _, directive: faults.append(directive))
    context.add_init_script(WATCH)
    context.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    yield log_in(context.new_page(), world)
    assert [] == faults


def sent(world: World, key: str) -> int:
    """An event under that write key: the status."""
    now = datetime.now(UTC).isoformat()
    event = {"id": str(uuid4()), "key": "page_visited", "occurred_at": now}
    return world.deployment.post(json.dumps({"write_key": key, "sent_at": now, "events": [event]}).encode()).status


def test_a_write_key_that_is_revoked_is_refused_within_a_second(console: Page, world: World) -> None:
    """A second one is made first, and goes on working."""
    console.goto(address(world, "/settings"))
    console.click("text=default")
    console.click("text=New write key")
    expect(console.locator(".notice")).to_have_text("Saved.")
    other = console.locator("[id^=key-]").nth(1).inner_text()
    assert (202, 202) == (sent(world, WRITE_KEY), sent(world, other))
    row = console.locator(".row", has_text=WRITE_KEY)
    row.locator("summary").click()
    row.locator("text=Yes, revoke it").click()
    expect(console.locator("text=Revoked (1)")).to_be_visible()
    until(lambda: sent(world, WRITE_KEY) == 401, HEARD_S)
    assert 202 == sent(world, other)


def test_a_site_is_made_by_keyboard_alone(console: Page, world: World) -> None:
    """A line that is no origin is named; mended, the site's setup opens."""
    console.goto(address(world, "/settings/sites/new"))
    tab_to(console, "input[name=name]")
    console.keyboard.type("Shoes")
    tab_to(console, "textarea")
    console.keyboard.type("shop.example")
    tab_to(console, "input[name=consent]")
    console.keyboard.press("ArrowDown")
    tab_to(console, "button.main")
    console.keyboard.press("Enter")
    expect(console.locator("#bad-origins li")).to_have_text(["shop.example"])
    tab_to(console, "textarea")
    console.keyboard.press("Control+A")
    console.keyboard.type("https://shop.example")
    tab_to(console, "button.main")
    console.keyboard.press("Enter")
    console.wait_for_url("**/setup?site=2")
    (_, made) = world.get("/api/sites")["sites"]
    assert ("Shoes", ["https://shop.example"], "required") == (made["name"], made["origins"], made["consent"])


def test_an_api_key_is_made_and_revoked_by_keyboard_alone(console: Page, world: World) -> None:
    """It is shown once, works, and is refused within a second."""
    console.goto(address(world, "/settings/keys"))
    tab_to(console, "input[name=name]")
    console.keyboard.type("reader")
    tab_to(console, "input[name=scope]")
    console.keyboard.press("Space")
    tab_to(console, "button.main:not([data-copy])")
    console.keyboard.press("Enter")
    expect(console.locator("#secret")).to_have_text(re.compile(r"sk_\w{32}"))
    key = console.locator("#secret").inner_text()
    assert 200 == world.deployment.request("GET", "/api/events", api_key=key).status
    console.goto(address(world, "/settings/keys"))
    expect(console.locator("#secret")).to_have_count(0)
    tab_to(console, "summary")
    console.keyboard.press("Enter")
    console.keyboard.press("Tab")
    console.keyboard.press("Enter")
    expect(console.locator(".notice")).to_contain_text("Revoked")
    until(lambda: world.deployment.request("GET", "/api/events", api_key=key).status == 401, HEARD_S)


def test_a_colleague_comes_in_by_the_link_and_is_put_out(console: Page, visitor: Visitor, world: World) -> None:
    """Invited by mouse, sees what the role may; disabled, is asked to log in at the next page."""
    console.goto(address(world, "/settings/users"))
    console.fill("input[name=name]", "anna")
    console.check("input[value=viewer]")
    console.click("text=Add")
    link = console.locator("#secret").inner_text()
    anna = visitor(locale="en-GB").new_page()
    anna.goto(link)
    anna.fill("input[name=password]", PASSWORD)
    anna.click("main button")
    anna.wait_for_url("**/setup")
    anna.goto(address(world, "/settings/sites"))
    expect(anna.locator("nav.tabs a")).to_have_text(["Sites", "Your login"])
    console.click("summary")
    console.click("text=Yes, disable")
    expect(console.locator(".badge.bad")).to_have_text("disabled")
    anna.goto(address(world, "/settings/sites"))
    anna.wait_for_url("**/login?back=*")


def test_out_everywhere_ends_this_browser_too(console: Page, world: World) -> None:
    """And the password goes on working."""
    console.goto(address(world, "/settings/account"))
    console.click("button.bad")
    console.wait_for_url("**/login")
    console.fill("input[name=name]", "admin")
    console.fill("input[name=password]", PASSWORD)
    console.click("main button")
    console.wait_for_url("**/setup")
    assert console.locator("header nav").is_visible()


def test_names_do_nothing(console: Page, world: World) -> None:
    """Of a site, a key, a user: each with markup in it, on every page that shows it."""
    console.goto(address(world, "/settings/sites/new"))
    console.fill("input[name=name]", PROBE)
    console.click("button.main")
    console.goto(address(world, "/settings/keys"))
    console.fill("input[name=name]", PROBE)
    console.check("input[value=read]")
    console.click("button.main")
    console.goto(address(world, "/settings/users"))
    console.fill("input[name=name]", PROBE)
    console.check("input[value=viewer]")
    console.click("button.main")
    for path in "sites", "sites/2", "keys", "users", "users/2":
        console.goto(address(world, f"/settings/{path}"))
        assert (True, 0) == (PROBE in console.locator("main").inner_text(), console.locator("main img").count())
