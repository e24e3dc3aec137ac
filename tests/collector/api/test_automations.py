"""Automations by API: defined, checked, set going; people put in and out; who is where, who did not come in."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collector.api.automations.desk import Desk
from collector.api.frame.cursor import encode_cursor
from collector.store.ports.automations.definitions import Ask, AutomationChange
from collector.store.ports.automations.work import Missed, Sent
from collector.store.ports.definitions.keys import KeyDraft
from collector.store.sqlite.automations.work import SqliteAutomationWork
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.automations.definition import parse
from sessionizer.automations.run import Occurrence, Passed, Run
from tests.collector.ingest.sending import NOW
from tests.fixtures.shop import Shop, opened

HER, HIM = {"email_id": "ada@mail.example"}, {"ext_id": "bruno"}
TRIGGER = {"type": "event", "category": "ecommerce", "key": "cart_updated"}
WAIT = {"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}}
CART = {"triggers": [TRIGGER], "steps": [WAIT, {"type": "exit", "id": "out"}]}
FAULTY = {"triggers": [], "steps": [WAIT, {"type": "send", "id": "mail", "message": 9}]}
KNOWN = {"type": "identity", "is": "identified"}


def at(minute: int) -> int:
    """So many minutes after the beginning, ms UTC."""
    return NOW + minute * 60_000


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Two people."""
    with opened(tmp_path) as ready:
        for number, who in enumerate((HER, HIM)):
            ready.serve(number, {"id": str(number), "category": "contact", "key": "identified", "identifiers": who})
        yield ready


@pytest.fixture
def work(shop: Shop, tmp_path: Path) -> Iterator[SqliteAutomationWork]:
    """What the worker has of automations."""
    with closing(SqliteWorkStore(tmp_path / "store.db")) as store:
        yield store.automations


