"""Does it live, is it ready, how is it doing? `GET /healthz`, `/readyz`, `/metrics`: for whoever operates it."""

import ipaddress
from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer
from collector.api.frame.auth import require
from collector.metrics import CONTENT_TYPE
from collector.services import Services
from collector.store.ports.store import StoreFailed

Reasons = Callable[[], Sequence[str]]
"""Why the process is not ready now, a sentence each; none when it is."""

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def always() -> Sequence[str]:
    """No reason not to be ready."""
    return ()


def is_local(request: Request) -> bool:
    """Whether the request comes from this machine itself, and not from afar through a proxy on it."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def routes(services: Services, readiness: Reasons = always) -> list[Route]:
    """readiness: what else must be up, such as a worker that this process supervises."""

    def reasons() -> list[str]:
        dead = [] if services.writer.alive else ["The log's writer is down: nothing can be accepted."]
        return [*dead, *readiness()]

    async def alive(request: Request) -> Response:
        """200 as long as the process answers."""
        return answer({"alive": True})

    async def ready(request: Request) -> Response:
        """200 when events can be taken and are worked on; else 503 and the reasons."""
        why = reasons()
        return answer({"ready": not why, "reasons": why}, 503 if why else 200)

    async def scrape(request: Request) -> Response:
        metrics = services.metrics
        metrics.ready.set(not reasons())
        metrics.queue_depth.set(services.writer.depth)
        try:
            metrics.stored_offset.set(await services.store.position())
        except StoreFailed:
            metrics.stored_offset.set(float("nan"))
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    guarded = require(services, "read", scrape)

    async def metrics(request: Request) -> Response:
        """The metrics below. From this machine without a key, else with one of scope read."""
        return await (scrape if is_local(request) else guarded)(request)

    return [
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]
