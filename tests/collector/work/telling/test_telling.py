"""Are webhooks told of what happens, signed so that libraries know it, once to whoever knows ids? Real HTTP servers."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.fixtures.provider_server import ProviderServer
from tests.fixtures.telling import Told, telling


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A deployment with a teller."""
    with telling(tmp_path) as ready:
        yield ready


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    """A receiver who says yes."""
    with ProviderServer() as running:
        yield running


def test_an_event_is_told_as_the_api_gives_it(told: Told, server: ProviderServer) -> None:
    """In an envelope that says what it is and when it was; the log knows it too."""
    webhook = told.subscribe(f"{server.url}/hook?team=a", "custom/thing")
    told.happen(1)
    told.tell()
    (asked,) = server.asked
    body = msgspec.json.decode(asked.body)
    (event,) = told.shop.get("/api/events?key=thing").json()["events"]
    assert {"type": "custom.thing", "timestamp": event["occurred_at"], "data": event} == body
    assert "/hook?team=a" == asked.path
    (listed,) = told.listed(webhook.id)
    assert ("done", 200, "HTTP 200", 1, "custom/thing", event["id"]) == (
        listed.delivery.state, listed.delivery.status, listed.delivery.reason, listed.delivery.tries, listed.kind,
        listed.event,
    )  # fmt: skip
    assert listed.delivery.id == asked.headers["webhook-id"]
