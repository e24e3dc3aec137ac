"""How fast are signed webhooks taken? `POST /hooks/<source>` of the generic provider, one event a call.

Each call is signed as Standard Webhooks has it, for its own id and time, so that no two are alike. In turns with the
bare ceiling, without a worker; one process, one core. Every answer must have its row.
"""

import base64
import hmac
import random
import time
from pathlib import Path

import msgspec
from msgspec.structs import replace

from collector.store.ports.definitions.sources import Source
from collector.store.sqlite.hooks.sources import SqliteSources
from e2e.load.accept import RUNS, SECONDS, Pair, check, rate
from e2e.load.deployment import Folder, Server, bare, serving
from e2e.load.figure import Figure, Limit
from e2e.load.load import load

PEOPLE = 1_000
MOST_PER_S = 8_000
"""So many calls are made ready for each second: the generator must not come round to one that it has sent."""
KEY = b"k" * 24
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


def measure(scratch: Path) -> list[Figure]:
    """One event a call."""
    folder = Folder(scratch / "hooks")
    open_source(folder)
    with bare(scratch) as ceiling, serving(folder, worker=False) as ours:
        for server in ceiling, ours:  # to be warm
            load(server.port, requests(server.port, 1), seconds=1, folder=scratch)
        pairs = [_pair(scratch, ceiling, ours, folder) for _ in range(RUNS)]
    folder.close()
    return [replace(rate(pairs, "accept, signed webhooks"), limit=Limit("at least", 2_000), ids="")]


def open_source(folder: Folder) -> None:
    """A source of the generic provider, in the folder."""
    sources = SqliteSources(folder.path / "store.db")
    sources.add(
        Source(
            name="school",
            provider="generic",
            mapping="",
            secrets=(SECRET,),
            paused=False,
            created_at=0,
            modified_at=0,
        )
    )
    sources.close()


def _pair(scratch: Path, ceiling: Server, ours: Server, folder: Folder) -> Pair:
    bare_load = load(ceiling.port, requests(ceiling.port, 1), seconds=SECONDS, folder=scratch)
    signed = requests(ours.port, SECONDS)
    before = folder.log_end()
    our_load = load(ours.port, signed, seconds=SECONDS, folder=scratch)
    check(our_load, folder.given_after(before), 1)
    return Pair(bare_load, our_load, 0, 0.0)


def requests(port: int, seconds: int) -> list[bytes]:
    """Calls for so many seconds, each signed."""
    chance = random.Random()
    numbers = (chance.randrange(PEOPLE) for _ in range(seconds * MOST_PER_S))
    return [request(chance.randbytes(12).hex(), number, port=port) for number in numbers]


def request(id: str, number: int, *, port: int) -> bytes:
    """A whole HTTP request of a school that tells of a lesson."""
    at_s = int(time.time())
    said = {
        "type": "lesson.done",
        "timestamp": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(at_s))}Z",
        "data": {"lesson": number, "title": "How to lace boots", "minutes": 12, "score": 0.9},
        "email": f"person{number}@school.example",
    }
    body = msgspec.json.encode(said)
    digest = hmac.digest(KEY, f"msg_{id}.{at_s}.".encode() + body, "sha256")
    head = (
        f"POST /hooks/school HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\nUser-Agent: School/1\r\n"
        f"Connection: keep-alive\r\nwebhook-id: msg_{id}\r\nwebhook-timestamp: {at_s}\r\n"
        f"webhook-signature: v1,{base64.b64encode(digest).decode()}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
