"""Where do bounces come in? An SMTP server that takes mail to the bounce address only, and gives reports on.

`bounce+<delivery>@mail.shop.example` by the address of each mail, `bounce@mail.shop.example` for those whose way back
has lost it. It relays nothing, keeps nothing, and says 451 when the reports could not be kept: the sender comes again.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from collector.delivery.bounces import DELIVERY, MAX_BYTES, Report, reports
from collector.delivery.pace import Lane, Pace, Rates

MAX_CONNECTIONS: Final = 50
MAX_RECIPIENTS: Final = 10
IDLE_S: Final = 30.0
MAILS_PER_S: Final = 50.0
MAILS_OF_ONE_PER_S: Final = 10.0

Take = Callable[[list[Report]], Awaitable[None]]

log = logging.getLogger(__name__)


class Door(NamedTuple):
    """host, port: where it listens; port 0 lets the system choose. address: the bounce address."""

    host: str
    port: int
    address: str


def door(listen: str, address: str) -> Door:
    """Of the settings bounce_listen and bounce_address."""
    host, _, port = listen.rpartition(":")
    return Door(host.strip("[]"), int(port), address)


class Inbound:
    """The server, in the loop that starts it."""

    def __init__(self, door: Door, take: Take, now: Callable[[], int]) -> None:
        """take: keeps the reports; when it raises, the sender is told to come again. now: ms UTC."""
        self._door, self._take, self._now = door, take, now
        self._pace = Pace(Rates(channels={"inbound": MAILS_PER_S}, every_domain=MAILS_OF_ONE_PER_S))
        self._open: set[asyncio.BaseTransport] = set()
        self._server: asyncio.Server | None = None
        local, _, domain = door.address.rpartition("@")
        self._ours = re.compile(rf"{re.escape(local)}(\+{DELIVERY})?@{re.escape(domain)}", re.I)

    async def start(self) -> int:
        """Listen; returns the port. Raises OSError when the address is taken, or the port is not ours to open."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._met, self._door.host, self._door.port)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Hang up."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in list(self._open):
            cast(asyncio.WriteTransport, transport).abort()
        await asyncio.sleep(0)

    def _met(self) -> "_Conversation":
        return _Conversation(self, self._door.address.rpartition("@")[2])

    def entered(self, transport: asyncio.BaseTransport) -> bool:
        """Whether there is room for one more."""
        self._open.add(transport)
        return len(self._open) <= MAX_CONNECTIONS

    def left(self, transport: asyncio.BaseTransport) -> None:
        """One less."""
        self._open.discard(transport)

    # What aiosmtpd asks at each stage

    async def handle_MAIL(  # noqa: N802  # the name that aiosmtpd looks for
        self, _: SMTP, session: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        """So many a second."""
        peer = str(session.peer[0]) if session.peer else ""
        if self._pace.take(Lane("inbound", "", peer), self._now()):
            return "451 4.7.1 too fast, come again"
        envelope.mail_from = address or "<>"
        return "250 2.1.0 go on"

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        """Ours, or nobody's."""
        if not self._ours.fullmatch(address):
            return "550 5.1.1 only bounces are taken here"
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 go on"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        """Accepted when the reports are kept."""
        content = envelope.original_content or b""
        found = await asyncio.to_thread(reports, content, list(envelope.rcpt_tos))
        try:
            if found:
                await self._take(found)
        except Exception:  # an edge: the sender comes again
            log.exception("a bounce could not be kept")
            return "451 4.3.0 not now, come again"
        return "250 2.0.0 thank you"


class _Conversation(SMTP):
    """One connection."""

    line_length_limit = 65_536  # some servers quote what they were told on one line

    def __init__(self, of: Inbound, hostname: str) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            of, hostname=hostname, ident="Sentiero", data_size_limit=MAX_BYTES, timeout=IDLE_S, enable_SMTPUTF8=True,
            command_call_limit=100, loop=loop,
        )  # fmt: skip
        self._of = of

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._of.entered(transport):
            super().connection_made(transport)
        else:
            cast(asyncio.WriteTransport, transport).write(b"421 4.7.0 too many connections\r\n")
            transport.close()
            self._of.left(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._of.left(self.transport)
            super().connection_lost(error)
