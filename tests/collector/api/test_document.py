"""Does the API do what its document says? schemathesis asks what the document allows, and what it does not.

A whole deployment over ASGI whose worker goes round. Never a 5xx, never an answer that is not declared: by its status,
its media type, its schema.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, reject, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from collector.api.frame.openapi import PLACE, is_ours
from collector.api.frame.params import PAGING
from collector.errors import Code
from collector.store.ports.definitions.keys import KeyDraft
from tests.collector.ingest.sending import API_KEY
from tests.conftest import NIGHTLY
from tests.fixtures.shop import Shop, opened

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 500 if NIGHTLY else 4
"""Of each operation, in each mode: both together take half a minute."""

APART = ("/api/events/stream", "/api/webhooks/{id}/test")
"""The answer of one has no end, the other asks the address of a webhook: test_stream.py and test_webhooks.py do it."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One for all: what one operation makes the others find."""
    with opened(tmp_path_factory.mktemp("data")) as ready:
        ready.serve(
            0,
            {"id": "visit-1", "key": "page_visited", "identifiers": {"email_id": "ada@mail.example"}},
            {"id": "visit-2", "key": "page_visited", "identifiers": {"ext_id": "bruno"}},
        )
        yield ready


@pytest.fixture(scope="module")
def document(shop: Shop) -> Mapping[str, Any]:
    """As programs read it."""
    answer = shop.get("/api/openapi.json")
    assert (200, "application/json") == (answer.status_code, answer.headers["content-type"])
    read: Mapping[str, Any] = answer.json()
    return read


class Asking:
    """Sends cases while the worker goes round, always with a key that is good: they revoke keys as well."""

    def __init__(self, shop: Shop) -> None:
        self._shop, self._services = shop, shop.deployment.built.services
        self._key = API_KEY
        transport = httpx.ASGITransport(shop.deployment.built.asgi, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport)

    def send(self, case: Case) -> httpx.Response:
        """The answer. Rejects a case whose address is longer than a client can send."""
        asked = case.as_transport_kwargs(base_url="https://collector.example")
        body = {"json": asked["json"]} if "json" in asked else {"content": asked.get("data")}
        headers = {**(asked["headers"] or {}), "api-key": self._good_key()}
        try:
            request = self._http.build_request(
                asked["method"], asked["url"], params=asked["params"], headers=headers, **body
            )
        except httpx.InvalidURL:
            reject()
        return self._shop.deployment.run(self._answered(request))

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        asking = asyncio.create_task(self._http.send(request))
        while not asking.done():
            await asyncio.to_thread(self._shop.turn)
            await asyncio.sleep(0)
        return await asking

    def _good_key(self) -> str:
        if isinstance(self._services.keys.api(self._key), Code):
            self._key = f"sk_number_{len(self._services.keys.ring.all())}"
            self._services.keys.ring.add(KeyDraft(text=self._key, scope="admin"), at=0)
            self._services.keys.reload()
        return self._key


def operations(document: Mapping[str, Any], mode: GenerationMode) -> Iterator[APIOperation]:
    """Those that can be asked in that mode: where nothing is taken, nothing can be wrong."""
    for found in schemathesis.openapi.from_dict(dict(document)).get_all_operations():
        operation = found.ok()
        takes = document["paths"][operation.path][operation.method.lower()]
        if operation.path not in APART and (mode.is_positive or takes["parameters"] or "requestBody" in takes):
            yield operation


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "not-allowed"])
def test_every_answer_is_declared(shop: Shop, document: Mapping[str, Any], mode: GenerationMode) -> None:
    """Of every operation, whatever is asked."""
    asking, seen = Asking(shop), set[tuple[str, int]]()

    def attempt(operation: APIOperation) -> None:
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=not NIGHTLY,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        )
        def ask(case: Case) -> None:
            answer = asking.send(case)
            seen.add((operation.label, answer.status_code // 100))
            case.validate_response(answer, checks=CHECKS)

        ask()

    for operation in operations(document, mode):
        attempt(operation)
    wanted = 2 if mode.is_positive else 4
    assert len([label for label, kind in seen if kind == wanted]) > len(document["paths"]) // 2


def test_every_address_is_in_the_document(shop: Shop, document: Mapping[str, Any]) -> None:
    """Every method of every route below /api, with a sentence and a noun; nothing else."""
    wanted = {
        (PLACE.sub(r"{\1}", route.path), method.lower())
        for route in shop.deployment.built.routes
        if isinstance(route, Route) and is_ours(route.path)
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}
    }
    found = {(path, method): said for path, methods in document["paths"].items() for method, said in methods.items()}
    assert wanted == found.keys()
    assert [] == [place for place, said in found.items() if not (said["summary"] and said["tags"])]


def test_a_list_says_what_it_takes_and_gives(document: Mapping[str, Any]) -> None:
    """Parameters by their types, the page of rows, and what it may refuse."""
    find = document["paths"]["/api/lists"]["get"]
    limit = next(one for one in find["parameters"] if one["name"] == "limit")
    assert {"type": "integer", "minimum": 1, "maximum": 500} == limit["schema"]
    assert list(PAGING) == [one["name"] for one in find["parameters"]]
    assert ["200", "400", "401", "503"] == list(find["responses"])
    page = document["components"]["schemas"]["ListPage"]["properties"]
    assert {"$ref": "#/components/schemas/ListAnswer"} == page["lists"]["items"]


def test_what_changes_says_more(document: Mapping[str, Any]) -> None:
    """A body that is described and shown, the Idempotency-Key, a login only with the page's token."""
    create = document["paths"]["/api/sites"]["post"]
    content = create["requestBody"]["content"]["application/json"]
    assert {"$ref": "#/components/schemas/NewSite"} == content["schema"]
    assert {"name": "Shop", "origins": ["https://shop.example"]}.items() <= content["example"].items()
    assert ["Idempotency-Key"] == [one["name"] for one in create["parameters"]]
    assert "201 400 401 403 408 409 413 415 422 503".split() == list(create["responses"])
    assert [{"key": []}, {"login": [], "page": []}] == create["security"]


def test_events_come_in_by_a_key_alone(document: Mapping[str, Any]) -> None:
    """The door knows no login and no Idempotency-Key: ids of events are what makes them one."""
    send = document["paths"]["/api/events"]["post"]
    assert ([], [{"key": []}]) == (send["parameters"], send["security"])
    assert "ServerItem" in document["components"]["schemas"]


@pytest.mark.parametrize("key", ["", "sk_of_nobody"])
def test_the_document_is_for_those_who_may_ask(shop: Shop, key: str) -> None:
    """401 without a good key."""
    asked = shop.deployment.request("GET", "/api/openapi.json", **({"api_key": key} if key else {}))
    assert 401 == shop.deployment.run(asked).status_code
