"""People in the console: found, read and watched with a keyboard; nothing that a stranger writes acts there."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from e2e.conftest import AGENT
from e2e.console import log_in, open_screen, violations
from e2e.world import World
from tests.killed.process import WRITE_KEY
from tests.killed.wait import until

PROBE = "<script>window.acted=1</script>\"'><img src=x onerror=window.acted=1>"


def send(world: World, nonce: str, *events: dict[str, Any], ago: int = 0) -> None:
    """What a browser does, a minute apart, the last one `ago` minutes before now; returns when it can be read."""
    now = datetime.now(UTC)
    sent = [
        {"id": str(uuid4()), "occurred_at": (now - timedelta(minutes=ago + len(events) - n)).isoformat(), **event}
        for n, event in enumerate(events, start=1)
    ]
    body = {"write_key": WRITE_KEY, "sent_at": now.isoformat(), "nonce": nonce, "events": sent}
    assert 202 == world.deployment.post(json.dumps(body).encode(), user_agent=AGENT).status
    until(lambda: {e["id"] for e in sent} <= {e["id"] for e in world.events()}, 20.0, rest=world.rest)


def visited(path: str, title: str = "", **fields: Any) -> dict[str, Any]:
    """A page view."""
    return {"key": "page_visited", "page": {"url": f"https://shop.example{path}", "title": title}, **fields}


def test_a_person_is_found_and_watched_by_keyboard(page: Page, world: World) -> None:
    """`/`, an address, Enter; `j`, Enter; a family of events; then what happens is announced, and shown when asked."""
    nonce = str(uuid4())
    anna = {"identifiers": {"email_id": "anna@shop.it"}}
    send(world, str(uuid4()), visited("/"))
    send(world, nonce, visited("/", "Home"), visited("/boots", "Boots", **anna), {"key": "cart_updated"}, ago=90)
    log_in(page, world)
    open_screen(page, world, "/contacts")
    expect(page.locator("[data-row]")).to_have_count(2)
    page.keyboard.press("/")
    page.keyboard.type("anna@")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("anna@shop.it")
    expect(page.locator("#timeline [data-row]")).to_have_count(3)

    page.get_by_role("link", name="Commerce").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#timeline [data-row]")).to_have_count(1)
    assert "category=ecommerce" in page.url
    page.get_by_role("link", name="Everything").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#timeline [data-row]")).to_have_count(3)

    pill = page.get_by_role("status").get_by_role("link")
    expect(pill).to_be_hidden()
    send(world, nonce, {"key": "wished", "properties": {"product_name": "Larice pack"}})
    world.derived("push_session_started", 3)  # a session began: nobody did that, so it is not announced
    expect(pill).to_have_text("1 new: show")
    expect(page.locator("[data-last-seen]")).to_have_text("just now")
    pill.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("Larice pack")
    expect(pill).to_be_hidden()
    assert [] == violations(page)


def test_without_scripts_everything_can_be_reached(page: Page, world: World) -> None:
    """The form asks for a page, chips and rows are links."""
    send(world, str(uuid4()), visited("/", "Home", identifiers={"email_id": "anna@shop.it"}))
    log_in(page, world)
    browser = page.context.browser
    assert browser
    plain = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    open_screen(plain, world, "/contacts")
    plain.fill("input[name=q]", "anna@")
    plain.keyboard.press("Enter")
    plain.click("text=anna@shop.it >> nth=0")
    plain.click("text=Site and app")
    expect(plain.locator("#timeline")).to_contain_text("Home")
    plain.context.close()


def test_what_a_stranger_writes_does_nothing(page: Page, world: World) -> None:
    """Probes in identifiers, attributes, pages, referrers and campaigns: text, and no refusal of the policy."""
    address = f"/{PROBE}?utm_source={PROBE}&utm_campaign={PROBE}"
    probed = {"identifiers": {"ext_id": PROBE}, "contact_properties": {"FIRSTNAME": PROBE, PROBE: PROBE}}
    entry = visited(address, PROBE, **probed)
    entry["page"]["referrer"] = f"https://a.example/{PROBE}"
    send(world, str(uuid4()), entry, {"key": "wished", "properties": {"name": PROBE, PROBE: PROBE}})
    log_in(page, world)
    for path in ("/contacts", "/contacts?columns=attribute:FIRSTNAME", "/contacts/1", "/sessions?by=source"):
        open_screen(page, world, path)
        expect(page.locator("main")).to_contain_text("<script>window.acted=1</script>")
        page.wait_for_load_state("networkidle") if "/contacts/" not in path else page.wait_for_timeout(200)
        assert ([], None) == (violations(page), page.evaluate("window.acted ?? null"))


def test_it_fits_on_a_telephone(page: Page, world: World) -> None:
    """No screen of people is wider than the window."""
    send(world, str(uuid4()), visited("/" + "x" * 300, "y" * 200, identifiers={"email_id": f"{'a' * 60}@shop.it"}))
    log_in(page, world)
    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("/contacts?columns=identifiers&columns=first_seen&columns=consent", "/contacts/1", "/sessions"):
        open_screen(page, world, path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
