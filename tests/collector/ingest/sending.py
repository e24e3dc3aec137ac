"""How does a test send events? The whole application on a real data folder, called over ASGI; its clock stands still.

Nothing is left out but the worker: what was accepted is read from log.db, what was refused from `GET /api/rejections`.
"""

import asyncio
import json
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx
from starlette.types import ASGIApp, Message

from collector.app import build
from collector.commands.prepare import prepare
from collector.config import load
from collector.event_id import pack_id
from collector.log.entry import Entry, decode_entry
from collector.sqlite import connect

NOW = 1_795_600_800_000
NOW_TEXT = "2026-11-25T10:00:00.000Z"
WRITE_KEY, API_KEY = "wk_of_the_first_site", "sk_of_the_deployment"
SITE = "https://shop.example"
CLIENT = "203.0.113.9"
NONCE = "6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a11"

_numbers = count(1)

T = TypeVar("T")


class NewSite(NamedTuple):
    """A site that a test has made."""

    id: int
    write_key: str


class Deployment:
    """A data folder and the application on it. `now` is what its clock says (ms UTC); a test may move it."""

    def __init__(self, folder: Path, *, host: str = CLIENT, **flags: object) -> None:
        """host: the address from which requests come. flags: further settings; limits of rate are off unless given."""
        self.now = NOW
        given = {"data": folder, "write_key": WRITE_KEY, "api_key": API_KEY, "worker": False, "rate_limit": False}
        self.settings = load(given | flags, {}, folder)
        prepare(self.settings, now=NOW)
        self.built = build(self.settings, clock=lambda: self.now)
        self._log = connect(self.settings.log_path, readonly=True)
        self._runner = asyncio.Runner()
        self._life = Life(self.built.asgi)
        self.run(self._life.start())
        transport = httpx.ASGITransport(self.built.asgi, client=(host, 50_000))
        self._http = httpx.AsyncClient(transport=transport, base_url="https://collector.example")

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        """Let the application's loop run until that is done; between two calls it stands still."""
        return self._runner.run(doing)

    def close(self) -> None:
        """End the application as its process would."""
        self.run(self._http.aclose())
        self.run(self._life.stop())
        self._runner.close()
        self._log.close()

    # Sending ----------------------------------------------------------------------------------------------------------

    async def request(self, method: str, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
        """One request. headers: `content_type` is content-type. No cookie is kept from one to the next."""
        named = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in headers.items()}
        answer = await self._http.request(method, path, content=content, headers=named)
        self._http.cookies.clear()
        return answer

    def post(self, content: bytes, path: str = "/e", **headers: str) -> httpx.Response:
        """A body to the tracker's door, as the tracker sends it."""
        return self.run(self.request("POST", path, content, **({"content_type": "text/plain"} | headers)))

    def post_as_server(self, content: bytes, **headers: str) -> httpx.Response:
        """A body to the servers' door."""
        usual = {"content_type": "application/json", "api_key": API_KEY}
        return self.post(content, "/api/events", **(usual | headers))

    def send(self, *events: Any, headers: Mapping[str, str] | None = None, **envelope: Any) -> Any:
        """A batch that must be taken; returns the answer. envelope: further fields of it, or others."""
        answer = self.post(batch(*events, **envelope), **(headers or {}))
        assert 202 == answer.status_code, answer.text
        return answer.json()

    def send_as_server(self, *events: Any, **envelope: Any) -> Any:
        """A batch of a server that must be taken; returns the answer."""
        answer = self.post_as_server(written({"events": list(events), **envelope}))
        assert 202 == answer.status_code, answer.text
        return answer.json()

    # What came of it --------------------------------------------------------------------------------------------------

    def log(self) -> list[Entry]:
        """Everything that was accepted, in order."""
        return [decode_entry(body) for (body,) in self._log.execute("SELECT body FROM log ORDER BY offset")]

    def logged(self, id: str) -> list[Entry]:
        """The accepted events of that id, of whatever door."""
        rows = self._log.execute("SELECT body FROM log WHERE id = ? ORDER BY offset", (pack_id(id),))
        return [decode_entry(body) for (body,) in rows]

    def entry(
        self, *, headers: Mapping[str, str] | None = None, envelope: Mapping[str, Any] | None = None, **fields: Any
    ) -> Entry:
        """Send one good event with these fields; returns it as it was accepted."""
        sent = event(**fields)
        answer = self.send(sent, headers=headers, **(envelope or {}))
        assert 1 == answer["accepted"], answer
        return self.logged(sent["id"])[-1]

    def rejections(self) -> dict[tuple[str, int | None], Any]:
        """(code, site) → {count, samples, …}. Sends a good event first: when it is written, all before it is."""
        self.send(event())
        answer = self.get("/api/rejections")
        return {(each["code"], each["site"]): each for each in answer.json()["rejections"]}

    def get(self, path: str) -> httpx.Response:
        """Read, with the API key."""
        return self.run(self.request("GET", path, api_key=API_KEY))

    def metric(self, line: str) -> float:
        """The value of a line of /metrics, such as `sentiero_requests_total{door="e",status="202"}`; 0 without it."""
        lines = dict(each.rpartition(" ")[::2] for each in self.get("/metrics").text.splitlines())
        return float(lines.get(line, 0))

    # Defining ---------------------------------------------------------------------------------------------------------

    def site(self, **fields: Any) -> NewSite:
        """A new site and its key. fields: consent, origins, identify."""
        answer = self._define("POST", "/api/sites", {"name": f"site {next(_numbers)}", **fields})
        return NewSite(answer["id"], answer["write_keys"][0])

    def key(self, **fields: Any) -> dict[str, Any]:
        """A new key: scope, and the site of a write key."""
        made: dict[str, Any] = self._define("POST", "/api/keys", fields)
        return made

    def revoke(self, key_id: int) -> None:
        """Refuse that key from now on."""
        answer = self.run(self.request("DELETE", f"/api/keys/{key_id}", api_key=API_KEY))
        assert 204 == answer.status_code, answer.text

    def _define(self, method: str, path: str, fields: Mapping[str, Any]) -> Any:
        asked = self.request(method, path, written(fields), content_type="application/json", api_key=API_KEY)
        answer = self.run(asked)
        assert 201 == answer.status_code, answer.text
        return answer.json()


