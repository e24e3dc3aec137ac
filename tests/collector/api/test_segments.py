"""Segments by the API: asked before they are kept, kept, asked again, explained; true at the moment of the request."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.api.frame.cursor import encode_cursor
from tests.fixtures.shop import Shop, minute, opened
from tests.sessionizer.segments.asking import event, last

BOUGHT = event("ecommerce/order_completed")
LATELY = event("ecommerce/order_completed", window=last(1, "hours"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment where Ada and Bob bought something, and Kim looked at a page."""
    with opened(tmp_path) as ready:
        buy(ready, "ada", 0)
        buy(ready, "bob", 10)
        ready.serve(10, {"id": "kim-10", "key": "page_visited", "identifiers": {"email_id": "kim@mail.example"}})
        yield ready


def buy(shop: Shop, who: str, at: float, **properties: Any) -> None:
    """Somebody buys something at that minute."""
    bought = {"id": f"{who}-{at}", "category": "ecommerce", "key": "order_completed", "properties": properties}
    shop.serve(at, {**bought, "identifiers": {"email_id": f"{who}@mail.example"}, "occurred_at": minute(at)})


def made(shop: Shop, where: Any, name: str = "Buyers") -> int:
    """A segment that asks this; its id."""
    answer = shop.change("POST", "/api/segments", {"name": name, "where": where})
    assert 201 == answer.status_code, answer.text
    return int(answer.json()["id"])


def who(answer: Any) -> list[str]:
    """Names, in order."""
    return [contact["identifiers"]["email_id"][0].partition("@")[0] for contact in answer.json()["contacts"]]


def test_a_question_is_asked_before_it_is_kept(shop: Shop) -> None:
    """How many, who, and how it reads; nothing is kept."""
    answer = shop.change("POST", "/api/segments/preview", {"where": BOUGHT}).json()
    assert (2, []) == (answer["count"], answer["unseen"])
    assert ["bob@mail.example", "ada@mail.example"] == [c["identifiers"]["email_id"][0] for c in answer["members"]]
    assert {"it", "en"} == answer["sentence"].keys()
    assert "Everyone who completed an order." == answer["sentence"]["en"]
    assert [] == shop.get("/api/segments").json()["segments"]


def test_a_key_that_was_never_seen_is_allowed_and_said(shop: Shop) -> None:
    """It may come yet."""
    answer = shop.change("POST", "/api/segments/preview", {"where": event("custom/video_played")}).json()
    assert (0, ["custom/video_played"]) == (answer["count"], answer["unseen"])


@pytest.mark.parametrize(
    ("deep", "path"), [(9, ""), (10, "where" + ".of[0]" * 10), (30, "where" + ".of.0" * 19 + ".of")]
)
def test_groups_stand_inside_of_groups(shop: Shop, deep: int, path: str) -> None:
    """As deep as a question may be, and no deeper."""
    where = BOUGHT
    for _ in range(deep):
        where = {"type": "any", "of": [where]}
    answer = shop.change("POST", "/api/segments/preview", {"where": where})
    assert path == next((error["path"] for error in answer.json().get("errors", ())), "")


def test_membership_goes_with_time(shop: Shop) -> None:
    """Nothing happens, and Ada is in it no more."""
    id = made(shop, LATELY)
    shop.work(59)
    assert ["bob", "ada"] == who(shop.get(f"/api/segments/{id}/members"))
    shop.work(60)
    assert ["bob"] == who(shop.get(f"/api/segments/{id}/members"))


def test_members_come_page_by_page(shop: Shop) -> None:
    """The newest first."""
    id = made(shop, {"type": "identity", "is": "identified"})
    first = shop.get(f"/api/segments/{id}/members?limit=2")
    assert ["kim", "bob"] == who(first)
    assert ["ada"] == who(shop.get(f"/api/segments/{id}/members?limit=2&cursor={first.json()['next']}"))


def test_why_somebody_is_in_a_segment(shop: Shop) -> None:
    """Each condition, the events that made it so, and when that ends."""
    id = made(shop, {"type": "all", "of": [LATELY, {"type": "not", "of": event("website/page_visited")}]})
    why = shop.get(f"/api/segments/{id}/explain?contact=1").json()
    bought, unvisited = why["of"]
    assert (True, minute(60)) == (why["holds"], why["changes_at"])
    assert (True, ["ada-0"], minute(60)) == (bought["holds"], bought["because"], bought["changes_at"])
    assert (True, None, [False]) == (
        unvisited["holds"],
        unvisited["changes_at"],
        [one["holds"] for one in unvisited["of"]],
    )
    assert not shop.get(f"/api/segments/{id}/explain?contact=3").json()["holds"]
    assert 400 == shop.get(f"/api/segments/{id}/explain").status_code


