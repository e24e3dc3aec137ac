"""`/api/sites` over HTTP: listing, making, changing, and every way in which a body can be wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.access.keys import SiteAccess
from collector.sqlite import connect
from tests.collector.api.defining import NOW_TEXT, READ, WRITE, Defining, defining

DEFAULT = {
    "id": 1,
    "name": "default",
    "origins": [],
    "consent": "implied",
    "identify": "guarded",
    "write_keys": ["wk_first"],
    "created_at": NOW_TEXT,
}


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Defining]:
    with defining(tmp_path) as ready:
        yield ready


def test_sites_are_listed_with_their_keys(deployment: Defining) -> None:
    """A key for reading sees every site and the public keys that are in force."""
    revoked = deployment.http.post("/api/keys", json={"scope": "write_key", "site": 1}).json()["id"]
    deployment.http.delete(f"/api/keys/{revoked}")
    assert {"sites": [DEFAULT], "next": None} == deployment.http.get("/api/sites", headers=READ).json()
    assert DEFAULT == deployment.http.get("/api/sites/1", headers=READ).json()


def test_site_is_made_with_a_key_that_works_at_once(deployment: Defining) -> None:
    """The answer holds the write key; the process that made it knows it without waiting; origins are normalised."""
    body = {
        "name": "shop",
        "origins": ["HTTPS://Shop.Example:443/", "https://shop.example", "http://localhost:3000"],
        "consent": "required",
        "identify": "open",
    }
    answer = deployment.http.post("/api/sites", json=body)
    assert (201, "/api/sites/2") == (answer.status_code, answer.headers["location"])
    (write_key,) = answer.json()["write_keys"]
    expected = {**body, "id": 2, "origins": ["https://shop.example", "http://localhost:3000"]}
    assert {**expected, "write_keys": [write_key], "created_at": NOW_TEXT} == answer.json()
    access = deployment.keys.site_of(write_key)
    assert isinstance(access, SiteAccess)
    assert ("shop", "required") == (access.name, access.consent)


def test_change_keeps_what_is_not_named(deployment: Defining) -> None:
    """PATCH changes the fields in its body; the process applies them at once."""
    answer = deployment.http.patch("/api/sites/1", json={"origins": ["https://a.example"], "consent": "off"})
    assert {**DEFAULT, "origins": ["https://a.example"], "consent": "off"} == answer.json()
    access = deployment.keys.site(1)
    assert access is not None
    assert ("https://a.example",) == access.origins
    answer = deployment.http.patch("/api/sites/1", json={"origins": [], "name": "main"})
    assert {**DEFAULT, "name": "main", "consent": "off"} == answer.json()


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/sites"), ("PATCH", "/api/sites/1")])
def test_only_an_admin_defines(deployment: Defining, method: str, path: str) -> None:
    """401 without a key, 403 with a lesser one; nothing is made."""
    statuses = [
        deployment.http.request(method, path, json={"name": "x"}, headers=headers).status_code
        for headers in (READ, WRITE, {"api-key": "sk_wrong"}, {"api-key": "wk_first"})
    ]
    assert [403, 403, 401, 401] == statuses
    assert [DEFAULT] == deployment.http.get("/api/sites").json()["sites"]


@pytest.mark.parametrize("id", [0, 2, 2**53, 10**30])
def test_unknown_site(deployment: Defining, id: int) -> None:
    """404 for a number that no site has, however large."""
    assert 404 == deployment.http.get(f"/api/sites/{id}").status_code
    assert 404 == deployment.http.patch(f"/api/sites/{id}", json={"name": "x"}).status_code


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, ""),
        ([], ""),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": 1}, "name"),
        ({"name": "x", "origins": "https://a.example"}, "origins"),
        ({"name": "x", "origins": ["https://a.example", "https://a.example/path"]}, "origins[1]"),
        ({"name": "x", "origins": ["null"]}, "origins[0]"),
        ({"name": "x", "origins": ["ftp://a.example"]}, "origins[0]"),
        ({"name": "x", "origins": ["https://a.example"] * 101}, "origins"),
        ({"name": "x", "consent": "maybe"}, "consent"),
        ({"name": "x", "identify": None}, "identify"),
        ({"name": "x", "orgins": []}, ""),
    ],
)
def test_bad_field_is_named(deployment: Defining, body: Any, path: str) -> None:
    """400 says which field; an unknown field is refused instead of being ignored."""
    assert (400, path) == deployment.error(deployment.http.post("/api/sites", json=body))


@pytest.mark.parametrize("content", [b"", b"{", b'{"name":"\xff"}', b'{"name":"\\ud800"}', b"[" * 60_000])
def test_body_that_is_no_json(deployment: Defining, content: bytes) -> None:
    """400, and the next request is served."""
    headers = {"content-type": "application/json"}
    assert 400 == deployment.http.post("/api/sites", content=content, headers=headers).status_code
    assert 201 == deployment.http.post("/api/sites", json={"name": "good"}).status_code


def test_body_must_be_json_by_its_type(deployment: Defining) -> None:
    """A form of another page cannot send application/json without the browser asking first."""
    for media_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = deployment.http.post("/api/sites", content=b'{"name":"x"}', headers={"content-type": media_type})
        assert 415 == answer.status_code
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert 201 == deployment.http.post("/api/sites", content=b'{"name":"x"}', headers=headers).status_code


def test_body_is_bounded(deployment: Defining) -> None:
    """64 KiB pass, one byte more does not."""
    headers = {"content-type": "application/json"}
    for size, status in [(64 * 1024, 201), (64 * 1024 + 1, 413)]:
        content = b'{"name":"x"}'.ljust(size)
        assert status == deployment.http.post("/api/sites", content=content, headers=headers).status_code


def test_long_lists_have_pages(deployment: Defining) -> None:
    """`limit` and `cursor` as everywhere; other parameters are refused."""
    for name in ("b", "c"):
        deployment.http.post("/api/sites", json={"name": name})
    first = deployment.http.get("/api/sites?limit=2").json()
    assert ["default", "b"] == [site["name"] for site in first["sites"]]
    second = deployment.http.get("/api/sites", params={"limit": 2, "cursor": first["next"]}).json()
    assert (["c"], None) == ([site["name"] for site in second["sites"]], second["next"])
    assert (400, "nmae") == deployment.error(deployment.http.get("/api/sites?nmae=x"))


def test_store_that_cannot_write_is_503(deployment: Defining) -> None:
    """When the file refuses the write the answer says to try again, and nothing was made."""
    connection = connect(deployment.path)
    connection.execute("CREATE TRIGGER full BEFORE INSERT ON sites BEGIN SELECT raise(ABORT, 'disk full'); END")
    answer = deployment.http.post("/api/sites", json={"name": "x"})
    assert (503, "1") == (answer.status_code, answer.headers["retry-after"])
    connection.execute("DROP TRIGGER full")
    connection.close()
    assert 201 == deployment.http.post("/api/sites", json={"name": "x"}).status_code
