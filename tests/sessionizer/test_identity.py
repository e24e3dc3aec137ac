"""Whose event is this: each rule of DESIGN 5 as a decision, the caps, and the order in which people show up."""

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.identity import (
    MAX_IDENTIFIERS,
    MAX_JOINS_A_DAY,
    MAX_VISITORS,
    Attach,
    Claim,
    Conflict,
    Create,
    Decision,
    Facts,
    Hand,
    Identifier,
    Join,
    Person,
    Reason,
    Refuse,
    begins_epoch,
    claimable,
    decide,
    deciding,
    owner_at,
)

GUARDED, SECRET = "guarded", ""
ANN = Person(contact=1)
XENIA = Person(contact=2, anonymous=False, held={"email_id": ("x@example.com",)}, visitors=1)
KARL = Person(contact=3, anonymous=False, held={"email_id": ("k@example.com",)}, visitors=1)
MARA = Person(contact=4, anonymous=False, held={"ext_id": ("m-4",)}, visitors=1)


def claim(mode: str = GUARDED, *, visitor: bool = True, proven: bool = False, **identifiers: str) -> Claim:
    """A claim of identifiers by a browser, unless it says otherwise."""
    return Claim(identifiers=identifiers, has_visitor=visitor, mode=mode, proven=proven)


def facts(owner: Person | None = None, *, decider: Person | None = None, **known: int) -> Facts:
    """What is known; `known` are kind=contact."""
    return Facts(owner=owner, known=known, decider=decider)


def unverified(kind: str, value: str) -> Identifier:
    """An identifier that only a browser claimed."""
    return Identifier(kind, value, verified=False)


# Nobody has claimed anything ------------------------------------------------------------------------------------------


def test_first_sight_makes_an_anonymous_contact() -> None:
    """A visitor that was never seen and says nothing is a new anonymous contact."""
    assert Create(anonymous=True, visitor=Hand.OWN) == decide(claim(), facts())


@pytest.mark.parametrize("owner", [ANN, XENIA])
def test_known_visitor_keeps_its_contact(owner: Person) -> None:
    """An event without identifiers belongs to the contact that owns its visitor."""
    assert Attach(owner.contact) == decide(claim(), facts(owner))


def test_nobody_without_visitor_and_identifier() -> None:
    """An event of a server that names nobody has no contact."""
    assert Refuse(Reason.NOBODY) == decide(claim(SECRET, visitor=False), facts())


# A visitor without owner ----------------------------------------------------------------------------------------------


def test_unknown_identifier_makes_an_identified_contact() -> None:
    """A new visitor with an unknown identifier is a new person at once."""
    expected = Create(anonymous=False, visitor=Hand.OWN, added=(unverified("email_id", "n@example.com"),))
    assert expected == decide(claim(email_id="n@example.com"), facts())


def test_secret_door_creates_without_a_visitor() -> None:
    """An unknown identifier at a secret door creates the contact, verified, and there is no visitor to hand over."""
    expected = Create(anonymous=False, visitor=Hand.KEEP, added=(Identifier("ext_id", "n-1", verified=True),))
    assert expected == decide(claim(SECRET, visitor=False, ext_id="n-1"), facts())


def test_new_visitor_of_a_known_person() -> None:
    """A new visitor with a known identifier becomes a browser of that person."""
    assert Attach(3, Hand.OWN) == decide(claim(email_id="k@example.com"), facts(decider=KARL, email_id=3))


def test_server_event_of_a_known_person() -> None:
    """At a secret door without a visitor the known identifier is enough."""
    found = decide(claim(SECRET, visitor=False, email_id="k@example.com"), facts(decider=KARL, email_id=3))
    assert Attach(3) == found


# A visitor of an anonymous contact ------------------------------------------------------------------------------------


def test_unknown_identifier_promotes() -> None:
    """An anonymous contact that claims an unknown identifier becomes that person; its history stays with it."""
    expected = Attach(1, Hand.KEEP, added=(unverified("email_id", "n@example.com"),))
    assert expected == decide(claim(email_id="n@example.com"), facts(ANN))


