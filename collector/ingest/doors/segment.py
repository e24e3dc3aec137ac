"""How do Segment's libraries bring events? `POST /v1/<call>`, `/v1/batch`, and the short names that browsers use.

    write key: user name of Basic authentication, else `writeKey` in the body        answer: 200 {"success": true, …}

Source: INTERFACES 1 and 2.
"""

import binascii
import secrets
from base64 import b64decode
from functools import partial

from collector.event_id import new_id, unpack_id
from collector.ingest.answer import Answer, RequestRefused, refused
from collector.ingest.dialects.segment_call import KINDS, Received
from collector.ingest.dialects.segment_com import BATCH, parse
from collector.ingest.door import Door
from collector.ingest.doors.foreign import Carried, ForeignDoor, succeeded
from collector.ingest.request import Arrival
from collector.services import Services
from sessionizer.wall_clock import text_of


class SegmentDoor(ForeignDoor):
    """Takes calls of Segment's libraries, one or a batch of at most 1,000: 32 KiB a call, 500 KiB a batch."""

    name = "segment"
    source = "segment"
    key_path = "writeKey"
    asked_headers = ("authorization",)

    def __init__(self, services: Services, kind: str) -> None:
        """kind: of its calls, or `batch`."""
        super().__init__(services)
        self._kind = kind

    async def handle(self, arrival: Arrival) -> Answer:
        """Calls → 200 once they are on disk."""
        key = _basic_user(arrival)
        received = Received(text_of(arrival.at), partial(_fresh_id, arrival.at))
        parsed = parse(self._kind, arrival.body, received)
        taken = await self.take(Carried(key or parsed.write_key, parsed.sent_at, parsed.items), arrival)
        return succeeded(taken)

    def refused(self, refusal: RequestRefused) -> Answer:
        """The problem, with what the libraries read: `success`, `code`, `message`."""
        return refused(refusal, success=False, code=refusal.code, message=refusal.message)


def segment_doors(services: Services) -> dict[str, Door]:
    """By path: each call by its name and its first letter."""
    doors: dict[str, Door] = {f"/v1/{BATCH}": SegmentDoor(services, BATCH)}
    for kind in KINDS:
        doors[f"/v1/{kind}"] = doors[f"/v1/{kind[0]}"] = SegmentDoor(services, kind)
    return doors


def _fresh_id(at: int) -> str:
    """Of an event that came without one: it cannot be told from its own retry."""
    return unpack_id(new_id(at, secrets.randbits(80)))


def _basic_user(arrival: Arrival) -> str:
    """The user name of the `Authorization` header, "" when there is none that can be read."""
    scheme, _, given = arrival.text(b"authorization").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(given.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
