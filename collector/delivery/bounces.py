"""What does a mail to the bounce address tell? Reports: bounced, delayed, delivered, complained; or nothing.

Pure and patient: the bytes come from anybody, and whatever they are, there is an answer. Which delivery it is about
stands in the address (bounce+<delivery>@…), in ENVID, or in the Message-ID of the mail that came back.
Source: RFC 3461, RFC 3464 (DSN), RFC 5965 (complaints), RFC 3834 (automatic answers).
"""

import email
import re
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message
from typing import Any, Final, Literal

import msgspec

from collector.delivery.mail import plain_bounce
from collector.delivery.mail.replies import is_hard

What = Literal["hard", "soft", "delayed", "relayed", "delivered", "complaint"]

MAX_BYTES: Final = 1024 * 1024
MAX_PARTS: Final = 100
MAX_REPORTS: Final = 50
DELIVERY: Final = r"[0-9A-Za-z]{26}"

_VERP = re.compile(rf"\+({DELIVERY})@")
_MESSAGE_ID = re.compile(rf"<({DELIVERY})@[^>\s]+>")
_TO_US = ("to", "delivered-to", "x-original-to", "envelope-to")
_ACTIONS: Final[dict[str, What]] = {"delayed": "delayed", "delivered": "delivered", "relayed": "relayed"}


def way_back(address: str, delivery: str) -> str:
    """The envelope's sender of a delivery: `bounce@mail.x.example` → `bounce+<delivery>@mail.x.example`."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{delivery}@{domain}"


class Report(msgspec.Struct, frozen=True):
    """What became of one delivery to one recipient. delivery: its id, "" when the mail does not say.

    code: enhanced where there is one. reason: the server's words, at most 500 characters.
    """

    delivery: str
    what: What
    recipient: str
    code: str = ""
    reason: str = ""


def reports(content: bytes, recipients: Sequence[str] = ()) -> list[Report]:
    """All that it tells, in its order. recipients: of the envelope. Never raises."""
    try:
        return list(_reports(content[:MAX_BYTES], recipients))[:MAX_REPORTS]
    except Exception:  # an edge: the standard library's parser fails on some garbage in ways that it does not name
        return []


def _reports(content: bytes, recipients: Sequence[str]) -> Iterator[Report]:
    mail = email.message_from_bytes(content)
    parts = list(_walk(mail))
    told = _delivery(mail, parts, recipients)
    by_kind = {part.get_content_type(): part for part in reversed(parts)}
    if status := by_kind.get("message/delivery-status"):
        yield from _of_status(status, told)
    elif complaint := by_kind.get("message/feedback-report"):
        yield from _of_complaint(complaint, parts, told)
    elif not _is_automatic(mail):
        yield from _of_text(mail, parts, told)


def _walk(mail: Message) -> Iterator[Message]:
    for _, part in zip(range(MAX_PARTS), mail.walk(), strict=False):
        yield part


# DSN ------------------------------------------------------------------------------------------------------------------


def _of_status(part: Message, told: str) -> Iterator[Report]:
    """Its blocks: first the mail's, then one a recipient."""
    blocks = [block for block in _list(part.get_payload()) if isinstance(block, Message)]
    envelope = next(filter(None, (_field(block, "original-envelope-id") for block in blocks)), "")
    delivery = told or (envelope if re.fullmatch(DELIVERY, envelope) else "")
    for block in blocks:
        if (what := _what(block)) is not None:
            recipient = _address(_field(block, "original-recipient") or _field(block, "final-recipient"))
            yield Report(delivery, what, recipient, _status(block), _diagnosis(block))


def _what(block: Message) -> What | None:
    action = _field(block, "action").lower()
    if action != "failed":
        return _ACTIONS.get(action)
    diagnosis = _diagnosis(block)
    code = re.search(r"\b([45][0-9]{2})\b", diagnosis)
    if _status(block).startswith("4"):  # failed for being deferred too long
        return "soft"
    return "hard" if is_hard(int(code[1]) if code else 550, f"{_status(block)} {diagnosis}") else "soft"


