"""The demo shop, from the first look to the order: what a visitor does there is what the collector holds."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from e2e.conftest import Visitor
from e2e.website import Website
from e2e.world import World
from tests.killed.wait import until

BOOTS = "cengia-boots"
ADDRESS = {
    "address-email": "anna@shop.it",
    "address-first-name": "Anna",
    "address-last-name": "Rossi",
    "address-street": "Via Roma 1",
    "address-postcode": "20100",
    "address-city": "Milano",
}


def at(name: str) -> str:
    """The selector of a hook."""
    return f"[data-test={name}]"


def fill(page: Page, fields: Mapping[str, str]) -> None:
    """A form's fields by their hooks."""
    for name, text in fields.items():
        page.fill(at(name), text)


def buy(page: Page, website: Website) -> None:
    """Look, wish, put into the cart, check out, pay, order."""
    website.open(page, f"/demo/product?id={BOOTS}")
    page.click(at("wishlist-add") + ">>nth=0")
    page.click(at("add-to-cart") + ">>nth=0")
    website.open(page, "/demo/cart")
    page.click(at("checkout-start"))
    page.wait_for_url("**/checkout*")
    fill(page, ADDRESS)
    page.click(at("address-submit"))
    page.click(at("payment-submit"))
    page.click(at("place-order"))
    page.wait_for_selector(at("order-done"))


ORDERED = [
    "page_visited /demo/product",
    "product_viewed /demo/product",
    "wishlist_product_added /demo/product",
    "cart_updated /demo/product",
    "page_visited /demo/cart",
    "checkout_started /demo/cart",
    "page_visited /demo/checkout",
    "identified /demo/checkout",
    "form_submitted /demo/checkout",
    "payment_info_added /demo/checkout",
    "form_submitted /demo/checkout",
    "order_created /demo/checkout",
    "order_completed /demo/checkout",
]


def test_from_the_first_look_to_the_order(page: Page, website: Website, world: World) -> None:
    """Every step is an event with its items; all of it is one contact's, in one session."""
    buy(page, website)
    events = world.expect(*ORDERED, in_order=False)
    (contact,) = [one for one in world.contacts() if not one["anonymous"]]
    assert {contact["id"]} == {event["contact_id"] for event in events}
    assert {"email_id": ["anna@shop.it"]} == contact["identifiers"]
    assert events[0]["page"]["title"] == events[1]["page"]["title"], "the one that the shop's script has given"
    order = next(event for event in events if event["key"] == "order_completed")
    assert "ecommerce" == order["category"]
    assert "order" == order["object"]["type"]
    assert [(BOOTS, 1)] == [(item["id"], item["quantity"]) for item in order["properties"]["items"]]
    assert order["properties"]["items"][0]["url"].startswith("http://www.shop.localhost")
    assert 1 == len(world.sessions())
    assert [] == world.rejected()


def test_a_collector_that_is_killed_while_somebody_buys_loses_nothing(
    page: Page, website: Website, world: World
) -> None:
    """SIGKILL in the middle of the visit; the shop works on, and every step is there once."""
    script = world.deployment.get("/tracker.js").body
    page.route("**/tracker.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    website.open(page, f"/demo/product?id={BOOTS}")
    world.deployment.kill()
    buy(page, website)
    world.deployment.start()
    website.open(page, "/demo/privacy")
    world.expect(*ORDERED[:2], *ORDERED, "page_visited /demo/privacy", in_order=False)


@pytest.mark.parametrize("blocked", [False, True], ids=["with the tracker", "without it"])
def test_the_shop_works_the_same_without_the_tracker(
    visitor: Visitor, website: Website, world: World, blocked: bool
) -> None:
    """Where the script is blocked the order is placed all the same."""
    page = visitor().new_page()
    if blocked:
        page.route("**/tracker.js", lambda route: route.abort())
        page.add_init_script("window.sentiero = {push() {}}")
    buy(page, website)
    assert page.locator(at("order-done")).get_attribute("data-order")
    if blocked:
        world.nothing()


def test_login_and_logout_are_two_people(page: Page, website: Website, world: World) -> None:
    """Anna logs in and out; who looks on afterwards is not Anna."""
    website.open(page, "/demo/login")
    fill(page, {"login-email": "anna@shop.it", "login-name": "Anna"})
    page.click(at("login-submit"))
    page.click(at("logout"))
    page.wait_for_selector(at("login-submit"))
    website.open(page, "/demo/wishlist")
    events = until(lambda: found if len(found := world.given(key="page_visited")) >= 2 else None, 20, rest=world.rest)
    assert events[0]["contact_id"] != events[-1]["contact_id"]
    (anna,) = [one for one in world.contacts() if not one["anonymous"]]
    assert ("Anna", events[0]["contact_id"]) == (anna["attributes"]["FIRSTNAME"], anna["id"])


def test_newsletter_brochure_search_and_story(page: Page, website: Website, world: World) -> None:
    """The other things that a visitor does: a form, a download, a search, the single-page section."""
    website.open(page, "/demo/story/valley")
    page.click(at("next"))
    page.fill(at("newsletter-email"), "bruno@shop.it")
    page.click(at("newsletter-submit"))
    page.wait_for_selector(at("newsletter-done"))
    with page.expect_download():
        page.click(at("brochure"))
    page.fill(at("search"), "boots")
    page.press(at("search"), "Enter")
    page.wait_for_url("**/search?q=boots*")
    found = world.expect(
        "page_visited /demo/story/valley",
        "page_visited /demo/story/forest",
        "form_submitted /demo/story/forest",
        "identified /demo/story/forest",
        "file_downloaded /demo/story/forest",
        "page_visited /demo/search",
        "product_searched /demo/search",
        in_order=False,
    )
    searched = next(event for event in found if event["key"] == "product_searched")
    assert "boots" == searched["properties"]["query"]


@pytest.mark.parametrize(("locale", "title"), [("it-IT", "Carrello"), ("en-GB", "Cart")])
def test_it_speaks_the_visitors_language(
    visitor: Visitor, website: Website, world: World, locale: str, title: str
) -> None:
    """Italian and English by the browser."""
    page = visitor(locale=locale).new_page()
    website.open(page, "/demo/cart")
    assert locale[:2] == page.locator("html").get_attribute("lang")
    (event,) = world.expect("page_visited /demo/cart")
    assert title in event["page"]["title"]
