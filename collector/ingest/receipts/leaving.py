"""Who wants no more of these? `POST /u/<token>`: a mail program in one click (RFC 8058), or the page of preferences.

    One-Click             200, plain text          no cookie, no token of a page: the signed token is the right to do it
    a person's form       303 to the page
    not written in time   503, to be tried again: whoever left has left only when it is on disk

Any POST with a good token leaves. Twice is one thing; after a return it is another.
"""

import asyncio
import secrets
from typing import NamedTuple

from msgspec.structs import replace
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from collector.access.links import Named
from collector.access.standing import Standing, standing_of
from collector.event_id import new_id, unpack_id
from collector.ingest.receipts.links import HEADERS, UNKNOWN
from collector.ingest.receipts.receipt import address_of, entry_of, is_too_fast, write
from collector.log.entry import RECEIPT_DOOR, Entry
from collector.privacy.redact import truncate_ip
from collector.services import Services
from sessionizer.derived import derived_id
from sessionizer.messages.receipt import IDENTIFIERS

MAX_FORM_BYTES, FORM_DEADLINE_S = 64 * 1024, 10.0
RETRY_S = 5
NOT_YET = (
    "<!doctype html><html lang=it><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Riprova / Try again</title><p>Non è stato ancora possibile: torna indietro e riprova tra un momento."
    "<p lang=en>That was not possible yet: go back and try again in a moment."
)


class Refusal(NamedTuple):
    """Why it is not written, as HTTP says it."""

    status: int
    says: str


TOO_MANY = Refusal(429, "Too many requests: try again in a moment.\n")
UNWRITTEN = Refusal(503, "Not yet: try again in a moment.\n")


def routes(services: Services) -> list[Route]:
    """The one address."""
    return [Route("/u/{token}", _Leaving(services).answer, methods=["POST"])]


class _Leaving:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request) -> Response:
        """Somebody leaves."""
        of = self._services.links.read("leave", request.path_params["token"])
        if of is None or of.channel not in IDENTIFIERS:
            return HTMLResponse(UNKNOWN, 404, HEADERS)
        is_page = not await is_one_click(request) and "text/html" in request.headers.get("accept", "")
        if is_too_fast(request, self._services):
            return _refused(TOO_MANY, is_page)
        standing = await asyncio.to_thread(standing_of, self._services.deliveries, of)
        if not standing.left and not await write(self._services, self._entry(request, of, standing)):
            return _refused(UNWRITTEN, is_page)
        if is_page:
            return RedirectResponse(f"{request.url.path}?done=left", 303, HEADERS)
        return PlainTextResponse("Unsubscribed.\n", 200, HEADERS)

    def _entry(self, request: Request, of: Named, standing: Standing) -> Entry:
        """The first time by an id that says so; of one who had come back, or whose row cannot be read, by a new one."""
        entry, delivery = entry_of(request, self._services, of, "left"), standing.delivery
        if entry is None:
            return self._denial(request, of)
        if delivery is None or delivery.left_at is not None:
            return entry
        return replace(
            entry, id=derived_id(RECEIPT_DOOR, (entry.category, entry.key), delivery.id, delivery.created_at)
        )

    def _denial(self, request: Request, of: Named) -> Entry:
        """Where the catalogue has no event for leaving a channel: its consent is taken back."""
        at = self._services.clock()
        return Entry(
            door=RECEIPT_DOOR, source=RECEIPT_DOOR, site=0, id=unpack_id(new_id(at, secrets.randbits(80))),
            category="contact", key="consent_changed", occurred_at=at, received_at=at,
            identifiers={"delivery": of.delivery}, properties={"consent": "denied", "channel": of.channel},
            ip=truncate_ip(address_of(request, self._services)),
        )  # fmt: skip


async def is_one_click(request: Request) -> bool:
    """Whether a mail program asks, by the one field of RFC 8058, urlencoded or as multipart. A body that does not come
    says nothing."""
    content = bytearray()
    try:
        async with asyncio.timeout(FORM_DEADLINE_S):
            async for chunk in request.stream():
                content += chunk[: MAX_FORM_BYTES - len(content)]
    except (TimeoutError, ClientDisconnect):
        return False
    return b"List-Unsubscribe" in content and b"One-Click" in content


def _refused(refusal: Refusal, is_page: bool) -> Response:
    headers = {**HEADERS, "Retry-After": str(RETRY_S)}
    if is_page:
        return HTMLResponse(NOT_YET, refusal.status, headers)
    return PlainTextResponse(refusal.says, refusal.status, headers)
