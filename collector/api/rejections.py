"""What was refused, how often, and what did it look like? `GET /api/rejections`."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import instant, listing
from collector.api.frame.auth import require
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.params import PAGING, Params, one_of
from collector.errors import Code
from collector.services import Services
from collector.store.ports.rejections import RejectionPlace, RejectionQuery, Sample, StoredRejection

KNOWN = ("code", "site", "from", "to", *PAGING)


def answer_of(rejection: StoredRejection) -> Mapping[str, Any]:
    """One code at one site: `{code, site, count, last_at, samples}`; site is null when none was known."""
    return {
        "code": rejection.code,
        "site": rejection.site or None,
        "count": rejection.count,
        "last_at": instant(rejection.last_at),
        "samples": [sample_of(sample) for sample in rejection.samples],
    }


def sample_of(sample: Sample) -> Mapping[str, str]:
    """One refused thing; `sample` is the text as it came."""
    return {
        "at": instant(sample.at),
        "path": sample.path,
        "message": sample.message,
        "door": sample.door,
        "origin": sample.origin,
        "sample": sample.sample,
    }


def routes(services: Services) -> list[Route]:
    """Reading refusals."""
    rejections = services.store.rejections

    async def find(request: Request) -> Response:
        """What was refused: exact counts by site and code, and the latest samples."""
        params = Params(request, KNOWN)
        query = RejectionQuery(
            codes=params.each("code", lambda value: one_of(Code, value)),
            sites=params.ids("site"),
            since=params.instant("from"),
            until=params.instant("to"),
        )
        limit = params.limit()
        found = await rejections.find(query, limit=limit + 1, after=params.cursor("rejections", RejectionPlace))
        shown = found[:limit]
        more = encode_cursor("rejections", place_of(shown[-1])) if len(found) > limit else None
        return listing("rejections", [answer_of(rejection) for rejection in shown], more)

    return [Route("/api/rejections", require(services, "read", find), methods=["GET"])]


def place_of(rejection: StoredRejection) -> RejectionPlace:
    """Where the row stands in the list."""
    return RejectionPlace(rejection.last_at, rejection.site, rejection.code)
