"""Servers change contacts: the answer comes from the store, after the worker has taken note of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.shop import Shop, opened

ADA = {"email_id": "ada@mail.example"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment on an empty folder."""
    with opened(tmp_path) as ready:
        yield ready


def made(shop: Shop, **body: Any) -> dict[str, Any]:
    """A contact that is new."""
    answer = shop.change("POST", "/api/contacts", body)
    assert 201 == answer.status_code, answer.text
    contact: dict[str, Any] = answer.json()
    assert f"/api/contacts/{contact['id']}" == answer.headers["location"]
    return contact


def wrong(shop: Shop, path: str, body: Any, *, method: str = "POST") -> list[tuple[str, str]]:
    """(path, code) of what a 400 names."""
    answer = shop.change(method, path, body)
    assert 400 == answer.status_code, answer.text
    return [(error["path"], error["code"]) for error in answer.json()["errors"]]


def test_a_contact_is_made_with_everything_at_once(shop: Shop) -> None:
    """Identifiers in their one way to be written, attributes of any plain type, lists by name, consent."""
    contact = made(
        shop,
        identifiers={"email_id": " Ada@Mail.Example ", "ext_id": 17},
        attributes={"FIRSTNAME": "Ada", "AGE": 36, "VIP": True, "SIZES": ["S", "M"], "SCORE": 1.5},
        lists=["News", "Prova"],
        consent="granted",
    )
    assert {"email_id": ["ada@mail.example"], "ext_id": "17"} == contact["identifiers"]
    assert {"FIRSTNAME": "Ada", "AGE": 36, "VIP": True, "SIZES": ["S", "M"], "SCORE": 1.5} == contact["attributes"]
    assert (["News", "Prova"], "granted", False) == (contact["lists"], contact["consent"], contact["anonymous"])
    assert contact == shop.get(f"/api/contacts/{contact['id']}").json()


def test_who_is_known_is_changed(shop: Shop) -> None:
    """200 instead of 201; what the body does not name stays; another identifier is added."""
    first = made(shop, identifiers=ADA, attributes={"A": 1, "B": 2}, lists=["News"])
    answer = shop.change(
        "POST", "/api/contacts", {"identifiers": {**ADA, "ext_id": "ada-1"}, "attributes": {"B": 3}, "lists": ["VIP"]}
    )
    contact = answer.json()
    assert (200, first["id"]) == (answer.status_code, contact["id"])
    assert ({"A": 1, "B": 3}, ["News", "VIP"]) == (contact["attributes"], contact["lists"])
    assert {"email_id": ["ada@mail.example"], "ext_id": "ada-1"} == contact["identifiers"]


def test_a_change_names_the_contact_by_its_id(shop: Shop) -> None:
    """Attributes set and taken away, on a list and off it, consent."""
    id = made(shop, identifiers=ADA, attributes={"A": 1, "B": 2}, lists=["News"])["id"]
    answer = shop.change(
        "PATCH",
        f"/api/contacts/{id}",
        {"attributes": {"A": None, "C": "x"}, "lists": {"add": ["VIP"], "remove": ["News"]}, "consent": "denied"},
    )
    contact = answer.json()
    assert 200 == answer.status_code, answer.text
    assert ({"B": 2, "C": "x"}, ["VIP"], "denied") == (contact["attributes"], contact["lists"], contact["consent"])


def test_each_change_is_an_event_on_the_timeline(shop: Shop) -> None:
    """So that segments and automations hear of it, and people see who it was."""
    id = made(shop, identifiers=ADA, lists=["News"])["id"]
    shop.change("PATCH", f"/api/contacts/{id}", {"attributes": {"A": 1}, "lists": {"remove": ["News"]}})
    events = shop.get(f"/api/contacts/{id}/timeline").json()["events"]
    assert {"identified", "list_added", "attributes_updated", "list_removed"} == {event["key"] for event in events}
    assert {("contact", "api")} == {(event["category"], event["source"]) for event in events}
    assert [{"list": "News"}] == [event["properties"] for event in events if event["key"] == "list_added"]


def test_a_change_that_changes_nothing_says_nothing(shop: Shop) -> None:
    """No event, the same answer."""
    contact = made(shop, identifiers=ADA)
    assert contact == shop.change("PATCH", f"/api/contacts/{contact['id']}", {}).json()
    assert 1 == len(shop.get(f"/api/contacts/{contact['id']}/timeline").json()["events"])


