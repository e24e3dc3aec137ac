"""How do Brevo's clients bring events? `POST /v3/events` and `/v3/events/batch`, under a secret key.

    one event    204 once it is on disk; 400
    a batch      202 all, 207 some, 400 none of them

Refusals are Brevo's `{code, message}`. Space of ids: that of the secret API. Source: INTERFACES 1, 2; facts 4.1, 4.2.
"""

from collections.abc import Mapping, Sequence

import msgspec
from starlette.types import Scope

from collector.brevo import RATE_HEADERS, Fault, FaultBody, of_code, of_status, sentence
from collector.errors import Code
from collector.ingest.answer import Answer, Header, Rejected, RequestRefused, retry_headers
from collector.ingest.bounds import MAX_PROPERTIES_BYTES
from collector.ingest.dialects.brevo_rest import parse_batch, parse_event
from collector.ingest.door import Door
from collector.ingest.doors.server import authorise, secret_of
from collector.ingest.draft import Batch
from collector.ingest.request import Arrival
from collector.ingest.skew import FIRST_AT

NOTHING = Answer(204, b"", headers=RATE_HEADERS)
"""What was sent is on disk, and there is nothing to say of it."""

_encoder = msgspec.json.Encoder()


class BrevoDoor(Door):
    """What Brevo's doors have in common: the key, the space of ids, the shape of refusals."""

    name = "brevo"
    reserved = True
    names: Mapping[str, str] = {
        "key": "event_name",
        "occurred_at": "event_date",
        "id": "event_id",
        "properties": "event_properties",
    }
    """Our names of fields → those of the body, where they differ."""

    def admit(self, scope: Scope) -> None:
        """Who asks: by `api-key`, or by the bearer token that newer clients can send instead."""
        authorise(self.services, secret_of(scope))

    def batch_of(self, arrival: Arrival) -> Batch:
        """What the events of one request share."""
        return Batch(
            door="api",
            source="brevo",
            received_at=arrival.at,
            oldest_at=FIRST_AT,
            ahead_ms=self.services.settings.clock_ahead_ms,
            is_small=len(arrival.body) <= MAX_PROPERTIES_BYTES,
            needs_person=True,
        )

    def refused(self, refusal: RequestRefused) -> Answer:
        """Brevo's shape: `{code, message}`."""
        code = of_status(refusal.status) if refusal.status != 400 else _of_request(refusal)
        return fault(refusal.status, code, sentence(refusal.path, refusal.message), retry_headers(refusal))

    def failed(self) -> Answer:
        """500, without a word of the inside."""
        return fault(500, Fault.UNAVAILABLE, "Something failed here. It was noted.")

    def refused_item(self, rejected: Rejected) -> Answer:
        """400: why the one thing was not taken."""
        return fault(400, of_code(rejected.code, rejected.message), self.why(rejected))

    def refused_batch(self, rejected: Sequence[Rejected]) -> Answer:
        """400: none of them was taken."""
        code, message = of_code(rejected[0].code, rejected[0].message), self.why(rejected[0])
        return said(400, {"code": code, "message": f"None was taken. {message}", "errors": self.errors_of(rejected)})

    def errors_of(self, rejected: Sequence[Rejected]) -> list[dict[str, object]]:
        """Why parts of a batch were refused, each reason once, with their places."""
        places: dict[str, list[int]] = {}
        for one in rejected:
            places.setdefault(self.why(one), []).append(one.index)
        return [{"eventIndex": found, "message": message} for message, found in places.items()]

    def why(self, rejected: Rejected) -> str:
        """`events[3].properties.a` → `event_properties.a: …`: the place stands beside, the field has its own name."""
        first, dot, rest = rejected.path.partition(".")[2].partition(".")
        return sentence(f"{self.names.get(first, first)}{dot}{rest}", rejected.message)


class BrevoEventDoor(BrevoDoor):
    """Takes one event."""

    async def handle(self, arrival: Arrival) -> Answer:
        """An event → 204 once it is on disk."""
        item = parse_event(arrival.body, at=arrival.at)
        taken = await self.intake.take([item], self.batch_of(arrival), size_bytes=len(arrival.body))
        return self.refused_item(taken.rejected[0]) if taken.rejected else NOTHING


class BrevoBatchDoor(BrevoDoor):
    """Takes up to 200 events."""

    async def handle(self, arrival: Arrival) -> Answer:
        """A batch → 202 when all were taken, 207 when some, 400 when none."""
        items = parse_batch(arrival.body, at=arrival.at)
        taken = await self.intake.take(items, self.batch_of(arrival), size_bytes=len(arrival.body))
        if len(taken.rejected) == len(items):
            return self.refused_batch(taken.rejected)
        return self._taken(taken.rejected, len(items))

    def _taken(self, rejected: Sequence[Rejected], events: int) -> Answer:
        """202, or 207 and which events were not."""
        if not rejected:
            return said(202, {"message": "Events accepted", "count": events})
        counts = {
            "total_events": events,
            "successful_events": events - len(rejected),
            "failed_events": len(rejected),
        }
        return said(207, {"status": "partial_success", **counts, "errors": self.errors_of(rejected)})


def fault(status: int, code: Fault, message: str, headers: tuple[Header, ...] = ()) -> Answer:
    """A refusal."""
    return Answer(status, _encoder.encode(FaultBody(code, message)), headers=(*RATE_HEADERS, *headers))


def said(status: int, body: object) -> Answer:
    """An answer with a body."""
    return Answer(status, _encoder.encode(body), headers=RATE_HEADERS)


def _of_request(refusal: RequestRefused) -> Fault:
    """Of a body that could not be read at all nothing is a parameter."""
    whole = refusal.code is Code.MALFORMED and not refusal.path
    return Fault.BAD_REQUEST if whole else of_code(refusal.code, refusal.message)
