"""How do the parts become one application? Built here, started and stopped in order, and nowhere else.

start:  store → keys → writer → tail → worker          stop: tail → (requests end) → writer → worker → store
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from typing import Protocol

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from collector import api, ingest, tracker, ui
from collector.access.csrf import Csrf
from collector.access.keys import Keys
from collector.access.limits import Limits
from collector.access.links import Links
from collector.access.login import Logins
from collector.access.schemas import Pinned
from collector.access.secret import read_or_create
from collector.access.tokens import Tokens
from collector.access.traces import Traces
from collector.api import brevo, health, stream
from collector.api.frame import openapi
from collector.api.frame.operation import Operation
from collector.config import DAY_MS, Settings
from collector.delivery.accounts import hooks
from collector.demo import clock as demo_clock
from collector.demo import shop
from collector.demo.mailbox import pages as mailbox
from collector.demo.mailbox.kept import Kept
from collector.demo.mailbox.sink import Sink, at_home
from collector.hooks.live import LiveSources
from collector.idempotency import Repeats
from collector.ingest.doors.hook import Ground, trial
from collector.ingest.receipts import leaving, links, providers
from collector.ingest.teller import Teller
from collector.log.sqlite import SqliteLog
from collector.log.writer import Writer
from collector.metrics import Metrics
from collector.process.clock import DemoClock, wall_clock
from collector.process.supervisor import Supervisor
from collector.services import Services
from collector.store.sqlite.automations.definitions import SqliteAutomations
from collector.store.sqlite.automations.past import SqlitePast
from collector.store.sqlite.automations.runs import SqliteRuns
from collector.store.sqlite.definitions.attributes import SqliteAttributes
from collector.store.sqlite.definitions.categories import SqliteCategories
from collector.store.sqlite.definitions.erasures import SqliteErasures
from collector.store.sqlite.definitions.keys import SqliteKeys
from collector.store.sqlite.definitions.lists import SqliteLists
from collector.store.sqlite.definitions.messages import SqliteMessages
from collector.store.sqlite.definitions.products import SqliteProducts
from collector.store.sqlite.definitions.schemas import SqliteSchemas
from collector.store.sqlite.definitions.segments import SqliteSegments
from collector.store.sqlite.definitions.sites import SqliteSites
from collector.store.sqlite.definitions.users import SqliteUsers
from collector.store.sqlite.definitions.webhooks import SqliteWebhooks
from collector.store.sqlite.hooks.sources import SqliteSources
from collector.store.sqlite.idempotency import SqliteAnswers
from collector.store.sqlite.messages.deliveries import SqliteDeliveries
from collector.store.sqlite.messages.gathering import SqliteGathering
from collector.store.sqlite.store import SqliteStore
from collector.store.sqlite.webhooks.deliveries import SqliteTold
from collector.ui import errors
from collector.ui.guard import Guard

REFRESH_S = 0.4
SECOND_S = 1
MINUTE_S = 60

DOORS = {
    path: Operation(body=body, answers={202: answer}, once=False, scope="write")
    for path, (body, answer) in ingest.FORMATS.items()
}
"""The doors below /api, for its document. They hear no `Idempotency-Key`: ids of events are what makes them one."""


class Closing(Protocol):
    """Something that has a file open."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True, slots=True)
class Built:
    """The application and the parts that its process must know. routes: every address that it answers."""

    asgi: ASGIApp
    services: Services
    tail: stream.Tail
    routes: Sequence[BaseRoute]


def build(settings: Settings, *, clock: Callable[[], int] = wall_clock) -> Built:
    """Put the parts together. The data folder must be prepared (`collector/commands/prepare.py`)."""
    if settings.demo:
        settings = at_home(settings)
    services = services_of(settings, clock)
    tail = stream.Tail(services.store.events)
    supervisor = Supervisor(settings.data, url=settings.url) if settings.worker else None
    sink = Sink(settings, Kept(settings.data / "demo-mail"), clock) if settings.demo else None
    doors = ingest.Doors(services)
    guard = Guard(services)
    others = Starlette(
        routes=[
            *doors.routes,
            *links.routes(services),
            *providers.routes(services),
            *leaving.routes(services),
            *brevo.routes(services, doors.routes),
            *(mailbox.routes(sink, services.links.own) if sink else ()),
            *(demo_clock.routes(clock) if settings.demo else ()),
            *routes(services, guard, tail, supervisor),
        ],
        lifespan=_lifespan(services, tail, supervisor, sink),
        exception_handlers=errors.handlers(guard),
    )
    return Built(doors.lead_to(others), services, tail, others.routes)


