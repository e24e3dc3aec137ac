"""How does a test use the console with a browser? Logged in, and with an eye on what a page must never do.

The console is asked for at `localhost`, where browsers keep its cookie without https.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from playwright.sync_api import BrowserContext, Page, Request, Response

from e2e.world import World
from tests.killed.wait import until

PASSWORD = "una password lunga"
LINK = re.compile(r"/login\?once=[\w-]+")
REPORTS = "addEventListener('securitypolicyviolation', e => reportToTest(`${e.violatedDirective} ${e.blockedURI}`))"
NOTES = """addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  (window.violations ??= []).push(`${violatedDirective} ${blockedURI}`))"""
FAILED_LOAD = "Failed to load resource"  # Chromium's word also for a page that is a 404, which may be what is tested


class Console(Protocol):
    """A new browser in which the admin is logged in."""

    def __call__(self, *, width: int = 1280, height: int = 900, theme: str = "light", language: str = "en") -> Page:
        """Its first page, still blank. theme: light or dark. language: en or it."""


def address(world: World, path: str = "") -> str:
    """Where the console is."""
    return f"http://localhost:{world.port}{path}"


def profile(*, width: int = 1280, height: int = 900, theme: str = "light", language: str = "en") -> Mapping[str, Any]:
    """Options of a browser context."""
    locale = "it-IT" if language == "it" else "en-GB"
    return {"viewport": {"width": width, "height": height}, "color_scheme": theme, "locale": locale}


def log_in(page: Page, world: World) -> Page:
    """As admin: the first time by the link that serve has printed, then by that login's cookie. Returns the page,
    which notes from now on what its policy refuses."""
    page.add_init_script(NOTES)
    if not world.login:
        page.goto(address(world, link(world)))
        page.fill("input[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_selector("header nav")
        world.login = page.context.cookies(address(world))
    page.context.add_cookies(world.login)
    return page


def link(world: World) -> str:
    """The path of the link for the first login."""
    found = LINK.search(world.deployment.output)
    assert found, world.deployment.output
    return found[0]


def open_screen(page: Page, world: World, path: str) -> None:
    """Go to a screen of the console."""
    page.goto(address(world, path))


def violations(page: Page) -> list[str]:
    """What the page's policy has refused since it was opened; a page of the fixture `console` needs not ask."""
    found: list[str] = page.evaluate("window.violations ?? []")
    return found


class Witness:
    """What happened in a browser that must not: `faults`, one line each."""

    def __init__(self, context: BrowserContext, world: World) -> None:
        self.faults: list[str] = []
        self._home = address(world, "/")
        context.expose_binding("reportToTest", lambda _, report: self.faults.append(f"policy: {report}"))
        context.add_init_script(REPORTS)
        context.on("weberror", lambda error: self.faults.append(f"exception: {error.error}"))
        context.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("console", lambda said: self._hear(said.type, said.text))
        context.on("request", self._see)
        context.on("response", self._see_answer)

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(FAILED_LOAD):
            self.faults.append(f"console: {text}")

    def _see(self, request: Request) -> None:
        if not request.url.startswith(self._home):
            self.faults.append(f"request: {request.url}")

    def _see_answer(self, answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self.faults.append(f"{answer.status}: {answer.url}")


def settled(page: Page) -> Page:
    """The page, when its address has been loaded and no part of it is being changed."""
    page.wait_for_load_state()
    until(lambda: page.evaluate("!('busy' in document.body.dataset)"), 15)
    return page
