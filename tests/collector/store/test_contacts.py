"""Reading contacts from a real file."""

from collector.store.ports.contacts import (
    Absorbed,
    Browser,
    Claim,
    Conflict,
    ContactQuery,
    Resolved,
    StoredContact,
    Story,
)
from tests.collector.store.rows import Rows, ask
from tests.factories import at

V1, V2, V3 = "u" * 26, "v" * 26, "w" * 26


def found(rows: Rows, *, limit: int = 100, before: int | None = None, **query: object) -> list[int]:
    """The ids that a query finds, in order."""
    asked = ContactQuery(**query)  # type: ignore[arg-type]  # a test's own words
    contacts = ask(rows.folder, lambda store: store.contacts.find(asked, limit=limit, before=before))
    return [contact.id for contact in contacts]


def get(rows: Rows, id: int) -> StoredContact | None:
    """The contact of that id."""
    return ask(rows.folder, lambda store: store.contacts.get(id))


def test_a_joined_contact_has_everything_of_both(rows: Rows) -> None:
    """Identifiers, the survivor's own first, browsers, the whole span of time, attributes."""
    rows.contact(V1, when="09:00", email_id="ada@work.example")
    rows.contact(V2, when="08:00", email_id="ada@home.example", ext_id="u1")
    rows.contact(V3)
    rows.identify(1, "email_id", "ada@late.example", when="10:00")
    rows.epoch(V3, "11:00", contact=2)
    rows.attributes(1, {"FIRSTNAME": "Ada", "AGE": 36})
    rows.join(absorbed=2, survivor=1)
    assert StoredContact(
        id=1,
        identifiers={"email_id": ("ada@work.example", "ada@late.example", "ada@home.example"), "ext_id": ("u1",)},
        attributes={"FIRSTNAME": "Ada", "AGE": 36},
        lists=(),
        consent="unknown",
        first_seen_at=at("08:00"),
        last_seen_at=at("09:00"),
        anonymous=False,
        visitors=(V1, V2, V3),
    ) == get(rows, 1)
    assert None is get(rows, 2)


def test_an_anonymous_contact_is_its_browser(rows: Rows) -> None:
    """Nothing is known of it but that it was there."""
    rows.contact(V1)
    contact = get(rows, 1)
    assert contact is not None
    assert (True, {}, (V1,)) == (contact.anonymous, contact.identifiers, contact.visitors)


def test_resolving_an_id(rows: Rows) -> None:
    """Every id that ever was leads to the survivor; one that never was to nothing."""
    for _ in range(3):
        rows.contact()
    rows.join(absorbed=2, survivor=1)
    rows.join(absorbed=1, survivor=3)
    for id in (1, 2, 3):
        resolved = ask(rows.folder, lambda store: store.contacts.resolve(id))  # noqa: B023
        assert Resolved(3, (3, 1, 2)) == resolved
    assert None is ask(rows.folder, lambda store: store.contacts.resolve(4))


def test_each_filter_narrows(rows: Rows) -> None:
    """Values of one kind are alternatives, kinds must all hold; the answer is always the survivor."""
    rows.contact(V1, email_id="ada@example.org", ext_id="u1")
    rows.contact(V2, email_id="bob@example.org", ext_id="u2")
    rows.contact(V3)
    assert [3, 2, 1] == found(rows)
    assert [1] == found(rows, identifiers={"email_id": ("ada@example.org",)})
    assert [1] == found(rows, identifiers={"email_id": ("Ada@Example.org",)})
    assert [2, 1] == found(rows, identifiers={"ext_id": ("u1", "u2", "u9")})
    assert [] == found(rows, identifiers={"email_id": ("ada@example.org",), "ext_id": ("u2",)})
    assert [] == found(rows, identifiers={"ext_id": ("ada@example.org",)})
    assert [3] == found(rows, visitors=(V3,))
    assert [2, 1] == found(rows, q="u")
    assert [2] == found(rows, q="BOB@")
    assert [] == found(rows, q="example")
    rows.join(absorbed=3, survivor=1)
    assert [1] == found(rows, visitors=(V3,))
    assert [2, 1] == found(rows)


