"""Is a call of these providers believed only when it is signed as they document it? Signed here without our code."""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from collector.hooks.call import Call
from collector.hooks.certificate import address_of
from collector.hooks.providers import shipped
from collector.hooks.signature import certificate_wanted, is_signed
from tests.collector.hooks.certificates import RSA_KEY, certificate

AT_S = 1_795_680_000
BODY = b'{"event": "delivered", "email": "a@b.c"}'
SECRETS = ("first-secret", "second-secret")
WHSEC = ("whsec_c2VudGllcm8tYS1zaWduaW5nLWtleS0x", "whsec_c2VudGllcm8tYS1zaWduaW5nLWtleS0y")
USERS = ("sentiero:first", "sentiero:second")
PAYPAL_CERTIFICATE = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-38317689"
KEYS = [ec.derive_private_key(number, ec.SECP256R1()) for number in (7, 11)]

Sent = tuple[Mapping[str, str], bytes]
"""Headers, body."""


class Way(NamedTuple):
    """How a provider signs. sign: (secret, body, when) → what it sends; secret: 0 or 1. secrets: what is kept of both.
    fresh_s: how old a signed time may be, 0 when none is signed. covers_body: whether the body is signed at all."""

    sign: Callable[[int, bytes, int], Sent]
    secrets: tuple[str, str] = SECRETS
    fresh_s: int = 0
    covers_body: bool = True


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """As SendGrid shows it."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def sendgrid(secret: int, body: bytes, at_s: int) -> Sent:
    """ECDSA of time and body."""
    signature = base64.b64encode(KEYS[secret].sign(f"{at_s}".encode() + body, ec.ECDSA(SHA256()))).decode()
    name = "x-twilio-email-event-webhook"
    return {f"{name}-signature": signature, f"{name}-timestamp": f"{at_s}"}, body


def mailgun(secret: int, body: bytes, at_s: int) -> Sent:
    """HMAC of time and token, which stand in the body; of what it tells nothing."""
    token = "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0"
    signature = hmac.new(SECRETS[secret].encode(), f"{at_s}{token}".encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": f"{at_s}", "token": token, "signature": signature}
    return {}, json.dumps({"signature": signed, "event-data": json.loads(body)}).encode()


def postmark(secret: int, body: bytes, at_s: int) -> Sent:
    """It says a user and a password."""
    return {"authorization": f"Basic {base64.b64encode(USERS[secret].encode()).decode()}"}, body


def paypal(secret: int, body: bytes, at_s: int) -> Sent:
    """RSA of what was sent when, to which webhook, and of the body's checksum."""
    signed = f"69cd13f0|2026-11-26T08:00:00Z|{SECRETS[secret]}|{zlib.crc32(body)}".encode()
    signature = base64.b64encode(RSA_KEY.sign(signed, padding.PKCS1v15(), SHA256())).decode()
    return {
        "paypal-cert-url": PAYPAL_CERTIFICATE,
        "paypal-transmission-id": "69cd13f0",
        "paypal-transmission-time": "2026-11-26T08:00:00Z",
        "paypal-transmission-sig": signature,
    }, body


def hex_of(secret: int, body: bytes, algorithm: str) -> str:
    """HMAC of the body, in hex."""
    return hmac.new(SECRETS[secret].encode(), body, algorithm).hexdigest()


def meta_whatsapp(secret: int, body: bytes, at_s: int) -> Sent:
    """As all of Meta's."""
    return {"x-hub-signature-256": f"sha256={hex_of(secret, body, 'sha256')}"}, body


def intercom(secret: int, body: bytes, at_s: int) -> Sent:
    """As Meta signed once."""
    return {"x-hub-signature": f"sha1={hex_of(secret, body, 'sha1')}"}, body


def base64_of(secret: int, body: bytes) -> str:
    """HMAC-SHA256 of the body, in base64."""
    return base64.b64encode(hmac.new(SECRETS[secret].encode(), body, hashlib.sha256).digest()).decode()


def woocommerce(secret: int, body: bytes, at_s: int) -> Sent:
    """Of the body."""
    return {"x-wc-webhook-signature": base64_of(secret, body)}, body


def typeform(secret: int, body: bytes, at_s: int) -> Sent:
    """Of the body, with the name of the algorithm."""
    return {"typeform-signature": f"sha256={base64_of(secret, body)}"}, body


def voucherify(secret: int, body: bytes, at_s: int) -> Sent:
    """Of the body."""
    return {"x-voucherify-signature": hex_of(secret, body, "sha256")}, body


def bearer(secret: int, body: bytes, at_s: int) -> Sent:
    """It says the secret."""
    return {"authorization": f"Bearer {SECRETS[secret]}"}, body


def standard(secret: int, body: bytes, at_s: int) -> Sent:
    """As Standard Webhooks has it."""
    key = base64.b64decode(WHSEC[secret].removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(key, f"msg_1.{at_s}.".encode() + body, hashlib.sha256).digest()).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": f"{at_s}", "webhook-signature": f"v1,{signature}"}, body


WAYS: Mapping[str, Way] = {
    "brevo_loyalty": Way(bearer, covers_body=False),
    "sendgrid": Way(sendgrid, (public(KEYS[0]), public(KEYS[1])), fresh_s=300),
    "intercom": Way(intercom),
    "mailgun": Way(mailgun, fresh_s=28_800, covers_body=False),
    "meta_whatsapp": Way(meta_whatsapp),
    "open_loyalty": Way(bearer, covers_body=False),
    "paypal": Way(paypal),
    "postmark": Way(postmark, USERS, covers_body=False),
    "typeform": Way(typeform),
    "voucherify": Way(voucherify),
    "wallet_pass": Way(standard, WHSEC, fresh_s=300),
    "woocommerce": Way(woocommerce),
}
TIMED = [name for name, way in WAYS.items() if way.fresh_s]
WHOLE = [name for name, way in WAYS.items() if way.covers_body]


