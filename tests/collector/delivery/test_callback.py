"""What providers call back: who has signed it, what became of messages, who wants no more."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.delivery.account_url import AccountUrl
from collector.delivery.providers.account import HttpAccount, http_account
from collector.delivery.providers.callback import Forged, Receipt, callback, challenge
from collector.delivery.providers.stop_words import is_stop

NOW = 1_795_672_800_000
URL = "https://x.example/receipts/sms/main"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
TWILIO = http_account("sms", AccountUrl("twilio://AC1:12345@?from=%2B39"), ())
VONAGE = http_account("sms", AccountUrl("vonage://key:secret@?from=Shop&secret=signs"), ())
META = http_account("whatsapp", AccountUrl("meta://1:T@?secret=app&verify=parola"), ())
OTHER = http_account(
    "sms",
    AccountUrl(
        "https-json://:K@x.example/?body.to={recipient}&notice.each=items.*&notice.reference=id&notice.status=state"
        "&notice.code=err&sent=SENT&delivered=OK&failed=KO&notice.hard=17&reply.sender=from&reply.text=text&secret=new,old"
    ),
    (),
)


def by_twilio(fields: dict[str, str], url: str = URL) -> list[Receipt]:
    """A form that Twilio has signed."""
    text = url + "".join(name + value for name, value in sorted(fields.items()))
    signature = base64.b64encode(hmac.new(b"12345", text.encode(), hashlib.sha1).digest()).decode()
    return callback(TWILIO, FORM | {"X-Twilio-Signature": signature}, urlencode(fields).encode(), url, NOW)


def by_meta(said: Any) -> list[Receipt]:
    """JSON that Meta has signed."""
    body = json.dumps(said).encode()
    signature = "sha256=" + hmac.new(b"app", body, hashlib.sha256).hexdigest()
    return callback(META, JSON | {"X-Hub-Signature-256": signature}, body, URL, NOW)


def by_other(said: Any, secret: bytes = b"new") -> list[Receipt]:
    """JSON that the provider of an URL has signed."""
    body = json.dumps(said).encode()
    return callback(OTHER, JSON | {"X-Signature": hmac.new(secret, body, hashlib.sha256).hexdigest()}, body, URL, NOW)


def test_twilio_s_own_example_is_signed() -> None:
    """The example of Twilio's libraries: their test vector."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    signed = FORM | {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}
    assert [] == callback(TWILIO, signed, urlencode(fields).encode(), url, NOW)
    with pytest.raises(Forged):
        callback(TWILIO, signed, urlencode(fields | {"Digits": "1235"}).encode(), url, NOW)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("sent", "", ("sent", "")),
        ("delivered", "", ("delivered", "")),
        ("read", "", ("read", "")),
        ("undelivered", "30003", ("soft", "30003")),
        ("undelivered", "30005", ("hard", "30005")),
        ("failed", "30006", ("hard", "30006")),
        ("queued", "", None),
    ],
)
def test_twilio_tells(status: str, code: str, expected: tuple[str, str] | None) -> None:
    """What is of no interest is left out."""
    found = by_twilio({"MessageSid": "SM1", "MessageStatus": status, "To": "+393331234567", "ErrorCode": code})
    wanted = [Receipt("SM1", "+393331234567", expected[0], expected[1], "", NOW)] if expected else []  # type: ignore[arg-type]  # a literal
    assert wanted == found


def test_twilio_replies() -> None:
    """Only a word that means: no more. Of WhatsApp without its prefix."""
    said = {"MessageSid": "SM2", "From": "whatsapp:+393331234567", "To": "+39061", "Body": " Stop! "}
    assert [Receipt("SM2", "+393331234567", "stop", "", " Stop! ", NOW)] == by_twilio(said)
    assert [] == by_twilio(said | {"Body": "non mi fermo"})


def test_meta_tells() -> None:
    """Several at once, with their times; a reply among them."""
    value = {
        "statuses": [
            {"id": "w1", "status": "delivered", "timestamp": "1795672000", "recipient_id": "393331234567"},
            {"id": "w2", "status": "failed", "timestamp": "1", "recipient_id": "393330000000",
             "errors": [{"code": 131026, "title": "Undeliverable"}]},
            {"id": "w3", "status": "played"},
        ],
        "messages": [
            {"from": "393331234567", "id": "w4", "type": "text", "text": {"body": "ANNULLA"}},
            {"from": "393331234567", "id": "w5", "type": "button", "button": {"text": "Disiscrivimi", "payload": "x"}},
            {"from": "393331234567", "id": "w6", "type": "image", "image": {}},
        ],
    }  # fmt: skip
    assert [
        Receipt("w1", "+393331234567", "delivered", "", "", 1_795_672_000_000),
        Receipt("w2", "+393330000000", "hard", "131026", "Undeliverable", NOW),
        Receipt("w4", "+393331234567", "stop", "", "ANNULLA", NOW),
        Receipt("w5", "+393331234567", "stop", "", "Disiscrivimi", NOW),
    ] == by_meta({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]})


def test_meta_asks_whether_it_is_ours() -> None:
    """The challenge is given back to who knows the word."""
    asked = {"hub.mode": "subscribe", "hub.verify_token": "parola", "hub.challenge": "42"}
    assert "42" == challenge(META, asked)
    assert None is challenge(META, asked | {"hub.verify_token": "parole"})
    assert None is challenge(TWILIO, asked | {"hub.verify_token": ""})


