"""How many SMS is a text? Its encoding, its segments, and which characters make it dear.

    GSM 03.38    160 in one segment, 153 in each of several; ^{}\\[~]|€ and form feed count twice
    UCS-2        70 in one, 67 in each of several; what is beyond U+FFFF (most emoji) counts twice

A character that counts twice is never cut in two: it opens the next segment. Reads nothing, writes nothing.
Source: 3GPP TS 23.038 6.2.1, TS 23.040 9.2.3.24.1.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_ONE, _EACH = {"GSM": 160, "UCS-2": 70}, {"GSM": 153, "UCS-2": 67}


class Segments(msgspec.Struct, frozen=True):
    """characters: as they count. left: how many more the last segment takes. culprits: what forces UCS-2, each once."""

    encoding: Literal["GSM", "UCS-2"]
    characters: int
    segments: int
    left: int
    culprits: tuple[str, ...] = ()


def segments_of(text: str) -> Segments:
    """What is sent of a text; an empty one is one segment too."""
    culprits = tuple(dict.fromkeys(letter for letter in text if letter not in _BASIC and letter not in _EXTENSION))
    encoding: Literal["GSM", "UCS-2"] = "UCS-2" if culprits else "GSM"
    widths = [2 if (ord(letter) > 0xFFFF if culprits else letter in _EXTENSION) else 1 for letter in text]
    characters = sum(widths)
    if characters <= _ONE[encoding]:
        return Segments(encoding, characters, 1, _ONE[encoding] - characters, culprits)
    segments, left = _filled(widths, _EACH[encoding])
    return Segments(encoding, characters, segments, left, culprits)


def _filled(widths: Iterable[int], room: int) -> tuple[int, int]:
    """(how many segments, how much is left in the last)."""
    segments, left = 1, room
    for width in widths:
        if width > left:
            segments, left = segments + 1, room
        left -= width
    return segments, left
