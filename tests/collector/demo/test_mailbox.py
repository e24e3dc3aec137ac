"""The demo's mailbox: what is kept, what is read of it, what is served, and what comes in by a real SMTP connection."""

import asyncio
import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from collector.config import load
from collector.demo.mailbox.kept import MOST, Kept
from collector.demo.mailbox.letter import mail_of, shown, sms_of
from collector.demo.mailbox.sink import Sink
from tests.collector.ingest.sending import Deployment, deployed

AT = 1_795_600_800_000
ID = f"{AT}-0123abcd"
LEAVE = "https://t.shop.example/u/token"


def mail(html: str = "<p>Ciao", **headers: str) -> bytes:
    """A mail to Ada."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Bottega <shop@demo.example>", "ada@mail.example", "Città"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Ciao\n\nAda ")
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Deployment]:
    """A demo, without a worker."""
    with deployed(tmp_path, demo=True) as ready:
        yield ready


def put(demo: Deployment, content: bytes, *, at: int = AT) -> str:
    """A mail that has come; returns its id."""
    return Kept(demo.settings.data / "demo-mail").put(content, ".eml", at=at)


# The folder -----------------------------------------------------------------------------------------------------------


def test_letters_are_kept_the_newest_first(tmp_path: Path) -> None:
    """As they came; cleared, there are none."""
    kept = Kept(tmp_path / "mail")
    assert ([], None) == (kept.ids(), kept.read(ID))
    first, second = kept.put(b"a", ".eml", at=AT), kept.put(b"b", ".txt", at=AT + 1)
    assert [second, first] == kept.ids()
    assert ((b"a", ".eml"), (b"b", ".txt")) == (kept.read(first), kept.read(second))
    kept.clear()
    assert [] == kept.ids()


def test_the_oldest_go(tmp_path: Path) -> None:
    """At most 300."""
    kept = Kept(tmp_path / "mail")
    ids = [kept.put(b"a", ".eml", at=AT + n) for n in range(MOST + 2)]
    assert ids[:1:-1] == kept.ids()


@pytest.mark.parametrize("id", ["../secret", "..", "", "x" * 300, f"{AT}-0123abcd/../../secret"])
def test_nothing_else_of_the_folder_is_read(tmp_path: Path, id: str) -> None:
    """An id is none of a file's path."""
    (tmp_path / "secret").write_text("secret")
    assert Kept(tmp_path / "mail").read(id) is None


# A letter -------------------------------------------------------------------------------------------------------------


def test_a_mail_shows_what_mail_programs_show() -> None:
    """Names, texts, headers, and how to leave."""
    letter = mail_of(ID, mail(List_Unsubscribe=f"<{LEAVE}>", List_Unsubscribe_Post="List-Unsubscribe=One-Click"))
    assert ("Bottega", "shop@demo.example", "ada@mail.example") == (letter.sender_name, letter.sender, letter.to)
    assert ("Città", "Ciao Ada", AT) == (letter.subject, letter.preheader, letter.at)
    assert ("<p>Ciao\n", LEAVE, True) == (letter.html, letter.leave, letter.one_click)
    assert ("Subject", "Città") in letter.headers


def test_the_preheader_is_what_an_inbox_shows() -> None:
    """The hidden beginning of the body, without the blanks behind it."""
    html = "<body><div style='x:y;display:none'>Two &amp; two left&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;</div><p>Ciao"
    assert "Two & two left" == mail_of(ID, mail(html)).preheader


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"From: \xff<\nTo: (\n\n\x00", b"Content-Type: text/html; charset=x\n\n<p>"]
)
def test_a_broken_mail_shows_as_little(content: bytes) -> None:
    """Nothing that came can keep the mailbox from being shown."""
    assert json.dumps(mail_of(ID, content).subject)


@pytest.mark.parametrize(("leave", "expected"), [("<javascript:alert(1)>", ""), ("<mailto:a@b.co>", ""), ("", "")])
def test_only_a_website_can_be_left(leave: str, expected: str) -> None:
    """What leads nowhere is not offered."""
    assert expected == mail_of(ID, mail(List_Unsubscribe=leave or "x")).leave


def test_a_mail_that_is_shown_twice_is_opened_once() -> None:
    """The image that tells is loaded by one of both; other images by both."""
    letter = mail_of(
        ID, mail('<head></head><img src="https://t.example/o/a.b-c.gif" width="1"><img src="https://a.example/x.gif">')
    )
    told, untold = shown(letter, opens=True, dark=False), shown(letter, opens=False, dark=False)
    assert (True, False) == ("/o/a.b-c.gif" in told, "/o/a.b-c.gif" in untold)
    assert "x.gif" in untold
    assert '<head><base target="_blank"></head>' in untold


def test_a_mail_is_shown_in_the_light_that_was_chosen() -> None:
    """Whatever the browser would say of its reader."""
    letter = mail_of(ID, mail("<style>@media (prefers-color-scheme: dark) { p { color: red } }</style>"))
    assert "@media (min-width: 0px)" in shown(letter, opens=False, dark=True)
    assert "@media (max-width: 0px)" in shown(letter, opens=False, dark=False)


