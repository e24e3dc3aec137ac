"""How do tags get through a program that reads HTML? Each is a mark while it works, and itself again afterwards.

A mark is one letter of Unicode's private use between two others, which neither HTML nor MJML gives a meaning.
Reads nothing, writes nothing.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from sessionizer.messages.language.scan import Piece, pieces

_FIRST, _LAST = "\ue000", "\ue001"
MARK = re.compile(f"{_FIRST}([0-9]+){_LAST}")
_OURS = re.compile(f"[{_FIRST}{_LAST}]")


class Hidden(NamedTuple):
    """text: with a mark for each tag. tags: what the marks stand for, by number."""

    text: str
    tags: tuple[Piece, ...]
    sources: tuple[str, ...]


def hidden(source: str) -> Hidden:
    """Comments are left out."""
    source = _OURS.sub(" ", source)
    text: list[str] = []
    tags: list[Piece] = []
    for piece in pieces(source):
        if piece.kind == "text" and piece.text == source[piece.start : piece.end]:
            text.append(piece.text)
        elif piece.kind == "text" and source[piece.start] != "{":
            text.append(source[piece.start : piece.end])
        elif piece.kind == "nothing":
            text.append("\n" * source.count("\n", piece.start, piece.end))
        else:
            text.append(f"{_FIRST}{len(tags)}{_LAST}" + "\n" * source.count("\n", piece.start, piece.end))
            tags.append(piece)
    return Hidden("".join(text), tuple(tags), tuple(source[tag.start : tag.end] for tag in tags))


def shown(text: str, hidden: Hidden, asked: Callable[[int, str], str] = lambda _, source: source) -> str:
    """With the tags for their marks. asked: what stands for a mark, of its number and its tag's source."""
    return MARK.sub(lambda found: asked(int(found[1]), hidden.sources[int(found[1])]), text)
