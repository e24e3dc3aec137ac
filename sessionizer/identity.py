"""Whose event is this? A decision as a value, from what the event claims and from what is known.

Reads nothing, writes nothing: the worker gathers the facts, and carries the decision out without an `if` of its own.

    the visitor's owner   nothing claimed    all unknown                     one is known: K, by priority
    none                  Create anonymous   Create identified               Attach to K
    anonymous A           Attach to A        Attach to A, which is promoted  Join A to K
    identified X          Attach to X        X lacks these kinds: Attach     K is X: Attach; else a second person:
                                             else a second person: Create    Attach to K
A second person takes the visitor over from the event's instant on (EPOCH); what was before stays the first one's.
Two identified contacts never join here. Source: DESIGN 5, INTERFACES 4, SECURITY 2.
"""

import enum
import operator
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from sessionizer.contact import IDENTIFIER_KINDS, SEVERAL_ALLOWED
from sessionizer.identifier import canonical

MAX_VISITORS = 100
"""Browsers of one contact."""
MAX_JOINS_A_DAY = 10
"""Contacts that one contact absorbs in a day."""
MAX_IDENTIFIERS = 1_000
"""Identifiers of one contact, of all kinds together."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What an event says about whose it is.

    identifiers: kind → value, as `canonical` gives them. has_visitor: it came from a browser that is known by its id.
    mode: guarded | open | verified, how far the site trusts its public key; "" at a secret door, which is trusted.
    proven: it carried a good identity token of the site's own server.
    """

    identifiers: Mapping[str, str] = {}
    has_visitor: bool = True
    mode: str = ""
    proven: bool = False

    @property
    def trusted(self) -> bool:
        """Whether a server vouches for it, and not just whoever sits at the browser."""
        return self.mode == "" or self.proven


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as far as a decision needs it; all ids are survivors'.

    held: its identifiers by kind. unverified: those (kind, value) of them that no server has vouched for yet.
    visitors: how many browsers it has. joins_today: how many contacts it absorbed in the 24 hours before.
    """

    contact: int
    anonymous: bool = True
    held: Mapping[str, tuple[str, ...]] = {}
    unverified: frozenset[tuple[str, str]] = frozenset()
    visitors: int = 0
    joins_today: int = 0


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known at the event's instant. With nothing claimed only `owner.contact` matters.

    owner: whose the visitor is then (`owner_at`), None at its first sight or without a visitor. known: kind → contact,
    for each of `claimable` that somebody has. decider: the contact that `deciding` names, None when it names none.
    """

    owner: Person | None = None
    known: Mapping[str, int] = {}
    decider: Person | None = None


class Hand(enum.StrEnum):
    """What becomes of the visitor."""

    KEEP = "keep"  # it stays whose it is (or there is none)
    OWN = "own"  # it was nobody's: the contact is its first owner
    EPOCH = "epoch"  # it is the contact's from the event's instant on


class Identifier(msgspec.Struct, frozen=True):
    """An identifier that becomes the contact's. Of one that it has already, only `verified` is news."""

    kind: str
    value: str
    verified: bool


class Conflict(msgspec.Struct, frozen=True):
    """An identifier that is kept as a conflict on the contact's page and not moved.

    owner: whose it is. The contact itself: it has another value of a kind of which it may have but one.
    """

    kind: str
    value: str
    owner: int


