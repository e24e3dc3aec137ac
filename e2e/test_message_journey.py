"""From a program's call to the person's timeline: a mail is asked for, read, followed, left; each step is an event."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.conftest import Visitor
from e2e.mailbox import call, home, news
from e2e.world import World
from tests.killed.wait import until


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A demo, which sends to itself."""
    world = World(tmp_path, flags=("--demo",))
    yield world
    world.close()


def keys(world: World, contact: int) -> list[str]:
    """What happened to the person, sorted."""
    return sorted(event["key"] for event in world.get(f"/api/contacts/{contact}/timeline", limit=100)["events"])


def test_a_mail_is_sent_read_followed_and_left(visitor: Visitor, world: World) -> None:
    """It appears while one looks; reading it is one opening; its link leads to the shop, where the browser is known
    from then on; one click leaves."""
    message = news(world)
    page = visitor().new_page()
    page.goto(home(world, "/demo/mailbox"))
    page.wait_for_selector("#none:not([hidden])")
    to = [{"email": "ada@mail.example", "name": "Ada"}]
    call(world, "POST", "/v3/smtp/email", {"templateId": message, "to": to})
    page.click(".letter")
    page.frame_locator("#narrow").locator("h1").wait_for()
    page.click("#dark")
    with page.expect_popup() as opened:
        page.frame_locator("#wide").locator("a >> nth=0").click()
    shop = opened.value
    shop.wait_for_url("**/demo/product?id=cengia-boots")
    assert "_sl" not in shop.url
    page.click("#leave-go")
    page.wait_for_selector("#left:text-is('Done.')")
    (ada,) = until(lambda: world.get("/api/contacts", email_id="ada@mail.example")["contacts"], 20, rest=world.rest)
    steps = ["Clicked", "Delivered", "Opened", "Sent", "Unsubscribed", "page_visited", "product_viewed"]
    until(lambda: set(steps) <= set(keys(world, ada["id"])), 20, lambda: str(keys(world, ada["id"])), rest=world.rest)
    found = keys(world, ada["id"])
    assert [1] * len(steps) == [found.count(step) for step in steps], found
    (left,) = world.get("/api/messages/suppressions")["suppressions"]
    assert ("ada@mail.example", "marketing", "unsubscribed") == (left["address"], left["scope"], left["reason"])


def test_an_sms_comes_to_the_telephone(visitor: Visitor, world: World) -> None:
    """With its link, which is followed as that of a mail."""
    text = f"Your boots: {home(world, '/demo/cart')}"
    message = call(
        world, "POST", "/api/messages", {"name": "SMS", "channel": "sms", "purpose": "marketing", "text": text}
    )
    call(world, "POST", f"/api/messages/{message['id']}/send", {"to": "+390437123456"})
    page = visitor().new_page()
    page.goto(home(world, "/demo/mailbox"))
    page.click(".letter")
    with page.expect_popup() as opened:
        page.click("#bubbles a")
    opened.value.wait_for_url("**/demo/cart")
    (click,) = until(lambda: world.get("/api/events", key="Clicked", bots="include")["events"], 20, rest=world.rest)
    assert ("marketing_sms", home(world, "/demo/cart")) == (click["category"], click["properties"]["url"])


def test_a_mail_does_nothing_in_the_mailbox(visitor: Visitor, world: World) -> None:
    """Its scripts do not run, its forms do not send, and nothing of the deployment is in its reach."""
    form = "<form action=/demo/mailbox/clear method=post><button>x</button></form>"
    html = f"<h1>Hi</h1><script>top.harmed = 1</script><img src=x onerror='top.harmed = 1'>{form}"
    mail = {"sender": {"email": "a@b.co"}, "to": [{"email": "c@d.co"}], "subject": "<b>x</b>", "htmlContent": html}
    call(world, "POST", "/v3/smtp/email", mail)
    page = visitor().new_page()
    page.goto(home(world, "/demo/mailbox"))
    page.click(".letter")
    frame = page.frame_locator("#narrow")
    frame.locator("h1").wait_for()
    assert "<b>x</b>" == page.text_content("#subject")
    frame.locator("button").click()
    page.click("[data-mode=text]")
    assert page.evaluate("window.harmed") is None
    assert 1 == world.get("/demo/mailbox/letters")["count"]


def test_the_mailbox_can_be_emptied(visitor: Visitor, world: World) -> None:
    """By a button."""
    mail = {"sender": {"email": "a@b.co"}, "to": [{"email": "c@d.co"}], "subject": "x", "htmlContent": "<p>x"}
    call(world, "POST", "/v3/smtp/email", mail)
    page = visitor().new_page()
    page.goto(home(world, "/demo/mailbox"))
    page.wait_for_selector(".letter")
    page.click("form button")
    page.wait_for_selector("#none:not([hidden])")
    assert 0 == world.get("/demo/mailbox/letters")["count"]
