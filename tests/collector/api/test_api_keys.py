"""`/api/keys` over HTTP: a secret is shown once, a revocation holds at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.collector.api.defining import ADMIN, NOW_TEXT, READ, WRITE, Defining, defining


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Defining]:
    with defining(tmp_path) as ready:
        yield ready


def test_new_key_is_shown_once(deployment: Defining) -> None:
    """The answer that makes it holds the key, which works at once; the list shows its first characters."""
    made = deployment.http.post("/api/keys", json={"scope": "read", "name": "grafana"})
    text = made.json()["key"]
    expected = {
        "id": 5,
        "scope": "read",
        "name": "grafana",
        "site": None,
        "shown": text[:8],
        "created_at": NOW_TEXT,
        "last_used_at": None,
        "revoked_at": None,
    }
    assert (201, {**expected, "key": text}) == (made.status_code, made.json())
    assert 200 == deployment.http.get("/api/sites", headers={"api-key": text}).status_code
    listed = deployment.http.get("/api/keys")
    assert expected == listed.json()["keys"][-1]
    assert text not in listed.text


def test_write_key_belongs_to_a_site(deployment: Defining) -> None:
    """A write key is public: it is shown whole, and works for its site."""
    made = deployment.http.post("/api/keys", json={"scope": "write_key", "site": 1}).json()
    assert ("write_key", 1, made["key"]) == (made["scope"], made["site"], made["shown"])
    assert 1 == deployment.keys.site_of(made["key"]).id  # type: ignore[union-attr]  # a code would fail as well


def test_revoked_key_is_refused_at_once(deployment: Defining) -> None:
    """After the 204 the key is 401 as revoked; again is the same; the list keeps it."""
    made = deployment.http.post("/api/keys", json={"scope": "read"}).json()
    assert [204, 204] == [deployment.http.delete(f"/api/keys/{made['id']}").status_code for _ in range(2)]
    answer = deployment.http.get("/api/sites", headers={"api-key": made["key"]})
    assert (401, "key_revoked") == (answer.status_code, answer.json()["errors"][0]["code"])
    assert NOW_TEXT == deployment.http.get("/api/keys").json()["keys"][-1]["revoked_at"]


@pytest.mark.parametrize("headers", [READ, WRITE])
def test_only_an_admin_sees_and_makes_keys(deployment: Defining, headers: dict[str, str]) -> None:
    """403 for lesser keys, for reading too: a list of keys is a map for burglars."""
    http = deployment.http
    statuses = [
        http.get("/api/keys", headers=headers).status_code,
        http.post("/api/keys", json={"scope": "admin"}, headers=headers).status_code,
        http.delete("/api/keys/1", headers=headers).status_code,
    ]
    assert [403, 403, 403] == statuses


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, ""),
        ({"scope": "root"}, "scope"),
        ({"scope": "write_key"}, "site"),
        ({"scope": "read", "site": 1}, "site"),
        ({"scope": "write_key", "site": 7}, "site"),
        ({"scope": "write_key", "site": 0}, "site"),
        ({"scope": "write_key", "site": 2**53}, "site"),
        ({"scope": "read", "name": "x" * 101}, "name"),
        ({"scope": "read", "key": "sk_mine"}, ""),
    ],
)
def test_bad_field_is_named(deployment: Defining, body: Any, path: str) -> None:
    """400 says which field; nobody chooses the text of a key."""
    assert (400, path) == deployment.error(deployment.http.post("/api/keys", json=body))


@pytest.mark.parametrize("id", [0, 99, 2**63, 10**30])
def test_unknown_key(deployment: Defining, id: int) -> None:
    """404 for a number that no key has, however large."""
    assert 404 == deployment.http.delete(f"/api/keys/{id}").status_code


def test_long_lists_have_pages(deployment: Defining) -> None:
    """`limit` and `cursor` as everywhere."""
    first = deployment.http.get("/api/keys?limit=3").json()
    second = deployment.http.get("/api/keys", params={"cursor": first["next"]}).json()
    assert ([1, 2, 3], [4], None) == (
        [key["id"] for key in first["keys"]],
        [key["id"] for key in second["keys"]],
        second["next"],
    )


def test_last_use_is_told(deployment: Defining) -> None:
    """Once the uses were flushed the list says when a key was used last."""
    deployment.http.get("/api/keys")
    deployment.keys.flush_used(1_795_000_000_000)
    used = {key["shown"]: key["last_used_at"] for key in deployment.http.get("/api/keys").json()["keys"]}
    assert (NOW_TEXT, None) == (used[ADMIN["api-key"][:8]], used[READ["api-key"][:8]])
