"""How do Brevo's integrations bring events? `POST /api/v2/{identify,trackEvent,trackPage,trackLink}`, one event each.

    write key: the header `ma-key`        answer: 204, or a problem with Brevo's `code` and `message`

An event that is refused is a request that is refused: 204 has no room for reasons. Source: INTERFACES 1 and 2.
"""

import secrets

from collector.errors import REFUSALS, Code
from collector.event_id import new_id, unpack_id
from collector.ingest.answer import Answer, RequestRefused, refused
from collector.ingest.dialects.brevo_tracker import KINDS, Received, parse
from collector.ingest.door import Door
from collector.ingest.doors.foreign import Carried, ForeignDoor
from collector.ingest.request import Arrival
from collector.services import Services
from sessionizer.wall_clock import text_of

_CODES = {
    400: "invalid_parameter",
    401: "unauthorized",
    403: "permission_denied",
    410: "document_not_found",
    413: "out_of_range",
}


class BrevoDoor(ForeignDoor):
    """Takes an event of Brevo's tracker by REST, as its integrations send it: 204 once it is on disk."""

    name = "brevo"
    source = "brevo"
    key_path = "ma-key"
    asked_headers = ("ma-key",)

    def __init__(self, services: Services, kind: str) -> None:
        """kind: of its events, the last word of the path."""
        super().__init__(services)
        self._kind = kind

    async def handle(self, arrival: Arrival) -> Answer:
        """An event → 204 once it is on disk."""
        item = parse(self._kind, arrival.body, received(arrival))
        taken = await self.take(Carried(arrival.text(b"ma-key"), "", [item]), arrival)
        if not taken.rejected:
            return Answer(204, b"")
        (why,) = taken.rejected
        path = why.path.partition("].")[2]
        return self.refused(RequestRefused(why.code, why.message, path=path, status=REFUSALS[why.code].status))

    def refused(self, refusal: RequestRefused) -> Answer:
        """The problem, with the code and the message that Brevo's clients read."""
        return refused(refusal, code=_code(refusal), message=refusal.message)


def brevo_doors(services: Services) -> dict[str, Door]:
    """By path."""
    return {f"/api/v2/{kind}": BrevoDoor(services, kind) for kind in KINDS}


def received(arrival: Arrival) -> Received:
    """With what an event is completed: Brevo has neither ids nor instants of its own."""
    return Received(text_of(arrival.at), unpack_id(new_id(arrival.at, secrets.randbits(80))))


def _code(refusal: RequestRefused) -> str:
    if refusal.code is Code.MALFORMED and refusal.path and refusal.status == 400:
        return "missing_parameter"
    return _CODES.get(refusal.status, refusal.code)
