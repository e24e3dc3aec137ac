"""How do many outcomes share a commit? A thread writes what has gathered; the loop goes on meanwhile."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from collector.store.ports.webhooks.deliveries import Delivery
from collector.store.ports.webhooks.telling import Telling

T = TypeVar("T")

AGAIN_S = 0.5
GATHER_S = 0.02
"""So long outcomes gather before they are written: the worker writes to the same file, and nobody waits for these."""

logger = logging.getLogger(__name__)


class Ledger:
    """One a teller. Its methods belong to the event loop."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._thread = ThreadPoolExecutor(1, "webhooks-writer")
        self._gathered: list[tuple[Delivery, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None

    def settle(self, delivery: Delivery) -> "asyncio.Future[None]":
        """This became of it; done when it is on disk."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._gathered.append((delivery, done))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        return done

    async def tell(self, told_to: Mapping[int, int], deliveries: Sequence[tuple[int, int]], *, at: int) -> None:
        """See the port."""
        await self._write(lambda: self._telling.tell(told_to, deliveries, at=at))

    async def disable(self, webhook: int, why: str, *, at: int) -> None:
        """See the port."""
        await self._write(lambda: self._telling.disable(webhook, why, at=at))

    async def trim(self, *, before: int, keep: int, limit: int) -> int:
        """See the port."""
        return await self._write(lambda: self._telling.trim(before=before, keep=keep, limit=limit))

    async def stop(self) -> None:
        """Write what has gathered, end."""
        while self._flushing is not None:
            await self._flushing
        await asyncio.to_thread(self._thread.shutdown)

    async def _flush(self) -> None:
        while self._gathered:
            await asyncio.sleep(GATHER_S)
            some, self._gathered = self._gathered, []
            await self._write(lambda some=some: self._telling.settle([one for one, _ in some]))  # type: ignore[misc]  # bound
            for _, done in some:
                if not done.done():
                    done.set_result(None)
        self._flushing = None

    async def _write(self, write: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _until_done, write)


def _until_done(write: Callable[[], T]) -> T:
    """A disk that is full has room again one day, and nobody else could say what was told."""
    while True:
        try:
            return write()
        except Exception:  # a loop edge
            logger.exception("webhooks: a write failed and will be tried again")
            time.sleep(AGAIN_S)
