"""What does a provider's answer mean for the message? Pure: status and body, an outcome."""

import email.utils
from typing import Final, NamedTuple

import msgspec

from collector.delivery.port import Accepted, Broken, Deferred, Outcome, Refused
from collector.delivery.providers.account import HttpAccount
from collector.delivery.providers.shape import text_at

LATER: Final = frozenset({408, 423, 425, 429})
OURS: Final = frozenset({401, 403, 404, 405})


class Said(NamedTuple):
    """An answer. retry_after: the header, "" without. now: ms UTC, for a Retry-After that is a date."""

    status: int
    body: bytes
    retry_after: str
    now: int


def judged(account: HttpAccount, said: Said) -> Outcome:
    """The provider's code says more than the status; without one the status decides."""
    provider, content = account.provider, _content(said.body)
    code = text_at(content, provider.answer.code)
    reason = text_at(content, provider.answer.reason) or f"HTTP {said.status}"
    if 200 <= said.status < 300 and (not code or code in provider.answer.fine):
        return Accepted(f"HTTP {said.status}", text_at(content, provider.answer.reference), account.final)
    if code in provider.codes.hard:
        return Refused(code, reason, True)
    if code in provider.codes.later:
        return Deferred(code, reason, after_ms(said))
    if code in provider.codes.ours:
        return Broken(f"{provider.name} says {code}: {reason}")
    return _by_status(provider.name, said, code, reason)


def _by_status(name: str, said: Said, code: str, reason: str) -> Outcome:
    known = code or str(said.status)
    if said.status in LATER or said.status >= 500:
        return Deferred(known, reason, after_ms(said))
    if said.status in OURS:
        return Broken(f"{name} says {known}: {reason}")
    if 300 <= said.status < 400:
        return Broken(
            f"{name} answers with a redirect ({said.status}), which is not followed: is the address right?", True
        )
    return Refused(known, reason, False)


def after_ms(said: Said) -> int | None:
    """Retry-After, seconds or a date; None without, or when it is neither."""
    text = said.retry_after.strip()
    if text.isascii() and text.isdigit():
        return int(text[:9]) * 1_000
    try:
        at = email.utils.parsedate_to_datetime(text)
        return max(0, int(at.timestamp() * 1_000) - said.now)
    except (ValueError, OverflowError):
        return None


def _content(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None
