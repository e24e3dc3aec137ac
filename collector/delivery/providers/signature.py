"""Does a callback come from the provider? Pure; secrets are compared in constant time; no secret, no trust.

Source: the documents named in each provider's module; for JWT RFC 7515, RFC 7519.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec

FRESH_S: Final = 300
"""A signed time may be wrong by five minutes, either way; 300 included."""


class Call(NamedTuple):
    """A callback as it came. headers: names in lower case. url: as the provider called it. now: ms UTC."""

    headers: Mapping[str, str]
    body: bytes
    url: str
    now: int

    @property
    def form(self) -> list[tuple[str, str]]:
        """The fields of the body, in their order."""
        return parse_qsl(self.body.decode("utf-8"), keep_blank_values=True, max_num_fields=200)

    @property
    def is_json(self) -> bool:
        """By its media type."""
        return "json" in self.headers.get("content-type", "")

    @property
    def query(self) -> list[tuple[str, str]]:
        """The fields of the address."""
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True, max_num_fields=200)


Check = Callable[[str, Call], bool]
"""(secret, call) → whether this secret has signed it. May raise ValueError: then not."""


def is_signed(kind: str, secrets: tuple[str, ...], call: Call) -> bool:
    """Whether one of the secrets has signed it."""
    try:
        return any(SIGNATURES[kind](secret, call) for secret in secrets if secret)
    except (ValueError, TypeError, AttributeError, msgspec.MsgspecError, binascii.Error):
        return False


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())


def _twilio(secret: str, call: Call) -> bool:
    """HMAC-SHA1 of the address and, of a form, all names and values, sorted."""
    fields = "" if call.is_json else "".join(name + value for name, value in sorted(set(call.form)))
    digest = hmac.new(secret.encode(), (call.url + fields).encode(), hashlib.sha1).digest()
    whole = not call.is_json or _same(hashlib.sha256(call.body).hexdigest(), dict(call.query).get("bodySHA256", ""))
    return _same(base64.b64encode(digest).decode(), call.headers.get("x-twilio-signature", "")) and whole


def _meta(secret: str, call: Call) -> bool:
    """HMAC-SHA256 of the body."""
    digest = hmac.new(secret.encode(), call.body, hashlib.sha256).hexdigest()
    return _same(f"sha256={digest}", call.headers.get("x-hub-signature-256", ""))


def _hmac(secret: str, call: Call) -> bool:
    """HMAC-SHA256 of the body, in hex; with or without `sha256=` before it."""
    digest = hmac.new(secret.encode(), call.body, hashlib.sha256).hexdigest()
    return _same(digest, call.headers.get("x-signature", "").removeprefix("sha256=").lower())


def _vonage(secret: str, call: Call) -> bool:
    """A signed JWT in Authorization, or the field `sig`."""
    bearer = call.headers.get("authorization", "")
    return _jwt(secret, bearer[7:], call) if bearer.lower().startswith("bearer ") else _sig(secret, call)


def _jwt(secret: str, token: str, call: Call) -> bool:
    head, payload, signature = token.split(".")
    digest = hmac.new(secret.encode(), f"{head}.{payload}".encode(), hashlib.sha256).digest()
    signed = hmac.compare_digest(digest, _unbase64(signature)) and _json(head).get("alg") == "HS256"
    said = _json(payload)
    whole = _same(hashlib.sha256(call.body).hexdigest(), str(said.get("payload_hash", "")))
    return signed and whole and _is_fresh(str(said.get("iat", "")), call.now)


def _sig(secret: str, call: Call) -> bool:
    """HMAC of `&name=value` of all fields, sorted, with & and = of values as _; SHA-256 or SHA-512 by its length."""
    fields = {name: str(value) for name, value in _fields(call).items()}
    given = fields.pop("sig", "").lower()
    text = "".join(f"&{name}={value.translate(_UNDERSCORE)}" for name, value in sorted(fields.items()))
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha512 if len(given) == 128 else hashlib.sha256)
    return _same(digest.hexdigest(), given) and _is_fresh(fields.get("timestamp", ""), call.now)


_UNDERSCORE = str.maketrans("&=", "__")


def _fields(call: Call) -> Mapping[str, object]:
    if call.is_json:
        return msgspec.json.decode(call.body, type=dict[str, object])
    return dict(call.form or call.query)


def _is_fresh(seconds: str, now: int) -> bool:
    return seconds.isdigit() and abs(now / 1_000 - int(seconds[:12])) <= FRESH_S


def _json(part: str) -> dict[str, object]:
    return msgspec.json.decode(_unbase64(part), type=dict[str, object])


def _unbase64(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


SIGNATURES: Mapping[str, Check] = {"twilio": _twilio, "vonage": _vonage, "meta": _meta, "hmac": _hmac}
