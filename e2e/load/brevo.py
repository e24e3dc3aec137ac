"""How fast are Brevo's events taken? `POST /v3/events`, one event a request, in turns with the bare ceiling.

Sent as a shop's server would send them: under a secret key, a thousand people by their addresses, a time, properties.
Without a worker. Every answer must have its row.
"""

import random
from pathlib import Path

import msgspec

from e2e.load.accept import RUNS, SECONDS, Pair, check, rate
from e2e.load.deployment import API_KEY, Folder, Server, bare, serving
from e2e.load.figure import Figure
from e2e.load.load import load
from e2e.load.traffic import SEED, instant

PEOPLE = 1_000


def measure(scratch: Path) -> list[Figure]:
    """One event a request."""
    folder = Folder(scratch / "brevo")
    with bare(scratch) as ceiling, serving(folder, worker=False) as ours:
        for server in ceiling, ours:  # to be warm
            load(server.port, requests(server.port), seconds=1, folder=scratch)
        pairs = [_pair(scratch, ceiling, ours, folder) for _ in range(RUNS)]
    folder.close()
    return [rate(pairs, "accept, /v3/events", limit=0.18)]


def _pair(scratch: Path, ceiling: Server, ours: Server, folder: Folder) -> Pair:
    bare_load = load(ceiling.port, requests(ceiling.port), seconds=SECONDS, folder=scratch)
    before = folder.log_end()
    our_load = load(ours.port, requests(ours.port), seconds=SECONDS, folder=scratch)
    check(our_load, folder.given_after(before), 1)
    return Pair(bare_load, our_load, 0, 0.0)


def requests(port: int) -> list[bytes]:
    """A request of each person. The ids are the collector's: Brevo's events have none."""
    chance = random.Random(SEED)
    return [request(msgspec.json.encode(event(n, chance)), port=port) for n in range(PEOPLE)]


def event(number: int, chance: random.Random) -> dict[str, object]:
    """What a shop says of a video that somebody has seen."""
    return {
        "event_name": "video_played",
        "event_date": instant(),
        "identifiers": {"email_id": f"person{number}@shop.example"},
        "event_properties": {"duration": chance.randrange(600), "autoplayed": False, "title": "How to lace boots"},
    }


def request(body: bytes, *, port: int) -> bytes:
    """The whole HTTP request, with the headers that Brevo's clients send."""
    head = (
        f"POST /v3/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
        f"Connection: keep-alive\r\nUser-Agent: python-httpx/0.28.1\r\napi-key: {API_KEY}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
