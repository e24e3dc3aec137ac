"""`sentiero sites`: made, changed, listed, by the same rules as over HTTP."""

import json
import re
from typing import Any

import pytest

from tests.collector.commands.terminal import Terminal

USAGE, NOT_FOUND = 2, 4
CREATED_AT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def sites(here: Terminal) -> list[dict[str, Any]]:
    """As a program reads them, without the time at which they were made."""
    listed: list[dict[str, Any]] = json.loads(here.done("sites", "list", "--json"))
    assert all(CREATED_AT.fullmatch(site.pop("created_at")) for site in listed)
    return listed


def site(id: int, name: str, **fields: Any) -> dict[str, Any]:
    """A site as /api/sites shows it."""
    known: dict[str, Any] = {"origins": [], "consent": "implied", "identify": "guarded"}
    return {"id": id, "name": name, **known, **fields}


def test_a_new_site_takes_everything_and_prints_its_write_key(ready: Terminal) -> None:
    """Origins as browsers write them, each once; programs read it in the words of /api/sites."""
    origins = (
        "--origin",
        "HTTPS://Shop.example/",
        "--origin",
        "https://shop.example:443",
        "--origin",
        "http://[::1]:80",
    )
    out = ready.done("sites", "create", "Shop", *origins, "--consent", "required", "--identify", "open")
    found = re.fullmatch(r"site 2 \(Shop\), write key (wk_[A-Za-z0-9]{24})\n", out)
    assert found
    shop = {"origins": ["https://shop.example", "http://[::1]"], "consent": "required", "identify": "open"}
    expected = [site(1, "default", write_keys=["wk_first"]), site(2, "Shop", **shop, write_keys=[found[1]])]
    assert expected == sites(ready)


def test_a_site_without_a_word_has_the_defaults(ready: Terminal) -> None:
    """Any origin, implied consent, guarded identification; the table says so."""
    ready.done("sites", "create", "Blog")
    row = next(line for line in ready.done("sites", "list").splitlines() if "Blog" in line)
    assert ["2", "Blog", "any", "implied", "guarded"] == row.replace("│", " ").split()


def test_set_changes_only_what_is_named(ready: Terminal) -> None:
    """The rest stays as it was."""
    ready.done("sites", "set", "1", "--origin", "https://a.example", "--origin", "https://b.example")
    out = ready.done("sites", "set", "1", "--consent", "off")
    assert "site 1 (default): https://a.example, https://b.example, off, guarded\n" == out
    ready.done("sites", "set", "1", "--name", "Shop", "--identify", "verified")
    changed = {"origins": ["https://a.example", "https://b.example"], "consent": "off", "identify": "verified"}
    assert [site(1, "Shop", **changed, write_keys=["wk_first"])] == sites(ready)


def test_an_empty_origin_opens_the_site_again(ready: Terminal) -> None:
    """`--origin ""` names none: any http(s) origin."""
    ready.done("sites", "set", "1", "--origin", "https://a.example")
    assert "site 1 (default): any origin, implied, guarded\n" == ready.done("sites", "set", "1", "--origin", "")
    assert [[]] == [listed["origins"] for listed in sites(ready)]


def test_a_revoked_write_key_is_not_offered(ready: Terminal) -> None:
    """Whoever copies from the list gets a key that works."""
    ready.done("keys", "revoke", "2")
    assert [[]] == [listed["write_keys"] for listed in sites(ready)]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--origin", "shop.example"),
        ("--origin", "https://shop.example/path"),
        ("--origin", "https://*.shop.example"),
        ("--origin", "null"),
        ("--origin", "[/b]"),
        ("--consent", "maybe"),
        ("--consent", "[/b]"),
        ("--consent", "\udcff"),
        ("--identify", ""),
        ("--name", ""),
        ("--name", "x" * 101),
        ("--name", "a\nb"),
        ("--name", "a\x1b[31mb"),
        ("--name", "a\x00b"),
        ("--name", "\udcff"),
    ],
)
def test_what_no_site_may_have_is_a_usage_error(ready: Terminal, option: str, value: str) -> None:
    """It ends with 2, both in `create` and in `set`, and nothing has changed."""
    named = [value] if option == "--name" else ["Shop", option, value]
    for said in (ready.run("sites", "create", *named), ready.run("sites", "set", "1", option, value)):
        assert (USAGE, "") == (said.code, said.out)
    assert [site(1, "default", write_keys=["wk_first"])] == sites(ready)


@pytest.mark.parametrize("id", ["2", "0", "9007199254740993", "99999999999999999999"])
def test_a_site_that_is_not_there_is_not_found(ready: Terminal, id: str) -> None:
    """It ends with 4, also for numbers that no row can have."""
    said = ready.run("sites", "set", id, "--name", "Shop")
    assert (NOT_FOUND, f"there is no site {id}\n") == (said.code, said.err)


@pytest.mark.parametrize("name", ["[/b]", "[bold]x", "小店 🛒", "a\u200bb", "Caffè & Co. <shop>"])
def test_a_name_is_shown_as_it_is(ready: Terminal, name: str) -> None:
    """In every script, and never as markup."""
    ready.done("sites", "create", name)
    assert name in ready.done("sites", "list")
    assert name == sites(ready)[1]["name"]


def test_the_key_of_a_new_site_is_in_force(ready: Terminal) -> None:
    """What `create` printed is what `keys list` shows for it."""
    text = ready.done("sites", "create", "Shop").split()[-1]
    keys = json.loads(ready.done("keys", "list", "--json"))
    assert [(2, "write_key", None)] == [(k["site"], k["scope"], k["revoked_at"]) for k in keys if k["shown"] == text]
