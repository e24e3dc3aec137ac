"""How does a webhook leave? By one POST of its JSON to the address that it goes to, signed as `sink.py` has it,
by every key of the deployment; its id is that of the delivery.

    2xx   it has arrived           408, 423, 425, 429, 5xx, no answer   later
    410   never again              every other                          never

No answer is not "uncertain" here: what comes twice is known by its id.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

import httpx
import msgspec

from collector.delivery.guard import Address, Forbidden, Network, Unresolved
from collector.delivery.hooks.sink import TIMEOUT, WHOLE_S, Signed, places_of, reason_of, request_of
from collector.delivery.http import Request, answered, says
from collector.delivery.port import Accepted, Begun, Broken, Deferred, Outcome, Parcel, Refused
from collector.delivery.providers.judge import LATER, Said, after_ms

CONNECTIONS: Final = 32
GONE: Final = 410

log = logging.getLogger(__name__)


class Webhook:
    """The channel `webhook`."""

    def __init__(self, keys: Callable[[], Sequence[bytes]], lan: tuple[Network, ...], now: Callable[[], int]) -> None:
        """keys: of the deployment, the newest first; asked at each try. lan: networks that may be reached although
        they are not public. now: ms UTC, by everybody's clock."""
        self._keys, self._lan, self._now = keys, lan, now
        self._client: httpx.AsyncClient | None = None

    async def send(self, parcel: Parcel, begun: Begun) -> Outcome:
        """Send one."""
        try:
            request = made(parcel, self._keys(), at_s=self._now() // 1_000)
            places = await places_of(request.address, self._lan)
            await begun()
        except Forbidden as error:
            return Broken(str(error))
        except msgspec.DecodeError as error:
            return Broken(f"what it says is no JSON: {error}")
        except Unresolved as error:
            return Deferred("unresolved", str(error))
        except Exception as error:  # an edge (STYLE 16): nothing has left
            log.exception("delivery %s", parcel.id)
            return Deferred("failure", f"{type(error).__name__}: {error}")
        return await self._sent(request, places)

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _sent(self, request: Request, places: Sequence[Address]) -> Outcome:
        try:
            async with asyncio.timeout(WHOLE_S):
                return judged(await answered(self._connected(), request, places, self._now))
        except Exception as error:  # an edge: it may have arrived, and may come again
            return Deferred("no_answer", f"no answer came ({says(error)})")

    def _connected(self) -> httpx.AsyncClient:
        """Keeps no connection: the next one may go to another name at the same address."""
        if self._client is None:
            limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=0)
            self._client = httpx.AsyncClient(timeout=TIMEOUT, limits=limits, follow_redirects=False, trust_env=False)
        return self._client


# What is posted, and what an answer means: pure -----------------------------------------------------------------------


def made(parcel: Parcel, keys: Sequence[bytes], *, at_s: int) -> Request:
    """The request of a delivery. at_s: now. Raises Forbidden, msgspec.DecodeError."""
    msgspec.json.decode(parcel.text)
    return request_of(parcel.recipient, parcel.text.encode(), Signed(keys, parcel.id, at_s))


def judged(said: Said) -> Outcome:
    """By the status alone: what else an answer says is the receiver's."""
    code, reason = str(said.status), reason_of(said.status)
    if 200 <= said.status < 300:
        return Accepted(reason, delivered=True)
    if said.status in LATER or said.status >= 500:
        return Deferred(code, reason, after_ms(said))
    return Refused(code, reason, said.status == GONE)
