"""What does a browser visit? A website of the tests' own: pages that embed the script tag, and the demo shop.

A real server on a real port, in a thread; `*.localhost` leads to it under every name. It is no part of what is tested.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from collector.demo import shop
from tests.killed.wait import until

STUB = "window.sentiero = window.sentiero || [];"


class Website:
    """Pages by path, put there by the tests."""

    def __init__(self, collector: str, key: str) -> None:
        """collector: its origin, as pages name it."""
        self.collector, self.key = collector, key
        self.port = 0
        self._pages: dict[str, Response] = {}
        shown = shop.Embedded(key, collector, "/tracker.js")
        self.app = Starlette(routes=[*shop.routes(lambda: shown), Route("/{path:path}", self._get)])

    def put(self, path: str, body: str = "", **given: str) -> None:
        """A page; given: as `html`."""
        self._pages[path] = HTMLResponse(self.html(body, **given))

    def put_raw(self, path: str, html: str, *, headers: Mapping[str, str]) -> None:
        """A page as it is given."""
        self._pages[path] = HTMLResponse(html, headers=headers)

    def html(self, body: str, *, title: str = "A page", early: str = "", attributes: str = "", tag: str = "") -> str:
        """early: calls before the script. attributes: of the script tag. tag: another tag in its place."""
        script = f'<script async src="{self.collector}/tracker.js" data-key="{self.key}" {attributes}></script>'
        return (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><link rel=icon href=data:,>"
            f"<script>{STUB}{early}</script>{tag or script}<body>{body}"
        )

    async def _get(self, request: Request) -> Response:
        """A page, or a file of one line."""
        path = request.url.path
        if path in self._pages:
            return self._pages[path]
        return Response("a file", media_type="application/octet-stream" if "." in path else "text/plain")

    def open(self, page: Page, path: str) -> Page:
        """Go there, and wait until the tracker is at work. Returns the page."""
        page.goto(self.url(path))
        until(lambda: page.evaluate("!Array.isArray(window.sentiero)"), 15)  # wait_for_function would need an eval
        return page

    def url(self, path: str, host: str = "www.shop.localhost") -> str:
        """The address of a page."""
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(website: Website) -> Iterator[Website]:
    """The website, listening."""
    config = uvicorn.Config(website.app, port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="website", daemon=True)
    thread.start()
    until(lambda: server.started, 10)
    website.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield website
    finally:
        server.should_exit = True
        thread.join()
