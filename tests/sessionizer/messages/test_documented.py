"""Is docs/messages.md true? Every filter and tag is in it, and each of its examples gives what stands beside it."""

import re
from pathlib import Path

import pytest

from sessionizer.messages.language.filters.table import FILTERS
from sessionizer.messages.language.parse import TAGS
from tests.sessionizer.messages.asking import said

PAGE = Path(__file__).resolve().parents[3].joinpath("docs/messages.md").read_text(encoding="utf-8")
ROWS = [
    tuple(cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
    for section in ("Filters", "Tags")
    for line in PAGE.split(f"## {section}\n")[1].split("\n## ")[0].splitlines()
    if line.startswith("| `")
]
EVENT = {"total": 99, "items": [{"name": "Boots", "price": 129}, {"name": "Socks", "price": 18.5}]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_an_example_gives_what_is_said(row: tuple[str, str, str]) -> None:
    """As a text part would have it."""
    examples = re.findall(r"`([^`]+)`", row[1]) if "`, `" in row[1] else [row[1].replace("`", "")]
    found = ", ".join(said(text, blocks={"footer": "© {{ year }}"}, event=EVENT) for text in examples)
    assert row[2] == found.replace("\N{NO-BREAK SPACE}", " ")


def test_every_filter_and_tag_is_documented() -> None:
    """In the first column of its table, and nothing else is."""
    names = [name for row in ROWS for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted([*FILTERS, *TAGS]) == sorted(names)
