"""How does somebody who looks at the demo move its clock on? `GET /demo/clock`, and a POST to `/demo/clock/<step>`.

Anybody may, as anybody may buy in its shop; but by a page of the demo itself, and only onwards.
"""

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.process.clock import Clock, DemoClock, TooFar

HOME = "/demo/clock"
STEPS_MS: Mapping[str, int] = {"2h": 7_200_000, "1d": 86_400_000}
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Shown(msgspec.Struct, frozen=True):
    """now: what the demo's clock shows, ms UTC. ahead_ms: by how much that is ahead of everybody else's."""

    now: int
    ahead_ms: int


def routes(clock: Clock) -> Sequence[Route]:
    """None for a clock that is not to be moved."""
    if not isinstance(clock, DemoClock):
        return ()

    async def get(request: Request) -> Response:
        """What it shows."""
        return _shown(clock)

    async def move_on(request: Request) -> Response:
        """Two hours, or a day; then what it shows."""
        by_ms = STEPS_MS.get(request.path_params["step"])
        if by_ms is None:
            raise HTTPException(404)
        if not is_of_own_page(request):
            raise HTTPException(403)
        try:
            await asyncio.to_thread(clock.move_on, by_ms)
        except TooFar:
            raise HTTPException(409) from None
        return _shown(clock)

    return [Route(HOME, get, methods=["GET"]), Route(f"{HOME}/{{step}}", move_on, methods=["POST"])]


def is_of_own_page(request: Request) -> bool:
    """Whether no browser says that it is another site's. By plain HTTP they say only from which origin it is."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def _shown(clock: DemoClock) -> Response:
    content = msgspec.json.encode(Shown(clock(), clock.ahead_ms))
    return Response(content, headers=HEADERS, media_type="application/json")