def test_known_identifier_joins() -> None:
    """An anonymous contact that claims a known identifier is joined to the known one, whose id survives."""
    assert Join(survivor=3, absorbed=1) == decide(claim(email_id="k@example.com"), facts(ANN, decider=KARL, email_id=3))


def test_join_brings_free_identifiers() -> None:
    """What else was claimed and nobody has is the survivor's, if it lacks the kind."""
    found = decide(claim(email_id="k@example.com", ext_id="k-3"), facts(ANN, decider=KARL, email_id=3))
    assert Join(survivor=3, absorbed=1, added=(unverified("ext_id", "k-3"),)) == found


def test_contact_does_not_join_itself() -> None:
    """A server that names the anonymous contact by its own id changes nothing."""
    assert Attach(1) == decide(claim(SECRET, contact_id="1"), facts(ANN, decider=ANN, contact_id=1))


def test_contact_id_names_an_anonymous_contact() -> None:
    """A server may identify an anonymous contact by its number: it is promoted, or joined to by another anonymous."""
    nina = Person(contact=9)
    added = (Identifier("ext_id", "n-9", verified=True),)
    promoted = decide(claim(SECRET, visitor=False, contact_id="9", ext_id="n-9"), facts(decider=nina, contact_id=9))
    assert Attach(9, Hand.KEEP, added) == promoted
    assert Join(9, 1) == decide(claim(SECRET, contact_id="9"), facts(ANN, decider=nina, contact_id=9))


# A visitor of an identified contact -----------------------------------------------------------------------------------


def test_same_person_again() -> None:
    """Claiming one's own identifier again changes nothing."""
    assert Attach(2) == decide(claim(email_id="x@example.com"), facts(XENIA, decider=XENIA, email_id=2))


def test_same_person_says_more() -> None:
    """An unknown identifier of a kind that the person lacks becomes theirs, with or without a known one beside it."""
    added = (unverified("ext_id", "x-2"),)
    known = decide(claim(email_id="x@example.com", ext_id="x-2"), facts(XENIA, decider=XENIA, email_id=2))
    assert Attach(2, added=added) == known == decide(claim(ext_id="x-2"), facts(XENIA))


@pytest.mark.parametrize("mode", [SECRET, "guarded", "open", "verified"])
def test_second_known_person_takes_over(mode: str) -> None:
    """Another identified person on the same browser begins a new epoch; two identified contacts never join."""
    found = decide(claim(mode, proven=True, email_id="k@example.com"), facts(XENIA, decider=KARL, email_id=3))
    assert Attach(3, Hand.EPOCH) == found


@pytest.mark.parametrize("mode", [SECRET, GUARDED])
def test_second_unknown_person_takes_over(mode: str) -> None:
    """Another value of a kind that the owner has is somebody else: a new contact from this instant on."""
    added = (Identifier("email_id", "n@example.com", verified=mode == SECRET),)
    expected = Create(anonymous=False, visitor=Hand.EPOCH, added=added)
    assert expected == decide(claim(mode, email_id="n@example.com"), facts(XENIA))


def test_second_person_with_a_free_kind_beside() -> None:
    """One kind of which the owner has another value makes it a second person, whatever else is claimed."""
    expected = Create(
        anonymous=False,
        visitor=Hand.EPOCH,
        added=(unverified("ext_id", "n-1"), unverified("email_id", "n@example.com")),
    )
    assert expected == decide(claim(email_id="n@example.com", ext_id="n-1"), facts(XENIA))


# Several identifiers --------------------------------------------------------------------------------------------------


def test_first_known_by_priority_decides() -> None:
    """Of identifiers that belong to two people the first kind decides; the other is kept as a conflict, not moved."""
    found = decide(claim(email_id="k@example.com", ext_id="m-4"), facts(ANN, decider=MARA, email_id=3, ext_id=4))
    assert Join(survivor=4, absorbed=1, conflicts=(Conflict("email_id", "k@example.com", owner=3),)) == found


