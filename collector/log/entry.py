"""What stands in a row of the log? One accepted event as the door understood it, or the retraction of a derived one.

Small and written once: nothing is looked up or enriched before it is on disk. The worker does that later.
"""

from typing import Any

import msgspec

from sessionizer.event import ObjectRef, Page

DERIVED_DOOR = "derived"
IDENTITY_DOOR = "identity"
"""Of what the worker says of contacts: `contact/merged`. No rule said it, so no rule takes it back."""
RECEIPT_DOOR = "receipt"
"""Of what becomes of messages: our own delivery says it, a link that is followed, a provider."""
AUTOMATION_DOOR = "automation"
"""Of what steps of automations say of a contact: an attribute, a list, an event of the team's own."""
ERASURE_DOOR = "erasure"
"""Of what the worker says when somebody was erased: it is nobody's."""


class Entry(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One row's body. New fields go at the end with a default: rows written by older versions stay readable.

    door: the space in which `id` is unique: "site:<n>", "api", "hook:<name>", "cloudevents:<source>", "derived",
    "identity", "receipt", "automation", "erasure".
    source: tracker | api | brevo | segment | cloudevents | hook:<name> | import | derived | receipt.
    occurred_at: ms UTC, already corrected for the client's clock. received_at: ms UTC, by our clock.
    visitor: 26 characters, "" for none. identifiers, attributes: checked, as the door gave them.
    user_agent: at most 512 bytes. ip: truncated (/24, /48). activity: said by a server; None: the door decides.
    proven: the one who claims the identifiers has shown that they are theirs.
    contact: of derived events and those of identity and automations, whose history it is. retracted: the event is no
    longer true.
    """

    door: str
    source: str
    site: int
    id: str
    category: str
    key: str
    occurred_at: int
    received_at: int
    visitor: str = ""
    page: Page | None = None
    properties: dict[str, Any] | None = None
    identifiers: dict[str, str] | None = None
    attributes: dict[str, Any] | None = None
    object: ObjectRef | None = None
    user_agent: str = ""
    ip: str = ""
    seq: int | None = None
    activity: bool | None = None
    historical: bool = False
    consent: str = "unknown"
    causes: tuple[str, ...] = ()
    depth: int = 0
    contact: int = 0
    retracted: bool = False
    identify_mode: str = ""  # guarded | open | verified under a write key; "" at a secret door
    proven: bool = False

    @property
    def public(self) -> bool:
        """Whether it came under a write key, which anybody can read in a page's source."""
        return self.identify_mode != ""


class Head(msgspec.Struct, frozen=True, array_like=True):
    """How an Entry begins: for whoever only passes it on."""

    door: str
    source: str
    site: int
    id: str
    category: str
    key: str
    occurred_at: int
    received_at: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Entry)
_head_decoder = msgspec.msgpack.Decoder(Head)


def encode_entry(entry: Entry) -> bytes:
    """Entry → the row's body (MessagePack, positional)."""
    return _encoder.encode(entry)


def decode_entry(body: bytes) -> Entry:
    """A row's body → Entry. Raises msgspec.ValidationError when it is not one."""
    return _decoder.decode(body)


def decode_head(body: bytes) -> Head:
    """A row's body → its first fields, in a quarter of the time. Raises as `decode_entry`."""
    return _head_decoder.decode(body)
