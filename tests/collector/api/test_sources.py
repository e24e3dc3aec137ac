"""`/api/webhooks/sources` over HTTP: making, changing, secrets, payloads, and what would come out of one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.hooks.mapping import BadMapping, read_mapping
from collector.store.ports.definitions.sources import MAX_SECRETS, MAX_SOURCES, Source
from tests.collector.api.whole import Whole, whole
from tests.collector.ingest.sending import NOW

HOME = "/api/webhooks/sources"
MAPPING = """
title = "Lessons"
[[signature]]
scheme = "standard"
[[events]]
event = "custom/lesson"
id = "n"
identifiers.ext_id = "who"
"""


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Whole]:
    with whole(tmp_path) as ready:
        yield ready


def made(deployment: Whole, **body: Any) -> dict[str, Any]:
    """A source that must be made."""
    answer = deployment.ask("POST", HOME, {"provider": "generic", **body})
    assert 201 == answer.status_code, answer.text
    return dict(answer.json())


def test_a_source_is_made_with_its_address_and_a_secret_that_is_shown_once(deployment: Whole) -> None:
    """Of a provider that has us make the secret."""
    found = made(deployment, name="school")
    assert found["url"].endswith("/hooks/school")
    assert found["secret"].startswith("whsec_")
    assert [f"…{found['secret'][-4:]}"] == found["secrets"]
    again = deployment.get(f"{HOME}/school", key=deployment.read)
    assert "secret" not in again
    assert {
        "name": "school",
        "provider": "generic",
        "mapping": "",
        "paused": False,
        "readable": True,
    }.items() <= again.items()
    assert [again] == deployment.get(HOME, key=deployment.read)["sources"]


def test_a_provider_that_makes_the_secret_itself_gets_its_address_first(deployment: Whole) -> None:
    """Until the secret is added nothing is signed, and nothing is taken."""
    assert [] == made(deployment, provider="stripe")["secrets"]
    answer = deployment.ask("POST", f"{HOME}/stripe/secrets", {"secret": "whsec_of_stripe"})
    assert (201, ["…ripe"]) == (answer.status_code, answer.json()["secrets"])
    assert "secret" not in answer.json()


def test_secrets_change_without_a_gap(deployment: Whole) -> None:
    """The newest is first, five are good at once, and one may stand for all."""
    first = made(deployment, name="school")["secrets"][0]
    second = deployment.ask("POST", f"{HOME}/school/secrets", {}).json()
    assert [f"…{second['secret'][-4:]}", first] == second["secrets"]
    for _ in range(MAX_SECRETS):
        last = deployment.ask("POST", f"{HOME}/school/secrets", {}).json()
    assert MAX_SECRETS == len(last["secrets"])
    alone = deployment.ask("POST", f"{HOME}/school/secrets", {"replace": True}).json()
    assert [f"…{alone['secret'][-4:]}"] == alone["secrets"]


def test_a_mapping_of_its_own_is_kept_and_given_back(deployment: Whole) -> None:
    """And the shipped one comes back when it is emptied."""
    made(deployment, name="school")
    answer = deployment.ask("PATCH", f"{HOME}/school", {"mapping": MAPPING, "paused": True})
    assert (200, MAPPING, True) == (answer.status_code, answer.json()["mapping"], answer.json()["paused"])
    back = deployment.ask("PATCH", f"{HOME}/school", {"mapping": ""}).json()
    assert ("", True) == (back["mapping"], back["paused"])


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"provider": "nobody"}, "provider"),
        ({"provider": "generic", "name": "A b"}, "name"),
        ({"provider": "generic", "name": "../x"}, "name"),
        ({"provider": "generic", "secret": "short"}, "secret"),
        ({"provider": "generic", "mapping": MAPPING + 'when = "["'}, "mapping.events[0].when"),
        ({"provider": "generic", "mapping": "no"}, "mapping"),
        ({"provider": "generic", "more": 1}, ""),
        ({}, ""),
    ],
)
def test_what_is_wrong_is_named_by_its_field(deployment: Whole, body: dict[str, Any], path: str) -> None:
    """400, and nothing is made."""
    answer = deployment.ask("POST", HOME, body)
    assert (400, path) == (answer.status_code, answer.json()["errors"][0]["path"])
    assert [] == deployment.get(HOME)["sources"]


def test_a_name_is_given_once_and_sources_are_bounded(deployment: Whole) -> None:
    """409 says which field, and what to do."""
    made(deployment, name="school")
    answer = deployment.ask("POST", HOME, {"provider": "generic", "name": "school"})
    assert (409, "name") == (answer.status_code, answer.json()["errors"][0]["path"])
    kept = deployment.services.sources.kept
    for at in range(MAX_SOURCES - 1):
        kept.add(
            Source(
                name=f"s{at}", provider="generic", mapping="", secrets=(), paused=False, created_at=NOW, modified_at=NOW
            )
        )
    assert 409 == deployment.ask("POST", HOME, {"provider": "generic", "name": "more"}).status_code


def test_a_source_that_is_removed_is_gone(deployment: Whole) -> None:
    """204, then 404 for everything."""
    made(deployment, name="school")
    assert 204 == deployment.ask("DELETE", f"{HOME}/school").status_code
    assert 404 == deployment.ask("DELETE", f"{HOME}/school").status_code
    assert 404 == deployment.ask("GET", f"{HOME}/school").status_code
    assert 404 == deployment.ask("PATCH", f"{HOME}/school", {"paused": True}).status_code
    assert 404 == deployment.ask("POST", f"{HOME}/school/secrets", {}).status_code
    assert 404 == deployment.ask("GET", f"{HOME}/school/payloads").status_code


def test_only_an_administrator_changes_sources(deployment: Whole) -> None:
    """A key that reads sees no payload either: they hold what people have said."""
    made(deployment, name="school")
    for key in (deployment.read, deployment.write):
        assert 403 == deployment.ask("POST", HOME, {"provider": "generic"}, key=key).status_code
        assert 403 == deployment.ask("DELETE", f"{HOME}/school", key=key).status_code
        assert 403 == deployment.ask("GET", f"{HOME}/school/payloads", key=key).status_code
        tried = deployment.ask("POST", "/api/webhooks/try", {"provider": "generic", "payload": "{}"}, key=key)
        assert 403 == tried.status_code


def test_a_payload_is_tried_without_being_written(deployment: Whole) -> None:
    """What would be taken, what would be refused and why, by the same rules as at the door."""
    mapping = MAPPING + 'occurred_at = "at"\n[[events]]\nevent = "custom/{type}"\nproperties = "n"\n'
    body = {"mapping": mapping, "payload": '{"n": 7, "at": "soon", "type": "x"}'}
    found = deployment.ask("POST", "/api/webhooks/try", body).json()
    assert ["occurred_at", "properties"] == [one["path"] for one in found["events"]]
    assert [False, False] == [one["taken"] for one in found["events"]]
    assert ["7", None] == [one["event"] and one["event"]["id"] for one in found["events"]]
    good = deployment.ask("POST", "/api/webhooks/try", {"mapping": MAPPING, "payload": '{"n": 7, "who": 1}'}).json()
    assert (True, "", 0) == (good["events"][0]["taken"], good["events"][0]["code"], good["ignored"])
    assert [] == deployment.get("/api/events")["events"]


def test_a_payload_is_tried_on_what_is_shipped_or_what_a_source_has(deployment: Whole) -> None:
    """A form too; and what cannot be read is said to be so."""
    made(deployment, name="school", mapping=MAPPING)
    by_source = deployment.ask("POST", "/api/webhooks/try", {"source": "school", "payload": "n=8", "form": True})
    assert "8" == by_source.json()["events"][0]["event"]["id"]
    shipped = deployment.ask("POST", "/api/webhooks/try", {"provider": "generic", "payload": '{"type": "x"}'})
    assert "x" == shipped.json()["events"][0]["event"]["key"]
    bad = deployment.ask("POST", "/api/webhooks/try", {"provider": "generic", "payload": "{"})
    assert (400, "payload") == (bad.status_code, bad.json()["errors"][0]["path"])


def test_providers_come_with_their_mappings(deployment: Whole) -> None:
    """The generic one first; each text can be read."""
    found = deployment.get("/api/webhooks/providers", key=deployment.read)["providers"]
    assert "generic" == found[0]["name"]
    try:
        titles = [read_mapping(one["mapping"]).title for one in found]
    except BadMapping as bad:
        pytest.fail(str(bad))
    assert [one["title"] for one in found] == titles
