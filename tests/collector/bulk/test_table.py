"""An Arrow table in memory: the columns and types that it may have, and what is said when it may not."""

from datetime import UTC, datetime
from typing import Any

import pyarrow
import pytest

from collector.bulk.table import sessionize
from collector.bulk.unusable import Unusable

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOON_MS = 1_795_521_600_000


def started(**columns: Any) -> list[dict[str, Any]]:
    """What is found, without what is the same in all of these."""
    found = sessionize(pyarrow.table(columns)).to_pylist()
    return [{name: row[name] for name in ("contact_id", "started_at", "events")} for row in found]


@pytest.mark.parametrize(
    "instant",
    [
        pyarrow.array([NOON_MS]),
        pyarrow.array([NOON_MS], pyarrow.uint64()),
        pyarrow.array(["2026-11-24T13:00:00+01:00"]),
        pyarrow.array([str(NOON_MS)]),
        pyarrow.array([NOON.replace(tzinfo=None)], pyarrow.timestamp("ns")),
        pyarrow.array([NOON.replace(tzinfo=None)], pyarrow.timestamp("s")),
        *(pyarrow.array([NOON], pyarrow.timestamp(unit, "Europe/Rome")) for unit in ("s", "ms", "us", "ns")),
    ],
    ids=lambda array: f"{array.type}",
)
def test_an_instant_of_any_type(instant: Any) -> None:
    """Milliseconds, text, timestamps with and without a zone are the same instant."""
    assert [{"contact_id": 7, "started_at": NOON, "events": 1}] == started(contact_id=[7], occurred_at=instant)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"occurred_at": [0]}, "the table: has no column contact_id; rename one of its columns to it: occurred_at"),
        (
            {"contact_id": [7.0], "occurred_at": [0]},
            "the table: column contact_id is DOUBLE; write it as whole numbers",
        ),
        ({"contact_id": [7], "occurred_at": [0.5]}, "the table: column occurred_at is DOUBLE; write it as timestamps"),
        ({"contact_id": [7, 7], "occurred_at": ["0", "soon"]}, "the table: row 2, column occurred_at: 'soon' is not"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_table_that_cannot_be_used(columns: dict[str, Any], says: str) -> None:
    """It says which column, which row and what to do."""
    with pytest.raises(Unusable, match=f"^{says}"):
        sessionize(pyarrow.table(columns))


def test_rows_without_contact_or_time_are_left_out() -> None:
    """As they are of a file."""
    table = {"contact_id": ["7", None, " ", "8"], "occurred_at": [NOON_MS, 0, 0, None]}
    assert [{"contact_id": "7", "started_at": NOON, "events": 1}] == started(**table)


def test_a_page_may_be_an_object() -> None:
    """As the API writes it."""
    table = pyarrow.table(
        {"contact_id": [7], "occurred_at": [0], "page": [{"url": "https://shop.example/", "title": ""}]}
    )
    (row,) = sessionize(table).to_pylist()
    assert (1, "https://shop.example/", "https://shop.example/") == (row["pages"], row["entry_page"], row["exit_page"])
