"""The way in: from bytes to a committed event, or a refusal that says why. See README.md."""

from starlette.routing import BaseRoute, Route

from collector.ingest.browser import TrackerDoor
from collector.ingest.server import ServerDoor
from collector.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """The doors, the busiest first. Raw ASGI: Starlette's Request would cost more than the rest of the way."""
    return [
        Route("/e", TrackerDoor(services), methods=["POST", "OPTIONS"]),
        Route("/api/events", ServerDoor(services), methods=["POST"]),
    ]
