"""Where does the courier run? In a thread of `sentiero work` with an event loop of its own, beside the worker's."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from random import random
from urllib.parse import urlsplit

from collector.access.links import Links
from collector.access.secret import read_or_create
from collector.config import Settings
from collector.delivery.accounts import channels, rates
from collector.delivery.pace import Pace
from collector.log.sqlite import SqliteLog
from collector.printing.compiled import Shelf
from collector.privacy.tombstone import hasher
from collector.store.sqlite.definitions.messages import SqliteMessages
from collector.store.sqlite.messages.gathering import SqliteGathering
from collector.store.sqlite.messages.journal import SqliteJournal
from collector.work.courier.courier import Courier, Ways
from collector.work.courier.group import Group
from collector.work.courier.printing import Printer, Sources

logger = logging.getLogger(__name__)


@contextmanager
def beside(settings: Settings, clock: Callable[[], int]) -> Iterator[None]:
    """A courier works as long as the block lasts; then it ends what it has in hand."""
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(settings, clock, stop), name="courier", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _run(settings: Settings, clock: Callable[[], int], stop: threading.Event) -> None:
    async def run() -> None:
        async with courier_of(settings, clock) as courier:
            await courier.run(stop.is_set)

    asyncio.run(run())


@asynccontextmanager
async def courier_of(settings: Settings, clock: Callable[[], int]) -> AsyncIterator[Courier]:
    """A courier on a folder that is prepared; its files and connections are closed afterwards."""
    journal, writing = SqliteJournal(settings.store_path), SqliteJournal(settings.store_path)
    log = SqliteLog(settings.log_path)
    messages, gathering = SqliteMessages(settings.store_path), SqliteGathering(settings.store_path)
    ways = Ways(
        journal=journal,
        printer=Printer(sources_of(settings, messages, gathering)),
        channels=channels(settings, clock),
        pace=Pace(rates(settings)),
        clock=clock,
        chance=random,
        hash_of=hasher(read_or_create(settings.tombstone_key_path)[0]),
        resends=settings.uncertain == "resend",
    )
    group = Group(writing, log.append_encoded)
    try:
        yield Courier(ways, group)
    finally:
        await group.stop()
        for channel in ways.channels.values():
            await channel.close()
        for file in (journal, writing, log, messages, gathering):
            file.close()


def sources_of(settings: Settings, messages: SqliteMessages, gathering: SqliteGathering) -> Sources:
    """From where a printer of this deployment has it."""
    return Sources(
        shelf=Shelf(messages),
        gathering=gathering,
        links=Links(read_or_create(settings.secret_path), settings.url),
        zone=settings.zone,
        host=urlsplit(settings.url).hostname or "sentiero.localhost",
        bounces=settings.bounce_address,
    )
