"""Which events were there? `GET /v3/events`: a team's own events, newest first. How they come in: `ingest/doors/`."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import answer, invalid, missing
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query
from collector.instant import instant
from collector.services import Services
from collector.store.ports.events import EventQuery, StoredEvent
from sessionizer.catalogue import CUSTOM

DAY_MS = 86_400_000
SIX_MONTHS_MS = 183 * DAY_MS
DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000


def answer_of(event: StoredEvent) -> Mapping[str, Any]:
    """An event as Brevo's clients read it. contact_properties: as they came with it."""
    return {
        "contact_id": event.contact,
        "event_date": instant(event.at),
        "event_name": event.key,
        "event_filter_id": None,
        "object_type": event.object.type if event.object else None,
        "event_properties": event.properties,
        "contact_properties": event.attributes,
    }


def query_of(query: Query, *, now: int) -> EventQuery:
    """The filters of a request; the last six months unless it says otherwise. now: ms UTC."""
    since, until = period_of(query, now=now)
    return EventQuery(
        categories=(CUSTOM,),
        keys=query.texts("event_name"),
        contacts=query.ids("contact_id"),
        object_types=query.texts("object_type"),
        since=since,
        until=until,
    )


def period_of(query: Query, *, now: int) -> tuple[int, int | None]:
    """[from, to) in ms UTC. A day as the end is included as a whole, an instant as far as its millisecond."""
    since, last = query.instant("startDate"), query.instant("endDate")
    if since is None and last is None:
        return now - SIX_MONTHS_MS, None
    if since is None:
        raise missing("startDate")
    if last is None:
        raise missing("endDate")
    if last < since:
        raise invalid("endDate", "before startDate")
    is_day = len(query.text("endDate")) == len("2026-11-25")
    return since, last + (DAY_MS if is_day else 1)


def routes(services: Services) -> list[Route]:
    """Reading events."""

    async def find(request: Request) -> Response:
        """A team's own events, newest first, and how many match in all."""
        query = Query(request)
        limit, skip = query.number("limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT), query.skip()
        asked = query_of(query, now=services.clock())
        found = await services.store.events.page(asked, limit=limit, skip=skip)
        count = await services.store.events.count(asked)
        return answer({"events": [answer_of(one) for one in found], "count": count})

    return [Route("/v3/events", require(services, "read", find), methods=["GET"])]
