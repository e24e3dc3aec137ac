"""What goes out, and what became of it? A parcel is given to a channel; the channel answers with one outcome.

Backends: `smtp.py` (e-mail), `http.py` with `providers/` (SMS and WhatsApp). Who calls claims deliveries and settles
them (collector/work/courier); a channel knows no delivery but the one in its hands.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import msgspec

Begun = Callable[[], Awaitable[None]]
"""Awaited right before the content is given away. When it returns the delivery is durably marked as in flight."""


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes with an e-mail. media_type: such as application/pdf."""

    name: str
    media_type: str
    content: bytes


class Template(msgspec.Struct, frozen=True):
    """A template that WhatsApp has approved. language: such as it or en_US. parameters: of the body, in their order."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()


class Parcel(msgspec.Struct, frozen=True):
    """One message to one recipient, rendered.

    id: of the delivery, 26 characters; stands in Message-ID, envelope and the provider's reference.
    account: which one sends it; "" the channel's first. sender, sender_name: "" the account's.
    headers: further ones of an e-mail, checked. message_id: `<…@host>`, the same for every attempt.
    return_path: who gets the bounces; "" the sender. preheader: already inside of html.
    """

    id: str
    channel: str
    account: str
    recipient: str
    recipient_name: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    subject: str = ""
    preheader: str = ""
    html: str = ""
    text: str = ""
    headers: Mapping[str, str] = {}
    message_id: str = ""
    return_path: str = ""
    attachments: tuple[Attachment, ...] = ()
    cc: tuple[tuple[str, str], ...] = ()
    bcc: tuple[tuple[str, str], ...] = ()
    template: Template | None = None


class Accepted(msgspec.Struct, frozen=True):
    """The next one has it. answer: his words. reference: his id. delivered: he says so, no receipt will follow."""

    answer: str
    reference: str = ""
    delivered: bool = False


class Deferred(msgspec.Struct, frozen=True):
    """Not now. Nothing was sent; try again, not before after_ms from now when he said so."""

    code: str
    reason: str
    after_ms: int | None = None


class Refused(msgspec.Struct, frozen=True):
    """Never. hard: there is no such recipient (Hard Bounce); else a Soft Bounce."""

    code: str
    reason: str
    hard: bool


class Broken(msgspec.Struct, frozen=True):
    """Our own fault, and nobody's bounce. everybody: the account or the deployment is at fault (credentials, a
    certificate, an address that is forbidden), so that every other mail would fare alike until it is mended; else it
    is this mail: a header, a sender that is not taken."""

    reason: str
    everybody: bool = False


class Uncertain(msgspec.Struct, frozen=True):
    """All was given away and no answer came: it was sent, or it was not."""

    reason: str


Outcome = Accepted | Deferred | Refused | Broken | Uncertain


class Channel(Protocol):
    """A way out."""

    async def send(self, parcel: Parcel, begun: Begun) -> Outcome:
        """Send one. Raises nothing but CancelledError: what goes wrong is an outcome."""

    async def close(self) -> None:
        """Say goodbye on every connection. Whoever still sends is cut."""
