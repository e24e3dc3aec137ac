"""How fast does Segment's door take batches? A hundred calls a request, as its libraries send them.

Of 2,000 people who are at work at once; half of them page calls, half events of the e-commerce spec, each with the
context that the libraries add. After each run the log is counted: every answer must have its rows.
"""

import base64
import random
from pathlib import Path
from typing import Any

import msgspec

from e2e.load.deployment import WRITE_KEY, Folder, serving
from e2e.load.figure import Figure, Limit, middle
from e2e.load.load import CONNECTIONS, load
from e2e.load.traffic import AGENTS, BROWSERS_AT_ONCE, ID, SEED, SITE_ORIGIN, instant, pages, uuid4

BATCH, BATCHES = 100, 100
SECONDS, RUNS = 3, 5


def measure(scratch: Path) -> list[Figure]:
    """Batches of a hundred calls."""
    folder = Folder(scratch / "segment")
    with serving(folder, worker=False) as server:
        templates = hundreds(server.port)
        load(server.port, templates, seconds=1, folder=scratch)  # to be warm
        rates = [_rate(server.port, templates, folder, scratch) for _ in range(RUNS)]
    folder.close()
    return [
        Figure(
            name="segment_batches",
            what="segment: batches of /v1/batch",
            figure=middle(rates),
            unit="events/s",
            limit=Limit("at least", 20_000),
            ids="uuidv7",
            batch=BATCH,
            worker=False,
            runs=rates,
        )
    ]


def _rate(port: int, templates: list[bytes], folder: Folder, scratch: Path) -> float:
    before = folder.log_end()
    done = load(port, templates, seconds=SECONDS, folder=scratch)
    rows, answered = folder.given_after(before), done.requests * BATCH
    rest = 2 * (CONNECTIONS + 1) * BATCH  # of requests without an answer, of this run and the one before
    if done.failed or not answered <= rows <= answered + rest:
        raise AssertionError(f"{done.requests} answers of {BATCH} calls, {done.failed} failed, {rows} rows in the log")
    return done.per_second * BATCH


def hundreds(port: int) -> list[bytes]:
    """Requests of a hundred calls, each of one of 2,000 people."""
    chance = random.Random(SEED)
    shop = [page.url for page in pages(chance)]
    people = [uuid4(chance) for _ in range(BROWSERS_AT_ONCE)]
    found = []
    for _ in range(BATCHES):
        calls = [_call(chance, chance.choice(shop), chance.choice(people)) for _ in range(BATCH)]
        found.append(_request(msgspec.json.encode({"batch": calls, "sentAt": instant()}), port))
    return found


def _call(chance: random.Random, url: str, person: str) -> dict[str, Any]:
    library = {"name": "analytics-python", "version": "2.3.5"}
    context = {"library": library, "userAgent": chance.choice(AGENTS), "page": {"url": url, "title": "Shop"}}
    usual = {"messageId": ID, "timestamp": instant(), "anonymousId": person, "userId": None, "context": context}
    if chance.random() < 0.5:
        return {"type": "page", "name": "Shop", "properties": {"path": url.removeprefix(SITE_ORIGIN)}, **usual}
    product = {"product_id": f"p-{chance.randrange(9_999)}", "name": "Boots", "price": 129.5, "currency": "EUR"}
    return {"type": "track", "event": "Product Viewed", "properties": product, **usual}


def _request(body: bytes, port: int) -> bytes:
    key = base64.b64encode(f"{WRITE_KEY}:".encode()).decode()
    head = (
        f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: analytics-python/2.3.5\r\n"
        f"Content-Type: application/json\r\nAuthorization: Basic {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