def _status(block: Message) -> str:
    found = re.search(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", _field(block, "status"))
    return found.group() if found else ""


def _diagnosis(block: Message) -> str:
    return _field(block, "diagnostic-code").partition(";")[2].strip() or _field(block, "diagnostic-code")


# Complaints -----------------------------------------------------------------------------------------------------------


def _of_complaint(part: Message, parts: list[Message], told: str) -> Iterator[Report]:
    inner = next((each for each in _list(part.get_payload()) if isinstance(each, Message)), part)
    fields = inner if _field(inner, "feedback-type") else email.message_from_string(_text(part))
    if _field(fields, "feedback-type").lower() == "not-spam":
        return
    shown = next((_field(each, "to") for each in parts if _field(each, "message-id") and each is not parts[0]), "")
    recipient = _address(_field(fields, "original-rcpt-to") or shown)
    yield Report(told, "complaint", recipient, "", _field(fields, "feedback-type"))


# Words for people -----------------------------------------------------------------------------------------------------


def _is_automatic(mail: Message) -> bool:
    """An answer of somebody on holiday. Exim calls its bounces so too: those name who failed."""
    said = _field(mail, "auto-submitted").lower()
    replied = said.startswith(("auto-replied", "auto-generated")) and not _is_from_a_server(mail)
    others = any(_field(mail, name) for name in ("x-autoreply", "x-autorespond", "x-auto-response-suppress"))
    return not _field(mail, "x-failed-recipients") and (replied or (others and not _is_from_a_server(mail)))


def _is_from_a_server(mail: Message) -> bool:
    sender = f"{_field(mail, 'from')} {_field(mail, 'return-path')}".lower()
    return any(name in sender for name in ("mailer-daemon", "postmaster", "mail delivery", "<>"))


def _of_text(mail: Message, parts: list[Message], told: str) -> Iterator[Report]:
    failed = _field(mail, "x-failed-recipients")
    if not (failed or _is_from_a_server(mail)):
        return
    text = next((_text(part) for part in parts if part.get_content_type() == "text/plain"), "")
    if found := plain_bounce.read(_field(mail, "subject"), text):
        recipient = _address(failed.partition(",")[0]) or found.recipient
        yield Report(told, found.what, recipient, found.code, found.reason)


# Which delivery -------------------------------------------------------------------------------------------------------


def _delivery(mail: Message, parts: list[Message], recipients: Iterable[str]) -> str:
    """From the surest place to the least sure; "" when none says."""
    to_us = " ".join((*recipients, *(_field(mail, name) for name in _TO_US)))
    came_back = " ".join(_came_back(parts[1:]))
    for pattern, text in ((_VERP, to_us), (_VERP, came_back), (_MESSAGE_ID, came_back), *_loose(parts)):
        if found := pattern.search(text):
            return found[1]
    return ""


def _came_back(parts: list[Message]) -> Iterator[str]:
    """What tells of our mail: its headers, whole or as a text of headers."""
    for part in parts:
        yield from (_field(part, name) for name in ("return-path", "message-id") if part.get(name))
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            yield _text(part)[:65_536]


def _loose(parts: list[Message]) -> Iterator[tuple[re.Pattern[str], str]]:
    """A server that only writes a text puts our mail behind it."""
    for part in parts:
        if part.get_content_type() == "text/plain":
            text = _text(part)[:65_536]
            yield _VERP, text
            yield _MESSAGE_ID, text


# The standard library's shapes ----------------------------------------------------------------------------------------


def _field(part: Message, name: str) -> str:
    """A header on one line; "" without. Strange bytes become question marks."""
    return " ".join(str(part.get(name, "")).encode("utf-8", "replace").decode("utf-8").split())[:500]


def _list(payload: Any) -> list[Any]:
    return payload if isinstance(payload, list) else []


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(part.get_payload())


def _address(field: str) -> str:
    """`rfc822; Anna <anna@posta.example>` → `anna@posta.example`."""
    found = re.search(r"[^\s<>;,:\"()]+@[^\s<>;,:\"()]+", field.partition(";")[2] or field)
    return _unxtext(found.group()) if found else ""


def _unxtext(text: str) -> str:
    """Source: RFC 3461 4. A + that is none stays."""
    return re.sub(r"\+([0-9A-F]{2})", lambda byte: chr(int(byte[1], 16)) if byte[1] in ("2B", "3D") else byte[0], text)
