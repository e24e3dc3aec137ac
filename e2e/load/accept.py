"""How fast are events taken? Requests answered after their commit, in turns with the bare ceiling.

Both get the same requests from the same generator: a thousand visitors who are known by their signed token, from a page
of an allowed origin. After each run the log is counted: every answer must have its rows.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from e2e.load.client import Connection
from e2e.load.deployment import DRAIN_S, WRITE_KEY, Folder, Server, bare, serving
from e2e.load.figure import Figure, Limit, middle, named
from e2e.load.load import CONNECTIONS, Load, generator, load
from e2e.load.traffic import AGENTS, ID, NEW_SHARE, SEED, batch, page_view, pages, request, uuid4

VISITORS = 1_000
BATCH, BATCHES = 100, 100
SECONDS, RUNS = 3, 5

Templates = Callable[[int], list[bytes]]
"""Gives the requests for a port."""


class Pair(NamedTuple):
    """One run of the ceiling and the one of ours after it. backlog, drain_s: of the worker, when there is one."""

    ceiling: Load
    ours: Load
    backlog: int
    drain_s: float

    @property
    def ratio(self) -> float:
        """Ours to the ceiling."""
        return self.ours.per_second / self.ceiling.per_second


class Bench(NamedTuple):
    """What a run needs. tokens: of visitors whom the collector knows."""

    scratch: Path
    ceiling: Server
    ours: Server
    folder: Folder
    tokens: list[str]


def measure(scratch: Path) -> list[Figure]:
    """One event a request, batches of 100; then one event a request with a worker beside it."""
    with bare(scratch) as ceiling:
        with _bench(scratch, ceiling, worker=False) as bench:
            known = _pairs(bench, lambda port: singles(port, bench.tokens))
            some_new = _pairs(bench, lambda port: singles(port, bench.tokens, new_share=NEW_SHARE))
            figures = [
                rate(known, "accept", limit=0.22),
                _slowest(known),
                rate(some_new, "accept, 20 % new visitors"),
                _batched(_pairs(bench, lambda port: hundreds(port, bench.tokens), events=BATCH)),
            ]
        with _bench(scratch, ceiling, worker=True) as bench:
            beside = _pairs(bench, lambda port: singles(port, bench.tokens), worker=True)
            figures += [rate(beside, "accept, worker beside", limit=0.12, worker=True), _drained(beside)]
    return figures


@contextmanager
def _bench(scratch: Path, ceiling: Server, *, worker: bool) -> Iterator[Bench]:
    folder = Folder(scratch / f"worker-{worker}")
    with serving(folder, worker=worker) as ours:
        bench = Bench(scratch, ceiling, ours, folder, asyncio.run(tokens_of(ours.port)))
        for server in ceiling, ours:  # to be warm
            load(server.port, singles(server.port, bench.tokens), seconds=1, folder=scratch)
        yield bench
    folder.close()


async def tokens_of(port: int, count: int = VISITORS) -> list[str]:
    """The signed tokens of that many new visitors, as the collector answers them."""
    chance, connection, tokens = random.Random(SEED), await Connection.open(port), []
    page = pages(chance)[0]
    for _ in range(count):
        body = batch(WRITE_KEY, [page_view(page, id=uuid4(chance))], nonce=uuid4(chance))
        status, answer = await connection.send(request(body, agent=AGENTS[0], port=port))
        assert status == 202, answer
        tokens.append(msgspec.json.decode(answer)["visitor"])
    connection.close()
    return tokens


def singles(port: int, tokens: list[str], *, new_share: float = 0.0) -> list[bytes]:
    """A request for each visitor, with one page view. new_share: how many of them are new, with a nonce."""
    chance = random.Random(SEED)
    shop = pages(chance)
    found = []
    for token in tokens:
        who = {"nonce": ID} if chance.random() < new_share else {"token": token}
        body = batch(WRITE_KEY, [page_view(chance.choice(shop))], **who)
        found.append(request(body, agent=chance.choice(AGENTS), port=port))
    return found


def hundreds(port: int, tokens: list[str]) -> list[bytes]:
    """Requests of a hundred page views of one visitor."""
    chance = random.Random(SEED)
    shop = pages(chance)
    events = [[page_view(chance.choice(shop), seq=n) for n in range(BATCH)] for _ in range(BATCHES)]
    bodies = [batch(WRITE_KEY, views, token=token) for views, token in zip(events, tokens, strict=False)]
    return [request(body, agent=chance.choice(AGENTS), port=port) for body in bodies]


def _pairs(bench: Bench, templates: Templates, *, events: int = 1, worker: bool = False) -> list[Pair]:
    return [_pair(bench, templates, events=events, worker=worker) for _ in range(RUNS)]


def _pair(bench: Bench, templates: Templates, *, events: int, worker: bool) -> Pair:
    """The ceiling, ours; then the worker's rest, so that it does not run beside the next ceiling."""
    ceiling = load(bench.ceiling.port, templates(bench.ceiling.port), seconds=SECONDS, folder=bench.scratch)
    before = bench.folder.log_end()
    ours = load(bench.ours.port, templates(bench.ours.port), seconds=SECONDS, folder=bench.scratch)
    backlog = bench.folder.backlog() if worker else 0  # at once: counting the rows takes a while
    drain_s = bench.folder.drained(DRAIN_S) if worker else 0.0
    check(ours, bench.folder.given_after(before), events)
    return Pair(ceiling, ours, backlog, drain_s)


