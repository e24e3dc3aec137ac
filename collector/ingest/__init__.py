"""The way in: from bytes to a committed event, or a refusal that says why. See README.md."""

from collections.abc import Mapping

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from collector.ingest.answer import Taken
from collector.ingest.dialects.sentiero import ServerEnvelope
from collector.ingest.door import Door
from collector.ingest.doors.beacon import BeaconDoor
from collector.ingest.doors.brevo import brevo_doors
from collector.ingest.doors.brevo_orders import BrevoOrderDoor, BrevoOrdersDoor
from collector.ingest.doors.brevo_rest import BrevoBatchDoor, BrevoEventDoor
from collector.ingest.doors.browser import TrackerDoor
from collector.ingest.doors.cloudevents import CloudEventsDoor
from collector.ingest.doors.hook import HOME, HookDoor
from collector.ingest.doors.segment import segment_doors
from collector.ingest.doors.server import ServerDoor
from collector.services import Services

FORMATS: Mapping[str, tuple[type, type]] = {"/api/events": (ServerEnvelope, Taken)}
"""Path below /api → (body, answer), for the API's document."""


class Doors:
    """An ASGI application in front of another: events go straight to their door, everything else goes on.

    On the way through the framework (routing, two layers of error handling) an event would spend a quarter of its time.
    """

    def __init__(self, services: Services) -> None:
        """Call `lead_to` before the first request."""
        self._doors: dict[str, Door] = {
            "/e": TrackerDoor(services),
            "/api/events": ServerDoor(services),
            "/p": BeaconDoor(services),
            **brevo_doors(services),
            "/v3/events": BrevoEventDoor(services),
            "/v3/events/batch": BrevoBatchDoor(services),
            "/v3/orders/status": BrevoOrderDoor(services),
            "/v3/orders/status/batch": BrevoOrdersDoor(services),
            **segment_doors(services),
            "/cloudevents": CloudEventsDoor(services),
        }
        self._services = services
        self._hooks: dict[str, HookDoor] = {}
        self._others: ASGIApp = _nothing

    def lead_to(self, others: ASGIApp) -> "Doors":
        """others: who takes what is for no door."""
        self._others = others
        return self

    @property
    def routes(self) -> list[Route]:
        """The same doors as the framework knows them, so that it can say which methods there are."""
        return [Route(path, door, methods=list(door.methods)) for path, door in self._doors.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the start and end of the process."""
        door = self._door(scope["path"]) if scope["type"] == "http" else None
        if door is not None and scope["method"] in door.methods:
            await door(scope, receive, send)
        else:
            await self._others(scope, receive, send)

    def _door(self, path: str) -> Door | None:
        return self._doors.get(path) or (self._hook(path.removeprefix(HOME)) if path.startswith(HOME) else None)

    def _hook(self, source: str) -> HookDoor | None:
        """The door of a source that there is; an account through which we send goes before one of its name."""
        if source in self._services.hooks or self._services.sources(source) is None:
            return None
        if source not in self._hooks:
            self._hooks[source] = HookDoor(self._services, source)
        return self._hooks[source]


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise LookupError("nobody behind the doors: call lead_to first")
