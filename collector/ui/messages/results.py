"""What became of a message? Its deliveries day by day, as numbers, shares and a chart, and the latest of them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from collector.access.login import Visitor
from collector.api.frame.definitions import id_of
from collector.api.messages.mailroom import Mailroom
from collector.services import Services
from collector.ui.guard import Guard
from collector.ui.messages.outbox.rows import rows_of
from collector.ui.page import Language, language_of, translator
from collector.ui.times import DAY_MS

DAYS = 30
SPANS = {"30": "results_month", "90": "results_quarter", "365": "results_year"}
LATEST = 20
SHOWN = ("sent", "delivered", "opened", "clicked", "bounced", "left")
"""What is a tile, in this order; `proxied` stands apart."""
LABELS = {
    "sent": "results_sent",
    "delivered": "results_delivered",
    "opened": "results_opened",
    "clicked": "results_clicked",
    "bounced": "results_bounced",
    "left": "results_left",
}
DRAWN = ("delivered", "opened", "clicked")


class Results(NamedTuple):
    """sums: by what became of them. days: (beginning, ms UTC; how many of each), without gaps."""

    sums: Mapping[str, int]
    days: Sequence[tuple[int, Mapping[str, int]]]

    @property
    def sparks(self) -> list[int]:
        """How many were sent, day by day."""
        return [counts.get("sent", 0) for _, counts in self.days]

    def share(self, what: str) -> int:
        """Per cent of those that were sent."""
        sent = self.sums.get("sent", 0)
        return round(100 * self.sums.get(what, 0) / sent) if sent else 0


async def results_of(message: int, services: Services, *, days: int = DAYS) -> Results:
    """Of the last so many days."""
    today = services.clock() // DAY_MS
    first = today - days + 1
    found = dict(
        await asyncio.to_thread(
            services.deliveries.results,
            message,
            since=first * DAY_MS,
            until=(today + 1) * DAY_MS,
            day_ms=DAY_MS,
        )
    )
    rows = [(day * DAY_MS, found.get(day, {})) for day in range(first, today + 1)]
    names = {name for counts in found.values() for name in counts}
    return Results({name: sum(counts[name] for counts in found.values()) for name in names}, rows)


class ResultPages:
    """The results of one message."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard, self._room = services, guard, Mailroom(services)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """Of a month, a quarter, a year."""
        message = await self._room.one(id_of(request, "message"))
        if message is None:
            raise HTTPException(404)
        span = request.query_params.get("days", "")
        span = span if span in SPANS else str(DAYS)
        results = await results_of(message.id, self._services, days=int(span))
        latest = await asyncio.to_thread(self._services.deliveries.find, message=message.id, limit=LATEST)
        context = {
            "message": message,
            "results": results,
            "tiles": [(name, LABELS[name]) for name in SHOWN],
            "spans": SPANS,
            "span": span,
            "drawn": drawn(results, language_of(request)),
            **await rows_of(latest, self._services),
        }
        return self._guard.render(request, "messages/results.html", context, visitor=visitor)


def drawn(results: Results, language: Language) -> Mapping[str, Any]:
    """What the script of the chart reads. Bars are stacked: of each message only the furthest that it came."""
    t = translator(language)
    lines = []
    for name, further in zip(DRAWN, (*DRAWN[1:], ""), strict=True):
        counts = [max(counts.get(name, 0) - counts.get(further, 0), 0) for _, counts in results.days]
        lines.append({"name": t(FURTHEST[name]), "counts": counts})
    return {"step": "day", "at": [at // 1000 for at, _ in results.days], "lines": lines}


FURTHEST = {
    "delivered": "results_only_delivered",
    "opened": "results_only_opened",
    "clicked": "results_clicked",
}
