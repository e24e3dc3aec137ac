"""How does a test reach the application by wire? A real server on a loopback socket, its clock standing still.

The same server and options as `sentiero serve` (`collector/commands/serve.py`), in a thread, so that the test may
shorten the deadline of 10 s.
"""

import http.client
import json
import select
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

import uvicorn

from collector.app import build
from collector.commands.prepare import prepare
from collector.config import load
from collector.ingest import Doors
from collector.ingest.door import Door
from collector.process.connection import Http
from tests.collector.ingest.sending import API_KEY, NOW, WRITE_KEY
from tests.killed.wait import until

START_S = 20.0
PATIENCE_S = 10.0


class Answer(NamedTuple):
    """Of one request. headers: lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


class Served:
    """A data folder, the application on it, and a server in front."""

    def __init__(self, folder: Path) -> None:
        given = {"data": folder, "write_key": WRITE_KEY, "api_key": API_KEY, "worker": False, "rate_limit": False}
        settings = load(given, {}, folder)
        prepare(settings, now=NOW)
        self.built = build(settings, clock=lambda: NOW)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(
            uvicorn.Config(
                self.built.asgi,
                loop="uvloop",
                http=Http,
                lifespan="on",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                log_level="warning",
                ws="none",
            )
        )
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)

    def start(self) -> None:
        """Returns when it answers."""
        self._thread.start()
        until(lambda: self._server.started, START_S, lambda: "the server has not started")

    def close(self) -> None:
        """End it as SIGTERM would."""
        self._server.should_exit = True
        self._thread.join(START_S)
        assert not self._thread.is_alive()
        self._listener.close()

    @property
    def doors(self) -> dict[str, Door]:
        """By path."""
        return {route.path: cast(Door, route.endpoint) for route in cast(Doors, self.built.asgi).routes}

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self._listener.getsockname()
        return host, port

    def connect(self) -> "Wire":
        """A connection on which the test writes its own bytes."""
        return Wire(self.address)

    def post(self, body: bytes | Iterable[bytes], path: str = "/e", **headers: str) -> Answer:
        """One request on a connection of its own; an iterable body goes out in chunks, as fast as it comes."""
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE_S)
        named = {name.replace("_", "-"): value for name, value in ({"content_type": "text/plain"} | headers).items()}
        chunked = not isinstance(body, bytes) and "content_length" not in headers
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has read everything
                connection.request("POST", path, body, named, encode_chunked=chunked)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


class Wire:
    """A connection on which a test writes its own bytes, and reads one answer after the other."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE_S)
        self._answers = self.socket.makefile("rb")

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def send(self, content: bytes) -> None:
        """All of it."""
        self.socket.sendall(content)

    def answer(self) -> Answer:
        """The next one."""
        status = int(self._answers.readline().split()[1])
        headers = {}
        while line := self._answers.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Answer(status, headers, self._answers.read(int(headers["content-length"])))

    def has_answer(self, within_s: float) -> bool:
        """Whether one comes within that time."""
        return bool(select.select([self.socket], [], [], within_s)[0])

    def is_over(self) -> bool:
        """Whether the other side has closed it, which is waited for."""
        return self._answers.read(1) == b""

    def close(self) -> None:
        """Leave."""
        self._answers.close()
        self.socket.close()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """A server that is ended afterwards."""
    server = Served(folder)
    server.start()
    try:
        yield server
    finally:
        server.close()
