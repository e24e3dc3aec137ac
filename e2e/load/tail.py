"""Does the live tail keep a browser awake? /events open in Chromium while 500 events a second arrive.

The figure is the longest task of the page's main thread, as the browser itself reports it (`longtask`: those of 50 ms
and more); next to it, how many rows had come into the list.
"""

import asyncio
import random
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from time import time_ns

from playwright.sync_api import Page, sync_playwright

from collector.access.login import Logins, ensure_admin
from collector.app import wall_clock
from collector.store.sqlite.users import SqliteUsers
from e2e.conftest import FLAGS, chromium
from e2e.load.accept import singles, tokens_of
from e2e.load.client import Connection
from e2e.load.console import PASSWORD
from e2e.load.deployment import DRAIN_S, Folder, serving
from e2e.load.figure import Figure, Limit
from e2e.load.traffic import ID, NEW_SHARE, uuid7

PER_SECOND, SECONDS = 500, 20
CONNECTIONS = 16
AT_REST_MS = 2_000

_WATCH = """() => {
  window.longest = 0;
  new PerformanceObserver((seen) => {
    for (const task of seen.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: "longtask" });
}"""


def measure(scratch: Path) -> list[Figure]:
    """One browser, one tab, the list at its top."""
    folder = Folder(scratch / "tail")
    users = SqliteUsers(folder.path / "store.db")
    ensure_admin(Logins(users), PASSWORD, now=wall_clock())
    users.close()
    with serving(folder, worker=True) as server, sync_playwright() as playwright:
        templates = singles(server.port, asyncio.run(tokens_of(server.port)), new_share=NEW_SHARE)
        folder.drained(DRAIN_S)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = _opened(browser.new_page(), server.port)
        before = page.locator("[data-row]").first.inner_text()
        asyncio.run(_send(server.port, templates))
        page.wait_for_timeout(AT_REST_MS)
        longest, rows = page.evaluate("window.longest"), page.locator("[data-row]").count()
        assert before != page.locator("[data-row]").first.inner_text(), "no row came in: nothing was measured"
        browser.close()
    folder.close()
    return [
        Figure(
            name="tail_longest_task", what=f"tail: longest task of the tab at {PER_SECOND} events/s", figure=longest,
            unit="ms", limit=Limit("at most", 200), ids="uuidv7", batch=1, worker=True, runs=[longest],
            details={"seconds": SECONDS, "rows": rows, "0_ms": "no task took 50 ms or more"},
        )
    ]  # fmt: skip


def _opened(page: Page, port: int) -> Page:
    page.goto(f"http://localhost:{port}/login")
    page.fill("[name=name]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"http://localhost:{port}/*")
    page.goto(f"http://localhost:{port}/events")
    page.evaluate(_WATCH)
    return page


async def _send(port: int, templates: Sequence[bytes]) -> None:
    """Evenly spaced, each with an id of its own."""
    loop, chance = asyncio.get_running_loop(), random.Random()
    connections = [await Connection.open(port) for _ in range(CONNECTIONS)]
    start, source = loop.time(), cycle(templates)
    async with asyncio.TaskGroup() as senders:
        for number in range(PER_SECOND * SECONDS // CONNECTIONS):
            await asyncio.sleep(max(0.0, start + number * CONNECTIONS / PER_SECOND - loop.time()))
            for connection in connections:
                request = next(source).replace(ID.encode(), uuid7(time_ns() // 1_000_000, chance).encode())
                senders.create_task(_one(connection, request))
    for connection in connections:
        connection.close()


async def _one(connection: Connection, request: bytes) -> None:
    status, answer = await connection.send(request)
    assert status == 202, answer
