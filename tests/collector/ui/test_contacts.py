"""The pages of people: finding one, who it is and who says so, the timeline."""

import re
from datetime import UTC, datetime

import msgspec
import pytest

from collector.log.sqlite import SqliteLog
from collector.store.ports.contacts import StoredContact
from collector.store.ports.events import StoredEvent
from collector.ui.contacts.names import called, initials
from collector.ui.contacts.timeline import BEGINS, ENDS, Card, Day, days_of, gist
from sessionizer.event import ObjectRef, Page
from sessionizer.session import Session
from tests.collector.ingest.sending import NOW, Deployment, event
from tests.collector.ui.console import Person
from tests.collector.ui.test_pages import PROBE, work
from tests.factories import DAY_0, at

MINUTE_MS = 60_000
OTHER = "6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a12"
NONCE = "6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a11"
DAY_MS = 86_400_000


def ago(minutes: int) -> str:
    """So long before now, as an event has it."""
    return datetime.fromtimestamp((NOW - minutes * MINUTE_MS) / 1000, UTC).isoformat()


def rows_of(text: str) -> list[str]:
    """The ids of the contacts that a list shows, in order."""
    return re.findall(r'href="/contacts/(\d+)" data-row', text)


def kinds_of(text: str) -> list[str]:
    """The events that a timeline shows, in order, as `category/key`."""
    return re.findall(r'data-row title="([^"]+)"', text)


def seen(rows: str) -> StoredContact:
    """A contact with attributes (`NAME=value`) and identifiers (`kind:value`), a word each."""
    words = rows.split()
    return StoredContact(
        id=7,
        identifiers={kind: (value,) for kind, _, value in (word.partition(":") for word in words if ":" in word)},
        attributes=dict(word.split("=") for word in words if "=" in word),
        lists=(),
        consent="unknown",
        first_seen_at=0,
        last_seen_at=0,
        anonymous=False,
        visitors=(),
    )


def happened(when: str, key: str = "website/page_visited", session: str | None = None, **fields: object) -> StoredEvent:
    """An event of a timeline; its id is its time."""
    category, _, key = key.partition("/")
    given = {"page": None, "properties": {}, "identifiers": {}, "object": None} | fields
    return StoredEvent(
        offset=1, id=when, category=category, key=key, source="tracker", at=at(when), received_at=at(when), site=1,
        visitor="", contact=1, session=session, agent=None, causes=(), superseded=False, late=False, **given,
    )  # type: ignore[arg-type]  # fmt: skip  # a test's own words


@pytest.mark.parametrize(
    ("contact", "name", "letters"),
    [
        ("FIRSTNAME=Ada LASTNAME=Lovelace email_id:ada@x.it", "Ada Lovelace", "AL"),
        ("NOME=Ada email_id:ada@x.it", "Ada", "A"),
        ("LASTNAME= phone_id:+39333 email_id:ada@x.it", "ada@x.it", "A"),
        ("ext_id:u-1", "u-1", "U"),
        ("phone_id:+39333", "+39333", ""),
        ("CITY=Roma", "", ""),
    ],
)
def test_what_somebody_is_called(contact: str, name: str, letters: str) -> None:
    """By name, else by mail, else by another identifier; by nothing else."""
    assert (name, letters) == (called(seen(contact)), initials(seen(contact)))


