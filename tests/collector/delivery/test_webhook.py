"""Webhooks by HTTP, against a real server: what is posted, how it is signed, what each answer means."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from collector.delivery.guard import Network
from collector.delivery.hooks.sink import address_of, signature
from collector.delivery.http import MAX_ANSWER_BYTES
from collector.delivery.port import Accepted, Broken, Deferred, Outcome, Parcel, Refused
from collector.delivery.webhook import Webhook
from tests.collector.delivery.parcels import AT, ID, LAN, Began, parcel
from tests.fixtures.provider_server import ProviderServer

KEYS = [b"n" * 32, b"o" * 32]
"""A new one, and an old one that some receivers still have."""

BODY = '{"event": "cart", "città": "Belluno"}'
ARRIVED = Accepted("HTTP 200", delivered=True)


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    """A receiver who says yes."""
    with ProviderServer() as running:
        yield running


def hook(address: str, **changed: Any) -> Parcel:
    """A webhook to that address."""
    return parcel(**{"channel": "webhook", "recipient": address, "text": BODY, "html": "", "subject": ""} | changed)


def sent(*parcels: Parcel, lan: Sequence[Network] = LAN, begun: Began | None = None) -> list[Outcome]:
    """The outcomes, one after the other."""

    async def run() -> list[Outcome]:
        channel = Webhook(lambda: KEYS, tuple(lan), lambda: AT)
        try:
            return [await channel.send(each, begun or Began()) for each in parcels]
        finally:
            await channel.close()

    return asyncio.run(run())


def test_it_is_posted_as_it_was_rendered(server: ProviderServer) -> None:
    """To the whole address, byte by byte; nothing of the part behind # leaves."""
    begun = Began()
    assert [ARRIVED] == sent(hook(f"{server.url}/hooks/7?team=a%20b#top"), begun=begun)
    (asked,) = server.asked
    assert ("/hooks/7?team=a%20b", BODY.encode(), 1) == (asked.path, asked.body, begun.times)
    assert ("application/json", f"localhost:{server.port}") == (asked.headers["content-type"], asked.headers["host"])


def test_it_is_signed_by_every_key(server: ProviderServer) -> None:
    """As Standard Webhooks says it, newest first, so that a key can be changed while receivers have the old one."""
    sent(hook(server.url))
    (asked,) = server.asked
    assert (ID, str(AT // 1_000)) == (asked.headers["webhook-id"], asked.headers["webhook-timestamp"])
    signed = f"{ID}.{AT // 1_000}.{BODY}".encode()
    expected = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in KEYS]
    assert " ".join(f"v1,{one}" for one in expected) == asked.headers["webhook-signature"]


def test_the_example_of_the_specification() -> None:
    """Its secret, id, time and body give its signature."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}')
    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == found


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, ARRIVED),
        (202, Accepted("HTTP 202", delivered=True)),
        (301, Refused("301", "HTTP 301: a redirect, which is not followed", False)),
        (307, Refused("307", "HTTP 307: a redirect, which is not followed", False)),
        (400, Refused("400", "HTTP 400", False)),
        (401, Refused("401", "HTTP 401", False)),
        (404, Refused("404", "HTTP 404", False)),
        (408, Deferred("408", "HTTP 408", 7_000)),
        (410, Refused("410", "HTTP 410", True)),
        (425, Deferred("425", "HTTP 425", 7_000)),
        (429, Deferred("429", "HTTP 429", 7_000)),
        (500, Deferred("500", "HTTP 500", 7_000)),
        (503, Deferred("503", "HTTP 503", 7_000)),
    ],
)
def test_an_answer_means(server: ProviderServer, status: int, expected: Outcome) -> None:
    """Arrived, later, or never; a redirect is not followed, wherever it leads."""
    server.status = status
    server.headers = {"Retry-After": "7", "Location": f"{server.url}/elsewhere"}
    assert [expected] == sent(hook(server.url))
    assert 1 == len(server.asked)


def test_a_long_answer_is_not_read_to_its_end(server: ProviderServer) -> None:
    """What it says does not matter."""
    server.answer = b"x" * (MAX_ANSWER_BYTES * 4)
    assert [ARRIVED] == sent(hook(server.url))


def test_no_answer_is_tried_again(server: ProviderServer) -> None:
    """It may have been heard; its id says so when it comes again. Other receivers are not held up by this one."""
    server.drops = True
    with ProviderServer() as other:
        gone = hook(other.url)
    for outcome in sent(hook(server.url), gone):
        assert isinstance(outcome, Deferred)
        assert "no_answer" == outcome.code


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna@posta.example",
        "ftp://x.example/",
        "https://",
        "https:///hook",
        "https://x.example:0/",
        "https://x.example:70000/",
        "https://[::1/",
        "https://x.example/a b",
        "https://x.example/\r\nX-Injected: 1",
        "https://città.example/",
        "https://user:password@x.example/",
        "https://user@x.example/",
    ],
)
def test_an_address_that_is_none(address: str) -> None:
    """Our own mistake: nothing is asked, no name is resolved."""
    begun = Began()
    (found,) = sent(hook(address), begun=begun)
    assert isinstance(found, Broken)
    assert (False, 0) == (found.everybody, begun.times)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "127.1"])
def test_nothing_inside_is_reached(host: str) -> None:
    """What is not public is opted into, however it is written."""
    begun = Began()
    (found,) = sent(hook(f"http://{host}/"), lan=(), begun=begun)
    assert isinstance(found, Broken)
    assert "delivery_networks" in found.reason
    assert (False, 0) == (found.everybody, begun.times)


@pytest.mark.parametrize(
    ("address", "lan"),
    [
        ("http://93.184.215.14:8080/", LAN),  # a public address, another port
        ("http://127.0.0.1:22/", LAN),  # a machine's own service
        ("http://127.0.0.1:1023/", LAN),
        ("http://93.184.215.14:25/", LAN),
    ],
)
def test_other_ports_are_open_inside_only(address: str, lan: Sequence[Network]) -> None:
    """From 1024 on, in networks that were opted into."""
    begun = Began()
    (found,) = sent(hook(address), lan=lan, begun=begun)
    assert isinstance(found, Broken)
    assert "port" in found.reason
    assert 0 == begun.times


def test_what_is_no_json_is_not_sent(server: ProviderServer) -> None:
    """A value without quotes, which the template alone could not show."""
    (found,) = sent(hook(server.url, text='{"name": Anna}'))
    assert isinstance(found, Broken)
    assert "no JSON" in found.reason
    assert [] == server.asked


def test_a_begin_that_fails_asks_nothing(server: ProviderServer) -> None:
    """What cannot be marked as in flight stays where it is."""

    def fail() -> None:
        raise RuntimeError("the store is away")

    assert [Deferred("failure", "RuntimeError: the store is away")] == sent(hook(server.url), begun=Began(fail))
    assert [] == server.asked


def test_an_address_is_taken_as_it_is() -> None:
    """Query and port stay."""
    assert "https://x.example:443/a?b=%20c" == address_of("https://x.example:443/a?b=%20c#d").geturl()
