"""Are the fifty segments of the load test questions that a team could keep, and as many of each sort as it says?

Reads `e2e/load/segments50.json`, which `e2e/load/segments.py` asks of ten million events.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from sessionizer.segments import condition as asks
from sessionizer.segments.check import faults
from sessionizer.segments.condition import leaves, parse
from sessionizer.segments.evaluate import kinds_of

FILE = Path(__file__).parent.parent / "e2e" / "load" / "segments50.json"
VISIT = ("website", "page_visited")

WRITTEN = msgspec.json.decode(FILE.read_bytes())
FIFTY = {one["name"]: parse({"where": one["where"]}) for one in WRITTEN}


def sort_of(where: asks.Condition) -> str:
    """What it is about first of all: a sequence, a sum, an event, or what is known of the contact."""
    sorts = ((asks.InOrder, "sequence"), (asks.Aggregate, "aggregate"))
    found: list[Any] = list(leaves(where))
    special = [name for type_, name in sorts if any(isinstance(leaf, type_) for leaf in found)]
    return special[0] if special else "event" if any(map(kinds_of, found)) else "known"


def test_each_could_be_kept() -> None:
    """Nothing is wrong with any, and their names differ."""
    assert 50 == len(WRITTEN) == len(FIFTY)
    assert {} == {name: wrong for name, one in FIFTY.items() if (wrong := faults(one))}


def test_there_are_as_many_of_each_sort_as_was_asked() -> None:
    """Twenty of what is known, twenty of events, five sums, five sequences."""
    expected = {"known": 20, "event": 20, "aggregate": 5, "sequence": 5}
    assert expected == Counter(sort_of(one.where) for one in FIFTY.values())


def test_five_are_about_page_views() -> None:
    """And all of these are about events."""
    visits = [one for one in FIFTY.values() if any(VISIT in kinds_of(leaf) for leaf in leaves(one.where))]
    assert ["event"] * 5 == [sort_of(one.where) for one in visits]
