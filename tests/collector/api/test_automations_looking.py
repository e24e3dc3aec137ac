"""What would have been, and why was it so? Rehearsals and explanations over events that are really stored."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collector.api.automations import rehearsal
from collector.instant import DAY_MS
from collector.store.ports.automations.work import Missed
from collector.store.ports.messages.outbox import Order, Post
from collector.store.sqlite.automations.past import KINDS, LATELY, SqlitePast
from collector.store.sqlite.automations.work import SqliteAutomationWork
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.automations.definition import parse
from sessionizer.automations.run import Occurrence, Passed, Run
from sessionizer.automations.way import effect_id
from tests.collector.ingest.sending import NOW
from tests.fixtures.shop import Shop, minute, opened

ADA, BOB, EVE = ({"email_id": f"{name}@mail.example"} for name in ("ada", "bob", "eve"))
CART = {"type": "event", "category": "ecommerce", "key": "cart_updated"}
LARGE = {**CART, "where": [{"path": "total", "test": {"op": "more", "value": 50}}]}
ORDER = {"type": "event", "category": "ecommerce", "key": "order_completed"}
WAIT = {"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}}
SEND = {"type": "send", "id": "mail", "message": 1}
REST = {"type": "wait", "id": "rest", "span": {"n": 30, "unit": "days"}}
LEFT = {"triggers": [LARGE], "exits": [ORDER], "steps": [WAIT, SEND, REST]}
KNOWN = {"type": "identity", "is": "identified"}
DID = {"type": "event", "category": "custom", "key": "vip", "count": {"op": "at_least", "value": 1}}
HOURS = 60


def happened(id: str, who: dict[str, str], key: str = "cart_updated", **more: Any) -> dict[str, Any]:
    """An event of a shop."""
    return {"id": id, "category": "ecommerce", "key": key, "identifiers": who, **more}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Ada leaves a large cart, Bob one that he buys, Eve a small one; three hours go by."""
    with opened(tmp_path) as ready:
        ready.serve(0, happened("a", ADA, properties={"total": 80}), happened("b", BOB, properties={"total": 90}))
        ready.serve(HOURS, happened("c", BOB, "order_completed"), happened("d", EVE, properties={"total": 30}))
        ready.work(3 * HOURS)
        message = {"name": "Cart", "subject": "Hi", "html": "Hi"}
        assert 201 == ready.change("POST", "/api/messages", message).status_code
        yield ready


@pytest.fixture
def work(shop: Shop, tmp_path: Path) -> Iterator[SqliteAutomationWork]:
    """What the worker has of automations."""
    with closing(SqliteWorkStore(tmp_path / "store.db")) as store:
        yield store.automations


def rehearsed(shop: Shop, definition: dict[str, Any] = LEFT, **more: Any) -> dict[str, Any]:
    """What the API says."""
    answer = shop.change("POST", "/api/automations/rehearse", {"definition": definition, **more})
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def made(shop: Shop, definition: dict[str, Any] = LEFT, *turns: str) -> str:
    """An automation, after those turns: its address."""
    answer = shop.change("POST", "/api/automations", {"name": f"{definition}"[-99:], "definition": definition})
    one = f"/api/automations/{answer.json()['id']}"
    for turn in turns:
        assert 200 == shop.change("POST", f"{one}/{turn}").status_code
    return one


# Rehearsals -----------------------------------------------------------------------------------------------------------


def test_a_rehearsal_says_who_would_have_come_in_and_where_they_would_stand(shop: Shop) -> None:
    """Ada got the message and waits; Bob bought; Eve's cart was too small for the trigger."""
    found = rehearsed(shop)
    names = ("contacts", "cut", "entered", "inside", "ended", "sent", "missed", "unheard")
    expected = [3, False, 2, {"rest": 1}, {"left": 1}, {"1": 1}, {}, []]
    assert expected == [found[name] for name in names]
    assert {("a", "rest", ""), ("b", "", "left")} == {(e["event"], e["step"], e["why"]) for e in found["examples"]}
    path = next(one["path"] for one in found["examples"] if one["event"] == "a")
    assert ["entered", "waits", "due", "sent", "waits"] == [line["what"] for line in path]


