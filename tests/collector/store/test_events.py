"""Reading events from a real file."""

import time
from pathlib import Path

import pytest

from collector.store.ports.events import EventQuery, Place, StoredEvent, Which
from collector.store.ports.store import QueryTooSlow, StoreFailed
from collector.store.property import parse_condition
from collector.store.sqlite.body import ACTIVITY, BOT, HISTORICAL, LATE
from sessionizer.event import Agent, ObjectRef, Page
from tests.collector.store.rows import CRAWLER, FIREFOX, Rows, ask
from tests.factories import SHOP, at

V1, V2 = "v" * 26, "w" * 26
UUID = "019365a0-0000-7000-8000-00000000000"


def found(rows: Rows, *, limit: int = 100, after: Place | None = None, **query: object) -> list[str]:
    """The ids that a query finds, in order."""
    asked = EventQuery(**query)  # type: ignore[arg-type]  # a test's own words
    return [event.id for event in ask(rows.folder, lambda store: store.events.find(asked, limit=limit, after=after))]


def get(rows: Rows, id: str) -> StoredEvent | None:
    """The event of that id."""
    return ask(rows.folder, lambda store: store.events.get(id))


def place(event: StoredEvent) -> Place:
    """Its place in a list."""
    return Place(event.at, event.id, event.offset)


def test_an_event_comes_back_whole(rows: Rows) -> None:
    """Every field that was recorded is read."""
    rows.contact(V1)
    rows.session(1, "09:00", "11:00", id=UUID + "1")
    rows.event(
        "10:00",
        id=UUID + "2",
        lag=1500,
        contact=1,
        visitor=V1,
        url="/cart",
        title="Cart",
        referrer=f"{SHOP}/",
        user_agent=FIREFOX,
        properties={"total": 9},
        identifiers={"ext_id": "u1"},
        object=("cart", "c1"),
        flags=ACTIVITY | LATE,
    )
    assert StoredEvent(
        offset=1,
        id=UUID + "2",
        category="website",
        key="page_visited",
        source="tracker",
        at=at("10:00"),
        received_at=at("10:00") + 1500,
        site=1,
        visitor=V1,
        contact=1,
        session=UUID + "1",
        page=Page(f"{SHOP}/cart", "Cart", f"{SHOP}/"),
        agent=Agent("Firefox", "Linux", "desktop", bot=False),
        properties={"total": 9},
        identifiers={"ext_id": "u1"},
        object=ObjectRef("cart", "c1"),
        causes=(),
        superseded=False,
        late=True,
    ) == get(rows, UUID + "2")


def test_newest_first_then_by_id(rows: Rows) -> None:
    """Events of one instant are in order of their ids as text, whichever way an id is stored."""
    for id in ("b", UUID + "1", "0", UUID + "2", "a"):
        rows.event("10:00", id=id)
    rows.event("09:00", id="old")
    rows.event("11:00", id="new")
    assert ["new", "b", "a", UUID + "2", UUID + "1", "0", "old"] == found(rows)
    assert ["old", "0", UUID + "1", UUID + "2", "a", "b", "new"] == found(rows, oldest=True)


def test_recorded_order_is_that_of_the_log(rows: Rows) -> None:
    """With `recorded` the newest recorded comes first, however long ago it happened."""
    rows.event("10:00")
    rows.event("09:00")
    assert ["e2", "e1"] == found(rows, recorded=True)
    assert ["e1", "e2"] == found(rows)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("narrowed", [{}, {"categories": ("website",)}, {"contacts": (1,)}, {"q": "page"}])
def test_pages_neither_miss_nor_repeat(rows: Rows, recorded: bool, narrowed: dict[str, object]) -> None:
    """While rows arrive before and between, a walk by cursor shows each row that was there at first, once."""
    rows.contact()
    ids = {rows.event(f"10:{n // 3:02}", contact=1) for n in range(10)}
    query = EventQuery(recorded=recorded, **narrowed)  # type: ignore[arg-type]  # a test's own words
    seen: list[str] = []
    after = None
    while page := ask(rows.folder, lambda store: store.events.find(query, limit=3, after=after)):  # noqa: B023
        seen += [event.id for event in page]
        after = place(page[-1])
        rows.event("12:00", contact=1)
        rows.event("10:03", contact=1, id=f"z{len(seen)}")
    assert len(seen) == len(set(seen))
    assert ids <= set(seen)