def test_a_timeline_is_days_of_sessions_of_events() -> None:
    """The newest day and session first, a session's events as they went; its begin and end are no rows of it."""
    a, b = Session("a", at("10:00"), at("10:20"), False), Session("b", at("23:50"), at("1d 00:10"), False)
    went = [
        began := happened("10:00", "/".join(BEGINS), "a"),
        first := happened("10:00:01", session="a"),
        receipt := happened("10:10", "transactional_email/opened"),
        last := happened("10:20", session="a"),
        ended := happened("10:50", "/".join(ENDS), "a"),
        order := happened("12:00", "ecommerce/order_completed", "unknown"),
        paid := happened("13:00", "payments/paid"),
        before := happened("23:50", session="b"),
        after := happened("1d 00:10", session="b"),
        late := happened("1d 09:00", "custom/called"),
    ]
    assert [
        Day(DAY_0 + DAY_MS, [Card(None, [late])]),
        Day(
            DAY_0,
            [
                Card(b, [before, after]),
                Card(None, [receipt, order, paid]),
                Card(a, [first, last], began, ended),
            ],
        ),
    ] == days_of(went[::-1], {"a": a, "b": b})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"page": Page("https://x.it/a", "Shoes"), "properties": {"title": "no"}}, "Shoes"),
        ({"page": Page("https://x.it/a")}, "/a"),
        ({"key": "custom/wished", "properties": {"colour": "red", "product_name": "Boots"}}, "product_name Boots"),
        ({"key": "custom/wished", "properties": {"title": {"deep": 1}, "name": True}, "page": Page("https://x.it/")},
         "/"),
        ({"key": "ecommerce/cart_updated", "object": ObjectRef("cart", "c1")}, "cart c1"),
        ({"key": "ecommerce/cart_updated", "object": ObjectRef("cart", "c1"), "properties": {"total": 1}}, "total 1"),
        ({"key": "contact/identified", "identifiers": {"ext_id": "u1"}}, "u1"),
        ({"key": "custom/wished"}, ""),
    ],
)  # fmt: skip
def test_what_says_most_of_an_event(fields: dict[str, object], expected: str) -> None:
    """A page's title, else a property that people understand, else the object, else where it was."""
    assert expected == gist(happened("10:00", **fields), "en")  # type: ignore[arg-type]  # a test's own words


def test_people_are_found_by_whatever_is_known_of_them(deployment: Deployment, admin: Person) -> None:
    """The beginning of an identifier, the whole id of a browser, a contact's number."""
    deployment.send(event(identifiers={"email_id": "anna@shop.it"}), nonce=NONCE)
    deployment.send(event(), nonce=OTHER)
    work(deployment)
    visitor = admin.get("/api/contacts/2").json()["visitors"][0]
    assert ["2", "1"] == rows_of(admin.get("/contacts").text)
    assert ["1"] == rows_of(admin.get("/contacts?q=ANNA@").text)
    assert ["2"] == rows_of(admin.get(f"/contacts?q={visitor}").text)
    assert ["2"] == rows_of(admin.get("/contacts?q=2").text)
    assert ["1"] == rows_of(admin.get("/contacts?anonymous=false").text)
    assert ["2"] == rows_of(admin.get("/contacts?anonymous=true").text)
    assert "Nothing matches" in admin.get("/contacts?q=nobody").text
    assert "Visitor 2" in admin.get("/contacts").text


def test_columns_are_chosen_in_the_address(deployment: Deployment, admin: Person) -> None:
    """Own ones and attributes; what is none of them is not shown, and the choice goes along with every link."""
    deployment.send(event(identifiers={"email_id": "anna@shop.it"}, contact_properties={"CITY": "Roma", "AGE": 36}))
    work(deployment)
    heads = re.compile(r'<th scope="col" [^>]*>([^<]*)</th>')
    usual = admin.get("/contacts").text
    assert (["Identifiers", "Last seen"], False) == (heads.findall(usual), "<td >Roma</td>" in usual)
    text = admin.get(
        "/contacts?columns=consent&columns=attribute:CITY&columns=attribute:GONE&columns=nonsense&columns=attribute:&columns="
    ).text
    assert ["Consent", "CITY", "GONE"] == heads.findall(text)
    assert "<td >Roma</td>" in text
    assert 'href="?anonymous=true&amp;columns=consent&amp;columns=attribute%3ACITY' in text


