"""`GET /api/events` and `/api/events/<id>`, over HTTP."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest

from collector.store.ports.store import QueryTooSlow
from collector.store.sqlite.readers import Readers, Row
from tests.collector.api.asking import Client
from tests.collector.store.rows import CRAWLER, FIREFOX, Rows

V = "v" * 26
SESSION = "019365a0-0000-8000-8000-000000000001"


def ids(client: Client, query: str = "") -> list[str]:
    """The ids that the list shows."""
    answer = client.get(f"/api/events?{query}")
    assert 200 == answer.status_code, answer.text
    return [event["id"] for event in answer.json()["events"]]


def test_an_event_has_every_field(rows: Rows, client: Client) -> None:
    """All names of INTERFACES 5, in the list and alone."""
    rows.contact(V)
    rows.session(1, "10:00", "10:00", id=SESSION)
    rows.event(
        "10:00",
        id="buy",
        contact=1,
        visitor=V,
        url="/cart",
        title="Cart",
        lag=250,
        user_agent=FIREFOX,
        properties={"items": [{"sku": "è"}]},
        identifiers={"ext_id": "u1"},
        object=("cart", "c1"),
        occurred_at=1_795_514_400_007,
    )
    rows.session(1, "10:00", "10:00", id=SESSION)
    expected = {
        "id": "buy",
        "category": "website",
        "key": "page_visited",
        "source": "tracker",
        "occurred_at": "2026-11-24T10:00:00.007Z",
        "received_at": "2026-11-24T10:00:00.257Z",
        "site": 1,
        "visitor_id": V,
        "contact_id": 1,
        "session_id": None,
        "page": {"url": "https://shop.example/cart", "title": "Cart", "referrer": None},
        "agent": {"browser": "Firefox", "os": "Linux", "device": "desktop", "bot": False},
        "properties": {"items": [{"sku": "è"}]},
        "identifiers": {"ext_id": "u1"},
        "object": {"type": "cart", "id": "c1"},
        "causes": [],
        "superseded": False,
        "late": False,
    }
    assert expected == client.get("/api/events/buy").json()
    assert {"events": [expected], "next": None} == client.get("/api/events").json()


def test_what_is_absent_is_null(rows: Rows, client: Client) -> None:
    """A server's bare event has the same fields."""
    rows.event("10:00", site=0, flags=0)
    event = client.get("/api/events/e1").json()
    assert 18 == len(event)
    absent = ("site", "visitor_id", "contact_id", "session_id", "page", "agent", "object")
    assert dict.fromkeys(absent) == {name: event[name] for name in absent}
    assert ({}, {}, []) == (event["properties"], event["identifiers"], event["causes"])


def test_an_event_of_a_session_names_it(rows: Rows, client: Client) -> None:
    """Activity inside of it does."""
    rows.contact()
    rows.session(1, "10:00", "10:00", id=SESSION)
    rows.event("10:00", contact=1)
    assert SESSION == client.get("/api/events/e1").json()["session_id"]


def test_every_filter_is_understood(rows: Rows, client: Client) -> None:
    """Each parameter narrows; repeated ones are alternatives."""
    rows.contact(V, ext_id="u1")
    rows.event("10:00", contact=1, visitor=V, url="/shoes", title="Red shoes", properties={"total": 7})
    rows.event("11:00", "order_created", category="ecommerce", source="api", site=2, door="api")
    rows.event("12:00", user_agent=CRAWLER, flags=4)
    for query in (
        "category=website",
        "key=page_visited",
        "contact=1",
        f"visitor_id={V}",
        "site=1",
        "source=tracker",
        "q=/sh",
        "q=red",
        "q=u1",
        "property=total:gte:7",
        "contact=1&contact=99&key=page_visited&key=nope",
    ):
        assert ["e1"] == ids(client, query), query
    assert ["e2", "e1"] == ids(client, "site=1&site=2")
    assert ["e3", "e2", "e1"] == ids(client, "bots=include&superseded=include")
    assert ["e3"] == ids(client, "bots=only")
    assert ["e2", "e1"] == ids(client, "order=recorded&q=&contact=")


