"""Whoever follows a link of a mail, in a real browser: preferences and a double opt-in, with and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from e2e.conftest import Visitor
from e2e.console import violations
from e2e.mailbox import call, letters, news
from e2e.website import Website
from e2e.world import World
from tests.killed.wait import until

NOTES = """addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  (window.violations ??= []).push(`${violatedDirective} ${blockedURI}`))"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A demo, which sends to itself."""
    world = World(tmp_path, flags=("--demo",))
    yield world
    world.close()


def preferences(world: World) -> str:
    """The link at the end of a mail that Ada has got."""
    call(world, "POST", "/api/lists", {"name": "News"})
    call(world, "POST", "/api/contacts", {"identifiers": {"email_id": "ada@mail.example"}, "lists": ["News"]})
    message = news(world)
    call(world, "POST", "/v3/smtp/email", {"templateId": message, "to": [{"email": "ada@mail.example"}]})
    (mail,) = letters(world, 1)
    found = re.search(r"http://\S+/u/[\w.-]+", mail["text"])
    assert found
    return found[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_preferences_need_no_script(visitor: Visitor, world: World, scripts: bool) -> None:
    """Leave, come back, leave a list, say a name; each with one button, and by keyboard too."""
    page = visitor(java_script_enabled=scripts, locale="en-GB").new_page()
    page.goto(preferences(world))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**?done=left")
    page.click("text=I want them again")
    page.wait_for_url("**?done=again")
    page.check("[name=list_1]")
    page.click("text=Leave the ticked lists")
    page.wait_for_url("**?done=lists")
    page.fill("[name=first_name]", "Ada")
    page.click("text=Save")
    page.wait_for_url("**?done=profile")
    (ada,) = world.get("/api/contacts", email_id="ada@mail.example")["contacts"]
    assert ([], {"FIRSTNAME": "Ada"}) == (ada["lists"], ada["attributes"])
    assert [] == world.get("/api/messages/suppressions")["suppressions"]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_and_keeps_to_its_policy(visitor: Visitor, world: World, width: int) -> None:
    """Nothing is refused, nothing stands beyond the edge."""
    page = visitor(viewport={"width": width, "height": 800}).new_page()
    page.add_init_script(NOTES)
    page.goto(preferences(world))
    assert width >= page.evaluate("document.documentElement.scrollWidth")
    assert [] == violations(page)


def test_a_double_opt_in_leads_back_to_the_website(visitor: Visitor, website: Website, world: World) -> None:
    """From the form by the mail and its button to the page that the shop wanted, on another origin."""
    website.put("/thanks", "<h1>Welcome</h1>")
    call(world, "POST", "/api/lists", {"name": "News"})
    html = "<a href='{{ doubleoptin }}'>yes</a>"
    message = call(world, "POST", "/api/messages", {"name": "Sure", "subject": "Sure?", "html": html})
    asked = {"includeListIds": [1], "templateId": message["id"], "redirectionUrl": website.url("/thanks?from=mail")}
    call(world, "POST", "/v3/contacts/doubleOptinConfirmation", {"email": "kim@mail.example", **asked})
    (mail,) = letters(world, 1)
    found = re.search(r"http://\S+/confirm", mail["text"])
    assert found
    page: Page = visitor().new_page()
    page.goto(found[0])
    page.click("button")
    page.wait_for_url("**/thanks?from=mail")
    (kim,) = until(lambda: world.get("/api/contacts", email_id="kim@mail.example")["contacts"], 20, rest=world.rest)
    assert ["News"] == kim["lists"]
