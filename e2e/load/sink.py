"""A receiver of webhooks on loopback that costs next to nothing: `python -m e2e.load.sink [--silent]`, for load.

Says its port as JSON; answers every line with how many requests it has had. Silent, it hears and never answers.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.fixtures.aside import counting

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
SILENT = "--silent"


def sinking(*options: str) -> AbstractContextManager[tuple[int, Callable[[], int]]]:
    """One in a process of its own: its port, and how many requests it has had."""
    return counting("e2e.load.sink", *options)


class Sink(asyncio.Protocol):
    """One connection."""

    came = 0

    def __init__(self, is_silent: bool) -> None:
        self._is_silent, self._got = is_silent, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody tells."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._got += data
        while (end := self._got.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self._got, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._got) < whole:
                return
            self._got = self._got[whole:]
            Sink.came += 1
            if not self._is_silent:
                self._transport.write(ANSWER)


async def main() -> None:
    """Until stdin is closed."""
    loop, is_silent = asyncio.get_running_loop(), SILENT in sys.argv
    server = await loop.create_server(lambda: Sink(is_silent), "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(Sink.came, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