def test_from_is_included_and_to_is_not(rows: Rows, client: Client) -> None:
    """At the millisecond."""
    for n, ms in enumerate((1_795_514_399_999, 1_795_514_400_000, 1_795_514_400_001)):
        rows.event("10:00", id=str(n), occurred_at=ms)
    assert ["2", "1"] == ids(client, "from=2026-11-24T10:00:00Z")
    assert ["0"] == ids(client, "to=2026-11-24T10:00:00.000Z")
    assert ["1"] == ids(client, "from=2026-11-24T11:00:00%2B01:00&to=2026-11-24T10:00:00.001Z")


@pytest.mark.parametrize("order", ["", "&order=recorded"])
def test_a_walk_by_cursor_sees_each_row_once(rows: Rows, client: Client, order: str) -> None:
    """Although rows arrive on both sides of it."""
    there = {rows.event(f"10:{n // 2:02}") for n in range(7)}
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(f"/api/events?limit=2{order}" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [event["id"] for event in answer["events"]]
        cursor = answer["next"]
        if len(seen) < 7:
            rows.event("11:00")
            rows.event("09:00", id=f"old{len(seen)}") if not order else None
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_the_limit_is_1_to_500(rows: Rows, client: Client) -> None:
    """100 when it is not said; the last page says that it is the last."""
    for n in range(101):
        rows.event("10:00", id=f"{n:03}")
    assert 100 == len(ids(client))
    answer = client.get("/api/events?limit=500").json()
    assert (101, None) == (len(answer["events"]), answer["next"])
    assert 1 == len(ids(client, "limit=1"))
    assert None is client.get("/api/events?limit=101").json()["next"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=%D9%A3", "limit"),
        ("cursor=zzz", "cursor"),
        ("cursor=%00", "cursor"),
        ("contact=x", "contact"),
        ("contact=0", "contact"),
        ("contact=9007199254740992", "contact"),
        ("contact=99999999999999999999", "contact"),
        ("site=default", "site"),
        ("from=yesterday", "from"),
        ("to=2026-11-24", "to"),
        ("superseded=maybe", "superseded"),
        ("bots=all", "bots"),
        ("order=asc", "order"),
        ("property=total", "property"),
        ("property=total:like:1", "property"),
        ("property=a..b:eq:1", "property"),
        ("nope=1", "nope"),
        ("Key=1", "Key"),
        ("q=" + "x" * 1025, "q"),
        ("&".join(["key=a"] * 101), "key"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(client: Client, query: str, name: str) -> None:
    """A problem that names the parameter, never an answer to another question."""
    answer = client.get(f"/api/events?{query}")
    problem = answer.json()
    assert 400 == answer.status_code
    assert "application/problem+json" == answer.headers["content-type"]
    assert 400 == problem["status"]
    assert name in [error["path"] for error in problem["errors"]]
    assert name in problem["detail"]


def test_a_cursor_of_another_order_is_refused(rows: Rows, client: Client) -> None:
    """Its place means nothing there."""
    rows.event("10:00")
    rows.event("10:00")
    cursor = client.get("/api/events?limit=1&order=recorded").json()["next"]
    assert 400 == client.get(f"/api/events?cursor={cursor}").status_code


INJECTIONS = (
    "' OR 1=1 --",
    '"; DROP TABLE events; --',
    ") UNION SELECT * FROM keys --",
    "%",
    "_",
    "\\",
    "\x00",
    "?1",
    ":q",
    "{}",
    "\ud7ff\U0010ffff",
)


@pytest.mark.parametrize("name", ["category", "key", "visitor_id", "source", "q", "property"])
def test_text_is_never_sql(rows: Rows, client: Client, name: str) -> None:
    """Whatever stands in a parameter is a value: it finds nothing, and everything is still there."""
    rows.event("10:00", properties={"a": 1})
    for text in INJECTIONS:
        value = f"{text.replace(':', '')}:eq:{text}" if name == "property" else text
        answer = client.get("/api/events", params={name: value})
        assert (200, []) == (answer.status_code, answer.json()["events"]), text
    assert ["e1"] == ids(client)


@pytest.mark.parametrize("name", ["contact", "site", "from", "to", "superseded", "bots", "order", "limit", "cursor"])
def test_what_must_be_of_a_kind_is_refused_when_it_is_not(client: Client, name: str) -> None:
    """Numbers, times, words and cursors are read before they go anywhere."""
    for text in INJECTIONS:
        assert 400 == client.get("/api/events", params={name: text}).status_code, text


@pytest.mark.parametrize(
    "id", ["a/b/c", "häßlich", "a b", "x" * 128, "' OR 1=1 --", "019365a0-0000-7000-8000-0000000000Ab"]
)
def test_any_id_is_found(rows: Rows, client: Client, id: str) -> None:
    """An id may be any text: others make it."""
    rows.event("10:00", id=id)
    assert id == client.get(f"/api/events/{quote(id, safe='/')}").json()["id"]


def test_an_unknown_id_is_a_404(client: Client) -> None:
    """With a problem that repeats it."""
    answer = client.get("/api/events/nothing")
    assert (404, "There is no event nothing.") == (answer.status_code, answer.json()["detail"])


def test_other_methods_are_refused_in_the_same_shape(client: Client) -> None:
    """405 and 404 of the framework are problems as well."""
    for answer, status in ((client.delete("/api/events/x"), 405), (client.get("/nowhere"), 404)):
        assert (status, status) == (answer.status_code, answer.json()["status"])
        assert "application/problem+json" == answer.headers["content-type"]


def test_a_slow_question_is_a_503(rows: Rows, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to do, and when to come back."""

    async def slow(*_: Any, **__: Any) -> list[Any]:
        raise QueryTooSlow("stopped after 5 s")

    monkeypatch.setattr("collector.store.sqlite.readers.Readers.fetch", slow)
    answer = client.get("/api/events")
    assert (503, "Query too slow", "5") == (answer.status_code, answer.json()["title"], answer.headers["retry-after"])


def test_a_question_that_no_index_helps_is_stopped(rows: Rows, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock, not by its size; what an index answers is answered all the same."""
    rows.many(100_000)
    fetch = Readers.fetch

    async def hurried(self: Readers, sql: str, values: Mapping[str, Any] = {}) -> list[Row]:
        self._limit_s = 0.02
        return await fetch(self, sql, values)

    assert 200 == client.get("/api/events?limit=1").status_code
    monkeypatch.setattr(Readers, "fetch", hurried)
    answer = client.get("/api/events?property=a:eq:1")
    assert (503, "Query too slow") == (answer.status_code, answer.json()["title"])
    assert "Narrow it, for example by from, to, key or contact." in answer.json()["detail"]


def test_a_failure_says_nothing_of_the_inside(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 is a problem without a trace."""

    async def broken(*_: Any, **__: Any) -> list[Any]:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("collector.store.sqlite.readers.Readers.fetch", broken)
    answer = client.get("/api/events")
    assert 500 == answer.status_code
    assert "secret" not in answer.text
    assert "application/problem+json" == answer.headers["content-type"]


def test_without_a_good_key_nothing_is_answered(rows: Rows, client: Client) -> None:
    """401 without one, with an unknown, with a revoked one; a key in the address is not looked at."""
    rows.event("10:00")
    for key, code in (("", "key_unknown"), ("sk_other", "key_unknown"), ("sk_revoked", "key_revoked")):
        answer = client.get("/api/events", headers={"api-key": key})
        assert (401, code) == (answer.status_code, answer.json()["errors"][0]["code"])
    assert 401 == client.get("/api/events?api-key=sk_for_reading", headers={"api-key": ""}).status_code
    assert 200 == client.get("/api/events", headers={"api-key": "sk_for_admin"}).status_code


def test_answers_are_not_kept(client: Client) -> None:
    """They are somebody's data, and problems soon untrue."""
    assert "no-store" == client.get("/api/events").headers["cache-control"]
    assert "no-store" == client.get("/api/events?x=1").headers["cache-control"]
