"""Consent, Global Privacy Control, cookies and tokens, bots: what is kept of a visitor, and where."""

from typing import Any

from playwright.sync_api import BrowserContext, Page

from e2e.conftest import Visitor
from e2e.test_identity import ANNA
from e2e.website import Website
from e2e.world import World
from tests.killed.process import API_KEY

OTHER = "www.other.localhost"
REQUIRED = 'data-consent="required"'
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
STORED = "Object.keys(localStorage).filter(key => key.startsWith('sentiero'))"
WATCHED = "for (const name of ['getItem', 'setItem', 'removeItem', 'key']) { const own = Storage.prototype[name];"
WATCHED += " Storage.prototype[name] = function (...given) { window.touched = true; return own.apply(this, given) } }"


def cookies(context: BrowserContext) -> dict[str, Any]:
    """The browser's cookies by name."""
    return {cookie["name"]: cookie for cookie in context.cookies()}


def require_consent(world: World) -> None:
    """The site asks for consent at the collector too."""
    body = b'{"consent": "required"}'
    answer = world.deployment.request("PATCH", "/api/sites/1", body, api_key=API_KEY, content_type="application/json")
    assert answer.status == 200, answer.body


def test_on_its_own_domain_the_collector_keeps_a_cookie(visitor: Visitor, website: Website, world: World) -> None:
    """Same site: a cookie that no script can read, and no token in the page's storage."""
    context = visitor()
    page = website.open(context.new_page(), "/")
    world.expect("page_visited /")
    cookie = cookies(context)["sentiero_id"]
    assert ("t.shop.localhost", True, "Lax") == (cookie["domain"], cookie["httpOnly"], cookie["sameSite"])
    assert "sentiero_id" not in page.evaluate(STORED)


def test_from_another_site_the_page_keeps_a_token(visitor: Visitor, website: Website, world: World) -> None:
    """Cross site, third-party cookies blocked, as browsers are: a token in the page's own storage, and no cookie."""
    context = visitor()
    website.put("/next")
    page = context.new_page()
    page.goto(website.url("/", OTHER))
    world.expect("page_visited /")
    page.wait_for_function("localStorage.sentiero_id")
    page.goto(website.url("/next", OTHER))
    first, second = world.expect("page_visited /", "page_visited /next")
    assert first["visitor_id"] == second["visitor_id"]
    assert "sentiero_id" not in cookies(context)
    assert 1 == len(world.sessions())


def test_reset_holds_across_sites_too(page: Page, website: Website, world: World) -> None:
    """With a token instead of a cookie: another visitor from then on."""
    page.goto(website.url("/", OTHER))
    page.wait_for_function("localStorage.sentiero_id")
    page.evaluate("sentiero.reset(); sentiero.track('one'); setTimeout(() => sentiero.track('two'), 300)")
    first, one, two = world.expect("page_visited /", "one /", "two /")
    assert first["visitor_id"] != one["visitor_id"] == two["visitor_id"]


def test_where_consent_is_required_nothing_is_stored_or_sent_before_it(
    visitor: Visitor, website: Website, world: World
) -> None:
    """Not even storage is looked at. Granted, what this page did comes; withdrawn, cookie and storage are empty."""
    require_consent(world)
    website.put("/", attributes=REQUIRED)
    website.put("/next", attributes=REQUIRED)
    context = visitor()
    context.add_init_script(WATCHED)
    page = website.open(context.new_page(), "/")
    page.evaluate(ANNA)
    world.nothing()
    assert not page.evaluate("window.touched")
    assert {} == cookies(context)
    page.evaluate("sentiero.consent('granted')")
    visit, _ = world.expect("page_visited /", "identified /")
    assert visit["visitor_id"]
    assert "sentiero_id" in cookies(context)
    page.evaluate("sentiero.consent('denied')")
    page.evaluate("sentiero.track('unseen')")
    page.wait_for_function(f"{STORED}.length == 0")
    world.rest()
    while "sentiero_id" in cookies(context):
        page.wait_for_timeout(20)
    website.open(page, "/next")
    world.expect("page_visited /", "identified /")


def test_who_denies_is_counted_and_not_known(visitor: Visitor, website: Website, world: World) -> None:
    """Where consent is implied: no cookie, no storage but the word itself, no identifiers; on the next page as well."""
    website.put("/next")
    context = visitor()
    page = website.open(context.new_page(), "/")
    world.expect("page_visited /")
    page.evaluate("sentiero.consent('denied')")
    page.evaluate(ANNA)
    page.evaluate("sentiero.track('after')")
    website.open(page, "/next")
    first, after, _ = world.expect("page_visited /", "after /", "page_visited /next")
    assert first["visitor_id"] != after["visitor_id"]
    assert ["sentiero_consent"] == page.evaluate(STORED)
    assert {} == cookies(context)
    assert [] == [contact for contact in world.contacts() if contact["identifiers"]]


def test_global_privacy_control_is_a_denial(visitor: Visitor, website: Website, world: World) -> None:
    """The browser says it for the visitor: nothing is stored, nobody is identified."""
    context = visitor(extra_http_headers={"Sec-GPC": "1"})
    context.add_init_script(GPC)
    page = website.open(context.new_page(), "/")
    page.evaluate(ANNA)
    page.evaluate("sentiero.track('after')")
    world.expect("page_visited /", "after /")
    assert [] == page.evaluate(STORED)
    assert {} == cookies(context)
    assert [] == [contact for contact in world.contacts() if contact["identifiers"]]


def test_a_bot_is_stored_and_is_nobody(visitor: Visitor, website: Website, world: World) -> None:
    """A crawler that runs scripts: its visit is there, flagged; it makes no contact and no session."""
    agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    page = visitor(user_agent=agent).new_page()
    page.goto(website.url("/"))
    (event,) = world.expect("page_visited /")
    assert event["agent"]["bot"]
    assert [] == world.given(bots="exclude")
    assert [] == world.contacts()
    assert [] == world.sessions()
