"""Erasing people by API: asked for, done, gone; as Brevo has it, too."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from collector.api.people import erasures
from collector.sqlite import connect
from tests.collector.ingest.sending import written
from tests.collector.work.erasing import files_with
from tests.fixtures.shop import Shop, opened

CANARY = "kanarienvogel"
MAIL = f"{CANARY}@mail.example"
NONCES = {CANARY: "6f1c2b52-7f1d-4c55-9d0a-0000000000ab", "ann": "6f1c2b52-7f1d-4c55-9d0a-0000000000ac"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment on an empty folder."""
    with opened(tmp_path) as ready:
        yield ready


def made(shop: Shop, mail: str = MAIL, **more: Any) -> int:
    """A new contact's number."""
    body = {"identifiers": {"email_id": mail}, "attributes": {"FIRSTNAME": mail}, **more}
    return int(shop.change("POST", "/api/contacts", body).json()["id"])


def test_an_erasure_is_asked_for_and_done(shop: Shop) -> None:
    """202 with its id, pending until the worker has done it, then there is no such contact."""
    id = made(shop)
    answer = shop.deployment.run(
        shop.deployment.request("DELETE", f"/api/contacts/{id}", api_key=shop.deployment.settings.api_key)
    )
    erasure = answer.json()["erasure"]
    assert (202, {"erasure": erasure}) == (answer.status_code, answer.json())
    pending = shop.get(f"/api/erasures/{erasure}").json()
    asked_at = "2026-11-25T10:00:00.000Z"
    assert {"id": erasure, "contact_id": id, "status": "pending", "asked_at": asked_at, "done_at": None} == pending
    shop.work(1)
    done = shop.get(f"/api/erasures/{erasure}").json()
    assert {**pending, "status": "done", "done_at": "2026-11-25T10:01:00.000Z"} == done
    said = [(one["category"], one["key"], one["contact_id"]) for one in shop.get("/api/events").json()["events"]]
    assert [("contact", "erased", None), ("wallet", "anonymized", None)] == sorted(said)
    for path in (f"/api/contacts/{id}", f"/api/contacts/{id}/timeline"):
        assert 404 == shop.get(path).status_code
    assert 404 == shop.change("DELETE", f"/api/contacts/{id}").status_code
    assert [] == shop.get("/api/contacts").json()["contacts"]


def test_asked_again_it_is_the_same(shop: Shop) -> None:
    """While it is under way."""
    id, key = made(shop), shop.deployment.settings.api_key
    ask = [shop.deployment.request("DELETE", f"/api/contacts/{id}", api_key=key) for _ in range(2)]
    first, second = (shop.deployment.run(each).json() for each in ask)
    assert first == second


def test_who_was_absorbed_is_erased_with_the_survivor(shop: Shop) -> None:
    """Asked by the number of either."""
    one, other = made(shop), made(shop, "other@mail.example")
    shop.change("POST", f"/api/contacts/{one}/merge", {"contact": other})
    erasure = shop.change("DELETE", f"/api/contacts/{other}").json()["erasure"]
    shop.work()
    assert (one, "done") == tuple(
        shop.get(f"/api/erasures/{erasure}").json()[name] for name in ("contact_id", "status")
    )
    assert [] == shop.get("/api/contacts").json()["contacts"]


@pytest.mark.parametrize("path", ["/api/contacts/77", "/api/contacts/x", "/api/contacts/0", "/v3/contacts/77"])
def test_nobody_cannot_be_erased(shop: Shop, path: str) -> None:
    """404, whatever it looks like."""
    assert 404 == shop.change("DELETE", path).status_code


def test_an_unknown_erasure_is_404(shop: Shop) -> None:
    """Its id is any text."""
    assert 404 == shop.get("/api/erasures/nothing").status_code


@pytest.mark.parametrize("path", ["/api/contacts/1", "/v3/contacts/1"])
def test_only_an_admin_may_erase(shop: Shop, path: str) -> None:
    """A key that may write is not enough."""
    made(shop)
    key = shop.change("POST", "/api/keys", {"name": "w", "scope": "write"}).json()["key"]
    assert 403 == shop.change("DELETE", path, api_key=key).status_code


def asked_once(shop: Shop, name: str) -> int:
    """The number of a contact that was made by a request that named itself; its answer is kept."""
    body = written({"identifiers": {"email_id": f"{name}@mail.example", "ext_id": name}})
    headers = {"content_type": "application/json", "api_key": shop.deployment.settings.api_key}
    asking = shop.deployment.request("POST", "/api/contacts", body, idempotency_key=f"make-{name.upper()}", **headers)
    return int(shop.deployment.run(worked(shop, asking)).json()["id"])


