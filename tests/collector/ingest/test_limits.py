"""How fast may somebody send? 429 by address and by write key, and whose word counts for an address.

Source: INTERFACES 6, SECURITY 2.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.collector.ingest.sending import CLIENT, SITE, Deployment, batch, deployed, event, refusal

BURST = 1_000
PROXY = "192.0.2.1"


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Deployment]:
    """A deployment with its limits on."""
    with deployed(tmp_path, rate_limit=True) as ready:
        yield ready


def post(deployment: Deployment, events: int, **headers: str) -> httpx.Response:
    """A batch of so many."""
    return deployment.post(batch(*(event() for _ in range(events))), **headers)


def exhaust(deployment: Deployment, **headers: str) -> None:
    """All that an address may send at once."""
    for _ in range(BURST // 100):
        assert 202 == post(deployment, 100, **headers).status_code


@pytest.fixture(scope="module")
def exhausted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment whose only client has sent all that it may, each time with another forwarded address."""
    with deployed(tmp_path_factory.mktemp("exhausted"), rate_limit=True) as ready:
        for n in range(BURST // 100):
            assert 202 == post(ready, 100, x_forwarded_for=f"198.51.100.{n}").status_code
        yield ready


def test_1000_events_at_once_are_taken_and_then_none(exhausted: Deployment) -> None:
    """429 `rate_limited`; nothing of the refused batch is stored."""
    assert (429, "rate_limited", "") == refusal(post(exhausted, 1))
    assert BURST == len(exhausted.log())


def test_a_429_says_when_to_come_back_and_can_be_read_by_the_page(exhausted: Deployment) -> None:
    """Retry-After in whole seconds, at least one, for as many events as were sent; CORS as on any answer."""
    for events, seconds in ((1, "1"), (50, "1"), (51, "2"), (100, "2")):
        answer = post(exhausted, events, origin=SITE)
        assert (429, seconds) == (answer.status_code, answer.headers["retry-after"])
        assert SITE == answer.headers["access-control-allow-origin"]
        assert "Retry-After" == answer.headers["access-control-expose-headers"]
        assert "application/problem+json" == answer.headers["content-type"]


def test_a_forwarded_address_of_a_stranger_is_not_believed(exhausted: Deployment) -> None:
    """Or whoever changes the header had no limit; nor is it stored."""
    assert 429 == post(exhausted, 1, x_forwarded_for="198.51.100.77").status_code
    assert {"203.0.113.0"} == {entry.ip for entry in exhausted.log()}


def test_whoever_waits_as_told_is_taken(limited: Deployment) -> None:
    """50 events come back a second, to the millisecond; a refused batch has taken none of them."""
    exhaust(limited)
    for _ in range(5):
        assert 429 == post(limited, 100).status_code
    limited.now += 1_999
    assert 429 == post(limited, 100).status_code
    limited.now += 1
    assert 202 == post(limited, 100).status_code
    assert 429 == post(limited, 1).status_code


def test_refused_events_count_as_sent(limited: Deployment) -> None:
    """What is wrong with an event costs time to find out."""
    for _ in range(BURST // 100):
        assert 202 == limited.post(batch(*[event(key="!")] * 100)).status_code
    assert 429 == post(limited, 1).status_code


def test_a_rate_limit_is_counted_and_seen(limited: Deployment) -> None:
    """At the site whose key it was."""
    exhaust(limited)
    post(limited, 1)
    limited.now += 60_000
    assert 1 == limited.rejections()["rate_limited", 1]["count"]


def test_a_refused_request_takes_nothing_from_the_limit(limited: Deployment) -> None:
    """Another page's batch with the site's key does not keep the site's own out."""
    site = limited.site(origins=[SITE])
    for _ in range(BURST // 100 + 1):
        content = batch(*(event() for _ in range(100)), write_key=site.write_key)
        assert 403 == limited.post(content, origin="https://evil.example").status_code
    exhaust(limited)


def test_the_secret_door_has_no_limit(limited: Deployment) -> None:
    """Whoever has the deployment's key is the deployment; its address is not charged for it either."""
    for _ in range(3):
        assert 500 == limited.send_as_server(*(event() for _ in range(500)))["accepted"]
    exhaust(limited)
    assert 1 == limited.send_as_server(event())["accepted"]


def test_limits_can_be_off(deployment: Deployment) -> None:
    """SENTIERO_RATE_LIMIT=off, for load tests."""
    for _ in range(BURST // 100 + 2):
        assert 202 == post(deployment, 100).status_code


def test_a_write_key_has_a_limit_over_all_addresses(tmp_path: Path) -> None:
    """10,000 events at once, 5,000 a second, by however many clients; another key is not concerned."""
    with deployed(tmp_path, rate_limit=True, trusted_proxies=PROXY, host=PROXY) as deployment:
        for n in range(100):
            assert 202 == post(deployment, 100, x_forwarded_for=f"198.51.100.{n}").status_code
        assert (429, "rate_limited", "") == refusal(post(deployment, 1, x_forwarded_for="203.0.113.1"))
        other = batch(event(), write_key=deployment.site().write_key)
        assert 202 == deployment.post(other, x_forwarded_for="203.0.113.1").status_code
        deployment.now += 20
        assert 202 == post(deployment, 100, x_forwarded_for="203.0.113.2").status_code


# Whose address --------------------------------------------------------------------------------------------------------


def test_a_forwarded_address_of_a_trusted_proxy_is_believed(tmp_path: Path) -> None:
    """Each client behind it has a limit of its own, and its own network is stored."""
    with deployed(tmp_path, rate_limit=True, trusted_proxies="192.0.2.0/24", host=PROXY) as deployment:
        exhaust(deployment, x_forwarded_for="198.51.100.1")
        assert 429 == post(deployment, 1, x_forwarded_for="198.51.100.1").status_code
        assert 202 == post(deployment, 1, x_forwarded_for="2001:db8:7::1").status_code
        assert {"198.51.100.0", "2001:db8:7::"} == {entry.ip for entry in deployment.log()}


@pytest.mark.parametrize(
    ("forwarded", "stored"),
    [
        ("198.51.100.7", "198.51.100.0"),
        ("198.51.100.7, 192.0.2.9", "198.51.100.0"),
        ("10.9.8.7, 198.51.100.7", "198.51.100.0"),
        ("10.9.8.7, 198.51.100.7, 192.0.2.9", "198.51.100.0"),
        ("198.51.100.7,192.0.2.9,  192.0.2.8", "198.51.100.0"),
        ("192.0.2.9", "192.0.2.0"),
        ("unknown", "192.0.2.0"),
        ("198.51.100.7, unknown", "192.0.2.0"),
        ("198.51.100.7:4711", "192.0.2.0"),
        ("", "192.0.2.0"),
        (",", "192.0.2.0"),
    ],
)
def test_only_what_trusted_proxies_have_added_is_believed(tmp_path: Path, forwarded: str, stored: str) -> None:
    """From the right: the first address that is no proxy of ours; what stands before it may be made up."""
    with deployed(tmp_path, trusted_proxies="192.0.2.0/24", host=PROXY) as deployment:
        assert stored == deployment.entry(headers={"x_forwarded_for": forwarded}).ip


def test_a_proxy_that_is_not_ours_is_not_believed(tmp_path: Path) -> None:
    """Trusting one network trusts no other."""
    with deployed(tmp_path, trusted_proxies="192.0.2.0/24", host=CLIENT) as deployment:
        assert "203.0.113.0" == deployment.entry(headers={"x_forwarded_for": "198.51.100.7"}).ip