def test_the_list_goes_on_and_has_a_twin(deployment: Deployment, admin: Person) -> None:
    """Fifty a page, each once; the same filters lead on, and give the same as JSON."""
    deployment.send_as_server(*(event(identifiers={"ext_id": f"u{n}"}) for n in range(53)))
    work(deployment)
    first = admin.get("/contacts?q=u&columns=consent").text
    link = re.search(r'href="(\?[^"]*before=[^"]*)"', first)
    assert link
    second = admin.get("/contacts" + link[1].replace("&amp;", "&")).text
    assert [str(n) for n in range(53, 0, -1)] == rows_of(first) + rows_of(second)
    twin = re.search(r'href="(/contacts\.json[^"]*)"', first)
    assert twin
    answer = admin.get(twin[1].replace("&amp;", "&")).json()
    assert 53 == len(answer["contacts"])


def test_a_contact_says_who_told_what(deployment: Deployment, admin: Person) -> None:
    """A server's word and a browser's word are told apart; what was claimed in vain names whose it is."""
    deployment.send_as_server(event(category="contact", key="identified", identifiers={"ext_id": "bob-1"}))
    work(deployment)
    deployment.send(
        event(identifiers={"email_id": "anna@shop.it"}, contact_properties={"CITY": "Roma"}, occurred_at=ago(5)),
        nonce=NONCE,
    )
    work(deployment)
    deployment.send(event(id="claim", identifiers={"email_id": "anna@shop.it", "ext_id": "bob-1"}), nonce=NONCE)
    deployment.send_as_server(event(category="contact", key="identified", identifiers={"email_id": "anna@shop.it"}))
    work(deployment)
    text = admin.get("/contacts/2").text
    assert "said by a server" in text.partition("anna@shop.it</strong>")[2][:200]
    assert "said by a browser" in text.partition("<dd>Roma")[2][:120]
    of_bob = admin.get("/contacts/1").text
    assert "It was said to have anna@shop.it, which belongs to" in of_bob
    assert '<a href="/contacts/2">contact 2</a> · <a href="/events/claim">' in of_bob


def test_a_join_is_told(deployment: Deployment, admin: Person) -> None:
    """On the card with its event, and on the timeline; the absorbed id leads here."""
    deployment.send(event(identifiers={"email_id": "anna@shop.it"}, occurred_at=ago(90)), nonce=NONCE)
    deployment.send(event(id="before", occurred_at=ago(20)), nonce=OTHER)
    work(deployment)
    deployment.send(event(id="joins", identifiers={"email_id": "anna@shop.it"}), nonce=OTHER)
    work(deployment)
    text = admin.get("/contacts/1").text
    assert "Absorbed contact 2" in text
    assert 'href="/events/joins"' in text.partition("Absorbed contact 2")[2][:200]
    assert 'href="/events/before"' in text
    assert "From here on the history of contact 2 is theirs too." in text
    assert ">Page visited, 10:00:00</a>" in text.partition("What joined them:")[2][:100]
    moved = admin.get("/contacts/2")
    assert (308, "/contacts/1") == (moved.status_code, moved.headers["location"])


def test_a_session_is_a_card_and_its_bounds_are_no_rows(deployment: Deployment, admin: Person) -> None:
    """Where it came from, how long, how many pages; begin and end are links."""
    page = {"url": "https://shop.example/?utm_source=news", "title": "Home"}
    sent = [event(page=page, occurred_at=ago(90)), event(id="b", page=page, occurred_at=ago(80))]
    deployment.send(*sent, nonce=NONCE)
    deployment.send_as_server(event(key="order_created", occurred_at=ago(60)))
    work(deployment)
    text = admin.get("/contacts/1").text
    session = admin.get("/api/sessions").json()["sessions"][0]
    assert f'id="s-{session["id"]}"' in text
    assert "10 min · 2 pages" in text
    assert "Came from: news" in text
    assert ["website/page_visited"] * 2 == kinds_of(text)
    assert [True, True] == [words in text for words in ("Began at 08:30:00", "Ended: last activity at 08:40:00")]


