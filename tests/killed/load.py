"""Who sends, and remembers what was promised? Clients that repeat a batch until it is acknowledged, as a tracker does.

Histories are meant to hurt: events arrive out of order and late, a fifth of the batches are of new visitors, some
batches are sent twice, some by two clients at once, and the processes die in between.
"""

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.killed.process import WRITE_KEY

HOUR_MS = 3_600_000
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BACKOFF_S = 0.03
PAUSE_S = 0.04
RETRYABLE = (408, 429, 503)

Port = Callable[[], int | None]
"""Where the deployment listens now, None while it is down."""


class Batch:
    """A request's body, written once, and the ids in it."""

    def __init__(self, ids: list[str], body: bytes) -> None:
        self.ids, self.body = ids, body


class Load:
    """Some threads that send until told to stop. `surprises` should be empty.

    acked: ids for which a 202 was read. refused: answers that said "not now".
    """

    def __init__(self, port: Port, *, seed: int, threads: int = 3) -> None:
        self._port, self._seed = port, seed
        self._threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(threads)]
        self._under_way: list[Batch | None] = [None] * threads
        self._nonces = [str(uuid.UUID(int=random.Random(seed).getrandbits(128), version=4))]
        self._stopping, self._giving_up = threading.Event(), threading.Event()
        self.sent: set[str] = set()
        self.acked: set[str] = set()
        self.surprises: list[str] = []
        self.refused = 0

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, *, within_s: float, give_up: bool = False) -> None:
        """No new batches; those under way are repeated until acknowledged. give_up: nor is anything repeated."""
        self._stopping.set()
        if give_up:
            self._giving_up.set()
        deadline = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        assert not any(thread.is_alive() for thread in self._threads), f"not acknowledged within {within_s:g} s"

    def _run(self, number: int) -> None:
        rng = random.Random(f"{self._seed}:{number}")
        client = Client(self._port)
        while not self._stopping.is_set():
            batch = self._batch(rng)
            self._under_way[number] = batch
            self.sent.update(batch.ids)
            self._deliver(client, batch)
            if rng.random() < 0.1 and (twin := rng.choice(self._under_way)):
                self._deliver(client, twin)
            self._stopping.wait(rng.uniform(0, PAUSE_S))
        client.close()

    def _deliver(self, client: "Client", batch: Batch) -> None:
        """Send it until it is acknowledged."""
        while not self._giving_up.is_set():
            status, answer = client.post(batch.body)
            if status == 202:
                self._acknowledge(batch, answer)
                return
            if status and status not in RETRYABLE:
                self.surprises.append(f"{status} {answer!r}")
                return
            self.refused += bool(status)
            self._giving_up.wait(BACKOFF_S)

    def _acknowledge(self, batch: Batch, answer: bytes) -> None:
        said = json.loads(answer)
        if said["rejected"] or said["accepted"] + said["duplicates"] != len(batch.ids):
            self.surprises.append(f"202 {answer!r}")
        else:
            self.acked.update(batch.ids)

    def _batch(self, rng: random.Random) -> Batch:
        """1 to 10 pages of one visitor at any instants of the last three hours."""
        if rng.random() < 0.2:
            self._nonces.append(str(uuid.UUID(int=rng.getrandbits(128), version=4)))
        now = time.time_ns() // 1_000_000
        events = [page_visited(rng, now - rng.randrange(3 * HOUR_MS)) for _ in range(rng.randint(1, 10))]
        return Batch([event["id"] for event in events], envelope(events, nonce=rng.choice(self._nonces[-40:])))


class Client:
    """One connection that is kept, and made anew when it breaks."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._connection: http.client.HTTPConnection | None = None

    def post(self, body: bytes) -> tuple[int, bytes]:
        """(status, body) of the answer; status 0 when there was none."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.request("POST", "/e", body, {"content-type": "text/plain", "user-agent": BROWSER})
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, b""

    def _connect(self) -> http.client.HTTPConnection:
        port = self._port()
        if port is None:
            raise ConnectionRefusedError("it is down")
        return http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def page_visited(rng: random.Random, at: int, **fields: Any) -> dict[str, Any]:
    """An event of POST /e. at: ms UTC."""
    page = f"https://shop.example/{rng.randrange(200)}"
    return {"id": uuid7(rng), "key": "page_visited", "occurred_at": rfc3339(at), "page": {"url": page}, **fields}


def envelope(events: list[Any], **fields: Any) -> bytes:
    """The body of POST /e."""
    now = rfc3339(time.time_ns() // 1_000_000)
    return json.dumps({"write_key": WRITE_KEY, "sent_at": now, "events": events, **fields}).encode()


def uuid7(rng: random.Random) -> str:
    """A UUIDv7 of now."""
    ms = time.time_ns() // 1_000_000
    return str(uuid.UUID(int=(ms << 80) | (7 << 76) | (rng.getrandbits(12) << 64) | (2 << 62) | rng.getrandbits(62)))


def rfc3339(ms: int) -> str:
    """An instant, ms UTC, as text."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
