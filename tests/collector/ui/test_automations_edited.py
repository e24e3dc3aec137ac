"""The form of an automation: buttons change the draft, fields become what they say, one button keeps it."""

import html
import json
import re
from typing import Any

import httpx
import pytest

from collector.ui.automations.editing import fields, tree
from collector.ui.automations.editing.editor import Draft, pressed, taken
from collector.ui.automations.editing.kinds import CASE, ENTRY, EXITS, HOUSE, SHARE, STEPS, TRIGGERS, Kind, kind_of
from collector.ui.automations.told import definition_of
from sessionizer.automations.definition import parse
from tests.collector.ingest.sending import NOW, Deployment
from tests.collector.ui.console import Person

WAIT = {"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}}
EXIT = {"type": "exit", "id": "exit"}
CART = {"type": "event", "category": "ecommerce", "key": "cart_updated"}
BASIC: dict[str, Any] = {"triggers": [CART], "exits": [], "steps": [WAIT, EXIT], "entry": {}}
VIP = {"type": "segment", "id": 1}


def draft(value: dict[str, Any] | None = None, open: str = "") -> Draft:
    """A draft that says this."""
    return Draft("Carts", tree.read(json.dumps(BASIC if value is None else value)), open)


def filled(part: dict[str, Any], path: str, given: dict[str, str]) -> dict[str, Any]:
    """A part after its fields were filled in so."""
    kind = kind_of(path, part)
    assert kind
    return fields.part_of(given, kind, part)


# Buttons --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("do", "steps", "open"),
    [
        ("up:steps[1]", [EXIT, WAIT], ""),
        ("down:steps[0]", [EXIT, WAIT], ""),
        ("up:steps[0]", [WAIT, EXIT], ""),
        ("down:steps[1]", [WAIT, EXIT], ""),
        ("remove:steps[0]", [EXIT], ""),
        ("open:steps[1]", [WAIT, EXIT], "steps[1]"),
        ("close", [WAIT, EXIT], ""),
        ("add:exit:steps[0]", [{"type": "exit", "id": "exit_2"}, WAIT, EXIT], "steps[0]"),
        ("add:go_to:steps[2]", [WAIT, EXIT, {"type": "go_to", "id": "go_to", "step": ""}], "steps[2]"),
    ],
)
def test_a_button_changes_the_draft(do: str, steps: list[Any], open: str) -> None:
    """Moved, removed, added, opened; at the ends there is nowhere to go."""
    found = pressed(do, draft())
    assert (steps, open) == (found.tree["steps"], found.open)


def test_steps_are_added_within_ways() -> None:
    """Ids are those that nothing has."""
    split = pressed("add:split:steps[0]", draft())
    within = pressed("add:wait:steps[0].cases[0].then[0]", split)
    deep = pressed("add:wait:steps[0].otherwise[0]", within)
    assert ["split", "wait_2", "wait_3", "wait", "exit"] == [step["id"] for _, step in tree.walk(deep.tree)]
    more = pressed("add:case:steps[0].cases[1]", deep)
    assert 2 == len(more.tree["steps"][0]["cases"])


@pytest.mark.parametrize(
    "do", ["remove:steps[9]", "remove:steps", "open:steps[0].span[0]", "add:nothing:steps[0]", "up:a b", "remove:entry"]
)
def test_a_button_that_leads_nowhere_is_refused(do: str) -> None:
    """It is none of ours."""
    with pytest.raises(tree.Astray):
        pressed(do, draft())


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", '{"steps": {}}', '{"steps": [1]}', '{"steps": [{"type": "split", "cases": 1}]}', '{"entry": []}',
     '{"steps": [{"type": "wait_for", "yes": [{}]}]}', "[" * 9_000],
)  # fmt: skip
def test_what_is_no_draft_is_refused(text: str) -> None:
    """A form that was not ours."""
    with pytest.raises(tree.Astray):
        tree.read(text)


@pytest.mark.parametrize("kind", [*STEPS, *TRIGGERS], ids=lambda kind: f"{kind.label}")
def test_what_is_added_can_be_read(kind: Kind) -> None:
    """All but what still has to be chosen."""
    place = "steps[0]" if kind in STEPS else "triggers[0]"
    found, wrong = definition_of(pressed(f"add:{kind.type}:{place}", draft()).tree)
    assert (found is not None) == (kind.type != "go_to"), wrong


