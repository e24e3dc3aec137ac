"""What does an end-to-end test get? A world of its own, and browsers whose visitors have never been there before."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from e2e.console import Console, Witness, log_in, profile
from e2e.website import Website, serving
from e2e.world import World
from tests.killed.process import WRITE_KEY
from tests.killed.wait import rest

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
"""Of the whole browser: a context's own is not that of its beacons, and HeadlessChrome is a bot."""
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()

Visitor = Callable[..., BrowserContext]
"""A new browser profile; options as Playwright's new_context takes them."""


def chromium() -> str | None:
    """The system's Chromium, else None: Playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, f"--user-agent={AGENT}"])
        yield browser
        browser.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A collector on an empty folder, up."""
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def website(world: World) -> Iterator[Website]:
    """A website with the script tag, on www.shop.localhost; the collector is on t.shop.localhost: the same site."""
    with serving(Website(world.collector, WRITE_KEY)) as website:
        website.put("/", "<h1>Home</h1>", title="Home")
        yield website


@pytest.fixture
def visitor(browser: Browser, world: World) -> Iterator[Visitor]:
    """Browser profiles, closed at the end of the test; then the collector must hold what was expected, and no more."""
    open_: list[BrowserContext] = []
    errors: list[str] = []

    def new(**options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        open_.append(context)
        return context

    def rest_a_moment() -> None:
        """Playwright's callbacks run only while Playwright waits."""
        pages = [page for context in open_ for page in context.pages]
        pages[-1].wait_for_timeout(20) if pages else rest()

    world.rest = rest_a_moment
    yield new
    world.rest = rest
    for context in open_:
        context.close()
    assert [] == errors, "an exception on the page"
    world.check_again()


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """A page of a new visitor."""
    return visitor().new_page()


@pytest.fixture
def console(browser: Browser, world: World) -> Iterator[Console]:
    """Browsers of the admin; whatever a page of the console must never do fails the test at its end."""
    seen: list[tuple[BrowserContext, Witness]] = []

    def new(**options: Any) -> Page:
        context = browser.new_context(**profile(**options))
        context.set_default_timeout(15_000)
        seen.append((context, Witness(context, world)))
        return log_in(context.new_page(), world)

    yield new
    for context, _ in seen:
        context.close()
    assert [] == [fault for _, witness in seen for fault in witness.faults]
