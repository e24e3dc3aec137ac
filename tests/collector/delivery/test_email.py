"""What a parcel looks like as a mail: read back by the standard library, it says the same; nothing ends a header."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.delivery.email import Mail, compose
from collector.delivery.mail.address import BadMail, Mailbox, mailbox
from collector.delivery.port import Attachment
from tests.collector.delivery.parcels import AT, ID, parcel

SHOP = Mailbox("negozio@shop.example", "Il Negozio")
BREAKS = ["\r\n", "\n", "\r", "\0", "\x0b", "\x0c", "\x85", "\u2028"]

# What people write: any letter there is, no control characters, no half characters.
words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=80)
names = words.map(lambda text: text[:10])  # the reader of 3.11 puts a blank between two encoded words of a name


def made(**changed: Any) -> Mail:
    """The mail of a parcel."""
    return compose(parcel(**changed), SHOP, AT)


def read(**changed: Any) -> EmailMessage:
    """The mail of a parcel, read back; no line is longer than SMTP allows, each ends with CRLF."""
    content = made(**changed).content
    assert content.replace(b"\r\n", b"").isascii()
    assert not {b"\r", b"\n"} & set(content.replace(b"\r\n", b""))
    assert max(map(len, content.split(b"\r\n"))) <= 998
    return cast(EmailMessage, message_from_bytes(content, policy=policy.default))


def test_a_whole_mail() -> None:
    """To the letter: this is what goes over the wire."""
    expected = "\r\n".join(
        (
            "From: Il Negozio <negozio@shop.example>",
            "To: =?utf-8?b?QW5uw6A=?= <anna@posta.example>",
            "Subject: =?utf-8?b?TGEgdHVhIGNpdHTDoA==?=",
            "Date: Thu, 26 Nov 2026 06:00:00 +0000",
            f"Message-ID: <{ID}@shop.example>",
            "List-Unsubscribe: <https://shop.example/u/abc>",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="=_alternative_{ID}"',
            "",
            f"--=_alternative_{ID}",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "Ciao Anna, 10 =E2=82=AC",
            "",
            f"--=_alternative_{ID}",
            "Content-Type: text/html; charset=utf-8",
            "Content-Transfer-Encoding: 7bit",
            "",
            "<p>Ciao</p>",
            "",
            f"--=_alternative_{ID}--",
            "",
        )
    )
    found = made(
        recipient_name="Annà", html="<p>Ciao</p>", headers={"List-Unsubscribe": "<https://shop.example/u/abc>"}
    )
    assert expected == found.content.decode("ascii")
    assert ("negozio@shop.example", ("anna@posta.example",), False) == (found.sender, found.recipients, found.utf8)


def test_the_same_parcel_is_the_same_mail() -> None:
    """Byte by byte: nothing in it comes from chance or the clock."""
    assert made().content == made().content


@given(words, names, words)
def test_headers_say_what_was_meant(subject: str, name: str, extra: str) -> None:
    """Whatever letters; blanks at the ends, and two in a name, are nobody's wish."""
    found = read(subject=subject, recipient_name=name, headers={"X-Extra": extra})
    assert subject.strip() == found["Subject"]
    assert extra.strip() == found["X-Extra"]
    (to,) = found["To"].addresses
    assert (" ".join(name.split()), "anna@posta.example") == (to.display_name, to.addr_spec)


def test_a_long_name() -> None:
    """In several encoded words, between which there is nothing."""
    name = "Compañía General de Tabacos è Zuccheri d'Oltremare, già Società Anonima 👩‍👩‍👧‍👧"
    value = made(recipient_name=name).content.decode().split("To: ")[1].split(" <anna@")[0]
    assert name == str(make_header(decode_header(value.replace("\r\n", ""))))


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=3_000))
def test_bodies_say_what_was_meant(text: str) -> None:
    """Whatever text; it ends with a line end, as every mail does."""
    found = read(text=text, html=text or "x")
    for part, wanted in zip(found.iter_parts(), (text, text or "x") if text else ("x",), strict=False):
        said = cast(bytes, part.get_payload(decode=True)).decode("utf-8").replace("\r\n", "\n")
        assert wanted.removesuffix("\n") == said.removesuffix("\n")


