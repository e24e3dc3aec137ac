"""Does Segment's own library for Python run against us as it is? Every call that it has, over a real socket.

Source: https://pypi.org/project/segment-analytics-python/
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from segment.analytics.client import Client

from collector.log.entry import Entry, decode_entry
from collector.sqlite import connect
from tests.collector.ingest.sending import NOW, WRITE_KEY
from tests.collector.ingest.serving import Served, served


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """One for each test, which counts what is in it."""
    with served(tmp_path) as ready:
        yield ready


class Sending:
    """The library as a program uses it. refused: what it was told of batches that were not taken."""

    def __init__(self, server: Served, *, write_key: str = WRITE_KEY, **options: Any) -> None:
        host, port = server.address
        self.refused: list[Exception] = []
        usual = {"host": f"http://{host}:{port}", "on_error": lambda error, batch: self.refused.append(error)}
        self.client = Client(write_key, max_retries=1, **(usual | options))

    def __enter__(self) -> Client:
        return self.client

    def __exit__(self, *raised: object) -> None:
        self.client.shutdown()


def logged(server: Served) -> list[Entry]:
    """Everything that was accepted, in order."""
    with closing(connect(server.built.services.settings.log_path, readonly=True)) as log:
        return [decode_entry(body) for (body,) in log.execute("SELECT body FROM log ORDER BY offset")]


@pytest.mark.parametrize("gzip", [False, True])
def test_every_call_arrives(server: Served, gzip: bool) -> None:
    """track, identify, page, screen, group, alias: each once, for whom it is."""
    sending = Sending(server, gzip=gzip)
    with sending as client:
        client.track(anonymous_id="b-1", event="Product Viewed", properties={"product_id": "p-1", "price": 9.5})
        client.identify("42", {"email": "anna@shop.example", "plan": "pro"}, anonymous_id="b-1")
        client.page("42", "Docs", "Start", {"url": "https://shop.example/docs"})
        client.screen("42", "App", "Cart", {"n": 1})
        client.group("42", "g-1", {"name": "ACME"})
        client.alias("b-1", "42")
    assert [] == sending.refused
    found = [(entry.category, entry.key) for entry in logged(server)]
    identified = ("contact", "identified")
    visited = ("website", "page_visited")
    assert [("ecommerce", "product_viewed"), identified, visited, visited, identified, identified] == found
    first, second, *_, last = logged(server)
    assert first.visitor == second.visitor == last.visitor != ""
    assert {"ext_id": "42", "email_id": "anna@shop.example"} == second.identifiers
    assert {"segment"} == {entry.source for entry in logged(server)}


def test_its_clock_is_corrected(server: Served) -> None:
    """The server of this test stands still at another time: what happened an hour ago there, did so here."""
    with Sending(server) as client:
        client.track("42", "Old", timestamp=datetime.now(UTC) - timedelta(hours=1))
    assert abs(logged(server)[0].occurred_at - (NOW - 3_600_000)) < 60_000


def test_many_events_arrive_once(server: Served) -> None:
    """Its own batches of a hundred, from its own thread."""
    with Sending(server) as client:
        ids = [client.track("42", "Signed Up", {"n": number})[1]["messageId"] for number in range(500)]
    assert ids == [entry.id for entry in logged(server)]


def test_it_is_told_why_nothing_was_taken(server: Served) -> None:
    """A wrong key: our code and sentence reach the program, and it does not try again."""
    sending = Sending(server, write_key="wk_of_nobody")
    with sending as client:
        client.track("42", "Signed Up")
    (error,) = sending.refused
    assert ("key_unknown", 401) == (error.code, error.status)  # type: ignore[attr-defined]
    assert [] == logged(server)
