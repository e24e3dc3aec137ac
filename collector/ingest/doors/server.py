"""How do servers bring events? `POST /api/events`, under a secret key.

    key (401, 403) → envelope (400, 413) → intake → 202

Any category, any date since 2000, any site; whose event it is, each event says. No CORS and no limits: the key is
nobody's but the deployment's. Source: INTERFACES 1 and 2.
"""

from starlette.types import Scope

from collector.errors import Code
from collector.ingest.answer import API_KEY_HEADER, Answer, RequestRefused, taken
from collector.ingest.bounds import MAX_PROPERTIES_BYTES
from collector.ingest.dialects.sentiero import SECRET, parse
from collector.ingest.door import Door, header
from collector.ingest.draft import Batch
from collector.ingest.request import Arrival
from collector.ingest.skew import FIRST_AT
from collector.services import Services

BEARER = b"bearer "


class ServerDoor(Door):
    """Takes a batch of events from a server, under an API key of scope write."""

    name = "api"
    reserved = True

    def admit(self, scope: Scope) -> None:
        """Who asks. The key stands in a header; one in the address is not looked at: addresses end up in logs."""
        authorise(self.services, header(scope, b"api-key").decode("latin-1"))

    async def handle(self, arrival: Arrival) -> Answer:
        """A batch → 202 once it is on disk."""
        parsed = parse(SECRET, arrival.body)
        batch = Batch(
            door="api",
            source="api",
            received_at=arrival.at,
            oldest_at=FIRST_AT,
            ahead_ms=self.services.settings.clock_ahead_ms,
            is_small=len(arrival.body) <= MAX_PROPERTIES_BYTES,
            pinned=self.services.pinned.by_kind,
            is_site=lambda id: self.services.keys.site(id) is not None,
        )
        if parsed.unknown_fields:
            self.count_unknown_fields(parsed.unknown_fields)
        return taken(await self.intake.take(parsed.items, batch, size_bytes=len(arrival.body)))


def secret_of(scope: Scope) -> str:
    """The key of a request, by `api-key` or by the bearer token that other products' clients send instead."""
    key = header(scope, b"api-key")
    if not key and (bearer := header(scope, b"authorization"))[: len(BEARER)].lower() == BEARER:
        key = bearer[len(BEARER) :].strip()
    return key.decode("latin-1")


def authorise(services: Services, key: str) -> None:
    """Whether a key may write. Raises RequestRefused: 401 without a good one, 403 for one that may only read."""
    access = services.keys.api(key) if key else Code.KEY_UNKNOWN
    if isinstance(access, Code):
        missing = "" if key else "Send the header api-key with a key of this deployment."
        raise RequestRefused(access, missing, path=API_KEY_HEADER)
    if not access.permits("write"):
        message = f"This needs a key of scope write; this one has {access.scope}."
        raise RequestRefused(Code.KEY_UNKNOWN, message, path=API_KEY_HEADER, status=403)
