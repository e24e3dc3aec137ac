"""What becomes of an event that does not fit the schema that was pinned to it, at the doors."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.ingest.bounds import written as written_path
from collector.store.ports.definitions.schemas import PinnedSchema
from collector.store.sqlite.definitions.schemas import SqliteSchemas
from tests.collector.ingest.sending import API_KEY, NOW, Deployment, deployed, event, refused, warned, written

SCHEMA = {
    "type": "object",
    "properties": {"price": {"type": "number", "minimum": 0}, "items": {"type": "array", "items": {"type": "object"}}},
    "required": ["price"],
}


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """One for this test alone: what is pinned holds for all."""
    with deployed(tmp_path) as ready:
        yield ready


def pin(deployment: Deployment, kind: str, misfit: str, schema: Any = SCHEMA) -> None:
    """Hold an event to a schema."""
    path = f"/api/catalogue/{kind}/schema"
    body = written({"schema": schema, "misfit": misfit})
    asked = deployment.request("PUT", path, body, content_type="application/json", api_key=API_KEY)
    assert 200 == deployment.run(asked).status_code


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({"price": "129"}, "properties.price"),
        ({"price": -1}, "properties.price"),
        ({}, "properties.price"),
        (None, "properties.price"),
        ({"price": 1, "items": [{}, "boots"]}, "properties.items[1]"),
    ],
)
@pytest.mark.parametrize("send", ["send", "send_as_server"])
def test_a_misfit_is_refused_with_its_path(deployment: Deployment, send: str, properties: Any, path: str) -> None:
    """At every door; events that fit, and events of other kinds, are taken beside it."""
    pin(deployment, "custom/wished", "reject")
    fields = {} if properties is None else {"properties": properties}
    answer = getattr(deployment, send)(
        event(key="wished", **fields), event(key="wished", properties={"price": 1}), event(key="asked", **fields)
    )
    assert [(0, "schema_misfit", f"events[0].{path}")] == refused(answer)
    assert 2 == answer["accepted"]
    assert answer["rejected"][0]["message"].endswith("(schema of custom/wished)")


def test_a_misfit_is_flagged_where_that_was_chosen(deployment: Deployment) -> None:
    """It is taken, whole; its sender is warned, and it is counted with a sample."""
    pin(deployment, "ecommerce/order_completed", "flag")
    answer = deployment.send(event(id="flagged", key="order_completed", properties={"price": "129"}))
    assert ([], 1) == (refused(answer), answer["accepted"])
    assert [(0, "schema_misfit", "events[0].properties.price")] == warned(answer)
    assert {"price": "129"} == deployment.logged("flagged")[0].properties
    counted = deployment.rejections()["schema_misfit", 1]
    assert 1 == counted["count"]
    message = "Taken all the same: it is string, not number (schema of ecommerce/order_completed)"
    assert message == counted["samples"][0]["message"]


def test_nothing_is_held_to_a_schema_that_was_unpinned(deployment: Deployment) -> None:
    """From the next request on."""
    pin(deployment, "custom/wished", "reject")
    answer = deployment.run(deployment.request("DELETE", "/api/catalogue/custom/wished/schema", api_key=API_KEY))
    assert 204 == answer.status_code
    assert [] == refused(deployment.send(event(key="wished")))


def test_what_another_process_pins_holds_soon(deployment: Deployment) -> None:
    """The table is read again when the store has changed, and only then."""
    pinned = deployment.built.services.pinned
    pinned.refresh()
    assert (False, {}) == (pinned.refresh(), pinned.by_kind)
    wished = PinnedSchema(category="custom", key="wished", schema=SCHEMA, misfit="flag", pinned_at=NOW)
    SqliteSchemas(deployment.settings.store_path).pin(wished)
    assert (True, {("custom", "wished"): wished}) == (pinned.refresh(), pinned.by_kind)


def test_the_way_to_a_value_is_fit_for_a_message() -> None:
    """A stranger's name is escaped and cut."""
    assert "properties.items[0].price" == written_path("properties", ("items", 0, "price"))
    assert "properties.\\x00\\xe0" == written_path("properties", ("\0à",))
    assert len(written_path("properties", ("x" * 999,))) < 80
