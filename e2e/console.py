"""How does a test come into the console? By the link of the first start, as whoever deploys it would."""

import re

from playwright.sync_api import Page

from e2e.world import World
from tests.killed.wait import until

PASSWORD = "una password lunga"

_ONCE = re.compile(r"/login\?once=\S+")
_NOTED = """document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  (window.violations ??= []).push(`${violatedDirective} ${blockedURI}`))"""


def log_in(page: Page, world: World) -> None:
    """As admin; the page notes from now on what its policy refuses."""
    found = until(lambda: _ONCE.search(world.deployment.output), 10.0)
    page.add_init_script(_NOTED)
    page.goto(f"http://localhost:{world.port}{found[0]}")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def open_screen(page: Page, world: World, path: str) -> None:
    """Go to a screen of the console."""
    page.goto(f"http://localhost:{world.port}{path}")


def violations(page: Page) -> list[str]:
    """What the page's policy has refused since it was opened."""
    found: list[str] = page.evaluate("window.violations ?? []")
    return found
