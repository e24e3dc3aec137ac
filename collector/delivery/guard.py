"""May we connect there? Names are resolved once, every address is checked, and the checked address is connected to.

Reads DNS. An account's host is typed by an operator, a webhook's by anybody with a login: neither may reach what only
this machine can reach. Source: SECURITY 2, row SSRF.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, NamedTuple

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]

SETTING: Final = "delivery_networks"
MAIL_PORTS: Final = frozenset({25, 465, 587, 2525})
WEB_PORTS: Final = frozenset({80, 443})
RESOLVE_S: Final = 10.0
MAX_ADDRESSES: Final = 16

# What `is_global` lets through although it leads inside: an IPv4 address in IPv6 clothes, relays, multicast.
_HIDDEN: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "::/96",  # IPv4-compatible, long deprecated, still routed by some systems
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "192.88.99.0/24",  # 6to4 relays
        "fec0::/10",  # site-local
        "ff00::/8",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)


class Forbidden(Exception):
    """Not to be connected to. Its text says why, and which setting would allow it."""


class Unresolved(Exception):
    """The name leads nowhere, at least now."""


class Guard(NamedTuple):
    """What is allowed. lan: networks that may be reached although they are not public (setting delivery_networks)."""

    ports: frozenset[int]
    lan: tuple[Network, ...] = ()


async def system(host: str, port: int) -> list[str]:
    """As this machine resolves."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in found]


async def addresses(host: str, port: int, guard: Guard, *, resolve: Resolve = system) -> list[Address]:
    """Where the host is: at least one address, all of them checked, in the resolver's order.

    Raises Forbidden, or Unresolved.
    """
    check_port(port, guard)
    try:
        found = await asyncio.wait_for(resolve(host, port), RESOLVE_S)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise Unresolved(f"{host} cannot be resolved ({str(error) or 'no answer'})") from None
    if not found:
        raise Unresolved(f"{host} has no address")
    return checked(host, found, guard.lan)


def check_port(port: int, guard: Guard) -> None:
    """Raises Forbidden when it is none of the allowed ones."""
    if port not in guard.ports:
        allowed = ", ".join(str(each) for each in sorted(guard.ports))
        raise Forbidden(f"port {port} is not allowed: one of {allowed}")


def checked(host: str, found: Iterable[str], lan: tuple[Network, ...]) -> list[Address]:
    """The addresses of a host, each once. Raises Forbidden when one is not allowed: half a trap is a trap."""
    read = [_read(host, text) for text in dict.fromkeys(found)][:MAX_ADDRESSES]
    for address in read:
        if not allowed(address, lan):
            raise Forbidden(
                f"{host} leads to {address}, which is not a public address; if that is meant, "
                f"add {address} or its network to the setting {SETTING}"
            )
    return read


def allowed(address: Address, lan: tuple[Network, ...] = ()) -> bool:
    """Whether it is public, or of a network that the operator has allowed. An IPv4 address in IPv6 counts as itself."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in lan):
        return True
    hidden = address.is_multicast or any(address in network for network in _HIDDEN)
    return address.is_global and not hidden


def _read(host: str, text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise Forbidden(f"{host} leads to {text}, which is no address") from None


async def connect(host: str, port: int, guard: Guard, *, within_s: float) -> socket.socket:
    """A connected socket to one of the checked addresses. Raises Forbidden, Unresolved or OSError."""
    return await reach(await addresses(host, port, guard), port, within_s=within_s)


async def reach(places: Sequence[Address], port: int, *, within_s: float) -> socket.socket:
    """A connected socket to the first that can be reached. places: checked, at least one. Raises OSError."""
    failure: OSError = OSError("nowhere to connect to")
    for address in places:
        try:
            async with asyncio.timeout(within_s / len(places)):  # one that swallows packets leaves time for the next
                return await _open(address, port)
        except TimeoutError:
            failure = TimeoutError(f"no connection to {address} within {within_s / len(places):g} s")
        except OSError as error:
            failure = error
    raise failure


async def _open(address: Address, port: int) -> socket.socket:
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setblocking(False)
    try:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(opened, (str(address), port))
    except BaseException:
        opened.close()
        raise
    return opened
