"""How is a receiver of webhooks told? By POST of JSON, signed as Standard Webhooks has it, on a kept connection.

    webhook-id          what is told: the same at every try, so that whoever has had it knows it again
    webhook-timestamp   of this try, seconds
    webhook-signature   v1,<base64 of HMAC-SHA256 of "<id>.<timestamp>.<body>">, one for each key

The host is resolved and checked by the guard, and the checked address is connected to. No redirect is followed. A sink
is one receiver's: its connections never serve another name at the same address.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import base64
import binascii
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

import httpx

from collector.delivery import guard
from collector.delivery.guard import Address, Forbidden, Network, Resolve, Unresolved
from collector.delivery.http import Request, answered, port_of, says
from collector.delivery.providers.judge import after_ms

WHOLE_S: Final = 20.0
"""Of one try. A receiver that is slower does its work first and answers then: the other way round is asked of it."""
TIMEOUT: Final = httpx.Timeout(WHOLE_S, connect=10.0)
FREE_PORT: Final = 1_024
"""From here on ports are anybody's; below are a machine's own services."""
PLACES_S: Final = 5.0
"""So long a name is not asked for again; what was checked is what is connected to."""
PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32


class Heard(NamedTuple):
    """What a receiver said. status: HTTP, None when nothing came; reason says why. after_ms: how long it wants us to
    wait, None when it does not say. took_ms: of the whole try."""

    status: int | None
    reason: str
    after_ms: int | None = None
    took_ms: int = 0

    @property
    def is_fine(self) -> bool:
        """Whether it has it."""
        return self.status is not None and 200 <= self.status < 300


class Sink:
    """One receiver. Everything in one event loop."""

    def __init__(
        self,
        lan: tuple[Network, ...],
        now: Callable[[], int],
        *,
        connections: int = 1,
        resolve: Resolve = guard.system,
    ) -> None:
        """lan: networks that may be reached although they are not public. now: ms UTC, by everybody's clock."""
        self._lan, self._now, self._resolve, self._connections = lan, now, resolve, connections
        self._client: httpx.AsyncClient | None = None
        self._places: tuple[float, str, list[Address]] = (0.0, "", [])

    async def post(self, request: Request) -> Heard:
        """Tell it. Never raises."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        heard = await self._post(request)
        return heard._replace(took_ms=round((loop.time() - begun) * 1_000))

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _post(self, request: Request) -> Heard:
        try:
            async with asyncio.timeout(WHOLE_S):
                places = await self._known_places(request.address)
                said = await answered(self._connected(), request, places, self._now)
        except (Forbidden, Unresolved) as error:
            return Heard(None, str(error))
        except TimeoutError:
            return Heard(None, f"no answer came within {WHOLE_S:g} s")
        except Exception as error:  # an edge (STYLE 16): it may have arrived, and may come again
            self._places = (0.0, "", [])
            return Heard(None, f"no answer came ({says(error)})")
        return Heard(said.status, reason_of(said.status), after_ms(said))

    async def _known_places(self, address: SplitResult) -> list[Address]:
        """Where it is: asked for and checked a moment ago, or now."""
        until, netloc, places = self._places
        now = asyncio.get_running_loop().time()
        if now >= until or netloc != address.netloc:
            places = await places_of(address, self._lan, resolve=self._resolve)
            self._places = (now + PLACES_S, address.netloc, places)
        return places

    def _connected(self) -> httpx.AsyncClient:
        if self._client is None:
            limits = httpx.Limits(max_connections=self._connections, max_keepalive_connections=self._connections)
            self._client = httpx.AsyncClient(timeout=TIMEOUT, limits=limits, follow_redirects=False, trust_env=False)
        return self._client


async def places_of(
    address: SplitResult, lan: tuple[Network, ...], *, resolve: Resolve = guard.system
) -> list[Address]:
    """Where it goes. Ports that are not the web's are open in the deployment's own networks only.

    Raises Forbidden, Unresolved.
    """
    port, ports = port_of(address), guard.WEB_PORTS
    is_usual = port in ports
    allowed = guard.Guard(ports if is_usual or port < FREE_PORT else ports | {port}, lan)
    found = await guard.addresses(address.hostname or "", port, allowed, resolve=resolve)
    if not is_usual and not all(any(place in network for network in lan) for place in found):
        raise Forbidden(f"port {port} is open in networks of the setting {guard.SETTING} only; elsewhere 80 and 443")
    return found


# What is posted, and what an answer means: pure -----------------------------------------------------------------------


class Signed(NamedTuple):
    """What is signed: by these keys, newest first, of this id, at this second."""

    keys: Sequence[bytes]
    id: str
    at_s: int


def request_of(url: str, body: bytes, signed: Signed, headers: Mapping[str, str] = {}) -> Request:
    """The request. headers: what goes along; ours go before. Raises Forbidden."""
    ours = {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Sentiero",
        "webhook-id": signed.id,
        "webhook-timestamp": str(signed.at_s),
        "webhook-signature": " ".join(signature(key, signed.id, signed.at_s, body) for key in signed.keys),
    }
    theirs = {name: value for name, value in headers.items() if name.lower() not in OURS}
    return Request(address_of(url), {**theirs, **ours}, body)


OURS: Final = frozenset(
    "content-type accept-encoding user-agent webhook-id webhook-timestamp webhook-signature host content-length "
    "transfer-encoding connection te trailer upgrade expect".split()
)
"""Headers that nobody else may say: what is signed, and what frames a request."""


def signature(key: bytes, id: str, at_s: int, body: bytes) -> str:
    """Of one key."""
    digest = hmac.digest(key, f"{id}.{at_s}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def new_secret() -> str:
    """`whsec_…`, as the libraries want it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """What signs. Raises ValueError when it is none."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a secret is whsec_ and base64") from None


def reason_of(status: int) -> str:
    """In words."""
    redirect = ": a redirect, which is not followed" if 300 <= status < 400 else ""
    return f"HTTP {status}{redirect}"


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
