"""Each of the 90 system events, from `POST /api/events` or `POST /e` to the timeline of the person whose it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sessionizer.catalogue import SYSTEM, Row
from sessionizer.event import Kind
from tests.collector.ingest.sending import NONCE, SITE, event
from tests.collector.work.test_derived import ANNA, CASES, DAY, Given
from tests.fixtures.shop import Shop, minute, opened

TOLD = [row for row in SYSTEM if row.arises != "derived"]
DERIVED = [row for row in SYSTEM if row.arises == "derived"]
SUBSCRIBED: list[Given] = [(0, "loyalty/subscription_created", {"subscription_id": "s", "program_id": "p"})]
VISIT = "push/push_session_started"

INPUTS: dict[str, tuple[list[Given], float]] = {
    **{kind: (given, until) for kind, (given, until, _, _) in CASES.items()},
    "loyalty/subscription_month_anniversary": (SUBSCRIBED, 32 * DAY),
    "loyalty/subscription_year_anniversary": (SUBSCRIBED, 366 * DAY),
}
"""What a server says → until which minute the worker goes round; a visit is no server's to tell."""


class Seen(NamedTuple):
    """An event on a timeline."""

    kind: Kind
    properties: dict[str, Any]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment on an empty folder."""
    with opened(tmp_path) as ready:
        yield ready


def timeline(shop: Shop) -> list[Seen]:
    """All that stands on Anna's timeline, the newest first."""
    (contact,) = shop.get(f"/api/contacts?email_id={ANNA['email_id']}").json()["contacts"]
    events, cursor = [], ""
    while cursor is not None:
        answer = shop.get(f"/api/contacts/{contact['id']}/timeline?limit=500&cursor={cursor}").json()
        events += [Seen((one["category"], one["key"]), one["properties"]) for one in answer["events"]]
        cursor = answer["next"]
    return events


def test_there_are_ninety() -> None:
    """Those that somebody tells and those that follow are all; for each that follows there is a way to make it."""
    assert (80, 10) == (len(TOLD), len(DERIVED))
    assert {f"{row.category}/{row.key}" for row in DERIVED} == INPUTS.keys() | {VISIT}


def test_each_event_that_is_told_stands_on_the_timeline(shop: Shop) -> None:
    """Given ones and receipts, as the catalogue shows them: taken whole, with every property."""
    shop.serve(
        0, *(event(category=row.category, key=row.key, properties=example(row), identifiers=ANNA) for row in TOLD)
    )
    found = timeline(shop)
    assert [] == [row for row in TOLD if Seen((row.category, row.key), example(row)) not in found]


@pytest.mark.parametrize("row", DERIVED, ids=lambda row: f"{row.category}/{row.key}")
def test_each_event_that_follows_stands_on_the_timeline(shop: Shop, row: Row) -> None:
    """Nobody sends it: its inputs do, and time. It carries nothing of which the catalogue does not know."""
    if f"{row.category}/{row.key}" == VISIT:
        visit(shop)
    else:
        tell(shop, row)
    found = [seen for seen in timeline(shop) if seen.kind == (row.category, row.key)]
    assert found
    for seen in found:
        assert seen.properties
        assert set() == seen.properties.keys() - row.properties.keys()


def visit(shop: Shop) -> None:
    """Anna opens a page, and says who she is."""
    page = {"url": f"{SITE}/?utm_source=newsletter", "title": "Home"}
    shop.browse(0, NONCE, event(key="page_visited", page=page))
    shop.browse(1, NONCE, event(category="contact", key="identified", identifiers=ANNA))


def tell(shop: Shop, row: Row) -> None:
    """A server says the inputs of her event, and time passes."""
    given, until = INPUTS[f"{row.category}/{row.key}"]
    for at, kind, properties in given:
        category, key = kind.split("/")
        shop.serve(
            at, event(category=category, key=key, properties=properties, identifiers=ANNA, occurred_at=minute(at))
        )
    shop.work(until)


def example(row: Row) -> dict[str, Any]:
    """What the catalogue shows of it."""
    return {name: schema["examples"][0] for name, schema in row.properties.items()}
