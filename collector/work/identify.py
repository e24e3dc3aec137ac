"""Whose event is it? Gathers what is known, lets `sessionizer/identity.py` decide, and carries the decision out.

Reads and writes the people of the store: contacts, visitors, identifiers, joins, attributes.

An event is recorded as that of whoever had the browser or the identifier, even when that contact was absorbed: it is
the survivor's as long as the join stands. So a join that is taken back finds everything where it was.
"""

from typing import NamedTuple

from collector.log.entry import DERIVED_DOOR, IDENTITY_DOOR, Entry, encode_entry
from collector.store.ports.work import People, Said, Visitor
from sessionizer.attributes import attributes_after
from sessionizer.derived import derived_id
from sessionizer.event import Kind
from sessionizer.identity import (
    Attach,
    Claim,
    Create,
    Decision,
    Facts,
    Hand,
    Join,
    Person,
    Refuse,
    begins_epoch,
    claimable,
    decide,
    deciding,
    owner_at,
)

DAY_MS = 86_400_000
CONSENT_CHANGED = "consent_changed"
CONSENTS = ("granted", "denied")
LIST_ADDED, LIST_REMOVED = LISTED = ("list_added", "list_removed")
CONTACT = "contact"
MERGED: Kind = (CONTACT, "merged")


class Whose(NamedTuple):
    """visitor: its number in the store, None without one. contact: as it is recorded; None when it is nobody's."""

    visitor: int | None
    contact: int | None


class Joined(NamedTuple):
    """A contact that was absorbed, and `contact/merged` that says so, on its way to the log; None where that asked."""

    absorbed: int
    said: Said | None


