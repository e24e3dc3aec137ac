"""Whose address is it that asks? The peer's, unless the peer is a proxy that we trust.

Reads nothing, writes nothing. `X-Forwarded-For` is written by whoever likes to; only what a trusted proxy has added at
its end is believed.
"""

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of the client. peer: of the connection. forwarded: the header, "" for none. trusted: proxies.

    Read from the right, the first address that is no trusted proxy; what is no address ends the search.
    """
    if not trusted or not forwarded:
        return peer
    address = peer
    for hop in reversed(forwarded.split(",")):
        if not _is_within(address, trusted):
            return address
        if _read(bare := hop.strip()) is None:
            return address
        address = bare
    return address


def _is_within(text: str, networks: Sequence[Network]) -> bool:
    address = _read(text)
    return address is not None and any(address in network for network in networks)


def _read(text: str) -> Address | None:
    """None when it is no address. A socket of both families says `::ffff:10.0.0.1` where the settings say 10.0.0.1."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if address.version == 6 else address
