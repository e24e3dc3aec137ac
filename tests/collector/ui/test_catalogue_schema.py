"""The page of a custom event: what it carries, how that drifts, and the schema that is pinned to it."""

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.collector.ingest.sending import Deployment, event, refused
from tests.collector.ui.console import Person
from tests.collector.ui.test_pages import PROBE, work

PAGE = "/catalogue/custom/wished"
SCHEMA = {"type": "object", "properties": {"size": {"type": "integer", "minimum": 30}}, "required": ["size"]}
LATER = "2026-11-25T10:01:00.000Z"


def came(deployment: Deployment, *properties: dict[str, Any]) -> None:
    """Custom events with these properties, a moment apart."""
    sent = [
        event(key="wished", properties=each, occurred_at=f"2026-11-25T10:00:{place:02}.000Z")
        for place, each in enumerate(properties)
    ]
    assert [] == refused(deployment.send(*sent))
    work(deployment)


def schema_in(text: str) -> Any:
    """What stands in the form."""
    return json.loads(unescape(text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]))


def carries(text: str) -> str:
    """The table of what an event carries."""
    return unescape(text.partition("What it carries")[2].partition("</table>")[0])


def test_the_page_says_what_an_event_carries(deployment: Deployment, admin: Person) -> None:
    """Paths, types, samples without anybody's address, in how many of the events."""
    came(deployment, {"size": 42, "to": "anna@shop.it", "items": [{"id": "a"}]}, {"size": 43})
    table = carries(admin.get(PAGE).text)
    assert "learned from 2 events" in table
    assert ["items", "items[]", "items[].id", "size", "to"] == re.findall(r'<td><span class="mono">([^<]+)<', table)
    assert [True] * 3 == [part in table for part in ("42", "43", '"redacted"')]
    assert ["50", "100", "50"] == re.findall(r"(\d+) %", table)
    assert "anna" not in table


@pytest.mark.parametrize(("language", "expected"), [("en", "from number to string"), ("it", "da number a string")])
def test_drift_is_shown(deployment: Deployment, admin: Person, language: str, expected: str) -> None:
    """With what it was, and what it is now."""
    came(deployment, {"price": 129}, {"price": "129 EUR"})
    text = admin.get(PAGE, accept_language=language).text
    assert expected in unescape(text)


def test_an_event_that_carries_nothing_says_so(deployment: Deployment, admin: Person) -> None:
    """Rather than an empty table."""
    came(deployment, {})
    assert "No properties so far." in carries(admin.get(PAGE).text)


def test_what_was_learned_is_pinned_by_one_press(deployment: Deployment, admin: Person) -> None:
    """The form offers it; the page says that it is pinned, and the list does; unpinned, it is gone."""
    came(deployment, *({"size": 42} for _ in range(20)))
    offered = schema_in(admin.get(PAGE).text)
    assert {"type": "object", "properties": {"size": {"type": "number"}}, "required": ["size"]} == offered
    answer = admin.send(f"{PAGE}/schema", {"learned": "1", "schema": "", "misfit": "reject"})
    assert (303, f"{PAGE}?done=pinned#schema") == (answer.status_code, answer.headers["location"])
    assert "Pinned: it holds from now on." in admin.get(f"{PAGE}?done=pinned").text
    assert "schema pinned" in admin.get("/catalogue?family=custom").text
    assert [(0, "schema_misfit", "events[0].properties.size")] == refused(deployment.send(event(key="wished")))
    assert 303 == admin.send(f"{PAGE}/unpin").status_code
    assert "schema pinned" not in admin.get(PAGE).text
    assert [] == refused(deployment.send(event(key="wished")))


def test_a_schema_of_ones_own_is_pinned(deployment: Deployment, admin: Person) -> None:
    """To any event that somebody sends, also before it came."""
    path = "/catalogue/ecommerce/order_completed"
    fields = {"schema": json.dumps(SCHEMA), "misfit": "flag"}
    assert 303 == admin.send(f"{path}/schema", fields).status_code
    assert 303 == admin.send("/catalogue/custom/not_yet/schema", fields).status_code
    for page in path, "/catalogue/custom/not_yet":
        assert SCHEMA == schema_in(admin.get(page).text)
    assert "Pin a schema" not in admin.get("/catalogue/meetings/meeting_started").text, "nobody sends it"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "It is not JSON"),
        ("[]", "A schema is a JSON object."),
        ('{"type": "text"}', "schema.type"),
        ('{"properties": {"a": {"pattern": "(a+)+$"}}}', "schema.properties.a.pattern"),
        (PROBE, "It is not JSON"),
    ],
)
def test_a_schema_that_is_none_is_given_back(admin: Person, deployment: Deployment, written: str, says: str) -> None:
    """With what is wrong with it, and as it was written."""
    came(deployment, {"size": 42})
    answer = admin.send(f"{PAGE}/schema", {"schema": written, "misfit": "reject"})
    assert 400 == answer.status_code
    assert says in unescape(answer.text)
    assert written in unescape(answer.text)
    assert "<script>alert" not in answer.text
    assert 'value="reject" checked' in answer.text
    assert "schema pinned" not in admin.get(PAGE).text


def test_what_did_not_fit_is_shown(deployment: Deployment, admin: Person) -> None:
    """The newest, where and why; of this event and no other."""
    came(deployment, {"size": 42})
    for key in "wished", "asked":
        admin.send(f"/catalogue/custom/{key}/schema", {"schema": json.dumps(SCHEMA), "misfit": "flag"})
    assert "All have fitted so far." in admin.get(PAGE).text
    deployment.send(event(key="wished", properties={"size": 3}), event(key="asked", properties={"size": "L"}))
    deployment.send(event())  # when it is written, all before it is
    text = unescape(admin.get(PAGE).text)
    assert "Taken all the same: it is below 30" in text
    assert "it is string" not in text
    assert 'href="/events/rejected?code=schema_misfit"' in text


def test_a_viewer_sees_the_schema_and_changes_nothing(deployment: Deployment, admin: Person) -> None:
    """No form, and none is taken; an editor may."""
    came(deployment, {"size": 42})
    fields = {"schema": json.dumps(SCHEMA), "misfit": "flag"}
    editor, viewer = Person(deployment).log_in("editor"), Person(deployment).log_in("viewer")
    assert 303 == editor.send(f"{PAGE}/schema", fields).status_code
    text = viewer.get(PAGE).text
    assert ("<textarea" in text, "&#34;minimum&#34;: 30" in text) == (False, True)
    assert [403, 403] == [viewer.send(f"{PAGE}/{what}", fields).status_code for what in ("schema", "unpin")]
    assert 404 == admin.send("/catalogue/website/page_visitd/schema", fields).status_code


def test_nothing_that_was_sent_can_act(deployment: Deployment, admin: Person) -> None:
    """Names and values of a stranger's properties are text."""
    came(deployment, {PROBE: PROBE, "long": [PROBE]})
    text = admin.get(PAGE).text
    assert ("<script>alert" in text, "<img src=x" in text) == (False, False)
