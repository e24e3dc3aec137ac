"""What is said of all else that Brevo has? 501, in Brevo's shape; 405 where only the method is wrong."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from collector.api.brevo.frame.answers import BrevoProblem, not_implemented
from collector.api.brevo.frame.auth import require
from collector.brevo import Fault
from collector.services import Services

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


NOT_CONTACTS = ("export", "folders")
"""What stands where an identifier might."""


def beside_contacts(services: Services) -> list[Route]:
    """Addresses that Sentiero has nothing behind, and that would be taken for contacts."""

    async def nothing(request: Request) -> Response:
        """Not implemented."""
        raise not_implemented(f"{request.method} {request.url.path}")

    endpoint = require(services, "read", nothing)
    return [Route(f"/v3/contacts/{name}", endpoint, methods=METHODS) for name in NOT_CONTACTS]


def routes(services: Services, known: Sequence[Route]) -> list[Route]:
    """What no route before has taken. known: those routes, and the doors'."""

    async def others(request: Request) -> Response:
        """Everything else of Brevo's interface: not implemented."""
        if any(route.matches(request.scope)[0] is Match.PARTIAL for route in known):
            raise BrevoProblem(405, Fault.METHOD, f"Not by {request.method}.")
        raise not_implemented(f"{request.method} {request.url.path[:200]}")

    return [Route("/v3/{rest:path}", require(services, "read", others), methods=METHODS)]
