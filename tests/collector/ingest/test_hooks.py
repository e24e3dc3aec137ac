"""Is it the provider, and what does it tell? `POST /hooks/<source>`, signed, translated, once."""

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from standardwebhooks import Webhook

from collector.store.ports.definitions.sources import Source
from tests.collector.ingest.sending import NOW, Deployment

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
OLDER = "whsec_" + base64.b64encode(b"o" * 24).decode()
LESSON = {"type": "Lesson Done", "email": "ada@example.com", "data": {"lesson": 7}}


def open_source(deployment: Deployment, name: str = "school", **fields: Any) -> None:
    """A source of the generic provider, as somebody has made it."""
    usual = {
        "provider": "generic", "mapping": "", "secrets": (SECRET, OLDER), "paused": False,
        "created_at": NOW, "modified_at": NOW,
    }  # fmt: skip
    deployment.built.services.sources.kept.add(Source(name=name, **(usual | fields)))
    deployment.built.services.sources.reload()


def signed(body: bytes, *, id: str = "msg_1", secret: str = SECRET, at_s: int = NOW // 1_000) -> dict[str, str]:
    """Headers of Standard Webhooks, by a computation of our own."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id}.{at_s}.".encode() + body, "sha256").digest()
    return {
        "webhook_id": id,
        "webhook_timestamp": str(at_s),
        "webhook_signature": f"v1,bm9uc2Vuc2U= v1,{base64.b64encode(digest).decode()}",
    }


def call(deployment: Deployment, body: Any, *, source: str = "school", **headers: str) -> httpx.Response:
    """A call as a provider makes it, signed unless headers say otherwise."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return deployment.post(
        content, f"/hooks/{source}", **{"content_type": "application/json", **(headers or signed(content))}
    )


@pytest.fixture
def school(fresh: Deployment) -> Deployment:
    """A deployment with a source."""
    open_source(fresh)
    return fresh


def test_what_is_signed_becomes_an_event(school: Deployment) -> None:
    """202 once it is in the log, under the name of its source."""
    answer = call(school, LESSON)
    assert 202 == answer.status_code
    assert {"accepted": 1, "duplicates": 0, "ignored": 0, "rejected": [], "warnings": []} == answer.json()
    (entry,) = school.log()
    found = (entry.door, entry.source, entry.id, entry.category, entry.key, entry.identifiers, entry.properties)
    expected = ({"email_id": "ada@example.com"}, {"lesson": 7})
    assert ("hook:school", "hook:school", "msg_1", "custom", "lesson_done", *expected) == found