# Fields ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "part", "given", "expected"),
    [
        ("steps[0]", WAIT, {"f.span.n": "5", "f.span.unit": "days"}, {**WAIT, "span": {"n": 5, "unit": "days"}}),
        ("steps[0]", {"type": "send", "id": "m", "message": 0}, {"f.message": "7", "f.quiet.asked": "1"},
         {"type": "send", "id": "m", "message": 7, "quiet": False}),
        ("steps[0]", {"type": "send", "id": "m", "message": 7, "quiet": False},
         {"f.message": "7", "f.quiet.asked": "1", "f.quiet": "on"}, {"type": "send", "id": "m", "message": 7}),
        ("steps[0]", {"type": "wait_until", "id": "u", "time": "09:00"},
         {"f.time": "10:30", "f.days.asked": "1", "f.days.mon": "on", "f.days.fri": "on", "f.zone": "contact"},
         {"type": "wait_until", "id": "u", "time": "10:30", "days": ["mon", "fri"], "zone": "contact"}),
        ("steps[0]", {"type": "wait_date", "id": "d", "of": "event", "name": "a"},
         {"f.of": "contact", "f.name": "BORN", "f.shift": "before", "f.shift.n": "2", "f.shift.unit": "weeks"},
         {"type": "wait_date", "id": "d", "of": "contact", "name": "BORN",
          "shift": {"span": {"n": 2, "unit": "weeks"}, "before": True}}),
        ("steps[0]", {"type": "wait_date", "id": "d", "of": "event", "name": "a", "shift": {"span": {}}},
         {"f.shift": "at", "f.shift.n": ""}, {"type": "wait_date", "id": "d", "of": "event", "name": "a"}),
        ("steps[0]", {"type": "attribute", "id": "a", "name": "X"}, {"f.op": "add", "f.name": "N", "f.value": "2.5"},
         {"type": "attribute", "id": "a", "name": "N", "op": "add", "value": 2.5}),
        ("steps[0]", {"type": "emit", "id": "e", "key": "k"}, {"f.key": "won", "f.properties": '{"how": "fast"}'},
         {"type": "emit", "id": "e", "key": "won", "properties": {"how": "fast"}}),
        ("triggers[0]", CART, {"f.kind": "ecommerce/order_completed", "f.where.0.path": "total",
         "f.where.0.op": "more", "f.where.0.value": "50"},
         {"type": "event", "category": "ecommerce", "key": "order_completed",
          "where": [{"path": "total", "test": {"op": "more", "value": 50}}]}),
        ("triggers[0]", CART, {"f.kind": "custom/", "f.kind.key": "brochure_asked", "f.who": "no_segment",
         "f.who.segment": "3"}, {"type": "event", "category": "custom", "key": "brochure_asked",
                                 "who": {"type": "not", "of": {"type": "segment", "id": 3}}}),
        ("triggers[0]", {**CART, "where": [{"path": "a", "test": {"op": "exists"}, "of": "all"}]},
         {"f.where.0.path": "a", "f.where.0.op": "missing", "f.where.0.value": "", "f.where.1.path": ""},
         {**CART, "where": [{"path": "a", "test": {"op": "missing"}, "of": "all"}]}),
        ("triggers[0]", {**CART, "page": {"op": "contains", "value": "/x"}}, {"f.kind": "ecommerce/cart_updated"},
         {**CART, "page": {"op": "contains", "value": "/x"}}),
        ("triggers[0]", {"type": "segment", "id": 1}, {"f.id": "4", "f.change": "left"},
         {"type": "segment", "id": 4, "change": "left"}),
        ("triggers[0]", {"type": "attribute", "name": "CITY"},
         {"f.name": "CITY", "f.test.op": "in", "f.test.value": "Rome, Milan"},
         {"type": "attribute", "name": "CITY", "test": {"op": "in", "value": ["Rome", "Milan"]}}),
        ("triggers[0]", {"type": "attribute", "name": "BORN"},
         {"f.test.op": "in_next", "f.test.value": "3 days"},
         {"type": "attribute", "name": "BORN", "test": {"op": "in_next", "within": {"n": 3, "unit": "days"}}}),
        ("exits[0]", CART, {"f.same.0.property": "items[].id", "f.same.0.as": "product_id"},
         {**CART, "same": [{"property": "items[].id", "as": "product_id"}]}),
        ("exits[0]", {**CART, "same": [{"property": "a", "as": "b"}]}, {"f.same.0.property": "", "f.same.0.as": ""},
         CART),
        ("entry", {}, {"f.again": "after_exit", "f.inside": "restart", "f.per": "object.id", "f.pause.n": "1",
         "f.pause.unit": "weeks", "f.cap.most": "3", "f.cap.n": "1", "f.cap.unit": "months", "f.holdout": "10",
         "f.max_age_minutes": "60"},
         {"again": "after_exit", "inside": "restart", "per": "object.id", "pause": {"n": 1, "unit": "weeks"},
          "cap": {"n": 3, "within": {"n": 1, "unit": "months"}}, "holdout": 10}),
        ("entry", {"again": "after_exit", "per": "a"}, {"f.again": "never", "f.per": "", "f.pause.n": ""}, {}),
        ("steps[0].cases[0]", {}, {"f.name": "Best", "f.when": "attribute", "f.when.name": "CITY",
         "f.when.test.op": "equals", "f.when.test.value": "Rome"},
         {"name": "Best", "when": {"type": "attribute", "name": "CITY", "test": {"op": "equals", "value": "Rome"}}}),
        ("steps[0].cases[0]", {}, {"f.when": "json", "f.when.json": '{"type": "consent", "is": "denied"}'},
         {"when": {"type": "consent", "is": "denied"}}),
        ("steps[0].parts[0]", {"share": 50}, {"f.share": "40", "f.name": "A"}, {"share": 40, "name": "A"}),
        ("steps[0]", {"type": "wait_for", "id": "w", "within": WAIT["span"]},
         {"f.event.kind": "marketing_email/Opened", "f.condition": "list", "f.condition.list": "News"},
         {"type": "wait_for", "id": "w", "within": WAIT["span"],
          "event": {"type": "event", "category": "marketing_email", "key": "Opened"},
          "condition": {"type": "list", "name": "News"}}),
        ("steps[0]", {"type": "wait_for", "id": "w", "within": WAIT["span"], "event": CART},
         {"f.event.kind": "", "f.condition": "consent"},
         {"type": "wait_for", "id": "w", "within": WAIT["span"], "condition": {"type": "consent", "is": "granted"}}),
        ("steps[0]", WAIT, {"f.json": '{"type": "wait", "id": "other", "span": {"n": 1, "unit": "days"}}'},
         {"type": "wait", "id": "wait", "span": {"n": 1, "unit": "days"}}),
    ],
)  # fmt: skip
def test_fields_become_what_they_say(
    path: str, part: dict[str, Any], given: dict[str, str], expected: dict[str, Any]
) -> None:
    """What is usual stays unsaid, and what has no field stays as it was."""
    assert expected == filled(part, path, given)


