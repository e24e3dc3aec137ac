"""The client's address: the connection's, unless proxies that are ours say more."""

from ipaddress import ip_network

import pytest

from collector.access.address import client_address

PROXIES = tuple(ip_network(text) for text in ("10.0.0.0/8", "fd00::/8"))


def asked(peer: str, forwarded: str) -> str:
    """The address, with proxies in 10.0.0.0/8 and fd00::/8."""
    return client_address(peer, forwarded, PROXIES)


@pytest.mark.parametrize("forwarded", ["", "203.0.113.7", "10.0.0.1, 10.0.0.2", "rubbish"])
def test_nobody_is_believed_unless_trusted(forwarded: str) -> None:
    """Without trusted proxies, and from a peer that is none, the header is a stranger's text."""
    assert "198.51.100.1" == client_address("198.51.100.1", forwarded, ())
    assert "198.51.100.1" == asked("198.51.100.1", forwarded)


def test_one_proxy_tells_who_asked_it() -> None:
    """The address that it has put at the end of the header."""
    assert "203.0.113.7" == asked("10.0.0.1", "203.0.113.7")


def test_a_proxy_without_a_header_is_the_client() -> None:
    """A health check of the proxy itself."""
    assert "10.0.0.1" == asked("10.0.0.1", "")


def test_what_the_client_wrote_itself_is_not_believed() -> None:
    """A proxy appends; what stands before its word came from outside."""
    assert "203.0.113.7" == asked("10.0.0.1", "127.0.0.1, 1.1.1.1, 203.0.113.7")
    assert "203.0.113.7" == asked("10.0.0.1", "10.9.9.9,203.0.113.7")


def test_several_trusted_hops_are_passed_over() -> None:
    """Read from the right, the first that is no proxy of ours; when all are, the first of them."""
    assert "203.0.113.7" == asked("10.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.3, 10.0.0.2")
    assert "10.0.0.3" == asked("10.0.0.1", "10.0.0.3, 10.0.0.2")


def test_an_untrusted_hop_ends_the_search() -> None:
    """A foreign proxy in the middle may invent what is before it."""
    assert "198.51.100.9" == asked("10.0.0.1", "203.0.113.7, 198.51.100.9, 10.0.0.2")


@pytest.mark.parametrize("hop", ["unknown", "_hidden", "", "203.0.113.7:443", "203.0.113.300", "<script>", "\ud800"])
def test_what_is_no_address_ends_the_search(hop: str) -> None:
    """The last hop that is known is taken; nothing else becomes the name of a bucket."""
    assert "10.0.0.2" == asked("10.0.0.1", f"1.1.1.1, {hop}, 10.0.0.2")


def test_ipv6_clients_and_proxies() -> None:
    """Both families, also mixed; blanks around a hop mean nothing."""
    assert "2001:db8::7" == asked("fd00::1", "1.1.1.1,  2001:db8::7 , 10.0.0.2")
    assert "2001:db8::1" == asked("2001:db8::1", "203.0.113.7")


def test_a_proxy_is_known_in_its_mapped_form() -> None:
    """A socket of both families gives IPv4 peers as ::ffff:a.b.c.d: the same proxy."""
    assert "203.0.113.7" == asked("::ffff:10.0.0.1", "203.0.113.7, ::ffff:10.0.0.2")
    assert "::ffff:11.0.0.1" == asked("::ffff:11.0.0.1", "203.0.113.7")


@pytest.mark.parametrize("peer", ["", "unix:", "/run/sentiero.sock"])
def test_a_connection_without_an_address_is_no_proxy(peer: str) -> None:
    """A socket file has no address: no network holds it."""
    assert peer == asked(peer, "203.0.113.7")
