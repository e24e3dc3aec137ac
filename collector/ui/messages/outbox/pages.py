"""What is to be sent, and what became of it? `/messages/outbox`, one delivery, and what may still be done."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.frame.cursor import decode_cursor, encode_cursor
from collector.api.frame.params import MAX_ID, is_digits
from collector.api.messages.mailroom import Mailroom
from collector.api.messages.outbox import Place
from collector.services import Services
from collector.store.ports.messages.outbox import STATES, Delivery
from collector.ui.guard import Form, Guard
from collector.ui.messages.frame import framed, framed_text
from collector.ui.messages.outbox.rows import rows_of
from collector.ui.messages.outbox.states import AGAIN, LABELS, story_of

ROWS = 50
AT_ONCE = 500
MOST_ROUNDS = 40
TROUBLE = ("failed", "uncertain")
DONE = {"again": "outbox_done_again", "cancel": "outbox_done_cancelled"}


class OutboxPages:
    """Deliveries."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard
        self._deliveries, self._room = services.deliveries, Mailroom(services)

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """By state, address, message or contact; the newest first."""
        given = request.query_params
        filters = filters_of(given)
        found = await self._found(filters, _place(given.get("cursor", "")))
        shown, counts = found[:ROWS], await asyncio.to_thread(self._deliveries.counts)
        last = encode_cursor("deliveries", Place(shown[-1].created_at, shown[-1].id)) if len(found) > ROWS else ""
        context = {
            "filters": filters,
            "counts": counts,
            "states": [state for state in STATES if counts.get(state)],
            "total": sum(counts.values()),
            "trouble": [state for state in TROUBLE if counts.get(state)],
            "next": address({**filters, "cursor": last}) if last else "",
            "first": address(filters) if "cursor" in given else "",
            "twin": "/messages/outbox.json" + address(filters),
            "address": lambda **more: address({**filters, **more}),
            "done": DONE.get(given.get("done", ""), ""),
            "n": int(given["n"]) if is_digits(given.get("n", "")) and len(given["n"]) < 16 else 0,
            **await rows_of(shown, self._services),
        }
        return self._guard.render(request, "messages/outbox/outbox.html", context, visitor=visitor)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """Everything of one."""
        delivery = await self._named(request)
        context = {
            "delivery": delivery,
            "story": story_of(delivery),
            "is_shown": await self._room.sent(delivery.id) is not None,
            **await rows_of([delivery], self._services),
        }
        return self._guard.render(request, "messages/outbox/delivery.html", context, visitor=visitor, frames=True)

    async def frame(self, request: Request, visitor: Visitor) -> Response:
        """As it was sent; links there tell nothing."""
        delivery = await self._named(request)
        rendered = await self._room.sent(delivery.id)
        if rendered is None:
            raise HTTPException(404)
        is_text = request.query_params.get("view") == "text" or not rendered.html
        return framed_text(rendered.text, is_short=not rendered.html) if is_text else framed(rendered.html)

    async def again(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Try one once more, or all of a state."""
        return await self._changed(form, "again", AGAIN)

    async def cancel(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Do not send one that waits, or all."""
        return await self._changed(form, "cancel", frozenset({"waiting"}))

    async def _changed(self, form: Form, act: str, states: frozenset[str]) -> Response:
        id, state = form.get("id", ""), form.get("state", "")
        if id:
            await asyncio.to_thread(self._act, act, [id])
            return RedirectResponse(f"/messages/outbox/{id}", 303) if id.isalnum() else RedirectResponse("/", 303)
        n = await asyncio.to_thread(self._all, act, state) if state in states else 0
        return RedirectResponse(f"/messages/outbox?done={act}&n={n}", 303)

    def _all(self, act: str, state: str) -> int:
        """All that are in that state: each piece leaves it."""
        changed = 0
        for _ in range(MOST_ROUNDS):
            found = self._deliveries.find(states=(state,), limit=AT_ONCE)
            n = self._act(act, [one.id for one in found]) if found else 0
            changed += n
            if not n:
                break
        return changed

    def _act(self, act: str, ids: list[str]) -> int:
        change = self._deliveries.again if act == "again" else self._deliveries.cancel
        return change(ids, at=self._services.clock())

    async def _found(self, filters: Mapping[str, str], after: Place | None) -> list[Delivery]:
        message, contact = filters["message"], filters["contact"]
        return await asyncio.to_thread(
            self._deliveries.find,
            states=(filters["state"],) if filters["state"] else (),
            message=int(message) if message else None,
            contacts=[int(contact)] if contact else [],
            q=filters["q"].lower(),
            limit=ROWS + 1,
            after=after,
        )

    async def _named(self, request: Request) -> Delivery:
        delivery = await asyncio.to_thread(self._deliveries.one, request.path_params["id"])
        if delivery is None:
            raise HTTPException(404)
        return delivery


def filters_of(given: Mapping[str, str]) -> dict[str, str]:
    """Those of the address; what is none narrows nothing."""
    numbers = {name: given.get(name, "") for name in ("message", "contact")}
    known = {name: text if is_digits(text) and int(text) < MAX_ID else "" for name, text in numbers.items()}
    state = given.get("state", "")
    return {"q": given.get("q", "").strip(), "state": state if state in LABELS else "", **known}


def address(filters: Mapping[str, Any]) -> str:
    """`?state=failed`, without what is empty."""
    return "?" + urlencode({name: value for name, value in filters.items() if value})


def _place(cursor: str) -> Place | None:
    """Where the list goes on; from its beginning where an address was mangled."""
    try:
        return decode_cursor("deliveries", cursor, Place) if cursor else None
    except ValueError:
        return None
