"""What stands in the links of a message? Signed tokens that name its delivery, and nobody.

    /c/<token>        a link that is followed        [delivery, channel, purpose, target]
    /o/<token>.gif    an image that is loaded        [delivery, channel, purpose]
    /u/<token>        preferences, unsubscribing     [delivery, channel, purpose]
    ?_sl=<token>      on the page to which a link led, for ten minutes: [delivery]

All that the answer needs is inside, so that it is given with the database down. Each kind has a salt of its own: one is
never taken for another. Signed with the newest key, recognised by each. Reads no clock: `now` is an argument.
Source: INTERFACES 1, SECURITY 2.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from itsdangerous import BadData, Signer, URLSafeTimedSerializer

from collector.access.signer import TimedSigner
from sessionizer.messages.message import Channel, Purpose

MAX_TOKEN_CHARACTERS = 8_192
LANDING_MS = 600_000
KINDS = ("click", "open", "leave", "mirror", "confirm")
LANDING = "_sl"
"""The parameter by which a page learns who has come."""

_encode = msgspec.json.Encoder().encode


class Named(NamedTuple):
    """What a token says. target: of a link that is followed, "" of others."""

    delivery: str
    channel: Channel
    purpose: Purpose
    target: str = ""


class _Tokens:
    """Of one kind: JSON, in letters that an address may hold, and its signature. The key is derived once."""

    def __init__(self, keys: Sequence[bytes], kind: str) -> None:
        derived = [hmac.digest(key, f"sentiero.{kind}".encode(), "sha256") for key in reversed(keys)]
        self._signer = Signer(derived, key_derivation="none", digest_method=hashlib.sha256)  # signs with the last

    def dumps(self, payload: Sequence[str]) -> str:
        """The token."""
        return self._signer.sign(urlsafe_b64encode(_encode(payload)).rstrip(b"=")).decode("ascii")

    def loads(self, token: str) -> Any:
        """What it says. Raises BadData, ValueError."""
        text = self._signer.unsign(token.encode("ascii"))
        return msgspec.json.decode(urlsafe_b64decode(text + b"=" * (-len(text) % 4)))


class Links:
    """Makes and reads the tokens of one deployment."""

    def __init__(self, keys: Sequence[bytes], url: str) -> None:
        """keys: newest first. url: the deployment's public address."""
        self._url, self._keys = url, [*reversed(keys)]  # itsdangerous signs with the last
        self._tokens = {kind: _Tokens(keys, kind) for kind in KINDS}

    @property
    def own(self) -> str:
        """How addresses begin that lead here."""
        return f"{self._url}/"

    @property
    def untold(self) -> tuple[str, ...]:
        """How addresses begin that lead to a link of a message already: nobody follows them to learn anything."""
        return tuple(f"{self._url}/{kind}/" for kind in "cou")

    def click(self, of: Named, target: str) -> str:
        """An address that leads to `target`, and tells; of one that is too long to be told, itself."""
        token = self._tokens["click"].dumps([*of[:3], target])
        return f"{self._url}/c/{token}" if len(token) <= MAX_TOKEN_CHARACTERS else target

    def image(self, of: Named) -> str:
        """An image of one pixel that tells when it is loaded."""
        return f"{self._url}/o/{self._tokens['open'].dumps(of[:3])}.gif"

    def leave(self, of: Named) -> str:
        """The page of preferences; a POST there unsubscribes (RFC 8058)."""
        return f"{self._url}/u/{self._tokens['leave'].dumps(of[:3])}"

    def profile(self, of: Named) -> str:
        """The same page, at the part where people say who they are."""
        return f"{self.leave(of)}#profile"

    def mirror(self, of: Named) -> str:
        """The message itself, for whoever cannot read it in the mailbox."""
        return f"{self._url}/u/{self._tokens['mirror'].dumps(of[:3])}/mirror"

    def confirm(self, of: Named) -> str:
        """The page of a double opt-in."""
        return f"{self._url}/u/{self._tokens['confirm'].dumps(of[:3])}/confirm"

    def read(self, kind: str, token: str) -> Named | None:
        """What a token of that kind (click open leave mirror confirm) says; None when it is not one of ours."""
        if len(token) > MAX_TOKEN_CHARACTERS:
            return None
        try:
            payload = self._tokens[kind].loads(token)
        except (BadData, ValueError, RecursionError):
            return None
        return _named(payload, kind)

    def landing(self, delivery: str, *, now: int) -> str:
        """For the page to which somebody is led, who has followed a link of that delivery. now: ms UTC."""
        return str(self._landings(now).dumps([delivery]))

    def landed(self, token: str, *, now: int) -> str | None:
        """The delivery whose link was followed in the last ten minutes; None when the token says nothing."""
        if len(token) > MAX_TOKEN_CHARACTERS:
            return None
        try:
            payload, at = self._landings(0).loads(token, return_timestamp=True)
        except (BadData, ValueError, RecursionError):
            return None
        is_fresh = -LANDING_MS <= now - int(at.timestamp()) * 1000 <= LANDING_MS
        match payload:
            case [str(delivery)] if is_fresh:
                return delivery
        return None

    def _landings(self, now: int) -> URLSafeTimedSerializer:
        options = {"now_s": now // 1000, "key_derivation": "hmac"}
        return URLSafeTimedSerializer(self._keys, salt="sentiero.landing", signer=TimedSigner, signer_kwargs=options)


def _named(payload: Any, kind: str) -> Named | None:
    match payload:
        case [str(delivery), str(channel), str(purpose), str(target)] if kind == "click":
            return Named(delivery, channel, purpose, target)  # type: ignore[arg-type]  # signed: we wrote it
        case [str(delivery), str(channel), str(purpose)] if kind != "click":
            return Named(delivery, channel, purpose)  # type: ignore[arg-type]  # as above
    return None