def test_the_same_id_from_two_doors_is_paged(rows: Rows) -> None:
    """Two events with one id and one instant are both shown, each once."""
    rows.event("10:00", id="x", door="site:1")
    rows.event("10:00", id="x", door="site:2")
    first = ask(rows.folder, lambda store: store.events.find(EventQuery(), limit=1))
    assert 2 == first[0].offset
    assert ["x"] == found(rows, after=place(first[0]))


def test_each_filter_narrows(rows: Rows) -> None:
    """Values of one field are alternatives, fields must all hold."""
    rows.contact(V1)
    rows.contact(V2)
    rows.event("10:00", contact=1, visitor=V1, id="page")
    rows.event("10:01", "order_created", category="ecommerce", contact=1, source="api", site=0, door="api", id="order")
    rows.event("10:02", contact=2, visitor=V2, site=2, door="site:2", id="other")
    rows.event("10:03", "order_created", category="custom", id="named-alike")
    assert ["named-alike", "order"] == found(rows, keys=("order_created",))
    assert ["order"] == found(rows, categories=("ecommerce",), keys=("order_created",))
    assert ["other", "order", "page"] == found(rows, categories=("ecommerce", "website"))
    assert ["order", "page"] == found(rows, contacts=(1,))
    assert ["other", "order", "page"] == found(rows, contacts=(1, 2))
    assert ["page"] == found(rows, contacts=(1,), categories=("website",))
    assert ["other"] == found(rows, visitors=(V2,))
    assert ["other", "page"] == found(rows, visitors=(V1, V2))
    assert ["other"] == found(rows, sites=(2,))
    assert ["order"] == found(rows, sources=("api",))
    assert ["other", "order"] == found(rows, since=at("10:01"), until=at("10:03"))
    assert ["page"] == found(rows, until=at("10:01"))


@pytest.mark.parametrize(
    "query",
    [
        {"keys": ("nope",)},
        {"contacts": (99,)},
        {"visitors": ("nobody",)},
        {"sources": ("x",)},
        {"sites": (9,)},
        {"q": "zzz"},
    ],
)
@pytest.mark.parametrize("recorded", [False, True])
def test_what_was_never_seen_finds_nothing(rows: Rows, query: dict[str, object], recorded: bool) -> None:
    """A filter that names something unknown gives an empty list."""
    rows.event("10:00")
    assert [] == found(rows, recorded=recorded, **query)


def test_bots_and_superseded_are_hidden_unless_asked_for(rows: Rows) -> None:
    """Both kinds are left out by default, shown with include, alone with only."""
    rows.event("10:00", id="person")
    rows.event("10:01", id="bot", user_agent=CRAWLER, flags=BOT)
    rows.event("10:02", "push_session_started", category="push", door="derived", source="derived", id="wrong", flags=0)
    rows.retract("wrong")
    assert ["person"] == found(rows)
    assert ["bot", "person"] == found(rows, bots=Which.INCLUDE)
    assert ["bot"] == found(rows, bots=Which.ONLY)
    assert ["wrong", "person"] == found(rows, superseded=Which.INCLUDE)
    assert ["wrong"] == found(rows, superseded=Which.ONLY)
    wrong, bot = get(rows, "wrong"), get(rows, "bot")
    assert wrong is not None
    assert wrong.superseded
    assert bot is not None
    assert Agent("", "", "", bot=True) == bot.agent


def test_a_bots_visitor_is_found(rows: Rows) -> None:
    """A bot's events belong to nobody, and are found by their visitor all the same."""
    rows.contact(V1)
    rows.event("10:00", visitor=V1, flags=BOT)
    assert ["e1"] == found(rows, visitors=(V1,), bots=Which.INCLUDE)


def test_a_join_makes_one_history_without_rewriting_it(rows: Rows) -> None:
    """Whichever of the joined contacts is asked for, all events come, and they answer with the survivor."""
    for _ in range(3):
        rows.contact()
    for contact in (1, 2, 3):
        rows.event("10:00", contact=contact)
    rows.join(absorbed=2, survivor=1)
    rows.join(absorbed=1, survivor=3)
    for contact in (1, 2, 3):
        events = ask(rows.folder, lambda store: store.events.find(EventQuery(contacts=(contact,)), limit=9))  # noqa: B023
        assert [3, 3, 3] == [event.contact for event in events]


def test_a_visitor_that_changed_hands_is_found_whole(rows: Rows) -> None:
    """The events of a browser come together, though they are of two people."""
    rows.contact(V1)
    rows.contact()
    rows.epoch(V1, "11:00", contact=2)
    rows.event("10:00", visitor=V1, contact=1)
    rows.event("12:00", visitor=V1, contact=2)
    assert ["e2", "e1"] == found(rows, visitors=(V1,))


