"""Reading sessions from a real file."""

import sqlite3

from collector.store.ports.sessions import Beside, SessionPlace, SessionQuery, StoredSession
from sessionizer.event import Agent
from sessionizer.session import Session, Utm
from tests.collector.store.rows import Rows, ask
from tests.factories import at

S = "019365a0-0000-8000-8000-00000000000"


def found(rows: Rows, *, limit: int = 100, after: SessionPlace | None = None, **query: object) -> list[str]:
    """The last characters of the ids that a query finds, in order."""
    asked = SessionQuery(**query)  # type: ignore[arg-type]  # a test's own words
    sessions = ask(rows.folder, lambda store: store.sessions.find(asked, limit=limit, after=after))
    return [stored.session.id[-1] for stored in sessions]


def test_a_session_comes_back_whole(rows: Rows) -> None:
    """Every field that its rule said, and whose it is: the survivor."""
    rows.contact()
    rows.contact()
    said = {
        "events": 5,
        "pages": 3,
        "entry_page": "https://shop.example/",
        "exit_page": "https://shop.example/cart",
        "referrer": "https://search.example/",
        "utm": Utm("news", "mail", "autumn"),
        "agent": Agent("Firefox", "Linux", "desktop"),
        "sites": (1, 2),
        "visitor_ids": ("v" * 26,),
    }
    rows.session(2, "10:00", "10:20", id=S + "1", open=True, **said)
    rows.join(absorbed=2, survivor=1)
    stored = ask(rows.folder, lambda store: store.sessions.get(S + "1"))
    assert StoredSession(1, Session(S + "1", at("10:00"), at("10:20"), True, **said)) == stored  # type: ignore[arg-type]


def test_each_filter_narrows(rows: Rows) -> None:
    """By contact with all whom it absorbed, by any site that was visited, by the instant of the beginning."""
    for _ in range(3):
        rows.contact()
    rows.session(1, "10:00", "10:30", id=S + "1")
    rows.session(2, "11:00", "11:30", id=S + "2", sites=(1, 2))
    rows.session(3, "12:00", "12:30", id=S + "3", sites=(3,))
    assert ["3", "2", "1"] == found(rows)
    assert ["2"] == found(rows, contacts=(2,))
    assert ["3", "1"] == found(rows, contacts=(1, 3))
    assert ["2"] == found(rows, sites=(2,))
    assert ["3", "2"] == found(rows, sites=(2, 3))
    assert ["2"] == found(rows, since=at("11:00"), until=at("12:00"))
    rows.join(absorbed=1, survivor=2)
    assert ["2", "1"] == found(rows, contacts=(1,))


def test_sessions_of_an_older_file_are_found_by_a_later_site(rows: Rows) -> None:
    """What was written before the column said whether there were several sites: its body is asked."""
    rows.contact()
    rows.session(1, "10:00", "10:30", id=S + "1", sites=(1, 2))
    with sqlite3.connect(rows.folder / "store.db") as file:
        file.execute("UPDATE sessions SET several = NULL")
    file.close()
    assert (["1"], []) == (found(rows, sites=(2,)), found(rows, sites=(3,)))


def test_pages_by_beginning_and_id(rows: Rows) -> None:
    """Sessions that began at one instant are in order of their ids; each is shown once."""
    for n in (2, 1, 3):
        rows.session(n, "10:00", "10:00", id=S + str(n))
    rows.session(4, "09:00", "09:30", id=S + "4")
    assert ["3", "2"] == found(rows, limit=2)
    assert ["1", "4"] == found(rows, after=SessionPlace(at("10:00"), S + "2"))