def test_the_library_of_standard_webhooks_is_understood(school: Deployment) -> None:
    """What PyPI's package signs, we take. It signs by its own clock: ours is moved there."""
    content = json.dumps(LESSON)
    moment = datetime.fromtimestamp(NOW / 1_000, UTC)
    signature = Webhook(SECRET).sign("msg_9", moment, content)
    headers = {"webhook_id": "msg_9", "webhook_timestamp": str(NOW // 1_000), "webhook_signature": signature}
    assert 202 == call(school, content.encode(), **headers).status_code


@pytest.mark.parametrize("said", ["v1=abc", "", "t", "t=,v1="])
def test_a_signature_that_lacks_its_time_is_none(fresh: Deployment, said: str) -> None:
    """It is nobody's call, and no failure of ours."""
    open_source(fresh, "shop", provider="stripe")
    assert 401 == call(fresh, {}, source="shop", stripe_signature=said).status_code


def test_a_time_beyond_all_numbers_is_refused_alone(school: Deployment) -> None:
    """JSON knows no bounds; the event is among what was refused, where somebody sees it."""
    answer = call(school, b'{"event": "x", "occurred_at": 1' + b"0" * 400 + b"}")
    assert 202 == answer.status_code
    assert ["bad_time"] == [one["code"] for one in answer.json()["rejected"]]


def test_a_call_that_comes_again_is_once(school: Deployment) -> None:
    """A provider that has not heard our answer repeats it."""
    assert 1 == call(school, LESSON).json()["accepted"]
    again = call(school, LESSON).json()
    assert (0, 1) == (again["accepted"], again["duplicates"])
    assert 1 == len(school.log())


def test_an_older_secret_is_good_while_it_is_kept(school: Deployment) -> None:
    """So that a secret can be changed while calls are under way."""
    content = json.dumps(LESSON).encode()
    assert 202 == call(school, content, **signed(content, secret=OLDER)).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook_id": "msg_1"},
        {"webhook_timestamp": "x"},
        {"webhook_timestamp": str(NOW // 1_000 - 301)},
        {"webhook_timestamp": str(NOW // 1_000 + 301)},
        {"webhook_signature": "v1,"},
        {"webhook_signature": "\xff"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic ====" },
    ],
)  # fmt: skip
def test_what_is_not_signed_is_refused_without_detail(school: Deployment, headers: dict[str, str]) -> None:
    """401, one sentence whatever is wrong, and seen among the rejections."""
    content = json.dumps(LESSON).encode()
    good = signed(content)
    sent = {**good, **headers} if "webhook_timestamp" in headers or "webhook_signature" in headers else headers
    answer = call(school, content, **{"x_nothing": "1", **sent})
    assert 401 == answer.status_code
    assert "The signature is not right." == answer.json()["detail"]
    assert [] == school.log()
    (refused,) = [each for (code, _), each in school.rejections().items() if code == "signature_invalid"]
    assert "hook:school" == refused["samples"][0]["door"]


def test_a_changed_body_is_refused(school: Deployment) -> None:
    """One byte is enough."""
    content = json.dumps(LESSON).encode()
    assert 401 == call(school, content + b" ", **signed(content)).status_code


def test_a_signed_body_that_cannot_be_read_is_told_so(school: Deployment) -> None:
    """400, and it is seen."""
    answer = call(school, b'{"a": ')
    assert 400 == answer.status_code
    assert ("malformed", None) in school.rejections()


def test_a_source_that_there_is_not_is_404(fresh: Deployment) -> None:
    """As is one that was removed."""
    assert 404 == call(fresh, LESSON).status_code
    open_source(fresh)
    assert 202 == call(fresh, LESSON).status_code
    fresh.built.services.sources.kept.remove("school")
    fresh.built.services.sources.reload()
    assert 404 == call(fresh, LESSON).status_code


def test_a_source_that_is_paused_is_called_again_later(fresh: Deployment) -> None:
    """503: what comes meanwhile is not lost with providers that repeat."""
    open_source(fresh, paused=True)
    answer = call(fresh, LESSON)
    assert (503, "300") == (answer.status_code, answer.headers["retry-after"])


def test_an_event_that_the_pipeline_refuses_is_kept_and_named(school: Deployment) -> None:
    """By its place and field; the others of the call are taken."""
    mapping = """
title = "Lessons"
each = "lessons"
[[signature]]
scheme = "standard"
[[events]]
event = "custom/lesson_done"
id = "id"
occurred_at = "at"
"""
    open_source(school, "lessons", mapping=mapping)
    body = {"lessons": [{"id": "1", "at": 1_795_600_000}, {"id": "2", "at": "yesterday"}]}
    answer = call(school, body, source="lessons").json()
    assert (1, ["events[1].occurred_at"]) == (answer["accepted"], [each["path"] for each in answer["rejected"]])
    assert ("bad_time", None) in school.rejections()


def test_a_part_of_which_nothing_comes_is_counted(school: Deployment) -> None:
    """Nothing disappears without a word."""
    mapping = (
        'title = "a"\n[[signature]]\nscheme = "standard"\n[[events]]\nevent = "custom/x"\nwhen = "type == \'x\'"\n'
    )
    open_source(school, "picky", mapping=mapping)
    answer = call(school, {"type": "y"}, source="picky").json()
    assert (0, 1) == (answer["accepted"], answer["ignored"])


def test_a_deployment_that_tells_itself_is_told_to_stop(school: Deployment) -> None:
    """410 disables the webhook: each event would become another. One of another deployment is taken."""
    content = json.dumps(LESSON).encode()
    here = urlsplit(school.settings.url).netloc
    answer = call(school, content, sentiero_from=here, **signed(content))
    assert (410, "loop_depth") == (answer.status_code, answer.json()["errors"][0]["code"])
    assert 202 == call(school, content, sentiero_from="other.example", **signed(content)).status_code


def test_a_provider_that_wants_200_is_answered_so(school: Deployment) -> None:
    """Postmark repeats a call that is answered otherwise."""
    open_source(school, "mails", provider="postmark", secrets=("user:a-password",))
    basic = f"Basic {base64.b64encode(b'user:a-password').decode()}"
    assert 200 == call(school, {"RecordType": "Other"}, source="mails", authorization=basic).status_code


def test_the_last_payloads_are_kept(school: Deployment) -> None:
    """Twenty of a source, without what lets somebody in, with what became of them."""
    for at in range(25):
        content = json.dumps({**LESSON, "n": at}).encode()
        call(school, content, **signed(content, id=f"msg_{at}"), cookie="a=b")
    sources = school.built.services.sources
    sources.flush()
    kept = sources.kept.payloads("school")
    assert [*range(24, 4, -1)] == [json.loads(payload.body)["n"] for payload in kept]
    assert {"webhook-id", "webhook-timestamp", "content-type"} <= set(kept[0].headers)
    assert not {"cookie", "webhook-signature"} & set(kept[0].headers)
    assert 1 == kept[0].says["accepted"]


def test_a_call_without_a_signature_leaves_no_payload(school: Deployment) -> None:
    """Whoever is not the provider fills nothing."""
    call(school, LESSON, authorization="Bearer wrong")
    sources = school.built.services.sources
    sources.flush()
    assert [] == sources.kept.payloads("school")


def test_any_size_and_type_of_body_has_an_answer(school: Deployment) -> None:
    """Never 500."""
    bodies = (b"", b"null", b"[]", b"1", b"[" * 100_000, b'{"a":' * 2_000, b"\xff", b'"\\ud800"', b"x" * 600_000)
    found = [call(school, body).status_code for body in bodies]
    assert {202, 400, 413} >= set(found), found
    assert 415 == call(school, b"<a/>", content_type="application/xml").status_code
    assert 202 == call(school, LESSON).status_code
