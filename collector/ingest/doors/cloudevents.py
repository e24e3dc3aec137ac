"""How do CloudEvents come in? `POST /cloudevents`: binary, structured, or a batch, under a secret key.

    key (401, 403) → attributes and data → intake, one source after the other → 202

Space of ids: that of the CloudEvents source: (source, id) is the event's identity. `OPTIONS` is the question of the
webhook specification whether we want to be called. Source: INTERFACES 1 and 2;
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md.
"""

from collections.abc import Mapping, Sequence

from starlette.types import Scope

from collector.ingest.answer import Answer, Rejected, Taken, Warned, taken
from collector.ingest.bounds import MAX_PROPERTIES_BYTES
from collector.ingest.dialects.cloudevents import BATCH, STRUCTURED, Sent, parse
from collector.ingest.door import Door, header
from collector.ingest.doors.server import authorise, secret_of
from collector.ingest.draft import Batch
from collector.ingest.request import Arrival
from collector.ingest.skew import FIRST_AT
from collector.services import Services

NAME = "cloudevents"
ASKED_BY = b"webhook-request-origin"


class CloudEventsDoor(Door):
    """Takes CloudEvents from a server, under an API key of scope write."""

    name = NAME
    methods = frozenset({"POST", "OPTIONS"})
    media_types = frozenset({STRUCTURED.encode(), BATCH.encode(), b"application/json", b"text/plain", b""})
    reserved = True

    def admit(self, scope: Scope) -> None:
        """Who asks: by `api-key`, or by the bearer token that the webhook specification has."""
        authorise(self.services, secret_of(scope))

    def preflight(self, scope: Scope) -> Answer:
        """Whoever asks by name may call: what counts is the key."""
        asked = header(scope, ASKED_BY)
        allowed = ((b"webhook-allowed-origin", asked), (b"webhook-allowed-rate", b"*")) if asked else ()
        return Answer(200 if asked else 204, b"", headers=((b"allow", b"POST"), *allowed))

    async def handle(self, arrival: Arrival) -> Answer:
        """A request → 202 once its events are on disk."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in arrival.headers.items()}
        sent = parse(headers, arrival.body, at=arrival.at)
        found = Taken(0, 0)
        for source, places in by_source(sent).items():
            items = [sent[place].item for place in places]
            batch = batch_of(self.services, source, arrival)
            part = await self.intake.take(items, batch, size_bytes=len(arrival.body))
            found = together(found, part, places)
        return taken(found)


def by_source(sent: Sequence[Sent]) -> Mapping[str, list[int]]:
    """Source → places of its events. Nearly always it is one."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(sent):
        found.setdefault(one.source, []).append(place)
    return found


def batch_of(services: Services, source: str, arrival: Arrival) -> Batch:
    """What the events of one source share."""
    return Batch(
        door=f"{NAME}:{source}",
        source=NAME,
        received_at=arrival.at,
        oldest_at=FIRST_AT,
        ahead_ms=services.settings.clock_ahead_ms,
        is_small=len(arrival.body) <= MAX_PROPERTIES_BYTES,
        pinned=services.pinned.by_kind,
        is_site=lambda id: services.keys.site(id) is not None,
    )


def together(before: Taken, part: Taken, places: Sequence[int]) -> Taken:
    """Two answers as one. places: of the part's events in the request."""

    def moved(path: str, index: int) -> str:
        return path.replace(f"events[{index}]", f"events[{places[index]}]", 1)

    rejected = [
        Rejected(places[one.index], one.id, one.code, moved(one.path, one.index), one.message) for one in part.rejected
    ]
    warnings = [Warned(places[one.index], one.code, moved(one.path, one.index), one.message) for one in part.warnings]
    return Taken(
        before.accepted + part.accepted,
        before.duplicates + part.duplicates,
        tuple(sorted((*before.rejected, *rejected), key=lambda one: one.index)),
        tuple(sorted((*before.warnings, *warnings), key=lambda one: one.index)),
    )
