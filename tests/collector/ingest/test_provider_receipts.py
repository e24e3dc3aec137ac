"""What providers tell of SMS and WhatsApp messages: receipts on the person's timeline, and STOP that is heard."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest

from collector.ingest.receipts import providers
from tests.fixtures.mailing import Mailing, mailing
from tests.fixtures.provider_server import ProviderServer

TOKEN, NUMBER = "a-token", "+393331234567"
SMS = {
    "name": "Cart",
    "channel": "sms",
    "purpose": "marketing",
    "text": "{{ contact.FIRSTNAME }}, your {{ event.item }}",
}


@pytest.fixture
def provider() -> Iterator[ProviderServer]:
    """Stands for Twilio."""
    with ProviderServer() as server:
        server.status, server.answer = 201, {"sid": "SM1", "status": "queued"}
        yield server


@pytest.fixture
def post(tmp_path: Path, provider: ProviderServer) -> Iterator[Mailing]:
    """A deployment that sends SMS through it, to somebody who is known."""
    account = f"twilio://AC1:{TOKEN}@?from={quote('+390000000')}&api={quote(provider.url, safe='')}"
    with mailing(tmp_path, sms=account) as ready:
        who = {"identifiers": {"phone_id": NUMBER}, "contact_properties": {"FIRSTNAME": "Ada"}}
        ready.shop.serve(0, {"id": "1", "category": "contact", "key": "identified", **who})
        assert 201 == ready.shop.change("POST", "/api/messages", SMS).status_code
        yield ready


def send(post: Mailing) -> str:
    """The message, to her."""
    answer = post.shop.change("POST", "/api/messages/1/send", {"contact": 1, "params": {"item": "boots wait"}})
    assert 202 == answer.status_code, answer.text
    post.deliver()
    return str(answer.json()["deliveries"][0])


def call(post: Mailing, **fields: str) -> httpx.Response:
    """As Twilio calls, signed; the worker takes note."""
    url = "https://t.shop.example/hooks/twilio"
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    signature = base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()
    headers = {"content_type": "application/x-www-form-urlencoded", "x_twilio_signature": signature}
    body = urlencode(fields).encode()
    answer = post.shop.deployment.run(post.shop.deployment.request("POST", "/hooks/twilio", body, **headers))
    post.shop.work()
    return answer


def test_an_sms_leaves_and_is_delivered(post: Mailing, provider: ProviderServer) -> None:
    """The text is hers; the provider's word of its delivery is an event, once, however often it is said."""
    id = send(post)
    (asked,) = provider.asked
    assert (NUMBER, "Ada, your boots wait") == (asked.said["To"], asked.said["Body"])
    assert "https://t.shop.example/hooks/twilio" == asked.said["StatusCallback"]
    assert ("sent", "SM1") == (post.row(id).state, post.row(id).reference)
    for _ in range(2):
        post.shop.deployment.now += 1_000
        assert 202 == call(post, MessageSid="SM1", MessageStatus="delivered", To=NUMBER).status_code
    assert ["Sent", "Delivered"] == post.said(category="marketing_sms")
    assert post.row(id).delivered_at is not None
    timeline = post.shop.get("/api/contacts/1/timeline").json()["events"]
    assert {"message_id": id, "campaign_id": "1"} == timeline[0]["properties"]


def test_who_answers_stop_gets_no_more(post: Mailing) -> None:
    """The number is left alone by every message of the channel, and it is an event."""
    send(post)
    stopped = call(post, MessageSid="SM9", From=NUMBER, To="+390000000", Body="  Stop ")
    assert 202 == stopped.status_code
    assert "Unsubscribed" in post.said(category="marketing_sms")
    id = send(post)
    assert ("skipped", "stopped: nothing is sent there") == (post.row(id).state, post.row(id).reason)


def test_an_undelivered_sms_bounces(post: Mailing) -> None:
    """By the provider's code: no such number, for ever."""
    id = send(post)
    call(post, MessageSid="SM1", MessageStatus="undelivered", To=NUMBER, ErrorCode="30005")
    assert "Hard Bounce" in post.said(category="marketing_sms")
    assert post.row(id).bounced_at is not None


def test_whoever_cannot_sign_is_told_nothing(post: Mailing) -> None:
    """401 without a word; 404 where no account has that name."""
    forged = post.shop.send("POST", "/hooks/twilio", b"MessageSid=SM1&MessageStatus=delivered")
    assert (401, b"") == (forged.status_code, forged.content)
    assert 404 == post.shop.send("POST", "/hooks/nobody", b"").status_code


def test_a_call_that_does_not_come_is_not_waited_for(post: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    """408 when its body is not there in time; whoever sends it slowly holds no connection for ever."""
    monkeypatch.setattr(providers, "BODY_S", 0.0)

    async def never() -> AsyncIterator[bytes]:
        await asyncio.get_running_loop().create_future()
        yield b""

    async def called() -> httpx.Response:
        transport = httpx.ASGITransport(post.shop.deployment.built.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="https://t.shop.example") as client:
            return await client.post("/hooks/twilio", content=never())

    assert 408 == post.shop.deployment.run(called()).status_code