def test_an_event_is_of_the_session_around_it(rows: Rows) -> None:
    """Activity from the first to the last instant of a session is in it, of the survivor after a join; else of none."""
    first, second = UUID + "1", UUID + "2"
    rows.contact()
    rows.contact()
    rows.session(1, "10:00", "10:20", id=first)
    rows.session(1, "12:00", "12:00", id=second)
    for when in ("09:59:59.999", "10:00", "10:20", "10:20:00.001", "12:00"):
        rows.event(when, contact=1)
    rows.event("10:10", contact=2, id="absorbed")
    rows.event("10:10", contact=1, id="passive", flags=0)
    rows.event("10:00", "push_session_started", category="push", source="derived", door="derived", id=first, contact=1)
    rows.join(absorbed=2, survivor=1)
    events = ask(rows.folder, lambda store: store.events.find(EventQuery(), limit=20))
    assert {
        "e1": None,
        "e2": first,
        "e3": first,
        "e4": None,
        "e5": second,
        "absorbed": first,
        "passive": None,
        first: first,
    } == {event.id: event.session for event in events}


def test_q_looks_at_key_identifier_path_and_title(rows: Rows) -> None:
    """A prefix of key, identifier or path, or whole words of the title; nothing inside, nothing of properties."""
    rows.contact(ext_id="user-1", email_id="ada@example.org")
    rows.event("10:00", "Checkout_done", category="custom", id="key")
    rows.event("10:01", contact=1, id="person")
    rows.event("10:02", url="/pricing/team?x=1", title="Our Prices, all of them", id="page")
    rows.event("10:03", properties={"checkout": "pricing"}, id="inside")
    assert ["key"] == found(rows, q="checkout")
    assert ["person"] == found(rows, q="user-")
    assert ["person"] == found(rows, q="ADA@")
    assert ["page"] == found(rows, q="/pricing")
    assert ["page"] == found(rows, q="prices")
    assert ["page"] == found(rows, q="them our")
    assert [] == found(rows, q="price")
    assert [] == found(rows, q="done")
    assert [] == found(rows, q="%")
    assert ["page"] == found(rows, q="/pricing", categories=("website",))
    assert ["page"] == found(rows, q="/pricing", recorded=True)