def services_of(settings: Settings, clock: Callable[[], int]) -> Services:
    """What request handlers work with, on the files of the data folder."""
    keys = Keys(SqliteSites(settings.store_path), SqliteKeys(settings.store_path))
    metrics, secret = Metrics(), read_or_create(settings.secret_path)
    writer = Writer(SqliteLog(settings.log_path), observe=metrics.commit_seconds.observe)
    store, pinned = SqliteStore(settings.data), Pinned(SqliteSchemas(settings.store_path))
    return Services(
        settings=settings,
        keys=keys,
        logins=Logins(SqliteUsers(settings.store_path)),
        csrf=Csrf(secret[0]),
        writer=writer,
        store=store,
        tokens=Tokens(secret),
        traces=Traces(clock),
        limits=Limits(enabled=settings.rate_limit),
        metrics=metrics,
        clock=clock,
        commands=Teller(settings, keys, writer, store, metrics, clock),
        lists=SqliteLists(settings.store_path),
        segments=SqliteSegments(settings.store_path),
        erasures=SqliteErasures(settings.store_path),
        attributes=SqliteAttributes(settings.store_path),
        products=SqliteProducts(settings.store_path),
        categories=SqliteCategories(settings.store_path),
        webhooks=SqliteWebhooks(settings.store_path),
        told=SqliteTold(settings.store_path),
        links=Links(secret, settings.url),
        automations=SqliteAutomations(settings.store_path),
        runs=SqliteRuns(settings.store_path),
        past=lambda: closing(SqlitePast(settings.store_path)),
        messages=SqliteMessages(settings.store_path),
        deliveries=SqliteDeliveries(settings.store_path),
        gathering=SqliteGathering(settings.store_path),
        hooks=hooks(settings),
        sources=LiveSources(SqliteSources(settings.store_path)),
        pinned=pinned,
        trial=trial(Ground(settings.clock_ahead_ms, pinned, keys)),
        repeats=Repeats(SqliteAnswers(settings.store_path)),
    )


def routes(services: Services, guard: Guard, tail: stream.Tail, supervisor: Supervisor | None) -> list[BaseRoute]:
    """Every address but the doors', the busiest first."""
    book = openapi.Book(DOORS)
    nouns = [*stream.routes(services, tail), *api.routes(services), *openapi.routes(services, book)]
    return [
        *nouns,
        *health.routes(services, supervisor.reasons if supervisor else health.always),
        *tracker.routes(services.settings, services.traces.fetched),
        *ui.routes(services, guard, nouns, book),
        *(shop.routes(lambda: _embedded(services)) if services.settings.demo else ()),
    ]


def _embedded(services: Services) -> shop.Embedded:
    """The demo shop is a page of the first site, served by the collector itself."""
    write_key = services.keys.newest_write_key() or ""
    return shop.Embedded(
        write_key,
        collector="",
        tracker=tracker.addresses(services.settings.tracker_name)[0],
        clock=demo_clock.HOME if isinstance(services.clock, DemoClock) else "",
    )


def _lifespan(
    services: Services, tail: stream.Tail, supervisor: Supervisor | None, sink: Sink | None
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:  # what was opened is closed, also when the next thing fails
            for definitions in _files(services):
                stack.callback(definitions.close)
            stack.push_async_callback(services.store.close)
            await services.store.open()
            services.keys.refresh()
            services.pinned.refresh()
            services.sources.refresh()
            stack.callback(services.logins.users.close)
            services.logins.refresh(services.outside())
            services.writer.renew_salts(services.clock() // DAY_MS)
            if supervisor:
                stack.push_async_callback(supervisor.stop)
            services.writer.start()
            stack.push_async_callback(services.writer.stop)
            await tail.start()
            stack.push_async_callback(tail.stop)
            if supervisor:
                supervisor.start(await _catch(sink, stack) if sink else {})
            stack.callback(_chores(services))
            yield

    return lifespan


async def _catch(sink: Sink, stack: AsyncExitStack) -> Mapping[str, str]:
    """A demo sends to itself: the settings of its worker."""
    stack.push_async_callback(sink.stop)
    return await sink.start()


def _files(services: Services) -> list[Closing]:
    """Definitions, each with a connection that it opens at its first question."""
    return [
        services.keys.ring,
        services.lists,
        services.segments,
        services.erasures,
        services.attributes,
        services.products,
        services.categories,
        services.webhooks,
        services.told,
        services.automations,
        services.runs,
        services.messages,
        services.deliveries,
        services.gathering,
        services.pinned.schemas,
        services.sources.kept,
        services.repeats.answers,
    ]


def _chores(services: Services) -> Callable[[], None]:
    """Begin what is done again and again; returns what ends it."""
    tasks = [
        asyncio.create_task(_every(REFRESH_S, services.keys.refresh)),
        asyncio.create_task(_every(REFRESH_S, services.pinned.refresh)),
        asyncio.create_task(_every(REFRESH_S, services.sources.refresh)),
        asyncio.create_task(_every(SECOND_S, services.sources.flush)),
        asyncio.create_task(_every(REFRESH_S, lambda: services.logins.refresh(services.outside()))),
        asyncio.create_task(_every(MINUTE_S, lambda: services.keys.flush_used(services.clock()))),
        asyncio.create_task(_every(MINUTE_S, lambda: services.repeats.clean(services.clock()))),
        asyncio.create_task(_every(MINUTE_S, lambda: services.writer.renew_salts(services.clock() // DAY_MS))),
    ]

    def end() -> None:
        for task in tasks:
            task.cancel()

    return end


async def _every(seconds: float, chore: Callable[[], object]) -> None:
    """Do it again and again, in a thread, for it reads or writes a file; what fails now may not fail next time."""
    while True:
        await asyncio.sleep(seconds)
        with suppress(OSError, sqlite3.Error):
            await asyncio.to_thread(chore)
