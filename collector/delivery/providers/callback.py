"""What does a provider's callback tell? Receipts, and who wants no more. Pure.

Whoever calls has stored no message under the reference yet when a receipt is faster than the answer: he keeps it.
"""

import hmac
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from collector.delivery.providers.account import HttpAccount
from collector.delivery.providers.provider import Notices, Replies, What
from collector.delivery.providers.shape import dug, text_at
from collector.delivery.providers.signature import Call, is_signed
from collector.delivery.providers.stop_words import is_stop

MAX_BODY_BYTES: Final = 256 * 1024
MAX_RECEIPTS: Final = 1_000
YEAR_2020_S: Final = 1_577_836_800


class Forged(Exception):
    """Not signed by the provider, or nothing that can be read. Answered by 401 without detail."""


class Receipt(msgspec.Struct, frozen=True):
    """What became of one message. reference: the provider's id. what: `stop`: he who got it wants no more.

    recipient: a number; of a stop, whose. code, reason: of a failure. at: ms UTC, now when the provider does not say.
    """

    reference: str
    recipient: str
    what: What
    code: str
    reason: str
    at: int


def callback(account: HttpAccount, headers: Mapping[str, str], body: bytes, url: str, now: int) -> list[Receipt]:
    """All that it tells, in its order; what is of no interest is left out. now: ms UTC. Raises Forged."""
    call = Call({name.lower(): value for name, value in headers.items()}, body, url, now)
    if len(body) > MAX_BODY_BYTES or not is_signed(account.provider.signature, account.secrets, call):
        raise Forged
    said = _read(call)
    found = [*_receipts(account.provider.notices, said, now), *_stops(account.provider.replies, said, now)]
    return found[:MAX_RECEIPTS]


def challenge(account: HttpAccount, query: Mapping[str, str]) -> str | None:
    """What Meta is answered when it asks whether the address is ours; None when it does not know the word."""
    given = query.get("hub.verify_token", "")
    known = bool(account.verify) and hmac.compare_digest(account.verify.encode(), given.encode())
    return query.get("hub.challenge", "") if known and query.get("hub.mode") == "subscribe" else None


def _read(call: Call) -> object:
    try:
        return msgspec.json.decode(call.body) if call.is_json else dict(call.form or call.query)
    except (ValueError, RecursionError):  # also what msgspec raises
        raise Forged from None


def _receipts(notices: Notices, said: object, now: int) -> Iterator[Receipt]:
    for notice in dug(said, notices.each):
        what = notices.statuses.get(text_at(notice, notices.status))
        if what is not None:
            yield _receipt(notices, notice, what, now)


def _receipt(notices: Notices, notice: object, what: What, now: int) -> Receipt:
    failed = what in ("soft", "hard")
    code = text_at(notice, notices.code) if failed else ""
    return Receipt(
        reference=text_at(notice, notices.reference),
        recipient=_number(text_at(notice, notices.recipient)),
        what="hard" if failed and code in notices.hard else what,
        code=code,
        reason=text_at(notice, notices.reason) if failed else "",
        at=_instant(text_at(notice, notices.at), now),
    )


def _stops(replies: Replies, said: object, now: int) -> Iterator[Receipt]:
    for reply in dug(said, replies.each):
        text = next(filter(None, (text_at(reply, path) for path in replies.text)), "")
        sender = _number(text_at(reply, replies.sender))
        if sender and is_stop(text):
            yield Receipt(text_at(reply, replies.reference), sender, "stop", "", text, now)


def _number(text: str) -> str:
    """`whatsapp:+39333…` and `39333…` → `+39333…`: as a contact's number is kept."""
    bare = text.removeprefix("whatsapp:").strip()
    return f"+{bare}" if bare.isascii() and bare.isdigit() and not bare.startswith("0") else bare


def _instant(seconds: str, now: int) -> int:
    """Seconds as ms; now for anything else, and for what lies in the future."""
    if seconds.isascii() and seconds.isdigit() and YEAR_2020_S < int(seconds[:12]) <= now // 1_000:
        return int(seconds) * 1_000
    return now
