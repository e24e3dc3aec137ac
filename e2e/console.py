"""How does a test use the console with a browser? Logged in, at `localhost`, where its cookie needs no https."""

import re

from playwright.sync_api import Page

from e2e.world import World

PASSWORD = "una password lunga"
LINK = re.compile(r"/login\?once=[\w-]+")


def address(world: World, path: str = "") -> str:
    """Where the console is."""
    return f"http://localhost:{world.port}{path}"


def log_in(page: Page, world: World) -> Page:
    """As admin, by the link that serve has printed. Returns the page."""
    page.goto(address(world, link(world)))
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_selector("header nav")
    return page


def link(world: World) -> str:
    """The path of the link for the first login."""
    found = LINK.search(world.deployment.output)
    assert found, world.deployment.output
    return found[0]
