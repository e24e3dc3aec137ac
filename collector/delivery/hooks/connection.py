"""How is a request posted on a connection that is kept? HTTP/1.1, one at a time, to an address that was checked.

What matters of an answer is its status and Retry-After: no more of it than 64 KiB is taken, and one that has begun is
an answer, however slowly the rest of it drips.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from typing import Final, cast

import httptools

from collector.delivery.http import MAX_ANSWER_BYTES, Request

INTERIM: Final = 200
"""Statuses below are no answer yet."""


class HungUp(ConnectionError):
    """It was closed, or made no sense, before an answer came."""


class Connection(asyncio.Protocol):
    """One. is_free: whether another request may be posted on it."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[None] | None = None
        self._forget()
        self.is_free, self.used_at = False, 0.0

    async def post(self, request: Request, within_s: float) -> tuple[int, str]:
        """Status, and Retry-After ("" without). Raises HungUp, TimeoutError."""
        assert self._transport is not None
        self._forget()
        self._answer = asyncio.get_running_loop().create_future()
        self.is_free = False
        self._transport.write(written(request))
        try:
            async with asyncio.timeout(within_s):
                await self._answer
        except BaseException as error:
            self.close()
            if not (isinstance(error, TimeoutError) and self._status):
                raise
        self.used_at = asyncio.get_running_loop().time()
        return self._status, self._retry_after

    def close(self) -> None:
        """Hang up."""
        self.is_free = False
        if self._transport is not None:
            self._transport.abort()

    def _forget(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._status, self._retry_after, self._bytes = 0, "", 0

    def _ends(self, failure: str = "") -> None:
        if self._answer is None or self._answer.done():
            return
        if self._status or not failure:
            self._answer.set_result(None)
        else:
            self._answer.set_exception(HungUp(failure))

    # What the loop calls ----------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._transport, self.is_free = cast(asyncio.Transport, transport), True

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side, or the net, is gone."""
        self.is_free = False
        self._ends(str(exc or "the connection was closed"))

    def data_received(self, data: bytes) -> None:
        """A piece of an answer; what nobody asked for ends it all."""
        self._bytes += len(data)
        if self.is_free:
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._ends("what came is no HTTP")
            self.close()
        if self._bytes > MAX_ANSWER_BYTES:
            self._ends("what came is too long")
            self.close()

    # What the parser calls --------------------------------------------------------------------------------------------

    def on_header(self, name: bytes, value: bytes) -> None:
        """One line."""
        if name.lower() == b"retry-after":
            self._retry_after = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """An answer has begun, unless it is only on its way."""
        status = self._parser.get_status_code()
        if status >= INTERIM:
            self._status = status

    def on_message_complete(self) -> None:
        """That was all."""
        if self._status:
            self.is_free = self._parser.should_keep_alive()
            self._ends()
            if not self.is_free:
                self.close()


async def connected(opened: socket.socket, host: str, context: ssl.SSLContext | None) -> Connection:
    """A connection on a socket that is; host: for TLS. Raises OSError, ssl.SSLError."""
    try:
        _, made = await asyncio.get_running_loop().create_connection(
            Connection, sock=opened, ssl=context, server_hostname=host if context else None
        )
    except BaseException:
        opened.close()
        raise
    return made


def written(request: Request) -> bytes:
    """As it goes over the wire. Raises ValueError for a header that would be another one too."""
    address = request.address
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    lines = [f"POST {target} HTTP/1.1", f"Host: {address.netloc}", *_lines(request.headers)]
    head = "\r\n".join([*lines, f"Content-Length: {len(request.body)}", "", ""])
    return head.encode() + request.body


def _lines(headers: Mapping[str, str]) -> list[str]:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if any("\r" in line or "\n" in line or "\0" in line for line in lines):
        raise ValueError("a header holds a line break")
    return lines
