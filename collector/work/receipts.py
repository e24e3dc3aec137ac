"""What do receipts mean here? Whose they are, what their deliveries remember, who is left alone from now on.

A receipt names its delivery, by an identifier of that kind which no door takes: here it becomes the person to whom that
went. So does the landing of somebody who has followed a link (`link`). Reads, writes `outbox`; writes `suppressions`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec.structs import replace

from collector.log.entry import RECEIPT_DOOR, Entry
from collector.privacy.tombstone import Name
from collector.store.ports.messages.outbox import Addressed, Mark, Outbox, Scope, Suppression
from collector.store.ports.work import People
from sessionizer.messages.receipt import IDENTIFIERS, What, channel_of, meaning_of

DELIVERY, LINK = "delivery", "link"
"""Kinds of identifier that only this deployment writes: the id of a delivery, of which it is a receipt, or whose link
was followed."""

CONSENT_CHANGED = ("contact", "consent_changed")
_MARKS: Mapping[What, Literal["delivered", "opened", "proxied", "clicked", "bounced", "left"]] = {
    "delivered": "delivered",
    "opened": "opened",
    "proxied": "proxied",
    "clicked": "clicked",
    "soft": "bounced",
    "hard": "bounced",
    "left": "left",
}


class Receipts:
    """One a worker. What is to be written gathers until `flush`."""

    def __init__(self, outbox: Outbox, people: People, hash_of: Callable[[Name], bytes]) -> None:
        """hash_of: of the tombstones."""
        self._outbox, self._people, self._hash_of = outbox, people, hash_of
        self._known: Mapping[str, Addressed] = {}
        self._named: dict[tuple[str, str], Addressed] = {}
        self.forget()

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._marks: list[Mark] = []
        self._suppressed: list[Suppression] = []
        self._allowed: list[tuple[str, bytes]] = []
        self._named.clear()

    def meet(self, entries: Iterable[Entry]) -> None:
        """Look up together the deliveries that a batch names."""
        ids = {id for entry in entries if (id := _delivery_of(entry))}
        self._known = self._outbox.addressed(ids) if ids else {}

    def named(self, entry: Entry) -> Entry:
        """The entry as that of the person to whom the delivery went; of a delivery that is not there, nobody's."""
        id = _delivery_of(entry)
        if not id:
            return entry
        identifiers = {kind: it for kind, it in (entry.identifiers or {}).items() if kind not in (DELIVERY, LINK)}
        known = self._known.get(id)
        if known is None:
            return replace(entry, identifiers=identifiers or None)
        if LINK in (entry.identifiers or {}):
            return replace(entry, identifiers=identifiers | {IDENTIFIERS[known.channel]: known.recipient})
        self._named[entry.door, entry.id] = known
        return replace(entry, identifiers=_names(known) or None, properties=_enriched(entry, known))

    def note(self, entry: Entry, contact: int | None) -> None:
        """What a receipt, or a word on consent, changes. entry: as `named` gave it. contact: whose it is."""
        kind = (entry.category, entry.key)
        if kind == CONSENT_CHANGED:
            self._hear(entry, contact)
        elif (what := meaning_of(kind)) is not None:
            known = self._named.pop((entry.door, entry.id), None)
            if known is not None and what in _MARKS:
                self._marks.append(Mark(known.id, _MARKS[what], entry.occurred_at, contact or known.contact))
            if what in ("left", "hard"):
                self._suppress(entry, what, known, contact)

    def flush(self) -> None:
        """Write what gathers: at the end of a batch."""
        if self._marks:
            self._outbox.mark(self._marks)
        if self._suppressed:
            self._outbox.suppress(self._suppressed)
        if self._allowed:
            self._outbox.allow(self._allowed)
        self.forget()

    def _suppress(self, entry: Entry, what: What, known: Addressed | None, contact: int | None) -> None:
        about = channel_of(entry.category)
        if about is None or (about[0] == "whatsapp" and what == "hard"):
            return
        channel, purpose = about
        said = (entry.properties or {}).get("reason")
        reason = "bounced" if what == "hard" else said if said in ("complained", "stopped") else "unsubscribed"
        is_partial = purpose in ("marketing", "transactional") and reason not in ("bounced", "stopped")
        scope: Scope = purpose if is_partial else "all"  # type: ignore[assignment]  # just compared
        for address in self._addresses(channel, known, contact):
            self._suppressed.append(self._row(channel, address, scope, str(reason), entry.occurred_at))

    def _hear(self, entry: Entry, contact: int | None) -> None:
        """Consent for a channel, or for all: who gives it is written to again, who takes it back is not."""
        properties = entry.properties or {}
        channels = [one for one in IDENTIFIERS if properties.get("channel", one) == one]
        for channel in channels:
            for address in self._addresses(channel, None, contact):
                if properties.get("consent") == "granted":
                    self._allowed.append((channel, self._hash_of((IDENTIFIERS[channel], address))))
                elif "channel" in properties:
                    self._suppressed.append(self._row(channel, address, "marketing", "unsubscribed", entry.occurred_at))

    def _addresses(self, channel: str, known: Addressed | None, contact: int | None) -> Sequence[str]:
        """The one to which it went; when that is not known, all of the person."""
        if known is not None:
            return (known.recipient,)
        return () if contact is None else self._people.held(self._people.resolve(contact)).get(IDENTIFIERS[channel], ())

    def _row(self, channel: str, address: str, scope: Scope, reason: str, at: int) -> Suppression:
        return Suppression(channel, self._hash_of((IDENTIFIERS[channel], address)), address, scope, reason, at)


def is_machine(entry: Entry) -> bool:
    """Whether the door saw that nobody looked: a scanner followed a link, a browser looked ahead."""
    return entry.door == RECEIPT_DOOR and (entry.properties or {}).get("scanner") is True


def _delivery_of(entry: Entry) -> str:
    names = entry.identifiers
    return (names.get(DELIVERY) or names.get(LINK) or "") if names else ""


def _names(known: Addressed) -> dict[str, str]:
    if known.contact:
        return {"contact_id": str(known.contact)}
    return {IDENTIFIERS[known.channel]: known.recipient} if known.channel in IDENTIFIERS else {}


def _enriched(entry: Entry, known: Addressed) -> dict[str, object]:
    campaign = {"campaign_id": str(known.message)} if known.message else {}
    subject = {"subject": known.subject} if known.subject and known.channel == "email" else {}
    return {"message_id": known.id, **campaign, **subject, **(entry.properties or {})}
