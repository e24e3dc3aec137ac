"""Which connection takes the next mail? The one that was used last, so that the others may grow idle and close."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from collector.delivery.mail.account import SmtpAccount
from collector.delivery.mail.wire import Wire, opened


class Pool:
    """The connections of one account: at most `connections` at once, at most `mails` each."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._free = asyncio.Semaphore(account.connections)
        self._kept: list[tuple[Wire, asyncio.TimerHandle]] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._open = True

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """The right to use one connection; waits while all are taken."""
        async with self._free:
            yield

    def kept(self) -> Wire | None:
        """A connection that is still open as far as we know."""
        while self._kept:
            wire, timer = self._kept.pop()
            timer.cancel()
            if wire.alive:
                return wire
            wire.close()
        return None

    async def open(self) -> Wire:
        """A new one. Raises what `opened` raises."""
        return await opened(self._account.door)

    def put(self, wire: Wire) -> None:
        """Back, for the next mail; or goodbye, when it has carried enough."""
        wire.mails += 1
        if not self._open or not wire.alive or wire.mails >= self._account.mails:
            self._goodbye(wire)
            return
        timer = asyncio.get_running_loop().call_later(self._account.idle_s, self._expire, wire)
        self._kept.append((wire, timer))

    def _expire(self, wire: Wire) -> None:
        self._kept = [kept for kept in self._kept if kept[0] is not wire]
        self._goodbye(wire)

    def _goodbye(self, wire: Wire) -> None:
        task = asyncio.ensure_future(wire.quit())
        self._closing.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Quit those that are idle; the others when they come back."""
        self._open = False
        while (wire := self.kept()) is not None:
            await wire.quit()
        await asyncio.gather(*self._closing)
