"""How fast do messages go out? Order confirmations with three items, made for each person, over SMTP on loopback.

rate      10,000 that wait in the outbox, by `sentiero work`, until the last is received; the worker records meanwhile
          two receipts of each. The ceiling: the same server, given mails that are made, by the channel alone
calls     50 calls of `POST /v3/smtp/email` a second: until the call is answered, for it is in the outbox then; until
          the server has the mail
"""

import asyncio
import http.client
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from collector.access.delivery_id import new_delivery_id
from collector.config import load
from collector.delivery.channels import channels
from collector.delivery.port import Accepted, Parcel
from collector.process.clock import wall_clock
from collector.store.ports.definitions.messages import Writing
from collector.store.ports.messages.outbox import Order, Post
from collector.store.sqlite.definitions.messages import SqliteMessages
from collector.store.sqlite.messages.deliveries import SqliteDeliveries
from e2e.load.deployment import API_KEY, ROOT, Folder, serving, until, working
from e2e.load.figure import Figure, Limit, middle
from sessionizer.messages.starters.table import STARTERS
from tests.fixtures import mail_server

MAILS, BARE = 10_000, 4_000
AT_ONCE = 16
CALLS, A_SECOND = 500, 50
TIMEOUT_S = 600
ITEMS = [
    {"name": f"Cengia boots, size {size}", "quantity": 1, "price": 189.0, "url": "https://shop.example/boots",
     "image": "https://shop.example/boots.jpg"}
    for size in (41, 42, 43)
]  # fmt: skip
ORDER = {"id": "A-1007", "items": ITEMS, "total": 567.0, "subtotal": 567.0, "currency": "EUR"}


def measure(scratch: Path) -> list[Figure]:
    """Both."""
    with mail_server.process() as (port, count), sending(port):
        bare = _bare(port)
        rate = _rate(scratch / "rate", count)
        calls = _calls(scratch / "calls", port, count)
    return [_rated(rate, bare), *calls]


@contextmanager
def sending(port: int) -> Iterator[None]:
    """Processes that are started in the block send there."""
    smtp = f"smtp://127.0.0.1:{port}?from=shop@shop.example&final=1&starttls=off&connections={AT_ONCE}"
    given = {"SENTIERO_SMTP": smtp, "SENTIERO_DELIVERY_NETWORKS": "127.0.0.0/8"}
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            del os.environ[name]


def _writing() -> Writing:
    starter = next(one for one in STARTERS if one.slug == "order" and one.language == "en")
    return Writing(purpose="transactional", content=starter.content, event=("ecommerce", "order_completed"))


# The rate -------------------------------------------------------------------------------------------------------------


def _bare(port: int) -> float:
    """Mails a second of the channel alone."""
    settings = load({}, dict(os.environ), ROOT)
    html = "<p>" + "An order confirmation of some length. " * 300

    async def send_all() -> float:
        channel = channels(settings)["email"]
        waiting = iter(range(BARE))

        async def carry() -> None:
            for number in waiting:
                parcel = Parcel(
                    id=new_delivery_id(), channel="email", account="", recipient=f"reader{number}@mail.example",
                    subject="Order", html=html, text="Order", message_id=f"<{number}@shop.example>",
                )  # fmt: skip
                outcome = await channel.send(parcel, _begun)
                assert isinstance(outcome, Accepted), outcome

        start = perf_counter()
        await asyncio.gather(*(carry() for _ in range(AT_ONCE)))
        took = perf_counter() - start
        await channel.close()
        return took

    return BARE / asyncio.run(send_all())


async def _begun() -> None:
    pass


def _rate(path: Path, count: Callable[[], int]) -> float:
    """Mails a second, from the first that is received to the last."""
    folder = Folder(path)
    _fill(path)
    before = count()
    with working(folder):
        until(lambda: count() > before, TIMEOUT_S, "nothing goes out", every_s=0.005)
        first, start = count(), perf_counter()
        until(lambda: count() >= before + MAILS, TIMEOUT_S, "some do not go out", every_s=0.02)
        took = perf_counter() - start
    folder.close()
    return (before + MAILS - first) / took


def _fill(path: Path) -> None:
    messages, deliveries = SqliteMessages(path / "store.db"), SqliteDeliveries(path / "store.db")
    message = messages.create("Order", _writing(), at=0)
    at = wall_clock()
    posts = [
        Post(
            id=new_delivery_id(), channel="email", purpose="transactional", recipient=f"reader{number}@mail.example",
            due_at=at, order=Order(params=ORDER), message=message.id, version=message.version,
        )
        for number in range(MAILS)
    ]  # fmt: skip
    deliveries.put(posts, at=at)
    messages.close()
    deliveries.close()


def _rated(rate: float, bare: float) -> Figure:
    return Figure(
        name="mails_rate",
        what="10,000 order confirmations over SMTP on loopback; ratio to the channel alone",
        figure=round(rate),
        unit="mails/s",
        ratio=middle([rate / bare]),
        limit=Limit("at least", 400),
        worker=True,
        runs=[rate],
        details={"channel_alone": bare},
    )


# Calls ----------------------------------------------------------------------------------------------------------------


def _calls(path: Path, port: int, count: Callable[[], int]) -> list[Figure]:
    """One after the other at their times; when each mail came stands in what the server keeps."""
    folder = Folder(path)
    messages = SqliteMessages(path / "store.db")
    message = messages.create("Order", _writing(), at=0)
    messages.close()
    with serving(folder, worker=True) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port)
        before = count()
        took, called = [], []
        begun = perf_counter()
        for number in range(CALLS):
            time.sleep(max(0.0, begun + number / A_SECOND - perf_counter()))
            start = time.time()
            took.append(_call(client, number, message.id))
            called.append(start)
        until(lambda: count() >= before + CALLS, TIMEOUT_S, "some do not go out", every_s=0.02)
    came = sorted(at / 1_000 for (at,) in folder.store.execute("SELECT settled_at FROM outbox WHERE state = 'sent'"))
    folder.close()
    waits = sorted(there - start for start, there in zip(called, came, strict=True))
    return [
        Figure(
            name="mails_call",
            what="a call of POST /v3/smtp/email: until it is in the outbox, at 50 a second",
            figure=middle(took) * 1_000,
            unit="ms",
            limit=Limit("at most", 50),
            worker=True,
            runs=[took_s * 1_000 for took_s in sorted(took)[:: CALLS // 10]],
        ),
        Figure(
            name="mails_call_to_server",
            what="from the call to the SMTP server's answer, 99 of 100, at 50 a second",
            figure=waits[len(waits) * 99 // 100] * 1_000,
            unit="ms",
            limit=Limit("at most", 1_000),
            worker=True,
            runs=[wait_s * 1_000 for wait_s in waits[:: CALLS // 10]],
            details={"median_ms": middle(waits) * 1_000},
        ),
    ]


def _call(client: http.client.HTTPConnection, number: int, message: int) -> float:
    to = [{"email": f"caller{number}@mail.example", "name": "Ada"}]
    body = json.dumps({"templateId": message, "to": to, "params": ORDER})
    start = perf_counter()
    client.request("POST", "/v3/smtp/email", body, {"api-key": API_KEY, "content-type": "application/json"})
    answer = client.getresponse()
    said = answer.read()
    assert answer.status == 201, said
    return perf_counter() - start
