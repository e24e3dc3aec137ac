"""With what does a deployment tell its webhooks? Its files, its clock, its networks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import random
from urllib.parse import urlsplit

from collector.config import Settings
from collector.delivery.guard import Resolve, system
from collector.delivery.hooks.sink import Sink
from collector.process.clock import Clock, outside
from collector.store.sqlite.webhooks.telling import SqliteTelling
from collector.work.telling.ledger import Ledger
from collector.work.telling.line import Ways
from collector.work.telling.teller import Teller


@asynccontextmanager
async def teller_of(settings: Settings, clock: Clock, *, resolve: Resolve = system) -> AsyncIterator[Teller]:
    """A teller on a folder that is prepared; files and connections are closed afterwards."""
    telling, lan, now = SqliteTelling(settings.store_path), settings.delivery_networks, outside(clock)
    ledger = Ledger(telling)
    teller = Teller(
        Ways(
            telling=telling,
            ledger=ledger,
            sink=lambda: Sink(lan, now, resolve=resolve),
            clock=clock,
            outside=now,
            chance=random,
            host=urlsplit(settings.url).hostname or "sentiero.localhost",
            sender=urlsplit(settings.url).netloc,
        )
    )
    try:
        yield teller
    finally:
        await teller.close()
        await ledger.stop()
        telling.close()
