"""How do tags get through a program that reads HTML? Each is a mark while it works, and itself again afterwards.

A mark is a word of letters and digits, which neither HTML nor MJML gives a meaning. It is made from a hash of the
source, so that nobody can write one. Reads nothing, writes nothing.
"""

import re
from hashlib import sha256
from typing import NamedTuple

from sessionizer.messages.language.scan import Piece, pieces


class Hidden(NamedTuple):
    """text: with a mark for each tag. mark: finds one; its group is its number. tags, sources: by number."""

    text: str
    mark: re.Pattern[str]
    tags: tuple[Piece, ...]
    sources: tuple[str, ...]


def hidden(source: str) -> Hidden:
    """Comments are left out. Line breaks stay, so that a position in the text is on the same line."""
    word = f"q{sha256(source.encode(errors='replace')).hexdigest()[:12]}x"
    text: list[str] = []
    tags: list[Piece] = []
    for piece in pieces(source):
        lines = "\n" * source.count("\n", piece.start, piece.end)
        if piece.kind == "text" and not source.startswith("{%", piece.start):
            text.append(source[piece.start : piece.end])
        elif piece.kind == "nothing":
            text.append(lines)
        else:
            text.append(f"{word}{len(tags)}z{lines}")
            tags.append(piece)
    sources = tuple(source[tag.start : tag.end] for tag in tags)
    return Hidden("".join(text), re.compile(f"{word}([0-9]+)z"), tuple(tags), sources)


def shown(text: str, kept: Hidden) -> str:
    """With the tags for their marks."""
    return kept.mark.sub(lambda found: kept.sources[int(found[1])], text)
