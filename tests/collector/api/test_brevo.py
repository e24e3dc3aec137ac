"""Brevo's interface without its clients: every refusal, in Brevo's shape, and nothing ever a 500."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.collector.ingest.sending import API_KEY, Deployment, deployed, written

HUGE = 10**40
DEEP: Any = []
for _ in range(12):
    DEEP = [DEEP]
MUCH = dict.fromkeys(map(str, range(21)))
MAIL = {"sender": {"email": "a@b.co"}, "to": [{"email": "c@d.co"}], "subject": "x", "htmlContent": "<p>"}
HOOK = {"url": "https://shop.example/hook", "events": ["sent"]}

REFUSED: tuple[tuple[str, str, Any, int, str], ...] = (
    # products, categories
    ("POST", "products", b"{", 400, "bad_request"),
    ("POST", "products", b"\xff", 400, "bad_request"),
    ("POST", "products", b'{"id": ' + b"[" * 100_000, 400, "bad_request"),
    ("POST", "products", [], 400, "invalid_parameter"),
    ("POST", "products", {"id": "x"}, 400, "missing_parameter"),
    ("POST", "products", {"name": "x"}, 400, "missing_parameter"),
    ("POST", "products", {"id": 5, "name": "x"}, 400, "invalid_parameter"),
    ("POST", "products", {"id": "x", "name": "x", "price": "x"}, 400, "invalid_parameter"),
    ("POST", "products", {"id": "x", "name": "x", "price": HUGE}, 400, "out_of_range"),
    ("POST", "products", {"id": "x", "name": "x", "price": 1e300}, 400, "invalid_parameter"),
    ("POST", "products", {"id": "x", "name": "x", "metaInfo": {"a": HUGE}}, 400, "out_of_range"),
    ("POST", "products", {"id": "x", "name": "x", "metaInfo": {"a": DEEP}}, 400, "out_of_range"),
    ("POST", "products", {"id": "x\0", "name": "x"}, 400, "invalid_parameter"),
    (
        "POST",
        "products",
        {"id": "x", "name": "x", "metaInfo": dict.fromkeys(map(str, range(21)))},
        400,
        "invalid_parameter",
    ),
    ("POST", "products/batch", {"products": []}, 400, "invalid_parameter"),
    ("POST", "products/batch", {"products": [{"id": "x", "name": "x"}] * 101}, 400, "invalid_parameter"),
    ("POST", "products/batch", {"products": [{}]}, 400, "missing_parameter"),
    ("POST", "products/batch", {}, 400, "missing_parameter"),
    ("GET", "products?limit=0", None, 400, "out_of_range"),
    ("GET", "products?limit=1001", None, 400, "out_of_range"),
    ("GET", "products?limit=" + "9" * 40, None, 400, "invalid_parameter"),
    ("GET", "products?offset=-1", None, 400, "invalid_parameter"),
    ("GET", "products?sort=up", None, 400, "invalid_parameter"),
    ("GET", "products?sortByField=colour", None, 400, "invalid_parameter"),
    ("GET", "products?price[lte]=inf", None, 400, "invalid_parameter"),
    ("GET", "products?createdSince=soon", None, 400, "invalid_parameter"),
    ("GET", "products?name=" + "x" * 1025, None, 400, "out_of_range"),
    ("GET", "products/nothing", None, 404, "document_not_found"),
    ("GET", "products/a%2Fb", None, 404, "document_not_found"),
    ("DELETE", "products", None, 405, "method_not_allowed"),
    ("POST", "products/x/alerts/back_in_stock", {}, 501, "not_implemented"),
    ("POST", "categories", {}, 400, "missing_parameter"),
    ("POST", "categories/batch", {"categories": [{}]}, 400, "missing_parameter"),
    ("GET", "categories/nothing", None, 404, "document_not_found"),
    ("GET", "categories?limit=101", None, 400, "out_of_range"),
    # webhooks, messages
    ("POST", "webhooks", {}, 400, "missing_parameter"),
    ("POST", "webhooks", {"url": "https://a.b"}, 400, "missing_parameter"),
    ("POST", "webhooks", {"url": "https://a.b", "type": "inbound"}, 400, "missing_parameter"),
    ("POST", "webhooks", {**HOOK, "url": "file:///etc/passwd"}, 400, "invalid_parameter"),
    ("POST", "webhooks", {**HOOK, "events": ["everything"]}, 400, "invalid_parameter"),
    ("POST", "webhooks", {**HOOK, "headers": [{"key": "a", "value": "b\r\nc: d"}]}, 400, "invalid_parameter"),
    ("GET", "webhooks/7", None, 404, "document_not_found"),
    ("GET", "webhooks/" + "9" * 40, None, 400, "invalid_parameter"),
    ("PUT", "webhooks/7", {"description": "x"}, 404, "document_not_found"),
    ("PUT", "webhooks/7", {}, 400, "invalid_parameter"),
    ("DELETE", "webhooks/7", None, 404, "document_not_found"),
    ("PATCH", "webhooks/7", {}, 405, "method_not_allowed"),
    ("POST", "smtp/email", {}, 400, "missing_parameter"),
    ("POST", "smtp/email", {**MAIL, "to": []}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "to": [{"email": "c@d.co\r\nBcc: x@y.co"}]}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "to": [{"email": "nobody"}]}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "subject": "a\nb"}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "sender": {"email": "nobody"}}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "scheduledAt": "soon"}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "headers": {"a b": "c"}}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "headers": {"BCC": "x@y.co"}}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "sender": {"email": "a@b.co", "name": "a\u2028b"}}, 400, "invalid_parameter"),
    ("POST", "smtp/email", {**MAIL, "messageVersions": [{"to": [{"email": "c@d.co"}] * 99}] * 21}, 400, "out_of_range"),
    (
        "POST",
        "smtp/email",
        {**MAIL, "textContent": "x" * 400_000, "messageVersions": [{"to": [{"email": "c@d.co"}] * 99}] * 2},
        400,
        "out_of_range",
    ),
    # contacts
    ("POST", "contacts", {}, 400, "missing_parameter"),
    ("POST", "contacts", {"email": "nobody"}, 400, "invalid_parameter"),
    ("POST", "contacts", {"email": 5}, 400, "invalid_parameter"),
    ("POST", "contacts", {"attributes": {"SMS": "twelve"}}, 400, "invalid_parameter"),
    ("POST", "contacts", {"attributes": {"SMS": HUGE}}, 400, "out_of_range"),
    ("POST", "contacts", {"email": "a@b.co", "listIds": [7]}, 400, "invalid_parameter"),
    ("POST", "contacts", {"email": "a@b.co", "listIds": [HUGE]}, 400, "out_of_range"),
    ("GET", "contacts/nobody@shop.example", None, 404, "document_not_found"),
    ("GET", "contacts/nobody%40shop.example", None, 404, "document_not_found"),
    ("GET", "contacts/7", None, 404, "document_not_found"),
    ("GET", "contacts/" + "9" * 40, None, 404, "document_not_found"),
    ("GET", "contacts/x@", None, 400, "invalid_parameter"),
    ("GET", "contacts/x?identifierType=shoe_size", None, 400, "invalid_parameter"),
    ("GET", "contacts/x?identifierType=contact_id", None, 400, "invalid_parameter"),
    ("PUT", "contacts/7", {}, 404, "document_not_found"),
    ("DELETE", "contacts/7", None, 404, "document_not_found"),
    ("POST", "contacts/batch", {"contacts": [{}]}, 400, "missing_parameter"),
    ("POST", "contacts/batch", {"contacts": [{"email": "a@b.co"}]}, 404, "document_not_found"),
    ("GET", "contacts?ids=" + ",".join(map(str, range(1, 22))), None, 400, "out_of_range"),
    ("GET", "contacts?ids=x", None, 400, "invalid_parameter"),
    ("GET", "contacts?filter=equals(A)", None, 400, "invalid_parameter"),
    ("GET", "contacts?segmentId=1", None, 404, "document_not_found"),
    ("POST", "contacts/doubleOptinConfirmation", {}, 400, "missing_parameter"),
    ("GET", "contacts/folders", None, 501, "not_implemented"),
    ("GET", "contacts/folders/1/lists", None, 501, "not_implemented"),
    # lists, attributes, imports
    ("POST", "contacts/lists", {"name": "x"}, 400, "missing_parameter"),
    ("POST", "contacts/lists", {"name": "", "folderId": 1}, 400, "invalid_parameter"),
    ("GET", "contacts/lists/7", None, 404, "document_not_found"),
    ("GET", "contacts/lists/x", None, 400, "invalid_parameter"),
    ("PUT", "contacts/lists/7", {"name": "x"}, 404, "document_not_found"),
    ("DELETE", "contacts/lists/7", None, 404, "document_not_found"),
    ("GET", "contacts/lists/7/contacts", None, 404, "document_not_found"),
    ("POST", "contacts/lists/7/contacts/add", {"ids": [1]}, 404, "document_not_found"),
    ("GET", "contacts/lists?limit=51", None, 400, "out_of_range"),
    ("POST", "contacts/attributes/normal/A", {}, 400, "missing_parameter"),
    ("POST", "contacts/attributes/normal/A", {"type": "shoe"}, 400, "invalid_parameter"),
    ("POST", "contacts/attributes/normal/a b", {"type": "text"}, 400, "invalid_parameter"),
    ("POST", "contacts/attributes/odd/A", {"type": "text"}, 400, "invalid_parameter"),
    ("POST", "contacts/attributes/calculated/A", {"value": "COUNT[ID]"}, 501, "not_implemented"),
    ("DELETE", "contacts/attributes/normal/A", None, 404, "document_not_found"),
    ("POST", "contacts/import", {}, 400, "missing_parameter"),
    ("POST", "contacts/import", {"fileBody": "EMAIL\na@b.co"}, 400, "missing_parameter"),
    ("POST", "contacts/import", {"fileBody": "NAME\nA", "listIds": [1]}, 400, "invalid_parameter"),
    ("POST", "contacts/import", {"fileUrl": "http://a/b.csv", "listIds": [1]}, 501, "not_implemented"),
    # events, and all else
    ("GET", "events?startDate=2026-01-01", None, 400, "missing_parameter"),
    ("GET", "events?endDate=2026-01-01", None, 400, "missing_parameter"),
    ("GET", "events?startDate=2026-01-02&endDate=2026-01-01", None, 400, "invalid_parameter"),
    ("GET", "events?contact_id=x", None, 400, "invalid_parameter"),
    ("GET", "events?limit=10001", None, 400, "out_of_range"),
    ("PUT", "events", {}, 405, "method_not_allowed"),
    ("GET", "events/batch", None, 405, "method_not_allowed"),
    ("GET", "account", None, 501, "not_implemented"),
    ("GET", "orders", None, 501, "not_implemented"),
    ("POST", "companies", {}, 501, "not_implemented"),
    ("GET", "", None, 501, "not_implemented"),
)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """One for all; nothing in it is changed by what is refused."""
    with deployed(tmp_path_factory.mktemp("deployment")) as ready:
        yield ready


def ask(deployment: Deployment, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """The answer. body: bytes as they are, None for none, else JSON."""
    content = b"" if body is None else body if isinstance(body, bytes) else written(body)
    usual = {"content_type": "application/json", "api_key": API_KEY}
    return deployment.run(deployment.request(method, f"/v3/{path}", content, **(usual | headers)))


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), REFUSED)
def test_a_refusal_is_brevos(deployment: Deployment, method: str, path: str, body: Any, status: int, code: str) -> None:
    """Status, code, a sentence, the headers of limits; and nothing beside."""
    answer = ask(deployment, method, path, body)
    assert (status, code) == (answer.status_code, answer.json()["code"]), answer.text
    assert {"code", "message"} == set(answer.json())
    assert answer.json()["message"]
    assert ("36000", "36000", "1") == tuple(
        answer.headers[f"x-sib-ratelimit-{name}"] for name in ("limit", "remaining", "reset")
    )


@pytest.mark.parametrize("path", ["contacts", "products", "webhooks", "events", "account"])
def test_a_stranger_is_unauthorized(deployment: Deployment, path: str) -> None:
    """Without a key, or with a wrong one; also where nothing is."""
    for key in ("", "sk_of_nobody"):
        answer = ask(deployment, "GET", path, api_key=key)
        assert (401, "unauthorized") == (answer.status_code, answer.json()["code"])


def test_a_lesser_key_is_forbidden(deployment: Deployment) -> None:
    """One that may only read changes nothing; webhooks need an admin's."""
    reader, writer = deployment.key(scope="read")["key"], deployment.key(scope="write")["key"]
    assert 200 == ask(deployment, "GET", "products", api_key=reader).status_code
    for path, body, key in (("products", {"id": "x", "name": "x"}, reader), ("webhooks", HOOK, writer)):
        answer = ask(deployment, "POST", path, body, api_key=key)
        assert (403, "permission_denied") == (answer.status_code, answer.json()["code"])


