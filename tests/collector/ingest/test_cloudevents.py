"""Do CloudEvents come in as their own SDK writes them? Binary, structured, batch; (source, id) is what makes one."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from tests.collector.ingest.sending import API_KEY, NOW_TEXT, Deployment

ATTRIBUTES = {
    "id": "A-1",
    "source": "https://school.example/lessons",
    "type": "com.example.lesson.done",
    "time": datetime(2026, 11, 25, 9, 59, tzinfo=UTC),
    "datacontenttype": "application/json",
    "subject": "lesson/7",
    "emailid": "ada@example.com",
}
DATA = {"lesson": 7, "città": "Forlì"}
PLAIN = {
    "specversion": "1.0",
    "id": "A-1",
    "source": "https://school.example/lessons",
    "type": "payments.payment_done",
    "data": {"amount": 9.5},
}


def post(deployment: Deployment, content: bytes, headers: dict[str, str]) -> httpx.Response:
    """A request under the API key."""
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    return deployment.post(content, "/cloudevents", **{"api_key": API_KEY, "content_type": "", **named})


def structured(deployment: Deployment, event: Any, *, kind: str = "application/cloudevents+json") -> httpx.Response:
    """An event as JSON, or a batch."""
    return post(deployment, json.dumps(event).encode(), {"content-type": kind})


def batch(deployment: Deployment, *events: Any) -> Any:
    """A batch that must be taken; returns the answer."""
    answer = structured(deployment, list(events), kind="application/cloudevents-batch+json")
    assert 202 == answer.status_code, answer.text
    return answer.json()


@pytest.mark.parametrize("write", [to_binary, to_structured], ids=["binary", "structured"])
def test_what_the_sdk_writes_is_taken_whole(fresh: Deployment, write: Any) -> None:
    """Each field in its place, in both ways."""
    message = write(CloudEvent(attributes=ATTRIBUTES, data=DATA), JSONFormat())
    answer = post(fresh, message.body, {name.lower(): value for name, value in message.headers.items()})
    assert (202, 1) == (answer.status_code, answer.json()["accepted"])
    (entry,) = fresh.log()
    assert ("cloudevents:https://school.example/lessons", "cloudevents", "A-1") == (entry.door, entry.source, entry.id)
    assert ("custom", "com_example_lesson_done") == (entry.category, entry.key)
    assert (DATA, {"email_id": "ada@example.com"}) == (entry.properties, entry.identifiers)
    assert entry.object is not None
    assert ("subject", "lesson/7") == (entry.object.type, entry.object.id)


def test_a_batch_holds_events_of_several_sources(fresh: Deployment) -> None:
    """The same id of two sources is two events; of one source it is one."""
    other = {**PLAIN, "source": "/other"}
    answer = batch(fresh, PLAIN, other, PLAIN)
    assert (2, 1) == (answer["accepted"], answer["duplicates"])
    assert {"cloudevents:https://school.example/lessons", "cloudevents:/other"} == {one.door for one in fresh.log()}


def test_a_refused_event_of_a_batch_is_named_by_its_place_in_the_request(fresh: Deployment) -> None:
    """However its events are sorted by source."""
    answer = batch(fresh, PLAIN, {**PLAIN, "source": "/b", "time": "soon"}, {"id": "x"}, 7)
    assert 1 == answer["accepted"]
    places = [(one["index"], one["path"]) for one in answer["rejected"]]
    assert [(1, "events[1].occurred_at"), (2, "events[2].specversion"), (3, "events[3]")] == places


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("payments.payment_done", ("payments", "payment_done")),
        ("transactional_email/Soft Bounce", ("transactional_email", "Soft Bounce")),
        ("page_visited", ("website", "page_visited")),
        ("order_completed", ("ecommerce", "order_completed")),
        ("payment_done", ("custom", "payment_done")),
        ("com.github.push", ("custom", "com_github_push")),
    ],
)
def test_a_type_names_an_event_of_ours_or_a_custom_one(
    deployment: Deployment, type: str, expected: tuple[str, str]
) -> None:
    """A system event only by its category as well."""
    assert 202 == structured(deployment, {**PLAIN, "id": type, "type": type}).status_code
    (entry,) = deployment.logged(type)
    assert expected == (entry.category, entry.key)


def test_what_an_event_does_not_say_is_left_to_us(fresh: Deployment) -> None:
    """Without a time it happened now; data that has no fields is a property; a binary event may have none."""
    assert 202 == structured(fresh, {**PLAIN, "data": [1, 2]}).status_code
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "2",
        "ce-source": "/b",
        "ce-type": "x",
        "ce-site": "1",
        "ce-activity": "true",
    }
    assert 202 == post(fresh, b"", headers).status_code
    first, second = fresh.log()
    assert ({"data": [1, 2]}, None) == (first.properties, second.properties)
    assert [NOW_TEXT] * 2 == [iso(one.occurred_at) for one in (first, second)]
    assert (1, True) == (second.site, second.activity)


def iso(at: int) -> str:
    """ms UTC as events say it."""
    return datetime.fromtimestamp(at / 1_000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.mark.parametrize("missing", ["specversion", "id", "source", "type"])
def test_an_event_without_an_attribute_is_refused_by_its_name(deployment: Deployment, missing: str) -> None:
    """400 in both ways: the envelope of a single event is the request's."""
    plain = {name: value for name, value in PLAIN.items() if name != missing}
    answers = [
        structured(deployment, plain),
        post(deployment, b"", {f"ce-{name}": value for name, value in plain.items() if isinstance(value, str)}),
    ]
    assert [(400, missing)] * 2 == [(one.status_code, one.json()["errors"][0]["path"]) for one in answers]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/cloudevents+json", 400),
        (b"[]", "application/cloudevents+json", 400),
        (b"{}", "application/cloudevents-batch+json", 400),
        (b"[" + b"1," * 500 + b"1]", "application/cloudevents-batch+json", 413),
        (b"[" * 100_000, "application/cloudevents-batch+json", 400),
        (b"<a/>", "application/cloudevents+xml", 415),
        (b"\xff", "application/json", 400),
        (b'{"specversion": "0.3", "id": "1", "source": "a", "type": "b"}', "application/cloudevents+json", 400),
    ],
)
def test_what_is_no_cloudevent_has_an_answer(deployment: Deployment, content: bytes, kind: str, status: int) -> None:
    """Never 500, and a good one passes afterwards."""
    assert status == post(deployment, content, {"content-type": kind}).status_code
    assert 202 == structured(deployment, PLAIN).status_code


def test_without_a_key_nothing_is_taken(deployment: Deployment) -> None:
    """401; the bearer token of the webhook specification is as good as our header."""
    bare = deployment.post(json.dumps(PLAIN).encode(), "/cloudevents", content_type="application/cloudevents+json")
    assert 401 == bare.status_code
    bearer = {"api_key": "", "authorization": f"Bearer {API_KEY}", "content-type": "application/cloudevents+json"}
    assert 202 == post(deployment, json.dumps(PLAIN).encode(), bearer).status_code


def test_a_sender_that_asks_first_is_told_to_come(deployment: Deployment) -> None:
    """As the webhook specification has it."""
    asked = deployment.run(
        deployment.request("OPTIONS", "/cloudevents", webhook_request_origin="eventemitter.example.com")
    )
    assert (200, "eventemitter.example.com") == (asked.status_code, asked.headers["webhook-allowed-origin"])
