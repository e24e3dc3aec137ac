"""How is one webhook told? What is due goes out, some at a time, by a task of its own.

What it has in hand stands only in its memory: who dies leaves it waiting, and it goes again by the same id.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from collector.delivery.guard import Forbidden
from collector.delivery.hooks.sink import Heard, Signed, Sink, key_of, request_of
from collector.delivery.http import Request
from collector.store.ports.definitions.webhooks import SIGNING, Webhook
from collector.store.ports.webhooks.deliveries import Delivery
from collector.store.ports.webhooks.telling import Tellable, Telling
from collector.told import brevo
from collector.told.body import body_of, headers_of
from collector.work.telling.ledger import Ledger
from collector.work.telling.verdict import GONE, Moment, dropped, verdict

IN_FLIGHT = 8
AHEAD = 64
FRESH_S = 1.0
"""What was read of an event longer ago is read again: somebody may have been erased."""
MOST_UNSETTLED = 1_000
IDLE_S = 0.5
LEAVE_S = 5.0
FIRST_REST_MS, LONGEST_REST_MS = 1_000, 60_000

logger = logging.getLogger(__name__)


class Ways(NamedTuple):
    """With what webhooks are told. clock, outside: ms UTC, ours and everybody's. chance: a number from 0 to 1. host:
    of this deployment. sender: the same with its port, as it is told along."""

    telling: Telling
    ledger: Ledger
    sink: Callable[[], Sink]
    clock: Callable[[], int]
    outside: Callable[[], int]
    chance: Callable[[], float]
    host: str
    sender: str


class Line:
    """One webhook's."""

    def __init__(self, webhook: Webhook, ways: Ways) -> None:
        self._webhook, self._ways = webhook, ways
        self._sink = ways.sink()
        self._ready: deque[tuple[Delivery, Tellable | None]] = deque()
        self._read_at = 0.0
        self._in_hand: set[int] = set()  # offsets, until they are settled on disk
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures, self._rests_until = 0, 0
        self._stops = False
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Go on until it is stopped; what is under way then may end."""
        while not self._stops:
            try:
                self._fill()
            except Exception:  # a loop edge: a locked file passes
                logger.exception("webhook %s: a round failed and will be tried again", self._webhook.id)
            await self._pause()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LEAVE_S)
        await self.close()

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stops = True
        self.wake()

    async def close(self) -> None:
        """Let go of what is under way, and hang up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._sink.close()
        await asyncio.sleep(0)  # a transport closes in the next turn of the loop

    async def change(self, webhook: Webhook) -> None:
        """It is this one from now on. Another name gets connections of its own."""
        before, self._webhook = self._webhook, webhook
        if urlsplit(before.url).netloc != urlsplit(webhook.url).netloc:
            sink, self._sink = self._sink, self._ways.sink()
            sink.close()
        self._failures, self._rests_until = 0, 0
        self.wake()

    async def empty(self) -> None:
        """Go on until nothing is due; for tests and benchmarks."""
        while self._fill() or self._tasks or self._in_hand:
            await self._pause()

    def _fill(self) -> bool:
        """Begin as many as there is room for; whether any were due."""
        now = self._ways.clock()
        if now < self._rests_until or len(self._in_hand) > MOST_UNSETTLED:
            return False
        begun = False
        while len(self._tasks) < IN_FLIGHT and self._more(now):
            self._begin(*self._ready.popleft())
            begun = True
        return begun

    def _more(self, now: int) -> bool:
        """Whether there is one that is due, read a moment ago."""
        at = asyncio.get_running_loop().time()
        if not self._ready or at - self._read_at > FRESH_S:
            telling = self._ways.telling
            due = telling.due(self._webhook.id, now, without=self._in_hand, limit=AHEAD)
            events = telling.events([one.offset for one in due]) if due else {}
            self._ready = deque((one, events.get(one.offset)) for one in due)
            self._read_at = at
        return bool(self._ready)

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(IDLE_S):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    def _begin(self, delivery: Delivery, told: Tellable | None) -> None:
        self._in_hand.add(delivery.offset)
        task = asyncio.create_task(self._carry(delivery, told))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("webhook %s: a delivery failed in an unforeseen way", self._webhook.id, exc_info=error)

    async def _carry(self, delivery: Delivery, told: Tellable | None) -> None:
        """One delivery, from due to settled."""
        now = self._ways.clock()
        said = self._webhook.writing.brevo
        if told is None:
            self._settle(dropped(delivery, "its event is gone, or was taken back", now))
            return
        if said is not None and not brevo.is_wanted(told, said):
            self._settle(dropped(delivery, "the message was opened before", now))
            return
        heard = await self._tell(delivery, told)
        now = self._ways.clock()
        self._learn(heard, now)
        ends = verdict(delivery, heard, Moment(now, self._ways.chance()))
        if heard.status == GONE:
            self._ready.clear()
            await self._settle(ends._replace(state="dropped", settled_at=now))
            await self._ways.ledger.disable(self._webhook.id, f"{heard.reason}: its receiver wants no more", at=now)
        else:
            self._settle(ends)

    async def _tell(self, delivery: Delivery, told: Tellable) -> Heard:
        try:
            body = body_of(self._webhook, told, self._ways.host)
            request = request_to(self._webhook, body, delivery.id, self._ways)
        except (Forbidden, ValueError) as error:
            return Heard(None, str(error))
        return await self._sink.post(request)

    def _settle(self, delivery: Delivery) -> "asyncio.Future[None]":
        def forget(_: object) -> None:
            self._in_hand.discard(delivery.offset)
            self.wake()

        done = self._ways.ledger.settle(delivery)
        done.add_done_callback(forget)
        return done

    def _learn(self, heard: Heard, now: int) -> None:
        """When nothing comes through any more it rests, longer and longer: it is left alone until it is back."""
        if heard.is_fine:
            self._failures = 0
            return
        self._failures += 1
        times = self._failures // IN_FLIGHT
        if times:
            self._rests_until = now + min(LONGEST_REST_MS, FIRST_REST_MS << min(times - 1, 10))


def request_to(webhook: Webhook, body: bytes, id: str, ways: Ways) -> Request:
    """What is posted, signed by its newest secrets. Raises Forbidden, ValueError."""
    keys = [key_of(secret) for secret in webhook.writing.secrets[:SIGNING]]
    signed = Signed(keys, id, ways.outside() // 1_000, ways.sender)
    return request_of(webhook.url, body, signed, headers_of(webhook))