def test_priority_is_the_order_of_kinds() -> None:
    """contact_id, ext_id, email_id, phone_id, whatsapp_id, landline_number_id: each decides over all after it."""
    for position, kind in enumerate(IDENTIFIER_KINDS):
        known = {later: number for number, later in enumerate(IDENTIFIER_KINDS[position:], start=position)}
        assert position == deciding(dict(reversed(known.items()))), kind
    assert deciding({}) is None


def test_server_adds_a_second_address() -> None:
    """A server may give a person several e-mail addresses and telephone numbers."""
    paul = Person(contact=5, anonymous=False, held={"ext_id": ("p-5",), "email_id": ("p@example.com",)})
    found = decide(
        claim(SECRET, visitor=False, ext_id="p-5", email_id="paul@example.com"), facts(decider=paul, ext_id=5)
    )
    assert Attach(5, added=(Identifier("email_id", "paul@example.com", verified=True),)) == found


def test_browser_adds_no_second_address() -> None:
    """A browser cannot add an address to somebody who has one: it is kept as their conflict with themselves."""
    paul = Person(contact=5, anonymous=False, held={"ext_id": ("p-5",), "email_id": ("p@example.com",)})
    found = decide(claim(ext_id="p-5", email_id="evil@example.com"), facts(paul, decider=paul, ext_id=5))
    assert Attach(5, conflicts=(Conflict("email_id", "evil@example.com", owner=5),)) == found


def test_single_kind_is_not_replaced() -> None:
    """Of other kinds a person has one value; a second one is a conflict also when a server says it."""
    paul = Person(contact=5, anonymous=False, held={"ext_id": ("p-5",), "whatsapp_id": ("+391",)})
    found = decide(
        claim(SECRET, visitor=False, ext_id="p-5", whatsapp_id="+393331234567"), facts(decider=paul, ext_id=5)
    )
    assert Attach(5, conflicts=(Conflict("whatsapp_id", "+393331234567", owner=5),)) == found


def test_server_verifies_what_a_browser_claimed() -> None:
    """What only a browser had claimed is verified when a server says the same; a browser verifies nothing."""
    claimed = ("email_id", "x@example.com")
    xenia = Person(contact=2, anonymous=False, held=XENIA.held, unverified=frozenset({claimed}))
    known = facts(xenia, decider=xenia, email_id=2)
    assert Attach(2, added=(Identifier(*claimed, verified=True),)) == decide(claim(SECRET, email_id=claimed[1]), known)
    assert Attach(2) == decide(claim(GUARDED, email_id=claimed[1]), known)


# What cannot be claimed -----------------------------------------------------------------------------------------------


def test_contact_id_is_never_created() -> None:
    """A contact_id that is not there names nobody; the event stays with its visitor."""
    assert Refuse(Reason.UNKNOWN_CONTACT, Attach(1)) == decide(claim(SECRET, contact_id="99"), facts(ANN))
    assert Refuse(Reason.UNKNOWN_CONTACT) == decide(claim(SECRET, visitor=False, contact_id="99"), facts())


def test_unknown_contact_id_leaves_it_to_the_others() -> None:
    """Beside an unknown contact_id the other identifiers decide as if they were alone."""
    expected = Create(anonymous=False, added=(Identifier("ext_id", "n-1", verified=True),))
    assert expected == decide(claim(SECRET, visitor=False, contact_id="99", ext_id="n-1"), facts())


@pytest.mark.parametrize("mode", ["guarded", "open", "verified"])
def test_contact_id_is_not_for_browsers(mode: str) -> None:
    """A public door never takes a contact_id, so that nobody can count through our contacts."""
    assert {} == claimable(claim(mode, proven=True, contact_id="3"))
    found = decide(claim(mode, proven=True, contact_id="3"), facts(ANN, decider=KARL, contact_id=3))
    assert Refuse(Reason.UNKNOWN_CONTACT, Attach(1)) == found


