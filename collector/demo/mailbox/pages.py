"""How is the demo's mailbox served? `/demo/mailbox`: a page, its files, the letters as JSON and as HTML in a cage."""

import asyncio
import hmac
import mimetypes
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.demo.clock import is_of_own_page
from collector.demo.mailbox.letter import Letter, mail_of, shown, sms_of
from collector.demo.mailbox.sink import Sink

STATIC = Path(__file__).parent / "static"
HOME = "/demo/mailbox"
MAX_SMS_BYTES = 64 * 1024

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
CAGE = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src https: http: data:; "
    "style-src 'unsafe-inline'; frame-ancestors 'self'"
)
"""Links lead out into pages of their own, which are none of the cage's; nothing else of a letter does anything."""


class Row(msgspec.Struct, frozen=True):
    """A letter in the list."""

    id: str
    kind: str
    at: int
    sender: str
    sender_name: str
    to: str
    subject: str
    preheader: str


class Rows(msgspec.Struct, frozen=True):
    """The newest first; count: of all. sends: whether this deployment sends here."""

    letters: tuple[Row, ...]
    count: int
    sends: bool


def routes(sink: Sink, own: str) -> Sequence[Route]:
    """own: how this deployment's addresses begin."""
    pages = MailboxPages(sink, own)

    async def home(request: Request) -> Response:
        """The mailbox."""
        return _file("mailbox.html", {"Content-Security-Policy": PAGE_POLICY})

    return [
        Route(HOME, home, methods=["GET"]),
        Route(f"{HOME}/letters", pages.find, methods=["GET"]),
        Route(f"{HOME}/letters/{{id}}", pages.get, methods=["GET"]),
        Route(f"{HOME}/letters/{{id}}/html", pages.html, methods=["GET"]),
        Route(f"{HOME}/clear", pages.clear, methods=["POST"]),
        Route(f"{HOME}/static/{{name}}", pages.static, methods=["GET"]),
        Route("/demo/sms/{secret}", pages.take, methods=["POST"]),
    ]


class MailboxPages:
    """One a process."""

    def __init__(self, sink: Sink, own: str) -> None:
        self._sink, self._kept, self._own = sink, sink.kept, own
        self._read = lru_cache(maxsize=400)(self._read_anew)  # a letter never changes

    async def find(self, request: Request) -> Response:
        """The letters that are newer than `after`, all without it."""
        after = request.query_params.get("after", "")
        return _json(await asyncio.to_thread(self._rows, after))

    async def get(self, request: Request) -> Response:
        """One letter, without its HTML. An address of our own is said as a path, which the page may ask."""
        letter = await self._one(request)
        leave = letter.leave.removeprefix(self._own.rstrip("/")) if letter.leave.startswith(self._own) else letter.leave
        return _json(msgspec.structs.replace(letter, html="yes" if letter.html else "", leave=leave))

    async def html(self, request: Request) -> Response:
        """Its HTML, in a cage. `opens=yes`: the image that tells is loaded. `dark=yes`: for a reader in the dark."""
        letter = await self._one(request)
        opens, dark = (request.query_params.get(name) == "yes" for name in ("opens", "dark"))
        html = shown(letter, opens=opens, dark=dark)
        return Response(html, headers={**HEADERS, "Content-Security-Policy": CAGE}, media_type="text/html")

    async def clear(self, request: Request) -> Response:
        """Throw all of them away; only from the page itself."""
        if not is_of_own_page(request):
            raise HTTPException(403)
        await asyncio.to_thread(self._kept.clear)
        return RedirectResponse(HOME, 303)

    async def static(self, request: Request) -> Response:
        """Style and script."""
        name = request.path_params["name"]
        if name not in {file.name for file in STATIC.iterdir()}:
            raise HTTPException(404)
        return _file(name)

    async def take(self, request: Request) -> Response:
        """Keep a text, from the worker of this very process."""
        if not hmac.compare_digest(request.path_params["secret"].encode(), self._sink.secret.encode()):
            raise HTTPException(404)
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > MAX_SMS_BYTES:
                raise HTTPException(413)
        await asyncio.to_thread(self._sink.take, bytes(content), ".txt")
        return Response(b"{}", headers=HEADERS, media_type="application/json")

    async def _one(self, request: Request) -> Letter:
        letter = await asyncio.to_thread(self._read, request.path_params["id"])
        if letter is None:
            raise HTTPException(404)
        return letter

    def _rows(self, after: str) -> Rows:
        ids = self._kept.ids()
        found = [self._read(id) for id in ids if id > after]
        rows = [
            Row(one.id, one.kind, one.at, one.sender, one.sender_name, one.to, one.subject, one.preheader)
            for one in found
            if one
        ]
        return Rows(tuple(rows), len(ids), self._sink.is_used)

    def _read_anew(self, id: str) -> Letter | None:
        found = self._kept.read(id)
        if found is None:
            return None
        content, suffix = found
        return mail_of(id, content) if suffix == ".eml" else sms_of(id, content)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), headers=HEADERS, media_type="application/json")


def _file(name: str, headers: dict[str, str] | None = None) -> Response:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    given = {**HEADERS, "Cache-Control": "no-cache", **(headers or {})}
    return Response((STATIC / name).read_bytes(), headers=given, media_type=media_type)
