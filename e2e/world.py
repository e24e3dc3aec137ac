"""What is there in an end-to-end test? A collector, a website, browsers; and what the collector says has happened.

What is asked is asked from the collector's API, never from the browser: a browser does not know what has arrived.
"""

import json
import socket
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.killed.process import API_KEY, Deployment
from tests.killed.wait import rest, until

SEEN_S = 20.0

Seen = Mapping[str, Any]
"""An event, as `/api/events` answers it."""


class World:
    """A deployment on a port that stays, a website, and the questions that tests ask."""

    def __init__(self, folder: Path, *, flags: Sequence[str] = ()) -> None:
        """flags: of serve."""
        self.port = _free_port()
        self.deployment = Deployment(folder, port=self.port, flags=flags)
        self.deployment.start()
        self.collector = f"http://t.shop.localhost:{self.port}"
        self.login: Sequence[Any] = ()  # cookies of the console, once somebody has logged in
        self._expected: Sequence[str] | None = None
        self._in_order = True
        self.rest = rest  # a browser under test needs to be served while a test waits

    def get(self, path: str, **params: Any) -> Any:
        """The API's answer."""
        answer = self.deployment.get(f"{path}?{urlencode(params, doseq=True)}" if params else path)
        assert answer.status == 200, answer.body
        return answer.json()

    def events(self, **filters: Any) -> list[Seen]:
        """Every event that there is, ordered by time, then by its order in the browser (its id)."""
        found: list[Seen] = self.get("/api/events", limit=500, **{"bots": "include", **filters})["events"]
        return sorted(found, key=lambda event: (event["occurred_at"], event["id"]))

    def given(self, **filters: Any) -> list[Seen]:
        """Those that browsers or servers have sent."""
        return [event for event in self.events(**filters) if event["source"] != "derived" and event["source"] != "api"]

    def expect(self, *lines: str, in_order: bool = True) -> list[Seen]:
        """Wait until exactly these have arrived: "key /path" each, in order of time; returns them.

        When the test has ended, and every page was closed, it is looked at once more: no more and no fewer.
        """
        self._expected, self._in_order = lines, in_order

        def agreed() -> list[Seen] | None:
            found = self.given()
            return found if self._is_expected(found) else None

        return until(
            agreed,
            SEEN_S,
            lambda: f"expected {list(lines)}, there are {[line_of(e) for e in self.given()]}",
            rest=self.rest,
        )

    def nothing(self) -> None:
        """Nothing has arrived, although everything that was sent before has been looked at."""
        self._expected = ()
        self._settle()
        assert [] == [line_of(event) for event in self.given()]

    def derived(self, key: str, count: int) -> list[Seen]:
        """Wait until there are so many derived events of that key."""
        return until(
            lambda: found if len(found := self.events(key=key)) == count else None,
            SEEN_S,
            lambda: f"{count} of {key} expected, there are {self.events(key=key)}",
            rest=self.rest,
        )

    def contacts(self) -> list[Seen]:
        """Every contact that has not been absorbed."""
        found: list[Seen] = self.get("/api/contacts", limit=500)["contacts"]
        return found

    def sessions(self) -> list[Seen]:
        """Every session, the oldest first."""
        found: list[Seen] = self.get("/api/sessions", limit=500)["sessions"]
        return sorted(found, key=lambda session: session["started_at"])

    def rejected(self) -> list[Seen]:
        """What was refused, and why."""
        found: list[Seen] = self.get("/api/rejections")["rejections"]
        return found

    def check_again(self) -> None:
        """At the end of a test: what was expected last is still all that there is, and each is there once."""
        if self._expected is not None and self.deployment.port is not None:
            self._settle()
            found = self.given()
            there = [line_of(event) for event in found]
            assert self._is_expected(found), f"expected {list(self._expected)}, there are {there}"

    def _is_expected(self, found: Sequence[Seen]) -> bool:
        there, expected = [line_of(event) for event in found], [*(self._expected or ())]
        return there == expected if self._in_order else sorted(there) == sorted(expected)

    def _settle(self) -> None:
        """Everything that has come so far is stored: a marker sent now has come through after it."""
        marker = f"marker-{time.time_ns()}"
        body = {"events": [{"id": marker, "key": "marker", "occurred_at": datetime.now(UTC).isoformat()}]}
        answer = self.deployment.request(
            "POST", "/api/events", _json(body), api_key=API_KEY, content_type="application/json"
        )
        assert answer.status == 202, answer.body
        until(lambda: any(event["id"] == marker for event in self.get("/api/events", key="marker")["events"]), SEEN_S)

    def close(self) -> None:
        """End the deployment."""
        self.deployment.close()


def line_of(event: Seen) -> str:
    """An event as a line of a test: its key and the path of its page."""
    url = urlsplit(event["page"]["url"]) if event["page"] else None
    return f"{event['key']} {url.path}{'#' + url.fragment if url.fragment else ''}" if url else event["key"]


def _json(body: Any) -> bytes:

    return json.dumps(body).encode()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
