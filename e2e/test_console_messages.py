"""Messages in a browser: from nothing by a starter to a saved one, seen with a real order, tried; and never acting."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page

from e2e.console import Console, Witness, address, log_in, open_screen, profile
from e2e.filled import event, post, send
from e2e.test_console_probes import PROBES
from e2e.world import World
from tests.fixtures.mail_server import MailServer, Received
from tests.killed.wait import until

BUYER = {"email_id": "gina@mail.example"}
ITEMS = [{"name": "Cengia boots", "price": 189, "quantity": 1}, {"name": "Bosco socks", "price": 18.5, "quantity": 2}]
REFUSED = re.compile(r"^console: (Blocked (script execution|form submission)|Running the JavaScript URL violates)")
ORDER = {"total": 226, "currency": "EUR", "items": ITEMS, "url": "https://shop.example/orders/1"}


@pytest.fixture(scope="module")
def mails() -> Iterator[MailServer]:
    """Where messages go."""
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, mails: MailServer) -> Iterator[World]:
    """A deployment that can send, where Gina bought something."""
    folder = tmp_path_factory.mktemp("world")
    account = f"smtp://127.0.0.1:{mails.port}?from=shop@shop.example&final=1&starttls=off"
    (folder / "sentiero.toml").write_text(f'smtp = "{account}"\ndelivery_networks = "127.0.0.0/8"\n')
    world = World(folder)
    bought = event(5, "order_completed", category="ecommerce", identifiers=BUYER, properties=ORDER)
    send(world, {**bought, "contact_properties": {"FIRSTNAME": "Gina"}, "object": {"type": "order", "id": "S-7"}})
    until(lambda: world.events(key="order_completed"), 20)
    yield world
    world.close()


def shown(page: Page) -> FrameLocator:
    """The message that stands beside the form."""
    return page.frame_locator("[data-stage] iframe:not([data-coming])")


def wait_for(page: Page, text: str) -> None:
    """Until the message says so."""
    shown(page).get_by_text(text).first.wait_for()


def test_a_message_is_begun_written_and_tried(console: Console, world: World, mails: MailServer) -> None:
    """By a starter from the empty list; the order that was placed is seen; a fault leads to its line; a variable that
    was mistyped is taken over; the test arrives."""
    page = console()
    open_screen(page, world, "/messages")
    page.click("a[href='/messages/new?start=order']")
    wait_for(page, "Cengia boots")
    page.fill("[name=subject]", "Thanks, {{ contact.FIRSTNAM }}")
    page.get_by_role("button", name="contact.FIRSTNAME", exact=True).click()
    page.locator(".inbox").get_by_text("Thanks, Gina").wait_for()
    assert "Thanks, {{ contact.FIRSTNAME }}" == page.input_value("[name=subject]")
    page.click("text=Save")
    page.wait_for_selector("text=Saved.")
    page.fill("[name=to]", "me@team.example")
    page.click("text=Send the test")

    def tried() -> list[Received]:
        return [one for one in mails.received if "me@team.example" in one.recipients]

    until(tried, 15, rest=lambda: page.wait_for_timeout(20))
    assert "Thanks, Gina" == tried()[0].message["subject"], "as it would be for her"
    body = tried()[0].message.get_body(("html",))
    assert body
    assert "Cengia boots" in body.get_content()
    page.locator("#came").get_by_text("sent").wait_for()


def test_a_test_is_for_whoever_was_typed(console: Console, world: World, mails: MailServer) -> None:
    """At once: nobody has to wait until the page shows them."""
    for name in "Rita", "Sara":
        who = {"identifiers": {"email_id": f"{name.lower()}@mail.example"}, "contact_properties": {"FIRSTNAME": name}}
        send(world, event(7, "identified", category="contact", **who))
    until(lambda: len(world.get("/api/contacts", q="sara@")["contacts"]) == 1, 20)
    id = post(world, "/api/messages", {"name": "Typed", "subject": "For {{ contact.FIRSTNAME }}", "html": "x"})["id"]
    page = console()
    open_screen(page, world, f"/messages/{id}")
    page.fill(".looks [name=who]", "rita@mail.example")
    page.locator("[data-shown-for]").get_by_text("Rita").wait_for()
    page.fill(".looks [name=who]", "sara@mail.example")
    page.fill("#sending [name=to]", "typed@team.example")
    page.click("text=Send the test")
    page.locator("#came").get_by_text("typed@team.example").wait_for()

    def subjects() -> list[str]:
        return [one.message["subject"] for one in mails.received if "typed@team.example" in one.recipients]

    until(subjects, 15, rest=lambda: page.wait_for_timeout(20))
    assert ["For Sara"] == subjects()


def test_a_fault_leads_to_its_line_and_pieces_to_the_cursor(console: Console, world: World) -> None:
    """By the keyboard as far as it goes: Tab indents, Escape leaves."""
    page = console()
    open_screen(page, world, "/messages/new?event=ecommerce/order_completed")
    page.fill("[name=name]", "By hand")
    page.fill("[name=subject]", "An order")
    page.check("[name=format][value=html]")
    page.fill("[name=body]", "<p>One</p>\n{{ event.total|nope }}\n")
    page.locator("#faults a", has_text="html, line 2").click()
    assert "{{ event.total|nope }}" == page.evaluate("getSelection().toString()")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    assert "<p>One</p>\n  \n" == page.input_value("[name=body]")
    page.locator("#palette button", has_text="for item in event.items").click()
    assert "for item in event.items" in page.input_value("[name=body]")
    wait_for(page, "Bosco socks")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert "body" != page.evaluate("document.activeElement.name")


def test_the_preview_follows_what_is_chosen(console: Console, world: World) -> None:
    """Telephone and text; the browser's way back leads out of the page, not through previews."""
    page = console()
    open_screen(page, world, "/messages")
    open_screen(page, world, "/messages/new?start=order")
    wait_for(page, "Cengia boots")
    page.check("[name=view][value=phone]")
    assert 375 == page.locator("[data-stage]").evaluate("box => box.clientWidth")
    page.check("[name=view][value=text]")
    shown(page).locator("pre").wait_for()
    page.go_back()
    page.wait_for_url(address(world, "/messages"))


