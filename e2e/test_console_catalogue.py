"""The catalogue in a browser: found by mouse, by keyboard, and without scripts."""

from playwright.sync_api import Browser, Page

from e2e.console import Console, address, log_in, profile, settled
from e2e.filled import filled
from e2e.world import World
from tests.killed.wait import until


def listed(page: Page) -> list[str]:
    """The events that the page lists, by their addresses."""
    return page.eval_on_selector_all("tbody a.kind", "links => links.map(link => link.getAttribute('href').slice(11))")


def wait_for(page: Page, *expected: str) -> None:
    """Until exactly these are listed."""
    until(lambda: listed(page) == list(expected), 15, lambda: f"{expected} expected, there are {listed(page)}")


def test_an_event_is_found_by_mouse(console: Console, world: World) -> None:
    """Family, what came, the event, its latest, all of its kind."""
    filled(world)
    page = console()
    page.goto(address(world, "/catalogue"))
    page.click(".chips >> text=Custom")
    wait_for(page, "custom/brochure_asked")
    page.click(".chips >> text=Commerce")
    until(lambda: "ecommerce/cart_deleted" in listed(page), 15)
    page.check("[name=seen]")
    until(lambda: "ecommerce/cart_deleted" not in listed(page), 15)
    assert {"ecommerce/cart_updated", "ecommerce/order_completed"} <= set(listed(page))
    assert "family=commerce&seen=1" in page.url
    page.click("text=Cart updated")
    assert page.locator("h1", has_text="Cart updated").is_visible()
    page.click("text=See all")
    page.wait_for_url("**/events?category=ecommerce&key=cart_updated")


def test_an_event_is_found_by_keyboard(console: Console, world: World) -> None:
    """/ searches, j walks, Enter opens; back leads to the list as it was."""
    page = console()
    page.goto(address(world, "/catalogue"))
    settled(page).keyboard.press("/")
    page.keyboard.type("blue ticks")
    page.keyboard.press("Enter")
    wait_for(page, "whatsapp/Read")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/catalogue/whatsapp/Read")
    page.go_back()
    wait_for(page, "whatsapp/Read")
    assert "blue ticks" == page.input_value("[name=q]")


def test_the_list_is_the_same_without_scripts(browser: Browser, world: World) -> None:
    """Links and the form do what is needed."""
    with browser.new_context(**profile(), java_script_enabled=False) as context:
        page = log_in(context.new_page(), world)
        page.goto(address(world, "/catalogue?family=messages"))
        page.fill("[name=q]", "blue ticks")
        page.click("main form button")
        page.wait_for_url("**/catalogue?family=messages&q=blue+ticks")
        assert 1 == page.locator("tbody a.kind").count()


def test_a_schema_is_pinned_by_keyboard(console: Console, world: World) -> None:
    """Opened, chosen and pinned without a mouse; what was learned stands in the form; taken off again by mouse."""
    filled(world)
    page = console()
    page.goto(address(world, "/catalogue/custom/brochure_asked"))
    assert page.locator("td", has_text="winter").is_visible()
    settled(page).locator("#schema summary").focus()
    page.keyboard.press("Enter")
    assert '"brochure"' in page.input_value("[name=schema]")
    page.locator("[name=misfit][value=flag]").focus()
    page.keyboard.press("ArrowDown")
    assert page.is_checked("[name=misfit][value=reject]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/brochure_asked?done=pinned*")
    assert page.locator("[role=status]").is_visible()
    page.click("text=Unpin")
    page.wait_for_url("**/brochure_asked?done=unpinned*")
    assert 0 == page.locator(".head .badge", has_text="schema pinned").count()
