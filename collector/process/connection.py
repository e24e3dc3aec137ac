"""How does an answer leave? Head and body in one write: one packet, one call of the system, one waking of the reader.

uvicorn writes them one after the other, and the loop hands each to the system at once. On the way of an event the
second write costs as much as a third of everything else that is done for it.
"""

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Joined:
    """A transport that gathers what is written in one turn of the loop. All else is as with the one it stands for."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._waiting: list[bytes] = []
        for name in "get_extra_info is_closing pause_reading resume_reading set_protocol get_write_buffer_size".split():
            setattr(self, name, getattr(transport, name))

    def write(self, data: bytes) -> None:
        """Send it with whatever else is written before the loop goes round."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)

    def close(self) -> None:
        """Send what waits, then close."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._waiting.clear()
        self._transport.abort()

    def _flush(self) -> None:
        if self._waiting and not self._transport.is_closing():
            self._transport.write(b"".join(self._waiting))
        self._waiting.clear()


class Http(HttpToolsProtocol):
    """uvicorn's protocol on such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(cast(asyncio.Transport, Joined(transport, self.loop)))
