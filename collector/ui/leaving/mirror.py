"""What did the mail look like? `/u/<token>/mirror`: made anew from what it was made with, in a cage.

The same template, data and instant give the same bytes. Whoever wrote the template may write any HTML: the answer's
policy takes its origin away, so that nothing in it can act on this deployment.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from collector.access.links import Named
from collector.access.standing import UNANSWERED
from collector.printing.as_sent import AsSent
from collector.printing.compiled import NoSuchMessage
from collector.services import Services
from collector.ui.leaving import frame
from sessionizer.messages.fault import Faults, RenderFailed
from sessionizer.messages.message import Rendered

HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": (
        "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; "
        "img-src https: http: data:; style-src 'unsafe-inline'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class Gone(LookupError):
    """It was never sent, or was erased, or can no longer be made."""


def routes(services: Services) -> list[Route]:
    """The one address."""
    mirror = Mirror(services)

    async def show(request: Request) -> Response:
        """The message, as it was sent."""
        of = services.links.read("mirror", request.path_params["token"])
        if of is None:
            return frame.unknown(request)
        if frame.is_too_fast(request, services):
            return frame.not_yet(request, 429)
        try:
            made = await asyncio.to_thread(mirror.made, of)
        except Gone:
            return frame.unknown(request)
        except UNANSWERED:
            return frame.not_yet(request)
        return HTMLResponse(made.html, 200, HEADERS) if made.html else PlainTextResponse(made.text, 200, HEADERS)

    return [Route("/u/{token}/mirror", show, methods=["GET"])]


class Mirror:
    """One a process."""

    def __init__(self, services: Services) -> None:
        self._deliveries = services.deliveries
        self._as_sent = AsSent(services.messages, services.links, services.settings.zone)

    def made(self, of: Named) -> Rendered:
        """What was sent. Raises Gone."""
        found = self._deliveries.shown(of.delivery)
        if found is None:
            raise Gone
        try:
            return self._as_sent.made(*found, of=of, clicks=True)
        except (NoSuchMessage, Faults, RenderFailed) as error:
            raise Gone from error