@pytest.mark.parametrize(("content", "text"), [(b'{"to": "+39", "from": "Shop", "text": "Ciao"}', "Ciao"), (b"{", "")])
def test_a_text_is_read(content: bytes, text: str) -> None:
    """As it came, or as nothing."""
    assert ("sms", text) == (sms_of(ID, content).kind, sms_of(ID, content).text)


# What is served -------------------------------------------------------------------------------------------------------


def test_letters_are_listed_and_shown_in_a_cage(demo: Deployment) -> None:
    """By the newest that is known; an address of our own is a path."""
    first = put(demo, mail())
    own = f"<{demo.settings.url}/u/token>"
    second = put(demo, mail(List_Unsubscribe=own), at=AT + 1)
    assert [second, first] == [row["id"] for row in demo.get("/demo/mailbox/letters").json()["letters"]]
    assert [second] == [row["id"] for row in demo.get(f"/demo/mailbox/letters?after={first}").json()["letters"]]
    assert "/u/token" == demo.get(f"/demo/mailbox/letters/{second}").json()["leave"]
    html = demo.get(f"/demo/mailbox/letters/{first}/html")
    assert (200, True) == (html.status_code, "<p>Ciao" in html.text)
    policy = html.headers["content-security-policy"]
    assert [False] * 4 == [f"allow-{word}" in policy for word in ("same-origin", "scripts", "forms", "top-navigation")]
    assert [404] * 2 == [demo.get(f"/demo/mailbox/letters/{id}").status_code for id in ("nothing", "..%2Fsecret")]


def test_the_page_has_a_strict_policy(demo: Deployment) -> None:
    """Nothing inline; its files are there, others are not."""
    page = demo.get("/demo/mailbox")
    assert "script-src 'self'; style-src 'self'" in page.headers["content-security-policy"]
    assert [200, 200, 404] == [
        demo.get(f"/demo/mailbox/static/{name}").status_code for name in ("mailbox.js", "mailbox.css", "..%2Fpages.py")
    ]


def test_only_the_page_itself_empties_it(demo: Deployment) -> None:
    """Another site's form does not."""
    put(demo, mail())
    foreign = demo.run(demo.request("POST", "/demo/mailbox/clear", sec_fetch_site="cross-site"))
    assert (403, 1) == (foreign.status_code, demo.get("/demo/mailbox/letters").json()["count"])
    own = demo.run(demo.request("POST", "/demo/mailbox/clear", sec_fetch_site="same-origin"))
    assert (303, 0) == (own.status_code, demo.get("/demo/mailbox/letters").json()["count"])


def test_nobody_else_brings_a_text(demo: Deployment) -> None:
    """The address has a secret."""
    assert 404 == demo.run(demo.request("POST", "/demo/sms/guess", b"{}")).status_code
    assert 0 == demo.get("/demo/mailbox/letters").json()["count"]


def test_without_a_demo_there_is_no_mailbox(tmp_path: Path) -> None:
    """Not one of its addresses."""
    with deployed(tmp_path) as real:
        found = [real.get(path).status_code for path in ("/demo/mailbox", "/demo/mailbox/letters")]
        assert [404, 404] == found


# What comes in --------------------------------------------------------------------------------------------------------


def test_a_mail_comes_by_smtp(demo: Deployment, tmp_path: Path) -> None:
    """At the address that the worker is told; it is kept as it came."""
    kept = Kept(tmp_path / "mail")
    sink = Sink(demo.settings, kept, lambda: AT)

    async def send() -> None:
        told = await sink.start()
        port = int(told["SENTIERO_SMTP"].partition("?")[0].rpartition(":")[2])

        def talk() -> None:
            with smtplib.SMTP("127.0.0.1", port) as server:
                server.sendmail("shop@demo.example", ["ada@mail.example"], mail())

        await asyncio.to_thread(talk)
        await sink.stop()

    demo.run(send())
    (id,) = kept.ids()
    found = kept.read(id)
    assert found is not None
    assert "Città" == mail_of(id, found[0]).subject


@pytest.mark.parametrize(
    ("given", "expected"), [({}, ["SMS", "SMTP"]), ({"smtp": "smtp://mail.example?from=a@b.co"}, ["SMS"])]
)
def test_a_deployment_with_an_account_sends_by_it(
    demo: Deployment, tmp_path: Path, given: dict[str, str], expected: list[str]
) -> None:
    """Only what is not set up is sent to the mailbox."""
    sink = Sink(load({"demo": True, **given}, {}, tmp_path), Kept(tmp_path), lambda: AT)

    async def told() -> list[str]:
        names = await sink.start()
        await sink.stop()
        return sorted(name.removeprefix("SENTIERO_") for name in names if name != "SENTIERO_DELIVERY_NETWORKS")

    assert expected == demo.run(told())
    assert sink.is_used == ("SMTP" in expected)
