"""To whom is nothing sent any more? `/messages/suppressions`: who left, whose address bounced; sending there again."""

import asyncio
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.frame.cursor import decode_cursor, encode_cursor
from collector.api.messages.suppressions import Place
from collector.services import Services
from collector.ui.guard import Form, Guard

ROWS = 50
SCOPES = {"marketing": "left_marketing", "transactional": "left_transactional", "all": "left_all"}


class SuppressionPages:
    """Addresses that are left alone."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._guard, self._deliveries = guard, services.deliveries

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """The newest first."""
        given = request.query_params
        q, after = given.get("q", "").strip(), _place(given.get("cursor", ""))
        found = await asyncio.to_thread(self._deliveries.suppressions, limit=ROWS + 1, after=after, q=q.lower())
        shown = found[:ROWS]
        more = encode_cursor("suppressions", Place(shown[-1].at, shown[-1].hash)) if len(found) > ROWS else ""
        kept = {"q": q} if q else {}
        context = {
            "rows": shown,
            "q": q,
            "scopes": SCOPES,
            "next": "?" + urlencode({**kept, "cursor": more}) if more else "",
            "first": "?" + urlencode(kept) if after else "",
            "twin": "/messages/suppressions.json?" + urlencode(kept),
            "done": "left_done" if given.get("done") == "allowed" else "",
        }
        return self._guard.render(request, "messages/outbox/suppressions.html", context, visitor=visitor)

    async def allow(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Send there again, whatever the reason was."""
        try:
            hash = bytes.fromhex(form.get("id", ""))
        except ValueError:
            hash = b""
        found = await asyncio.to_thread(self._deliveries.allow, form.get("channel", ""), hash, form.get("scope", ""))
        return RedirectResponse(f"/messages/suppressions{'?done=allowed' if found else ''}", 303)


def _place(cursor: str) -> tuple[int, bytes] | None:
    """Where the list goes on; from its beginning where an address was mangled."""
    try:
        return decode_cursor("suppressions", cursor, Place) if cursor else None
    except ValueError:
        return None
