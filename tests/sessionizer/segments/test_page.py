"""Does docs/segments.md say the truth? Each of its examples is a question that can be kept, and reads as a sentence."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from sessionizer.segments.comparison import Op
from sessionizer.segments.condition import Condition
from sessionizer.segments.wording.sentence import sentence
from tests.sessionizer.segments.asking import question

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "segments.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)]


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
