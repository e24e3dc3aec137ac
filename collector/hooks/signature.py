"""Is it the provider who calls? The ways in which providers sign, as data; secrets are compared in constant time.

    hmac       a keyed hash of what `signed` names: body, time, address, in the algorithm and writing of that provider
    standard   Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature; secrets begin with whsec_
    ecdsa      a signature by the provider's private key (P-256, SHA-256); the secret is its public key
    twilio     of the address and the sorted fields of a form
    paypal     by the private key of a certificate that the call names: certificate.py; the secret is the webhook's id
    basic      a user and a password: the secret is `user:password`
    bearer     Authorization: Bearer <the secret>
    header     the secret stands in a header by itself

A place is `header:<name>`, `pair:<name>/<key>` (of `t=1,v1=a,v1=b`) or `body:<expression>`. A signed time may be wrong
by five minutes. No secret, no trust; what cannot be read is not signed. Pure.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, SECURITY 2, and the
addresses in the mapping files.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from collector.delivery.providers.signature import Call as FormCall
from collector.delivery.providers.signature import is_signed as is_signed_by_form
from collector.hooks.call import Call, Unreadable
from collector.hooks.certificate import address_of, vouches
from collector.hooks.expression import BadExpression, Expression

FRESH_MS: Final = 300_000
"""A signed time may be wrong by five minutes, either way; exactly five are believed."""
OF_PUBLIC_KEYS: Final = frozenset({"ecdsa", "paypal"})
"""Schemes whose secret is none: who knows it still cannot sign."""

Place = Annotated[str, msgspec.Meta(pattern=r"^(header:[A-Za-z0-9-]+|pair:[A-Za-z0-9-]+/[A-Za-z0-9_-]+|body:.+|)$")]


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One way. value: where the signature stands. signed: what was signed, {body} {timestamp} {method} {url} and the
    names of `parts` in their places. prefix: before the signature. fresh_s: how wrong a signed time may be; more than
    five minutes only where a call that comes again keeps its first time. key: how the secret is written."""

    scheme: Literal["hmac", "standard", "ecdsa", "twilio", "paypal", "basic", "bearer", "header"]
    value: Place = ""
    signed: str = "{body}"
    algorithm: Literal["sha256", "sha1", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    timestamp: Place = ""
    unit: Literal["s", "ms"] = "s"
    fresh_s: Annotated[int, msgspec.Meta(ge=1, le=86_400)] = 300
    parts: Mapping[str, Place] = {}
    key: Literal["text", "base64"] = "text"


def is_signed(ways: Sequence[Signature], secrets: Sequence[str], call: Call) -> bool:
    """Whether one of the secrets has signed it in one of the ways."""
    return any(_is(way, secret, call) for way in ways for secret in secrets if secret)


def certificate_wanted(ways: Sequence[Signature], call: Call) -> str | None:
    """Where the certificate stands that has to be fetched before one can say; None when none is wanted."""
    return address_of(call) if any(way.scheme == "paypal" for way in ways) else None


def _is(way: Signature, secret: str, call: Call) -> bool:
    try:
        return _CHECKS[way.scheme](way, secret, call)
    except (ValueError, TypeError, LookupError, binascii.Error, Unreadable, BadExpression):
        return False  # whatever stands there, it is no signature


def _hmac(way: Signature, secret: str, call: Call) -> bool:
    if way.timestamp and not _is_fresh(way, call):
        return False
    key = _key(secret) if way.key == "base64" else secret.encode()
    digest = hmac.digest(key, signed_bytes(way, call), way.algorithm)
    expected = digest.hex() if way.encoding == "hex" else base64.b64encode(digest).decode()
    given = [text.removeprefix(way.prefix) for text in texts_at(way.value, call) if text.startswith(way.prefix)]
    return any(_same(expected, text.lower() if way.encoding == "hex" else text) for text in given)


def signed_bytes(way: Signature, call: Call) -> bytes:
    """What was signed. The body is put in as it came, never looked through for places."""
    values: dict[str, bytes] = {"method": call.method.encode(), "url": call.url.encode(), "body": call.body}
    if way.timestamp:
        values["timestamp"] = texts_at(way.timestamp, call)[0].encode()
    values |= {name: texts_at(place, call)[0].encode() for name, place in way.parts.items()}
    pieces = way.signed.replace("}", "{").split("{")  # texts and names in turns
    return b"".join(values[piece] if at % 2 else piece.encode() for at, piece in enumerate(pieces))


def _standard(way: Signature, secret: str, call: Call) -> bool:
    """`v1,<base64>`, several with blanks between."""
    id, at_s = call.headers["webhook-id"], call.headers["webhook-timestamp"]
    if not _is_near(int(at_s) * 1_000, call.at):
        return False
    key = _key(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{id}.{at_s}.".encode() + call.body, "sha256")
    expected = f"v1,{base64.b64encode(digest).decode()}"
    return any(_same(expected, given) for given in call.headers["webhook-signature"].split())


def _key(secret: str) -> bytes:
    """Raises ValueError for what is no base64, or nothing: everybody has the key of no bytes."""
    key = base64.b64decode(secret, validate=True)
    if not key:
        raise ValueError("a key of no bytes")
    return key


def _ecdsa(way: Signature, secret: str, call: Call) -> bool:
    if way.timestamp and not _is_fresh(way, call):
        return False
    key = _public_key(secret)
    try:
        key.verify(base64.b64decode(texts_at(way.value, call)[0]), signed_bytes(way, call), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    """As PEM, or its base64 alone, as SendGrid shows it. Raises ValueError."""
    key = load_pem_public_key(text.encode()) if "BEGIN" in text else load_der_public_key(base64.b64decode(text))
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("not a key on an elliptic curve")
    return key


def _twilio(way: Signature, secret: str, call: Call) -> bool:
    return is_signed_by_form("twilio", (secret,), FormCall(call.headers, call.body, call.url, call.at))


def _paypal(way: Signature, secret: str, call: Call) -> bool:
    return vouches(call.certificate, secret, call)


def _basic(way: Signature, secret: str, call: Call) -> bool:
    scheme, _, given = call.headers["authorization"].partition(" ")
    return scheme.lower() == "basic" and _same(secret, base64.b64decode(given.strip(), validate=True).decode())


def _bearer(way: Signature, secret: str, call: Call) -> bool:
    scheme, _, given = call.headers["authorization"].partition(" ")
    return scheme.lower() == "bearer" and _same(secret, given.strip())


def _header(way: Signature, secret: str, call: Call) -> bool:
    return any(_same(way.prefix + secret, given) for given in texts_at(way.value, call))


_CHECKS: Final[Mapping[str, Callable[[Signature, str, Call], bool]]] = {
    "hmac": _hmac,
    "standard": _standard,
    "ecdsa": _ecdsa,
    "twilio": _twilio,
    "paypal": _paypal,
    "basic": _basic,
    "bearer": _bearer,
    "header": _header,
}


def texts_at(place: str, call: Call) -> list[str]:
    """What stands there, each as text; none of a pair that is missing. Raises KeyError for a header that is."""
    kind, _, name = place.partition(":")
    if kind == "header":
        return [call.headers[name.lower()].strip()]
    if kind == "pair":
        header, _, key = name.partition("/")
        pairs = (pair.strip().partition("=") for pair in call.headers[header.lower()].split(","))
        return [value for found, _, value in pairs if found == key]
    return [_text(Expression(name)(call.payload))]


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("no text")
    return str(value)


def _is_fresh(way: Signature, call: Call) -> bool:
    at = int(texts_at(way.timestamp, call)[0])
    return _is_near(at * 1_000 if way.unit == "s" else at, call.at, within_ms=way.fresh_s * 1_000)


def _is_near(at: int, now: int, *, within_ms: int = FRESH_MS) -> bool:
    return abs(now - at) <= within_ms


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())
