"""Segments by the API: asked before they are kept, kept, asked again, explained; true at the moment of the request."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
