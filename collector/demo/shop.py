"""How is the demo shop served? `GET /demo/…`, only with `--demo`: the files of `e2e/site/`.

In its pages `{{collector}}`, `{{tracker}}`, `{{key}}` and `{{clock}}` stand for the collector's origin, the script's
address, the site's write key, and where the demo's clock is. Under a strict Content-Security-Policy: whoever has one
can see that the tracker needs no more.
"""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

SITE = Path(__file__).parents[2] / "e2e" / "site"
"""Beside the package `collector`: in a checkout and in an installation alike."""

PREFIX = "/demo/"
SINGLE_PAGE = "story"  # its addresses are made by its script: all of them are this one page


class Embedded(NamedTuple):
    """What the pages embed. collector: its origin, "" for the one that serves them. tracker: the script's path.

    clock: its path, "" where there is none to be moved.
    """

    key: str
    collector: str
    tracker: str
    clock: str = ""


def routes(embedded: Callable[[], Embedded]) -> list[Route]:
    """The shop. embedded: is asked at every page, for keys change."""
    shop = {file.name: file for file in SITE.iterdir() if file.suffix != ".md"}

    async def get(request: Request) -> Response:
        """A page of the shop, or one of its pictures, styles and scripts."""
        path = request.path_params["path"]
        if path == SINGLE_PAGE:
            return RedirectResponse(f"{request.url.path}/")
        name = SINGLE_PAGE if path.split("/")[0] == SINGLE_PAGE else path or "index"
        file = shop.get(f"{name}.html") or shop.get(name)
        if file is None:
            raise HTTPException(404)
        return _answer(file, embedded())

    async def home(request: Request) -> Response:
        """Without the slash at its end, which its links need."""
        return RedirectResponse(PREFIX)

    return [Route("/demo", home, methods=["GET"]), Route(PREFIX + "{path:path}", get, methods=["GET"])]


def _answer(file: Path, embedded: Embedded) -> Response:
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    body = file.read_bytes()
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if media_type == "text/html":
        for name, value in embedded._asdict().items():
            body = body.replace(b"{{%s}}" % name.encode(), value.encode())
        headers["Content-Security-Policy"] = _policy(embedded.collector)
    return Response(body, headers=headers, media_type=media_type)


def _policy(collector: str) -> str:
    """Nothing inline, nothing from elsewhere but the tracker and where it sends to."""
    own = f"'self' {collector}".strip()
    return f"default-src 'none'; img-src 'self'; style-src 'self'; script-src {own}; connect-src {own}; base-uri 'none'"
