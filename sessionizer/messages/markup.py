"""Which elements are in a text of HTML or MJML? Tags and texts one after the other, in one pass.

The time grows with the length, whatever somebody wrote: a tag ends before the next `<`, and what was read once is
not read again (`*+`). Reads nothing, writes nothing.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""Elements that hold nothing."""

_TAG = re.compile(r"""<(/?)([a-zA-Z][\w:-]*+)((?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>|<[!?][^<>]*>""")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+)))?""")


class Tag(NamedTuple):
    """opens: false of `</p>`. closes: also of `<br/>`, which opens and closes; a doctype has no name and does neither.

    start, end: where it stands.
    """

    name: str
    opens: bool
    closes: bool
    inside: str
    start: int
    end: int

    def attributes(self) -> dict[str, str]:
        """By name in small letters; "" without a value."""
        found = _ATTRIBUTE.findall(self.inside)
        return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}


def tags(text: str) -> Iterator[Tag]:
    """In order. Comments are to be taken out before."""
    for found in _TAG.finditer(text):
        name, inside = found[2] or "", found[3] or ""
        closes = bool(found[1]) or inside.endswith("/")
        yield Tag(name.lower(), bool(name) and not found[1], closes, inside, found.start(), found.end())


def without_comments(text: str) -> str:
    """Without `<!-- … -->`, also one that is never closed; the line breaks in them stay."""
    out: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        out.append(text[position:start])
        end = text.find("-->", start)
        position = len(text) if end < 0 else end + 3
        out.append("\n" * text.count("\n", start, position))
    return "".join(out) + text[position:]
