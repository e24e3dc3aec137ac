"""How does a webhook leave? By one POST of its JSON to the address that it goes to, signed as Standard Webhooks has it.

    webhook-id          the delivery: the same at every try, so that whoever has had it knows it again
    webhook-timestamp   of this try, seconds
    webhook-signature   v1,<base64 of HMAC-SHA256 of "<id>.<timestamp>.<body>">, one for each key of the deployment

    2xx   it has arrived           408, 423, 425, 429, 5xx, no answer   later
    410   never again              every other                          never

No answer is not "uncertain" here: what comes twice is known by its id.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import base64
import hmac
import logging
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx
import msgspec

from collector.delivery.guard import SETTING, WEB_PORTS, Address, Forbidden, Guard, Network, Unresolved, addresses
from collector.delivery.http import Request, answered, port_of, says
from collector.delivery.port import Accepted, Begun, Broken, Deferred, Outcome, Parcel, Refused
from collector.delivery.providers.judge import LATER, Said, after_ms

WHOLE_S: Final = 20.0
"""Of one try. A receiver that is slower does its work first and answers then: the other way round is asked of it."""
CONNECTIONS: Final = 32
TIMEOUT: Final = httpx.Timeout(WHOLE_S, connect=10.0)
FREE_PORT: Final = 1_024
"""From here on ports are anybody's; below are a machine's own services."""
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
            places = await self._places(request.address)
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

    async def _places(self, address: SplitResult) -> list[Address]:
        """Where it goes. Ports that are not the web's are open in the deployment's own networks only."""
        port = port_of(address)
        is_usual = port in WEB_PORTS
        guard = Guard(WEB_PORTS if is_usual or port < FREE_PORT else WEB_PORTS | {port}, self._lan)
        found = await addresses(address.hostname or "", port, guard)
        if not is_usual and not all(any(place in network for network in self._lan) for place in found):
            raise Forbidden(f"port {port} is open in networks of the setting {SETTING} only; elsewhere 80 and 443")
        return found

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
    body, address = parcel.text.encode(), address_of(parcel.recipient)
    headers = {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Sentiero",
        "webhook-id": parcel.id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(signature(key, parcel.id, at_s, body) for key in keys),
    }
    return Request(address, headers, body)


def signature(key: bytes, id: str, at_s: int, body: bytes) -> str:
    """Of one key."""
    digest = hmac.digest(key, f"{id}.{at_s}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def address_of(text: str) -> SplitResult:
    """Where it goes, without what is behind a #. Raises Forbidden when nothing is posted to such an address."""
    try:
        address = urlsplit(text)
        is_one = address.scheme in ("http", "https") and address.hostname and address.port != 0  # port: may raise
    except ValueError:
        is_one = False
    if not (is_one and text.isascii() and text.isprintable() and " " not in text):
        raise Forbidden(f"{text[:200]!r} is no http(s) address")
    if "@" in address.netloc:
        raise Forbidden("the address of a webhook holds no user and no password: the signature says who it comes from")
    return address._replace(fragment="")


def judged(said: Said) -> Outcome:
    """By the status alone: what else an answer says is the receiver's."""
    code, reason = str(said.status), f"HTTP {said.status}"
    if 200 <= said.status < 300:
        return Accepted(reason, delivered=True)
    if said.status in LATER or said.status >= 500:
        return Deferred(code, reason, after_ms(said))
    if 300 <= said.status < 400:
        reason += ": a redirect, which is not followed"
    return Refused(code, reason, said.status == GONE)
