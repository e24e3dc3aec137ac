"""How does a page get the tracker? `GET /tracker.js` for every page, `/tracker/<version>.js` for those that pin it.

Reads `tracker_js/dist/` once, at the start. The first address changes with the release and is asked again after an
hour; the second never changes, and has a checksum for `integrity=`. A site that comes from Brevo asks for
`/sdk-loader.js` or `/sa.js?key=…`, as its snippet does: there Brevo's calls stand behind the tracker.
"""

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector import __version__
from collector.config import Settings

BUILT = Path(__file__).parent.parent / "tracker_js" / "dist"
"""Beside this package: in a checkout and in an installation alike."""

TRACKER = ("tracker.js",)
OF_BREVO = ("tracker.js", "brevo.js")
BREVO_ADDRESSES = ("/sdk-loader.js", "/sa.js")
"""Of Brevo's snippet, and of the one before: their names are theirs."""

AN_HOUR = "public, max-age=3600, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"


class Script(NamedTuple):
    """A built script. integrity: for the attribute of that name."""

    body: bytes
    gzipped: bytes
    etag: str
    integrity: str


def load_script(names: Sequence[str] = TRACKER) -> Script:
    """The files one after the other. Raises FileNotFoundError in an installation that lacks one."""
    body = b"".join((BUILT / name).read_bytes() for name in names)
    digest = hashlib.sha384(body).digest()
    return Script(
        body, gzip.compress(body, 9, mtime=0), f'"{digest.hex()[:32]}"', f"sha384-{b64encode(digest).decode()}"
    )


def addresses(tracker_name: str) -> tuple[str, str]:
    """(for everybody, pinned): their names are a setting, for block lists know the usual ones."""
    return f"/{tracker_name}", f"/{PurePosixPath(tracker_name).stem}/{__version__}.js"


def script_tag(url: str, write_key: str, settings: Settings) -> str:
    """What a web developer pastes."""
    return f'<script async src="{url}{addresses(settings.tracker_name)[0]}" data-key="{write_key}"></script>'


def routes(settings: Settings, fetched: Callable[[str], None]) -> list[Route]:
    """The addresses of the script. fetched: is told the page that asks for it."""
    script, of_brevo = load_script(), load_script(OF_BREVO)
    latest, pinned = addresses(settings.tracker_name)

    def answer(request: Request, script: Script, cache: str) -> Response:
        fetched(request.headers.get("origin") or request.headers.get("referer", ""))
        headers = {
            "Cache-Control": cache,
            "ETag": script.etag,
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": "*",  # a page that pins it by checksum must be allowed to read it
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
        if script.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        body = script.body
        if "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["Content-Encoding"] = script.gzipped, "gzip"
        return Response(body, headers=headers, media_type="text/javascript")

    async def get_latest(request: Request) -> Response:
        """The script of this release."""
        return answer(request, script, AN_HOUR)

    async def get_pinned(request: Request) -> Response:
        """The script of that release, for ever the same."""
        return answer(request, script, FOR_EVER)

    async def get_for_brevo(request: Request) -> Response:
        """The tracker with Brevo's calls: a site that used Brevo's changes the address of its snippet."""
        return answer(request, of_brevo, AN_HOUR)

    return [
        Route(latest, get_latest, methods=["GET"]),
        Route(pinned, get_pinned, methods=["GET"]),
        *(Route(path, get_for_brevo, methods=["GET"]) for path in BREVO_ADDRESSES),
    ]