def test_a_body_that_is_too_large_is_refused(deployment: Deployment) -> None:
    """512 KiB are the most."""
    answer = ask(deployment, "POST", "products", b" " * (512 * 1024 + 1))
    assert (413, "out_of_range") == (answer.status_code, answer.json()["code"])


def test_without_a_worker_a_command_is_to_be_repeated(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After: the contact is on its way, and the same call may be made again."""
    monkeypatch.setattr("collector.ingest.teller.PATIENCE_S", 0.01)
    answer = ask(deployment, "POST", "contacts", {"email": "a@b.co"})
    assert (503, "service_unavailable", "1") == (
        answer.status_code, answer.json()["code"], answer.headers["retry-after"],
    )  # fmt: skip


def test_a_product_with_a_slash_in_its_id_is_found(tmp_path: Path) -> None:
    """As shops write them."""
    with deployed(tmp_path) as fresh:
        assert 201 == ask(fresh, "POST", "products", {"id": "shoes/42", "name": "Shoes"}).status_code
        assert "Shoes" == ask(fresh, "GET", "products/shoes%2F42").json()["name"]


def test_there_are_at_most_40_webhooks(tmp_path: Path) -> None:
    """As with Brevo."""
    with deployed(tmp_path) as fresh:
        assert [201] * 40 == [ask(fresh, "POST", "webhooks", HOOK).status_code for _ in range(40)]
        assert "out_of_range" == ask(fresh, "POST", "webhooks", HOOK).json()["code"]