def test_a_replaced_session_leads_to_the_one_that_stands(rows: Rows) -> None:
    """Also when it was replaced more than once."""
    rows.session(1, "10:00", "10:00", id=S + "1")
    rows.session(1, "09:50", "10:00", id=S + "2")
    rows.replace(1, S + "1", by=S + "2")
    rows.session(1, "09:40", "10:00", id=S + "3")
    rows.replace(1, S + "2", by=S + "3")
    assert None is ask(rows.folder, lambda store: store.sessions.get(S + "1"))
    assert S + "3" == ask(rows.folder, lambda store: store.sessions.replacement(S + "1"))
    assert S + "3" == ask(rows.folder, lambda store: store.sessions.replacement(S + "2"))
    assert None is ask(rows.folder, lambda store: store.sessions.replacement(S + "3"))


def test_sources_and_devices_narrow(rows: Rows) -> None:
    """As the session says them; "" are those that came direct, or on who knows what."""
    rows.contact()
    rows.session(1, "10:00", "10:30", id=S + "1", utm=Utm("news"), agent=Agent("Firefox", "Linux", "desktop"))
    rows.session(1, "11:00", "11:30", id=S + "2", referrer="https://www.search.example/?q=1")
    rows.session(1, "12:00", "12:30", id=S + "3", agent=Agent("", "", "mobile"))
    assert ["1"] == found(rows, sources=("news",))
    assert ["3", "2"] == found(rows, sources=("search.example", ""))
    assert ["3", "1"] == found(rows, devices=("mobile", "desktop"))
    assert ["2"] == found(rows, devices=("",))
    assert ["3"] == found(rows, devices=("mobile",), contacts=(1,))
    assert ["1"] == found(rows, sources=("news",), after=SessionPlace(at("11:00"), S + "2"))


def test_several_by_their_ids(rows: Rows) -> None:
    """Those that stand; what was never one, or was replaced, is left out."""
    rows.contact()
    for n in (1, 2, 3):
        rows.session(1, f"1{n}:00", f"1{n}:10", id=S + str(n))
    rows.replace(1, S + "2", by=S + "3")
    several = ask(rows.folder, lambda store: store.sessions.several([S + "1", S + "2", S + "3", "never"]))
    assert {S + "1", S + "3"} == {stored.session.id for stored in several}
    assert [] == ask(rows.folder, lambda store: store.sessions.several([]))


def test_successors_of_several_at_once(rows: Rows) -> None:
    """Each replaced id with the session that stands; what stands, or never was, has none."""
    for n in (1, 2, 3):
        rows.session(1, f"1{n}:00", f"1{n}:10", id=S + str(n))
    rows.replace(1, S + "1", by=S + "2")
    rows.replace(1, S + "2", by=S + "3")
    asked = [S + "1", S + "2", S + "3", "never"]
    found = ask(rows.folder, lambda store: store.sessions.successors(asked))
    assert {S + "1": S + "3", S + "2": S + "3"} == found
    assert {} == ask(rows.folder, lambda store: store.sessions.successors([]))


def test_the_sessions_beside_one_are_of_the_same_contact(rows: Rows) -> None:
    """By their beginning, then by id; those of somebody else are passed over, those of whom was absorbed are not."""
    rows.contact()
    rows.contact()
    rows.contact()
    rows.session(2, "09:00", "09:10", id=S + "1")
    rows.session(1, "10:00", "10:10", id=S + "2")
    rows.session(3, "10:30", "10:40", id=S + "3")
    rows.session(1, "11:00", "11:10", id=S + "4")
    rows.session(1, "11:00", "11:10", id=S + "5")
    rows.join(absorbed=2, survivor=1)

    def beside(id: str) -> Beside:
        stored = ask(rows.folder, lambda store: store.sessions.get(id))
        assert stored
        return ask(rows.folder, lambda store: store.sessions.beside(stored))

    assert Beside(None, S + "2") == beside(S + "1")
    assert Beside(S + "1", S + "4") == beside(S + "2")
    assert Beside(S + "2", S + "5") == beside(S + "4")
    assert Beside(S + "4", None) == beside(S + "5")
    assert Beside(None, None) == beside(S + "3")
