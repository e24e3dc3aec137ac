"""How settings become channels: what is set up is there, what cannot be used is said before anything is sent."""

import asyncio
from pathlib import Path

import pytest

from collector.config import ConfigError, Settings, load
from collector.delivery.accounts import http_accounts, rates, smtp_accounts, urls
from collector.delivery.channels import channels
from collector.delivery.http import Http
from collector.delivery.smtp import Smtp
from collector.delivery.webhook import Webhook

SMTP = "smtp://u:p@mail.example?from=a@shop.example"


def settings(**said: str) -> Settings:
    """A deployment with these settings."""
    return load(said, {}, Path("/srv"))


def test_what_is_not_set_up_is_not_there() -> None:
    """Nothing but webhooks, one more, all."""

    async def found(**said: str) -> dict[str, type]:
        return {name: type(channel) for name, channel in channels(settings(**said)).items()}

    assert {"webhook": Webhook} == asyncio.run(found())
    assert {"webhook": Webhook, "email": Smtp} == asyncio.run(found(smtp=SMTP))
    assert {"webhook": Webhook, "email": Smtp, "sms": Http, "whatsapp": Http} == asyncio.run(
        found(smtp=SMTP, sms="vonage://k:s@?from=Shop", whatsapp="meta://1:T@")
    )


def test_an_account_says_all() -> None:
    """What is not said has a default."""
    one, two = smtp_accounts(
        settings(
            smtp="smtp://us%40er:p%2Fw%23@Mail.Example:2525?name=main&from=Shop@Città.example&sender_name=Il%20Negozio"
            "&final=1&starttls=try&connections=3&mails=7&idle_s=9&rate=2.5&dkim_selector=k1 smtps://x.example?from=b@x.example&name=b"
        )
    )
    assert ("mail.example", 2525, "try", "us@er", "p/w#") == one.door[:5]
    assert ("main", "Shop@xn--citt-3na.example", "Il Negozio") == (one.name, one.sender, one.sender_name)
    assert (True, 3, 7, 9, 2.5, "k1") == (
        one.final, one.connections, one.mails, one.idle_s, one.rate_per_s, one.dkim_selector
    )  # fmt: skip
    assert ("x.example", 465, "implicit", "", "") == two.door[:5]
    assert (False, 8, 100, 20, 0.0) == (two.final, two.connections, two.mails, two.idle_s, two.rate_per_s)
    assert (587, "required") == smtp_accounts(settings(smtp=SMTP))[0].door[1:3]


def test_a_list_in_the_file(tmp_path: Path) -> None:
    """In sentiero.toml accounts may stand in a list."""
    (tmp_path / "sentiero.toml").write_text(f'smtp = ["{SMTP}&name=a", "{SMTP}&name=b"]\n')
    assert ["a", "b"] == [account.name for account in smtp_accounts(load({}, {}, tmp_path))]
    assert ["smtp://a?x=1,2", "smtps://b", "https-json://c"] == urls(" smtp://a?x=1,2  smtps://b,https-json://c ")


def test_rates_of_the_accounts() -> None:
    """By channel and account, for the pace."""
    said = settings(smtp=f"{SMTP}&rate=20", sms="twilio://a:b@?from=%2B39&rate=1 vonage://k:s@?from=x&name=v")
    assert {"email/main": 20, "sms/twilio": 1, "sms/v": 0} == rates(said).accounts
    assert {"email": "main", "sms": "twilio"} == rates(said).firsts
    assert ["+39", "x"] == [account.sender for account in http_accounts(said, "sms")]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("smtp", "mail.example", "starts with smtp:// or smtps://"),
        ("smtp", "http://secret@mail.example", "starts with smtp:// or smtps://"),
        ("smtp", "smtp://u:secret@mail.example", "from="),
        ("smtp", "smtp://u:secret@mail.example?from=nobody", "from="),
        ("smtp", "smtp://u:secret/x@mail.example?from=a@b.example", "percent-encoded"),
        ("smtp", "smtp://u:secret@mail.example:99999?from=a@b.example", "no URL"),
        ("smtp", "smtp://u:secret#1@mail.example?from=a@b.example", "percent-encoded"),
        ("smtp", f"{SMTP}&starttls=no", "starttls=no is none of"),
        ("smtp", f"{SMTP}&startls=off", "knows no 'startls'"),
        ("smtp", f"{SMTP}&connections=0", "from 1 to 100"),
        ("smtp", f"{SMTP}&rate=fast", "rate=fast"),
        ("smtp", f"{SMTP}&ca=/not/there", "cannot be read"),
        ("smtp", f"{SMTP} {SMTP}", "two are called 'main'"),
        ("sms", "meta://1:secret@", "starts with twilio://"),
        ("whatsapp", "vonage://1:secret@", "starts with meta://"),
    ],
)
def test_an_account_that_cannot_be_used(name: str, text: str, says: str) -> None:
    """It names the setting and what is wrong, and never a password."""
    with pytest.raises(ConfigError) as caught:
        channels(settings(**{name: text}))
    assert name == caught.value.name
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bounce_address", "bounce"),
        ("bounce_address", "a+b@x.example"),
        ("bounce_address", "a@b@c"),
        ("bounce_listen", "25"),
        ("bounce_listen", "0.0.0.0:x"),
        ("bounce_listen", "::1:25"),
        ("uncertain", "maybe"),
        ("delivery_networks", "lan"),
    ],
)
def test_a_setting_that_cannot_be_used(name: str, text: str) -> None:
    """Refused at the start."""
    with pytest.raises(ConfigError):
        settings(**{name: text})


def test_secrets_do_not_show() -> None:
    """Neither in the settings' text nor in an account's."""
    said = settings(smtp=SMTP, sms="twilio://sid:hush@?from=%2B39&secret=hush")
    assert "hush" not in f"{said!r} {http_accounts(said, 'sms')!r}"
    assert "hush" not in repr(smtp_accounts(settings(smtp=SMTP.replace(":p@", ":hush@"))))
