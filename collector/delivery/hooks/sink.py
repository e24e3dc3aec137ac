"""How is a receiver of webhooks told? By POST of JSON, signed as Standard Webhooks has it, on a kept connection.

    webhook-id          what is told: the same at every try, so that whoever has had it knows it again
    webhook-timestamp   of this try, seconds
    webhook-signature   v1,<base64 of HMAC-SHA256 of "<id>.<timestamp>.<body>">, one for each key

When a connection is made, the host is resolved and checked by the guard, and the checked address connected to. No
redirect is followed. A sink is one receiver's: its connections never serve another name at the same address.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import base64
import binascii
import hmac
import secrets
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

import httpx

from collector.delivery import guard
from collector.delivery.guard import Address, Forbidden, Network, Resolve, Unresolved
from collector.delivery.hooks.connection import Connection, HungUp, connected
from collector.delivery.http import Request, port_of, says
from collector.delivery.providers.judge import Said, after_ms

WHOLE_S: Final = 20.0
"""Of one try. A receiver that is slower does its work first and answers then: the other way round is asked of it."""
ANSWER_S: Final = 15.0
"""Of that, from the request to the beginning of an answer."""
CONNECT_S: Final = 10.0
KEPT_S: Final = 20.0
"""A connection that nothing went over for so long is not used again."""
TIMEOUT: Final = httpx.Timeout(WHOLE_S, connect=CONNECT_S)
FREE_PORT: Final = 1_024
"""From here on ports are anybody's; below are a machine's own services."""
PREFIX: Final = "whsec_"
SENDER: Final = "sentiero-from"
"""Header that says which deployment tells."""
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

    def __init__(self, lan: tuple[Network, ...], now: Callable[[], int], *, resolve: Resolve = guard.system) -> None:
        """lan: networks that may be reached although they are not public. now: ms UTC, by everybody's clock."""
        self._lan, self._now, self._resolve = lan, now, resolve
        self._kept: list[Connection] = []
        self._open: set[Connection] = set()
        self._context: ssl.SSLContext | None = None

    async def post(self, request: Request) -> Heard:
        """Tell it. Never raises. To how many connections it comes is for the caller to say: one a call at a time."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        heard = await self._post(request)
        return heard._replace(took_ms=round((loop.time() - begun) * 1_000))

    def close(self) -> None:
        """Hang up."""
        for connection in self._open:
            connection.close()
        self._open.clear()
        self._kept.clear()

    async def _post(self, request: Request) -> Heard:
        try:
            async with asyncio.timeout(WHOLE_S):
                status, retry_after = await self._answered(request)
        except (Forbidden, Unresolved) as error:
            return Heard(None, str(error))
        except TimeoutError:
            return Heard(None, "no answer came in time")
        except Exception as error:  # an edge (STYLE 16): it may have arrived, and may come again
            return Heard(None, f"no answer came ({says(error)})")
        return Heard(status, reason_of(status), after_ms(Said(status, b"", retry_after, self._now())))

    async def _answered(self, request: Request) -> tuple[int, str]:
        """On a connection that was kept, else on a new one; also when the kept one was just given up over there."""
        if (kept := self._fresh()) is not None:
            try:
                return await self._on(kept, request)
            except HungUp:
                pass
        return await self._on(await self._connected(request.address), request)

    async def _on(self, connection: Connection, request: Request) -> tuple[int, str]:
        self._open.add(connection)
        try:
            return await connection.post(request, ANSWER_S)
        finally:
            if connection.is_free:
                self._kept.append(connection)
            else:
                self._open.discard(connection)

    def _fresh(self) -> Connection | None:
        """One that was used a moment ago."""
        now = asyncio.get_running_loop().time()
        while self._kept:
            kept = self._kept.pop()
            if kept.is_free and now - kept.used_at < KEPT_S:
                return kept
            kept.close()
            self._open.discard(kept)
        return None

    async def _connected(self, address: SplitResult) -> Connection:
        """A new one: the name is asked for, every address checked, a checked one connected to."""
        places = await places_of(address, self._lan, resolve=self._resolve)
        opened = await guard.reach(places, port_of(address), within_s=CONNECT_S)
        return await connected(opened, address.hostname or "", self._secure() if address.scheme == "https" else None)

    def _secure(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = httpx.create_ssl_context(trust_env=False)
        return self._context


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
    """What is signed: by these keys, newest first, of this id, at this second. sender: where the deployment is, so that
    one that is told by itself can see it; "" for none."""

    keys: Sequence[bytes]
    id: str
    at_s: int
    sender: str = ""


def request_of(url: str, body: bytes, signed: Signed, headers: Mapping[str, str] = {}) -> Request:
    """The request. headers: what goes along; ours go before. Raises Forbidden."""
    ours = {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Sentiero",
        "webhook-id": signed.id,
        "webhook-timestamp": str(signed.at_s),
        "webhook-signature": " ".join(signature(key, signed.id, signed.at_s, body) for key in signed.keys),
        **({SENDER: signed.sender} if signed.sender else {}),
    }
    theirs = {name: value for name, value in headers.items() if name.lower() not in OURS}
    return Request(address_of(url), {**theirs, **ours}, body)


OURS: Final = frozenset(
    "content-type accept-encoding user-agent webhook-id webhook-timestamp webhook-signature host content-length "
    f"transfer-encoding connection te trailer upgrade expect {SENDER}".split()
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