def test_ill_formed_identifiers_are_not_looked_up() -> None:
    """What is not written as `canonical` writes it, or is of no kind of ours, does not identify."""
    named = claim(SECRET, email_id="UPPER@example.com", ext_id="null", phone_id="+393331234567", cookie_id="c")
    assert {"phone_id": "+393331234567"} == claimable(named)


def test_verified_site_wants_a_proof() -> None:
    """In mode `verified` an identification without a good token is refused; the event stays with its visitor."""
    known = facts(ANN, decider=KARL, email_id=3)
    assert Refuse(Reason.UNPROVEN, Attach(1)) == decide(claim("verified", email_id="k@example.com"), known)
    assert Join(3, 1) == decide(claim("verified", proven=True, email_id="k@example.com"), known)


def test_proof_is_as_good_as_a_server() -> None:
    """What is claimed with a good token counts as verified."""
    expected = Attach(1, added=(Identifier("email_id", "n@example.com", verified=True),))
    assert expected == decide(claim("verified", proven=True, email_id="n@example.com"), facts(ANN))


# Caps: limit and limit + 1 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "passes", "instead"),
    [
        (None, Attach(3, Hand.OWN), Create(anonymous=True, visitor=Hand.OWN)),
        (XENIA, Attach(3, Hand.EPOCH), Attach(2)),
        (Person(contact=1, visitors=1), Join(3, 1), Attach(1)),
    ],
)
def test_visitors_of_a_contact_are_capped(owner: Person | None, passes: Decision, instead: Attach | Create) -> None:
    """A contact gets its 100th browser, by whatever way, and not the 101st: the event stays where it was."""
    for visitors, expected in [
        (MAX_VISITORS - 1, passes),
        (MAX_VISITORS, Refuse(Reason.TOO_MANY_VISITORS, instead)),
    ]:
        karl = Person(contact=3, anonymous=False, held=KARL.held, visitors=visitors)
        assert expected == decide(claim(email_id="k@example.com"), facts(owner, decider=karl, email_id=3))


def test_servers_need_no_browser() -> None:
    """The cap on browsers does not concern an event that has none, nor one whose browser the contact has already."""
    karl = Person(contact=3, anonymous=False, held=KARL.held, visitors=MAX_VISITORS)
    assert Attach(3) == decide(claim(SECRET, visitor=False, email_id="k@example.com"), facts(decider=karl, email_id=3))
    assert Attach(3) == decide(claim(email_id="k@example.com"), facts(karl, decider=karl, email_id=3))


def test_joins_of_a_day_are_capped() -> None:
    """A contact absorbs ten others a day and not an eleventh."""
    for joins, expected in [(9, Join(3, 1)), (MAX_JOINS_A_DAY, Refuse(Reason.TOO_MANY_JOINS, Attach(1)))]:
        karl = Person(contact=3, anonymous=False, held=KARL.held, joins_today=joins)
        assert expected == decide(claim(email_id="k@example.com"), facts(ANN, decider=karl, email_id=3))


def test_identifiers_of_a_contact_are_capped() -> None:
    """The 1,000th identifier is added, the 1,001st is not; the event is the person's all the same."""
    named = claim(SECRET, visitor=False, ext_id="p-5", email_id="new@example.com")
    added = (Identifier("email_id", "new@example.com", verified=True),)
    for count, expected in [
        (MAX_IDENTIFIERS - 2, Attach(5, added=added)),
        (MAX_IDENTIFIERS - 1, Refuse(Reason.TOO_MANY_IDENTIFIERS, Attach(5))),
    ]:
        held = {"ext_id": ("p-5",), "email_id": tuple(f"{n}@example.com" for n in range(count))}
        paul = Person(contact=5, anonymous=False, held=held)
        assert expected == decide(named, facts(decider=paul, ext_id=5))


