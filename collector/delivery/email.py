"""What does a parcel look like as a mail? Bytes with CRLF, ASCII but for the bodies' encodings.

Reads the parcel and the time; writes nothing. Equal parcel and time, equal bytes.
Source: RFC 5322, RFC 2045, RFC 2046 5.1.
"""

import base64
import binascii
import email.utils
import re
from datetime import UTC, datetime
from typing import NamedTuple

from collector.delivery.mail.address import BadMail, Mailbox, mailbox, one_line
from collector.delivery.mail.headers import header, mailboxes
from collector.delivery.port import Attachment, Parcel

MAX_PLAIN_LINE = 900
"""Longer lines are encoded: 998 bytes is the limit, a relay may add some."""

_OURS = frozenset("from to cc bcc subject date message-id mime-version sender reply-to return-path received".split())
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}@[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")


class Mail(NamedTuple):
    """Envelope and content. utf8: whether an address needs SMTPUTF8."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    utf8: bool


def compose(parcel: Parcel, sender: Mailbox, at: int) -> Mail:
    """The mail. sender: what stands in From. at: ms UTC, its Date. Raises BadMail."""
    to = mailbox(parcel.recipient, parcel.recipient_name)
    copies = [mailbox(*copy) for copy in parcel.cc]
    hidden = [mailbox(*copy) for copy in parcel.bcc]
    back = mailbox(parcel.return_path).address if parcel.return_path else sender.address
    recipients = tuple(dict.fromkeys(box.address for box in (to, *copies, *hidden)))
    head = _head(parcel, at, mailboxes("From", [sender]) + mailboxes("To", [to]) + _copies(copies))
    content = head.encode("utf-8") + _body(parcel)
    shown = "".join((back, sender.address, parcel.reply_to, *recipients))
    return Mail(back, recipients, content, not shown.isascii())


def _copies(copies: list[Mailbox]) -> str:
    return mailboxes("Cc", copies) if copies else ""


def _head(parcel: Parcel, at: int, people: str) -> str:
    if parcel.message_id and not _MESSAGE_ID.fullmatch(parcel.message_id):
        raise BadMail(f"{parcel.message_id!r} is no Message-ID")
    if parcel.reply_to:
        people += mailboxes("Reply-To", [mailbox(parcel.reply_to)])
    return "".join(
        (
            people,
            header("Subject", parcel.subject),
            f"Date: {email.utils.format_datetime(datetime.fromtimestamp(at / 1_000, UTC))}\r\n",
            f"Message-ID: {parcel.message_id}\r\n" if parcel.message_id else "",
            *(header(_foreign(name), value) for name, value in parcel.headers.items()),
            "MIME-Version: 1.0\r\n",
        )
    )


def _foreign(name: str) -> str:
    if name.lower() in _OURS or name.lower().startswith("content-"):
        raise BadMail(f"the header {name!r} is ours to write")
    return name


# Bodies: each part is its headers, a blank line, its content with a line end ------------------------------------------


def _body(parcel: Parcel) -> bytes:
    words = [_text("plain", parcel.text)] if parcel.text or not parcel.html else []
    if parcel.html:
        words.append(_text("html", parcel.html))
    body = words[0] if len(words) == 1 else _multipart("alternative", words, parcel.id)
    if not parcel.attachments:
        return body
    return _multipart("mixed", [body, *map(_attachment, parcel.attachments)], parcel.id)


def _multipart(kind: str, parts: list[bytes], id: str) -> bytes:
    """A boundary that no part holds: its `=_` cannot stand in quoted-printable nor base64; plain text is looked at."""
    boundary, counted = f"=_{kind}_{re.sub('[^A-Za-z0-9]', '', id)[:32]}", 0
    while any(b"--" + boundary.encode() in part for part in parts):
        boundary, counted = f"{boundary.rstrip('0123456789')}_{counted}", counted + 1
    mark = b"--" + boundary.encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _text(kind: str, text: str) -> bytes:
    """7bit when it can be read as it is; quoted-printable when not; base64 when that is shorter (Greek, Chinese)."""
    try:
        raw = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n").encode("utf-8")
    except UnicodeEncodeError:
        raise BadMail("the text holds half a character (a lone surrogate)") from None
    how, body = _encoded(raw)
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {how}\r\n\r\n"
    return head.encode("ascii") + body + (b"" if body.endswith(b"\r\n") else b"\r\n")


def _encoded(raw: bytes) -> tuple[str, bytes]:
    if raw.isascii() and b"\0" not in raw and max(map(len, raw.split(b"\r\n"))) <= MAX_PLAIN_LINE:
        return "7bit", raw
    foreign = len(raw.translate(None, _ASCII))
    if foreign * 6 > len(raw):
        return "base64", _base64(raw)
    return "quoted-printable", _quoted(raw)


_ASCII = bytes(range(128))


def _quoted(raw: bytes) -> bytes:
    """binascii takes the line end from the first one that it meets; without any it would break long lines by LF."""
    return binascii.b2a_qp(b"\r\n" + raw, istext=True)[2:]


def _base64(raw: bytes) -> bytes:
    """76 characters a line."""
    whole = base64.b64encode(raw)
    return b"\r\n".join(whole[at : at + 76] for at in range(0, len(whole), 76)) + b"\r\n"


def _attachment(file: Attachment) -> bytes:
    if not _MEDIA_TYPE.fullmatch(file.media_type) or file.media_type.lower().startswith(("multipart/", "message/")):
        raise BadMail(f"{file.media_type!r} is no media type of a file")
    head = f"Content-Type: {file.media_type}\r\nContent-Transfer-Encoding: base64\r\n"
    head += f"Content-Disposition: attachment;\r\n {_file_name(file.name)}\r\n\r\n"
    return head.encode("ascii") + _base64(file.content)


def _file_name(name: str) -> str:
    """Source: RFC 2231 4 for what is not ASCII."""
    name = one_line(name, "a file's name").replace("\\", "_").replace("/", "_")[-100:]
    if len(name) <= 64 and re.fullmatch(r"[\x20-\x7e]+", name):
        return 'filename="' + name.replace('"', "_") + '"'
    return "filename*=" + email.utils.encode_rfc2231(name, "utf-8")
