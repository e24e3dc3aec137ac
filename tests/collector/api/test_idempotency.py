"""A change that names itself by Idempotency-Key happens once, whoever asks again."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from collector.api.brevo.frame.answers import HEADERS
from collector.idempotency import KEPT_MS
from collector.store.ports.store import StoreFailed
from tests.collector.ingest.sending import API_KEY, Deployment, deployed, refusal, written


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """One on an empty folder."""
    with deployed(tmp_path) as ready:
        yield ready


def asked(method: str, path: str, body: Any, *, name: str = "once", key: str = API_KEY) -> dict[str, Any]:
    """A change under an Idempotency-Key, as `Deployment.request` takes it."""
    headers = {"api_key": key, "idempotency_key": name, "content_type": "application/json"}
    return {"method": method, "path": path, "content": b"" if body is None else written(body), **headers}


def change(deployment: Deployment, method: str, path: str, body: Any = None, **given: str) -> httpx.Response:
    """Its answer."""
    return deployment.run(deployment.request(**asked(method, path, body, **given)))


def lists(deployment: Deployment) -> list[str]:
    """The names of what is there."""
    return [one["name"] for one in deployment.get("/api/lists").json()["lists"]]


def test_the_same_is_answered_again_and_made_once(deployment: Deployment) -> None:
    """Status, body and where it is; the second answer says that it is one."""
    first = change(deployment, "POST", "/api/lists", {"name": "News"})
    second = change(deployment, "POST", "/api/lists", {"name": "News"})
    assert (201, first.content) == (second.status_code, second.content)
    assert [first.headers["location"], "no-store"] == [second.headers[name] for name in ("location", "cache-control")]
    assert (None, "true") == tuple(one.headers.get("idempotency-replayed") for one in (first, second))
    assert ["News"] == lists(deployment)


def test_a_refusal_is_answered_again(deployment: Deployment) -> None:
    """Also when it would not be refused any more."""
    wrong = change(deployment, "PATCH", "/api/lists/1", {"name": "Other"})
    change(deployment, "POST", "/api/lists", {"name": "News"}, name="another")
    again = change(deployment, "PATCH", "/api/lists/1", {"name": "Other"})
    assert (404, wrong.content, "true") == (again.status_code, again.content, again.headers["idempotency-replayed"])
    assert "application/problem+json" == again.headers["content-type"]


def test_an_answer_without_a_body_is_kept(deployment: Deployment) -> None:
    """A list that is deleted twice under one key was there both times."""
    change(deployment, "POST", "/api/lists", {"name": "News"}, name="another")
    assert [204, 204] == [change(deployment, "DELETE", "/api/lists/1").status_code for _ in range(2)]
    assert 404 == change(deployment, "DELETE", "/api/lists/1", name="new").status_code


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/lists", {"name": "Other"}),
        ("POST", "/api/lists?x=1", {"name": "News"}),
        ("POST", "/api/sites", {"name": "News"}),
        ("DELETE", "/api/lists/1", None),
    ],
)
def test_another_request_under_the_key_is_refused(deployment: Deployment, method: str, path: str, body: Any) -> None:
    """Of another body, address or method: nothing happens."""
    change(deployment, "POST", "/api/lists", {"name": "News"})
    answer = change(deployment, method, path, body)
    assert (422, "idempotency_key_reused", "Idempotency-Key") == refusal(answer)
    assert ["News"] == lists(deployment)


def test_another_asker_is_refused(deployment: Deployment) -> None:
    """The same request with another API key is another."""
    other = deployment.key(scope="admin")["key"]
    change(deployment, "POST", "/api/lists", {"name": "News"})
    answer = change(deployment, "POST", "/api/lists", {"name": "News"}, key=other)
    assert (422, "idempotency_key_reused", "Idempotency-Key") == refusal(answer)


def test_of_two_at_once_one_is_told_to_come_again(deployment: Deployment) -> None:
    """The other is carried out."""

    async def both() -> list[httpx.Response]:
        news = asked("POST", "/api/lists", {"name": "News"})
        return await asyncio.gather(*(deployment.request(**news) for _ in range(2)))

    first, second = sorted(deployment.run(both()), key=lambda answer: answer.status_code)
    assert 201 == first.status_code
    assert (409, "idempotency_key_running", "Idempotency-Key") == refusal(second)
    assert "1" == second.headers["retry-after"]
    assert 201 == change(deployment, "POST", "/api/lists", {"name": "News"}).status_code


def test_after_a_day_it_is_a_new_request(deployment: Deployment) -> None:
    """To the millisecond; what is old is forgotten by the timer."""
    change(deployment, "POST", "/api/lists", {"name": "News"})
    deployment.now += KEPT_MS
    assert 201 == change(deployment, "POST", "/api/lists", {"name": "News"}).status_code
    deployment.now += 1
    assert 409 == change(deployment, "POST", "/api/lists", {"name": "News"}).status_code
    repeats = deployment.built.services.repeats
    deployment.now += KEPT_MS + 1
    repeats.clean(deployment.now)
    assert repeats.answers.get("once", since=0) is None


def test_it_outlives_the_process(tmp_path: Path) -> None:
    """What was answered is in the store."""
    with deployed(tmp_path) as one:
        first = change(one, "POST", "/api/lists", {"name": "News"})
    with deployed(tmp_path) as other:
        assert first.content == change(other, "POST", "/api/lists", {"name": "News"}).content


def test_a_secret_is_answered_again_and_written_nowhere(tmp_path: Path) -> None:
    """A new key's text is in no file; who asks again after a restart is told so, and no second key is made."""
    with deployed(tmp_path) as one:
        made = change(one, "POST", "/api/keys", {"scope": "read"})
        again = change(one, "POST", "/api/keys", {"scope": "read"})
        assert (201, made.content, "true") == (made.status_code, again.content, again.headers["idempotency-replayed"])
    text = made.json()["key"].encode()
    assert [] == [path for path in tmp_path.iterdir() if text in path.read_bytes()]
    with deployed(tmp_path) as other:
        gone = change(other, "POST", "/api/keys", {"scope": "read"})
        assert (409, "idempotency_answer_gone", "Idempotency-Key") == refusal(gone)
        assert 2 == len([key for key in other.get("/api/keys").json()["keys"] if key["site"] is None])


