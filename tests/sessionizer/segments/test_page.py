"""Does docs/segments.md say the truth? Each of its examples is a question that can be kept, and reads as a sentence."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from sessionizer.segments.comparison import Op
from sessionizer.segments.condition import Condition
from sessionizer.segments.going import EVENT, KNOWN, TIME, Cause, Flip
from sessionizer.segments.kept.keeper import MOST, MOST_BYTES
from sessionizer.segments.membership import MANY
from sessionizer.segments.standing import REMEMBER_MS
from sessionizer.segments.wording.sentence import sentence
from tests.sessionizer.segments.asking import at, question

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "segments.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)]

ENTERED_EXAMPLE = json.loads(re.findall(r"^```jsonc\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[0])


@pytest.mark.parametrize("where", EXAMPLES)
def test_an_example_can_be_asked(where: Any) -> None:
    """Without a fault, in both languages."""
    asked = question(where)
    assert sentence(asked, "it").endswith(".")
    assert sentence(asked, "en").startswith("Everyone")


def test_every_condition_and_every_test_is_named() -> None:
    """Of those that there are."""
    types = {kind.__struct_config__.tag for kind in get_args(Condition)}
    named = set(re.findall(r"`([a-z_]+)`", PAGE)) | set(re.findall(r'"type": "([a-z]+)"', PAGE))
    assert set() == types - named
    operators = set(" ".join(re.findall(r"`([a-z_ \n]+)`", PAGE)).split())
    assert set() == set(get_args(Op)) - operators


def test_the_event_of_coming_in_is_as_it_is_shown() -> None:
    """Its kind, its time and what it carries; and so are the reasons, and what is remembered of a person."""
    shown, by = ENTERED_EXAMPLE, ENTERED_EXAMPLE["causes"][0]
    flip = Flip(shown["properties"]["segment_id"], True, at(shown["occurred_at"]), Cause(by, TIME))
    said = flip.derived(shown["properties"]["segment"], by)
    assert (shown["category"], shown["key"]) == said.kind
    assert (shown["properties"], at(shown["occurred_at"]), by) == (said.data, said.at, said.cause)
    assert set() == {EVENT, TIME, KNOWN} - set(re.findall(r"`([a-z]+)`", PAGE))
    assert f"{MOST} entries or {MOST_BYTES // 1024} KiB" in PAGE
    assert f"more than {MANY:,} events" in PAGE
    assert 8 * 86_400_000 == REMEMBER_MS
    assert "remembered for eight days" in PAGE