def test_two_known_people_become_one_and_two_again(shop: Shop) -> None:
    """A merge that a person asked for, with what each had; taken back, each has its own again, in all things."""
    kim = made(shop, identifiers={"email_id": "kim@mail.example"}, attributes={"A": "kim", "K": 1}, lists=["News"])
    ada = made(shop, identifiers=ADA, attributes={"A": "ada", "B": 2}, lists=["VIP"], consent="granted")
    merged = shop.change("POST", f"/api/contacts/{kim['id']}/merge", {"contact": ada["id"]})
    assert 200 == merged.status_code, merged.text
    contact = merged.json()
    assert ["kim@mail.example", "ada@mail.example"] == contact["identifiers"]["email_id"]
    assert ({"A": "kim", "K": 1, "B": 2}, ["News", "VIP"]) == (contact["attributes"], contact["lists"])
    assert 308 == shop.get(f"/api/contacts/{ada['id']}").status_code
    shop.change("PATCH", f"/api/contacts/{kim['id']}", {"attributes": {"K": 2}})
    parted = shop.change("POST", f"/api/contacts/{kim['id']}/unmerge", {"contact": ada["id"]})
    assert 200 == parted.status_code, parted.text
    assert ({"A": "kim", "K": 2}, ["News"]) == (parted.json()["attributes"], parted.json()["lists"])
    assert ada == shop.get(f"/api/contacts/{ada['id']}").json()


def test_a_merge_stands_on_the_timeline_and_is_taken_back_there(shop: Shop) -> None:
    """`contact/merged`, superseded afterwards; it may be done again."""
    kim, ada = (made(shop, identifiers={"ext_id": name})["id"] for name in ("kim", "ada"))
    for _ in range(2):
        shop.change("POST", f"/api/contacts/{kim}/merge", {"contact": ada})
        (event,) = shop.get(f"/api/contacts/{kim}/timeline?key=merged").json()["events"]
        assert ({"absorbed_id": ada}, "api", False) == (event["properties"], event["source"], event["superseded"])
        shop.change("POST", f"/api/contacts/{kim}/unmerge", {"contact": ada})
        assert [] == shop.get(f"/api/contacts/{kim}/timeline?key=merged").json()["events"]
    assert 2 == len(shop.get(f"/api/contacts/{kim}/timeline?key=merged&superseded=only").json()["events"])


def test_a_join_that_identity_made_is_taken_back_as_well(shop: Shop) -> None:
    """A browser had said the wrong address."""
    kim = made(shop, identifiers={"email_id": "kim@mail.example"})["id"]
    shop.browse(1, "11111111-1111-4111-8111-111111111111", {"id": "p", "key": "page_visited"})
    shop.browse(
        2,
        "11111111-1111-4111-8111-111111111111",
        {"id": "i", "category": "contact", "key": "identified", "identifiers": {"email_id": "kim@mail.example"}},
    )
    (absorbed,) = [c["id"] for c in shop.get("/api/contacts").json()["contacts"] if c["id"] != kim] or [2]
    assert 308 == shop.get(f"/api/contacts/{absorbed}").status_code
    answer = shop.change("POST", f"/api/contacts/{kim}/unmerge", {"contact": absorbed})
    assert 200 == answer.status_code, answer.text
    events = shop.get(f"/api/contacts/{absorbed}/timeline").json()["events"]
    assert {"page_visited", "push_session_started"} == {event["key"] for event in events}


@pytest.mark.parametrize("path", ["merge", "unmerge"])
def test_what_cannot_be_merged_is_said(shop: Shop, path: str) -> None:
    """Oneself, nobody, whom one has not absorbed."""
    id = made(shop, identifiers=ADA)["id"]
    assert 409 == shop.change("POST", f"/api/contacts/{id}/{path}", {"contact": id}).status_code
    if path == "merge":
        assert 404 == shop.change("POST", f"/api/contacts/{id}/{path}", {"contact": 999}).status_code
    assert 404 == shop.change("POST", f"/api/contacts/999/{path}", {"contact": id}).status_code
    assert 400 == shop.change("POST", f"/api/contacts/{id}/{path}", {"contact": 0}).status_code
    assert 400 == shop.change("POST", f"/api/contacts/{id}/{path}", {}).status_code


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"identifiers": {}}, "identifiers"),
        ({"identifiers": {"email_id": "nobody"}}, "identifiers.email_id"),
        ({"identifiers": {"ext_id": "null"}}, "identifiers.ext_id"),
        ({"identifiers": {"shoe_size": "42"}}, "identifiers.shoe_size"),
        ({"identifiers": {"contact_id": "77"}}, "identifiers"),
        ({"identifiers": {"email_id": ["a@b.it"]}}, "identifiers[...]"),
        ({}, ""),
        ({"identifiers": ADA, "attributes": {"A": {"deep": 1}}}, "attributes[...]"),
        ({"identifiers": ADA, "attributes": {"A": "\u0000"}}, "attributes.A"),
        ({"identifiers": ADA, "lists": [""]}, "lists[0]"),
        ({"identifiers": ADA, "consent": "maybe"}, "consent"),
        ({"identifiers": ADA, "shoes": 1}, ""),
        ([], ""),
    ],
)
def test_a_bad_body_is_refused_with_the_path(shop: Shop, body: Any, path: str) -> None:
    """And nobody is made."""
    paths = [found for found, _ in wrong(shop, "/api/contacts", body)]
    assert [path] == paths or paths[0].startswith(path), paths
    assert [] == shop.get("/api/contacts").json()["contacts"]


