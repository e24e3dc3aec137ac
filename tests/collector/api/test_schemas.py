"""Do `GET PUT DELETE /api/catalogue/<category>/<key>/schema` pin, show and unpin, and refuse what is no schema?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from collector.store.sqlite.definitions.schemas import SqliteSchemas
from tests.collector.ingest.sending import API_KEY, NOW_TEXT, Deployment, deployed, event, written
from tests.collector.ui.test_pages import work

SCHEMA = {"type": "object", "properties": {"size": {"type": "integer"}}}
LATER = "2026-11-25T10:01:00.000Z"
WISHED = "/api/catalogue/custom/wished/schema"


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """One for this test alone."""
    with deployed(tmp_path) as ready:
        yield ready


def ask(
    deployment: Deployment, method: str, path: str = WISHED, body: Any = None, *, key: str = API_KEY
) -> httpx.Response:
    """With a JSON body where there is one."""
    sent = {} if body is None else {"content_type": "application/json"}
    content = b"" if body is None else written(body)
    return deployment.run(deployment.request(method, path, content, api_key=key, **sent))


def errors(answer: httpx.Response) -> tuple[int, list[str]]:
    """Status and paths."""
    return answer.status_code, [error["path"] for error in answer.json()["errors"]]


def test_a_schema_is_pinned_shown_replaced_and_unpinned(deployment: Deployment) -> None:
    """Field for field; what was pinned before is gone."""
    assert 404 == ask(deployment, "GET").status_code
    answer = ask(deployment, "PUT", body={"schema": SCHEMA, "misfit": "reject"})
    pinned = {"category": "custom", "key": "wished", "schema": SCHEMA, "misfit": "reject", "pinned_at": NOW_TEXT}
    assert (200, pinned) == (answer.status_code, answer.json())
    assert pinned == ask(deployment, "GET").json()
    assert {**pinned, "schema": {}, "misfit": "flag"} == ask(deployment, "PUT", body={"schema": {}}).json()
    assert [204, 404] == [ask(deployment, "DELETE").status_code for _ in range(2)]
    assert 404 == ask(deployment, "GET").status_code


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("custom/wished", 200),
        ("ecommerce/order_completed", 200),
        ("marketing_email/Soft%20Bounce", 200),
        ("custom/not%20a%20key", 404),
        ("website/page_visitd", 404),
        ("nowhere/page_visited", 404),
    ],
)
def test_any_event_that_there_may_be_can_have_one(deployment: Deployment, path: str, status: int) -> None:
    """System's and custom ones, also before the first came."""
    assert status == ask(deployment, "PUT", f"/api/catalogue/{path}/schema", {"schema": SCHEMA}).status_code


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "schema"),
        ({"schema": 3}, "schema"),
        ({"schema": "taught"}, "schema"),
        ({"schema": {}, "misfit": "ignore"}, "misfit"),
        ({"schema": {"type": "text"}}, "schema.type"),
        ({"schema": {"pattern": "a"}}, "schema.pattern"),
        ({"schema": {"properties": {"a": {"minimum": "1"}}}}, "schema.properties.a.minimum"),
    ],
)
def test_what_is_no_schema_is_refused_by_name(deployment: Deployment, body: Any, path: str) -> None:
    """A word that would not be enforced is not taken."""
    answer = ask(deployment, "PUT", body=body)
    assert 400 == answer.status_code
    assert errors(answer)[1] in ([path], [""]), answer.text
    assert 404 == ask(deployment, "GET").status_code


def test_what_was_learned_can_be_pinned(deployment: Deployment) -> None:
    """As a schema that everything fits that came; before anything came there is none."""
    assert 409 == ask(deployment, "PUT", body={"schema": "learned"}).status_code
    deployment.send(*(event(key="wished", properties={"size": size, "colour": "red"}) for size in range(20)))
    work(deployment)
    answer = ask(deployment, "PUT", body={"schema": "learned", "misfit": "reject"})
    assert {"size": {"type": "number"}, "colour": {"type": "string"}} == answer.json()["schema"]["properties"]
    assert [] == deployment.send(event(key="wished", properties={"size": 42.5, "colour": "blue"}))["rejected"]
    assert 1 == len(deployment.send(event(key="wished", properties={"size": "42", "colour": "blue"}))["rejected"])


def test_what_was_learned_can_be_read(deployment: Deployment) -> None:
    """How many events were looked at, of each property types and samples, and what has changed."""
    path = "/api/catalogue/custom/wished/learned"
    assert 404 == ask(deployment, "GET", path).status_code
    deployment.send(event(key="wished", properties={"size": 42, "to": "anna@shop.it"}))
    deployment.send(event(key="wished", properties={"size": "L"}, occurred_at=LATER))
    work(deployment)
    found = ask(deployment, "GET", path).json()
    assert (2, NOW_TEXT, LATER) == (found["looked_at"], found["first_at"], found["last_at"])
    size, to = sorted(found["properties"], key=lambda one: str(one["path"]))
    assert (["size"], ["integer", "string"], [42, "L"]) == (
        size["path"],
        size["types"],
        sorted(size["samples"], key=str),
    )
    assert ["redacted"] == to["samples"]
    drift = {"path": ["size"], "what": "retyped", "at": LATER, "before": "number", "now": "string"}
    assert [drift] == found["drift"]


def test_who_may_only_read_pins_nothing(deployment: Deployment) -> None:
    """Reading is for read, changing for write."""
    reader, writer = (deployment.key(scope=scope)["key"] for scope in ("read", "write"))
    assert 403 == ask(deployment, "PUT", body={"schema": {}}, key=reader).status_code
    assert 200 == ask(deployment, "PUT", body={"schema": {}}, key=writer).status_code
    assert 200 == ask(deployment, "GET", key=reader).status_code
    assert 403 == ask(deployment, "DELETE", key=reader).status_code
    assert 401 == ask(deployment, "GET", key="").status_code


def test_so_many_are_kept_and_no_more(deployment: Deployment) -> None:
    """One that is there may be replaced all the same."""
    deployment.built.services.pinned.schemas = SqliteSchemas(deployment.settings.store_path, limit=1)
    found = [ask(deployment, "PUT", f"/api/catalogue/custom/{key}/schema", {"schema": {}}) for key in ("a", "b", "a")]
    assert [200, 409, 200] == [answer.status_code for answer in found]
    deployment.built.services.pinned.schemas.close()
