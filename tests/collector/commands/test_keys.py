"""`sentiero keys`: made, listed, revoked; a secret one is seen once and never again."""

import json
import re
from typing import Any

import pytest

from tests.collector.commands.terminal import Terminal

MADE = re.compile(r"^key (\d+) \((\w+)\): ((?:wk|sk)_[A-Za-z0-9]+)\n$")
USAGE, NOT_FOUND = 2, 4


def keys(here: Terminal) -> list[dict[str, Any]]:
    """As a program reads them."""
    listed: list[dict[str, Any]] = json.loads(here.done("keys", "list", "--json"))
    return listed


def made(out: str) -> tuple[int, str, str]:
    """(id, scope, text) of the key that was printed."""
    found = MADE.match(out)
    assert found, out
    return int(found[1]), found[2], found[3]


@pytest.mark.parametrize("scope", ["read", "write", "admin"])
def test_a_secret_key_is_shown_once_and_never_again(ready: Terminal, scope: str) -> None:
    """Neither a list nor any file of the folder holds more of it than its first 8 characters."""
    id, said_scope, text = made(ready.done("keys", "create", "--scope", scope, "--name", "Grafana"))
    assert (3, scope) == (id, said_scope)
    assert 35 == len(text)
    listed = ready.done("keys", "list") + ready.done("keys", "list", "--json")
    assert text[:8] in listed
    assert text[:9] not in listed
    assert not [path for path in ready.data.iterdir() if text[:9].encode() in path.read_bytes()]


def test_a_write_key_is_shown_whole(ready: Terminal) -> None:
    """It stands in the page's source anyway; two keys of a site may be in force at once."""
    _, _, text = made(ready.done("keys", "create", "--scope", "write_key", "--site", "1"))
    assert text in ready.done("keys", "list")
    assert [1, 1] == [key["site"] for key in keys(ready) if key["scope"] == "write_key"]


def test_programs_read_what_the_api_says(ready: Terminal) -> None:
    """The same names, times in RFC 3339, null for what is not."""
    ready.done("keys", "create", "--scope", "read", "--name", "Città \"x\"")  # fmt: skip
    key = keys(ready)[-1]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", key.pop("created_at"))
    shown = key.pop("shown")
    expected = {"id": 3, "scope": "read", "name": 'Città "x"', "site": None, "last_used_at": None, "revoked_at": None}
    assert expected == key
    assert shown.startswith("sk_")


def test_a_revoked_key_stays_in_the_list(ready: Terminal) -> None:
    """With the time at which it was revoked first; the others are not touched."""
    assert "key 2 is revoked\n" == ready.done("keys", "revoke", "2")
    once = keys(ready)
    ready.done("keys", "revoke", "2")
    assert once == keys(ready)
    assert [1] == [key["id"] for key in once if key["revoked_at"] is None]
    assert 1 == ready.done("keys", "list").count("revoked │")


@pytest.mark.parametrize(
    "words",
    [
        "--scope owner",
        "--scope Read",
        "--scope write_key",
        "--scope read --site 1",
        f"--scope read --name {'x' * 101}",
        "--scope read --name a\x1b[31mb",
        "--scope read --name \udcff",
        "--scope write_key --site one",
    ],
)
def test_what_makes_no_key_is_a_usage_error(ready: Terminal, words: str) -> None:
    """It ends with 2, and there is no new key."""
    assert USAGE == ready.run("keys", "create", *words.split()).code
    assert [1, 2] == [key["id"] for key in keys(ready)]


@pytest.mark.parametrize("site", ["2", "0", "9007199254740993", "99999999999999999999"])
def test_a_site_that_is_not_there_is_not_found(ready: Terminal, site: str) -> None:
    """It ends with 4, also for numbers that no row can have."""
    said = ready.run("keys", "create", "--scope", "write_key", "--site", site)
    assert (NOT_FOUND, f"there is no site {site}\n") == (said.code, said.err)
    assert [1, 2] == [key["id"] for key in keys(ready)]


@pytest.mark.parametrize("key", ["3", "0", "9007199254740993", "99999999999999999999"])
def test_a_key_that_is_not_there_is_not_found(ready: Terminal, key: str) -> None:
    """It ends with 4 and revokes nothing."""
    said = ready.run("keys", "revoke", key)
    assert (NOT_FOUND, f"there is no key {key}\n") == (said.code, said.err)
    assert [None, None] == [key["revoked_at"] for key in keys(ready)]


def test_a_negative_id_is_not_found(ready: Terminal) -> None:
    """Behind `--` it is no option any more."""
    assert NOT_FOUND == ready.run("keys", "revoke", "--", "-99999999999999999999").code


@pytest.mark.parametrize("name", ["[/b]", "[red]x[/]", "[link=https://evil.example]", "小店", "a" * 100])
def test_a_name_is_shown_as_it_is(ready: Terminal, name: str) -> None:
    """Whoever named a key cannot colour, break or fake the list; and the key beside it stays in one piece."""
    ready.done("keys", "create", "--scope", "read", "--name", name)
    _, _, write_key = made(ready.done("keys", "create", "--scope", "write_key", "--site", "1", "--name", name))
    listed = ready.done("keys", "list")
    assert write_key in listed
    assert name in listed or len(name) == 100
    assert [name, name] == [key["name"] for key in keys(ready)[2:]]


def test_keys_that_a_list_has_made_are_not_lost(here: Terminal) -> None:
    """Where no folder was, the first command makes it and says so beside its output, which stays what was asked."""
    said = here.run("keys", "list", "--json")
    assert ["admin", "write_key"] == [key["scope"] for key in json.loads(said.out)]
    assert re.search(r"API key \(scope admin, shown this once\): sk_\w{32}\n", said.err)
    assert "" == here.run("keys", "list", "--json").err
