"""SMS and WhatsApp by HTTP, against a real server: what is asked, and what each answer means."""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.delivery.account_url import AccountUrl, BadAccount
from collector.delivery.http import BadNumber, Http, number
from collector.delivery.port import Accepted, Broken, Deferred, Outcome, Parcel, Refused, Template, Uncertain
from collector.delivery.providers.account import HttpAccount, http_account
from tests.collector.delivery.parcels import AT, ID, LAN, Began, parcel
from tests.fixtures.mail_server import certificate
from tests.fixtures.provider_server import ProviderServer


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    """A provider that accepts."""
    with ProviderServer() as running:
        yield running


def account(url: str, channel: str = "sms") -> HttpAccount:
    """An account of the channel."""
    return http_account(channel, AccountUrl(url), LAN)


def sms(**changed: Any) -> Parcel:
    """An SMS."""
    return parcel(channel="sms", recipient="+39 333 1234567", text="Ciao Anna", html="", **changed)


def sent(account: HttpAccount, *parcels: Parcel, begun: Began | None = None) -> list[Outcome]:
    """The outcomes, one after the other."""

    async def run() -> list[Outcome]:
        channel = Http([account], lambda: AT)
        try:
            return [await channel.send(each, begun or Began()) for each in parcels]
        finally:
            await channel.close()

    return asyncio.run(run())


def twilio(server: ProviderServer, channel: str = "sms", more: str = "") -> HttpAccount:
    """Twilio, at the test's server."""
    return account(f"twilio://AC1:token@?from=+390612345&api={server.url}{more}", channel)


def test_twilio(server: ProviderServer) -> None:
    """A form, with the account's name in path and Authorization; its id comes back."""
    server.status, server.answer = 201, {"sid": "SM1", "status": "queued", "code": None}
    begun = Began()
    found = sent(twilio(server, more="&callback=https://x.example/r"), sms(), begun=begun)
    assert [Accepted("HTTP 201", "SM1")] == found
    (asked,) = server.asked
    assert "/2010-04-01/Accounts/AC1/Messages.json" == asked.path
    assert f"Basic {base64.b64encode(b'AC1:token').decode()}" == asked.headers["authorization"]
    assert f"localhost:{server.port}" == asked.headers["host"]
    expected = {
        "To": "+393331234567",
        "From": "+390612345",
        "Body": "Ciao Anna",
        "StatusCallback": "https://x.example/r",
    }
    assert expected == asked.said
    assert 1 == begun.times


def test_twilio_whatsapp(server: ProviderServer) -> None:
    """By the same door; an approved template by its content's id."""
    server.answer = {"sid": "SM2"}
    template = Template("HX1", "it", ("Anna", "10 €"))
    sent(twilio(server, "whatsapp"), sms(), sms(template=template))
    assert ("whatsapp:+393331234567", "Ciao Anna") == (server.asked[0].said["To"], server.asked[0].said["Body"])
    assert "HX1" == server.asked[1].said["ContentSid"]
    assert {"1": "Anna", "2": "10 €"} == json.loads(server.asked[1].said["ContentVariables"])


def test_vonage(server: ProviderServer) -> None:
    """Key and secret in the form; what does not fit into GSM letters is sent as Unicode. 200 may say no."""
    vonage = account(f"vonage://key:s%2Fecret@?from=Shop&api={server.url}")
    server.answer = {"messages": [{"status": "0", "message-id": "V1"}]}
    assert [Accepted("HTTP 200", "V1")] * 2 == sent(vonage, sms(), sms(subject="x", id=ID))
    said = server.asked[0].said
    expected = {"api_key": "key", "api_secret": "s/ecret", "to": "393331234567", "from": "Shop", "text": "Ciao Anna"}
    assert expected | {"type": "text", "client-ref": ID} == said
    answers = [("1", "Throttled"), ("4", "Bad credentials"), ("7", "Barred")]
    outcomes: list[Outcome] = []
    for code, says in answers:
        server.answer = {"messages": [{"status": code, "error-text": says}]}
        outcomes += sent(vonage, sms())
    assert [
        Deferred("1", "Throttled"),
        Broken("vonage says 4: Bad credentials"),
        Refused("7", "Barred", False),
    ] == outcomes


