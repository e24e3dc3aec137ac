"""Why somebody got a message, or did not: records become codes, and each code has its sentence in both languages."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any, get_args

import pytest

from sessionizer.automations.definition import Definition, parse
from sessionizer.automations.explain import Alone, Code, Kept, Line, Records, Sending, Standing, explain
from sessionizer.automations.run import Occurrence, Passed, Run
from sessionizer.automations.wording.explained import explained
from sessionizer.automations.wording.speaker import Speaker
from sessionizer.event import NOTHING, Agent, Event, Page
from sessionizer.segments.wording.voice import Names, Voice

CART = {"type": "event", "category": "ecommerce", "key": "cart_updated"}
LARGE = {**CART, "where": [{"path": "total", "test": {"op": "more", "value": 50}}]}
PAGE = {"op": "contains", "value": "sale"}
LIST = {"type": "list", "name": "News"}
FORM = {"type": "form", "form": "contact"}


def automation(*triggers: Mapping[str, Any]) -> Definition:
    """With these."""
    return parse({"triggers": list(triggers), "steps": [{"type": "exit", "id": "out"}]})


def event(at: int = 5, kind: str = "ecommerce/cart_updated", properties: Mapping[str, Any] = NOTHING) -> Event:
    """From a telephone, on a page of a shop."""
    category, _, key = kind.partition("/")
    page = Page("https://shop.example/?utm_source=ads", "")
    return Event(at, f"e{at}", category, key, properties, page, site=1, agent=Agent("Safari", "iOS", "mobile"))


def told(*triggers: Mapping[str, Any], records: Records) -> list[Line]:
    """Without how the automation stands."""
    return explain(Standing("active", 1, automation(*triggers)), records, UTC)[1:]


def test_how_it_stands_comes_first() -> None:
    """Since when it is active; of one that is not nothing else is looked for."""
    assert [Line("draft")] == explain(Standing("draft", None, automation(CART)), Records(events=[event()]), UTC)
    assert Line("active", 1) == explain(Standing("active", 1, automation(CART)), Records(), UTC)[0]


def test_a_run_its_message_and_the_address_are_told_in_order_of_time() -> None:
    """Whatever belongs to which."""
    path = (Passed("", 2, "entered", "ecommerce/cart_updated"), Passed("mail", 4, "sent", "r/2"))
    run = Run("r", 1, 1, 7, "", Occurrence("e", 2), 2, "", 4, path=path)
    sending = Sending("d", 3, "sent", 6, "250 ok", [("opened", 9)])
    records = Records([run], [Kept("inside", 5, "f", 2)], {"r/2": sending}, [Alone("a@b.example", "all", "bounce", 8)])
    expected = [
        Line("passed", 2, "r", {"step": "", "what": "entered", "more": "ecommerce/cart_updated"}),
        Line("passed", 4, "r", {"step": "mail", "what": "sent", "more": "r/2"}),
        Line("missed", 5, "", {"reason": "inside", "event": "f", "times": "2"}),
        Line("delivery", 6, "r", {"id": "d", "message": "3", "state": "sent", "reason": "250 ok"}),
        Line("alone", 8, "", {"address": "a@b.example", "scope": "all", "reason": "bounce"}),
        Line("receipt", 9, "r", {"id": "d", "what": "opened"}),
    ]
    assert expected == told(CART, records=records)


@pytest.mark.parametrize(
    ("trigger", "events", "expected"),
    [
        (CART, [], [Line("nothing", None, "", {"trigger": "0"})]),
        ({"type": "hand"}, [event()], [Line("unheard", None, "", {"trigger": "0"})]),
        (CART, [event(0)], [Line("early", 0, "", {"trigger": "0", "event": "e0"})]),
        (CART, [event(0), event(1)], [Line("fits", 1, "", {"trigger": "0", "event": "e1"})]),
        (CART, [event(5, "ecommerce/cart_deleted")], [Line("nothing", None, "", {"trigger": "0"})]),
        (LIST, [event(5, "contact/list_added", {"list": "Old"})], [Line("nothing", None, "", {"trigger": "0"})]),
        (LIST, [event(5, "contact/list_added", {"list": "News"})],
         [Line("fits", 5, "", {"trigger": "0", "event": "e5"})]),
    ],
)  # fmt: skip
def test_where_nothing_is_recorded_the_trigger_is_looked_at(
    trigger: Mapping[str, Any], events: list[Event], expected: list[Line]
) -> None:
    """No event, one before it was active, one that is of another list, one that would do."""
    assert expected == told(trigger, records=Records(events=events))


@pytest.mark.parametrize(
    ("trigger", "came", "test", "found"),
    [
        (LARGE, event(5, properties={"total": 50}), "where", "50"),
        (LARGE, event(5), "where", ""),
        ({**CART, "page": PAGE}, event(), "page", "https://shop.example/?utm_source=ads"),
        ({**CART, "utm": {"source": PAGE}}, event(), "utm", "https://shop.example/?utm_source=ads"),
        ({**CART, "sites": [2]}, event(), "sites", "1"),
        ({**CART, "devices": ["desktop"]}, event(), "devices", "mobile"),
        (FORM, event(5, "forms/form_submitted", {"form_id": "other"}), "form", "other"),
    ],
)
def test_the_test_that_did_not_pass_is_named(trigger: Mapping[str, Any], came: Event, test: str, found: str) -> None:
    """With what was there; and it reads in both languages."""
    (line,) = told(trigger, records=Records(events=[came]))
    expected = {"trigger": "0", "event": "e5", "test": test, "place": "0", "found": found}
    assert Line("fails", 5, "", expected) == line
    for language in ("it", "en"):
        says = explained(speaker(language), line, automation(trigger).triggers)
        assert found in says
        assert says.endswith(".")


def test_only_the_newest_events_are_told() -> None:
    """Five of each trigger."""
    found = told(CART, LARGE, records=Records(events=[event(at, properties={"total": 1}) for at in range(1, 9)]))
    assert [4, 5, 6, 7, 8] == [line.at for line in found if line.code == "fits"]
    assert [4, 5, 6, 7, 8] == [line.at for line in found if line.code == "fails"]


def speaker(language: Any) -> Speaker:
    """Who knows one message."""
    return Speaker(Voice(language, Names()), {3: "Cart"})


FILLED: Mapping[str, str] = {
    "step": "", "what": "opened", "more": "", "id": "d", "message": "3", "state": "skipped", "reason": "left",
    "address": "a@b.example", "scope": "marketing", "event": "e", "times": "2", "trigger": "0", "test": "where",
    "place": "0", "found": "20",
}  # fmt: skip


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("code", get_args(Code))
def test_each_code_has_a_sentence(code: Code, language: str) -> None:
    """In both languages, as one can be read."""
    given = {**FILLED, "what": "due"} if code == "passed" else FILLED
    says = explained(speaker(language), Line(code, 5, "", given), automation(LARGE).triggers)
    assert says[:1].isupper() or says.startswith(("“", "«"))
    assert "{" not in says
