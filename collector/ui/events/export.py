"""How does a filtered list leave the console? `/events/export.csv` and `.ndjson`, streamed a piece at a time.

A piece is asked for behind the last row of the one before: memory does not grow with the list. When the store fails on
the way, the transfer breaks off without its end, so that nobody takes a part for the whole. Source: SECURITY 2.
"""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import events as api
from collector.api.frame.answer import encode
from collector.api.frame.params import Params
from collector.instant import DAY_MS, day, instant
from collector.services import Services
from collector.store.ports.events import EventQuery, Events, StoredEvent
from collector.told import event as told
from collector.ui.guard import Guard

PIECE = 500
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""How a cell begins that a spreadsheet might run."""

HEAD = tuple(
    "occurred_at received_at category key contact_id visitor_id session_id site source page_url page_title referrer"
    " browser os device object_type object_id id properties".split()
)
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Accel-Buffering": "no"}

Write = Callable[[Sequence[StoredEvent]], bytes]


def routes(services: Services, guard: Guard) -> list[Route]:
    """The list as a file. Must come before `/events/<id>`."""

    async def as_csv(request: Request, visitor: Visitor) -> Response:
        """The filtered events as CSV, safe to open in a spreadsheet."""
        return await export(request, "csv", "text/csv; charset=utf-8; header=present", before=table([HEAD]))

    async def as_ndjson(request: Request, visitor: Visitor) -> Response:
        """The filtered events as the API answers them, one a line."""
        return await export(request, "ndjson", "application/x-ndjson")

    async def export(request: Request, kind: str, media_type: str, *, before: bytes = b"") -> Response:
        query = api.query_of(Params(request, api.FILTERS))
        first = await services.store.events.find(query, limit=PIECE)  # a question that fails is answered as one
        name = f"events-{day(services.clock() // DAY_MS)}.{kind}"
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        body = pieces(services.store.events, query, first, before=before, write=WRITERS[kind])
        return StreamingResponse(body, 200, headers, media_type)

    return [
        Route("/events/export.csv", guard.page(as_csv), methods=["GET"]),
        Route("/events/export.ndjson", guard.page(as_ndjson), methods=["GET"]),
    ]


async def pieces(
    events: Events, query: EventQuery, first: list[StoredEvent], *, before: bytes, write: Write
) -> AsyncIterator[bytes]:
    """The whole list from its first piece on."""
    yield before
    found = first
    while found:
        yield write(found)
        if len(found) < PIECE:
            return
        found = await events.find(query, limit=PIECE, after=api.place_of(found[-1]))


def lines(events: Sequence[StoredEvent]) -> bytes:
    """NDJSON."""
    return b"".join(encode(told.answer_of(event)) + b"\n" for event in events)


def cells(event: StoredEvent) -> tuple[Any, ...]:
    """The values of HEAD."""
    page, agent, object = event.page, event.agent, event.object
    return (
        instant(event.at),
        instant(event.received_at),
        event.category,
        event.key,
        event.contact,
        event.visitor,
        event.session,
        event.site or None,
        event.source,
        *((page.url, page.title, page.referrer) if page else (None,) * 3),
        *((agent.browser, agent.os, agent.device) if agent else (None,) * 3),
        *((object.type, object.id) if object else (None,) * 2),
        event.id,
        json.dumps(event.properties, ensure_ascii=False),
    )


def table(rows: Sequence[Sequence[Any]]) -> bytes:
    """CSV as RFC 4180 has it: commas, quotes where needed, CR LF."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([[safe(value) for value in row] for row in rows])
    return text.getvalue().encode()


def safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula becomes one that it shows."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


WRITERS: dict[str, Write] = {"csv": lambda events: table(list(map(cells, events))), "ndjson": lines}