def test_vonage_alphabet(server: ProviderServer) -> None:
    """An emoji is no GSM letter."""
    vonage = account(f"vonage://key:secret@?from=Shop&api={server.url}")
    for text in ("Perché no? 10 €", "Ciao 👋"):
        sent(vonage, parcel(channel="sms", recipient="+393331234567", text=text))
    assert ["text", "unicode"] == [asked.said["type"] for asked in server.asked]


def test_meta(server: ProviderServer) -> None:
    """A text within 24 hours, else a template with its parameters."""
    meta = account(f"meta://111:TOKEN@?api={server.url}", "whatsapp")
    server.answer = {"messages": [{"id": "wamid.1"}]}
    template = Template("sconto", "it", ("Anna", "10 €"))
    assert [Accepted("HTTP 200", "wamid.1")] * 2 == sent(meta, sms(), sms(template=template))
    first, second = server.asked
    assert ("/v21.0/111/messages", "Bearer TOKEN") == (first.path, first.headers["authorization"])
    assert {"body": "Ciao Anna"} == first.said["text"]
    assert {
        "name": "sconto",
        "language": {"code": "it"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Anna"}, {"type": "text", "text": "10 €"}]}
        ],
    } == second.said["template"]


def test_any_other_provider(server: ProviderServer) -> None:
    """Described by the account's URL: body, answer, codes; a value with places in it stays what it is."""
    other = account(
        f"http-json://:KEY@localhost:{server.port}/v1/send?from=Shop&auth=X-Api-Key&body.to={{recipient}}"
        "&body.message.text={text}&body.message.sender={sender}&answer.reference=data.id&answer.code=err&hard=17&later=18"
    )
    server.answer = {"data": {"id": 99}}
    text = parcel(channel="sms", recipient="+393331234567", text="{user} {password}")
    assert [Accepted("HTTP 200", "99")] == sent(other, text)
    (asked,) = server.asked
    assert ("/v1/send", "KEY") == (asked.path, asked.headers["x-api-key"])
    assert {"to": "+393331234567", "message": {"text": "{user} {password}", "sender": "Shop"}} == asked.said
    server.answer = {"err": 17}
    assert [Refused("17", "HTTP 200", True)] == sent(other, text)


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (400, {"code": 21211, "message": "Invalid To"}, Refused("21211", "Invalid To", True)),
        (400, {"code": 21610, "message": "Stopped"}, Refused("21610", "Stopped", False)),
        (400, {"code": 21606, "message": "Not your From"}, Broken("twilio says 21606: Not your From")),
        (401, {"code": 20003, "message": "Authenticate"}, Broken("twilio says 20003: Authenticate")),
        (401, b"no", Broken("twilio says 401: HTTP 401")),
        (429, {"code": 20429, "message": "Slow"}, Deferred("20429", "Slow", 7_000)),
        (503, b"<html>", Deferred("503", "HTTP 503", 7_000)),
        (422, b"[[", Refused("422", "HTTP 422", False)),
        (302, b"", Broken("twilio answers with a redirect (302), which is not followed: is the address right?", True)),
        (200, b"x" * 100_000, Accepted("HTTP 200")),
    ],
)
def test_an_answer_means(server: ProviderServer, status: int, answer: Any, expected: Outcome) -> None:
    """The provider's code says more than the status. What is too long or no JSON says nothing."""
    server.status, server.answer = status, answer
    server.headers = {"Retry-After": "7", "Location": f"{server.url}/elsewhere"}
    assert [expected] == sent(twilio(server), sms())
    assert 1 == len(server.asked)


def test_no_answer_is_uncertain(server: ProviderServer) -> None:
    """The request was written; whether it was heard nobody knows."""
    server.drops = True
    begun = Began()
    assert isinstance(sent(twilio(server), sms(), begun=begun)[0], Uncertain)
    assert 1 == begun.times