def test_a_segment_is_changed_and_put_away(shop: Shop) -> None:
    """What is not named stays; a name is one segment's."""
    id, other = made(shop, BOUGHT), made(shop, LATELY, "Lately")
    changed = shop.change("PATCH", f"/api/segments/{id}", {"where": {"type": "segment", "id": other}}).json()
    assert ("Buyers", {"type": "segment", "id": other}) == (changed["name"], changed["where"])
    assert "“Lately”" in changed["sentence"]["en"]
    assert 409 == shop.change("PATCH", f"/api/segments/{id}", {"name": "Lately"}).status_code
    assert shop.change("PATCH", f"/api/segments/{id}", {"archived": True}).json()["archived_at"]
    assert [other] == [one["id"] for one in shop.get("/api/segments").json()["segments"]]
    assert [id] == [one["id"] for one in shop.get("/api/segments?archived=true").json()["segments"]]
    assert shop.change("PATCH", f"/api/segments/{id}", {"archived": False}).json()["archived_at"] is None


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ({"type": "attribute", "name": "plan", "test": {"op": "more", "value": "x"}}, "where.test.value"),
        ({"type": "segment", "id": 1}, "where"),
        (event("website/page_visit"), "where.key"),
        ({"type": "all"}, "where"),
        ({"type": "nothing"}, "where.type"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_path(shop: Shop, where: Any, path: str) -> None:
    """Also a segment that would ask for itself. It stays as it was."""
    id = made(shop, BOUGHT)
    refused = shop.change("PATCH", f"/api/segments/{id}", {"where": where})
    assert (400, path) == (refused.status_code, refused.json()["errors"][0]["path"])
    assert BOUGHT == shop.get(f"/api/segments/{id}").json()["where"]


def kept(shop: Shop, where: Any, name: str = "Buyers") -> int:
    """A segment of which the worker has asked everybody; its id."""
    id = made(shop, where, name)
    shop.work()
    return id


def passages(shop: Shop, id: int, query: str = "") -> list[tuple[int, bool, str, Any]]:
    """(contact, whether they came, why, by which event) of a page of the history."""
    found = shop.get(f"/api/segments/{id}/history{query}").json()["history"]
    return [(one["contact_id"], one["entered"], one["why"], one["cause"]) for one in found]


def test_a_segment_says_how_far_the_worker_is_with_it(shop: Shop) -> None:
    """Nothing before it begins; then how many were asked, since when, and who is in it. So too when it asks anew."""
    answer = shop.ask(
        "POST", "/api/segments", {"name": "Known", "where": {"type": "identity", "is": "identified"}}
    ).json()
    nothing = {"done": False, "asked": 0, "of": 0, "since": None}
    assert (False, nothing, None, []) == tuple(answer[name] for name in ("paused", "following", "members", "used_by"))
    shop.work()
    known = shop.get("/api/segments/1").json()
    assert ({"done": True, "asked": 3, "of": 3, "since": minute(10)}, 3) == (known["following"], known["members"])
    assert [known] == shop.get("/api/segments").json()["segments"]


def test_a_question_that_was_changed_is_answered_at_once(shop: Shop) -> None:
    """While the worker has not asked anew, members are those of the new question; also of a segment inside of it."""
    inner = made(shop, BOUGHT)
    outer = kept(shop, {"type": "segment", "id": inner}, "Outer")
    assert [outer] == shop.get(f"/api/segments/{inner}").json()["used_by"]
    shop.ask("PATCH", f"/api/segments/{inner}", {"where": event("website/page_visited")})
    for id in inner, outer:
        assert ["kim"] == who(shop.get(f"/api/segments/{id}/members"))
        known = shop.get(f"/api/segments/{id}").json()
        assert (False, None) == (known["following"]["done"], known["members"])


def test_members_are_those_whom_the_worker_keeps(shop: Shop) -> None:
    """Page by page, the newest first, like those who are asked each time."""
    id = kept(shop, {"type": "identity", "is": "identified"})
    first = shop.get(f"/api/segments/{id}/members?limit=2")
    assert ["kim", "bob"] == who(first)
    rest = shop.get(f"/api/segments/{id}/members?limit=2&cursor={first.json()['next']}")
    assert (["ada"], None) == (who(rest), rest.json()["next"])


def test_a_paused_segment_stays_as_it_was(shop: Shop) -> None:
    """Who comes later is not in it; resumed, it is asked of everybody again."""
    kept(shop, BOUGHT)
    id = kept(shop, LATELY, "Lately")
    assert shop.change("PATCH", f"/api/segments/{id}", {"paused": True}).json()["paused"]
    shop.work(65)
    buy(shop, "kim", 65)
    assert ["bob", "ada"] == who(shop.get(f"/api/segments/{id}/members"))
    assert 2 == shop.get(f"/api/segments/{id}").json()["members"]
    assert not shop.change("PATCH", f"/api/segments/{id}", {"paused": False}).json()["paused"]
    shop.work(65)
    assert ["kim", "bob"] == who(shop.get(f"/api/segments/{id}/members"))
    assert {(1, False, "resumed", None), (3, True, "resumed", None)} == set(passages(shop, id)[:2])


def test_a_history_says_who_came_and_went(shop: Shop) -> None:
    """The latest first, with the reason and the event; page by page, and of one person."""
    id = kept(shop, LATELY)
    buy(shop, "kim", 20)
    shop.work(71)
    lines = [
        (2, False, "time", "bob-10"), (1, False, "time", "ada-0"), (3, True, "event", "kim-20"),
        (2, True, "created", None), (1, True, "created", None),
    ]  # fmt: skip
    assert lines == passages(shop, id)
    assert [minute(70), minute(60), minute(20), minute(10), minute(10)] == [
        one["at"] for one in shop.get(f"/api/segments/{id}/history").json()["history"]
    ]
    first = shop.get(f"/api/segments/{id}/history?limit=2").json()
    assert lines[2:] == passages(shop, id, f"?cursor={first['next']}")
    assert [lines[1], lines[4]] == passages(shop, id, "?contact=1")
    assert 404 == shop.get(f"/api/segments/{id}/history?contact=99").status_code
    assert 404 == shop.get("/api/segments/99/history").status_code


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_preview_says_what_would_become_other(shop: Shop, is_kept: bool) -> None:
    """Who would enter and who would leave the segment that is named, whether or not its members are kept."""
    id = shop.ask("POST", "/api/segments", {"name": "Buyers", "where": BOUGHT}).json()["id"]
    if is_kept:
        shop.work()
    assert is_kept == shop.get(f"/api/segments/{id}").json()["following"]["done"]

    def difference(where: Any, **more: Any) -> Any:
        return shop.ask("POST", "/api/segments/preview", {"where": where, **more}).json()["difference"]

    assert {"enter": 1, "leave": 2} == difference(event("website/page_visited"), segment=id)
    assert {"enter": 1, "leave": 0} == difference({"type": "identity", "is": "identified"}, segment=id)
    assert difference(BOUGHT) is None


def test_a_preview_is_compared_with_what_is_there(shop: Shop) -> None:
    """Said by the field, and nothing asks for itself."""
    refused = shop.change("POST", "/api/segments/preview", {"where": BOUGHT, "segment": 9})
    assert (400, "segment") == (refused.status_code, refused.json()["errors"][0]["path"])
    id = made(shop, BOUGHT)
    circle = shop.change("POST", "/api/segments/preview", {"where": {"type": "segment", "id": id}, "segment": id})
    assert (400, "where") == (circle.status_code, circle.json()["errors"][0]["path"])


def test_events_of_segments_are_refused(shop: Shop) -> None:
    """With what to ask instead."""
    refused = shop.change("POST", "/api/segments/preview", {"where": event("segment/segment_entered")})
    assert (400, "where.category") == (refused.status_code, refused.json()["errors"][0]["path"])
    assert "condition `segment`" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize("is_paused", [False, True])
def test_brevos_clients_read_kept_members(shop: Shop, is_paused: bool) -> None:
    """By `segmentId`, counted and skipped; of one that is paused as they were."""
    id = kept(shop, BOUGHT)
    if is_paused:
        shop.change("PATCH", f"/api/segments/{id}", {"paused": True})
    shop.work()
    buy(shop, "kim", 20)
    found = shop.get(f"/v3/contacts?segmentId={id}").json()
    there = [2, 1] if is_paused else [3, 2, 1]
    assert (there, len(there)) == ([one["id"] for one in found["contacts"]], found["count"])
    assert [1] == [one["id"] for one in shop.get(f"/v3/contacts?segmentId={id}&sort=asc&limit=1").json()["contacts"]]


@pytest.mark.parametrize(
    ("noun", "list_", "place"),
    [("history", "history", (2**64 - 1, 1, True)), ("history", "history", (1, -(2**63), True)),
     ("contacts", "members", (2**64 - 1,)), ("contacts", "history", (1,)), ("history", "history", (1, "a", True))],
)  # fmt: skip
def test_a_cursor_that_was_made_up_is_refused(shop: Shop, noun: str, list_: str, place: tuple[Any, ...]) -> None:
    """Also a number that no database takes."""
    id = kept(shop, BOUGHT)
    refused = shop.get(f"/api/segments/{id}/{list_}?cursor={encode_cursor(noun, place)}")
    assert (400, "cursor") == (refused.status_code, refused.json()["errors"][0]["path"])
