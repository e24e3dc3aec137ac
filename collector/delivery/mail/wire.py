"""How do we talk SMTP? aiosmtplib opens (greeting, TLS, login); then this talks, several commands at once.

aiosmtplib reads one answer a command, so it cannot pipeline, and it does not say whether a connection was lost before
or behind the end of the content, which is the difference between sending again and not knowing.
Source: RFC 5321, RFC 2920 (PIPELINING).
"""

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import Mapping
from typing import Final, NamedTuple, cast

import aiosmtplib

from collector.delivery.guard import Guard, connect

CONNECT_S: Final = 10.0
COMMAND_S: Final = 30.0
GOODBYE_S: Final = 1.0
MAX_ANSWER_LINES: Final = 64
MAX_ANSWER_BYTES: Final = 65_536


class Reply(NamedTuple):
    """An answer: its code and its lines, joined by blanks."""

    code: int
    text: str

    @property
    def said(self) -> str:
        """As it is shown: `550 5.1.1 no such user`."""
        return f"{self.code} {self.text}"[:500]


class Lost(Exception):
    """The connection is gone, or silent for too long. The wire is of no further use."""


class Door(NamedTuple):
    """Where and how a connection is opened. tls: implicit, required, try or off. hello: our name in EHLO."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    hello: str
    context: ssl.SSLContext
    guard: Guard

    def __repr__(self) -> str:
        """For logs and tracebacks: no secret."""
        return f"Door({self.host!r}, {self.port})"


class Wire:
    """An open connection. mails: carried so far. in_mail: one was begun and not ended: RSET comes before the next."""

    def __init__(self, transport: asyncio.Transport, extensions: Mapping[str, str]) -> None:
        loop = asyncio.get_running_loop()
        self._reader = asyncio.StreamReader(limit=MAX_ANSWER_BYTES, loop=loop)
        protocol = asyncio.StreamReaderProtocol(self._reader, loop=loop)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # drain() returns when all is in the system's hands
        self._writer = asyncio.StreamWriter(transport, protocol, self._reader, loop)
        self.extensions = extensions
        self.mails = 0
        self.in_mail = False

    @property
    def alive(self) -> bool:
        """Whether it was not lost while nobody looked."""
        return not (self._writer.is_closing() or self._reader.at_eof() or self._reader.exception())

    def offers(self, extension: str) -> bool:
        """Whether the server's EHLO named it, such as `dsn`."""
        return extension in self.extensions

    async def ask(self, *commands: str) -> list[Reply]:
        """The answers to the commands, in their order; sent at once when the server can take that."""
        if self.offers("pipelining"):
            await self._give("".join(f"{command}\r\n" for command in commands).encode("utf-8"))
            return await self._replies(len(commands))
        return [await self._one(command) for command in commands]

    async def _one(self, command: str) -> Reply:
        await self._give(f"{command}\r\n".encode())
        return (await self._replies(1))[0]

    async def give(self, content: bytes) -> None:
        """The content and its final dot. Raises Lost as long as the dot is certainly not with the server.

        Waits as long as the caller does: it may be large, the way narrow.
        """
        try:
            self._writer.write(dotted(content))
            await self._writer.drain()
        except OSError as error:
            raise Lost(f"the connection was lost ({error})") from None

    async def answer(self) -> Reply:
        """What the server says to the content. Raises Lost when it says nothing: nobody knows then.

        Waits as long as the caller does: it may look for viruses first.
        """
        return (await self._replies(1, None))[0]

    async def _give(self, raw: bytes) -> None:
        try:
            self._writer.write(raw)
            if self._writer.transport.get_write_buffer_size():
                async with asyncio.timeout(COMMAND_S):
                    await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise Lost(f"the connection was lost ({str(error) or 'it takes no more'})") from None

    async def _replies(self, count: int, within_s: float | None = COMMAND_S) -> list[Reply]:
        try:
            async with asyncio.timeout(within_s):
                return [await self._read_lines() for _ in range(count)]
        except TimeoutError:
            raise Lost(f"no answer within {within_s:g} s") from None
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise Lost(f"the connection was lost ({type(error).__name__})") from None

    async def _read_lines(self) -> Reply:
        said: list[str] = []
        for _ in range(MAX_ANSWER_LINES):
            line = (await self._reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip("\r\n")
            if not re.match(r"[2-5][0-9]{2}([ -]|$)", line):
                raise Lost(f"an answer that is no SMTP: {line[:80]!r}")
            said.append(line[4:].strip())
            if line[3:4] != "-":
                return Reply(int(line[:3]), " ".join(said))
        raise Lost("an answer without end")

    async def quit(self) -> None:
        """Goodbye; the server's last word is waited for a second."""
        with contextlib.suppress(Lost, TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await self.ask("QUIT")
        self.close()

    def close(self) -> None:
        """Hang up at once: TLS would wait for the server's goodbye."""
        self._writer.transport.abort()


def dotted(content: bytes) -> bytes:
    """Content as DATA takes it: a leading dot doubled, the final dot behind. content: CRLF line ends."""
    stuffed = content.replace(b"\n.", b"\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


async def opened(door: Door) -> Wire:
    """A connection that is greeted, secured and logged in. Raises what guard.connect and aiosmtplib raise."""
    plug = await connect(door.host, door.port, door.guard, within_s=CONNECT_S)
    client = aiosmtplib.SMTP(
        hostname=door.host,
        sock=plug,
        timeout=COMMAND_S,
        local_hostname=door.hello,
        use_tls=door.tls == "implicit",
        start_tls={"required": True, "try": None}.get(door.tls, False),
        tls_context=door.context,
        username=door.user or None,
        password=door.password or None,
    )
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        return _taken_over(client)
    except BaseException:
        client.close()
        with contextlib.suppress(OSError):  # TLS would wait for the server's goodbye
            plug.shutdown(socket.SHUT_RDWR)
        await asyncio.sleep(0)
        raise


def _taken_over(client: aiosmtplib.SMTP) -> Wire:
    """From here on the client is not used: the transport speaks to us."""
    if client.transport is None:
        raise aiosmtplib.SMTPServerDisconnected("the connection was lost")
    return Wire(cast(asyncio.Transport, client.transport), dict(client.esmtp_extensions))
