"""Segments in a browser: built by mouse, by keyboard alone, without scripts; counted while one writes; tested;
paused, and their history read."""

import re
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from e2e.console import Console, address, log_in, open_screen, profile, settled
from e2e.filled import ANNA, event, filled, post, send
from e2e.test_console_probes import PROBES
from e2e.world import World
from tests.killed.wait import until

MANY_TABS = 80


def condition(page: Page, number: str = "1") -> Locator:
    """A condition of the builder, by its number."""
    return page.get_by_role("group", name=re.compile(f"^(Condition|Condizione) {re.escape(number)}$"))


def choice(page: Page, name: str, number: str = "1") -> Locator:
    """A field of a condition in which something is chosen."""
    return condition(page, number).get_by_role("combobox", name=name, exact=True)


def wait_for_count(page: Page, count: int) -> None:
    """Until so many are said to be in it."""
    until(lambda: page.locator(f"#preview [data-number='{count}']").count() == 1, 15, lambda: preview(page))


def preview(page: Page) -> str:
    """What the page says beside the form."""
    return page.inner_text("#preview")


def built(page: Page) -> None:
    """Wait for the fields."""
    page.locator("[data-fields] select").first.wait_for()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has that name has the focus."""
    told = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
    for _ in range(MANY_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(told).startswith(name):
            return
    raise AssertionError(f"no {name!r} within {MANY_TABS} steps")


def test_a_segment_is_built_by_mouse(console: Console, world: World) -> None:
    """Event, property with a value that came, sentence and count while one chooses; saved, listed, counted."""
    filled(world)
    page = console()
    open_screen(page, world, "/segments")
    page.click("text=New segment")
    built(page)
    page.get_by_label("Name").fill("Full carts")
    choice(page, "Event").select_option(label="Cart updated")
    wait_for_count(page, 1)
    assert "Everyone who updated the cart." in preview(page)
    condition(page).get_by_text("+ property").click()
    field = choice(page, "Property")
    offered = f"#{field.get_attribute('list')}".replace(":", "\\:").replace(".", "\\.")
    offered = offered.replace("[", "\\[").replace("]", "\\]")
    until(lambda: page.locator(f"{offered} option[value=total]").count() == 1, 15)
    field.fill("total")
    field.press("Tab")
    choice(page, "Comparison").select_option(label="more than")
    condition(page).get_by_role("spinbutton", name="Value").fill("1000")
    wait_for_count(page, 0)
    condition(page).get_by_role("spinbutton", name="Value").fill("100")
    wait_for_count(page, 1)
    assert re.search(r"counted in \d+ ms", preview(page))
    assert "Anna Bianchi" in preview(page)
    page.click("text=Save")
    page.wait_for_url("**/segments/*?done=saved")
    assert page.locator("#members").get_by_text("Anna Bianchi").first.is_visible()
    open_screen(page, world, "/segments")
    until(lambda: page.locator("tbody td").last.inner_text() == "1", 15)


def test_a_segment_is_built_by_keyboard(console: Console, world: World) -> None:
    """Two conditions in a group, one of them turned round, one removed and brought back."""
    page = console()
    open_screen(page, world, "/segments/new")
    built(page)
    tab_to(page, "Name")
    page.keyboard.type("Known, no order")
    tab_to(page, "What is asked")
    page.keyboard.type("Identity")
    until(lambda: choice(page, "The contact").count() == 1, 15)
    tab_to(page, "Add a group")
    page.keyboard.press("Enter")
    tab_to(page, "Not")
    tab_to(page, "What is asked")
    page.keyboard.type("Consent")
    until(lambda: choice(page, "Consent", "2.1").count() == 1, 15)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    until(lambda: "who is identified, and who has not given consent" in preview(page), 15, lambda: preview(page))
    tab_to(page, "✕")
    page.keyboard.press("Enter")
    until(lambda: "An empty group" in page.inner_text("[data-fields]"), 15)
    assert "Undo" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    until(lambda: "who has not given consent" in preview(page), 15, lambda: preview(page))
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    page.wait_for_url("**/segments/*?done=saved")
    assert page.get_by_text("Everyone who is identified, and who has not given consent.").is_visible()


def test_what_is_missing_is_said_beside_its_field(console: Console, world: World) -> None:
    """And is gone when it is there; the fields follow the JSON, and the JSON the fields."""
    page = console()
    open_screen(page, world, "/segments/new")
    built(page)
    choice(page, "How often").select_option(label="exactly")
    event = choice(page, "Event")
    until(lambda: event.get_attribute("aria-invalid") == "true", 15)
    said = event.get_attribute("aria-describedby")
    assert "This is missing." == page.locator(f"#{said}").inner_text()
    event.select_option("website/page_visited")
    until(lambda: event.get_attribute("aria-invalid") is None, 15)
    page.click("summary")
    page.get_by_label("The question, in JSON").fill('{"type": "list", "name": "News"}')
    until(lambda: "who is on the list “News”" in preview(page), 15, lambda: preview(page))
    assert "News" == choice(page, "List").input_value()
    page.get_by_label("The question, in JSON").fill('{"type": "list"')
    until(lambda: "It is not JSON" in preview(page), 15, lambda: preview(page))


def test_fields_stay_where_they_are_while_somebody_writes(console: Console, world: World) -> None:
    """A number is known as one in the middle of a word; Tab goes to the next field, and the first click counts."""
    filled(world)
    page = console()
    open_screen(page, world, "/segments/new")
    built(page)
    choice(page, "Event").select_option("ecommerce/cart_updated")
    condition(page).get_by_text("+ property").click()
    choice(page, "Property").focus()
    page.keyboard.type("total")
    until(lambda: condition(page).get_by_role("spinbutton", name="Value").count() == 1, 15)
    page.keyboard.type("s")
    assert "totals" == choice(page, "Property").input_value()
    page.keyboard.press("Tab")
    assert choice(page, "Comparison").evaluate("one => one === document.activeElement")
    choice(page, "Property").fill("currency")
    condition(page).get_by_text("+ page").click()
    condition(page).get_by_role("textbox", name="Value").last.fill("/cart")
    assert '"value": "/cart"' in page.input_value("[name=where]")


def test_no_text_of_a_segment_acts(console: Console, world: World) -> None:
    """Probes as its name, in its conditions and in what is offered: all is text, in pages and in fields."""
    probes = list(PROBES.values())
    lists = [{"type": "list", "name": probe} for probe in probes]
    tests = [{"type": "attribute", "name": one, "test": {"op": "equals", "value": one}} for one in probes]
    body = {"name": probes[0], "where": {"type": "any", "of": [*lists, *tests]}}
    id = post(world, "/api/segments", body)["id"]
    send(
        world,
        event(1, "page_visited", identifiers={"email_id": "a@shop.example"}, contact_properties={"CITY": probes[0]}),
    )
    page = console()
    for path in "/segments", f"/segments/{id}", f"/segments/{id}?who={probes[0]}", f"/segments/{id}/edit":
        open_screen(page, world, path)
        assert probes[0] in settled(page).inner_text("main") or probes[0] in page.input_value("[name=name]")
    built(page)
    assert probes[0] == condition(page).get_by_role("combobox", name="List").input_value()


def test_each_kind_of_condition_has_fields(console: Console, world: World) -> None:
    """Chosen one after the other; none breaks the page, each is written down."""
    page = console()
    open_screen(page, world, "/segments/new")
    built(page)
    kinds = choice(page, "What is asked")
    for kind in kinds.locator("option").evaluate_all("options => options.map(option => option.value)"):
        kinds.select_option(kind)
        assert f'"type": "{kind}"' in page.input_value("[name=where]")
        for more in condition(page).locator("button", has_text=re.compile("^[+]")).all():
            if more.is_visible():
                more.click()


def test_a_contact_is_tested_and_finds_the_way_back(console: Console, world: World) -> None:
    """In Italian: yes or no, the event that made it so; from the page of the contact to the reason."""
    there = filled(world)
    page = console(language="it")
    open_screen(page, world, "/segments/new?from=cart")
    built(page)
    assert "Carrello abbandonato" == page.get_by_label("Nome").input_value()
    until(lambda: "Ogni contatto che ha aggiornato il carrello" in preview(page), 15, lambda: preview(page))
    page.click("text=Salva")
    page.wait_for_url("**/segments/*?done=saved")
    page.get_by_label("Numero, e-mail").fill(ANNA["email_id"])
    page.click("text=Prova >> nth=-1")
    settled(page).locator(".answers").wait_for()
    assert "Anna Bianchi non ne fa parte." in page.inner_text("#test")
    page.click(".answers a >> nth=0")
    page.wait_for_url("**/events/*")
    open_screen(page, world, "/segments")
    page.click("text=Carrello abbandonato")
    page.click("text=Modifica")
    built(page)
    condition(page).get_by_label("Non", exact=True).check()
    page.click("text=Salva")
    page.wait_for_url("**/segments/*?done=saved")
    open_screen(page, world, f"/contacts/{there.anna}")
    page.click("#segments >> text=Carrello abbandonato")
    page.locator(".answers").wait_for()
    assert "Anna Bianchi ne fa parte." in page.inner_text("#test")


def test_segments_work_without_scripts(browser: Browser, world: World) -> None:
    """The JSON is tried, its faults are listed, it is saved and counted; archived and taken back."""
    filled(world)
    with browser.new_context(**profile(), java_script_enabled=False) as context:
        page = log_in(context.new_page(), world)
        page.goto(address(world, "/segments/new?from=cart"))
        page.fill("[name=where]", '{"type": "event", "category": "ecommerce", "key": "cart_update"}')
        page.click("text=Try")
        assert "did you mean cart_updated?" in preview(page)
        page.fill("[name=where]", '{"type": "event", "category": "ecommerce", "key": "cart_updated"}')
        page.click("text=Try")
        assert "1 contact now" in preview(page)
        page.click("text=Save")
        assert "Everyone who updated the cart." in page.inner_text("main")
        page.goto(address(world, "/segments"))
        until(lambda: page.reload() and page.locator("tbody td").last.inner_text() == "1", 15)
        page.click("text=Abandoned cart")
        page.click("text=Archive")
        assert "archived" in page.inner_text(".head")
        page.click("text=Take back")
        assert "In use again." in page.inner_text("main")


def followed(world: World, name: str, **where: Any) -> int:
    """A segment of which the worker has asked everybody; its id."""
    id = int(post(world, "/api/segments", {"name": name, "where": where})["id"])
    until(lambda: world.get(f"/api/segments/{id}")["following"]["done"], 15)
    return id


def wait_for_text(page: Page, part: str, text: str) -> None:
    """Load anew until a part of the page has that text."""
    until(lambda: page.reload() and text in page.inner_text(part), 15, lambda: page.inner_text(part))


CAROL = {"email_id": "carol@shop.example"}


def test_a_segment_is_paused_by_keyboard(console: Console, world: World) -> None:
    """It says so, nobody comes in meanwhile; resumed, whoever belongs there does."""
    id = followed(world, "Known", type="identity", **{"is": "identified"})
    page = console()
    open_screen(page, world, f"/segments/{id}")
    tab_to(page, "Pause")
    page.keyboard.press("Enter")
    page.wait_for_url("**/segments/*?done=paused")
    assert "paused" in page.inner_text(".head")
    send(world, event(1, "page_visited", identifiers=CAROL))
    until(lambda: len(world.get("/api/contacts", email_id=CAROL["email_id"])["contacts"]) == 1, 15)
    page.reload()
    assert "stays as it was" in page.inner_text("#now")
    assert "Nobody at the moment." in page.inner_text("#members")
    tab_to(page, "Resume")
    page.keyboard.press("Enter")
    page.wait_for_url("**/segments/*?done=resumed")
    wait_for_text(page, "#members", "carol@shop.example")
    assert "Segment resumed" in page.inner_text("#history")
    open_screen(page, world, "/segments")
    assert "1" == page.locator("tbody td").last.inner_text()


def test_a_history_leads_to_events_and_contacts(console: Console, world: World) -> None:
    """By mouse: who came in by which event; the contact's page says since when."""
    id = followed(world, "Visitors", type="event", category="website", key="page_visited")
    page = console()
    send(world, event(0, "page_visited", identifiers=CAROL))
    open_screen(page, world, f"/segments/{id}")
    wait_for_text(page, "#history", "carol@shop.example enters")
    page.click("#history >> text=see the event")
    page.wait_for_url("**/events/*")
    page.go_back()
    page.click("#history >> text=carol@shop.example")
    page.wait_for_url("**/contacts/*")
    assert re.search(r"Visitors\s+: why\?\s+since \d+ \w+ \d{4}", page.inner_text("#segments"))


