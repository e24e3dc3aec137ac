"""Which certificate does a call name? Fetched from the provider once, and kept, before the call can be checked.

Where it may be fetched from says `collector/hooks/certificate.py`. The address is resolved and checked by the guard, no
redirect is followed. One at a time: who calls with addresses of his own cannot make us call elsewhere in a crowd.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import httpx

from collector.delivery.guard import Forbidden, Guard, Unresolved, addresses
from collector.delivery.http import Request, answered, port_of

Fetch = Callable[[str], Awaitable[bytes]]
"""address → PEM, empty when there is none."""

MAX_KEPT: Final = 16
MAX_WAITING: Final = 8
"""Calls that wait for a certificate: more are not believed, else anybody could keep all doors busy with addresses."""
WHOLE_S: Final = 8.0
"""Of one fetch: PayPal waits for its answer."""
HTTPS: Final = Guard(frozenset({443}))

log = logging.getLogger(__name__)


class Certificates:
    """Those that were used last, by their address. A provider that changes its certificate changes the address."""

    def __init__(self, fetch: Fetch | None = None) -> None:
        """fetch: None asks the web."""
        self._fetch, self._kept, self._turn = fetch or fetched, OrderedDict[str, bytes](), asyncio.Lock()
        self._waiting = 0

    async def __call__(self, address: str) -> bytes:
        """Its text; empty when it is not to be had, and then it is asked for again the next time."""
        if address not in self._kept and self._waiting < MAX_WAITING:
            self._waiting += 1
            try:
                async with self._turn:
                    await self._keep(address)
            finally:
                self._waiting -= 1
        return self._kept.get(address, b"")

    async def _keep(self, address: str) -> None:
        """Unless somebody has while this one waited."""
        found = self._kept.get(address) or await self._fetch(address)
        if found:
            self._kept[address] = found
            self._kept.move_to_end(address)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)


async def fetched(address: str) -> bytes:
    """What stands there; empty when nothing does, or nobody answers."""
    parts = urlsplit(address)
    try:
        async with asyncio.timeout(WHOLE_S), httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
            places = await addresses(parts.hostname or "", port_of(parts), HTTPS)
            request = Request(parts, {"Accept-Encoding": "identity", "User-Agent": "Sentiero"}, b"", "GET")
            said = await answered(client, request, places, lambda: 0)
    except (Forbidden, Unresolved, httpx.HTTPError, TimeoutError) as error:
        log.warning("no certificate from %s: %s", address, error)
        return b""
    return said.body if said.status == httpx.codes.OK else b""