@pytest.mark.parametrize("value", ["Rome", "", 12, 2.5, True, "12", "true", '"', 'say "x"', "0123", "1e5"])
def test_a_value_is_typed_and_read_back(value: Any) -> None:
    """A text that looks like a number stands in quotes."""
    found = fields.scalar(fields.typed(value))
    assert (value, type(value)) == (found, type(found))


def test_the_kinds_are_those_of_the_language() -> None:
    """A new one in the definition is missing here until it has fields."""
    assert {"wait", "wait_until", "wait_date", "wait_for", "split", "random", "send", "webhook", "attribute", "list",
            "emit", "go_to", "exit"} == {kind.type for kind in STEPS}  # fmt: skip
    assert {"event", "segment", "attribute", "date", "event_date", "list", "form", "hand"} == {
        kind.type for kind in TRIGGERS
    }
    assert {"event", "segment"} == {kind.type for kind in EXITS}
    controls = {field.control for kind in (*STEPS, *TRIGGERS, ENTRY, CASE, SHARE, HOUSE) for field in kind.fields}
    assert controls - {"event"} <= fields._READ.keys()


# The form -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def one(deployment: Deployment) -> str:
    """An automation; its address."""
    made = deployment.built.services.automations.create("Carts", parse(BASIC), at=NOW)
    return f"/automations/{made.id}"


