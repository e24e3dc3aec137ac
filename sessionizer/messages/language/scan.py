"""Where are the tags in a template? Text, `{{ … }}` and `{% … %}` one after the other, comments left out.

    {{ x }}  output      {% x %}  tag      {# x #}, {% comment %}…{% endcomment %}  nothing
    {% raw %}…{% endraw %}, {% verbatim %}…  text as it stands      {{- x -}}  without the blanks around it

In one pass: the time grows with the length, whatever somebody wrote. Reads nothing, writes nothing.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from sessionizer.messages.reasons import Reason, because

MAX_EXPRESSION = 1_000  # characters between {{ and }}

_OPENING = re.compile(r"\{\{|\{%|\{#")
_CLOSING = {"{{": "}}", "{%": "%}"}
_TAG = re.compile(r"\s*(\w+)")
_VERBATIM = {"raw": "endraw", "verbatim": "endverbatim", "comment": "endcomment"}


class Piece(NamedTuple):
    """One stretch of a source. name: of a tag. text: what stands inside; of a tag, behind its name.

    start, end: where it stands in the source, its braces included. wrong: why it is no piece at all.
    """

    kind: Literal["text", "output", "tag", "nothing", "wrong"]
    text: str
    start: int
    end: int
    name: str = ""
    wrong: Reason | None = None


class Lines:
    """Which line is it? Knows where each line of a source begins."""

    def __init__(self, source: str) -> None:
        """source: of which lines are asked for in any order."""
        self._breaks = [match.start() for match in re.finditer("\n", source)]

    def at(self, position: int) -> int:
        """From 1."""
        return bisect_left(self._breaks, position) + 1


def pieces(source: str) -> Iterator[Piece]:
    """In order; what is wrong is a piece as well, and reading goes on behind it."""
    position = 0
    trims = False
    last = {opening: source.rfind(closing) for opening, closing in _CLOSING.items()}
    while position < len(source):
        found = _OPENING.search(source, position)
        start = found.start() if found else len(source)
        if start > position:
            yield _text(source, position, start, trims=trims)
        if found is None:
            return
        piece = _piece(source, start, last)
        yield piece
        trims = source.startswith("-", piece.end - 3) and piece.kind != "wrong"
        position = piece.end


def _text(source: str, start: int, end: int, *, trims: bool) -> Piece:
    """Without the blanks that a dash before or behind it eats."""
    text = source[start:end]
    if trims:
        text = text.lstrip()
    if source.startswith("-", end + 2) and source[end : end + 2] in ("{{", "{%"):
        text = text.rstrip()
    return Piece("text", text, start, end)


def _piece(source: str, start: int, last: Mapping[str, int]) -> Piece:
    """last: where the last tag of each opening is closed, so that what never is need not be looked for each time."""
    opening = source[start : start + 2]
    if opening == "{#":
        return _comment(source, start)
    closing = _CLOSING[opening]
    if last[opening] < start + 2:
        return _wrong(because("never_closed", tag=opening, end=closing), start, len(source))
    again = _OPENING.search(source, start + 2)
    end = source.find(closing, start + 2, again.start() if again else len(source))
    if again and end < 0:
        return _wrong(because("closed_late", tag=opening, end=closing), start, again.start())
    inner = source[start + 2 : end]
    if len(inner) > MAX_EXPRESSION:
        return _wrong(because("tag_long", most=MAX_EXPRESSION), start, end + 2)
    inner = inner.removeprefix("-").removesuffix("-")
    return Piece("output", inner.strip(), start, end + 2) if opening == "{{" else _tag(source, inner, start, end + 2)


def _comment(source: str, start: int) -> Piece:
    """On one line; else it is a text, as in a style: `@media print{#menu{display:none}}`."""
    end = source.find("#}", start + 2, start + MAX_EXPRESSION)
    if end < 0 or "\n" in source[start:end]:
        return Piece("text", "{#", start, start + 2)
    return Piece("nothing", "", start, end + 2)


def _tag(source: str, inner: str, start: int, end: int) -> Piece:
    found = _TAG.match(inner)
    if found is None:
        return _wrong(because("tag_nameless"), start, end)
    name, rest = found[1], inner[found.end() :].strip()
    if name in _VERBATIM:
        return _as_it_stands(source, name, start, end)
    return Piece("tag", rest, start, end, name)


def _as_it_stands(source: str, name: str, start: int, end: int) -> Piece:
    closing = re.compile(r"\{%-?\s*" + _VERBATIM[name] + r"\s*-?%\}").search(source, end)
    if closing is None:
        reason = because("never_closed", tag=f"{{% {name} %}}", end=f"{{% {_VERBATIM[name]} %}}")
        return _wrong(reason, start, len(source))
    text = source[end : closing.start()]
    return Piece("nothing" if name == "comment" else "text", text, start, closing.end())


def _wrong(reason: Reason, start: int, end: int) -> Piece:
    return Piece("wrong", "", start, end, wrong=reason)