def test_a_long_trail_is_folded(deployment: Deployment, admin: Person) -> None:
    """Twelve events are open, the rest one click away."""
    deployment.send(*(event(occurred_at=ago(60 - n)) for n in range(15)))
    work(deployment)
    text = admin.get("/contacts/1").text
    assert [12, 3] == [len(kinds_of(part)) for part in text.split("<details><summary>3 more")]


def test_the_timeline_is_filtered_by_family(deployment: Deployment, admin: Person) -> None:
    """The chips ask as the API does; what the API does not understand is said."""
    deployment.send(event(key="cart_updated", occurred_at=ago(2)), event(key="wished", occurred_at=ago(1)))
    work(deployment)
    assert 'href="?category=ecommerce&amp;category=payments' in admin.get("/contacts/1").text
    assert ["ecommerce/cart_updated"] == kinds_of(admin.get("/contacts/1?category=ecommerce&category=payments").text)
    assert "Nothing matches" in admin.get("/contacts/1?category=deals").text
    assert 400 == admin.get("/contacts/1?cursor=nonsense", accept="text/html").status_code


def test_the_timeline_goes_on(deployment: Deployment, admin: Person) -> None:
    """Older ones follow behind the last that was shown, each once, under the same filter."""
    sent = [event(key=f"k{n}", identifiers={"ext_id": "u1"}, occurred_at=ago(500 + n)) for n in range(405)]
    deployment.send_as_server(*sent)
    deployment.send_as_server(event(key="order_created", identifiers={"ext_id": "u1"}))
    work(deployment)
    shown: list[list[str]] = []
    link = "?category=custom"
    while link:
        text = admin.get(f"/contacts/1{link}").text
        shown.append(kinds_of(text))
        older = re.search(r'href="(\?category=custom&amp;cursor=[^"]*)"', text)
        link = older[1].replace("&amp;", "&") if older else ""
    assert [200, 200, 5] == [len(page) for page in shown]
    assert {f"custom/k{n}" for n in range(405)} == {kind for page in shown for kind in page}


def test_the_stream_is_that_of_the_contact_and_the_filter(deployment: Deployment, admin: Person) -> None:
    """What is announced is what the timeline would show."""
    deployment.send(event())
    work(deployment)
    text = admin.get("/contacts/1?category=ecommerce").text
    assert 'data-stream="/api/events/stream?contact=1&amp;category=ecommerce"' in text


def test_what_a_stranger_is_called_is_text(deployment: Deployment, admin: Person) -> None:
    """Probes in names, attributes, their names, and columns of the address."""
    deployment.send(
        event(identifiers={"ext_id": PROBE}, contact_properties={"FIRSTNAME": PROBE, PROBE: PROBE},
              properties={"name": PROBE}, key="wished"),
    )  # fmt: skip
    work(deployment)
    for path in "/contacts", "/contacts/1", f"/contacts?columns=attribute:{PROBE}", f"/contacts?q={PROBE}":
        text = admin.get(path).text
        assert ["&lt;script&gt;" in text, False, False] == [True, "<script>alert" in text, "<img src=x" in text]


def test_what_came_late_says_so(deployment: Deployment, admin: Person) -> None:
    """In time, but later than a session waits: when it was received; too late: what helps; imported: that it was,
    and then all of it is heard."""
    told = {"key": "order_created", "identifiers": {"ext_id": "u1"}}
    deployment.send_as_server({**event(**told), "occurred_at": ago(29)}, {**event(**told), "occurred_at": ago(31)})
    work(deployment)
    text = admin.get("/contacts/1").text
    assert (1, True) == (text.count("received later:"), "received later: 10:00:00" in text)
    assert "came late" not in text
    deployment.send_as_server({**event(**told), "occurred_at": ago(60 * 24 * 8)})
    work(deployment)
    text = admin.get("/contacts/1").text
    for said in (">came late</span>", "sentiero sessionize --rebuild"):
        assert 1 == text.count(said), said
    deployment.send_as_server({**event(**told), "occurred_at": ago(60 * 24 * 9), "historical": True})
    work(deployment)
    text = admin.get("/contacts/1").text
    assert (1, 0) == (text.count(">historical</span>"), text.count(">came late</span>"))


