"""`sentiero automation`: which there are, how they do, and what is wrong with them."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from collector.store.ports.automations.definitions import AutomationChange
from collector.store.sqlite.automations.definitions import SqliteAutomations
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.automations.definition import parse
from sessionizer.automations.run import Occurrence, Run
from tests.collector.commands.terminal import Terminal

USAGE, NOT_FOUND, FAULTY = 2, 4, 1
TRIGGER = {"type": "event", "category": "ecommerce", "key": "cart_updated"}
WAIT = {"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}}
CART = {"triggers": [TRIGGER], "steps": [WAIT]}
FAULTS = {"triggers": [TRIGGER], "steps": [WAIT, {"type": "send", "id": "mail", "message": 9}]}
SAYS = "steps[1].message: there is no message 9 in use: choose one."


@pytest.fixture
def automations(ready: Terminal) -> Iterator[SqliteAutomations]:
    """One that goes, in which somebody waits; one with a fault; one that was put away."""
    path = ready.data / "store.db"
    with closing(SqliteAutomations(path)) as automations, closing(SqliteWorkStore(path)) as store:
        for name, definition in (("Cart [old]", CART), ("Wish", FAULTS), ("Gone", CART)):
            automations.create(name, parse(definition), at=1)
        automations.change(1, AutomationChange(status="active"), at=2)
        automations.change(3, AutomationChange(archived=True), at=3)
        run = Run("r", 1, 1, 7, "", Occurrence("e", 4), 5, "wait", 5, 9)
        with store.transaction():
            store.automations.save([run, Run("s", 1, 1, 8, "", Occurrence("f", 4), 5, "gone", 5, 9)])
            store.automations.passed({(1, "@entered"): 1_200, (1, "wait"): 1_200})
        yield automations


def cells(out: str) -> list[list[str]]:
    """Of a table's rows."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if line.startswith("│")]


def test_those_in_use_are_listed(ready: Terminal, automations: SqliteAutomations) -> None:
    """With who is in; those that were put away when they are asked for."""
    expected = [["1", "Cart [old]", "active", "1", "2", "0", "1,200", "0"], ["2", "Wish", "draft", "1", *"0000"]]
    assert expected == cells(ready.done("automation", "list"))
    assert [["3", "Gone", "draft", "1", *"0000"]] == cells(ready.done("automation", "list", "--archived"))


def test_programs_read_what_the_api_says(ready: Terminal, automations: SqliteAutomations) -> None:
    """Definitions, and faults beside them."""
    found: list[dict[str, Any]] = json.loads(ready.done("automation", "list", "--json"))
    assert [(1, CART, 0), (2, FAULTS, 1)] == [(one["id"], one["definition"], len(one["faults"])) for one in found]
    assert found[1] == json.loads(ready.done("automation", "show", "2", "--json"))


def test_one_is_shown_step_by_step(ready: Terminal, automations: SqliteAutomations) -> None:
    """Who is where, also at steps that are no more."""
    out = ready.done("automation", "show", "1")
    assert "automation 1 (Cart [old]): active since 1970-01-01T00:00:00.002Z, version 1" == out.splitlines()[0]
    assert [["steps[0]", "wait", "wait", "1", "1,200"], ["of an older version", "", "gone", "1", "0"]] == cells(out)
    assert f"Wish: {SAYS}" == ready.done("automation", "show", "2").splitlines()[-1]
    assert "Gone): draft, version 1, put away" in ready.done("automation", "show", "3")


def test_what_is_wrong_is_said(ready: Terminal, automations: SqliteAutomations) -> None:
    """Of all in use or of those that are named; nothing, and 0, where all is well."""
    for words in ((), ("2",), ("1", "2")):
        said = ready.run("automation", "check", *words)
        assert (FAULTY, f"Wish: {SAYS}\n") == (said.code, said.out)
    assert "" == ready.done("automation", "check", "1", "3")


def test_a_file_is_checked_before_it_is_kept(ready: Terminal, automations: SqliteAutomations) -> None:
    """By what there is here; what is no definition is a usage error that names the field."""
    path = ready.write("cart.json", json.dumps(FAULTS))
    said = ready.run("automation", "check", "--file", str(path))
    assert (FAULTY, f"{path}: {SAYS}\n") == (said.code, said.out)
    ready.write("cart.json", json.dumps({"steps": [{"type": "wait"}]}))
    said = ready.run("automation", "check", "--file", str(path))
    assert USAGE == said.code
    assert "$.steps[0]" in said.all
    for words in (["--file", "nowhere.json"], ["--file", str(ready.write("x.json", b"\xff"))]):
        assert USAGE == ready.run("automation", "check", *words).code


@pytest.mark.parametrize("id", ["9", "0", str(2**60)])
@pytest.mark.parametrize("verb", ["show", "check"])
def test_what_is_not_there_is_not_found(ready: Terminal, automations: SqliteAutomations, verb: str, id: str) -> None:
    """Exit code 4, and it says which."""
    said = ready.run("automation", verb, id)
    assert (NOT_FOUND, f"there is no automation {id}\n") == (said.code, said.err)


def test_a_dry_run_says_what_would_have_been(ready: Terminal, automations: SqliteAutomations) -> None:
    """Of nobody, nothing; for programs in the words of the API; 4 where there is no such automation."""
    assert "would have come in: 0" in ready.done("automation", "dry-run", "1", "--days", "3").splitlines()
    found = json.loads(ready.done("automation", "dry-run", "1", "--json"))
    assert (0, {}, []) == (found["entered"], found["sent"], found["examples"])
    assert NOT_FOUND == ready.run("automation", "dry-run", "9").code
    assert USAGE == ready.run("automation", "dry-run", "1", "--days", "31").code