def test_full_contact_can_still_be_verified() -> None:
    """Verifying what a contact has already adds nothing, so that the cap does not forbid it."""
    emails = tuple(f"{n}@example.com" for n in range(MAX_IDENTIFIERS))
    claimed = ("email_id", "0@example.com")
    paul = Person(contact=5, anonymous=False, held={"email_id": emails}, unverified=frozenset({claimed}))
    found = decide(claim(SECRET, visitor=False, email_id=claimed[1]), facts(decider=paul, email_id=5))
    assert Attach(5, added=(Identifier(*claimed, verified=True),)) == found


# Owners in time -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "owner"), [(-1, 2), (0, 2), (99, 2), (100, 2), (199, 2), (200, 3), (10**15, 3)])
def test_owner_at_an_instant(at: int, owner: int) -> None:
    """An event is its visitor's owner's of that instant, before the first identification the first person's."""
    assert owner == owner_at(1, ((100, 2), (200, 3)), at)


def test_visitor_without_epochs_has_one_owner() -> None:
    """Nearly every browser is one person's for ever."""
    assert 1 == owner_at(1, (), 5)


# Histories ------------------------------------------------------------------------------------------------------------


class World:
    """The least that carries decisions out: what the worker does with tables, with dictionaries."""

    def __init__(self) -> None:
        self.identifiers: dict[tuple[str, str], int] = {}
        self.links: dict[int, int] = {}
        self.identified: set[int] = set()
        self.visitors: dict[str, tuple[int, tuple[tuple[int, int], ...]]] = {}
        self.joined: list[tuple[int, int]] = []
        self._ids = itertools.count(1)

    def resolve(self, contact: int) -> int:
        while contact in self.links:
            contact = self.links[contact]
        return contact

    def person(self, contact: int) -> Person:
        held: dict[str, tuple[str, ...]] = {}
        for (kind, value), owner in self.identifiers.items():
            if self.resolve(owner) == contact:
                held[kind] = (*held.get(kind, ()), value)
        return Person(contact=contact, anonymous=contact not in self.identified, held=held)

    def owner(self, visitor: str, at: int) -> int | None:
        if visitor not in self.visitors:
            return None
        first, epochs = self.visitors[visitor]
        return self.resolve(owner_at(first, epochs, at))

    def happens(self, at: int, visitor: str, identifiers: Mapping[str, str], mode: str = GUARDED) -> Decision:
        said = Claim(identifiers=identifiers, has_visitor=True, mode=mode)
        found = {kind: self.identifiers.get((kind, value)) for kind, value in claimable(said).items()}
        known = {kind: self.resolve(contact) for kind, contact in found.items() if contact is not None}
        owner, decider = self.owner(visitor, at), deciding(known)
        decision = decide(
            said,
            Facts(
                owner=None if owner is None else self.person(owner),
                known=known,
                decider=None if decider is None else self.person(decider),
            ),
        )
        self._carry_out(decision, at, visitor, named=bool(identifiers))
        return decision

    def _carry_out(self, decision: Decision, at: int, visitor: str, *, named: bool) -> None:
        if isinstance(decision, Refuse):
            assert decision.instead is not None
            self._carry_out(decision.instead, at, visitor, named=False)
            return
        if isinstance(decision, Join):
            self.links[decision.absorbed] = decision.survivor
            self.joined.append((decision.absorbed, decision.survivor))
            contact, hand = decision.survivor, Hand.KEEP
        else:
            contact = next(self._ids) if isinstance(decision, Create) else decision.contact
            hand = decision.visitor
        for item in decision.added:
            assert (item.kind, item.value) not in self.identifiers
            self.identifiers[item.kind, item.value] = contact
            self.identified.add(contact)
        if hand is Hand.OWN:
            self.visitors[visitor] = (contact, ())
        first, epochs = self.visitors[visitor]
        if named and begins_epoch([(since, self.resolve(owner)) for since, owner in epochs], at, contact):
            self.visitors[visitor] = (first, tuple(sorted({**dict(epochs), at: contact}.items())))

    def people(self) -> set[frozenset[str]]:
        """Which visitors are one person, at the end."""
        owners = {visitor: self.owner(visitor, 10**9) for visitor in self.visitors}
        return {frozenset(v for v in owners if owners[v] == contact) for contact in owners.values()}