def test_nobody_listens(server: ProviderServer) -> None:
    """Nothing was written: it is tried again."""
    with ProviderServer() as other:
        gone = twilio(other)
    (found,) = sent(gone, sms())
    assert isinstance(found, Deferred)
    assert "connect" == found.code


def test_connections_are_kept(server: ProviderServer) -> None:
    """Three messages, one connection."""
    server.answer = {"sid": "SM1"}
    sent(twilio(server), sms(), sms(), sms())
    assert (3, 1) == (len(server.asked), len(server.connections))


def test_a_provider_inside_is_opted_into(server: ProviderServer) -> None:
    """Without delivery_networks nothing is asked, and the refusal says so."""
    closed = http_account("sms", AccountUrl(f"twilio://AC1:token@?from=+39&api={server.url}"), ())
    begun = Began()
    (found,) = sent(closed, sms(), begun=begun)
    assert isinstance(found, Broken)
    assert "delivery_networks" in found.reason
    assert (0, 0) == (begun.times, len(server.asked))


def test_a_begin_that_fails_asks_nothing(server: ProviderServer) -> None:
    """What cannot be marked as in flight stays where it is."""

    def fail() -> None:
        raise RuntimeError("the store is away")

    assert [Deferred("failure", "RuntimeError: the store is away")] == sent(twilio(server), sms(), begun=Began(fail))
    assert [] == server.asked


def test_numbers() -> None:
    """As people write them, with their country; nothing else."""
    for text in ("+39 333 1234567", "0039 333-123.4567", "(+39)3331234567", "393331234567", "whatsapp:+393331234567"):
        assert "+393331234567" == number(text)
    for text in ("", "anna", "3331", "+39333123456789012", "+39333\n1234567", "+٣٩٣٣٣١٢٣٤٥٦٧", "&To=+39333123456"):
        with pytest.raises(BadNumber):
            number(text)


def test_who_has_no_number_is_a_hard_bounce(server: ProviderServer) -> None:
    """Nothing is asked."""
    assert [Refused("number", "'anna' is no telephone number", True)] == sent(
        twilio(server), parcel(channel="sms", recipient="anna")
    )
    assert [] == server.asked


@pytest.mark.parametrize(
    "url",
    [
        "twilio://AC1:to%0Aken@?from=+39",
        "twilio://AC1:token@?frm=+39",
        "twilio://AC1:token@?from=+39&api=ftp://x",
        "twilio://AC1:token@?from=+39&api=https://user@x",
        "https-json://api.example.com/v1",
        "https-json://api.example.com/v1?body.to={secret}",
        "https-json:///v1?body.to={text}",
        "https-json://x.example/?body.a={text}&body.a.b={text}",
        "https-json://x.example/?body.a={text}&auth=X:%0A",
    ],
)
def test_an_account_that_cannot_be_used(url: str) -> None:
    """It says what is wrong, and no password."""
    with pytest.raises(BadAccount) as caught:
        account(url)
    assert "token" not in str(caught.value)


def test_https_by_the_host_s_name(tmp_path: Path) -> None:
    """The checked address is connected to, the certificate is compared with the name."""
    if (made := certificate(tmp_path)) is None:
        pytest.skip("openssl is not there")
    context, trusted = made
    with ProviderServer(context) as server:
        server.answer = {"sid": "SM1"}
        assert [Accepted("HTTP 200", "SM1")] * 2 == sent(twilio(server, more=f"&ca={trusted}"), sms(), sms())
        (stranger,) = sent(twilio(server), sms())
        assert isinstance(stranger, Broken)
        assert "certificate" in stranger.reason


def test_https_of_another_name(tmp_path: Path) -> None:
    """A certificate of another host is not believed, whoever signed it."""
    if (made := certificate(tmp_path, "other.example")) is None:
        pytest.skip("openssl is not there")
    context, trusted = made
    with ProviderServer(context) as server:
        (found,) = sent(twilio(server, more=f"&ca={trusted}"), sms())
    assert isinstance(found, Broken)
    assert "certificate" in found.reason
