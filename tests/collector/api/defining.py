"""How does a test define sites and keys over HTTP? An app of the two nouns on a real store.db."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
from starlette.applications import Starlette

from collector.access.keys import Keys
from collector.api import keys as api_keys
from collector.api import sites as api_sites
from collector.api.frame.problem import HANDLERS
from collector.services import Services
from collector.sqlite import migrate
from collector.store.ports.definitions.keys import KeyDraft
from collector.store.ports.definitions.sites import SiteDraft
from collector.store.sqlite.definitions.keys import SqliteKeys
from collector.store.sqlite.definitions.sites import SqliteSites

MIGRATIONS = Path(api_sites.__file__).parents[1] / "store" / "sqlite" / "migrations"
NOW = 1_795_000_000_000
NOW_TEXT = "2026-11-18T11:06:40.000Z"
READ, WRITE, ADMIN = ({"api-key": f"sk_{scope}_0123456789"} for scope in ("read", "write", "admin"))


class Http:
    """Asks the app as an admin, unless other headers say otherwise. Synchronous."""

    def __init__(self, app: Starlette) -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://collector.example", headers=ADMIN)

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, path, **given))

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        return self.request("POST", path, **given)

    def patch(self, path: str, **given: Any) -> httpx.Response:
        return self.request("PATCH", path, **given)

    def delete(self, path: str, **given: Any) -> httpx.Response:
        return self.request("DELETE", path, **given)

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


class Defining:
    """A deployment with the site `default` (write key `wk_first`), a key of each scope, and what asks it as admin."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "store.db"
        migrate(self.path, MIGRATIONS)
        self.ring = SqliteKeys(self.path)
        SqliteSites(self.path).create(SiteDraft(name="default"), write_key="wk_first", at=NOW)
        self.ring.add(KeyDraft(text=READ["api-key"], scope="read"), at=NOW)
        self.ring.add(KeyDraft(text=WRITE["api-key"], scope="write"), at=NOW)
        self.ring.add(KeyDraft(text=ADMIN["api-key"], scope="admin"), at=NOW)
        self.keys = Keys(SqliteSites(self.path), self.ring)
        self.keys.refresh()
        services = cast(Services, SimpleNamespace(keys=self.keys, clock=lambda: NOW))
        routes = [*api_sites.routes(services), *api_keys.routes(services)]
        self.http = Http(Starlette(routes=routes, exception_handlers=HANDLERS))

    def error(self, answer: Any) -> tuple[int, str]:
        """(status, path of the field that is named) of a refusal."""
        errors = answer.json()["errors"]
        return answer.status_code, errors[0]["path"] if errors else ""


@contextmanager
def defining(folder: Path) -> Iterator[Defining]:
    """A deployment that is closed afterwards."""
    deployment = Defining(folder)
    try:
        yield deployment
    finally:
        deployment.http.close()
        deployment.ring.close()
