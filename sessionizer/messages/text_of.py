"""How does HTML read as plain text? The text part of an e-mail, as a template again: its tags stay where they are.

    <a href="{{ item.url }}">{{ item.name }}</a>    {{ item.name }} ({{ item.url }})
    <li>…  - …        <h1>, <p>, <div>, <tr>: lines of their own        <img alt="…">: what it shows
    <td>: one behind the other, `|` between; a cell of a table that only places things is a line of its own

Head, styles, comments and what is not displayed (the preheader) are left out. Reads nothing, writes nothing.
"""

import re
from html import unescape

from sessionizer.messages.language.hide import Hidden, hidden, shown
from sessionizer.messages.markup import VOID, Tag, tags, without_comments

_DROPPED = frozenset("head style script title noscript template".split())
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol table blockquote".split())
_LINES = frozenset("div tr li section article header footer main address center dt dd pre".split()) | _PARAGRAPHS
_CELLS = frozenset({"td", "th"})
_INVISIBLE = re.compile(r"display\s*:\s*none|max-height\s*:\s*0(?![.\d])", re.IGNORECASE)
_BRACE = re.compile(r"\{(?=[{%#])")
_BLANKS = re.compile(r"[ \t\r\n\f\u00ad\u200b-\u200d\u2060\ufeff\u034f]+")
_SAID = re.compile(r"^(?:mailto|tel|sms):", re.IGNORECASE)
MAX_OPEN = 500  # elements inside of each other


def text_of(html: str) -> str:
    """The plain text of a template in HTML."""
    source = hidden(html)
    return shown(tidy(_Reader(source).read(without_comments(source.text))), source)


def tidy(text: str) -> str:
    """No blanks at the end of a line, no more than one empty line, none at the ends."""
    lines = [line.strip() for line in text.split("\n")]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip("\n")


class _Reader:
    """Writes what is read, and remembers what is owed: a line, an empty line, a `|`."""

    def __init__(self, source: Hidden) -> None:
        self._tags = source.tags
        self._at_first = re.compile(f" ?{source.mark.pattern}")
        self._out: list[str] = []
        self._owed = ""
        self._lines = 2  # line breaks that stand at the end of what was written
        self._open: list[tuple[str, bool]] = []  # (element, whether it is left out)
        self._links: list[tuple[str, int]] = []  # (address, where its text begins)
        self._places: list[bool] = []  # of each table around: whether it only places things

    def read(self, text: str) -> str:
        """What it says."""
        position = 0
        for tag in tags(text):
            self._data(unescape(text[position : tag.start]))
            if tag.opens:
                self._start(tag)
            if tag.closes:
                self._end(tag.name)
            position = tag.end
        self._data(unescape(text[position:]))
        return "".join(self._out)

    @property
    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _start(self, tag: Tag) -> None:
        said = tag.attributes()
        if tag.name not in VOID and len(self._open) < MAX_OPEN:
            drops = tag.name in _DROPPED or "hidden" in said or bool(_INVISIBLE.search(said.get("style", "")))
            self._open.append((tag.name, self._silent or drops))
        if not self._silent:
            self._opened(tag.name, said)

    def _opened(self, tag: str, said: dict[str, str]) -> None:
        if tag == "table":
            self._places.append(said.get("role", "").lower() in ("presentation", "none"))
        if tag == "br":
            self._write_line()
        elif tag == "hr":
            self._owe("\n")
            self._write("---")
            self._owe("\n")
        elif tag == "img":
            self._write(said.get("alt", ""))
        elif tag == "a":
            self._links.append((said.get("href", "").strip(), len(self._out)))
        self._separate(tag)
        if tag == "li":
            self._write("- ")

    def _separate(self, tag: str) -> None:
        if tag in _CELLS:
            self._owe("\n" if self._places and self._places[-1] else "|")
        elif tag in _LINES:
            self._owe("\n\n" if tag in _PARAGRAPHS else "\n")

    def _end(self, tag: str) -> None:
        """An element closes, and with it those inside that were left open."""
        names = [name for name, _ in self._open]
        if tag not in names:
            return
        silent = self._silent
        place = len(names) - 1 - names[::-1].index(tag)
        del self._open[place:]
        if silent:
            return
        if tag == "a" and self._links:
            self._close_link(*self._links.pop())
        if tag == "table" and self._places:
            self._places.pop()
        if tag in _LINES:
            self._separate(tag)

    def _close_link(self, address: str, begun: int) -> None:
        text = "".join(self._out[begun:]).strip(" \n|")
        if not address or address == "#" or _SAID.sub("", address) in (text, ""):
            return
        if text != address:
            self._write(f" ({address})" if text else address)

    def _data(self, data: str) -> None:
        """Text; blanks are one, and none where a line begins."""
        if self._silent:
            return
        text = self._after_tags(_BLANKS.sub(" ", _BRACE.sub("{% raw %}{{% endraw %}", data)))
        if text.strip() or not (self._owed or self._lines):
            self._write(text)

    def _after_tags(self, text: str) -> str:
        """What comes behind tags at its beginning: they write nothing, so that a line begins behind them as well."""
        while (found := self._at_first.match(text)) and self._tags[int(found[1])].kind == "tag":
            lines = max(self._lines, len(self._owed)) if self._owed != "|" else 0
            self._write(found[0].strip(" ") if self._owed or self._lines else found[0])
            self._lines, text = lines, text[found.end() :]
        return text

    def _owe(self, what: str) -> None:
        """The strongest of what is owed counts; lines that are there already are not owed."""
        if what != "|":
            what = what[self._lines :]
        if what == "|" and self._lines:
            return
        if (len(what), what == "\n") > (len(self._owed), self._owed == "\n"):
            self._owed = what

    def _write_line(self) -> None:
        self._write("\n")
        self._lines = max(self._lines, 1)

    def _write(self, text: str) -> None:
        if not text:
            return
        if self._owed or self._lines:
            text = text.lstrip(" ")
        self._out.append((" | " if self._owed == "|" else self._owed) + text)
        self._owed, self._lines = "", 0
