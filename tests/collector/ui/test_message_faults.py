"""Faults of a message in the console: each is a sentence in the language of whoever reads it."""

from string import Formatter

import pytest

from collector.ui.messages.faults.sentences import said, worded
from collector.ui.messages.faults.words import ITALIAN
from sessionizer.messages.fault import Fault
from sessionizer.messages.reasons import REASONS, Reason, because

VALUES = {"most": 12_345, "number": 3, "wanted": 1, "least": 1}


def filled(name: str) -> Reason:
    """The reason, with something for each place of its sentence."""
    places = [field for _, field, *_ in Formatter().parse(REASONS[name].says) if field]
    return because(name, **{place: VALUES.get(place, f"<{place}>") for place in places})


def test_no_reason_lacks_a_sentence() -> None:
    """And no sentence is left over."""
    assert REASONS.keys() == ITALIAN.keys()


@pytest.mark.parametrize("name", REASONS)
def test_each_reason_is_told_in_both_languages(name: str) -> None:
    """English as the API says it; Italian otherwise, with all that was given, and whole pairs of backticks."""
    reason = filled(name)
    english, italian = worded(reason, "en"), worded(reason, "it")
    assert str(reason) == english
    assert english != italian
    for _, value in reason.given:
        assert (f"{value:,}".replace(",", ".") if isinstance(value, int) else value) in italian
    assert [0, 0] == [text.count("`") % 2 for text in (english, italian)]


def test_a_fault_says_where_it_is() -> None:
    """By the field of the form, which is called as the form calls it; in a block by the block's name."""
    reason = because("no_text")
    faults = [Fault("subject", 1, reason), Fault("mjml", 2, reason), Fault("block:foot", 3, reason)]
    assert [("subject", "Oggetto", "", 1), ("body", "MJML", "", 2), ("", "BLOCK:FOOT", "foot", 3)] == [
        (one.field, one.part, one.block, one.line) for one in said(faults, "it")
    ]