MAILS = st.sampled_from([{}, {"email_id": "a@example.com"}, {"email_id": "b@example.com"}])


@given(said=st.lists(MAILS, min_size=1, max_size=6), data=st.data())
def test_order_does_not_matter_to_who_is_one(said: list[dict[str, str]], data: st.DataObject) -> None:
    """Browsers that each name one address are one person exactly when it is the same, in whatever order they come."""
    events = [(f"visitor-{number}", mail) for number, mail in enumerate(said)]
    mails: dict[str, set[str]] = {}
    for visitor, mail in events:
        mails.setdefault(mail.get("email_id", visitor), set()).add(visitor)
    world = World()
    arrivals = data.draw(st.permutations([(visitor, {}) for visitor, _ in events] + events))
    for at, (visitor, mail) in enumerate(arrivals):
        world.happens(at, visitor, mail)
    assert {frozenset(group) for group in mails.values()} == world.people()


ANY = st.dictionaries(
    st.sampled_from(IDENTIFIER_KINDS[1:4]), st.sampled_from(["+391111111", "+392222222", "p@example.com"]), max_size=2
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["v1", "v2", "v3"]), ANY, st.sampled_from([SECRET, "guarded", "open", "verified"])),
    max_size=14,
)


@given(STEPS)
def test_identified_contacts_never_join(steps: list[tuple[str, dict[str, str], str]]) -> None:
    """Whatever is claimed by whatever door: who is absorbed was anonymous, and an identifier keeps its owner."""
    world = World()
    for at, (visitor, identifiers, mode) in enumerate(steps):
        before, identified = dict(world.identifiers), set(world.identified)
        world.happens(at, visitor, identifiers, mode)
        assert not {absorbed for absorbed, _ in world.joined} & identified
        assert before.items() <= world.identifiers.items()


@given(STEPS)
def test_saying_it_again_changes_nothing(steps: list[tuple[str, dict[str, str], str]]) -> None:
    """The same claim by the same browser a moment later changes nothing: no contact, no join, no epoch."""
    world = World()
    for at, (visitor, identifiers, mode) in enumerate(steps):
        world.happens(2 * at, visitor, identifiers, mode)
        before = (dict(world.identifiers), dict(world.links), dict(world.visitors))
        again = world.happens(2 * at + 1, visitor, identifiers, mode)
        assert not isinstance(again, Create | Join)
        assert before == (world.identifiers, world.links, world.visitors)


@given(st.permutations([(10, "x@example.com"), (20, "k@example.com"), (30, "z@example.com")]))
def test_order_of_arrival_does_not_matter_to_whose_a_browser_was(arrivals: list[tuple[int, str]]) -> None:
    """Three people name themselves on one browser, and their words come late and in any order."""
    world = World()
    world.happens(0, "shared", {})
    for at, mail in arrivals:
        world.happens(at, "shared", {"email_id": mail})
    who = {mail: world.resolve(world.identifiers["email_id", mail]) for _, mail in arrivals}
    x, k, z = (who[f"{name}@example.com"] for name in "xkz")
    assert [x, x, x, k, k, z, z] == [world.owner("shared", at) for at in (5, 10, 19, 20, 29, 30, 99)]


def test_two_people_share_a_browser() -> None:
    """Karl after Xenia on one browser: what happened before is hers, then his, and hers again when she comes back."""
    world = World()
    for at, mail in [(0, {}), (10, {"email_id": "x@example.com"}), (20, {"email_id": "k@example.com"})]:
        world.happens(at, "shared", mail)
    world.happens(30, "shared", {"email_id": "x@example.com"})
    assert [1, 1, 1, 2, 2, 1] == [world.owner("shared", at) for at in (0, 10, 19, 20, 29, 30)]
    assert [] == world.joined
