"""How does an SMS or a WhatsApp message leave? By one request to a provider, on a connection that is kept.

The host is resolved and checked by the guard, and the checked address is connected to, by the host's name for TLS.
No redirect is followed, no proxy of the environment is used, no more of an answer is read than 64 KiB.
"""

import asyncio
import base64
import json
import logging
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, urlencode, urlsplit

import httpx
import msgspec

from collector.delivery.guard import Address, Forbidden, Unresolved, addresses
from collector.delivery.port import Begun, Broken, Deferred, Outcome, Parcel, Refused, Uncertain
from collector.delivery.providers.account import HttpAccount
from collector.delivery.providers.judge import Said, judged
from collector.delivery.providers.shape import filled

MAX_ANSWER_BYTES: Final = 64 * 1024
TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0, pool=60.0)
WHOLE_S: Final = 120.0
BEFORE_WRITING: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
GSM: Final = re.compile(
    r"[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€]*"
)
"""What fits into an SMS of 160 characters. Source: 3GPP TS 23.038 6.2.1."""

log = logging.getLogger(__name__)


class Request(NamedTuple):
    """What is posted (or asked for), and where. address: with the host's name."""

    address: SplitResult
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"


class BadNumber(Exception):
    """Nobody has such a number."""


class Http:
    """The channels `sms` and `whatsapp`."""

    def __init__(self, accounts: Sequence[HttpAccount], now: Callable[[], int]) -> None:
        """accounts: at least one; the first is asked when a parcel names none. now: ms UTC."""
        self._accounts = {account.name: account for account in accounts}
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._first, self._now = accounts[0].name, now

    async def send(self, parcel: Parcel, begun: Begun) -> Outcome:
        """Send one message."""
        account = self._accounts.get(parcel.account or self._first)
        if account is None:
            return Broken(f"there is no account {parcel.account!r}: one of {', '.join(self._accounts)}")
        try:
            request = made(account, parcel)
            places = await addresses(request.address.hostname or "", port_of(request.address), account.guard)
            await begun()
        except BadNumber:
            return Refused("number", f"{parcel.recipient!r} is no telephone number", True)
        except Forbidden as error:
            return Broken(str(error))
        except Unresolved as error:
            return Deferred("resolve", str(error))
        except Exception as error:  # an edge (STYLE 16): nothing has left
            log.exception("delivery %s", parcel.id)
            return Deferred("failure", f"{type(error).__name__}: {error}")
        return await self._sent(account, request, places)

    async def close(self) -> None:
        """Hang up."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def _sent(self, account: HttpAccount, request: Request, places: list[Address]) -> Outcome:
        try:
            async with asyncio.timeout(WHOLE_S):
                return judged(account, await answered(self._client(account), request, places, self._now))
        except BEFORE_WRITING as error:
            return _unconnected(error)
        except Exception as error:  # an edge: it may have left
            return Uncertain(f"no answer came ({says(error)})")

    def _client(self, account: HttpAccount) -> httpx.AsyncClient:
        """One an account, so that a kept connection never serves another name at the same address."""
        if account.name not in self._clients:
            limits = httpx.Limits(max_connections=account.connections, max_keepalive_connections=account.connections)
            self._clients[account.name] = httpx.AsyncClient(
                verify=account.context or True, timeout=TIMEOUT, limits=limits, follow_redirects=False, trust_env=False
            )
        return self._clients[account.name]


async def answered(
    client: httpx.AsyncClient, request: Request, places: Sequence[Address], now: Callable[[], int]
) -> Said:
    """Post it to the first of the checked addresses that can be connected to. Raises httpx.HTTPError."""
    for place in places[:-1]:
        try:
            return await _posted(client, request, place, now)
        except httpx.ConnectError:
            continue
    return await _posted(client, request, places[-1], now)


async def _posted(client: httpx.AsyncClient, request: Request, place: Address, now: Callable[[], int]) -> Said:
    posted = client.stream(
        request.method,
        _by_number(request.address, place),
        headers={**request.headers, "Host": request.address.netloc},
        content=request.body,
        extensions={"sni_hostname": request.address.hostname},
    )
    async with posted as answer:
        body = await _capped(answer)
        return Said(answer.status_code, body, answer.headers.get("retry-after", ""), now())


def _unconnected(error: BaseException) -> Outcome:
    """A certificate that is not to be trusted is somebody's to mend; all else may be better soon."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Broken(f"the provider's certificate is not to be trusted: {cause.verify_message}", True)
        cause = cause.__cause__ or cause.__context__
    return Deferred("connect", says(error))


def says(error: BaseException) -> str:
    """What went wrong, in its words."""
    return str(error) or type(error).__name__


async def _capped(answer: httpx.Response) -> bytes:
    """At most 64 KiB as they come: what is longer, or packed, says nothing to us."""
    body = b""
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            return b""
    return body


def port_of(address: SplitResult) -> int:
    """The one that is said, else that of the scheme."""
    return address.port or (443 if address.scheme == "https" else 80)


def _by_number(address: SplitResult, place: Address) -> str:
    host = f"[{place}]" if place.version == 6 else str(place)
    return address._replace(netloc=f"{host}:{port_of(address)}").geturl()


# What is posted: pure ----------------------------------------------------------------------------------------------


def made(account: HttpAccount, parcel: Parcel) -> Request:
    """The request of a message. Raises BadNumber."""
    provider = account.provider
    shape = provider.template if parcel.template and provider.template else provider.body
    content = filled(shape, _values(account, parcel))
    is_form = provider.encoding == "form"
    body = urlencode(content).encode() if is_form else msgspec.json.encode(content)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded" if is_form else "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Sentiero",
        **_credentials(account),
    }
    return Request(urlsplit(account.url), headers, body)


def _values(account: HttpAccount, parcel: Parcel) -> dict[str, Any]:
    recipient, sender = number(parcel.recipient), parcel.sender or account.sender
    template = parcel.template
    parameters = template.parameters if template else ()
    return {
        "recipient": recipient,
        "digits": recipient[1:],
        "sender": sender,
        "sender_digits": sender.removeprefix("+"),
        "text": parcel.text,
        "id": parcel.id,
        "callback": account.callback,
        "alphabet": "text" if GSM.fullmatch(parcel.text) else "unicode",
        "template": template.name if template else "",
        "language": template.language if template else "",
        "parameters": [filled(account.provider.parameter, {"text": value}) for value in parameters],
        "numbered": json.dumps({str(at): value for at, value in enumerate(parameters, 1)}) if parameters else "",
        "user": account.user,
        "password": account.password,
    }


def number(text: str) -> str:
    """`+39 333 123-4567`, `0039333…` → `+393331234567`. Raises BadNumber when it is none."""
    bare = re.sub(r"[ ().\-/\u00a0]", "", text).removeprefix("whatsapp:")
    bare = f"+{bare[2:]}" if bare.startswith("00") else bare if bare.startswith("+") else f"+{bare}"
    if not re.fullmatch(r"\+[1-9][0-9]{5,14}", bare):
        raise BadNumber(text)
    return bare


def _credentials(account: HttpAccount) -> dict[str, str]:
    match account.provider.auth:
        case "basic":
            pair = base64.b64encode(f"{account.user}:{account.password}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        case "bearer":
            return {"Authorization": f"Bearer {account.password}"}
        case "none":
            return {}
        case name:
            return {name: account.password}
