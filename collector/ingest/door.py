"""What is a door? Raw ASGI: one request in, one answer out, every refusal said, counted and kept.

    read → handle (a door's own: whose batch, by which rules) → answer

A door gives `handle`; it returns an Answer or raises RequestRefused. Nothing of a refused request is kept but why: of
its visitor's consent nothing is known. Source: SECURITY 1.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from collector.access.address import client_address
from collector.errors import Code
from collector.ingest.answer import Answer, Header, RequestRefused, failed, refused, send_answer
from collector.ingest.intake import Intake
from collector.ingest.request import BODY_DEADLINE_S, Arrival, ClientGone, read_request
from collector.log.port import Rejection
from collector.services import Services

BROWSER_TYPES = frozenset({b"text/plain", b"application/json"})
SERVER_TYPES = frozenset({b"application/json"})

logger = logging.getLogger(__name__)


class Door(ABC):
    """An ASGI application for one route. Subclasses say how a request is handled."""

    name = ""
    methods = frozenset({"POST"})
    media_types = SERVER_TYPES
    reserved = False

    def __init__(self, services: Services, *, deadline_s: float = BODY_DEADLINE_S) -> None:
        """deadline_s: until a request's body must be there."""
        self.services = services
        self.deadline_s = deadline_s
        self.intake = Intake(services.writer, services.metrics, name=self.name, reserved=self.reserved)
        self._answered: dict[int, Callable[[], None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["method"] == "OPTIONS":
            await send_answer(send, self.preflight(scope))
            return
        at = self.services.clock()
        try:
            self.admit(scope)
            arrival = await self.arrive(scope, receive, at)
            answer = await self.handle(arrival)
        except ClientGone:
            return
        except RequestRefused as refusal:
            self._note(refusal, scope, at)
            answer = self.refused(refusal)
        except Exception:  # a loop edge: whatever a stranger has found, he is answered, and the others are served
            logger.exception("%s: a request failed", self.name)
            answer = self.failed()
        self._count(answer.status)
        await send_answer(send, answer, self.cors(scope))

    def admit(self, scope: Scope) -> None:  # noqa: B027  # most doors refuse nobody so early
        """A look at the headers before the body is waited for. Raises RequestRefused."""

    async def arrive(self, scope: Scope, receive: Receive, at: int) -> Arrival:
        """The whole request. at: now, ms UTC. Raises RequestRefused, ClientGone."""
        return await read_request(scope, receive, media_types=self.media_types, at=at, deadline_s=self.deadline_s)

    @abstractmethod
    async def handle(self, arrival: Arrival) -> Answer:
        """A whole request → its answer. Raises RequestRefused."""

    def refused(self, refusal: RequestRefused) -> Answer:
        """What is said of a request that is refused as a whole."""
        return refused(refusal)

    def failed(self) -> Answer:
        """What is said when something failed that nobody foresaw."""
        return failed()

    def preflight(self, scope: Scope) -> Answer:
        """The answer to OPTIONS; only of doors that have it among their methods."""
        raise AssertionError(f"{self.name} has no OPTIONS among its methods")

    def cors(self, scope: Scope) -> tuple[Header, ...]:
        """Headers of every answer; none where no browser comes."""
        return ()

    def address_of(self, arrival: Arrival) -> str:
        """The client's address; a proxy's word counts only when the proxy is ours."""
        trusted = self.services.settings.trusted_proxies
        return client_address(arrival.peer, arrival.text(b"x-forwarded-for"), trusted)

    def count_unknown_fields(self, fields: int) -> None:
        """Fields that no event has: ignored, but seen by whoever wonders."""
        self.services.metrics.unknown_fields.labels(self.name).inc(fields)

    def _note(self, refusal: RequestRefused, scope: Scope, at: int) -> None:
        """Counted, and kept for whoever looks for it; not when the log is what cannot keep up."""
        self.services.metrics.rejected.labels(refusal.code).inc()
        if refusal.code is not Code.OVERLOADED:
            door = f"site:{refusal.site}" if refusal.site else self.name
            origin = origin_of(scope).decode("latin-1")[:300]
            note = Rejection(at, refusal.site, refusal.code, refusal.path, refusal.message, door, origin)
            self.services.writer.note(note)

    def _count(self, status: int) -> None:
        if status not in self._answered:
            self._answered[status] = self.services.metrics.requests.labels(self.name, str(status)).inc
        self._answered[status]()


def header(scope: Scope, name: bytes) -> bytes:
    """The header of that lower-case name, b"" when there is none."""
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return b""


def origin_of(scope: Scope) -> bytes:
    """The `Origin` header, b"" when there is none."""
    return header(scope, b"origin")
