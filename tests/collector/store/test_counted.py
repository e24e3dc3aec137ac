"""Reading page by page with a count, as Brevo's clients ask: events and contacts from a real file."""

import pytest

from collector.store.ports.contacts import ContactQuery
from collector.store.ports.events import EventQuery
from collector.store.sqlite.definitions.lists import SqliteLists
from tests.collector.store.rows import Rows, ask
from tests.factories import at


def events(rows: Rows, *, limit: int = 100, skip: int = 0, **query: object) -> tuple[list[str], int]:
    """(ids of a page, how many there are in all)."""
    asked = EventQuery(**query)  # type: ignore[arg-type]  # a test's own words
    found = ask(rows.folder, lambda store: store.events.page(asked, limit=limit, skip=skip))
    return [event.id for event in found], ask(rows.folder, lambda store: store.events.count(asked))


def contacts(
    rows: Rows, *, limit: int = 100, skip: int = 0, descending: bool = True, **query: object
) -> tuple[list[int], int]:
    """(ids of a page, how many there are in all)."""
    asked = ContactQuery(**query)  # type: ignore[arg-type]  # a test's own words
    page = ask(rows.folder, lambda store: store.contacts.page(asked, limit=limit, skip=skip, descending=descending))
    return [contact.id for contact in page], ask(rows.folder, lambda store: store.contacts.count(asked))


def test_events_are_skipped_and_counted(rows: Rows) -> None:
    """Newest first; the count is of all that match, whatever the page; several keys are several walks."""
    for minute in range(4):
        rows.event(f"00:0{minute}", ("a", "b")[minute % 2], category="custom", id=f"m{minute}")
    rows.event("00:09", "c", category="custom")
    asked = {"categories": ("custom",), "keys": ("a", "b")}
    assert (["m3", "m2", "m1", "m0"], 4) == events(rows, **asked)
    assert (["m2", "m1"], 4) == events(rows, limit=2, skip=1, **asked)
    assert ([], 4) == events(rows, skip=4, **asked)
    assert (["m3", "m2"], 2) == events(rows, since=at("00:02"), **asked)
    assert ([], 0) == events(rows, keys=("never",))


def test_events_are_counted_without_a_filter(rows: Rows) -> None:
    """The walk is then one along time."""
    rows.event("00:01", id="one")
    assert (["one"], 1) == events(rows)


def test_events_are_found_by_the_type_of_their_object(rows: Rows) -> None:
    """One of several types is enough; an event without an object is of none."""
    rows.event("00:01", "a", category="custom", object=("cart", "1"), id="cart")
    rows.event("00:02", "a", category="custom", object=("car", "1"), id="car")
    rows.event("00:03", "a", category="custom")
    assert (["car", "cart"], 2) == events(rows, object_types=("car", "cart"))
    assert (["cart"], 1) == events(rows, keys=("a",), object_types=("cart",))
    assert ([], 0) == events(rows, object_types=("boat",))


def test_events_of_a_joined_contact_are_counted_once(rows: Rows) -> None:
    """Those of both, under either id."""
    one, two = rows.contact(email_id="a@x.example"), rows.contact(email_id="b@x.example")
    rows.event("00:01", contact=one, id="e1")
    rows.event("00:02", contact=two, id="e2")
    rows.join(absorbed=two, survivor=one)
    for id in (one, two):
        assert (["e2", "e1"], 2) == events(rows, contacts=(id,))
    assert (["e2", "e1"], 2) == events(rows, contacts=(one, two))


def test_contacts_are_skipped_and_counted(rows: Rows) -> None:
    """By id in both directions; absorbed ones are not among them."""
    for number in range(4):
        rows.contact(email_id=f"{number}@x.example")
    rows.join(absorbed=2, survivor=4)
    assert ([4, 3, 1], 3) == contacts(rows)
    assert ([3, 4], 3) == contacts(rows, limit=2, skip=1, descending=False)
    assert ([], 3) == contacts(rows, skip=3)
    assert ([3], 1) == contacts(rows, ids=(3,))


def test_contacts_are_found_by_list(rows: Rows) -> None:
    """One of several lists is enough; who was absorbed stands there as the survivor, once."""
    lists = SqliteLists(rows.folder / "store.db")
    ids = [lists.create(name, folder=1, at=0).id for name in ("A", "B")]
    for number in range(3):
        rows.contact(email_id=f"{number}@x.example")
    with rows.work.transaction():
        for contact, name in ((1, "A"), (2, "A"), (3, "B")):
            rows.work.people.enlist(contact, name, at=0)
    rows.join(absorbed=1, survivor=2)
    assert ([2], 1) == contacts(rows, lists=(ids[0],))
    assert ([3, 2], 2) == contacts(rows, lists=tuple(ids))
    assert {ids[0]: "A", ids[1]: "B"} == lists.names()
    assert [("A", 1), ("B", 1)] == [(one.name, one.contacts) for one in map(lists.get, ids) if one]
    assert lists.get(ids[1] + 1) is None
    lists.close()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("CITY", "Rome", [1]), ("AGE", 36, [2]), ("AGE", 36.0, [2]), ("VIP", True, [2]), ("CITY", "Milan", []),
     ("first name", "Ada", [3])],
)  # fmt: skip
def test_contacts_are_found_by_an_attribute(rows: Rows, name: str, value: object, expected: list[int]) -> None:
    """Its exact value, of whatever type; also where an absorbed contact has it."""
    for number in range(4):
        rows.contact(email_id=f"{number}@x.example")
    rows.attributes(1, {"CITY": "Rome"})
    rows.attributes(2, {"AGE": 36, "VIP": True})
    rows.attributes(4, {"first name": "Ada"})
    rows.join(absorbed=4, survivor=3)
    assert (expected, len(expected)) == contacts(rows, attribute=(name, value))


def test_contacts_are_found_by_when_they_were_seen(rows: Rows) -> None:
    """From included."""
    rows.contact(when="08:00", email_id="a@x.example")
    rows.contact(when="09:00", email_id="b@x.example")
    assert ([2], 1) == contacts(rows, created_since=at("09:00"))
    assert ([2, 1], 2) == contacts(rows, modified_since=at("08:00"))
    assert ([], 0) == contacts(rows, modified_since=at("09:00") + 1)
