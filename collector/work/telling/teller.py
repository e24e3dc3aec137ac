"""Who is to be told of what is new? Events are read as they are recorded, and wait for each webhook that wants them."""

import asyncio
import logging
from collections.abc import Callable

from collector.store.ports.definitions.webhooks import Webhook
from collector.store.ports.webhooks.telling import News, Reader
from collector.told.kinds import Wanted, kinds_of
from collector.work.telling.line import Line, Ways

PIECE = 500
"""Events of one turn."""
MOST_WAITING = 10_000
"""A webhook for which so many wait is not read on for: the store keeps the events."""
BUSY_S, QUIET_S, QUIET_AFTER_S = 0.02, 0.2, 10.0
NOTE_S = 10.0
"""So often it is noted how far was read, where nobody wanted any of it."""
TRIM_S, TRIM_PIECE, PAUSE_S = 60.0, 500, 0.05
DAY_MS = 86_400_000
KEEP_MS, KEEP_DONE = 30 * DAY_MS, 10_000

logger = logging.getLogger(__name__)


class Reading:
    """How far one webhook was read for. room: how many more may wait before they are counted again."""

    def __init__(self, reader: Reader) -> None:
        self.webhook, self.told_to, self.room = reader.webhook, reader.told_to, 0
        self.wanted = Wanted(kinds_of(reader.webhook))

    def change(self, reader: Reader) -> None:
        """It is this one from now on; what was read in vain is not read again."""
        self.webhook, self.told_to = reader.webhook, max(self.told_to, reader.told_to)
        self.wanted = Wanted(kinds_of(reader.webhook))

    def wants(self, news: News) -> bool:
        """Whether it is to be told."""
        return news.is_told and news.kind in self.wanted


class Teller:
    """One a deployment. Everything in the loop in which `run` was called."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._version = -1
        self._readings: dict[int, Reading] = {}
        self._lines: dict[int, tuple[Line, asyncio.Task[None] | None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._noted_at = asyncio.get_running_loop().time()

    async def run(self, stopping: Callable[[], bool]) -> None:
        """Go round until told to stop; what is under way then may end."""
        trimming = asyncio.create_task(self._trim())
        loop = asyncio.get_running_loop()
        quiet_since = loop.time()
        while not stopping():
            try:
                if await self.turn():
                    quiet_since = loop.time()
                    continue
            except Exception:  # a loop edge: a disk that is full or a locked file passes
                logger.exception("webhooks: a round failed and will be tried again")
                await asyncio.sleep(1)
            await asyncio.sleep(BUSY_S if loop.time() - quiet_since < QUIET_AFTER_S else QUIET_S)
        trimming.cancel()
        await self._stop()

    async def turn(self, *, runs: bool = True) -> bool:
        """Look at what is new, if anything is; whether there was. runs: lines go by themselves."""
        version = self._ways.telling.data_version()
        if version == self._version:
            return False
        await self._refresh(runs=runs)
        found = await self._tell()
        if not found:
            self._version = version
        return found

    async def empty(self) -> None:
        """Until nothing is new and nothing is due; for tests and benchmarks."""
        self._version = -1
        while await self.turn(runs=False):
            pass
        await asyncio.gather(*(line.empty() for line, _ in self._lines.values()))
        await self._refresh(runs=False)

    async def close(self) -> None:
        """Hang up everywhere."""
        for line, _ in self._lines.values():
            await line.close()

    async def _refresh(self, *, runs: bool) -> None:
        """What webhooks there are now."""
        readers = {one.webhook.id: one for one in self._ways.telling.readers() if one.webhook.status == "active"}
        for id in self._readings.keys() - readers.keys():
            await self._end(id)
        for id, reader in readers.items():
            known = self._readings.get(id)
            if known is None:
                self._readings[id] = Reading(reader)
                self._lines[id] = self._line(reader.webhook, runs=runs)
            elif known.webhook != reader.webhook:
                known.change(reader)
                await self._lines[id][0].change(reader.webhook)

    def _line(self, webhook: Webhook, *, runs: bool) -> tuple[Line, asyncio.Task[None] | None]:
        line = Line(webhook, self._ways)
        return line, asyncio.create_task(line.run()) if runs else None

    async def _end(self, id: int) -> None:
        del self._readings[id]
        line, task = self._lines.pop(id)
        line.stop()
        if task is None:
            await line.close()
        else:
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _tell(self) -> bool:
        """One piece of what is new, for those who are as far as each other; whether there was any."""
        found: list[tuple[Reading, int]] = []
        told_to: dict[int, int] = {}
        for readings in self._abreast():
            news = self._ways.telling.news(readings[0].told_to, PIECE)
            found += [(one, each.offset) for each in news for one in readings if one.wants(each)]
            told_to |= {one.webhook.id: news[-1].offset for one in readings if news}
        if found or (told_to and self._is_to_note()):
            deliveries = [(one.webhook.id, offset) for one, offset in found]
            await self._ways.ledger.tell(told_to, deliveries, at=self._ways.clock())
        for id, offset in told_to.items():
            self._readings[id].told_to = offset
        for one, _ in found:
            one.room -= 1
        for id in {one.webhook.id for one, _ in found}:
            self._lines[id][0].wake()
        return bool(told_to)

    def _abreast(self) -> list[list[Reading]]:
        """Those who have room, by how far they are: one that lies far behind keeps no other waiting."""
        groups: dict[int, list[Reading]] = {}
        for one in self._readings.values():
            if self._has_room(one):
                groups.setdefault(one.told_to, []).append(one)
        return list(groups.values())

    def _has_room(self, reading: Reading) -> bool:
        if reading.room <= 0:
            reading.room = MOST_WAITING - self._ways.telling.waiting(reading.webhook.id)
        return reading.room > 0

    def _is_to_note(self) -> bool:
        now = asyncio.get_running_loop().time()
        is_time = now - self._noted_at > NOTE_S
        if is_time:
            self._noted_at = now
        return is_time

    async def _trim(self) -> None:
        """The log of deliveries does not grow for ever; a little at a time."""
        while True:
            before = self._ways.clock() - KEEP_MS
            gone = await self._ways.ledger.trim(before=before, keep=KEEP_DONE, limit=TRIM_PIECE)
            await asyncio.sleep(PAUSE_S if gone >= TRIM_PIECE else TRIM_S)

    async def _stop(self) -> None:
        for line, _ in self._lines.values():
            line.stop()
        tasks = [task for _, task in self._lines.values() if task is not None] + list(self._ending)
        if tasks:
            await asyncio.wait(tasks)
