"""Does a webhook reach its receiver, once to whoever knows its id, without being an event of a person?

A real HTTP server, a clock that is moved.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from collector.access.secret import read_or_create
from collector.delivery.hooks.sink import signature
from collector.store.ports.messages.outbox import Order
from collector.store.sqlite.messages.journal import SqliteJournal
from sessionizer.messages.message import Content
from tests.fixtures.mailed import waiting
from tests.fixtures.mailing import Mailing, mailing
from tests.fixtures.provider_server import ProviderServer

HOUR = 60.0
BODY = '{"name": "{{ event.name }}", "total": {{ event.total|json }}}'
ORDER = Order(content=Content(channel="webhook", text=BODY), params={"name": 'Ada "& Co"', "total": 12.5})


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Mailing]:
    """A deployment that can send."""
    with mailing(tmp_path) as ready:
        yield ready


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    """A receiver who says yes."""
    with ProviderServer() as running:
        yield running


def asked(post: Mailing, address: str, **fields: Any) -> str:
    """A webhook that is to go there now; the delivery's id."""
    return waiting(
        post.shop.deployment,
        order=ORDER,
        channel="webhook",
        recipient=address,
        **({"purpose": "transactional"} | fields),
    ).delivery


def test_it_comes_as_it_was_meant(post: Mailing, server: ProviderServer) -> None:
    """Values are escaped for JSON; the deployment's own key has signed it."""
    id = asked(post, f"{server.url}/hook")
    post.deliver()
    (got,) = server.asked
    assert {"name": 'Ada "& Co"', "total": 12.5} == msgspec.json.decode(got.body)
    (key,) = read_or_create(post.shop.deployment.settings.webhook_secret_path)
    at_s = int(got.headers["webhook-timestamp"])
    assert signature(key, id, at_s, got.body) == got.headers["webhook-signature"]
    assert (id, post.shop.deployment.now // 1_000) == (got.headers["webhook-id"], at_s)
    assert ("sent", 1, "HTTP 200") == (post.row(id).state, post.row(id).tries, post.row(id).reason)


@pytest.mark.parametrize("purpose", ["marketing", "transactional", "sales"])
@pytest.mark.parametrize("status", [200, 400, 410])
def test_it_is_no_event_of_a_person(post: Mailing, server: ProviderServer, purpose: str, status: int) -> None:
    """Whether it arrives or is refused: nobody was written to, and nobody comes to be known."""
    server.status = status
    id = asked(post, server.url, purpose=purpose)
    post.deliver()
    assert ("sent" if status == 200 else "failed") == post.row(id).state
    assert [] == post.said()
    assert [] == post.shop.get("/api/contacts").json()["contacts"]
    assert [] == post.shop.get("/api/messages/suppressions").json()["suppressions"]


def test_a_receiver_that_is_away_gets_it_later(post: Mailing, server: ProviderServer) -> None:
    """By the same id; meanwhile others get theirs."""
    server.status = 503
    id = asked(post, server.url)
    with ProviderServer() as other:
        others = asked(post, other.url)
        post.deliver()
        assert ("waiting", "sent") == (post.row(id).state, post.row(others).state)
    server.status = 200
    post.deliver(HOUR)
    assert [id, id] == [got.headers["webhook-id"] for got in server.asked]
    assert ("sent", 2) == (post.row(id).state, post.row(id).tries)


def test_nobody_at_home_holds_up_nobody_else(post: Mailing, server: ProviderServer) -> None:
    """An address where nothing listens, a name that nobody can have, one that is forbidden: the next one goes all the
    same, in the same round and in the one after it."""
    with ProviderServer() as gone:
        away = asked(post, gone.url)
    nowhere, forbidden = asked(post, f"https://{'long' * 20}.example/"), asked(post, "http://10.0.0.1/")
    first = asked(post, server.url)
    post.deliver()
    second = asked(post, server.url)
    post.deliver()
    assert ["waiting", "waiting", "failed"] == [post.row(id).state for id in (away, nowhere, forbidden)]
    assert ["sent", "sent"] == [post.row(id).state for id in (first, second)]


def test_one_that_was_under_way_when_the_process_died_goes_again(post: Mailing, server: ProviderServer) -> None:
    """It may have arrived: its receiver knows it by its id, so that nobody has to look."""
    id = asked(post, server.url)
    journal = SqliteJournal(post.shop.deployment.settings.store_path)
    journal.settle([id], [], [])
    journal.close()
    post.deliver()
    assert (["sent"], [id]) == ([post.row(id).state], [got.headers["webhook-id"] for got in server.asked])


def test_what_is_no_json_fails_and_says_why(post: Mailing, server: ProviderServer) -> None:
    """A template whose value was to be put into quotes, and was not."""
    order = Order(content=Content(channel="webhook", text='{"name": {{ event.name }}}'), params={"name": "Ada"})
    of = waiting(post.shop.deployment, order=order, channel="webhook", recipient=server.url, purpose="transactional")
    post.deliver()
    row = post.row(of.delivery)
    assert ("failed", []) == (row.state, server.asked)
    assert "no JSON" in row.reason
