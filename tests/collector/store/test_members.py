"""Who is kept in a segment, since when, and how that came to be: as the worker has written it into a real file."""

from datetime import UTC

import pytest

from collector.store.ports.contacts import ContactQuery, Meets
from collector.store.ports.segments import Passage, Place, Progress, Sample, Stay
from collector.store.ports.work import Membership, Turn, Walk
from sessionizer.segments.condition import IdentityIs
from sessionizer.segments.history import Moment
from tests.collector.store.rows import Rows, ask
from tests.factories import at

VIPS, OTHERS = 1, 2


def stays(rows: Rows, segment: int, *contacts: int, since: str = "00:00") -> None:
    """The worker keeps these as members."""
    with rows.work.transaction():
        rows.work.segments.set_members(Membership(segment, contact, True, at(since)) for contact in contacts)


def turns(rows: Rows, *lines: tuple[str, int, bool]) -> None:
    """The worker tells who came (True) or went, when."""
    with rows.work.transaction():
        rows.work.segments.tell(
            Turn(VIPS, contact, at(when), entered, "event", f"by-{when}") for when, contact, entered in lines
        )


@pytest.fixture
def people(rows: Rows) -> Rows:
    """Four contacts."""
    for number in range(4):
        rows.contact(email_id=f"{number}@x.example")
    return rows


def test_how_far_the_worker_is_with_a_segment(rows: Rows) -> None:
    """Whom it has not seen yet is not there; more contacts than there were are not asked."""
    with rows.work.transaction():
        rows.work.segments.put_walks(
            [Walk(1, b"a", at("00:01"), "created", 200, 900), Walk(2, b"b", at("00:02"), "edited", 9, 7, stopped=True)]
        )
    found = ask(rows.folder, lambda store: store.members.progress([1, 2, 3]))
    assert {
        1: Progress(b"a", at("00:01"), 200, 900, stopped=False),
        2: Progress(b"b", at("00:02"), 7, 7, stopped=True),
    } == found
    assert [False, True] == [one.is_done for one in found.values()]


def test_members_are_counted_and_come_page_by_page(people: Rows) -> None:
    """The newest contact first, with the instant since when they are in it."""
    stays(people, VIPS, 1, 2, 4, since="00:07")
    stays(people, OTHERS, 3)
    assert {VIPS: 3, OTHERS: 1, 9: 0} == ask(people.folder, lambda store: store.members.count([VIPS, OTHERS, 9]))
    first = ask(people.folder, lambda store: store.members.page(VIPS, limit=2))
    assert [Stay(VIPS, 4, at("00:07")), Stay(VIPS, 2, at("00:07"))] == first
    assert [1] == [one.contact for one in ask(people.folder, lambda s: s.members.page(VIPS, limit=2, before=2))]


def test_contacts_are_found_by_the_segment_that_keeps_them(people: Rows) -> None:
    """As by any other filter."""
    stays(people, VIPS, 1, 4)
    asked = ContactQuery(segment=VIPS)
    assert [4, 1] == [one.id for one in ask(people.folder, lambda store: store.contacts.find(asked, limit=9))]
    assert 2 == ask(people.folder, lambda store: store.contacts.count(asked))


def test_a_contact_has_its_segments(people: Rows) -> None:
    """By id."""
    stays(people, OTHERS, 1, since="00:03")
    stays(people, VIPS, 1, 2)
    found = ask(people.folder, lambda store: store.members.of_contact(1))
    assert [Stay(VIPS, 1, at("00:00")), Stay(OTHERS, 1, at("00:03"))] == found


def test_a_question_is_held_against_who_is_kept(people: Rows) -> None:
    """How many of those whom it finds are members of another segment."""
    stays(people, VIPS, 2, 3)
    people.contact()
    meets = Meets(IdentityIs(is_="identified"), Moment(at("01:00"), UTC))
    found = ask(people.folder, lambda store: store.members.sample(meets, size=1, beside=VIPS))
    assert Sample(4, (4,), both=2) == found


def test_a_history_is_read_backward(people: Rows) -> None:
    """The newest first; who was absorbed since is who they are by now, and a page goes on where the last one ended."""
    turns(people, ("00:01", 1, True), ("00:01", 2, True), ("00:05", 2, False), ("00:05", 2, True), ("00:09", 1, False))
    people.join(absorbed=2, survivor=3)
    found = ask(people.folder, lambda store: store.members.history(VIPS, limit=9))
    assert [(1, False), (3, True), (3, False), (3, True), (1, True)] == [
        (one.contact, one.place.entered) for one in found
    ]
    assert Passage(3, "event", "by-00:05", Place(at("00:05"), 2, True)) == found[1]
    for n, one in enumerate(found):
        rest = ask(people.folder, lambda store, place=one.place: store.members.history(VIPS, limit=9, before=place))
        assert found[n + 1 :] == rest
    of_two = ask(people.folder, lambda store: store.members.history(VIPS, limit=2, contacts=(3, 2)))
    assert [found[1], found[2]] == of_two


def test_a_size_is_known_of_long_ago(people: Rows) -> None:
    """From who is in it now, back through who came and went; at an instant's end what happened before it counts."""
    turns(people, ("00:01", 1, True), ("00:02", 2, True), ("00:03", 2, False), ("00:09", 4, True))
    stays(people, VIPS, 1, 4)
    ends = [at(when) for when in ("00:01", "00:02", "00:03", "00:09", "00:10")]
    assert [0, 1, 2, 1, 2] == ask(people.folder, lambda store: store.members.sizes(VIPS, ends))
    assert [] == ask(people.folder, lambda store: store.members.sizes(VIPS, []))


def test_a_size_is_never_below_nobody(people: Rows) -> None:
    """Who was absorbed came in, and never went out."""
    turns(people, ("00:01", 1, True), ("00:05", 2, True))
    stays(people, VIPS, 1)
    assert [0, 0] == ask(people.folder, lambda store: store.members.sizes(VIPS, [at("00:01"), at("00:03")]))