def test_a_second_owner_of_a_browser_is_found_by_it(rows: Rows) -> None:
    """Both people who sat at it are."""
    rows.contact(V1)
    rows.contact()
    rows.epoch(V1, "11:00", contact=2)
    assert [2, 1] == found(rows, visitors=(V1,))


def test_pages_by_id(rows: Rows) -> None:
    """Newest id first, behind the last one shown."""
    for n in range(5):
        rows.contact(ext_id=f"u{n}")
    assert [5, 4] == found(rows, limit=2)
    assert [3, 2] == found(rows, limit=2, before=4)
    assert [1] == found(rows, before=2, q="u")


def test_somebody_is_found_by_any_id_that_is_typed(rows: Rows) -> None:
    """The whole id of a browser or of a contact stands beside the beginnings of identifiers; absorbed ones resolve."""
    rows.contact(V1, ext_id="2 is no number")
    rows.contact(V2)
    rows.contact(V3)
    rows.join(absorbed=3, survivor=2)
    assert [2] == found(rows, q=V2)
    assert [2] == found(rows, q=V3)
    assert [2] == found(rows, q="3")
    assert [2, 1] == found(rows, q="2")
    assert [] == found(rows, q=V2[:-1])
    assert [] == found(rows, q="9" * 5_000)


def test_identified_and_anonymous_ones_apart(rows: Rows) -> None:
    """And some by their ids, of which an absorbed one is none."""
    rows.contact(V1, ext_id="u1")
    rows.contact(V2)
    rows.contact(V3)
    assert [1] == found(rows, anonymous=False)
    assert [3, 2] == found(rows, anonymous=True)
    assert [2] == found(rows, anonymous=True, before=3)
    rows.join(absorbed=3, survivor=1)
    assert [2] == found(rows, anonymous=True)
    assert [2, 1] == found(rows, ids=(1, 2, 3))


def test_the_story_says_where_things_came_from(rows: Rows) -> None:
    """Who said each identifier, what was claimed in vain, whose browsers since when, whom it absorbed and by what."""
    rows.contact(V1, when="08:00", email_id="ada@x.example")
    rows.contact(V2, when="09:00")
    rows.contact(when="10:00", ext_id="u3")
    with rows.work.transaction():
        rows.work.people.identify(1, "phone_id", "+39333", verified=False, at=at("09:30"))
        rows.work.people.conflict(2, "ext_id", "u3", owner=3, at=at("09:40"), event="said")
        rows.work.people.set_attributes(1, {"CITY": "Roma", "AGE": 36}, {"CITY"})
    rows.epoch(V1, "11:00", contact=3)
    rows.join(absorbed=2, survivor=1)
    assert Story(
        identifiers=(
            Claim("email_id", "ada@x.example", True, at("08:00")),
            Claim("phone_id", "+39333", False, at("09:30")),
        ),
        conflicts=(Conflict("ext_id", "u3", 3, at("09:40"), "said"),),
        browsers=(Browser(V1, at("08:00"), at("11:00")), Browser(V2, at("09:00"), None)),
        absorbed=(Absorbed(2, at("00:00"), "joined"),),
        unverified=frozenset({"CITY"}),
    ) == ask(rows.folder, lambda store: store.contacts.story(1))


def test_a_browser_that_came_back_is_said_once(rows: Rows) -> None:
    """From the first time that it was the contact's, until somebody else sat down last."""
    rows.contact(V1, when="08:00")
    rows.contact()
    for since, contact in (("09:00", 2), ("10:00", 1), ("11:00", 1)):
        rows.epoch(V1, since, contact=contact)
    story = ask(rows.folder, lambda store: store.contacts.story(1))
    assert (Browser(V1, at("08:00"), None),) == story.browsers
    other = ask(rows.folder, lambda store: store.contacts.story(2))
    assert (Browser(V1, at("09:00"), at("10:00")),) == other.browsers


def test_nobody_has_no_story(rows: Rows) -> None:
    """Empty, not an error."""
    assert Story((), (), (), (), frozenset()) == ask(rows.folder, lambda store: store.contacts.story(9))