@pytest.mark.parametrize(
    ("name", "status"), [("x" * 255, 201), ("x" * 256, 400), ("two words", 400), ("è", 400), ("", 400)]
)
def test_a_key_has_1_to_255_visible_characters(deployment: Deployment, name: str, status: int) -> None:
    """Of ASCII; a blank is not visible."""
    assert status == change(deployment, "POST", "/api/lists", {"name": "News"}, name=name).status_code


def test_what_failed_here_is_tried_again(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 503 is not kept."""

    def fail(*given: Any, **named: Any) -> None:
        raise StoreFailed("full")

    with monkeypatch.context() as broken:
        broken.setattr(deployment.built.services.lists, "create", fail)
        assert 503 == change(deployment, "POST", "/api/lists", {"name": "News"}).status_code
    assert 201 == change(deployment, "POST", "/api/lists", {"name": "News"}).status_code


def test_an_answer_that_cannot_be_kept_is_given(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change has happened: its answer is not withheld."""

    def fail(*given: Any, **named: Any) -> None:
        raise StoreFailed("full")

    monkeypatch.setattr(deployment.built.services.repeats.answers, "keep", fail)
    assert 201 == change(deployment, "POST", "/api/lists", {"name": "News"}).status_code


def test_without_the_header_nothing_is_kept(deployment: Deployment) -> None:
    """The second of two alike meets what the first has made."""
    body = written({"name": "News"})
    headers = {"api_key": API_KEY, "content_type": "application/json"}
    answers = [deployment.run(deployment.request("POST", "/api/lists", body, **headers)) for _ in range(2)]
    assert [201, 409] == [answer.status_code for answer in answers]


def test_the_servers_door_does_not_hear_it(deployment: Deployment) -> None:
    """POST /api/events tells repeats by the ids of events: another batch under the same key is taken."""
    for id in ("a", "b"):
        event = {"id": id, "key": "page_visited", "occurred_at": "2026-11-25T10:00:00Z"}
        assert 202 == change(deployment, "POST", "/api/events", {"events": [event]}).status_code
    assert ["a", "b"] == [entry.id for entry in deployment.log()]


MAIL = {"sender": {"email": "shop@shop.example"}, "to": [{"email": "ada@mail.example"}], "subject": "Hi",
        "textContent": "Hi"}  # fmt: skip


def outbox(deployment: Deployment) -> list[str]:
    """The ids of what is to be sent."""
    return [one["id"] for one in deployment.get("/api/messages/outbox").json()["deliveries"]]


def test_a_mail_by_brevos_call_goes_out_once(deployment: Deployment) -> None:
    """The same messageId, with Brevo's headers; without a key, or under another, it is another mail."""
    first, second = (change(deployment, "POST", "/v3/smtp/email", MAIL) for _ in range(2))
    assert (201, first.json()) == (second.status_code, second.json())
    assert (None, "true") == tuple(one.headers.get("idempotency-replayed") for one in (first, second))
    assert {name: first.headers[name] for name in HEADERS} == {name: second.headers[name] for name in HEADERS}
    assert [first.json()["messageId"][1:27]] == outbox(deployment)
    change(deployment, "POST", "/v3/smtp/email", MAIL, name="another")
    headers = {"api_key": API_KEY, "content_type": "application/json"}
    for _ in range(2):
        deployment.run(deployment.request("POST", "/v3/smtp/email", written(MAIL), **headers))
    assert 4 == len(outbox(deployment))


def test_a_key_names_one_mail(deployment: Deployment) -> None:
    """Another one under it is refused as by our own calls, in Brevo's shape; so is a key that is none."""
    change(deployment, "POST", "/v3/smtp/email", MAIL)
    other = change(deployment, "POST", "/v3/smtp/email", {**MAIL, "subject": "Bye"})
    assert (422, {"code", "message"}) == (other.status_code, other.json().keys())
    assert "names another request" in other.json()["message"]
    assert 422 == change(deployment, "POST", "/api/lists", {"name": "News"}).status_code, "whichever door"
    assert 400 == change(deployment, "POST", "/v3/smtp/email", MAIL, name="a key").status_code
    assert 1 == len(outbox(deployment))


def test_a_mail_that_is_refused_is_refused_again(deployment: Deployment) -> None:
    """By the answer of then; one that is too large is none, under a key too."""
    first, second = (change(deployment, "POST", "/v3/smtp/email", {**MAIL, "to": None}) for _ in range(2))
    assert (400, first.content, "true") == (second.status_code, second.content, second.headers["idempotency-replayed"])
    assert "missing_parameter" == second.json()["code"]
    large = {**MAIL, "htmlContent": "x" * 600_000}
    answer = change(deployment, "POST", "/v3/smtp/email", large, name="large")
    assert (413, "out_of_range") == (answer.status_code, answer.json()["code"])
    assert [] == outbox(deployment)


def test_a_mail_is_asked_for_once_at_a_time(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first is being answered the second is told when to come again."""
    monkeypatch.setattr(deployment.built.services.repeats, "_running", {"once"})
    answer = change(deployment, "POST", "/v3/smtp/email", MAIL)
    assert (409, "1") == (answer.status_code, answer.headers["retry-after"])
    assert [] == outbox(deployment)
