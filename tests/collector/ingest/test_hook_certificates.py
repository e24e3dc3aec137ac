"""Is a certificate that a call names fetched once, and believed? PayPal's, by a stand-in for its web."""

import asyncio
import base64
import json
import zlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from collector.ingest.doors import certificates
from collector.ingest.doors.certificates import MAX_KEPT, MAX_WAITING, Certificates, fetched
from tests.collector.hooks.certificates import RSA_KEY, certificate
from tests.collector.ingest.sending import NOW, Deployment
from tests.collector.ingest.test_hooks import call, open_source

ADDRESS = "https://api.paypal.com/v1/notifications/certs/CERT-1"
SALE = {
    "id": "WH-1", "create_time": "2026-11-24T10:00:00Z", "event_type": "PAYMENT.SALE.COMPLETED",
    "resource": {"id": "8002", "custom": "42", "amount": {"total": "0.48", "currency": "USD"}},
}  # fmt: skip


class Web:
    """Gives what stands there; remembers who was asked."""

    def __init__(self, there: bytes) -> None:
        self.there = there
        self.asked: list[str] = []

    async def __call__(self, address: str) -> bytes:
        """What stands there, after a moment."""
        self.asked.append(address)
        await asyncio.sleep(0)
        return self.there


def headers(body: bytes, *, webhook: str = "8PT597110X687430L") -> dict[str, str]:
    """As PayPal signs for that webhook."""
    signed = f"sent-1|2026-11-24T10:00:01Z|{webhook}|{zlib.crc32(body)}".encode()
    signature = base64.b64encode(RSA_KEY.sign(signed, padding.PKCS1v15(), SHA256())).decode()
    return {
        "paypal_cert_url": ADDRESS,
        "paypal_transmission_id": "sent-1",
        "paypal_transmission_time": "2026-11-24T10:00:01Z",
        "paypal_transmission_sig": signature,
    }


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    """PayPal's, with our certificate."""
    stands = Web(certificate(NOW // 1_000))
    monkeypatch.setattr(certificates, "fetched", stands)
    return stands


def test_what_paypal_has_signed_becomes_an_event(fresh: Deployment, web: Web) -> None:
    """The certificate is asked for at the first call only."""
    open_source(fresh, "paypal", provider="paypal", secrets=("8PT597110X687430L",))
    for number in range(3):
        body: Any = json.dumps({**SALE, "id": f"WH-{number}"}).encode()
        assert 202 == call(fresh, body, source="paypal", **headers(body)).status_code
    assert ["payment_done"] * 3 == [entry.key for entry in fresh.log()]
    assert [ADDRESS] == web.asked


def test_another_webhook_of_paypal_is_not_ours(fresh: Deployment, web: Web) -> None:
    """Anybody can have PayPal sign something for a webhook of his own."""
    open_source(fresh, "paypal", provider="paypal", secrets=("8PT597110X687430L",))
    body = json.dumps(SALE).encode()
    assert 401 == call(fresh, body, source="paypal", **headers(body, webhook="WEBHOOK_ID")).status_code
    assert [] == fresh.log()
    assert [ADDRESS] == web.asked


def asked(wanted: Certificates, *addresses: str) -> list[bytes]:
    """What is found there, all asked at the same time."""

    async def run() -> list[bytes]:
        return await asyncio.gather(*map(wanted, addresses))

    return asyncio.run(run())


def test_many_who_want_one_certificate_ask_once() -> None:
    """They come at the same time."""
    web = Web(b"pem")
    assert [b"pem"] * 5 == asked(Certificates(web), *[ADDRESS] * 5)
    assert [ADDRESS] == web.asked


def test_what_was_not_there_is_asked_for_again() -> None:
    """PayPal could not be reached: its next call may be believed."""
    web = Web(b"")
    wanted = Certificates(web)
    assert [b""] == asked(wanted, ADDRESS)
    web.there = b"pem"
    assert [b"pem"] == asked(wanted, ADDRESS)


def test_only_the_last_ones_are_kept() -> None:
    """Whoever names many does not fill the memory."""
    web = Web(b"pem")
    wanted = Certificates(web)
    for number in range(MAX_KEPT + 1):
        asked(wanted, f"{ADDRESS}{number}")
    asked(wanted, f"{ADDRESS}{MAX_KEPT}")
    assert MAX_KEPT + 1 == len(web.asked)
    asked(wanted, f"{ADDRESS}0")
    assert MAX_KEPT + 2 == len(web.asked)


def test_an_address_inside_is_not_asked() -> None:
    """The guard stands before it, whatever the name leads to."""
    assert b"" == asyncio.run(fetched("https://127.0.0.1/v1/notifications/certs/CERT-1"))


def test_few_calls_wait_for_a_certificate() -> None:
    """Whoever makes up addresses cannot fill the house with waiting calls; one that is known waits for nobody."""

    async def ask() -> tuple[int, list[bytes]]:
        web = Web(b"")
        certificates = Certificates(web)
        found = await asyncio.gather(*(certificates(f"{ADDRESS}{n}") for n in range(MAX_WAITING * 3)))
        return len(web.asked), found

    assert (MAX_WAITING, [b""] * MAX_WAITING * 3) == asyncio.run(ask())
