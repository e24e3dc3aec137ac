"""Where a delivery may connect to, and where not."""

import asyncio
from ipaddress import ip_address, ip_network

import pytest

from collector.delivery.guard import MAIL_PORTS, Forbidden, Guard, Unresolved, addresses, allowed

INSIDE = """127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.1 198.18.0.1
239.1.1.1 240.0.0.1 255.255.255.255 192.88.99.1 ::1 :: ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1
64:ff9b:1::1 2001::1 2002:7f00:1:: fe80::1 fc00::1 fd12::1 fec0::1 ff02::1 2001:db8::1 100::1""".split()
OUTSIDE = "1.1.1.1 93.184.216.34 2606:4700::1111 ::ffff:1.1.1.1".split()


@pytest.mark.parametrize("text", INSIDE)
def test_what_leads_inside(text: str) -> None:
    """Also what `is_global` calls public."""
    assert not allowed(ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_leads_outside(text: str) -> None:
    """Public addresses of both families."""
    assert allowed(ip_address(text))


def test_an_opened_network() -> None:
    """Only what the operator has named, however it is written."""
    lan = (ip_network("10.1.0.0/16"), ip_network("::1/128"))
    assert [True, True, True, False, False] == [
        allowed(ip_address(text), lan) for text in ("10.1.2.3", "::ffff:10.1.2.3", "::1", "10.2.0.1", "127.0.0.1")
    ]


def asked(host: str, found: list[str] | Exception, port: int = 25) -> list[str]:
    """The addresses of a host whose name servers say this."""

    async def resolve(_: str, __: int) -> list[str]:
        if isinstance(found, Exception):
            raise found
        return found

    return [str(each) for each in asyncio.run(addresses(host, port, Guard(MAIL_PORTS), resolve=resolve))]


def test_addresses_are_those_that_were_checked() -> None:
    """Each once, in the order of the name servers."""
    assert ["1.1.1.1", "2606:4700::1111"] == asked("mx.example", ["1.1.1.1", "2606:4700::1111", "1.1.1.1"])


def test_one_bad_address_is_enough() -> None:
    """Who mixes a public address with one inside hopes that we pick that one."""
    with pytest.raises(Forbidden, match="delivery_networks"):
        asked("mx.example", ["1.1.1.1", "169.254.169.254"])


@pytest.mark.parametrize("port", [22, 80, 6379, 8400, 0])
def test_ports(port: int) -> None:
    """Mail goes to mail's ports."""
    with pytest.raises(Forbidden, match="port"):
        asked("mx.example", ["1.1.1.1"], port)


@pytest.mark.parametrize("found", [[], OSError("no such name"), UnicodeError("label too long"), TimeoutError()])
def test_a_name_that_leads_nowhere(found: list[str] | Exception) -> None:
    """For now: it is another matter than a name that must not be followed."""
    with pytest.raises(Unresolved, match=r"mx\.example"):
        asked("mx.example", found)


def test_what_is_no_address() -> None:
    """A scoped address of a link is none that we connect to."""
    with pytest.raises(Forbidden):
        asked("mx.example", ["fe80::1%eth0"])
