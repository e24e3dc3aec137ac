"""Do we know calls of payment, meeting, message and sales providers by their signatures? Computed as documented."""

import base64
import hmac
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl

import pytest

from collector.hooks.call import Call
from collector.hooks.challenge import asked_by_body
from collector.hooks.providers import shipped
from collector.hooks.signature import FRESH_MS, Signature, is_signed

AT = 1_795_680_000_000
URL = "https://t.shop.example/hooks/x"
VECTOR_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
SECRET = "user:the-secret-of-theirs"
BODY = b"b=1+2&a=%C3%A8"
OTHER = b"b=1+3&a=%C3%A8"

Headers = Mapping[str, str]


class Way(NamedTuple):
    """How a provider signs. signed: (secret, body, ms UTC) → headers. stamped: whether the time is signed as well.
    sealed: whether the body is."""

    signed: Callable[[str, bytes, int], Headers]
    stamped: bool = False
    sealed: bool = True


def _hex(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, "sha256").hexdigest()


def _base64(secret: str, content: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), content, "sha256").digest()).decode()


def _stripe(secret: str, body: bytes, at: int) -> Headers:
    """https://docs.stripe.com/webhooks#verify-manually"""
    seconds = str(at // 1_000)
    return {"stripe-signature": f"t={seconds},v1={_hex(secret, f'{seconds}.'.encode() + body)},v0=6ffbb59b2300aae63f27"}


def _calendly(secret: str, body: bytes, at: int) -> Headers:
    """https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures"""
    seconds = str(at // 1_000)
    return {"calendly-webhook-signature": f"t={seconds},v1={_hex(secret, f'{seconds}.'.encode() + body)}"}


def _twilio(secret: str, body: bytes, at: int) -> Headers:
    """https://www.twilio.com/docs/usage/security#validating-requests"""
    fields = "".join(name + value for name, value in sorted(parse_qsl(body.decode())))
    digest = hmac.new(secret.encode(), (URL + fields).encode(), "sha1").digest()
    return {"x-twilio-signature": base64.b64encode(digest).decode()}


def _hubspot(secret: str, body: bytes, at: int) -> Headers:
    """https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation"""
    signed = f"POST{URL}".encode() + body + str(at).encode()
    return {"x-hubspot-signature-v3": _base64(secret, signed), "x-hubspot-request-timestamp": str(at)}


def _chatwoot(secret: str, body: bytes, at: int) -> Headers:
    """https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks"""
    seconds = str(at // 1_000)
    signed = f"sha256={_hex(secret, f'{seconds}.'.encode() + body)}"
    return {"x-chatwoot-signature": signed, "x-chatwoot-timestamp": seconds}


def _shopify(secret: str, body: bytes, at: int) -> Headers:
    """https://shopify.dev/docs/apps/build/webhooks/subscribe/https"""
    return {"x-shopify-hmac-sha256": _base64(secret, body)}


def _cal_com(secret: str, body: bytes, at: int) -> Headers:
    """https://cal.com/docs/developing/guides/automation/webhooks"""
    return {"x-cal-signature-256": _hex(secret, body)}


def _zoom(secret: str, body: bytes, at: int) -> Headers:
    """https://developers.zoom.us/docs/api/webhooks/#verify-with-zooms-header"""
    seconds = str(at // 1_000)
    return {
        "x-zm-signature": f"v0={_hex(secret, f'v0:{seconds}:'.encode() + body)}",
        "x-zm-request-timestamp": seconds,
    }


def _bearer(secret: str, body: bytes, at: int) -> Headers:
    """https://developers.brevo.com/docs/username-and-password-authentication"""
    return {"authorization": f"Bearer {secret}"}


def _basic(secret: str, body: bytes, at: int) -> Headers:
    """https://www.rfc-editor.org/rfc/rfc7617"""
    return {"authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}


WAYS: Mapping[str, Way] = {
    "stripe": Way(_stripe, stamped=True),
    "calendly": Way(_calendly, stamped=True),
    "brevo, a token": Way(_bearer, sealed=False),
    "brevo, a password": Way(_basic, sealed=False),
    "twilio": Way(_twilio),
    "hubspot": Way(_hubspot, stamped=True),
    "chatwoot": Way(_chatwoot, stamped=True),
    "shopify": Way(_shopify),
    "cal_com": Way(_cal_com),
    "pipedrive": Way(_basic, sealed=False),
    "zoom": Way(_zoom, stamped=True),
}
SEALED = [name for name, way in WAYS.items() if way.sealed]
STAMPED = [name for name, way in WAYS.items() if way.stamped]


def known(provider: str, headers: Headers, body: bytes = BODY, *secrets: str) -> bool:
    """Whether the call is taken for the provider's."""
    call = Call(headers, body, url=URL, at=AT)
    return is_signed(shipped()[provider.partition(",")[0]].signature, secrets or (SECRET,), call)


@pytest.mark.parametrize("provider", WAYS)
def test_what_a_provider_signed_is_known(provider: str) -> None:
    """As its documentation says that it signs."""
    assert known(provider, WAYS[provider].signed(SECRET, BODY, AT))


@pytest.mark.parametrize("provider", WAYS)
def test_either_of_two_secrets_is_known(provider: str) -> None:
    """While a secret is changed both are good."""
    headers = WAYS[provider].signed(SECRET, BODY, AT)
    assert known(provider, headers, BODY, "another", SECRET)
    assert known(provider, headers, BODY, SECRET, "another")


@pytest.mark.parametrize("provider", WAYS)
def test_what_another_secret_signed_is_not_known(provider: str) -> None:
    """Nor is anything when there is no secret."""
    headers = WAYS[provider].signed("another", BODY, AT)
    assert not known(provider, headers)
    assert not known(provider, WAYS[provider].signed("", BODY, AT), BODY, "")


@pytest.mark.parametrize("provider", SEALED)
def test_a_changed_body_is_not_known(provider: str) -> None:
    """One character is enough."""
    assert not known(provider, WAYS[provider].signed(SECRET, BODY, AT), OTHER)


@pytest.mark.parametrize("provider", WAYS)
def test_a_call_without_a_signature_is_not_known(provider: str) -> None:
    """Whichever of its headers is missing."""
    headers = WAYS[provider].signed(SECRET, BODY, AT)
    for missing in headers:
        assert not known(provider, {name: value for name, value in headers.items() if name != missing})


@pytest.mark.parametrize("provider", STAMPED)
@pytest.mark.parametrize("way", [-1, 1])
def test_a_signature_is_believed_for_five_minutes(provider: str, way: int) -> None:
    """Five minutes exactly, into the past or the future, and no second more."""
    assert known(provider, WAYS[provider].signed(SECRET, BODY, AT + way * FRESH_MS))
    assert not known(provider, WAYS[provider].signed(SECRET, BODY, AT + way * (FRESH_MS + 1_000)))


@pytest.mark.parametrize("provider", STAMPED)
def test_a_changed_time_is_not_known(provider: str) -> None:
    """A call of yesterday is not made new by writing another time into it."""
    headers = WAYS[provider].signed(SECRET, BODY, AT - 86_400_000)
    for digits in (slice(0, 10), slice(0, 13)):
        old, new = str(AT - 86_400_000)[digits], str(AT)[digits]
        assert not known(provider, {name: value.replace(old, new) for name, value in headers.items()})


def test_twilio_s_own_example_is_known() -> None:
    """The vector of its libraries. Source: twilio-python, tests/unit/test_request_validator.py"""
    body = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
    headers = {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}
    for url, expected in ((VECTOR_URL, True), (f"{VECTOR_URL}&baz=3", False)):
        call = Call(headers, body, url=url, at=AT)
        assert expected == is_signed(shipped()["twilio"].signature, ("12345",), call)


def test_zoom_is_answered_when_it_asks_whether_the_address_is_ours() -> None:
    """Its token, and the token's HMAC. Source: https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint"""
    question = {"payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}, "event": "endpoint.url_validation"}
    expected = {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": _hex(SECRET, b"qgg8vlvZRS6UYooatFL8Aw")}
    assert expected == asked_by_body(shipped()["zoom"].challenge, (SECRET,), question)
    assert asked_by_body(shipped()["zoom"].challenge, (SECRET,), {"event": "meeting.started"}) is None


@pytest.mark.parametrize("secret", ["----", "", "whsec_", "whsec_===="])
@pytest.mark.parametrize("scheme", ["hmac", "standard"])
def test_nobody_signs_by_a_key_of_no_bytes(secret: str, scheme: Literal["hmac", "standard"]) -> None:
    """A secret that is no base64 was a key that everybody has."""
    way = Signature(scheme, value="header:webhook-signature", signed="{body}", encoding="base64", key="base64")
    signed = BODY if scheme == "hmac" else f"1.{AT // 1_000}.".encode() + BODY
    said = base64.b64encode(hmac.digest(b"", signed, "sha256")).decode()
    stamp = {"webhook-id": "1", "webhook-timestamp": str(AT // 1_000)}
    headers = {**stamp, "webhook-signature": said if scheme == "hmac" else f"v1,{said}"}
    assert not is_signed((way,), (secret,), Call(headers, BODY, at=AT))
