"""Does `GET /api/catalogue` answer as INTERFACES 5 says?"""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import httpx
from starlette.applications import Starlette

from collector.access.keys import ApiAccess
from collector.api.catalogue import routes
from collector.api.frame.problem import HANDLERS
from collector.errors import Code
from collector.privacy.mask import MASKS
from collector.services import Services
from collector.store.ports.totals import KindTotal
from sessionizer.event import Kind
from sessionizer.properties.learned import DAY_MS, Shape, observe

READER = {"api-key": "sk_reader"}


def access_of(key: str) -> ApiAccess | Code:
    """One key is good."""
    return ApiAccess(1, "read") if key == "sk_reader" else Code.KEY_UNKNOWN


class Came:
    """A store in which these custom events came, with what was learned of them."""

    def __init__(self, totals: list[KindTotal], shapes: dict[Kind, Shape]) -> None:
        self._totals, self._shapes = totals, shapes
        self.totals = self.learned = self

    async def kinds(self, *, since_day: int) -> list[KindTotal]:
        """Whatever day is asked for."""
        return self._totals

    async def all(self) -> dict[Kind, Shape]:
        """What was learned."""
        return self._shapes


NOTHING_CAME = Came([], {})


def ask(
    query: str = "", *, method: str = "GET", headers: dict[str, str] = READER, store: Came = NOTHING_CAME
) -> httpx.Response:
    """One request to an application of nothing but the catalogue."""
    services = cast(Services, SimpleNamespace(keys=SimpleNamespace(api=access_of), store=store, clock=lambda: 0))
    app = Starlette(routes=routes(services), exception_handlers=HANDLERS)

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sentiero") as client:
            return await client.request(method, f"/api/catalogue{query}", headers=headers)

    return asyncio.run(send())


def events() -> list[dict[str, Any]]:
    """The rows of the answer."""
    answer = ask()
    assert 200 == answer.status_code
    assert ["events"] == [*answer.json()]
    return cast(list[dict[str, Any]], answer.json()["events"])


def test_an_event_is_answered_field_by_field() -> None:
    """An event has exactly these eleven fields; its properties are named schemas."""
    [row] = [row for row in events() if (row["category"], row["key"]) == ("website", "file_downloaded")]
    assert {
        "category": "website",
        "key": "file_downloaded",
        "label_it": "File scaricato",
        "label_en": "File downloaded",
        "description_it": "La persona ha scaricato un file dal sito, come un opuscolo.",
        "description_en": "The person downloaded a file from the site, such as a brochure.",
        "arises": "given",
        "by": "tracker or api",
        "activity": True,
        "usable_in": ["log", "contact", "segment", "trigger", "template"],
        "properties": {
            "url": {
                "type": "string",
                "description": "Of the file.",
                "examples": ["https://shop.example/files/winter-2026.pdf"],
                "format": "uri",
            },
            "file_name": {"type": "string", "examples": ["winter-2026.pdf"]},
            "extension": {"type": "string", "examples": ["pdf"]},
        },
    } == row


def test_every_event_has_the_same_fields() -> None:
    """Field for field, type for type, whatever the event."""
    types = {"activity": bool, "usable_in": list, "properties": dict}
    fields = (
        "category key label_it label_en description_it description_en arises by activity usable_in properties".split()
    )
    for row in events():
        assert fields == [*row]
        assert {name: types.get(name, str) for name in fields} == {name: type(value) for name, value in row.items()}
        assert row["arises"] in {"given", "derived", "receipt"}


def test_all_events_are_answered_once() -> None:
    """90 system events, 13 of e-commerce and 20 of ours, no kind twice; keys with spaces and hyphens as they are."""
    kinds = [(row["category"], row["key"]) for row in events()]
    assert 90 + 13 + 20 == len(kinds) == len(set(kinds))
    assert {
        ("marketing_email", "Soft Bounce"),
        ("whatsapp", "Soft-Bounce"),
        ("whatsapp", "Read"),
        ("wallet", "optin-updated"),
    } <= set(kinds)


def test_custom_events_that_came_are_listed_behind_the_table() -> None:
    """In the same fields: their key is their label; when and how often they came is said; properties as learned."""
    shape = observe([(DAY_MS, {"size": 42, "colour": "red"})], MASKS)
    came = [
        KindTotal("custom", "asked", 1, DAY_MS, DAY_MS),
        KindTotal("custom", "wished", 12, DAY_MS, 3 * DAY_MS),
        KindTotal("website", "page_visited", 5, DAY_MS, DAY_MS),
    ]
    asked, wished = ask(store=Came(came, {("custom", "wished"): shape})).json()["events"][90 + 13 + 20 :]
    assert {
        "category": "custom",
        "key": "wished",
        "label_it": "wished",
        "label_en": "wished",
        "description_it": "Un evento definito da voi, visto 12 volte: il primo il 1970-01-02, l'ultimo il 1970-01-04.",
        "description_en": "An event of your own, seen 12 times: the first on 1970-01-02, the last on 1970-01-04.",
        "arises": "given",
        "by": "tracker or api",
        "activity": True,
        "usable_in": ["log", "contact", "segment", "trigger", "template"],
        "properties": {
            "colour": {"type": "string", "examples": ["red"]},
            "size": {"type": "integer", "examples": [42]},
        },
    } == wished
    assert ("asked", {}) == (asked["key"], asked["properties"])
    assert "seen once" in asked["description_en"]
    assert [*wished] == [*asked] == [*events()[0]]


def test_a_parameter_is_refused() -> None:
    """The catalogue is given whole: a filter that it does not know is a 400 that names it."""
    answer = ask("?category=website")
    assert (400, "application/problem+json") == (answer.status_code, answer.headers["content-type"])
    assert ["category"] == [error["path"] for error in answer.json()["errors"]]


def test_a_key_is_needed() -> None:
    """Without a good key there is no answer, whatever the parameters."""
    assert 401 == ask(headers={}).status_code
    assert 401 == ask("?category=website", headers={"api-key": "sk_other"}).status_code


def test_the_catalogue_is_read_only() -> None:
    """Nothing can be posted to it."""
    assert 405 == ask(method="POST").status_code