def test_nothing_is_done_by_a_rehearsal(shop: Shop) -> None:
    """No run, no refusal, no row in the outbox: also of an automation that is active."""
    one = made(shop, LEFT, "activate")
    assert 200 == shop.change("POST", "/api/automations/rehearse", {"automation": 1}).status_code
    shop.work()
    assert [[], [], []] == [
        shop.get(path).json()[noun]
        for path, noun in ((f"{one}/runs", "runs"), (f"{one}/missed", "missed"), ("/api/messages/outbox", "deliveries"))
    ]


def test_refusals_of_a_rehearsal_have_their_reasons(shop: Shop) -> None:
    """A second cart of the same person; somebody for whom it is not."""
    shop.serve(3 * HOURS, happened("e", ADA, properties={"total": 81}))
    assert {"inside": 1} == rehearsed(shop)["missed"]
    nobody = {"type": "not", "of": KNOWN}
    assert {"who": 3} == rehearsed(shop, {**LEFT, "triggers": [{**LARGE, "who": nobody}]})["missed"]


def test_conditions_within_groups_and_segments_know_what_happened(shop: Shop) -> None:
    """Events that a condition asks for are read, however deep it stands."""
    vip = {"id": "v", "category": "custom", "key": "vip", "identifiers": ADA, "occurred_at": minute(-1)}
    shop.serve(3 * HOURS, vip)
    segment = shop.change("POST", "/api/segments", {"name": "VIP", "where": DID}).json()["id"]
    for who in (DID, {"type": "all", "of": [KNOWN, DID]}, {"type": "segment", "id": segment}):
        found = rehearsed(shop, {**LEFT, "triggers": [{**CART, "who": who}]})
        assert ["a"] == [one["event"] for one in found["examples"]], who


def test_a_way_for_each_thing_is_told_apart_in_a_rehearsal(shop: Shop) -> None:
    """What an event is about is read again with it."""
    for number in (1, 2):
        about = {"type": "order", "id": f"o{number}"}
        shop.serve(3 * HOURS, happened(f"o{number}", ADA, "order_completed", object=about))
    definition = {"triggers": [ORDER], "entry": {"per": "object.id"}, "steps": [REST]}
    found = rehearsed(shop, definition)
    assert (3, {}) == (found["entered"], found["missed"])


def test_only_the_last_days_are_rehearsed(shop: Shop) -> None:
    """A week unless it is said otherwise."""
    shop.work(8 * 24 * HOURS)
    assert [0, 2] == [rehearsed(shop)["entered"], rehearsed(shop, days=9)["entered"]]


def test_triggers_that_are_no_events_are_named(shop: Shop) -> None:
    """Nobody knows whom they would have let in."""
    hand, date = {"type": "hand"}, {"type": "date", "attribute": "BIRTHDAY"}
    found = rehearsed(shop, {"triggers": [hand, date, hand], "steps": [WAIT]})
    assert (0, ["hand", "date"]) == (found["contacts"], found["unheard"])


