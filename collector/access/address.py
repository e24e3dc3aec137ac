"""Whose address is it that asks? The peer's, unless the peer is a proxy that we trust.

Reads nothing, writes nothing. `X-Forwarded-For` is written by whoever likes to; only what a trusted proxy has added at
its end is believed.
"""

import ipaddress
from collections.abc import Sequence

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
        if not _is_address(bare := hop.strip()):
            return address
        address = bare
    return address


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_within(text: str, networks: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)