def test_an_attribute_with_a_type_takes_no_other(shop: Shop) -> None:
    """Text, number, date, boolean, list; what is not defined may hold anything plain."""
    types = {"T": "text", "N": "number", "D": "date", "B": "boolean", "L": "list"}
    for name, type in types.items():
        assert 201 == shop.change("POST", "/api/attributes", {"name": name, "type": type}).status_code
    assert 409 == shop.change("POST", "/api/attributes", {"name": "T", "type": "text"}).status_code
    good = {"T": "x", "N": 1.5, "D": "2026-11-25", "B": False, "L": ["a", 1], "X": "free"}
    assert good == made(shop, identifiers=ADA, attributes=good)["attributes"]
    for name, value in {"T": 1, "N": "1", "D": "tomorrow", "B": 1, "L": "a"}.items():
        body = {"identifiers": ADA, "attributes": {name: value}}
        assert [(f"attributes.{name}", "bad_property")] == wrong(shop, "/api/contacts", body)
    assert 204 == shop.change("DELETE", "/api/attributes/N").status_code
    assert 404 == shop.change("DELETE", "/api/attributes/N").status_code
    assert 200 == shop.change("POST", "/api/contacts", {"identifiers": ADA, "attributes": {"N": "1"}}).status_code


def test_lists_are_defined_filled_and_read(shop: Shop) -> None:
    """By name on the contact, by id here."""
    ids = [made(shop, identifiers={"ext_id": f"p{n}"}, lists=["News"] if n else [])["id"] for n in range(3)]
    (news,) = shop.get("/api/lists").json()["lists"]
    assert ("News", 2, 1) == (news["name"], news["contacts"], news["folder"])
    vip = shop.change("POST", "/api/lists", {"name": "VIP", "folder": 2}).json()
    filled = shop.change("POST", f"/api/lists/{vip['id']}/contacts", {"add": ids[:2]})
    assert (200, 2) == (filled.status_code, filled.json()["contacts"]), filled.text
    members = shop.get(f"/api/lists/{vip['id']}/contacts?limit=1").json()
    assert ([ids[0]], True) == ([c["id"] for c in members["contacts"]], members["next"] is not None)
    rest = shop.get(f"/api/lists/{vip['id']}/contacts?limit=1&cursor={members['next']}").json()
    assert ([ids[1]], None) == ([c["id"] for c in rest["contacts"]], rest["next"])
    left = shop.change("POST", f"/api/lists/{vip['id']}/contacts", {"remove": [ids[0]]}).json()
    assert 1 == left["contacts"]
    renamed = shop.change("PATCH", f"/api/lists/{vip['id']}", {"name": "Very important"}).json()
    assert ["News", "Very important"] == shop.get(f"/api/contacts/{ids[1]}").json()["lists"]
    assert renamed == shop.get(f"/api/lists/{vip['id']}").json()
    assert 409 == shop.change("PATCH", f"/api/lists/{vip['id']}", {"name": "News"}).status_code
    assert 204 == shop.change("DELETE", f"/api/lists/{vip['id']}").status_code
    assert ["News"] == shop.get(f"/api/contacts/{ids[1]}").json()["lists"]
    assert 404 == shop.get(f"/api/lists/{vip['id']}").status_code
    assert 404 == shop.change("POST", f"/api/lists/{news['id']}/contacts", {"add": [999]}).status_code


def test_only_keys_that_may_write_change_anything(shop: Shop) -> None:
    """401 without one."""
    for path in ("/api/contacts", "/api/lists", "/api/attributes"):
        assert 401 == shop.change("POST", path, {}, api_key="sk_nobody").status_code
