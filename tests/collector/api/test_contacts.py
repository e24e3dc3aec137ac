"""`GET /api/contacts`, `/api/contacts/<id>` and its timeline, over HTTP."""

import pytest

from tests.collector.api.asking import Client
from tests.collector.store.rows import Rows

V1, V2 = "v" * 26, "w" * 26


def ids(client: Client, query: str = "") -> list[int]:
    """The ids that the list shows."""
    answer = client.get(f"/api/contacts?{query}")
    assert 200 == answer.status_code, answer.text
    return [contact["id"] for contact in answer.json()["contacts"]]


def test_a_contact_has_every_field(rows: Rows, client: Client) -> None:
    """All names of INTERFACES 5; identifiers that may be several are lists, others their value."""
    rows.contact(V1, when="10:00", ext_id="u1", email_id="ada@example.org")
    rows.identify(1, "email_id", "ada@home.example", when="11:00")
    rows.attributes(1, {"FIRSTNAME": "Ada", "SIZE": 38.5})
    expected = {
        "id": 1,
        "identifiers": {"email_id": ["ada@example.org", "ada@home.example"], "ext_id": "u1"},
        "attributes": {"FIRSTNAME": "Ada", "SIZE": 38.5},
        "lists": [],
        "consent": "unknown",
        "first_seen_at": "2026-09-21T10:00:00.000Z",
        "last_seen_at": "2026-09-21T10:00:00.000Z",
        "anonymous": False,
        "visitors": [V1],
    }
    assert expected == client.get("/api/contacts/1").json()
    assert {"contacts": [expected], "next": None} == client.get("/api/contacts").json()


def test_every_filter_is_understood(rows: Rows, client: Client) -> None:
    """`email` and `phone` are aliases; different parameters must all hold."""
    rows.contact(V1, email_id="ada@example.org", phone_id="+390110000001", ext_id="u1")
    rows.contact(V2, email_id="bob@example.org", whatsapp_id="+390110000002")
    for query in (
        "email_id=ada@example.org",
        "email=ADA@example.org",
        "phone=%2B390110000001",
        "phone_id=%2B390110000001",
        "ext_id=u1",
        f"visitor_id={V1}",
        "q=ada",
        "email=ada@example.org&ext_id=u1",
    ):
        assert [1] == ids(client, query), query
    assert [2] == ids(client, "whatsapp_id=%2B390110000002")
    assert [2, 1] == ids(client, "email=ada@example.org&email_id=bob@example.org")
    assert [] == ids(client, "email=bob@example.org&ext_id=u1")
    assert [] == ids(client, "q=%25")


def test_identified_and_anonymous_ones_apart(rows: Rows, client: Client) -> None:
    """By `anonymous`, which is true or false and nothing else."""
    rows.contact(V1, ext_id="u1")
    rows.contact(V2)
    assert [2] == ids(client, "anonymous=true")
    assert [1] == ids(client, "anonymous=false")
    assert [2, 1] == ids(client, "anonymous=")
    assert 400 == client.get("/api/contacts?anonymous=perhaps").status_code


def test_an_absorbed_contact_sends_on_to_the_survivor(rows: Rows, client: Client) -> None:
    """308 for it and for its timeline, which keeps its filters; the survivor has the browsers of both."""
    rows.contact(V1)
    rows.contact(V2)
    rows.event("10:00", contact=1, visitor=V1)
    rows.event("11:00", contact=2, visitor=V2)
    rows.join(absorbed=2, survivor=1)
    answer = client.get("/api/contacts/2")
    assert (308, "/api/contacts/1") == (answer.status_code, answer.headers["location"])
    answer = client.get("/api/contacts/2/timeline?limit=1&key=page_visited")
    assert (308, "/api/contacts/1/timeline?limit=1&key=page_visited") == (
        answer.status_code,
        answer.headers["location"],
    )
    assert [V1, V2] == client.get("/api/contacts/1").json()["visitors"]
    assert [1] == ids(client)


def test_a_timeline_is_the_contacts_events(rows: Rows, client: Client) -> None:
    """Newest first, by cursor, with every filter of events but the contact."""
    rows.contact()
    rows.contact()
    for hour in (10, 11, 12):
        rows.event(f"{hour}:00", contact=1)
    rows.event("11:30", contact=2)
    first = client.get("/api/contacts/1/timeline?limit=2").json()
    assert ["e3", "e2"] == [event["id"] for event in first["events"]]
    second = client.get(f"/api/contacts/1/timeline?limit=2&cursor={first['next']}").json()
    assert (["e1"], None) == ([event["id"] for event in second["events"]], second["next"])
    assert [] == client.get("/api/contacts/1/timeline?key=nope").json()["events"]
    assert 400 == client.get("/api/contacts/1/timeline?contact=2").status_code


@pytest.mark.parametrize("id", ["7", "0", "-1", "ada", "1.0", "9999999999999999999999", "1%20OR%201"])
def test_an_unknown_contact_is_a_404(rows: Rows, client: Client, id: str) -> None:
    """Whatever stands in its place."""
    rows.contact()
    assert 404 == client.get(f"/api/contacts/{id}").status_code
    assert 404 == client.get(f"/api/contacts/{id}/timeline").status_code


@pytest.mark.parametrize("query", ["contact=1", "limit=0", "limit=501", "cursor=x", "name=Ada"])
def test_what_is_not_understood_is_refused(client: Client, query: str) -> None:
    """By name."""
    answer = client.get(f"/api/contacts?{query}")
    assert (400, query.partition("=")[0]) == (answer.status_code, answer.json()["errors"][0]["path"])


@pytest.mark.parametrize("name", ["email", "ext_id", "phone_id", "visitor_id", "q"])
def test_text_is_never_sql(rows: Rows, client: Client, name: str) -> None:
    """Whatever stands in a parameter is a value."""
    rows.contact(ext_id="u1")
    for text in ("' OR 1=1 --", "'; DROP TABLE contacts; --", "%", "\x00", ":q"):
        answer = client.get("/api/contacts", params={name: text})
        assert (200, []) == (answer.status_code, answer.json()["contacts"]), text
    assert [1] == ids(client)


def test_a_walk_by_cursor_sees_each_contact_once(rows: Rows, client: Client) -> None:
    """Although contacts arrive."""
    for n in range(5):
        rows.contact(ext_id=f"u{n}")
    first = client.get("/api/contacts?limit=3").json()
    rows.contact()
    second = client.get(f"/api/contacts?limit=3&cursor={first['next']}").json()
    assert [5, 4, 3, 2, 1] == [contact["id"] for contact in first["contacts"] + second["contacts"]]
    assert None is second["next"]