class Life:
    """The ASGI lifespan of an application: what a server does around the requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def start(self) -> None:
        """Returns when the application has started."""
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        self._task = asyncio.create_task(self._live())
        await self._expect("startup")

    async def stop(self) -> None:
        """Returns when the application has ended."""
        await self._expect("shutdown")
        await self._task

    async def _live(self) -> None:
        await self._app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, self._told.get, self._said.put)

    async def _expect(self, event: str) -> None:
        await self._told.put({"type": f"lifespan.{event}"})
        said = await self._said.get()
        assert f"lifespan.{event}.complete" == said["type"], said


@contextmanager
def deployed(folder: Path, **flags: Any) -> Iterator[Deployment]:
    """A deployment that is ended afterwards."""
    deployment = Deployment(folder, **flags)
    try:
        yield deployment
    finally:
        deployment.close()


def event(**fields: Any) -> dict[str, Any]:
    """A good event with an id of its own."""
    return {"id": f"event-{next(_numbers)}", "key": "page_visited", "occurred_at": NOW_TEXT, **fields}


def batch(*events: Any, **envelope: Any) -> bytes:
    """The body of POST /e."""
    return written({"write_key": WRITE_KEY, "sent_at": NOW_TEXT, "events": list(events), **envelope})


def written(value: object) -> bytes:
    """As JSON; half characters and control characters are escaped."""
    return json.dumps(value).encode()


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    """(status, code, path) of a refused request."""
    (error,) = answer.json()["errors"]
    return answer.status_code, error["code"], error["path"]


def refused(answer: Any) -> list[tuple[int, str, str]]:
    """(index, code, path) of each refused event."""
    return [(one["index"], one["code"], one["path"]) for one in answer["rejected"]]


def warned(answer: Any) -> list[tuple[int, str, str]]:
    """(index, code, path) of each warning."""
    return [(one["index"], one["code"], one["path"]) for one in answer["warnings"]]
