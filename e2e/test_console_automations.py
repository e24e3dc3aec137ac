"""Automations in a browser: one that is ready, with a click; changed by keyboard alone; written without scripts."""

import re

from playwright.sync_api import Browser, Page

from e2e.console import Console, log_in, open_screen, profile, settled
from e2e.filled import event, filled, send
from e2e.world import World
from tests.killed.wait import until

MANY_TABS = 120


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has that name has the focus."""
    told = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
    for _ in range(MANY_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(told).startswith(name):
            return
    raise AssertionError(f"no {name!r} within {MANY_TABS} steps")


def made(page: Page, world: World) -> None:
    """The abandoned cart that is ready, by its button; its page is shown."""
    open_screen(page, world, "/automations?starters=all")
    page.get_by_role("button", name=re.compile("^(Use this one|Usa questa) ?: (Abandoned|Carrello)")).click()
    page.wait_for_url("**/automations/*?done=made")


def steps(page: Page) -> list[str]:
    """What is done, in order."""
    return page.locator(".step > .head > .says > .sentence").all_inner_texts()


def test_an_abandoned_cart_is_two_clicks_away(console: Console, world: World) -> None:
    """Made and activated; its drawing leads to its steps."""
    page = console()
    made(page, world)
    assert ["Waits 2 hours.", "Sends “Abandoned cart”."] == steps(page)
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/automations/*?done=activate")
    assert "Active" == page.locator(".head > .badge").inner_text()
    assert "active" == world.get("/api/automations/1")["status"]
    boxes = page.locator("svg.graph a.node")
    assert 5 == boxes.count()
    for box, target in (0, "#part-triggers-0"), (2, "#step-mail"), (4, "#part-exits-1"):
        boxes.nth(box).click()
        assert page.url.endswith(target)


def test_who_comes_in_is_counted_where_they_stand(console: Console, world: World) -> None:
    """Without loading the page anew; their way is told, and they are taken out."""
    page = console()
    made(page, world)
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/automations/*?done=activate")
    kim = {"email_id": "kim@mail.example"}
    send(world, event(0, "cart_updated", category="ecommerce", identifiers=kim, properties={"total": 80}))
    page.locator("svg.graph .here").wait_for()
    assert "1 here now" in page.locator("#step-wait").inner_text()
    page.get_by_role("link", name="In it now").click()
    page.get_by_role("link", name="The way").click()
    assert "Comes in: has updated the cart." in page.locator(".trail").inner_text()
    page.get_by_role("button", name="Take out").click()
    until(lambda: world.get("/api/automations/1/figures")["inside"] == 0, 15)
    page.reload()
    assert "Ended: taken out by hand" in page.locator(".trail").inner_text()


def test_the_drawing_tells_what_is_in_a_box(console: Console, world: World) -> None:
    """By its title, also to whoever cannot see it."""
    page = console(language="it")
    made(page, world)
    titles = page.locator("svg.graph a.node > title").all_text_contents()
    assert [
        "Quando qualcuno ha aggiornato il carrello.",
        "1. Aspetta 2 ore. 0 ora qui, 0 passati.",
        "2. Invia «Carrello abbandonato». 0 ora qui, 0 passati.",
        "Esce appena ha completato un ordine.",
        "Esce appena ha svuotato il carrello.",
    ] == titles


def test_what_another_event_carries_is_offered_at_once(console: Console, world: World) -> None:
    """As soon as it is chosen, before anything is sent."""
    page = console()
    made(page, world)
    open_screen(page, world, "/automations/1/edit?open=exits[0]")
    offered = "[...document.querySelectorAll('#of-properties option')].map((each) => each.value)"
    assert "starts_at" not in page.evaluate(offered)
    page.locator("select[name='f.kind']").select_option("meetings/meeting_booked")
    page.wait_for_function(f"{offered}.includes('starts_at')")


def test_the_list_fits_a_phone(console: Console, world: World) -> None:
    """Its table does not scroll sideways either."""
    page = console(width=390, language="it")
    made(page, world)
    open_screen(page, world, "/automations")
    table = page.locator(".table")
    assert 0 == table.evaluate("(it) => it.scrollWidth - it.clientWidth")


def test_a_step_is_changed_by_keyboard_alone(console: Console, world: World) -> None:
    """Opened, its number typed over, closed, saved; the focus stays where somebody works."""
    page = console()
    made(page, world)
    page.get_by_role("link", name="Edit").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    page.locator("#step-wait").focus()
    tab_to(page, "Change")
    page.keyboard.press("Enter")
    page.wait_for_selector("#here")
    tab_to(page, "How long")
    page.keyboard.press("Control+A")
    page.keyboard.type("5")
    tab_to(page, "Done")
    page.keyboard.press("Enter")
    page.wait_for_selector("#here", state="detached")
    assert "Waits 5 hours." == steps(page)[0]
    assert "Not saved yet" == page.locator(".head .badge").inner_text()
    page.get_by_role("button", name="Save").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**?done=saved")
    assert ["Waits 5 hours.", "Sends “Abandoned cart”."] == steps(page)
    assert 2 == world.get("/api/automations/1")["version"]


def test_enter_in_a_field_keeps_nothing_yet(console: Console, world: World) -> None:
    """It is taken over into the draft, which is still open."""
    page = console()
    made(page, world)
    open_screen(page, world, "/automations/1/edit?open=steps[0]")
    page.locator("input[name='f.span.n']").fill("9")
    page.keyboard.press("Enter")
    page.get_by_text("Waits 9 hours.").first.wait_for()
    assert 1 == world.get("/api/automations/1")["version"]


def test_steps_are_added_within_ways_by_mouse(console: Console, world: World) -> None:
    """A split, its case, a step on it; the fields of a condition are those of its kind."""
    filled(world)
    page = console()
    made(page, world)
    open_screen(page, world, "/automations/1/edit")
    page.locator("#steps > .adding > summary").click()
    page.locator("#steps > .adding").get_by_role("button", name="Split by condition").click()
    page.locator("#part-steps-2-cases-0-then").get_by_role("button", name="Change").click()
    name, segment = page.get_by_label("Name", exact=True).last, page.locator(".opened .of-segment select")
    name.fill("Best")
    assert not segment.is_visible()
    page.locator("select[name='f.when']").select_option("segment")
    assert segment.is_visible()
    page.get_by_role("button", name="Done").click()
    within = page.locator("#part-steps-2-cases-0-then > .adding")
    within.locator("summary").click()
    within.get_by_role("button", name="End here").click()
    page.get_by_text("Ends here.").first.wait_for()
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_url("**?done=saved")
    split = world.get("/api/automations/1")["definition"]["steps"][2]
    assert ("Best", [{"type": "exit", "id": "exit"}]) == (split["cases"][0]["name"], split["cases"][0]["then"])
    assert 7 == page.locator("svg.graph a.node").count()


def test_one_is_written_without_scripts(browser: Browser, world: World) -> None:
    """From nothing: a trigger, a wait, moved, saved; what is missing is said when it is activated."""
    filled(world)
    with browser.new_context(**profile(), java_script_enabled=False) as context:
        page = context.new_page()
        log_in(page, world)
        open_screen(page, world, "/automations")
        page.get_by_role("button", name="Begin from nothing").click()
        page.get_by_text("Add a trigger").click()
        page.get_by_role("button", name="An event", exact=True).first.click()
        page.locator("select[name='f.kind']").select_option("ecommerce/order_completed")
        page.get_by_role("button", name="Done").click()
        for kind in "Send a message", "Wait":
            page.locator("#steps > .adding > summary").click()
            page.locator("#steps > .adding").get_by_role("button", name=kind, exact=True).click()
        page.get_by_role("button", name="Move up step 2").click()
        page.get_by_role("button", name="Save").first.click()
        page.wait_for_url("**?done=saved")
        assert ["Waits 1 hour."] == steps(page)[:1]
        page.get_by_role("button", name="Activate").click()
        assert "It cannot be active like this" in page.locator("main [role=alert]").inner_text()
        assert "Choose a message." in page.locator("#step-send").inner_text()


def test_a_telephone_shows_the_drawing_from_its_beginning(console: Console, world: World) -> None:
    """The page does not scroll sideways, and the first box is within the window."""
    page = settled(console(width=390))
    made(page, world)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("svg.graph a.node > rect").first.bounding_box()
    assert box
    assert 0 <= box["x"] <= 390 - box["width"]