def test_q_finds_the_same_when_matches_are_many(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the walk goes along all events instead of along the matches, the answer is the same."""
    monkeypatch.setattr("collector.store.sqlite.event_walks.GATHERED", 2)
    rows.contact(ext_id="/s-lover")
    for minute in range(9):
        rows.event(f"10:{minute:02}", url="/shoes" if minute % 2 else "/hats", title="The Shop")
    rows.event("11:00", contact=1)
    assert ["e10", "e8", "e6", "e4", "e2"] == found(rows, q="/s")
    assert ["e10", "e8", "e6"] == found(rows, q="/s", recorded=True, limit=3)
    assert ["e9", "e8"] == found(rows, q="shop", limit=2)
    assert ["e10", "e9"] == found(rows, keys=("page_visited",), recorded=True, limit=2)


def test_many_alternatives_are_merged(rows: Rows) -> None:
    """More kinds than walks fit into one statement are found all the same."""
    for n in range(100):
        rows.event("10:00", f"k{n:03}", category="custom", id=f"{n:03}")
    assert ["099", "098"] == found(rows, categories=("custom",), limit=2)
    assert ["007", "001"] == found(rows, keys=("k001", "k007"))


def test_properties_narrow(rows: Rows) -> None:
    """Conditions on properties are alternatives; an event without properties meets none but a negation."""
    rows.event("10:00", properties={"total": 5})
    rows.event("10:01", properties={"total": 50, "plan": "pro"})
    rows.event("10:02")
    assert ["e2"] == found(rows, properties=(parse_condition("total:gt:5"),))
    assert ["e2", "e1"] == found(rows, properties=(parse_condition("total:lte:5"), parse_condition("plan:eq:pro")))
    assert ["e3", "e1"] == found(rows, properties=(parse_condition("plan:ne:pro"),))


def test_a_page_goes_on_behind_filtered_rows(rows: Rows) -> None:
    """The limit counts matches, not rows looked at."""
    for n in range(30):
        rows.event(f"10:{n:02}", properties={"n": n})
    assert ["e10", "e5", "e1"] == found(rows, properties=(parse_condition("n:in:0,4,9"),), limit=3)


def test_a_servers_id_goes_before_a_public_one(rows: Rows) -> None:
    """Who holds a write key can say an id of a server's event, and hides nothing by it."""
    rows.event("10:00", id="order-1", door="site:1", key="squatter")
    rows.event("10:01", id="order-1", door="api", key="order_created")
    event = get(rows, "order-1")
    assert event is not None
    assert "order_created" == event.key
    assert None is get(rows, "order-2")


def test_news_come_in_order_and_in_pieces(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind an offset, oldest recorded first; `upto` says how far was looked, also where nothing matched."""
    monkeypatch.setattr("collector.store.sqlite.events.PIECE", 4)
    for n in range(6):
        rows.event("10:00", "odd" if n % 2 else "even", category="custom")

    def news(after: int, limit: int, **query: object) -> tuple[list[int], int]:
        asked = EventQuery(**query)  # type: ignore[arg-type]  # a test's own words
        events, upto = ask(rows.folder, lambda store: store.events.news(asked, after=after, limit=limit))
        return [event.offset for event in events], upto

    assert ([1, 2], 2) == news(0, 2)
    assert ([1, 2, 3, 4], 4) == news(0, 9)
    assert ([2, 4], 4) == news(0, 2, keys=("odd",))
    assert ([6], 6) == news(4, 9, keys=("odd",))
    assert ([], 4) == news(0, 9, keys=("never",))
    assert ([], 6) == news(6, 9)
    assert ([], 99) == news(99, 9)


def test_the_version_changes_when_somebody_writes(rows: Rows) -> None:
    """The same number twice when nothing happened, another after a commit."""

    async def versions(store: object) -> list[int]:
        events = store.events  # type: ignore[attr-defined]  # a SqliteStore
        seen = [await events.version(), await events.version()]
        rows.event("10:00")
        return [*seen, await events.version(), await events.end()]

    first, second, third, end = ask(rows.folder, versions)
    assert first == second != third
    assert 1 == end


def test_a_question_that_takes_too_long_is_stopped(rows: Rows) -> None:
    """The limit ends it from inside SQLite, and the connection serves the next question."""
    rows.many(100_000)

    async def questions(store: object) -> float:
        events = store.events  # type: ignore[attr-defined]  # a SqliteStore
        begun = time.monotonic()
        for _ in range(4):
            with pytest.raises(QueryTooSlow):
                await events.find(EventQuery(properties=(parse_condition("a:eq:1"),)), limit=1)
        spent = time.monotonic() - begun
        assert await events.get("x1") is not None
        return spent

    assert ask(rows.folder, questions, limit_s=0.02) < 2


def test_a_folder_without_files_says_so(tmp_path: Path) -> None:
    """Opening fails at once, naming the file, and leaves nothing open."""
    with pytest.raises(StoreFailed, match=r"store\.db"):
        ask(tmp_path, lambda store: store.position())


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    """Opening fails at once."""
    (tmp_path / "store.db").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreFailed, match="not a database"):
        ask(tmp_path, lambda store: store.position())


def test_what_follows_from_an_event_is_found(rows: Rows) -> None:
    """Derived events that name it, superseded ones too, the oldest first; also those that a survivor has of it."""
    rows.contact()
    rows.contact()
    cause = rows.event("10:00", contact=2, id="cause")
    derived = {"source": "derived", "door": "derived", "flags": 0}
    rows.event("10:40", "session_ended", contact=1, id="later", causes=(cause,), **derived)
    rows.event("10:30", "session_ended", contact=2, id="sooner", causes=(cause,), **derived)
    rows.event("10:30", "session_ended", contact=2, id="of-another", causes=("e9",), **derived)
    rows.event("10:30", contact=2, id="given", causes=(cause,))
    rows.event("10:30", contact=None, id="nobodys", causes=(cause,), **derived)
    rows.retract("sooner")
    rows.join(absorbed=2, survivor=1)

    def effects(id: str, limit: int = 9) -> list[tuple[str, bool]]:
        event = ask(rows.folder, lambda store: store.events.get(id))
        assert event
        found = ask(rows.folder, lambda store: store.events.caused_by(event, limit=limit))
        return [(one.id, one.superseded) for one in found]

    assert [("sooner", True), ("later", False)] == effects("cause")
    assert [("sooner", True)] == effects("cause", limit=1)
    assert [] == effects("later") == effects("nobodys")


def test_a_historical_event_is_known_as_such(rows: Rows) -> None:
    """The flag of what was imported from before."""
    rows.event("10:00", id="old", flags=HISTORICAL)
    rows.event("10:01", id="new")
    found = {id: ask(rows.folder, lambda store, id=id: store.events.get(id)) for id in ("old", "new")}
    assert {"old": True, "new": False} == {id: event.historical for id, event in found.items() if event}
