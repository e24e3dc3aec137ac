"""Which events are there, and what are they for? `GET /api/catalogue`: the table of `sessionizer/catalogue.py`."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer
from collector.api.frame.auth import require
from collector.api.frame.params import Params
from collector.services import Services
from sessionizer.catalogue import CATALOGUE


def listed() -> dict[str, list[dict[str, Any]]]:
    """`{"events": [a row of the table each]}`, its fields by name (INTERFACES 5), in the order of the table."""
    return {"events": [row._asdict() for row in CATALOGUE.values()]}


def routes(services: Services) -> list[Route]:
    """Reading the catalogue."""

    async def find(request: Request) -> Response:
        """All events of all categories but `custom`, with labels and sentences in both languages."""
        Params(request, ())
        return answer(listed())

    return [Route("/api/catalogue", require(services, "read", find), methods=["GET"])]
