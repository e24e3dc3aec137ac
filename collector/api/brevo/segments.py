"""Which segments are there? `GET /v3/contacts/segments`; who is in one: `?segmentId=` of contacts (`contacts.py`)."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import answer
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query
from collector.instant import instant
from collector.services import Services

DEFAULT_LIMIT, MAX_LIMIT = 10, 50


def routes(services: Services) -> list[Route]:
    """Reading segments. To come before contacts: the address would be one of theirs."""

    async def find(request: Request) -> Response:
        """The segments that are in use, the newest first, and how many there are."""
        query = Query(request)
        limit, skip = query.number("limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT), query.skip()
        every = await asyncio.to_thread(services.segments.all)
        found = sorted((one for one in every if one.archived_at is None), key=lambda one: one.id)
        ordered = found[::-1] if query.descending() else found
        shown = [
            {
                "id": one.id,
                "segmentName": one.name,
                "categoryName": "",
                "updatedAt": instant(one.modified_at),
            }
            for one in ordered[skip : skip + limit]
        ]
        return answer({"segments": shown, "count": len(found)})

    return [Route("/v3/contacts/segments", require(services, "read", find), methods=["GET"])]
