"""What does a server mean that writes a bounce as a letter? Exim, qmail, Exchange, and many that nobody knows any more.

A guess: only what names a recipient and a reason counts as one.
"""

import re
from typing import Final, Literal, NamedTuple

from collector.delivery.mail.replies import enhanced, is_hard

MAX_TEXT: Final = 65_536

_DELAYED = re.compile(r"delayed|will keep trying|not yet been delivered|still trying|ritardo|non è ancora", re.I)
_FAILED = re.compile(
    r"undeliver|could not be delivered|couldn.t be delivered|delivery (has )?(failed|failure)|failure notice|"
    r"returned mail|returning message|permanent (fatal )?error|wasn.t able to deliver|unable to deliver|"
    r"mail delivery failed|mancat[ao] (recapito|consegna)|non recapitabil|impossibile recapitare",
    re.I,
)
_UNKNOWN = re.compile(
    r"(user|recipient|mailbox|address|account|utente|destinatario|casella)[^.\n]{0,40}"
    r"(unknown|not found|doesn.t exist|does not exist|unavailable|inesistente|sconosciut|non esiste|disabled)|"
    r"(no such|unknown|invalid|unrouteable) (user|recipient|mailbox|address|local)|no mailbox here",
    re.I,
)
_FULL = re.compile(
    r"quota|mailbox (is )?full|over ?quota|casella piena|too large|spam|blocked|policy|rejected due", re.I
)
_CODE = re.compile(r"(?<![\d.])([45][0-9]{2})[ \-#]")
_RECIPIENT = re.compile(r"^[ \t]*<?([^\s<>@:,;\"()]{1,64}@[^\s<>@:,;\"()]{1,253}?)>?[ \t]*:?[ \t]*(?:\(.*\))?$", re.M)
_ANY = re.compile(r"<([^\s<>@]{1,64}@[^\s<>@]{1,253})>")
_OURS_BEHIND = re.compile(
    r"^-+ ?(this is a copy|original message|below this line|returned message|messaggio originale).*", re.I | re.M | re.S
)


class Letter(NamedTuple):
    """What was understood."""

    what: Literal["hard", "soft", "delayed"]
    recipient: str
    code: str
    reason: str


def read(subject: str, text: str) -> Letter | None:
    """None when it is no bounce, or does not say whose."""
    text = _OURS_BEHIND.sub("", text[:MAX_TEXT])
    recipient = _RECIPIENT.search(text) or _ANY.search(text)
    if recipient is None:
        return None
    delayed, failed = _DELAYED.search(f"{subject}\n{text}"), _FAILED.search(f"{subject}\n{text}")
    code, reason = _code(text), _reason(text)
    if delayed and not _FAILED.search(subject):
        return Letter("delayed", recipient[1], code, reason)
    if not (failed or code.startswith("5")):
        return None
    return Letter("hard" if _is_hard(text, code) else "soft", recipient[1], code, reason)


def _is_hard(text: str, code: str) -> bool:
    if code.startswith("4"):
        return False
    if _FULL.search(text):
        return False
    number = _CODE.search(text)
    by_code = bool(code) and is_hard(int(number[1]) if number else 550, f"{code} {_reason(text)}")
    return by_code or bool(_UNKNOWN.search(text))


def _code(text: str) -> str:
    """Enhanced when there is one."""
    number = _CODE.search(text)
    return enhanced(text) or (number[1] if number else "")


def _reason(text: str) -> str:
    """The line that says most: with a code, or with a known phrase; else the first."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    told = [
        line for line in lines if _CODE.search(line) or enhanced(line) or _UNKNOWN.search(line) or _FULL.search(line)
    ]
    return (told or lines or [""])[0][:500]
