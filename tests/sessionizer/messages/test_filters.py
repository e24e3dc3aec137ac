"""Can a filter fail for what it is given? A message that was saved is sent, whatever comes."""

from itertools import product
from typing import Any

import pytest

from sessionizer.messages.fault import TooMuch
from sessionizer.messages.language.filters.table import FILTERS, Filter
from sessionizer.messages.language.run import Mode, Run
from sessionizer.messages.language.value import Turn, written
from tests.sessionizer.messages.asking import NOW, ROME

ODD: tuple[Any, ...] = (
    None, "", "x", "1.5", "-3", "9" * 80, "2026-13-45", -1, 0, 7, 2**62, -(2**63), 2**70, 0.1, -1e308, 1e308,
    float("inf"), float("nan"), True, [], [1, "a", None, {}, [2]], ["b", "a"], {}, {"name": "n", "price": "3"},
    "a\nb<i>&amp;", "%Q%-", "\\", Turn(3, None), "0:99999999999", "\ud800", 3j,
)  # fmt: skip


@pytest.mark.parametrize(("name", "row"), FILTERS.items(), ids=FILTERS.keys())
def test_a_filter_never_fails(name: str, row: Filter) -> None:
    """For any value and arguments, in each mode: there is something to write, or it is too much."""
    modes: tuple[Mode, ...] = ("html", "text", "json")
    for count in range(row.least, row.most + 1):
        for value, *arguments in product(ODD, *[ODD if count == 1 else ODD[::3]] * count):
            for mode in modes:
                run = Run({}, mode, now=NOW, zone=ROME)
                try:
                    assert isinstance(written(run, row.apply(run, value, *arguments)), str)
                except TooMuch:
                    continue
