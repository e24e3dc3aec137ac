"""How does Brevo's old script bring events? `GET /p`, all in the query, from pages and plugins that still have it.

    write key: `key`        answer: 200 {"success": true, …}, never a word of whom the visitor is

An image asks without `Origin`: the page is then known by `Referer`. Source: INTERFACES 1 and 2.
"""

from urllib.parse import urlsplit

from starlette.types import Receive, Scope

from collector.ingest.answer import Answer
from collector.ingest.dialects.brevo_tracker import parse_query
from collector.ingest.doors.brevo import received
from collector.ingest.doors.foreign import Carried, ForeignDoor, succeeded
from collector.ingest.request import Arrival


class BeaconDoor(ForeignDoor):
    """Takes an event of Brevo's old script, written into the address."""

    name = "beacon"
    source = "brevo"
    key_path = "key"
    methods = frozenset({"GET"})

    async def arrive(self, scope: Scope, receive: Receive, at: int) -> Arrival:
        """The query is the body."""
        headers = dict(scope["headers"])
        headers.setdefault(b"origin", _origin_of(headers.get(b"referer", b"")))
        client = scope.get("client")
        peer = client[0] if client else ""
        return Arrival(headers, scope.get("query_string", b""), at, peer, scope.get("scheme", "http"))

    async def handle(self, arrival: Arrival) -> Answer:
        """An event → 200 once it is on disk."""
        beacon = parse_query(arrival.body, received(arrival))
        return succeeded(await self.take(Carried(beacon.write_key, "", [beacon.item]), arrival))


def _origin_of(address: bytes) -> bytes:
    """The origin of a page's address, b"" when it is none."""
    try:
        parts = urlsplit(address.decode("ascii"))
    except ValueError:
        return b""
    return f"{parts.scheme}://{parts.netloc}".encode() if parts.netloc else b""
