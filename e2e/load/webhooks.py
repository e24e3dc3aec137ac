"""How fast are webhooks told? 10,000 orders of three items that are recorded at once, to a receiver on loopback.

rate      by `sentiero work`, from the first that is received to the last; each is signed, sent by itself, and settled
beside    the same, while another webhook's receiver hears everything and never answers
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from collector.delivery.hooks.sink import new_secret
from collector.process.clock import wall_clock
from collector.store.ports.bulk import Happened, Known, People, Sort
from collector.store.ports.definitions.webhooks import Writing
from collector.store.sqlite.definitions.webhooks import SqliteWebhooks
from collector.store.sqlite.work.bulk import bulk
from e2e.load.deployment import Folder, until, working
from e2e.load.figure import Figure, Limit
from e2e.load.sink import SILENT, sinking

EVENTS, ASKED = 10_000, 500
TIMEOUT_S = 300
ITEMS = [
    {"name": f"Cengia boots, size {size}", "quantity": 1, "price": 189.0, "url": "https://shop.example/boots"}
    for size in (41, 42, 43)
]
SORT = Sort("api", "api", 0, "ecommerce", "order_completed")


def measure(scratch: Path) -> list[Figure]:
    """Alone, and beside one that never answers."""
    with allowed(), sinking() as (port, count):
        alone = _rate(Folder(scratch / "alone"), [port], count)
        with sinking(SILENT) as (silent, _):
            beside = _rate(Folder(scratch / "beside"), [silent, port], count)
    return [
        _figure("webhooks_rate", "10,000 orders to a receiver on loopback", alone),
        _figure("webhooks_beside_slow", "the same, beside a receiver that never answers", beside),
    ]


@contextmanager
def allowed() -> Iterator[None]:
    """Processes that are started in the block may tell this machine."""
    os.environ["SENTIERO_DELIVERY_NETWORKS"] = "127.0.0.0/8"
    try:
        yield
    finally:
        del os.environ["SENTIERO_DELIVERY_NETWORKS"]


def _rate(folder: Folder, ports: list[int], count: Callable[[], int]) -> float:
    webhooks = SqliteWebhooks(folder.path / "store.db")
    for port in ports:
        writing = Writing(kinds=("ecommerce/*",), secrets=(new_secret(),))
        webhooks.add("Hook", f"http://127.0.0.1:{port}/hook", writing, at=wall_clock())
    webhooks.close()
    _fill(folder.path)
    before = count()
    with working(folder):
        until(lambda: count() > before, TIMEOUT_S, "nothing is told", every_s=0.005)
        first, start = count(), perf_counter()
        until(lambda: count() >= before + EVENTS, TIMEOUT_S, "some are not told", every_s=0.02)
        took = perf_counter() - start
    folder.close()
    return (before + EVENTS - first) / took


def _fill(path: Path) -> None:
    at = wall_clock()
    with bulk(path / "store.db", after=0) as writing:
        known = Known(1, False, at, at, {}, set())
        writing.people(People(contacts=[known], visitors=(), identifiers=(), epochs=(), links=()))
        writing.record(
            Happened(
                id=uuid.uuid4().bytes,
                sort=SORT,
                at=at,
                received_at=at,
                visitor=None,
                contact=1,
                agent=None,
                properties={"id": f"A-{number}", "items": ITEMS, "total": 567.0, "currency": "EUR"},
            )
            for number in range(EVENTS)
        )


def _figure(name: str, what: str, rate: float) -> Figure:
    return Figure(
        name=name,
        what=what,
        figure=round(rate),
        unit="deliveries/s",
        limit=Limit("at least", ASKED),
        worker=True,
        runs=[rate],
    )
