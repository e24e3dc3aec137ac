"""From the printed link to the first event opened, and from a refusal to its end: /setup in a real browser."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Visitor
from e2e.console import PASSWORD, address, link, log_in
from e2e.website import Website, serving
from e2e.world import World
from tests.killed.process import API_KEY, WRITE_KEY

PROBE = "<img src=x onerror=alert(1)>"
WATCH = "addEventListener('securitypolicyviolation', event => reported(event.violatedDirective))"
RECEIVED = "[data-state=received]"


@pytest.fixture
def console(visitor: Visitor) -> Iterator[Page]:
    """A browser of somebody who works here; at the end nothing has acted that must not."""
    context = visitor(locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    faults: list[str] = []
    context.expose_binding("reported", lambda _, directive: faults.append(directive))
    context.add_init_script(WATCH)
    context.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    yield context.new_page()
    assert [] == faults


def site(world: World, **fields: Any) -> tuple[int, str]:
    """A new site: (id, write key)."""
    body = json.dumps({"name": "Shop", **fields}).encode()
    answer = world.deployment.request(
        "POST", "/api/sites", body, api_key=API_KEY, content_type="application/json"
    ).json()
    return answer["id"], answer["write_keys"][0]


def tab_to(page: Page, selector: str) -> None:
    """By the Tab key alone, as far as it takes."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_the_first_run_ends_at_the_event_and_its_person(
    console: Page, page: Page, website: Website, world: World
) -> None:
    """Link, password, setup; a visit of the website turns the state; one click leads to each."""
    console.goto(address(world, link(world)))
    console.fill("input[name=password]", PASSWORD)
    console.keyboard.press("Enter")
    expect(console.locator("[data-title]")).to_have_text("Waiting for the first event…")
    assert console.url.endswith("/setup")
    website.open(page, "/")
    (event,) = world.expect("page_visited /")
    expect(console.locator("[data-title]")).to_have_text("Received: page_visited")
    expect(console.locator("[data-host]")).to_have_text(f", from www.shop.localhost:{website.port}")
    assert f"/events?open={event['id']}" == console.get_attribute("[data-event]", "href")
    console.click("[data-person]")
    console.wait_for_url(f"**/contacts/{event['contact_id']}")
    console.go_back()
    expect(console.locator("[data-title]")).to_have_text("Received: page_visited")
    console.click("[data-event]")
    console.wait_for_url("**/events?open=*")


def test_how_long_ago_goes_on(console: Page, page: Page, website: Website, world: World) -> None:
    """The seconds count while one looks, and are the same words after the page was loaded again."""
    log_in(console, world)
    website.open(page, "/")
    expect(console.locator("[data-at]")).to_have_text("2 seconds ago", timeout=10_000)
    console.reload()
    expect(console.locator("[data-at]")).to_have_text("5 seconds ago", timeout=10_000)


def test_an_origin_is_allowed_by_keyboard(console: Page, page: Page, world: World) -> None:
    """The refusal appears by itself; Tab and Enter allow it, and the next visit is received."""
    id, key = site(world, origins=["https://elsewhere.example"])
    log_in(console, world).goto(address(world, f"/setup?site={id}"))
    with serving(Website(world.collector, key)) as website:
        website.put("/", "<h1>Home</h1>", title="Home")
        website.open(page, "/")
        origin = f"http://www.shop.localhost:{website.port}"
        expect(console.locator("[data-cause] h2")).to_have_text(f"{origin} is not an accepted origin")
        tab_to(console, "#causes button")
        console.keyboard.press("Enter")
        expect(console.locator(".notice")).to_contain_text("Allowed.")
        expect(console.locator("[data-cause]")).to_have_count(0)
        other = page.context.browser.new_context().new_page()  # the first one pauses after a refusal
        website.open(other, "/")
        expect(console.locator("[data-title]")).to_have_text("Received: page_visited")
        other.context.close()


def test_the_test_event_says_what_became_of_it(console: Page, world: World) -> None:
    """Accepted, and it appears; at a site that takes other origins only, refused, with the reason."""
    log_in(console, world)
    console.click("[data-test]")
    expect(console.locator("[data-outcome]")).to_have_text("Accepted: in a moment it appears above.")
    expect(console.locator("[data-title]")).to_have_text("Received: page_visited")
    id, _ = site(world, origins=["https://elsewhere.example"])
    console.goto(address(world, f"/setup?site={id}"))
    console.click("[data-test]")
    expect(console.locator("[data-outcome]")).to_contain_text("this console is none of them")
    expect(console.locator("#causes button")).to_have_text(f"Allow {address(world)}")


def test_each_tab_is_reached_by_keyboard_and_copied(console: Page, world: World) -> None:
    """The address names the tab; the copy is what is shown."""
    log_in(console, world)
    for tab in "gtm", "npm", "curl", "python", "script":
        tab_to(console, f"a[href$='tab={tab}']")
        console.keyboard.press("Enter")
        console.wait_for_url(f"**tab={tab}")
        expect(console.locator(f"a[href$='tab={tab}'][aria-current]")).to_be_focused()
        tab_to(console, "[data-copy=tag]")
        console.keyboard.press("Enter")
        expect(console.locator("[data-copy=tag]")).to_have_text("Copied")
        assert console.text_content("#tag") == console.evaluate("navigator.clipboard.readText()")


def test_a_site_is_chosen(console: Page, world: World) -> None:
    """The list shows its own key; the address says which."""
    id, key = site(world)
    log_in(console, world)
    expect(console.locator("#tag")).to_contain_text(WRITE_KEY)
    console.select_option("select[name=site]", str(id))
    console.wait_for_url(f"**site={id}")
    expect(console.locator("#tag")).to_contain_text(key)


def test_without_a_script_the_state_is_that_of_the_load(visitor: Visitor, console: Page, world: World) -> None:
    """Everything is there but what is live."""
    log_in(console, world).click("[data-test]")
    expect(console.locator(RECEIVED)).to_be_visible()
    plain = visitor(java_script_enabled=False, locale="en-GB")
    plain.add_cookies(console.context.cookies())
    page = plain.new_page()
    page.goto(address(world, "/setup"))
    expect(page.locator("[data-title]")).to_have_text("Received: page_visited")
    page.click("text=Google Tag Manager")
    expect(page.locator("#tag")).to_contain_text('sentiero.push(["init"')


def test_what_a_stranger_sends_does_nothing(console: Page, world: World) -> None:
    """Origins, keys of events, samples and a site's name with markup in them, live and loaded."""
    id, key = site(world, name=PROBE, origins=["https://elsewhere.example"])
    log_in(console, world).goto(address(world, f"/setup?site={id}"))
    event = {"id": PROBE, "key": PROBE, "occurred_at": PROBE, "page": {"url": f"https://a.example/{PROBE}"}}
    body = json.dumps({"write_key": key, "sent_at": "2026-11-25T10:00:00Z", "events": [event]}).encode()
    for origin in f"https://{PROBE}", "https://elsewhere.example":
        world.deployment.request("POST", "/e", body, origin=origin, content_type="text/plain")
    expect(console.locator("[data-cause]")).to_have_count(2)
    assert 0 == console.locator("main img").count()
    expect(console.locator("select[name=site] option[selected]")).to_have_text(PROBE)