def believed(name: str, secrets: tuple[str, ...], sent: Sent) -> bool:
    """Whether it is taken as the provider's."""
    call = Call(sent[0], sent[1], at=AT_S * 1_000)
    call.certificate = certificate(AT_S)
    return is_signed(shipped()[name].signature, secrets, call)


@pytest.mark.parametrize("name", WAYS)
def test_what_is_signed_rightly_is_believed(name: str) -> None:
    """By the secret, and by the older one while both are kept."""
    way = WAYS[name]
    assert believed(name, way.secrets[:1], way.sign(0, BODY, AT_S))
    assert believed(name, way.secrets, way.sign(1, BODY, AT_S))


@pytest.mark.parametrize("name", WAYS)
def test_another_secret_does_not_sign(name: str) -> None:
    """Nor does none."""
    way = WAYS[name]
    assert not believed(name, way.secrets[:1], way.sign(1, BODY, AT_S))
    assert not believed(name, ("",), way.sign(0, BODY, AT_S))
    assert not believed(name, (), way.sign(0, BODY, AT_S))


@pytest.mark.parametrize("name", WHOLE)
def test_another_body_is_not_signed(name: str) -> None:
    """A blank more is another body."""
    headers, body = WAYS[name].sign(0, BODY, AT_S)
    assert not believed(name, WAYS[name].secrets, (headers, body + b" "))


@pytest.mark.parametrize("name", TIMED)
def test_an_old_call_is_not_believed(name: str) -> None:
    """Up to its span it is, a second more and it is not; the same for a time to come."""
    way = WAYS[name]
    for sign in (-1, 1):
        assert believed(name, way.secrets, way.sign(0, BODY, AT_S + sign * way.fresh_s))
        assert not believed(name, way.secrets, way.sign(0, BODY, AT_S + sign * (way.fresh_s + 1)))


@pytest.mark.parametrize("name", TIMED)
def test_another_time_is_not_signed(name: str) -> None:
    """Who moves the time of a call that he has seen changes what was signed."""
    headers, body = WAYS[name].sign(0, BODY, AT_S)
    moved = {key: text.replace(f"{AT_S}", f"{AT_S + 1}") for key, text in headers.items()}
    assert not believed(name, WAYS[name].secrets, (moved, body.replace(f"{AT_S}".encode(), f"{AT_S + 1}".encode())))


@pytest.mark.parametrize("name", WAYS)
def test_a_call_without_a_signature_is_not_believed(name: str) -> None:
    """Whatever it says."""
    assert not believed(name, WAYS[name].secrets, ({}, BODY))
    assert not believed(name, WAYS[name].secrets, (dict.fromkeys(WAYS[name].sign(0, BODY, AT_S)[0], ""), BODY))


def test_sendgrid_signs_as_its_own_library_expects() -> None:
    """Source: https://github.com/sendgrid/sendgrid-nodejs/blob/main/packages/eventwebhook/src/eventwebhook.spec.js"""
    key = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/"
        "1FwCM/QmGUhA=="
    )
    signature = "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0="
    body = b'{"category":"example_payload","event":"test_event","message_id":"message_id"}'
    name = "x-twilio-email-event-webhook"
    headers = {f"{name}-signature": signature, f"{name}-timestamp": "1588788367"}
    assert is_signed(shipped()["sendgrid"].signature, (key,), Call(headers, body, at=1_588_788_367_000))


def test_paypal_is_believed_only_by_a_certificate_that_holds_today() -> None:
    """Not before it begins, not after it ends, nor without one."""
    headers, body = paypal(0, BODY, AT_S)
    call = Call(headers, body, at=AT_S * 1_000)
    for pem, expected in ((certificate(AT_S), True), (certificate(AT_S, days=(1, 2)), False),
                          (certificate(AT_S, days=(-2, -1)), False), (b"", False), (b"nonsense", False)):  # fmt: skip
        call.certificate = pem
        assert expected == is_signed(shipped()["paypal"].signature, SECRETS, call)


@pytest.mark.parametrize(
    "address",
    [
        "http://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
        "https://evilpaypal.com/v1/notifications/certs/CERT-1",
        "https://paypal.com@evil.example/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/../../redirect",
        "https://api.paypal.com/v1/notifications/certs/%2e%2e/%2e%2e/redirect",
        "https://api.paypal.com/v1/notifications/certs/CERT-1/..%2f",
        "https://evil.example\\.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/CERT-1\n",
        "https://api.paypal.com/elsewhere/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/CERT-1?to=https://evil.example",
        "https://[::1/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/" + "1" * 500,
        "",
    ],
)
def test_a_certificate_is_fetched_from_paypal_only(address: str) -> None:
    """Whoever may say where it stands could else sign for himself, and make us call inside."""
    assert address_of(Call({"paypal-cert-url": address}, b"")) is None


def test_a_certificate_is_wanted_where_one_is_named() -> None:
    """Of PayPal, and of nobody else who says the same header."""
    call = Call({"paypal-cert-url": PAYPAL_CERTIFICATE}, b"")
    assert PAYPAL_CERTIFICATE == certificate_wanted(shipped()["paypal"].signature, call)
    assert certificate_wanted(shipped()["stripe"].signature, call) is None
