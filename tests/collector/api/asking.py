"""How does a test ask the API? An app of the reading routes on a real data folder, with one key of each scope."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
from starlette.applications import Starlette

from collector.access.keys import Keys
from collector.api import events, health, rejections, sessions, stream
from collector.api.frame.problem import HANDLERS
from collector.api.people import contacts
from collector.api.stream import Tail
from collector.metrics import Metrics
from collector.services import Services
from collector.store.ports.definitions.keys import KeyDraft
from collector.store.sqlite.definitions.keys import SqliteKeys
from collector.store.sqlite.definitions.sites import SqliteSites
from collector.store.sqlite.store import SqliteStore

KEY = "sk_for_reading"
HEADERS = {"api-key": KEY}


class Door(SimpleNamespace):
    """The app, and what is inside of it."""

    app: Starlette
    services: Any
    tail: Tail


def door(folder: Path, *, readiness: Callable[[], Sequence[str]] = list, heartbeat_s: float = 15.0) -> Door:
    """An app on the folder's files, which must be there. It opens and closes the store by itself."""
    ring = SqliteKeys(folder / "store.db")
    if not ring.all():
        ring.add(KeyDraft(text=KEY, scope="read"), at=0)
        ring.add(KeyDraft(text="sk_for_admin", scope="admin"), at=0)
        ring.revoke(ring.add(KeyDraft(text="sk_revoked", scope="read"), at=0).id, at=1)
    keys = Keys(SqliteSites(folder / "store.db"), ring)
    keys.refresh()
    writer = SimpleNamespace(alive=True, depth=3)
    services = SimpleNamespace(store=SqliteStore(folder), keys=keys, writer=writer, metrics=Metrics())
    tail = Tail(services.store.events, heartbeat_s=heartbeat_s)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await services.store.open()
        await tail.start()
        yield
        await tail.stop()
        await services.store.close()
        ring.close()

    parts = cast(Services, services)
    routes = [
        *stream.routes(parts, tail),
        *events.routes(parts),
        *contacts.routes(parts),
        *sessions.routes(parts),
        *rejections.routes(parts),
        *health.routes(parts, readiness),
    ]
    return Door(
        app=Starlette(routes=routes, exception_handlers=HANDLERS, lifespan=lifespan), services=services, tail=tail
    )


class Client:
    """Asks the app with a key for reading. Synchronous: the loop runs while a request does and stands still between."""

    def __init__(self, app: Starlette, host: str) -> None:
        """host: the address from which requests seem to come."""
        self._runner = asyncio.Runner()
        self._alive = AsyncExitStack()
        self._runner.run(self._alive.enter_async_context(app.router.lifespan_context(app)))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 50_000))
        self._http = httpx.AsyncClient(transport=transport, base_url="http://collector.example", headers=HEADERS)

    def get(self, path: str, **given: Any) -> httpx.Response:
        """GET; given: as httpx takes it."""
        return self._runner.run(self._http.get(path, **given))

    def delete(self, path: str) -> httpx.Response:
        """DELETE."""
        return self._runner.run(self._http.delete(path))

    def close(self) -> None:
        """End the app."""
        self._runner.run(self._http.aclose())
        self._runner.run(self._alive.aclose())
        self._runner.close()


@contextmanager
def asking(folder: Path, *, host: str = "203.0.113.9", **given: Any) -> Iterator[Client]:
    """A client of an app on the folder."""
    client = Client(door(folder, **given).app, host)
    try:
        yield client
    finally:
        client.close()
