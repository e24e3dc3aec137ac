"""Through whom are SMS and WhatsApp messages sent? An account with a provider: credentials, a sender, secrets."""

import re
import ssl
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

from collector.delivery.account_url import AccountUrl, BadAccount
from collector.delivery.guard import WEB_PORTS, Guard, Network
from collector.delivery.providers import meta, twilio, vonage
from collector.delivery.providers.generic import KNOWN as GENERIC
from collector.delivery.providers.generic import generic
from collector.delivery.providers.provider import Provider
from collector.delivery.providers.shape import places
from sessionizer.messages.message import Channel

KNOWN: Final = frozenset("name from secret verify callback rate api ca final connections".split())
PLACES: Final = frozenset(
    "recipient digits sender sender_digits text id callback alphabet template language numbered parameters user "
    "password".split()
)
PROVIDERS: Final[Mapping[str, Mapping[str, Callable[[AccountUrl], Provider]]]] = {
    "sms": {
        "twilio": lambda _: twilio.SMS,
        "vonage": lambda _: vonage.SMS,
        "https-json": generic,
        "https-form": generic,
        "http-json": generic,
        "http-form": generic,
    },
    "whatsapp": {
        "meta": lambda _: meta.WHATSAPP,
        "twilio": lambda _: twilio.WHATSAPP,
        "https-json": generic,
        "http-json": generic,
    },
}
"""By channel and scheme. http without s is for a gateway of one's own network."""


class Hook(NamedTuple):
    """An account that calls us, and the channel for which it is set up."""

    channel: Channel
    account: "HttpAccount"


class HttpAccount(msgspec.Struct, frozen=True):
    """One account.

    url: where a message is posted. secrets: that may sign a callback, several while one is exchanged.
    verify: the word by which Meta asks whether a callback's address is ours. callback: where receipts shall go.
    context: of TLS, for a server with a certificate of its own; None: who is known to everybody.
    final: what is accepted counts as delivered, no receipt follows. rate_per_s: 0 for no limit.
    """

    name: str
    provider: Provider
    url: str
    guard: Guard
    user: str = ""
    password: str = ""
    sender: str = ""
    secrets: tuple[str, ...] = ()
    verify: str = ""
    callback: str = ""
    context: ssl.SSLContext | None = None
    final: bool = False
    rate_per_s: float = 0.0
    connections: int = 8

    def __repr__(self) -> str:
        """For logs and tracebacks: no secret."""
        return f"HttpAccount({self.name!r}, {self.provider.name!r})"


def http_account(channel: str, url: AccountUrl, lan: tuple[Network, ...]) -> HttpAccount:
    """The account of one URL. channel: sms or whatsapp. Raises BadAccount."""
    provider = PROVIDERS[channel][url.scheme](url)
    if PROVIDERS[channel][url.scheme] is generic:
        url.only(KNOWN | GENERIC | url.below("body.").keys())
        _check_places(provider)
    else:
        url.only(KNOWN)
    if not re.fullmatch(r"[\x21-\x7e]*", url.user + url.password):  # they stand in headers
        raise BadAccount("user and password are visible ASCII characters")
    address = _address(url, provider)
    return HttpAccount(
        name=url.text("name") or provider.name,
        provider=provider,
        url=address,
        guard=Guard(WEB_PORTS | {urlsplit(address).port or 443}, lan),
        user=url.user,
        password=url.password,
        sender=url.text("from"),
        secrets=_secrets(url, provider),
        verify=url.text("verify"),
        callback=url.text("callback"),
        context=url.trusting() if url.text("ca") else None,
        final=url.switch("final"),
        rate_per_s=url.number("rate"),
        connections=url.whole("connections", 8, low=1, high=100),
    )


def _address(url: AccountUrl, provider: Provider) -> str:
    """api: another host than the provider's first, such as a region's."""
    address = provider.url.replace("{user}", quote(url.user, safe=""))
    if api := url.text("api"):
        parts, other = urlsplit(address), urlsplit(api)
        if other.scheme not in ("http", "https") or not other.hostname or other.username or not api.isascii():
            raise BadAccount(f"api={api} is no address such as https://api.example.com")
        address = parts._replace(scheme=other.scheme, netloc=other.netloc).geturl()
    return address


def _secrets(url: AccountUrl, provider: Provider) -> tuple[str, ...]:
    """Twilio signs by the token that it is asked with, unless that is an API key."""
    said = tuple(secret for secret in url.text("secret").split(",") if secret)
    return said or ((url.password,) if provider.signature == "twilio" and url.password else ())


def _check_places(provider: Provider) -> None:
    if unknown := places(provider.body) - PLACES:
        raise BadAccount(f"a body has no {{{min(unknown)}}}: one of {', '.join(sorted(PLACES))}")
