"""What does an answer of an SMTP server mean for the mail? Pure: a code and a sentence, an outcome.

The enhanced code (5.1.1) says more than the code (550): many servers say 550 to all that they do not like.
Source: RFC 5321 4.2, RFC 3463.
"""

import re
import ssl
from typing import Final

import aiosmtplib

from collector.delivery.guard import Forbidden, Unresolved
from collector.delivery.mail.wire import Lost, Reply
from collector.delivery.port import Broken, Deferred, Outcome, Refused

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")

NO_SUCH_RECIPIENT: Final = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.9", "1.10", "2.1"})
"""Of 5.x.y, those by which there is no such mailbox, or none any more (2.1). 1.7 and 1.8 are about the sender."""

_MAYBE_NOT_HIM = re.compile(
    r"spam|block|black.?list|policy|reputation|spf|dkim|dmarc|relay|denied|quota|full|size|rate|content|sender|virus|rbl",
    re.IGNORECASE,
)
"""Words of answers without an enhanced code that are about us or the mail, not about who should get it."""


def is_hard(code: int, text: str) -> bool:
    """Whether a 5xx says that there is no such recipient."""
    if found := enhanced(text):
        subject = found.partition(".")[2]
        if subject != "0.0":  # 5.0.0: no better code, by the server's own words
            return subject in NO_SUCH_RECIPIENT
    return code in (550, 551, 553) and not _MAYBE_NOT_HIM.search(text)


def enhanced(text: str) -> str:
    """The enhanced code in it, such as 5.1.1; "" when none is."""
    found = _ENHANCED.search(text)
    return found.group() if found else ""


def of_recipient(reply: Reply) -> Outcome | None:
    """To RCPT. None: accepted."""
    return None if reply.code < 300 else _refusal(reply)


def of_content(reply: Reply) -> Outcome | None:
    """To DATA and to the content. None: go on, or accepted."""
    return None if reply.code < 400 else _refusal(reply)


def of_sender(reply: Reply) -> Outcome | None:
    """To MAIL. None: accepted. A 5xx is not the recipient's: whoever comes next would be told the same."""
    if reply.code < 300:
        return None
    return _deferred(reply) if reply.code < 500 else Broken(f"the server does not take our sender: {reply.said}")


def _refusal(reply: Reply) -> Outcome:
    if reply.code < 500:
        return _deferred(reply)
    if reply.code in (502, 503, 530, 535):  # a state that we are in, not the recipient's
        return Broken(f"the server does not take our mail: {reply.said}", True)
    return Refused(enhanced(reply.text) or str(reply.code), reply.said, is_hard(reply.code, reply.text))


def _deferred(reply: Reply) -> Deferred:
    return Deferred(enhanced(reply.text) or str(reply.code), reply.said)


def of_failure(error: Exception) -> Outcome:
    """Why no connection was opened, or why it was lost before the content had gone."""
    match error:
        case Forbidden():
            return Broken(str(error), everybody=True)
        case Unresolved():
            return Deferred("resolve", str(error))
        case Lost():
            return Deferred("lost", str(error))
        case aiosmtplib.SMTPAuthenticationError():
            return _of_login(Reply(error.code, error.message))
        case aiosmtplib.SMTPResponseException() if error.code >= 500:
            return Deferred(str(error.code), f"the server does not talk to us: {error.code} {error.message}"[:500])
        case aiosmtplib.SMTPResponseException():
            return _deferred(Reply(error.code, error.message))
        case aiosmtplib.SMTPException() if not isinstance(error, OSError):  # no STARTTLS, no way to log in
            return Broken(f"{str(error).rstrip('.')}; see starttls= and the user of the account", True)
        case _:
            return _of_connection(error)


def _of_login(reply: Reply) -> Outcome:
    return (
        _deferred(reply)
        if reply.code < 500
        else Broken(f"the server does not take user and password: {reply.said}", True)
    )


def _of_connection(error: Exception) -> Outcome:
    cause = error.__cause__ if isinstance(error.__cause__, ssl.SSLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Broken(f"the server's certificate is not to be trusted: {cause.verify_message}", True)
    return Deferred("tls" if isinstance(cause, ssl.SSLError) else "connect", str(cause) or type(cause).__name__)
