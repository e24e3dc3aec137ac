"""What does an outcome mean for a delivery? Its state from now on, and which receipts are said. Decides, does nothing.

Accepted     sent                   Sent; Delivered too, when whoever answers is the last one
Deferred     waits, later           nothing; Soft Bounce once it is given up
Refused      failed                 Hard Bounce, when there is no such recipient, else Soft Bounce
Broken       failed, or waits       nothing, it is our own fault; where it is everybody's, it waits to be mended
Uncertain    uncertain, or waits    nothing; as the deployment is set up
"""

from typing import NamedTuple

from collector.delivery.port import Accepted, Broken, Deferred, Outcome, Refused, Uncertain
from collector.delivery.retry import next_try
from collector.log.entry import RECEIPT_DOOR, Entry, encode_entry
from collector.store.ports.messages.outbox import Delivery, Settlement
from sessionizer.derived import derived_id
from sessionizer.messages.receipt import IDENTIFIERS, What, kind_of


class Said(NamedTuple):
    """A receipt. code, reason: of the other side, "" where there is none."""

    what: What
    code: str = ""
    reason: str = ""


class Verdict(NamedTuple):
    """What is to be written, together."""

    settlement: Settlement
    said: tuple[Said, ...] = ()


class Moment(NamedTuple):
    """What a decision needs beside: now, ms UTC; chance, 0 to 1; whether what is uncertain is sent again."""

    now: int
    chance: float
    resends: bool


def verdict(delivery: Delivery, outcome: Outcome, moment: Moment) -> Verdict:
    """What becomes of a delivery that was tried."""
    id, now = delivery.id, moment.now
    match outcome:
        case Accepted(answer=answer, reference=reference, delivered=delivered):
            said = (Said("sent"), Said("delivered")) if delivered else (Said("sent"),)
            return Verdict(Settlement(id, "sent", now, answer[:500], reference=reference or None), said)
        case Deferred():
            return _deferred(delivery, outcome, moment)
        case Refused(code=code, reason=reason, hard=hard):
            said = (Said("hard" if hard else "soft", code, reason),)
            return Verdict(Settlement(id, "failed", now, words(code, reason)), said)
        case Broken(reason=reason, everybody=True):
            return _deferred(delivery, Deferred("", reason), moment)
        case Broken(reason=reason):
            return Verdict(Settlement(id, "failed", now, reason[:500]))
        case Uncertain(reason=reason) if moment.resends:
            return _deferred(delivery, Deferred("", reason), moment)
        case Uncertain(reason=reason):
            return Verdict(Settlement(id, "uncertain", now, reason[:500]))


def _deferred(delivery: Delivery, outcome: Deferred, moment: Moment) -> Verdict:
    reason = words(outcome.code, outcome.reason)
    first_at = moment.now if delivery.first_at is None else delivery.first_at
    due_at = next_try(
        delivery.tries + 1, first_at=first_at, now=moment.now, chance=moment.chance, after_ms=outcome.after_ms
    )
    if due_at is not None:
        return Verdict(Settlement(delivery.id, "waiting", moment.now, reason, due_at=due_at))
    given_up = Settlement(delivery.id, "failed", moment.now, f"given up: {reason}")
    return Verdict(given_up, (Said("soft", outcome.code, outcome.reason),) if outcome.code else ())  # "": our own fault


def words(code: str, reason: str) -> str:
    """What the other side said, with its code where the words have it not."""
    return (reason if code in reason else f"{code} {reason}")[:500]


def receipt_of(delivery: Delivery, said: Said, *, at: int, subject: str) -> Entry | None:
    """The entry for the log; None where the catalogue has no event for it. at: ms UTC.

    Its id is made of the delivery and of what is said: said again after a death, it is the same event.
    """
    kind = kind_of(delivery.channel, delivery.purpose, said.what)
    if kind is None:
        return None
    named = {"delivery": delivery.id, IDENTIFIERS[delivery.channel]: delivery.recipient}
    given = (("code", said.code), ("reason", said.reason), ("subject", subject if delivery.channel == "email" else ""))
    id = derived_id(RECEIPT_DOOR, kind, delivery.id, delivery.created_at)
    return Entry(
        door=RECEIPT_DOOR, source=RECEIPT_DOOR, site=0, id=id,
        category=kind[0], key=kind[1], occurred_at=at, received_at=at, identifiers=named,
        properties={name: value for name, value in given if value} or None,
    )  # fmt: skip


def row_of(entry: Entry) -> tuple[str, int, int, bytes]:
    """As it waits for the log: (id, contact, at, body)."""
    return entry.id, 0, entry.occurred_at, encode_entry(entry)
