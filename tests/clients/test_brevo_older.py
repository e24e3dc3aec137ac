"""Do Brevo's older Python clients get what they expect? Each in a process of its own (`older_calls.py`)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.clients.older_calls import FIRST
from tests.killed.process import API_KEY, Deployment

ROOT = Path(__file__).parents[2]
PATIENCE_S = 300.0

NOTHING = [
    "create_attribute", "update_contact", "update_batch_contacts", "update_list", "delete_list", "delete_attribute",
    "create_order", "create_batch_order", "update_webhook", "delete_webhook",
]  # fmt: skip
"""Calls of which the clients read no answer; each would raise on a refusal."""

REFUSED = {
    "create_again": {"status": 400, "code": "duplicate_parameter"},
    "get_nobody": {"status": 404, "code": "document_not_found"},
    "get_account": {"status": 501, "code": "not_implemented"},
}


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    """Their folder, where it is not there yet."""
    subprocess.run([ROOT / "scripts" / "clients"], check=True, timeout=PATIENCE_S)


@pytest.fixture(scope="module", params=["brevo_python", "sib_api_v3_sdk"])
def came(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Any]]:
    """What came of every call."""
    deployment = Deployment(tmp_path_factory.mktemp(request.param))
    deployment.start()
    address = f"http://127.0.0.1:{deployment.port}/v3"
    try:
        done = subprocess.run(
            [sys.executable, ROOT / "tests" / "clients" / "older_calls.py", request.param, address, API_KEY],
            env={**os.environ, "PYTHONPATH": str(ROOT / ".clients" / "older")},
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert 0 == done.returncode, done.stderr.decode(errors="replace")
        yield {"module": request.param, **json.loads(done.stdout)}
    finally:
        deployment.close()


def test_contacts(came: Mapping[str, Any]) -> None:
    """Created, found, changed, on a list, imported."""
    assert 1 == came["create_contact"]["id"]
    found = came["get_contact_info"]
    assert (FIRST, [1], {"FIRSTNAME": "Olga", "COLOUR": "red"}) == (
        found["email"], found["list_ids"], found["attributes"],
    )  # fmt: skip
    assert [(1, FIRST)] == [(one["id"], one["email"]) for one in came["get_contacts"]["contacts"]]
    assert 1 == came["get_contacts_from_list"]["count"]
    assert 0 < came["import_contacts"]["process_id"]


def test_lists_and_attributes(came: Mapping[str, Any]) -> None:
    """Made, read, filled, emptied."""
    assert (1, "Older", 1) == tuple(came["get_list"][name] for name in ("id", "name", "total_subscribers"))
    assert ["Older"] == [one["name"] for one in came["get_lists"]["lists"]]
    assert [("COLOUR", "text")] == [(one["name"], one["type"]) for one in came["get_attributes"]["attributes"]]
    assert [FIRST] == came["remove_contact_from_list"]["contacts"]["success"]
    assert [FIRST] == came["add_contact_to_list"]["contacts"]["success"]


def test_goods(came: Mapping[str, Any]) -> None:
    """Products and categories, one by one and in batches."""
    assert ("P1", 3.5) == (came["get_product_info"]["id"], came["get_product_info"]["price"])
    assert (2, ["P2"]) == (came["get_products"]["count"], [one["id"] for one in came["get_products"]["products"]])
    assert 1 == came["create_update_batch_products"]["created_count"]
    assert "Shoes" == came["get_category_info"]["name"]
    assert ["c2"] == [one["id"] for one in came["get_categories"]["categories"]]
    assert 1 == came["create_update_batch_category"]["created_count"]


def test_webhooks_and_messages(came: Mapping[str, Any]) -> None:
    """Kept, changed, read; a message has its id."""
    assert (1, "ours") == (came["get_webhook"]["id"], came["get_webhook"]["description"])
    assert ["ours"] == [one["description"] for one in came["get_webhooks"]["webhooks"]]
    assert came["send_transac_email"]["message_id"].startswith("<")


def test_refusals_are_brevos(came: Mapping[str, Any]) -> None:
    """Status and code, as the clients raise them."""
    assert REFUSED == {name: came[name] for name in REFUSED}


def test_calls_without_an_answer_are_done(came: Mapping[str, Any]) -> None:
    """Nothing comes, which is what is expected."""
    assert dict.fromkeys(NOTHING) == {name: came[name] for name in NOTHING}


def test_events(came: Mapping[str, Any]) -> None:
    """Of the client that can send them: one is taken, one with a bad name is refused."""
    if came["module"] == "sib_api_v3_sdk":
        assert "create_event" not in came
    else:
        assert came["create_event"] is None
        assert {"status": 400, "code": "invalid_parameter"} == came["create_bad_event"]
