"""What was refused, how often, and what did it look like? `GET /api/rejections`."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, listing
from collector.api.frame.auth import require
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params, one_of
from collector.errors import Code
from collector.instant import instant
from collector.services import Services
from collector.store.ports.rejections import RejectionPlace, RejectionQuery, Sample, StoredRejection

KNOWN = ("code", "site", "from", "to", *PAGING)


class SampleAnswer(msgspec.Struct, frozen=True):
    """One refused thing. sample: the text as it came."""

    at: Instant
    path: str
    message: str
    door: str
    origin: str
    sample: str


class RejectionAnswer(msgspec.Struct, frozen=True):
    """One code at one site. site: null when none was known. samples: the latest."""

    code: str
    site: int | None
    count: int
    last_at: Instant
    samples: tuple[SampleAnswer, ...]


def answer_of(rejection: StoredRejection) -> RejectionAnswer:
    """What the store knows → what programs see."""
    return RejectionAnswer(
        code=rejection.code,
        site=rejection.site or None,
        count=rejection.count,
        last_at=instant(rejection.last_at),
        samples=tuple(sample_of(sample) for sample in rejection.samples),
    )


def sample_of(sample: Sample) -> SampleAnswer:
    """One refused thing."""
    return SampleAnswer(
        at=instant(sample.at),
        path=sample.path,
        message=sample.message,
        door=sample.door,
        origin=sample.origin,
        sample=sample.sample,
    )


def routes(services: Services) -> list[Route]:
    """Reading refusals."""
    rejections = services.store.rejections

    @operation(query=KNOWN, answers={200: page_of("rejections", RejectionAnswer)})
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