def check(ours: Load, rows: int, events: int) -> None:
    """Each answer has its rows; the last request of each connection may have rows and no answer any more."""
    answered = ours.requests * events
    if ours.failed or not answered <= rows <= answered + (CONNECTIONS + 1) * events:
        raise AssertionError(
            f"{ours.requests} answers of {events} events, {ours.failed} failed, {rows} rows in the log"
        )


# Rows of the table ----------------------------------------------------------------------------------------------------


def rate(pairs: list[Pair], what: str, *, limit: float | None = None, worker: bool = False) -> Figure:
    return Figure(
        name=named(what),
        what=f"{what}: one event a request",
        figure=middle([pair.ours.per_second for pair in pairs]),
        unit="requests/s",
        ratio=middle([pair.ratio for pair in pairs]),
        limit=None if limit is None else Limit("at least", limit, of="ratio"),
        ids="uuidv7",
        batch=1,
        worker=worker,
        runs=[pair.ours.per_second for pair in pairs],
        details=_details(pairs),
    )


def _slowest(pairs: list[Pair]) -> Figure:
    return Figure(
        name="accept_p99",
        what="accept: until the answer, 99 of 100",
        figure=middle([pair.ours.p99_ms for pair in pairs]),
        unit="ms",
        limit=Limit("at most", 15),
        ids="uuidv7",
        batch=1,
        worker=False,
        runs=[pair.ours.p99_ms for pair in pairs],
        details=_details(pairs),
    )


def _batched(pairs: list[Pair]) -> Figure:
    rates = [pair.ours.per_second * BATCH for pair in pairs]
    return Figure(
        name="accept_batches",
        what="accept: batches",
        figure=middle(rates),
        unit="events/s",
        ratio=middle([pair.ratio for pair in pairs]),
        limit=Limit("at least", 40_000),
        ids="uuidv7",
        batch=BATCH,
        worker=False,
        runs=rates,
        details=_details(pairs),
    )


def _drained(pairs: list[Pair]) -> Figure:
    return Figure(
        name="accept_drained",
        what="accept, worker beside: until the backlog is drained",
        figure=middle([pair.drain_s for pair in pairs]),
        unit="s",
        ids="uuidv7",
        batch=1,
        worker=True,
        runs=[pair.drain_s for pair in pairs],
        details={"backlog_rows": [pair.backlog for pair in pairs]},
    )


def _details(pairs: list[Pair]) -> dict[str, object]:
    return {
        "ceiling_per_second": middle([pair.ceiling.per_second for pair in pairs]),
        "ceiling_p99_ms": middle([pair.ceiling.p99_ms for pair in pairs]),
        "p50_ms": middle([pair.ours.p50_ms for pair in pairs]),
        "p99_ms": middle([pair.ours.p99_ms for pair in pairs]),
        "ratios": [round(pair.ratio, 3) for pair in pairs],
        "connections": CONNECTIONS,
        "generator": generator(),
    }
