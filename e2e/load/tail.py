"""Does the live tail keep a browser awake? /events open in Chromium while 500 events a second arrive.

The figure is the longest task of the page's main thread, as the browser itself reports it (`longtask`: those of 50 ms
and more); next to it, how many rows had come into the list.
"""

import asyncio
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from time import time_ns

from playwright.sync_api import Page, sync_playwright

from collector.access.login import Logins, ensure_admin
from collector.process.clock import wall_clock
from collector.store.sqlite.definitions.users import SqliteUsers
from e2e.conftest import FLAGS, chromium
from e2e.load.accept import singles, tokens_of
from e2e.load.client import Connection
from e2e.load.console import PASSWORD
from e2e.load.deployment import DRAIN_S, Folder, serving
from e2e.load.figure import Figure, Limit
from e2e.load.traffic import ID, NEW_SHARE, uuid7

PER_SECOND, SECONDS = 500, 20
CONNECTIONS, VISITORS = 16, 500
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
    with serving(folder, worker=True) as server:
        templates = singles(server.port, asyncio.run(tokens_of(server.port, VISITORS)), new_share=NEW_SHARE)
        folder.drained(DRAIN_S)
        longest, rows = _watched(server.port, templates)
    folder.close()
    return [
        Figure(
            name="tail_longest_task", what=f"tail: longest task of the tab at {PER_SECOND} events/s", figure=longest,
            unit="ms", limit=Limit("at most", 200), ids="uuidv7", batch=1, worker=True, runs=[longest],
            details={"seconds": SECONDS, "rows": rows, "0_ms": "no task took 50 ms or more"},
        )
    ]  # fmt: skip


def _watched(port: int, templates: Sequence[bytes]) -> tuple[float, int]:
    """(the longest task in ms, rows in the list at the end)."""
    with sync_playwright() as playwright, ThreadPoolExecutor(1) as beside:  # Playwright has this thread's loop
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = _opened(browser.new_page(), port)
        before = page.locator("[data-id]").first.get_attribute("data-id")
        sending = beside.submit(lambda: asyncio.run(_send(port, templates)))
        while not sending.done():
            page.wait_for_timeout(200)
        sending.result()
        page.wait_for_timeout(AT_REST_MS)
        rows = page.locator("[data-row]").count()
        assert before != page.locator("[data-id]").first.get_attribute("data-id"), "no row came in: nothing is measured"
        longest = page.evaluate("window.longest")
        browser.close()
        return longest, rows


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
    """Evenly spaced, each with an id of its own; one that finds no connection free waits for it."""
    loop, chance = asyncio.get_running_loop(), random.Random()
    free = asyncio.Queue[Connection]()
    for _ in range(CONNECTIONS):
        free.put_nowait(await Connection.open(port))
    start, source = loop.time(), cycle(templates)
    async with asyncio.TaskGroup() as senders:
        for number in range(PER_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, start + number / PER_SECOND - loop.time()))
            request = next(source).replace(ID.encode(), uuid7(time_ns() // 1_000_000, chance).encode())
            senders.create_task(_one(free, request))


async def _one(free: asyncio.Queue[Connection], request: bytes) -> None:
    connection = await free.get()
    status, answer = await connection.send(request)
    assert status == 202, answer
    free.put_nowait(connection)
