"""How many SMS is a text? At the edges of each encoding."""

import pytest

from sessionizer.messages.sms import Segments, segments_of


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (Segments("GSM", 0, 1, 160), ""),
        (Segments("GSM", 160, 1, 0), "à" * 160),
        (Segments("GSM", 161, 2, 145), "x" * 161),
        (Segments("GSM", 306, 2, 0), "x" * 306),
        (Segments("GSM", 307, 3, 152), "x" * 307),
        (Segments("GSM", 160, 1, 0), "€" * 80),
        (Segments("GSM", 162, 2, 143), "€" * 81),
        (Segments("UCS-2", 70, 1, 0, ("ç",)), "ç" * 70),
        (Segments("UCS-2", 71, 2, 63, ("ç",)), "x" * 70 + "ç"),
        (Segments("UCS-2", 2, 1, 68, ("😀",)), "😀"),
        (Segments("UCS-2", 5, 1, 65, ("’", "“")), "’“’xx"),
    ],
)
def test_a_text_has_so_many_segments(expected: Segments, text: str) -> None:
    """With what is left in the last, and what made it dear."""
    assert expected == segments_of(text)


def test_a_character_is_never_cut_in_two() -> None:
    """What counts twice and finds one place left opens the next segment."""
    assert Segments("GSM", 154 + 152, 3, 151) == segments_of("x" * 152 + "€" + "x" * 150 + "€")
