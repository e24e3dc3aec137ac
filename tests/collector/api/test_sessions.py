"""`GET /api/sessions` and `/api/sessions/<id>`, over HTTP."""

import pytest

from sessionizer.event import Agent
from sessionizer.session import Utm
from tests.collector.api.asking import Client
from tests.collector.store.rows import Rows

S = "019365a0-0000-8000-8000-00000000000"


def ids(client: Client, query: str = "") -> list[str]:
    """The last characters of the ids that the list shows."""
    answer = client.get(f"/api/sessions?{query}")
    assert 200 == answer.status_code, answer.text
    return [session["id"][-1] for session in answer.json()["sessions"]]


def test_a_session_has_every_field(rows: Rows, client: Client) -> None:
    """All names of INTERFACES 5."""
    rows.session(
        7,
        "10:00",
        "10:20:30.999",
        id=S + "1",
        open=True,
        events=5,
        pages=3,
        entry_page="https://shop.example/",
        exit_page="https://shop.example/cart",
        referrer="https://search.example/",
        utm=Utm("news", campaign="autumn"),
        agent=Agent("Firefox", "Linux", "desktop"),
        sites=(1, 2),
        visitor_ids=("v" * 26,),
    )
    expected = {
        "id": S + "1",
        "contact_id": 7,
        "started_at": "2026-09-21T10:00:00.000Z",
        "ended_at": "2026-09-21T10:20:30.999Z",
        "open": True,
        "events": 5,
        "pages": 3,
        "duration_seconds": 1230,
        "entry_page": "https://shop.example/",
        "exit_page": "https://shop.example/cart",
        "referrer": "https://search.example/",
        "utm": {"source": "news", "medium": None, "campaign": "autumn", "term": None, "content": None},
        "agent": {"browser": "Firefox", "os": "Linux", "device": "desktop", "bot": False},
        "sites": [1, 2],
        "visitor_ids": ["v" * 26],
    }
    assert expected == client.get(f"/api/sessions/{S}1").json()
    assert {"sessions": [expected], "next": None} == client.get("/api/sessions").json()


def test_what_is_absent_is_null(rows: Rows, client: Client) -> None:
    """The fields are all there."""
    rows.session(1, "10:00", "10:00", id=S + "1", sites=())
    session = client.get(f"/api/sessions/{S}1").json()
    absent = ("entry_page", "exit_page", "referrer", "utm", "agent")
    assert (15, dict.fromkeys(absent)) == (len(session), {name: session[name] for name in absent})


def test_every_filter_and_the_cursor(rows: Rows, client: Client) -> None:
    """Newest beginning first; contact, site, from included, to excluded."""
    rows.session(1, "10:00", "10:30", id=S + "1")
    rows.session(2, "11:00", "11:30", id=S + "2", sites=(1, 2))
    rows.session(3, "12:00", "12:30", id=S + "3")
    assert ["3", "2", "1"] == ids(client)
    assert ["3", "1"] == ids(client, "contact=1&contact=3")
    assert ["2"] == ids(client, "site=2")
    assert ["2"] == ids(client, "from=2026-09-21T11:00:00Z&to=2026-09-21T12:00:00Z")
    cursor = client.get("/api/sessions?limit=2").json()["next"]
    rows.session(4, "13:00", "13:30", id=S + "4")
    assert ["1"] == ids(client, f"limit=2&cursor={cursor}")


def test_sources_and_devices_are_asked_for_by_name(rows: Rows, client: Client) -> None:
    """`direct` and `unknown` are those without."""
    rows.session(1, "10:00", "10:30", id=S + "1", utm=Utm("news"), agent=Agent("Firefox", "Linux", "desktop"))
    rows.session(1, "11:00", "11:30", id=S + "2", agent=Agent("", "", "mobile"))
    rows.session(1, "12:00", "12:30", id=S + "3", referrer="https://search.example/")
    assert ["1"] == ids(client, "source=news")
    assert ["3", "2"] == ids(client, "source=direct&source=search.example")
    assert ["2"] == ids(client, "device=mobile")
    assert ["3"] == ids(client, "device=unknown")
    assert ["3", "2", "1"] == ids(client, "source=&device=")


def test_a_replaced_session_sends_on(rows: Rows, client: Client) -> None:
    """308 to the one that stands; an unknown one is a 404."""
    rows.session(1, "10:00", "10:00", id=S + "1")
    rows.session(1, "09:50", "10:00", id=S + "2")
    rows.replace(1, S + "1", by=S + "2")
    answer = client.get(f"/api/sessions/{S}1")
    assert (308, f"/api/sessions/{S}2") == (answer.status_code, answer.headers["location"])
    for id in (S + "9", "x", "' OR 1=1 --"):
        assert 404 == client.get(f"/api/sessions/{id}").status_code


@pytest.mark.parametrize(
    "query", ["contact=x", "site=x", "from=x", "to=x", "limit=0", "limit=501", "cursor=x", "open=1"]
)
def test_what_is_not_understood_is_refused(client: Client, query: str) -> None:
    """By name."""
    answer = client.get(f"/api/sessions?{query}")
    assert (400, query.partition("=")[0]) == (answer.status_code, answer.json()["errors"][0]["path"])