class Identify:
    """One a worker. `joined` and `parted` say, once a batch, what became of contacts in it."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._joined: list[Joined] = []
        self._parted: list[int] = []

    def joined(self) -> list[Joined]:
        """The joins since the last call, in order."""
        joined, self._joined = self._joined, []
        return joined

    def parted(self) -> list[int]:
        """The contacts that joins taken back since the last call left, and those who came free."""
        parted, self._parted = self._parted, []
        return parted

    def whose(self, entry: Entry) -> Whose:
        """The event's visitor and contact; both are made at first sight."""
        visitor = self._people.visitor(entry.visitor) if entry.visitor else None
        if entry.identifiers or entry.attributes or visitor is None:
            return self._decided(entry, visitor)
        contact = self._owner_at(visitor, entry.occurred_at) if visitor.epochs else visitor.owner
        if contact is None:
            return self._decided(entry, visitor)
        self._seen(self._people.resolve(contact), entry)
        return Whose(visitor.number, contact)

    def of_bot(self, entry: Entry) -> Whose:
        """A bot is nobody; its visitor is known all the same."""
        if not entry.visitor:
            return Whose(None, None)
        visitor = self._people.visitor(entry.visitor) or self._people.own(entry.visitor, None)
        return Whose(visitor.number, None)

    def of_identity(self, entry: Entry) -> Whose:
        """What was said here of a contact has come back."""
        visitor = self._people.visitor(entry.visitor) if entry.visitor else None
        return Whose(visitor.number if visitor else None, entry.contact)

    def of_automation(self, entry: Entry) -> Whose:
        """A step of an automation says something of a contact, who may be another's by now, or be erased."""
        contact = self._people.resolve(entry.contact)
        if not self._people.exists(contact):
            return Whose(None, None)
        self._follow(entry, None, contact)
        return Whose(None, contact)

    def merge(self, entry: Entry) -> None:
        """`contact/merged` has come: what this worker said is carried out already, what a person asked for is not."""
        absorbed, survivor = (self._people.resolve(one) for one in (_absorbed_by(entry), entry.contact))
        if absorbed != survivor and self._people.exists(absorbed) and self._people.exists(survivor):
            self._people.link(absorbed=absorbed, survivor=survivor, at=entry.occurred_at, event=_asked_by(entry))
            self._joined.append(Joined(absorbed, None))

    def part(self, entry: Entry) -> None:
        """`contact/merged` is taken back: whom it joined are two again. Nothing when that join does not stand."""
        absorbed = _absorbed_by(entry)
        left = self._people.unlink(absorbed=absorbed, event=_asked_by(entry))
        if left is not None:
            self._parted += [left, absorbed]

    def _decided(self, entry: Entry, visitor: Visitor | None) -> Whose:
        """The long way: something is claimed, or the visitor is new or nobody's, or there is none."""
        claim = Claim(
            identifiers=entry.identifiers or {}, has_visitor=bool(entry.visitor), mode=entry.identify_mode,
            proven=entry.proven,
        )  # fmt: skip
        decision = decide(claim, self._facts(claim, entry, visitor) if visitor or entry.identifiers else Facts())
        contact = self._carry_out(decision, entry)
        known = self._people.visitor(entry.visitor) if entry.visitor else None
        if contact is not None:
            self._seen(contact, entry)
            if not isinstance(decision, Refuse):
                self._follow(entry, known, contact)
            contact = self._as_recorded(entry, known, contact)
        return Whose(known.number if known else None, contact)

    def _owner_at(self, visitor: Visitor, at: int) -> int | None:
        """Whose the browser was at that instant, as recorded: before somebody identified there, its first owner, as
        long as the two are one. Since its owner was erased it is nobody's: an epoch of 0."""
        owner, first = owner_at(visitor.owner, visitor.epochs, at) or None, visitor.owner
        if owner is None or first is None or not visitor.epochs or at >= visitor.epochs[0][0]:
            return owner
        return first if self._people.resolve(first) == self._people.resolve(owner) else owner

    def _as_recorded(self, entry: Entry, visitor: Visitor | None, contact: int) -> int:
        """Of those who are that contact by now, the one who had the browser, else the one who had the identifier."""
        owner = self._owner_at(visitor, entry.occurred_at) if visitor else None
        named = (self._people.holder(kind, value) for kind, value in (entry.identifiers or {}).items())
        for found in (owner, *named):
            if found is not None and self._people.resolve(found) == contact:
                return found
        return contact

    def _seen(self, contact: int, entry: Entry) -> None:
        self._people.seen(contact, entry.occurred_at)
        properties = entry.properties or {}
        said = properties.get("consent") if entry.key == CONSENT_CHANGED else entry.consent
        if entry.key == CONSENT_CHANGED and "channel" in properties:  # about messages alone: see `receipts.py`
            return
        if said in CONSENTS:
            self._people.consent(contact, said)

    def _follow(self, entry: Entry, visitor: Visitor | None, contact: int) -> None:
        """What a claim that was followed leaves behind: when it was made, and what was said of the person."""
        if (
            entry.identifiers
            and visitor is not None
            and begins_epoch(self._epochs(visitor), entry.occurred_at, contact)
        ):
            self._people.add_epoch(entry.visitor, entry.occurred_at, contact)
        if entry.attributes:
            self._set_attributes(contact, entry)
        if entry.category == CONTACT and entry.key in LISTED:
            self._enlist(contact, entry)

    def _facts(self, claim: Claim, entry: Entry, visitor: Visitor | None) -> Facts:
        owner = self._owner_at(visitor, entry.occurred_at) if visitor else None
        found = {kind: self._people.holder(kind, value) for kind, value in claimable(claim).items()}
        known = {kind: self._people.resolve(holder) for kind, holder in found.items() if holder is not None}
        decider = deciding(known)
        return Facts(
            owner=None if owner is None else self._person(self._people.resolve(owner), entry.occurred_at),
            known=known,
            decider=None if decider is None else self._person(decider, entry.occurred_at),
        )

    def _epochs(self, visitor: Visitor) -> list[tuple[int, int]]:
        """With who they are by now."""
        return [(since, self._people.resolve(contact)) for since, contact in visitor.epochs]

    def _person(self, contact: int, at: int) -> Person:
        people = self._people
        anonymous = people.is_anonymous(contact)
        return Person(
            contact=contact,
            anonymous=anonymous,
            held={} if anonymous else people.held(contact),
            unverified=frozenset() if anonymous else people.unverified(contact),
            visitors=people.visitors_of(contact),
            joins_today=people.joins_since(contact, at - DAY_MS),
        )

    def _carry_out(self, decision: Decision, entry: Entry) -> int | None:
        match decision:
            case Refuse(instead=instead):
                return None if instead is None else self._carry_out(instead, entry)
            case Create(anonymous=anonymous, visitor=hand):
                contact = self._people.new_contact(anonymous=anonymous, at=entry.occurred_at)
                self._hand(hand, contact, entry)
            case Attach(contact=contact, visitor=hand):
                self._hand(hand, contact, entry)
            case Join(survivor=contact, absorbed=absorbed):
                self._people.link(absorbed=absorbed, survivor=contact, at=entry.occurred_at, event=entry.id)
                self._joined.append(Joined(absorbed, _merged(entry, absorbed=absorbed, survivor=contact)))
        self._name(contact, decision, entry)
        return contact

    def _hand(self, hand: Hand, contact: int, entry: Entry) -> None:
        if hand is Hand.OWN and (known := self._people.visitor(entry.visitor)) and known.epochs:
            self._people.take_over(entry.visitor, entry.occurred_at, contact)  # nobody's since somebody was erased
        elif hand is Hand.OWN:
            self._people.own(entry.visitor, contact)
        # Hand.EPOCH: an identification by somebody else; `_follow` remembers when.

    def _name(self, contact: int, decision: Attach | Create | Join, entry: Entry) -> None:
        """Add identifiers, keep conflicts."""
        for item in decision.added:
            self._people.identify(contact, item.kind, item.value, verified=item.verified, at=entry.occurred_at)
        for other in () if isinstance(decision, Create) else decision.conflicts:
            self._people.conflict(
                contact, other.kind, other.value, owner=other.owner, at=entry.occurred_at, event=entry.id
            )

    def _enlist(self, contact: int, entry: Entry) -> None:
        """On a list, or off it; one without a name is none."""
        name = (entry.properties or {}).get("list")
        if not isinstance(name, str) or not name.strip():
            return
        if entry.key == LIST_ADDED:
            self._people.enlist(contact, name.strip(), at=entry.occurred_at)
        else:
            self._people.delist(contact, name.strip())

    def _set_attributes(self, contact: int, entry: Entry) -> None:
        attributes, unverified = self._people.attributes(contact)
        after = attributes_after(attributes, unverified, entry.attributes or {}, mode=entry.identify_mode, proven=False)
        self._people.set_attributes(contact, *after)


def _absorbed_by(entry: Entry) -> int:
    return int((entry.properties or {})["absorbed_id"])


def _asked_by(entry: Entry) -> str:
    """The id of the event by which two became one: `contact/merged` itself, where a person asked."""
    return entry.causes[0] if entry.causes else entry.id


def _merged(entry: Entry, *, absorbed: int, survivor: int) -> Said:
    """`contact/merged`, at the instant of the event that joined them. Its id names no contact: replays say the same."""
    at, kind = entry.occurred_at, MERGED
    merged = Entry(
        door=IDENTITY_DOOR, source=DERIVED_DOOR, site=entry.site, id=derived_id(IDENTITY_DOOR, kind, entry.id, at),
        category=kind[0], key=kind[1], occurred_at=at, received_at=entry.received_at, visitor=entry.visitor,
        properties={"absorbed_id": absorbed}, causes=(entry.id,), depth=1, contact=survivor,
    )  # fmt: skip
    return Said(merged.id, False, survivor, at, encode_entry(merged))