def test_a_message_is_written_without_scripts(browser: Browser, world: World) -> None:
    """The form, its check, the preview in its frame, saving, the test."""
    with browser.new_context(**profile(), java_script_enabled=False) as context:
        page = context.new_page()
        scripted = browser.new_context(**profile())
        log_in(scripted.new_page(), world)
        scripted.close()
        context.add_cookies(world.login)
        page.goto(address(world, "/messages/new?start=order"))
        page.click("text=Show it here")
        page.frame_locator("iframe[name=shown]").get_by_text("Cengia boots").wait_for()
        page.fill("[name=name]", "Without scripts")
        page.fill("[name=subject]", "{{ contact")
        page.click("text=Check, without saving")
        page.wait_for_selector("#faults")
        page.fill("[name=subject]", "Yours")
        page.click("text=Save")
        page.wait_for_selector("text=Saved.")
        page.frame_locator("[data-stage] iframe").get_by_text("Cengia boots").wait_for()
        page.fill("[name=to]", "plain@team.example")
        page.fill("#sending [name=who]", "nobody@")
        page.click("text=Send the test")
        page.wait_for_selector("text=No contact is known by that.")
        page.fill("#sending [name=who]", "gina@mail.example")
        page.click("text=Send the test")
        page.wait_for_selector("#came >> text=plain@team.example")
        assert "Gina" == page.inner_text("[data-shown-for]")
    names = [one["name"] for one in world.get("/api/messages")["messages"]]
    assert 1 == names.count("Without scripts"), "others are kept by the tests beside it"
    recipients = [one["recipient"] for one in world.get("/api/messages/outbox")["deliveries"]]
    assert 1 == recipients.count("plain@team.example")


def test_nothing_of_a_message_acts(browser: Browser, world: World) -> None:
    """Neither what the team writes nor what strangers are called, while one writes and once it was sent: all
    that a witness hears is that the sandbox refused."""
    probe = "".join(
        text for name, text in PROBES.items() if "host" not in name and "{{" not in text and "\t" not in text
    )
    order = {**ORDER, "items": [{"name": probe, "price": 1, "quantity": 1}], "url": "javascript:alert(1)"}
    who = {"email_id": "mallory@mail.example"}
    bought = event(9, "order_completed", category="ecommerce", identifiers=who, properties=order)  # not the newest
    send(world, {**bought, "contact_properties": {"FIRSTNAME": probe}})
    until(lambda: len(world.events(key="order_completed")) == 2, 20)
    hostile = (
        "<script>parent.alert(1)</script><img src='data:,' onerror='top.alert(1)'><svg onload=alert(1)></svg>"
        "<a id=a href='javascript:alert(1)'>link</a><form action='/logout' method=post><button>go</button></form>"
        "<p>{{ contact.FIRSTNAME }}{% for item in event.items %}{{ item.name }}{% endfor %}</p><b>end</b>"
    )
    writing = {
        "subject": "{{ contact.FIRSTNAME }}",
        "html": hostile,
        "event": {"category": "ecommerce", "key": "order_completed"},
    }
    id = post(world, "/api/messages", {"name": "Hostile", "purpose": "sales", **writing})["id"]
    with browser.new_context(**profile()) as context:
        witness = Witness(context, world)
        page = log_in(context.new_page(), world)
        ((contact,),) = ([one["id"] for one in world.get("/api/contacts", q="mallory@")["contacts"]],)
        open_screen(page, world, f"/messages/{id}?contact={contact}")
        wait_for(page, "end")
        shown(page).get_by_text("link").click()
        shown(page).get_by_text("go", exact=True).click()
        page.type("[name=preheader]", "{{ contact.FIRSTNAME }}")
        page.locator(".inbox").get_by_text("<details open").first.wait_for()
        page.fill("[name=whom]", "mallory@mail.example")
        page.get_by_role("button", name="Send", exact=True).click()
        page.locator("#came").get_by_text("sent").wait_for()
        page.click("#came a")
        page.frame_locator(".stage iframe").first.get_by_text("end").wait_for()
        assert address(world) in page.url
        open_screen(page, world, f"/contacts/{contact}")
        open_screen(page, world, "/messages/outbox")
        assert address(world, "/messages/outbox") == page.url
        assert [] == [fault for fault in witness.faults if not REFUSED.search(fault)]
        assert [True] == list({bool(REFUSED.search(fault)) for fault in witness.faults})