def jwt(body: bytes, *, at: int = NOW // 1_000, secret: bytes = b"signs", algorithm: str = "HS256") -> str:
    """A token as Vonage writes it."""
    parts = [{"alg": algorithm}, {"iat": at, "payload_hash": hashlib.sha256(body).hexdigest()}]
    text = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    signature = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def test_vonage_by_token() -> None:
    """A signed JWT that holds the body's hash; five minutes old at most."""
    body = b'{"messageId": "V1", "msisdn": "393331234567", "status": "failed", "err-code": "9"}'
    signed = JSON | {"Authorization": f"Bearer {jwt(body)}"}
    assert [Receipt("V1", "+393331234567", "hard", "9", "", NOW)] == callback(VONAGE, signed, body, URL, NOW)
    for token, content in (
        (jwt(body, at=NOW // 1_000 - 301), body),
        (jwt(body, secret=b"other"), body),
        (jwt(body, algorithm="none"), body),
        (jwt(b"{}"), body),
        ("a.b.c", body),
        ("", body),
    ):
        with pytest.raises(Forged):
            callback(VONAGE, JSON | {"Authorization": f"Bearer {token}"}, content, URL, NOW)


@pytest.mark.parametrize("method", [hashlib.sha256, hashlib.sha512])
def test_vonage_by_field(method: Any) -> None:
    """`sig` over all other fields, sorted, with & and = of values as _; also when the fields stand in the address."""
    fields = {
        "messageId": "V1",
        "msisdn": "393331234567",
        "status": "delivered",
        "ref": "a&b=c",
        "timestamp": "1795672800",
    }
    text = "".join(f"&{name}={value}" for name, value in sorted((fields | {"ref": "a_b_c"}).items()))
    signed = fields | {"sig": hmac.new(b"signs", text.encode(), method).hexdigest().upper()}
    expected = [Receipt("V1", "+393331234567", "delivered", "", "", NOW)]
    assert expected == callback(VONAGE, FORM, urlencode(signed).encode(), URL, NOW)
    assert expected == callback(VONAGE, {}, b"", f"{URL}?{urlencode(signed)}", NOW)
    for wrong, now in ((signed | {"status": "failed"}, NOW), (fields, NOW), (signed, NOW + 301_000)):
        with pytest.raises(Forged):
            callback(VONAGE, FORM, urlencode(wrong).encode(), URL, now)


def test_any_other_provider_tells() -> None:
    """As its account's URL describes; by the new secret and the old one."""
    said = {"items": [{"id": "1", "state": "SENT"}, {"id": 2, "state": "OK"}, {"id": "3", "state": "KO", "err": 17}]}
    expected = [("1", "sent"), ("2", "delivered"), ("3", "hard")]
    assert expected == [(receipt.reference, receipt.what) for receipt in by_other(said)]
    assert expected == [(receipt.reference, receipt.what) for receipt in by_other(said, b"old")]
    with pytest.raises(Forged):
        by_other(said, b"older")
    assert ["stop"] == [receipt.what for receipt in by_other({"from": "393331234567", "text": "basta"})]


@pytest.mark.parametrize("account", [TWILIO, VONAGE, META, OTHER], ids=lambda account: account.provider.name)
@given(
    body=st.binary(max_size=300) | st.text().map(str.encode),
    header=st.text(max_size=50),
    kind=st.sampled_from([FORM, JSON, {}]),
)
def test_garbage_is_forged(account: HttpAccount, body: bytes, header: str, kind: dict[str, str]) -> None:
    """Whatever comes without a signature: one answer, no detail, no failure."""
    names = ("X-Twilio-Signature", "X-Hub-Signature-256", "X-Signature", "Authorization")
    with pytest.raises(Forged):
        callback(account, kind | dict.fromkeys(names, f"Bearer {header}"), body, URL, NOW)


NAMES = st.sampled_from("entry changes value statuses messages id errors text".split())
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=9)


@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner)))
def test_signed_nonsense_tells_nothing_wrong(said: Any) -> None:
    """Any JSON that Meta may sign is read without a failure."""
    assert all(isinstance(receipt, Receipt) for receipt in by_meta(said))


def test_no_secret_no_trust() -> None:
    """An account without a secret believes nobody."""
    silent = http_account("whatsapp", AccountUrl("meta://1:T@"), ())
    signed = "sha256=" + hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
    with pytest.raises(Forged):
        callback(silent, JSON | {"X-Hub-Signature-256": signed}, b"{}", URL, NOW)


def test_too_large_is_forged() -> None:
    """Even when it is signed."""
    with pytest.raises(Forged):
        by_meta(["x" * 300_000])


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        " stop. ",
        "Annulla",
        "CANCELLA",
        "unsubscribe",
        "End",
        "quit",
        "DISISCRIVI",
        "basta!",
        "ＳＴＯＰ",
        "Arrêt",
        "stop\u200b",
    ],
)
def test_words_that_mean_no_more(text: str) -> None:
    """In Italian and English, however they are written."""
    assert is_stop(text)


@pytest.mark.parametrize(
    "text", ["", "non fermarti", "stop by our shop", "fine settimana", "annulla l'ordine 12", "ok"]
)
def test_words_that_do_not(text: str) -> None:
    """A sentence is for a person to read."""
    assert not is_stop(text)