def test_what_is_too_much_is_cut_and_said(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who did something last is rehearsed; and what takes too long is given up."""
    services, definition = shop.deployment.built.services, parse({**LEFT, "triggers": [CART]})
    grounds = rehearsal.grounds_of(
        services.automations.rules(), services.messages, services.segments, zone=services.settings.zone
    )

    def asked(**more: Any) -> tuple[int, bool, list[str]]:
        until = shop.deployment.now
        with services.past() as past:
            asked = rehearsal.Asked(until - DAY_MS, until, **more)
            found = rehearsal.rehearsed(definition, asked, grounds, past)
        return found.contacts, found.cut, [run.trigger.id for run in found.examples]

    assert (1, True, ["d"]) == asked(contacts=1)
    assert (3, False) == asked(contacts=3)[:2]
    assert (0, True, []) == asked(patience_s=-1)


@pytest.mark.parametrize(
    "body", [{}, {"automation": 9}, {"automation": 1, "definition": LEFT}, {"automation": 1, "days": 31}]
)
def test_a_rehearsal_of_nothing_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    """One automation, or one definition, and 1 to 30 days."""
    assert 400 == shop.change("POST", "/api/automations/rehearse", body).status_code


def test_who_did_something_lately_is_found_along_the_index(shop: Shop, tmp_path: Path) -> None:
    """No event beside those of the kind is looked at, and nothing is sorted."""
    with closing(SqlitePast(tmp_path / "store.db")) as past:
        [(kind,)] = past._connection.execute(KINDS, ('[["ecommerce", "cart_updated"]]',))
        plan = [row[3] for row in past._connection.execute(f"EXPLAIN QUERY PLAN {LATELY}", (kind, NOW))]
    assert "SEARCH e USING COVERING INDEX events_kind (kind=? AND at>?)" == plan[0]
    assert not [line for line in plan if "TEMP B-TREE" in line]


# Explanations ---------------------------------------------------------------------------------------------------------


def explained(shop: Shop, one: str, contact: str) -> list[tuple[str, dict[str, str]]]:
    """(code, params) of each line."""
    answer = shop.get(f"{one}/explain?contact={contact}")
    assert 200 == answer.status_code, answer.text
    return [(line["code"], line["params"]) for line in answer.json()["lines"]]


def test_a_run_is_told_with_what_became_of_its_message(shop: Shop, work: SqliteAutomationWork) -> None:
    """Its way, and the row of the outbox, in order of time."""
    one = made(shop)
    path = (Passed("", NOW, "entered", "ecommerce/cart_updated"), Passed("mail", NOW + 5, "sent", effect_id("r1", 2)))
    run = Run("r1", 1, 1, 1, "", Occurrence("a", NOW, "ecommerce", "cart_updated"), NOW, "rest", NOW + 5, path=path)
    work.save([run])
    id = effect_id("r1", 2)
    post = Post(
        id=id, channel="email", purpose="sales", recipient="ada@mail.example", due_at=NOW, order=Order(), message=1,
        version=1, contact=1,
    )  # fmt: skip
    shop.deployment.built.services.deliveries.put([post], at=NOW + 6)
    expected = [
        ("draft", {}),
        ("passed", {"step": "", "what": "entered", "more": "ecommerce/cart_updated"}),
        ("passed", {"step": "mail", "what": "sent", "more": effect_id("r1", 2)}),
        ("delivery", {"id": id, "message": "1", "state": "waiting", "reason": ""}),
    ]
    assert expected == explained(shop, one, "1") == explained(shop, one, "Ada@mail.example")


def test_a_refusal_is_told_with_its_reason(shop: Shop, work: SqliteAutomationWork) -> None:
    """And how often."""
    one = made(shop)
    work.miss([Missed(1, 1, "again", NOW, "a")])
    expected = [("draft", {}), ("missed", {"reason": "again", "event": "a", "times": "1"})]
    assert expected == explained(shop, one, "1")


def test_who_did_nothing_of_the_kind_is_told_so(shop: Shop) -> None:
    """Since the automation was activated, or at all."""
    one = made(shop, LEFT, "activate")
    assert ["active", "early"] == [code for code, _ in explained(shop, one, "ada@mail.example")]
    other = {"triggers": [{**CART, "key": "cart_deleted"}, {"type": "hand"}], "steps": [WAIT]}
    two = made(shop, other, "activate")
    assert ["active", "nothing", "unheard"] == [code for code, _ in explained(shop, two, "ada@mail.example")]


def test_the_test_that_did_not_pass_is_named(shop: Shop) -> None:
    """With what was there instead."""
    one = made(shop, LEFT, "activate")
    shop.serve(4 * HOURS, happened("f", EVE, properties={"total": 20}))
    params = {"trigger": "0", "event": "f", "test": "where", "place": "0", "found": "20"}
    assert ("fails", params) == explained(shop, one, "eve@mail.example")[-1]


def test_a_stranger_is_not_explained(shop: Shop) -> None:
    """404; without anybody named 400."""
    one = made(shop)
    asked = ["?contact=99", "?contact=nobody@mail.example", "?contact=ada", ""]
    assert [404, 404, 404, 400] == [shop.get(f"{one}/explain{query}").status_code for query in asked]


def test_what_cannot_be_asked_of_an_event_is_not_tried(shop: Shop) -> None:
    """More than what? The answer says where that is missing."""
    for wrong in (
        {"where": [{"path": "total", "test": {"op": "more"}}]},
        {"where": [{"path": "a..b", "test": {"op": "exists"}}]},
    ):
        answer = shop.change("POST", "/api/automations/rehearse", {"definition": LEFT | {"triggers": [CART | wrong]}})
        assert 400 == answer.status_code
        assert answer.json()["errors"][0]["path"].startswith("triggers[0].where[0]")
