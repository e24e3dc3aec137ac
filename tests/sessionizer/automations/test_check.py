"""Is everything that is wrong with an automation told, with its place and the way out, and nothing else?"""

from typing import Any

import pytest

from sessionizer.automations.check import Known, faults
from sessionizer.automations.definition import parse, plain, segments_of
from sessionizer.segments.condition import AllOf, Definition, Did

TRIGGER = {"type": "event", "category": "ecommerce", "key": "cart_updated"}
SEND = {"type": "send", "id": "mail", "message": 7}
KNOWN = Known(messages={7: "email", 9: "webhook"}, segments={4: Definition(AllOf((Did(category="custom", key="a"),)))})


def test_a_right_one_has_no_fault_and_reads_as_it_was_written() -> None:
    """Also with everything in it."""
    given = {
        "version": 1,
        "triggers": [TRIGGER, {"type": "segment", "id": 4}, {"type": "hand"}],
        "steps": [SEND, {"type": "go_to", "id": "round", "step": "wait"}],
        "exits": [{"type": "segment", "id": 4, "change": "left"}],
    }
    given["steps"].insert(0, {"type": "wait", "id": "wait", "span": {"n": 1, "unit": "days"}})  # type: ignore[attr-defined]
    definition = parse(given)
    assert [] == faults(definition, KNOWN)
    assert definition == parse(plain(definition))


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        ({"triggers": []}, "triggers", "no_trigger"),
        ({"steps": []}, "steps", "no_step"),
        ({"triggers": [TRIGGER | {"key": "cart_updaded"}]}, "triggers[0].key", "condition"),
        ({"triggers": [{"type": "segment", "id": 99}]}, "triggers[0].id", "no_segment"),
        ({"triggers": [TRIGGER | {"same": [{"property": "a", "as": "b"}]}]}, "triggers[0].same", "same_of_trigger"),
        ({"triggers": [TRIGGER | {"who": {"type": "all", "of": []}}]}, "triggers[0].who.of", "condition"),
        ({"entry": {"per": "a..b"}}, "entry.per", "path"),
        ({"steps": [SEND | {"message": 8}]}, "steps[0].message", "no_message"),
        ({"steps": [SEND | {"message": 9}]}, "steps[0].message", "no_recipient"),
        ({"steps": [SEND, SEND]}, "steps[1].id", "same_id"),
        ({"steps": [{"type": "go_to", "id": "a", "step": "b"}]}, "steps[0].step", "no_such_step"),
        ({"steps": [SEND, {"type": "go_to", "id": "a", "step": "mail"}]}, "steps[1].step", "circle"),
        (
            {"steps": [{"type": "wait_for", "id": "a", "within": {"n": 1, "unit": "days"},
                        "condition": {"type": "identity", "is": "identified"},
                        "yes": [SEND, {"type": "go_to", "id": "b", "step": "a"}]}]},
            "steps[0].yes[1].step", "circle",
        ),
        ({"steps": [{"type": "wait_until", "id": "a", "time": "09:00", "days": []}]}, "steps[0].days", "no_day"),
        ({"steps": [{"type": "wait_for", "id": "a", "within": {"n": 1, "unit": "days"}}]}, "steps[0].event", "no_wish"),
        ({"steps": [{"type": "split", "id": "a", "cases": [{}]}]}, "steps[0].cases[0].when", "no_condition"),
        ({"steps": [{"type": "random", "id": "a", "parts": [{"share": 1}, {"share": 2}]}]}, "steps[0].parts", "shares"),
        ({"steps": [{"type": "attribute", "id": "a", "name": "X", "op": "add"}]}, "steps[0].value", "no_number"),
        ({"steps": [{"type": "webhook", "id": "a", "url": "ftp://x"}]}, "steps[0].url", "no_url"),
        (
            {"steps": [{"type": "split", "id": "a", "cases": [
                {"event": [{"path": "a", "test": {"op": "more", "value": "b"}}]}]}]},
            "steps[0].cases[0].event[0].test.value", "condition",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_place(given: dict[str, Any], path: str, code: str) -> None:
    """One, with a sentence."""
    found = faults(parse({"triggers": [TRIGGER], "steps": [SEND]} | given), KNOWN)
    assert [(path, code)] == [(one.path, one.code) for one in found]
    assert found[0].says.endswith((".", "?"))


def test_the_segments_that_it_asks_for_are_known() -> None:
    """At its doors, and of those for whom a way is."""
    vips = {"type": "all", "of": [{"type": "not", "of": {"type": "segment", "id": 5}}]}
    split = {"type": "split", "id": "a", "cases": [{"when": {"type": "segment", "id": 6}}]}
    given = {
        "triggers": [{"type": "segment", "id": 4}, TRIGGER | {"who": vips}],
        "steps": [split, {"type": "wait_for", "id": "b", "within": {"n": 1, "unit": "days"}, "condition": vips}],
        "exits": [{"type": "segment", "id": 7}],
    }
    assert {4, 5, 6, 7} == segments_of(parse(given))


def test_circles_are_looked_for_among_as_many_steps_as_there_may_be() -> None:
    """Of more it would take long, and nobody is let in anyway."""
    steps = [{"type": "go_to", "id": f"s{place}", "step": f"s{(place + 1) % 201}"} for place in range(201)]
    assert ["too_many"] == [one.code for one in faults(parse({"triggers": [TRIGGER], "steps": steps}), KNOWN)]