@pytest.mark.parametrize("break_", BREAKS, ids=ascii)
@pytest.mark.parametrize(
    "where",
    "subject recipient recipient_name sender reply_to message_id return_path header header_name "
    "cc cc_name bcc file media_type".split(),
)
def test_nothing_ends_a_header(where: str, break_: str) -> None:
    """A line break, a NUL, in whatever would stand in a header or the envelope: not a byte is made of it."""
    bad = f"a{break_}Bcc: tutti@posta.example"
    changed: dict[str, Any] = {
        "header": {"headers": {"X-A": bad}},
        "header_name": {"headers": {f"X-A{break_}Bcc": "x"}},
        "cc": {"cc": ((f"a{break_}@posta.example", ""),)},
        "cc_name": {"cc": (("a@posta.example", bad),)},
        "bcc": {"bcc": ((f"a{break_}@posta.example", ""),)},
        "file": {"attachments": (Attachment(bad, "text/plain", b""),)},
        "media_type": {"attachments": (Attachment("a", f"text/{bad}", b""),)},
        "recipient": {"recipient": f"anna@posta.example{break_}>"},
        "sender": {},
        "reply_to": {"reply_to": f"a{break_}@posta.example"},
        "message_id": {"message_id": f"<a{break_}@b>"},
        "return_path": {"return_path": f"a@b{break_}.example"},
    }.get(where, {where: bad})
    with pytest.raises(BadMail):
        compose(parcel(**changed), mailbox("a@b.example", bad) if where == "sender" else SHOP, AT)


NONE = (
    "anna @posta.example anna@ a@b@c.example a@b..example <a@b.example> a@b.example,c@d.example a@[127.0.0.1]".split()
)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a b@posta.example",
        '"a b"@posta.example',
        "a@b.example ",
        "a" * 65 + "@b.example",
        "\ud800@b.example",
        *NONE,
    ],
)
def test_no_address(address: str) -> None:
    """None of these is sent to."""
    with pytest.raises(BadMail):
        made(recipient=address)


@pytest.mark.parametrize(
    "name", ["Subject", "from", "Content-Type", "MIME-Version", "Bcc", "Return-Path", "a b", "", "X:"]
)
def test_a_header_that_is_ours(name: str) -> None:
    """Further headers never replace the mail's own, and are headers."""
    with pytest.raises(BadMail):
        made(headers={name: "x"})


def test_attachments() -> None:
    """Beside the words, with their names, whatever letters; paths are no names."""
    files = (
        Attachment("fattura.pdf", "application/pdf", bytes(range(256)) * 40),
        Attachment("città.txt", "text/plain", "è".encode()),
        Attachment("../../etc/passwd", "text/plain", b""),
    )
    found = read(attachments=files)
    assert "multipart/mixed" == found.get_content_type()
    parts = list(found.iter_attachments())
    assert ["fattura.pdf", "città.txt", ".._.._etc_passwd"] == [part.get_filename() for part in parts]
    assert [file.content for file in files] == [part.get_payload(decode=True) for part in parts]
    body = found.get_body()
    assert body is not None
    assert "text/html" == body.get_content_type()


def test_text_alone_and_html_alone() -> None:
    """One part needs no multipart."""
    assert ["text/plain", "text/html", "text/plain"] == [
        read(html="").get_content_type(), read(text="").get_content_type(), read(html="", text="").get_content_type()
    ]  # fmt: skip


def test_a_text_that_holds_the_boundary() -> None:
    """It is still one part: the boundary is another."""
    text = f"a\n--=_alternative_{ID}--\nb\n"
    first = next(iter(read(text=text).iter_parts()))
    assert text == first.get_content().replace("\r\n", "\n")


def test_long_lines_are_encoded() -> None:
    """MJML writes lines of thousands of characters; SMTP takes 998 bytes."""
    html = "<p>" + "a" * 5_000 + "</p>"
    part = list(read(html=html).iter_parts())[1]
    assert html == part.get_content().rstrip("\r\n")
    assert "quoted-printable" == part["Content-Transfer-Encoding"]


def test_the_shortest_encoding() -> None:
    """Greek in quoted-printable would be three times as long."""
    assert ["7bit", "quoted-printable", "base64"] == [
        read(html="", text=text)["Content-Transfer-Encoding"] for text in ("ciao", "ciao, " * 9 + "è", "Καλημέρα κόσμε")
    ]


def test_a_long_header_is_folded() -> None:
    """At 78 characters where there are blanks, and it reads the same."""
    value = "<https://shop.example/" + "a" * 70 + ">, <mailto:" + "b" * 60 + "@shop.example>"
    content = made(headers={"List-Unsubscribe": value}).content
    assert max(map(len, content.split(b"\r\n\r\n")[0].split(b"\r\n"))) < 120
    assert value == read(headers={"List-Unsubscribe": value})["List-Unsubscribe"]


def test_a_header_without_end_is_folded_in_one_pass() -> None:
    """A subject may be as long as somebody's loop made it; the others wait meanwhile."""
    value = "a " * 200_000 + "a"
    content = made(headers={"X-Long": value}).content
    assert value.encode() in content.replace(b"\r\n", b"")
