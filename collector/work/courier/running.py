"""Where does the courier run? In a process of its own, which the worker starts; files are all that they share."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import random
from urllib.parse import urlsplit

import uvloop

from collector.access.links import Links
from collector.access.secret import read_or_create
from collector.config import Settings
from collector.delivery.accounts import rates
from collector.delivery.channels import channels
from collector.delivery.inbound import Inbound, door
from collector.delivery.pace import Pace
from collector.log.sqlite import SqliteLog
from collector.printing.compiled import Shelf
from collector.privacy.tombstone import hasher
from collector.store.sqlite.definitions.messages import SqliteMessages
from collector.store.sqlite.messages.deliveries import SqliteDeliveries
from collector.store.sqlite.messages.gathering import SqliteGathering
from collector.store.sqlite.messages.journal import SqliteJournal
from collector.work.courier.courier import Courier, Ways
from collector.work.courier.group import Group
from collector.work.courier.printing import Printer, Sources
from collector.work.courier.reports import Reports
from collector.work.telling.running import teller_of

logger = logging.getLogger(__name__)


def run(settings: Settings, clock: Callable[[], int], stop: threading.Event) -> None:
    """Give away what is due until told to stop; then it ends what it has in hand."""

    async def until_stopped() -> None:
        async with (
            courier_of(settings, clock) as (courier, reports),
            listening(settings, reports, clock),
            teller_of(settings, clock) as teller,
        ):
            await asyncio.gather(courier.run(stop.is_set), teller.run(stop.is_set))

    uvloop.run(until_stopped())


@asynccontextmanager
async def courier_of(settings: Settings, clock: Callable[[], int]) -> AsyncIterator[tuple[Courier, Reports]]:
    """A courier on a folder that is prepared, and who hears of bounces; files and connections are closed afterwards."""
    journal, writing = SqliteJournal(settings.store_path), SqliteJournal(settings.store_path)
    log, deliveries = SqliteLog(settings.log_path), SqliteDeliveries(settings.store_path)
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
        yield Courier(ways, group), Reports(deliveries, group, clock)
    finally:
        await group.stop()
        for channel in ways.channels.values():
            await channel.close()
        for file in (journal, writing, log, deliveries, messages, gathering):
            file.close()


@asynccontextmanager
async def listening(settings: Settings, reports: Reports, clock: Callable[[], int]) -> AsyncIterator[int]:
    """Take bounces, where the deployment is set up for it, as long as the block lasts. Gives the port, 0 for none.

    An address that is taken keeps no message from going out: it is said, and bounces do not come.
    """
    if not (settings.bounce_listen and settings.bounce_address):
        yield 0
        return
    inbound = Inbound(door(settings.bounce_listen, settings.bounce_address), reports.take, clock)
    try:
        port = await inbound.start()
    except OSError as error:
        logger.error("bounces are not taken at %s: %s", settings.bounce_listen, error)
        port = 0
    try:
        yield port
    finally:
        await inbound.close()


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