def form(page: httpx.Response) -> dict[str, str]:
    """What the form of a page would send, without its fields: draft, its version, name, and what is open."""
    assert page.status_code in (200, 400, 409), page.text
    found = re.findall(r'<input[^>]*?name="(definition|open|name|version)"[^>]*?value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}


def text(page: httpx.Response) -> str:
    """Without markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


def test_a_step_is_changed_and_kept(deployment: Deployment, admin: Person, one: str) -> None:
    """Opened, filled in, closed, saved: a new version. Before that nothing is kept."""
    opened = admin.send(f"{one}/edit", {**form(admin.get(f"{one}/edit")), "do": "open:steps[0]"})
    assert 'name="f.span.n"' in opened.text
    closed = admin.send(f"{one}/edit", {**form(opened), "f.span.n": "5", "f.span.unit": "days", "do": "close"})
    assert "Waits 5 days." in text(closed)
    automations = deployment.built.services.automations
    assert 1 == automations.all()[0].version
    assert f"{one}?done=saved" == admin.send(f"{one}/edit", {**form(closed), "do": "save"}).headers["location"]
    kept = automations.all()[0]
    assert (2, {**BASIC, "steps": [{**WAIT, "span": {"n": 5, "unit": "days"}}, EXIT]}) == (
        kept.version, tree.tree_of(kept.definition),
    )  # fmt: skip


def test_one_that_is_there_is_edited(admin: Person, one: str) -> None:
    """By its name."""
    assert "<h1>Edit Carts</h1>" in admin.get(f"{one}/edit").text
    assert "<h1>Modifica Carts</h1>" in admin.get(f"{one}/edit", accept_language="it").text


def test_what_stands_in_fields_is_taken_over_by_any_button(admin: Person, one: str) -> None:
    """Also by one that is about something else."""
    opened = admin.get(f"{one}/edit?open=steps[0]")
    added = admin.send(f"{one}/edit", {**form(opened), "f.span.n": "9", "do": "add:exit:steps[2]"})
    assert "Waits 9 days." in text(added)
    assert "steps[2]" == form(added)["open"]


def test_a_draft_may_have_faults_and_says_them_at_the_step(deployment: Deployment, admin: Person, one: str) -> None:
    """It is kept all the same."""
    added = admin.send(f"{one}/edit", {**form(admin.get(f"{one}/edit")), "do": "add:send:steps[0]"})
    assert "Sends a message that is still to be chosen. Choose a message." in text(added)
    assert 303 == admin.send(f"{one}/edit", {**form(added), "do": "save"}).status_code


def test_a_new_one_invites_before_it_judges(deployment: Deployment, admin: Person) -> None:
    """What lacks is said once something was written, or was to be kept."""
    made = deployment.built.services.automations.create("New", parse({}), at=NOW)
    page = admin.get(f"/automations/{made.id}/edit")
    assert "Nobody would come in" not in text(page)
    assert "<h1>New automation</h1>" in page.text
    written = {**form(page), "do": "add:exit:steps[0]"}
    assert "Nobody would come in" in text(admin.send(f"/automations/{made.id}/edit", written))


def test_what_goes_on_is_kept_without_faults_only(deployment: Deployment, admin: Person, one: str) -> None:
    """Refused, with what was written still in the form."""
    admin.send(f"{one}/status", {"do": "activate"})
    added = admin.send(f"{one}/edit", {**form(admin.get(f"{one}/edit")), "do": "add:send:steps[0]"})
    refused = admin.send(f"{one}/edit", {**form(added), "do": "save"})
    assert 400 == refused.status_code
    assert "Not saved" in text(refused)
    assert form(added)["definition"] == form(refused)["definition"]
    assert 1 == deployment.built.services.automations.all()[0].version


def test_nobody_writes_over_what_they_have_not_seen(deployment: Deployment, admin: Person, one: str) -> None:
    """Refused once, with their own draft still in the form; saved again, it holds."""
    page = admin.get(f"{one}/edit")
    admin.send(
        f"{one}/edit", {**form(admin.send(f"{one}/edit", {**form(page), "do": "remove:steps[0]"})), "do": "save"}
    )
    late = admin.send(f"{one}/edit", {**form(page), "name": "Mine", "do": "save"})
    assert (409, True) == (late.status_code, "somebody else has changed it meanwhile" in text(late))
    automations = deployment.built.services.automations
    assert [EXIT] == tree.tree_of(automations.all()[0].definition)["steps"]
    assert 303 == admin.send(f"{one}/edit", {**form(late), "do": "save"}).status_code
    kept = automations.all()[0]
    assert (3, "Mine", [WAIT, EXIT]) == (kept.version, kept.name, tree.tree_of(kept.definition)["steps"])


def test_what_cannot_be_read_is_not_kept(admin: Person, one: str) -> None:
    """A step that goes nowhere yet; the others still read."""
    added = admin.send(f"{one}/edit", {**form(admin.get(f"{one}/edit")), "do": "add:go_to:steps[0]"})
    assert "Not finished yet." in text(added)
    assert "Waits 2 hours." in text(added)
    assert 400 == admin.send(f"{one}/edit", {**form(added), "do": "save"}).status_code


@pytest.mark.parametrize(("name", "status"), [("", 400), ("x" * 101, 400), ("Taken", 400), ("Mine", 303)])
def test_a_name_is_its_own(deployment: Deployment, admin: Person, one: str, name: str, status: int) -> None:
    """Neither empty nor another's."""
    deployment.built.services.automations.create("Taken", parse(BASIC), at=NOW)
    given = {**form(admin.get(f"{one}/edit")), "name": name, "do": "save"}
    assert status == admin.send(f"{one}/edit", given).status_code


@pytest.mark.parametrize("fields_", [{}, {"definition": "x"}, {"definition": "{}", "open": "steps[7]", "do": "close"}])
def test_what_no_form_of_ours_sends_is_refused(admin: Person, one: str, fields_: dict[str, str]) -> None:
    """With 400, and nothing is changed."""
    assert 400 == admin.send(f"{one}/edit", fields_).status_code


def test_inner_steps_stay_when_their_step_is_changed() -> None:
    """Also when it is written as JSON."""
    waits = {"type": "wait_for", "id": "w", "within": {"n": 1, "unit": "days"}, "event": CART, "yes": [EXIT]}
    given = {"name": "x", "definition": json.dumps({"steps": [waits]}), "open": "steps[0]"}
    changed = taken({**given, "f.within.n": "2", "f.within.unit": "days"})
    assert [EXIT] == changed.tree["steps"][0]["yes"]
    assert {"n": 2, "unit": "days"} == changed.tree["steps"][0]["within"]
    assert [EXIT] == taken({**given, "f.json": '{"type": "wait_for", "yes": []}'}).tree["steps"][0]["yes"]


def offered(page: httpx.Response, list_: str) -> list[str]:
    """What a list of suggestions holds."""
    found = re.search(rf'<datalist id="{list_}">(.*?)</datalist>', page.text)
    assert found, page.text
    return re.findall(r'value="([^"]*)"', found[1])


@pytest.mark.parametrize(
    ("open", "own", "entered"),
    [
        ("exits[0]", "items[].id", "starts_at"),
        ("steps[0]", "items[].id", "starts_at"),
        ("entry", "starts_at", "starts_at"),
        ("steps[1].cases[0]", "starts_at", "starts_at"),
    ],
)
def test_what_an_event_carries_is_offered(
    deployment: Deployment, admin: Person, open: str, own: str, entered: str
) -> None:
    """Of the part's own event, else of those by which somebody comes in; each field knows which it takes."""
    meeting, bought = (
        {"type": "event", "category": category, "key": key}
        for category, key in (("meetings", "meeting_booked"), ("ecommerce", "order_completed"))
    )
    waits = {"type": "wait_for", "id": "w", "within": {"n": 1, "unit": "days"}, "event": bought}
    steps = [waits, {"type": "split", "id": "s", "cases": [{}]}]
    definition = parse({"triggers": [meeting, {"type": "hand"}], "exits": [bought], "steps": steps})
    made = deployment.built.services.automations.create("Meetings", definition, at=NOW)
    page = admin.get(f"/automations/{made.id}/edit?open={open}")
    assert own in offered(page, "of-properties")
    assert entered in offered(page, "of-entered")
    assert ("starts_at" == own) == ("starts_at" in offered(page, "of-properties"))


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("kind", [*STEPS, *TRIGGERS], ids=lambda kind: f"{kind.label}")
def test_every_kind_has_its_fields_on_the_page(admin: Person, one: str, kind: Kind, language: str) -> None:
    """In both languages, each with a label."""
    admin.language = language
    place = "steps[0]" if kind in STEPS else "triggers[0]"
    page = admin.send(f"{one}/edit", {**form(admin.get(f"{one}/edit")), "do": f"add:{kind.type}:{place}"})
    assert 200 == page.status_code, page.text
    for field in kind.fields:
        assert f'name="f.{field.name or "kind"}' in page.text