class Attach(msgspec.Struct, frozen=True):
    """The event is this contact's. An anonymous contact to which identifiers are added is anonymous no more."""

    contact: int
    visitor: Hand = Hand.KEEP
    added: tuple[Identifier, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


class Create(msgspec.Struct, frozen=True):
    """The event is a new contact's."""

    anonymous: bool
    visitor: Hand = Hand.KEEP
    added: tuple[Identifier, ...] = ()


class Join(msgspec.Struct, frozen=True):
    """The event is the survivor's, and so is all that the absorbed, anonymous contact did."""

    survivor: int
    absorbed: int
    added: tuple[Identifier, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


class Reason(enum.StrEnum):
    """Why a claim was not followed."""

    NOBODY = "nobody"  # neither visitor nor identifier: the event has no contact
    UNPROVEN = "unproven"  # the site asks for an identity token
    UNKNOWN_CONTACT = "unknown_contact"  # nothing was claimed but a contact_id that is not there or not allowed here
    TOO_MANY_VISITORS = "too_many_visitors"
    TOO_MANY_JOINS = "too_many_joins"
    TOO_MANY_IDENTIFIERS = "too_many_identifiers"


class Refuse(msgspec.Struct, frozen=True):
    """The claim is not followed, or not all of it. `instead` says whose the event is all the same; None: nobody's."""

    reason: Reason
    instead: Attach | Create | Join | None = None


Decision = Attach | Create | Join | Refuse


def claimable(claim: Claim) -> dict[str, str]:
    """The identifiers that may be looked up, by priority: well-formed ones; a contact_id at a secret door only."""
    kinds = IDENTIFIER_KINDS if claim.mode == "" else IDENTIFIER_KINDS[1:]
    claimed = {kind: claim.identifiers[kind] for kind in kinds if kind in claim.identifiers}
    return {kind: value for kind, value in claimed.items() if canonical(kind, value) == value}


def deciding(known: Mapping[str, int]) -> int | None:
    """The contact of the first known identifier by priority; the worker then looks it up for `Facts.decider`."""
    return next((known[kind] for kind in IDENTIFIER_KINDS if kind in known), None)


def owner_at(first_owner: int | None, epochs: Sequence[tuple[int, int]], at: int) -> int | None:
    """Whose a visitor was at the instant `at` (ms UTC). epochs: (since, contact), by since, which is included.

    An epoch begins with each identification that names somebody else; what was before the first one is its person's.
    None: it is nobody's yet.
    """
    if not epochs:
        return first_owner
    index = bisect_right(epochs, at, key=operator.itemgetter(0))
    return epochs[max(index - 1, 0)][1]


def begins_epoch(epochs: Sequence[tuple[int, int]], at: int, contact: int) -> bool:
    """Whether an identification at `at` is to be remembered as an epoch: no earlier one says the same.

    Also the first one is, and one that becomes known late: so the order of arrival does not matter.
    """
    index = bisect_right(epochs, at, key=operator.itemgetter(0))
    return index == 0 or epochs[index - 1][1] != contact


def decide(claim: Claim, facts: Facts) -> Decision:
    """Whose event it is, what becomes of its visitor, and which identifiers are added. Total: it never raises."""
    unnamed = _unnamed(claim, facts.owner)
    if not claim.identifiers:
        return unnamed or Refuse(Reason.NOBODY)
    if claim.mode == "verified" and not claim.proven:
        return Refuse(Reason.UNPROVEN, unnamed)
    claimed = {kind: value for kind, value in claimable(claim).items() if kind != "contact_id" or kind in facts.known}
    if not claimed:
        return Refuse(Reason.UNKNOWN_CONTACT, unnamed)
    if facts.decider is None:
        return _unknown(claim, claimed, facts.owner)
    return _known(claim, claimed, facts, facts.decider)


def _unnamed(claim: Claim, owner: Person | None) -> Attach | Create | None:
    """Whose it would be if it claimed nothing."""
    if owner is not None:
        return Attach(owner.contact)
    return Create(anonymous=True, visitor=Hand.OWN) if claim.has_visitor else None


def _unknown(claim: Claim, claimed: Mapping[str, str], owner: Person | None) -> Decision:
    """Nobody has any of these identifiers yet."""
    added = tuple(Identifier(kind, value, claim.trusted) for kind, value in claimed.items())
    if owner is None:
        return Create(anonymous=False, visitor=Hand.OWN if claim.has_visitor else Hand.KEEP, added=added)
    if claimed.keys().isdisjoint(owner.held):
        return _bounded(Attach(owner.contact, Hand.KEEP, added), owner)
    return Create(anonymous=False, visitor=Hand.EPOCH, added=added)


def _known(claim: Claim, claimed: Mapping[str, str], facts: Facts, decider: Person) -> Decision:
    """The decider has the first known of these identifiers."""
    owner, sorted_out = facts.owner, _sort_out(claim, claimed, facts.known, decider)
    if owner is None:
        hand = Hand.OWN if claim.has_visitor else Hand.KEEP
    elif owner.contact == decider.contact:
        hand = Hand.KEEP
    elif owner.anonymous:
        return _join(owner, decider, sorted_out)
    else:
        hand = Hand.EPOCH
    if hand != Hand.KEEP and decider.visitors >= MAX_VISITORS:
        return Refuse(Reason.TOO_MANY_VISITORS, _unnamed(claim, owner))
    return _bounded(Attach(decider.contact, hand, *sorted_out), decider)


class _SortedOut(NamedTuple):
    added: tuple[Identifier, ...]
    conflicts: tuple[Conflict, ...]


def _sort_out(claim: Claim, claimed: Mapping[str, str], known: Mapping[str, int], person: Person) -> _SortedOut:
    """Which of the claimed become the person's, and which are kept as conflicts; what they have already is neither."""
    added, conflicts = [], []
    for kind, value in claimed.items():
        owner = known.get(kind)
        if owner == person.contact:
            if claim.trusted and (kind, value) in person.unverified:
                added.append(Identifier(kind, value, verified=True))
        elif owner is not None:
            conflicts.append(Conflict(kind, value, owner))
        elif kind not in person.held or (claim.trusted and kind in SEVERAL_ALLOWED):
            added.append(Identifier(kind, value, claim.trusted))
        else:
            conflicts.append(Conflict(kind, value, person.contact))
    return _SortedOut(tuple(added), tuple(conflicts))


def _join(absorbed: Person, survivor: Person, sorted_out: _SortedOut) -> Decision:
    if survivor.joins_today >= MAX_JOINS_A_DAY:
        return Refuse(Reason.TOO_MANY_JOINS, Attach(absorbed.contact))
    if survivor.visitors + absorbed.visitors > MAX_VISITORS:
        return Refuse(Reason.TOO_MANY_VISITORS, Attach(absorbed.contact))
    return _bounded(Join(survivor.contact, absorbed.contact, *sorted_out), survivor)


def _bounded(decision: Attach | Join, person: Person) -> Decision:
    """The decision; without the new identifiers when the person would have too many."""
    new = sum(item.value not in person.held.get(item.kind, ()) for item in decision.added)
    if new and sum(map(len, person.held.values())) + new > MAX_IDENTIFIERS:
        return Refuse(Reason.TOO_MANY_IDENTIFIERS, msgspec.structs.replace(decision, added=()))
    return decision
