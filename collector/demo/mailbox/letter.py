"""What does a mail program show of a letter? Read from the bytes that came; what is broken in them shows as nothing."""

import re
from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from html import unescape

import msgspec

MAX_PREHEADER, MAX_SEARCHED = 140, 5_000
BASE = '<base target="_blank">'

_UNSUBSCRIBE = re.compile(r"<(https?://[^>\s]+)>")
_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^<>]*+>", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]*\bsrc=[\"']?[^\"'<>\s=]*/o/[\w.-]+\.gif[^<>]*+>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(div|span)\b[^<>]*\bdisplay:\s*none\b[^<>]*+>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*+>")
_BLANKS = re.compile(r"[\s\u034f\u200c\u200b\ufeff\u00a0]+")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """kind: email or sms. at: ms UTC. sender: an address or a number. preheader: how its text begins.

    leave: the address of List-Unsubscribe, "" without one. one_click: whether it takes RFC 8058's POST.
    """

    id: str
    kind: str
    at: int
    sender: str
    sender_name: str = ""
    to: str = ""
    subject: str = ""
    preheader: str = ""
    html: str = ""
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[str, ...] = ()
    leave: str = ""
    one_click: bool = False


def mail_of(id: str, content: bytes) -> Letter:
    """Of a mail, as it came."""
    message = message_from_bytes(content, policy=policy.default)
    headers = tuple(_headers(message))
    named = {name.lower(): value for name, value in reversed(headers)}
    sender_name, sender = parseaddr(named.get("from", ""))
    html, text = _part(message, "html"), _part(message, "plain")
    leave = _UNSUBSCRIBE.search(named.get("list-unsubscribe", ""))
    return Letter(
        id=id,
        kind="email",
        at=_at(id),
        sender=sender,
        sender_name=sender_name,
        to=parseaddr(named.get("to", ""))[1],
        subject=named.get("subject", ""),
        preheader=_preheader(html) or _BLANKS.sub(" ", text).strip()[:MAX_PREHEADER],
        html=html,
        text=text,
        headers=headers,
        attachments=tuple(_names(message)),
        leave=leave[1] if leave else "",
        one_click="One-Click" in named.get("list-unsubscribe-post", ""),
    )


def sms_of(id: str, content: bytes) -> Letter:
    """Of an SMS."""
    try:
        said = msgspec.json.decode(content, type=dict[str, str])
    except msgspec.DecodeError:
        said = {}
    text = said.get("text", "")
    return Letter(
        id=id, kind="sms", at=_at(id), sender=said.get("from", ""), to=said.get("to", ""), text=text, preheader=text
    )


def shown(letter: Letter, *, opens: bool, dark: bool) -> str:
    """Its HTML for a frame: links open beside the mailbox.

    opens: whether this is the reader who loads the image that tells; a mail is shown twice, and looked at once.
    dark: as a reader in the dark sees it, whatever the browser's own taste.
    """
    html = _in_light(letter.html if opens else _IMAGE.sub("", letter.html), "dark" if dark else "light")
    return _HEAD.sub(lambda found: found[0] + BASE, html, count=1) if _HEAD.search(html) else BASE + html


def _in_light(html: str, scheme: str) -> str:
    """With media queries for that scheme always true, for the other never."""
    always, never = "(min-width: 0px)", "(max-width: 0px)"
    html = _SCHEME.sub(lambda found: always if found[1].lower() == scheme else never, html)
    return f"{html}<style>:root {{ color-scheme: only {scheme} !important; }}</style>"


def _preheader(html: str) -> str:
    """What an inbox shows behind the subject, where the body begins with a part that nobody sees."""
    hidden = _HIDDEN.search(html[:MAX_SEARCHED])
    return _BLANKS.sub(" ", unescape(_TAG.sub("", hidden[2]))).strip()[:MAX_PREHEADER] if hidden else ""


def _at(id: str) -> int:
    return int(id.partition("-")[0])


def _headers(message: EmailMessage) -> Iterable[tuple[str, str]]:
    for name, value in message.raw_items():
        try:
            yield name, str(policy.default.header_fetch_parse(name, value))
        except (ValueError, LookupError, AttributeError, TypeError):  # the standard library's parser meets anything
            yield name, str(value)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    try:
        return str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError):  # a charset that nobody knows, or that it is not
        return ""


def _names(message: EmailMessage) -> Iterable[str]:
    try:
        return [part.get_filename() or "" for part in message.iter_attachments()]
    except (AttributeError, TypeError):  # no multipart
        return []