def test_corrections_are_shown_when_asked_for(deployment: Deployment, admin: Person) -> None:
    """Struck, in the card of what took their place, with their cause; the filters go along; nothing counts them."""
    deployment.send(event(id="a", occurred_at=ago(180)), event(id="b", occurred_at=ago(130)), nonce=NONCE)
    work(deployment)
    deployment.send(event(id="between", occurred_at=ago(155)), nonce=NONCE)
    work(deployment)
    plain = admin.get("/contacts/1").text
    assert [0, 1] == [plain.count(part) for part in (">taken back<", 'href="?superseded=include"')]
    text = admin.get("/contacts/1?superseded=include").text
    (session,) = admin.get("/api/sessions").json()["sessions"]
    card = text.partition(f'id="s-{session["id"]}"')[2].partition("</article>")[0]
    assert ["website/page_visited", "website/page_visited", "website/session_ended", "push/push_session_started",
            "website/page_visited"] == kinds_of(card)  # fmt: skip
    assert [2, 2, 2] == [card.count('class="derived gone"'), card.count(">taken back<"), text.count(">taken back<")]
    assert 'Derived from: <a href="/events/a">Page visited, 07:00:00</a>' in card
    assert f'In its place there is <a href="/sessions/{session["id"]}">' in card
    assert "Began at 07:00:00" in card
    assert "3 pages" in card
    assert "category=push&amp;category=web_push&amp;superseded=include" in text
    of_site = admin.get("/contacts/1?category=website&superseded=include").text
    assert 'href="?category=website" data-swap="#timeline" aria-current="true"' in of_site


def test_a_derived_event_leads_to_its_cause(deployment: Deployment, admin: Person) -> None:
    """Also when the cause is not on this page of the timeline."""
    booking = {"meeting_id": 7, "starts_at": ago(30)}
    deployment.send_as_server(
        event(id="booked", category="meetings", key="meeting_booked", properties=booking, occurred_at=ago(90),
              identifiers={"ext_id": "u1"}),
    )  # fmt: skip
    work(deployment)
    text = admin.get("/contacts/1").text
    assert 'Derived from: <a href="/events/booked">Meeting booked, 08:30:00</a>' in text
    alone = admin.get("/contacts/1?key=meeting_started").text
    assert 'Derived from: <a href="/events/booked">the event that caused it</a>' in alone
    assert 1 == alone.count('class="derived"')


def test_a_join_that_was_undone_is_told_as_such(deployment: Deployment, admin: Person) -> None:
    """Among the corrections: who was joined, and that they are two again; the event says the same."""
    deployment.send(event(identifiers={"email_id": "anna@shop.it"}, occurred_at=ago(90)), nonce=NONCE)
    deployment.send(event(occurred_at=ago(20)), nonce=OTHER)
    work(deployment)
    deployment.send(event(id="joins", identifiers={"email_id": "anna@shop.it"}), nonce=OTHER)
    work(deployment)
    (merged,) = [entry for entry in deployment.log() if entry.key == "merged"]
    log = SqliteLog(deployment.settings.log_path)
    log.append([msgspec.structs.replace(merged, retracted=True)])
    log.close()
    work(deployment)
    assert 200 == admin.get("/contacts/2").status_code
    assert "contact/merged" not in kinds_of(admin.get("/contacts/1").text)
    text = admin.get("/contacts/1?superseded=include").text
    assert "Contact 2 was joined here. The join was undone: they are two again." in text
    assert 'class="milestone gone"' in text
    assert "The join was undone: the two contacts are two again." in admin.get(f"/events/{merged.id}").text
