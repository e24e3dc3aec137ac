"""What is said when more comes than can be written? 503 until there is room; what was taken is kept.

The writer stands still because this test holds the log's lock, as a slow disk would. Source: SECURITY 1.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from collector.sqlite import connect
from tests.collector.ingest.sending import API_KEY, SITE, Deployment, batch, event, refusal, written

PUBLIC_ROOM, ROOM = 4_000, 5_000
"""Events that may wait, of the public doors and of all: 20 % are reserved for the secret API."""


@contextmanager
def standing_still(deployment: Deployment) -> Iterator[None]:
    """No commit of the log succeeds inside of this."""
    connection = connect(deployment.settings.log_path)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


async def wait_queued(deployment: Deployment, events: int) -> None:
    """Until so many events wait for their commit."""
    for _ in range(10_000):
        if deployment.built.services.writer.depth >= events:
            return
        await asyncio.sleep(0)
    raise AssertionError(f"{deployment.built.services.writer.depth} of {events} events wait")


class Queue:
    """Requests that wait for their commit."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self.waiting: list[asyncio.Task[httpx.Response]] = []
        self.expected = 0

    async def fill(self, events: int, *, by_server: bool = False) -> None:
        """Send so many in one request; returns when they wait."""
        self.waiting.append(asyncio.create_task(self.post(events, by_server=by_server)))
        self.expected += events
        await wait_queued(self._deployment, self.expected)

    async def post(self, events: int, *, by_server: bool = False) -> httpx.Response:
        """One request to the tracker's door, or to that of servers."""
        sent = [event() for _ in range(events)]
        if by_server:
            headers = {"content_type": "application/json", "api_key": API_KEY}
            return await self._deployment.request("POST", "/api/events", written({"events": sent}), **headers)
        return await self._deployment.request("POST", "/e", batch(*sent), content_type="text/plain", origin=SITE)

    async def answers(self) -> list[int]:
        """The statuses of all that waited."""
        return [answer.status_code for answer in await asyncio.gather(*self.waiting)]


def test_a_full_queue_is_503_and_nothing_that_was_taken_is_lost(fresh: Deployment) -> None:
    """From 4,000 waiting events on the public is told to come back, from 5,000 servers too; then all are written."""

    async def overload() -> tuple[list[httpx.Response], list[int], httpx.Response]:
        queue = Queue(fresh)
        with standing_still(fresh):
            for _ in range(PUBLIC_ROOM // 100):
                await queue.fill(100)
            refused = [await queue.post(1)]
            for _ in range((ROOM - PUBLIC_ROOM) // 500):
                await queue.fill(500, by_server=True)
            refused += [await queue.post(1, by_server=True), await queue.post(1)]
        return refused, await queue.answers(), await queue.post(1)

    refused, answers, after = fresh.run(overload())
    assert [(503, "overloaded", "")] * 3 == [refusal(answer) for answer in refused]
    assert [202] * 42 == answers
    assert 202 == after.status_code
    assert ROOM + 1 == len(fresh.log())


def test_a_503_says_when_to_come_back(fresh: Deployment) -> None:
    """Retry-After from 1 to 5 s, jittered so that the refused do not come back together; readable by the page; counted.

    An id that was refused for now may be sent again: it is no duplicate, nobody has it.
    """
    sent = event()

    async def overload() -> list[httpx.Response]:
        queue = Queue(fresh)
        with standing_still(fresh):
            for _ in range(PUBLIC_ROOM // 100):
                await queue.fill(100)
            headers = {"content_type": "text/plain", "origin": SITE}
            refused = [await fresh.request("POST", "/e", batch(sent), **headers) for _ in range(30)]
        await queue.answers()
        return refused

    refused = fresh.run(overload())
    seconds = {int(answer.headers["retry-after"]) for answer in refused}
    assert {1, 2, 3, 4, 5} >= seconds
    assert len(seconds) > 1
    assert {503} == {answer.status_code for answer in refused}
    assert {SITE} == {answer.headers["access-control-allow-origin"] for answer in refused}
    assert {"application/problem+json"} == {answer.headers["content-type"] for answer in refused}
    assert 30 == fresh.metric('sentiero_events_rejected_total{code="overloaded"}')
    assert {} == fresh.rejections()
    said = fresh.send(sent)
    assert (1, 0) == (said["accepted"], said["duplicates"])


def test_twins_that_wait_are_one_event(fresh: Deployment) -> None:
    """The same batch twice before the first is written: both are answered after the commit, one is a duplicate."""
    content = batch(*(event(id=f"twin-{n}") for n in range(10)))

    async def twice() -> list[httpx.Response]:
        with standing_still(fresh):
            sent = [
                asyncio.create_task(fresh.request("POST", "/e", content, content_type="text/plain")) for _ in range(2)
            ]
            await wait_queued(fresh, 10)
            done, _ = await asyncio.wait(sent, timeout=0.05)
            assert set() == done
        return await asyncio.gather(*sent)

    found = [(each.json()["accepted"], each.json()["duplicates"]) for each in fresh.run(twice())]
    assert [(10, 0), (0, 10)] == sorted(found, reverse=True)
    assert 10 == len(fresh.log())