def made(shop: Shop, *, turns: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """An automation, after those turns."""
    answer = shop.change("POST", "/api/automations", {"name": "Cart", "definition": CART, **more})
    assert 201 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    for turn in turns:
        answer = shop.change("POST", f"/api/automations/{found['id']}/{turn}")
        assert 200 == answer.status_code, answer.text
        found = answer.json()
    return found


def run(id: str, contact: int = 1, **fields: Any) -> Run:
    """Somebody who waits in automation 1."""
    given: dict[str, Any] = {
        "automation": 1, "version": 1, "key": "", "trigger": Occurrence("e1", at(1), "ecommerce", "cart_updated"),
        "entered_at": at(2), "step": "wait", "arrived_at": at(2), "wake_at": at(122),
    }  # fmt: skip
    return Run(id=id, contact=contact, **(given | fields))


def paths(answer: Any) -> list[str]:
    """Which fields a refusal names."""
    assert 400 == answer.status_code, answer.text
    return [error["path"] for error in answer.json()["errors"]]


# Definitions ----------------------------------------------------------------------------------------------------------


def test_a_definition_comes_back_as_it_was_said(shop: Shop) -> None:
    """A draft, found by its id and in the list, at the address that is named."""
    answer = shop.change("POST", "/api/automations", {"name": "Cart", "definition": CART})
    assert (201, "/api/automations/1") == (answer.status_code, answer.headers["location"])
    found = answer.json()
    assert ("draft", 1, CART, [], None) == tuple(
        found[name] for name in ("status", "version", "definition", "faults", "active_at")
    )
    assert [found] == [shop.get("/api/automations/1").json()] == shop.get("/api/automations").json()["automations"]


def test_another_definition_is_a_new_version(shop: Shop) -> None:
    """The same once more is none; another name is none either."""
    made(shop)
    later = {**CART, "steps": [{**WAIT, "span": {"n": 3, "unit": "hours"}}]}
    bodies: list[dict[str, Any]] = [{"definition": CART}, {"name": "Wish"}, {"definition": later}]
    found = [shop.change("PATCH", "/api/automations/1", body).json()["version"] for body in bodies]
    assert [1, 1, 2] == found
    versions = shop.get("/api/automations/1/versions").json()["versions"]
    assert [(2, later), (1, CART)] == [(one["version"], one["definition"]) for one in versions]


def test_a_name_is_given_once(shop: Shop) -> None:
    """409 for the second."""
    made(shop)
    made(shop, name="Wish")
    assert 409 == shop.change("POST", "/api/automations", {"name": "Cart"}).status_code
    assert 409 == shop.change("PATCH", "/api/automations/2", {"name": "Cart"}).status_code


def test_what_is_put_away_is_stopped(shop: Shop) -> None:
    """It is listed with those that are, and may be taken back, but not set going before."""
    made(shop, turns=["activate"])
    assert "stopped" == shop.change("DELETE", "/api/automations/1").json()["status"]
    assert [] == shop.get("/api/automations").json()["automations"]
    assert [1] == [one["id"] for one in shop.get("/api/automations?archived=true").json()["automations"]]
    assert 409 == shop.change("POST", "/api/automations/1/activate").status_code
    assert None is shop.change("PATCH", "/api/automations/1", {"archived": False}).json()["archived_at"]
    assert "active" == shop.change("POST", "/api/automations/1/activate").json()["status"]


def interleaved(shop: Shop, monkeypatch: pytest.MonkeyPatch, first: Callable[[], Any]) -> None:
    """Whoever changes an automation next is overtaken by that, after they have found it sound."""
    automations, at_once = shop.deployment.built.services.automations, [first]
    change = automations.change

    def overtaken(*given: Any, **named: Any) -> Any:
        while at_once:
            at_once.pop()()
        return change(*given, **named)

    monkeypatch.setattr(automations, "change", overtaken)


def test_what_was_not_checked_is_not_set_going(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody saves a draft with faults while another activates the one that had none: it stays a draft."""
    made(shop)
    desk, automations = Desk(shop.deployment.built.services), shop.deployment.built.services.automations
    draft, faulty = automations.one(1), AutomationChange(definition=parse(FAULTY))
    assert draft is not None
    interleaved(shop, monkeypatch, lambda: asyncio.run(desk.change(draft, faulty)))
    answer = shop.change("POST", "/api/automations/1/activate")
    assert (409, "Somebody else has changed it meanwhile: look again.") == (
        answer.status_code, answer.json()["detail"],
    )  # fmt: skip
    assert ("draft", 2) == tuple(shop.get("/api/automations/1").json()[name] for name in ("status", "version"))


def test_what_goes_gets_no_faults_by_a_save_that_took_it_for_a_draft(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Activated while another saves faults, which a draft may have: the faults are not kept."""
    made(shop)
    desk, automations = Desk(shop.deployment.built.services), shop.deployment.built.services.automations
    draft = automations.one(1)
    assert draft is not None
    interleaved(shop, monkeypatch, lambda: asyncio.run(desk.turn(draft, "activate")))
    assert 409 == shop.change("PATCH", "/api/automations/1", {"definition": FAULTY}).status_code
    found = shop.get("/api/automations/1").json()
    assert ("active", 1, []) == tuple(found[name] for name in ("status", "version", "faults"))


def test_what_is_no_definition_is_refused_by_field(shop: Shop) -> None:
    """Neither kept nor checked."""
    wrong = {**CART, "steps": [{"type": "wait", "id": "Wait!", "span": {"n": 2, "unit": "hours"}}]}
    assert ["definition.steps[0].id"] == paths(
        shop.change("POST", "/api/automations", {"name": "x", "definition": wrong})
    )
    assert ["steps[0].id"] == paths(shop.change("POST", "/api/automations/check", wrong))
    assert [] == shop.get("/api/automations").json()["automations"]


def test_branches_may_stand_in_branches(shop: Shop) -> None:
    """Deeper than events may be nested."""
    steps: list[dict[str, Any]] = [{"type": "exit", "id": "out"}]
    for depth in range(12):
        never = {"type": "wait_for", "id": f"w{depth}", "within": {"n": 1, "unit": "days"}, "event": TRIGGER}
        steps = [{**never, "yes": steps}]
    assert [] == made(shop, definition={**CART, "steps": steps})["faults"]


def test_a_check_keeps_nothing(shop: Shop) -> None:
    """Everything that is wrong, with its step; nothing where all is well."""
    assert [] == shop.change("POST", "/api/automations/check", CART).json()["faults"]
    faults = shop.change("POST", "/api/automations/check", FAULTY).json()["faults"]
    found = {(one["path"], one["step"], one["code"]) for one in faults}
    assert {("triggers", "", "no_trigger"), ("steps[1].message", "mail", "no_message")} == found
    assert all(one["message"] for one in faults)


def test_a_definition_may_name_what_there_is(shop: Shop) -> None:
    """Messages and segments in use."""
    shop.change("POST", "/api/messages", {"name": "Cart", "subject": "Your cart", "html": "<p>Hi"})
    shop.change("POST", "/api/segments", {"name": "All", "where": KNOWN})
    send = {"type": "send", "id": "mail", "message": 1}
    definition = {"triggers": [{"type": "segment", "id": 1}], "steps": [send]}
    assert [] == shop.change("POST", "/api/automations/check", definition).json()["faults"]
    for noun in ("messages", "segments"):
        shop.change("PATCH", f"/api/{noun}/1", {"archived": True})
    faults = shop.change("POST", "/api/automations/check", definition).json()["faults"]
    assert ["triggers[0].id", "steps[0].message"] == [one["path"] for one in faults]


# Setting going --------------------------------------------------------------------------------------------------------


def test_a_draft_with_faults_is_kept_and_not_activated(shop: Shop) -> None:
    """Refused with all of them; the draft says them as well."""
    draft = made(shop, definition=FAULTY)
    wrong = ["triggers", "steps[1].message"]
    assert wrong == [one["path"] for one in draft["faults"]]
    assert wrong == paths(shop.change("POST", "/api/automations/1/activate"))
    assert "draft" == shop.get("/api/automations/1").json()["status"]


@pytest.mark.parametrize(
    ("turns", "status"),
    [
        (["activate"], "active"),
        (["activate", "activate"], "active"),
        (["activate", "pause"], "paused"),
        (["activate", "pause", "resume"], "active"),
        (["activate", "stop"], "stopped"),
        (["activate", "pause", "stop"], "stopped"),
        (["activate", "stop", "activate"], "active"),
    ],
)
def test_it_goes_and_rests(shop: Shop, turns: list[str], status: str) -> None:
    """What is so already stays so; active_at is there while it is active."""
    found = made(shop, turns=turns)
    assert (status, status == "active") == (found["status"], found["active_at"] is not None)


@pytest.mark.parametrize(
    ("turns", "turn"), [([], "pause"), ([], "stop"), ([], "resume"), (["activate", "pause"], "activate")]
)
def test_not_every_turn_is_for_every_state(shop: Shop, turns: list[str], turn: str) -> None:
    """409, and it stays what it was."""
    before = made(shop, turns=turns)
    assert 409 == shop.change("POST", f"/api/automations/1/{turn}").status_code
    assert before == shop.get("/api/automations/1").json()


@pytest.mark.parametrize("turns", [["activate"], ["activate", "pause"]])
def test_nothing_wrong_is_put_where_people_are(shop: Shop, turns: list[str]) -> None:
    """A stopped one may have faults again, as a draft may."""
    made(shop, turns=turns)
    assert ["triggers", "steps[1].message"] == paths(shop.change("PATCH", "/api/automations/1", {"definition": FAULTY}))
    shop.change("POST", "/api/automations/1/stop")
    assert 2 == shop.change("PATCH", "/api/automations/1", {"definition": FAULTY}).json()["version"]


# Who is in ------------------------------------------------------------------------------------------------------------


def test_people_are_put_in_and_taken_out(shop: Shop, work: SqliteAutomationWork) -> None:
    """The worker is asked, in order, and told by whom; a person may be named in several ways."""
    made(shop, turns=["activate"])
    shop.change("POST", "/api/segments", {"name": "All", "where": KNOWN})
    bodies: list[dict[str, Any]] = [{"contact": 2}, {"identifiers": HER}, {"segment": 1}]
    assert [202] * 3 == [shop.ask("POST", "/api/automations/1/contacts", body).status_code for body in bodies]
    assert 202 == shop.ask("DELETE", "/api/automations/1/contacts/2", None).status_code
    found = [(ask.what, ask.contact, ask.segment) for ask in work.asks(9)]
    assert [("enter", 2, 0), ("enter", 1, 0), ("enter_segment", 0, 1), ("remove_contact", 2, 0)] == found
    assert all(ask.by and ask.at for ask in work.asks(9))


def test_nobody_comes_in_where_nothing_goes_on(shop: Shop, work: SqliteAutomationWork) -> None:
    """Of a draft 409; who is not there, or is not said clearly, is a 400 by field."""
    made(shop)
    assert 409 == shop.change("POST", "/api/automations/1/contacts", {"contact": 1}).status_code
    shop.change("POST", "/api/automations/1/activate")

    def refused(body: dict[str, Any]) -> list[str]:
        return paths(shop.change("POST", "/api/automations/1/contacts", body))

    every = ["contact", "identifiers", "segment"]
    assert (every, every) == (refused({}), refused({"contact": 1, "segment": 1}))
    assert (["contact"], ["segment"]) == (refused({"contact": 99}), refused({"segment": 99}))
    nobody = {"identifiers": {"email_id": "x@mail.example"}}
    assert (["identifiers"], ["identifiers.shoe"]) == (refused(nobody), refused({"identifiers": {"shoe": "1"}}))
    assert 404 == shop.change("DELETE", "/api/automations/1/contacts/99").status_code
    assert [] == work.asks(9)


def test_runs_are_ended_tried_again_and_moved(shop: Shop, work: SqliteAutomationWork) -> None:
    """Asked of the worker; what cannot be done is told at once."""
    made(shop, turns=["activate"])
    ended = run("c", 2, step="", wake_at=None, ended_at=at(9), why="done")
    work.save([run("a"), run("b", 2, failed="no such message"), ended])

    def asked(path: str) -> int:
        return shop.ask("POST", f"/api/automations/{path}", None).status_code

    assert [202] * 4 == [asked(path) for path in ("runs/a/remove", "runs/b/retry", "runs/b/move", "1/move")]
    found = [ask._replace(id=0, at=0, by="") for ask in work.asks(9)]
    expected = [
        Ask(0, 1, "remove", 0, "", contact=1, run="a"), Ask(0, 1, "retry", 0, "", contact=2, run="b"),
        Ask(0, 1, "move", 0, "", contact=2, run="b"), Ask(0, 1, "move", 0, ""),
    ]  # fmt: skip
    assert expected == found
    assert [409] * 4 == [asked(f"runs/{path}") for path in ("a/retry", "c/remove", "c/retry", "c/move")]
    assert [404] * 2 == [asked(path) for path in ("runs/x/remove", "9/move")]


def test_nobody_is_moved_to_what_is_wrong(shop: Shop) -> None:
    """A stopped one may have faults; then it says them."""
    made(shop, definition=FAULTY)
    assert ["triggers", "steps[1].message"] == paths(shop.change("POST", "/api/automations/1/move"))


# Looking --------------------------------------------------------------------------------------------------------------


def test_runs_are_listed_newest_first(shop: Shop, work: SqliteAutomationWork) -> None:
    """By stage, step and contact; page after page."""
    made(shop)
    ended = run("c", 2, step="", wake_at=None, entered_at=at(4), ended_at=at(9), why="done")
    work.save([run("a"), run("b", 2, failed="no such message", entered_at=at(3)), ended])

    def listed(query: str = "") -> list[tuple[str, str]]:
        answer = shop.get(f"/api/automations/1/runs?{query}").json()
        return [(one["id"], one["stage"]) for one in answer["runs"]]

    assert [("c", "ended"), ("b", "failed"), ("a", "running")] == listed()
    assert [["a"], ["b"], ["c"], ["b", "a"], ["a"]] == [
        [id for id, _ in listed(query)]
        for query in ("stage=running", "stage=failed", "stage=ended", "step=wait", "contact=1")
    ]
    first = shop.get("/api/automations/1/runs?limit=2").json()
    assert (["c", "b"], encode_cursor("runs", (at(3), "b"))) == ([one["id"] for one in first["runs"]], first["next"])
    assert [("a", "running")] == listed(f"cursor={first['next']}")
    assert ["stage"] == paths(shop.get("/api/automations/1/runs?stage=odd"))


def test_a_run_tells_its_way(shop: Shop, work: SqliteAutomationWork) -> None:
    """By which event, where, when, and what happened there."""
    made(shop)
    trigger = Occurrence("e1", at(1), "ecommerce", "cart_updated", {"total": 90})
    work.save([run("a", trigger=trigger, path=(Passed("", at(2), "entered", "ecommerce/cart_updated"),))])
    found = shop.get("/api/automations/runs/a").json()
    assert (1, "wait", "running") == tuple(found["run"][name] for name in ("contact_id", "step", "stage"))
    assert ("e1", {"total": 90}) == (found["trigger"]["id"], found["trigger"]["properties"])
    assert [("", "entered", "ecommerce/cart_updated")] == [
        (one["step"], one["what"], one["more"]) for one in found["path"]
    ]
    assert 404 == shop.get("/api/automations/runs/x").status_code


def test_figures_tell_how_it_does(shop: Shop, work: SqliteAutomationWork) -> None:
    """As a whole; step by step as they stand, those of older versions behind; by day."""
    made(shop)
    work.save([run("a", entered_at=NOW), run("b", 2, step="gone", entered_at=NOW)])
    work.passed({(1, "@entered"): 2, (1, "wait"): 2, (1, "gone"): 1})
    work.sent([Sent("d", "a", 1, 1, 7, True, at(3))])
    found = shop.get("/api/automations/1/figures").json()
    assert (2, 0, 2, 0, 1) == tuple(found[name] for name in ("inside", "failed", "entered", "ended", "sent"))
    steps = [(one["step"], one["waiting"], one["passed"]) for one in found["steps"]]
    assert [("wait", 1, 2), ("out", 0, 0), ("gone", 1, 1)] == steps
    assert [2] == [one["entered"] for one in found["days"]]
    assert [] == shop.get("/api/automations/1/figures?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z").json()["days"]


def test_who_did_not_come_in_is_told(shop: Shop, work: SqliteAutomationWork) -> None:
    """By automation and by contact."""
    made(shop)
    work.miss([Missed(1, 1, "again", at(3), "e3"), Missed(1, 2, "cap", at(4), "e4")])
    found = shop.get("/api/automations/1/missed").json()["missed"]
    assert [(2, "cap", "e4", 1), (1, "again", "e3", 1)] == [
        (one["contact_id"], one["reason"], one["event"], one["times"]) for one in found
    ]
    assert ["again"] == [one["reason"] for one in shop.get("/api/automations/1/missed?contact=1").json()["missed"]]


def test_a_contact_tells_where_it_was(shop: Shop, work: SqliteAutomationWork) -> None:
    """Runs and refusals of all automations; who was joined to another leads there."""
    made(shop)
    work.save([run("a"), run("b", 2)])
    work.miss([Missed(1, 1, "again", at(3), "e3")])
    found = shop.get("/api/contacts/1/automations").json()
    assert (["a"], ["again"]) == ([one["id"] for one in found["runs"]], [one["reason"] for one in found["missed"]])
    assert 404 == shop.get("/api/contacts/99/automations").status_code


# House rules ----------------------------------------------------------------------------------------------------------


def test_house_rules_hold_for_all(shop: Shop) -> None:
    """None at first; then as they were said, and whatever is left out is none."""
    none = {"quiet_from": "", "quiet_to": "", "zone": "contact", "caps": []}
    rules = {"quiet_from": "22:00", "quiet_to": "08:00", "caps": [{"n": 3, "within": {"n": 7, "unit": "days"}}]}
    assert none == shop.get("/api/automations/rules").json()
    assert {**none, **rules} == shop.change("PUT", "/api/automations/rules", rules).json()
    assert {**none, **rules} == shop.get("/api/automations/rules").json()
    assert none == shop.change("PUT", "/api/automations/rules", {}).json()


def test_half_a_rule_is_none(shop: Shop) -> None:
    """Quiet hours begin and end, at different times."""
    both = ["quiet_from", "quiet_to"]
    assert both == paths(shop.change("PUT", "/api/automations/rules", {"quiet_from": "22:00"}))
    same = {"quiet_from": "22:00", "quiet_to": "22:00"}
    assert ["quiet_to"] == paths(shop.change("PUT", "/api/automations/rules", same))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/versions"), ("GET", "/runs"), ("GET", "/figures"),
     ("GET", "/missed"), ("POST", "/activate"), ("POST", "/contacts"), ("DELETE", "/contacts/1")],
)  # fmt: skip
def test_what_is_not_there_is_not_found(shop: Shop, method: str, path: str) -> None:
    """404, also for what is no id."""
    body: dict[str, Any] | None = {} if method in ("PATCH", "POST") else None
    for id in ("9", "x", "9" * 30):
        address = f"/api/automations/{id}{path}"
        answer = shop.get(address) if method == "GET" else shop.change(method, address, body)
        assert 404 == answer.status_code, answer.text


def test_who_may_only_read_changes_nothing(shop: Shop) -> None:
    """403 for what changes something; a check keeps nothing, and is free."""
    made(shop)
    reader = "sk_of_a_reader"
    shop.deployment.built.services.keys.ring.add(KeyDraft(text=reader, scope="read"), at=NOW)
    shop.deployment.built.services.keys.reload()
    changes = [
        ("POST", ""), ("PATCH", "/1"), ("DELETE", "/1"), ("POST", "/1/activate"), ("POST", "/1/contacts"),
        ("DELETE", "/1/contacts/1"), ("POST", "/1/move"), ("POST", "/runs/a/remove"), ("PUT", "/rules"),
    ]  # fmt: skip
    refused = [shop.change(method, f"/api/automations{path}", {}, api_key=reader) for method, path in changes]
    assert [403] * len(changes) == [answer.status_code for answer in refused]
    assert 200 == shop.change("POST", "/api/automations/check", CART, api_key=reader).status_code