async def worked(shop: Shop, asked: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
    """The answer, while the worker goes round."""
    asking = asyncio.create_task(asked)
    while not asking.done():
        await asyncio.to_thread(shop.turn)
        await asyncio.sleep(0)
    return await asking


def test_nothing_that_serve_keeps_names_the_person(shop: Shop, tmp_path: Path) -> None:
    """Refused samples, messages, answers that are kept: hers go, those of others stay."""
    for name in (CANARY, "ann"):
        asked_once(shop, name)
        who = {"email_id": f"{name}@mail.example"}
        where = {"key": "page_visited", "page": {"url": f"https://shop.example/{name}", "title": name}}
        shop.browse(0, NONCES[name], {"id": f"{name}-1", **where, "identifiers": who})
        shop.browse(0, NONCES[name], {"id": f"{name}-2", **where, "identifiers": who, "occurred_at": "then"})
    mail = {"sender": {"email": "shop@shop.example"}, "subject": "Hi", "textContent": "Hi"}
    ann, her = {"email": "ann@mail.example", "name": None}, {"email": MAIL.upper(), "name": CANARY}
    for to in ([her], [her, ann], [ann]):
        assert 201 == shop.change("POST", "/v3/smtp/email", {**mail, "to": to}).status_code
    assert 202 == shop.change("DELETE", "/api/contacts/1").status_code
    shop.work()
    assert [] == files_with(tmp_path, CANARY)
    rows = kept(tmp_path, "SELECT recipient, body ->> '$.to' FROM outbox ORDER BY body ->> '$.to' IS NULL")
    assert [("ann@mail.example", '[{"email":"ann@mail.example"}]'), ("ann@mail.example", None)] == rows
    assert [("make-ANN",)] == kept(tmp_path, "SELECT key FROM idempotency")
    samples = shop.get("/api/rejections?code=bad_time").json()["rejections"][0]["samples"]
    assert [False, True] == sorted("ann-2" in one["sample"] for one in samples)


def kept(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of store.db."""
    with closing(connect(folder / "store.db", readonly=True)) as store:
        return store.execute(sql).fetchall()


@pytest.mark.parametrize(
    "named",
    [
        "1",
        MAIL,
        "1?identifierType=contact_id",
        f"{MAIL}?identifierType=email_id",
        "her-1?identifierType=ext_id",
        "%2B393331234567?identifierType=phone_id",
    ],
)
def test_brevo_answers_when_it_is_done(shop: Shop, named: str) -> None:
    """204, and the contact is gone."""
    made(shop, identifiers={"email_id": MAIL, "ext_id": "her-1", "phone_id": "+393331234567"})
    answer = shop.change("DELETE", f"/v3/contacts/{named}")
    assert (204, b"") == (answer.status_code, answer.content)
    assert 404 == shop.get("/v3/contacts/1").status_code


def test_brevo_is_told_to_come_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After, also when asked again, until a worker has done it."""
    made(shop)
    monkeypatch.setattr(erasures, "PATIENCE_S", 0.05)
    for _ in range(2):
        request = shop.deployment.request("DELETE", "/v3/contacts/1", api_key=shop.deployment.settings.api_key)
        answer = shop.deployment.run(request)
        assert (503, "1") == (answer.status_code, answer.headers["retry-after"])
    shop.work()
    assert 404 == shop.get("/v3/contacts/1").status_code


def test_who_is_erased_comes_back_as_another(shop: Shop) -> None:
    """The same address after the erasure is a new contact; what a server tells of before is refused."""
    made(shop)
    assert 204 == shop.change("DELETE", "/v3/contacts/1").status_code
    shop.serve(1, {"id": "o", "key": "order_created", "identifiers": {"email_id": MAIL}})
    assert [2] == [one["id"] for one in shop.get("/api/contacts").json()["contacts"]]
    shop.serve(
        2,
        {
            "id": "before",
            "key": "order_created",
            "identifiers": {"email_id": MAIL},
            "occurred_at": "2026-01-01T00:00:00Z",
        },
    )
    assert 404 == shop.get("/api/events/before").status_code
    refused = shop.get("/api/rejections?code=erased").json()["rejections"]
    assert [1] == [one["count"] for one in refused]