def test_a_difference_is_seen_before_it_is_saved(console: Console, world: World) -> None:
    """Chosen by mouse, then by keyboard: who would come and who would go; when it is saved, that is what happens."""
    send(world, event(1, "page_visited", identifiers=CAROL), event(1, "user_logged_in", identifiers=ANNA))
    until(lambda: len(world.get("/api/contacts")["contacts"]) == 2, 15)
    id = followed(world, "Visitors", type="event", category="website", key="page_visited")
    page = console()
    open_screen(page, world, f"/segments/{id}/edit")
    built(page)
    until(lambda: "nobody enters and nobody leaves" in preview(page), 15, lambda: preview(page))
    condition(page).get_by_label("Not", exact=True).check()
    until(lambda: "On saving, entering: 1, leaving: 1." in preview(page), 15, lambda: preview(page))
    condition(page).get_by_label("Not", exact=True).focus()
    page.keyboard.press("Space")
    until(lambda: "nobody enters and nobody leaves" in preview(page), 15, lambda: preview(page))
    page.keyboard.press("Space")
    until(lambda: "On saving, entering: 1, leaving: 1." in preview(page), 15, lambda: preview(page))
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    page.wait_for_url("**/segments/*?done=saved")
    wait_for_text(page, "#members", ANNA["email_id"])
    assert 2 == page.inner_text("#history").count("Question changed")
