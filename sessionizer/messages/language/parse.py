"""What does a template say? From its source to the tree of `tree.py`, with all that is wrong in it.

Reading goes on behind a fault, so that somebody who mends a message mends it once. Reads nothing, writes nothing.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from sessionizer.messages.language import tree
from sessionizer.messages.language.expression import Reader, Wrong
from sessionizer.messages.language.nearest import meant
from sessionizer.messages.language.scan import Lines, Piece, pieces
from sessionizer.messages.reasons import Reason, because

MAX_SOURCE = 512 * 1024  # characters
MAX_PIECES = 5_000
MAX_DEPTH = 20  # tags inside of tags

_CLOSES = {"if": "endif", "unless": "endunless", "case": "endcase", "for": "endfor", "capture": "endcapture",
           "with": "endwith"}  # fmt: skip
_MIDDLES = frozenset({"else", "elsif", "elif", "empty", "when"})
_SINGLE = frozenset({"assign", "include", "render", "break", "continue", "now"})
TAGS = frozenset(_CLOSES) | _SINGLE | {"comment", "raw", "verbatim"} | _MIDDLES
"""All that there are; `end…` closes."""

_ADDRESS = re.compile(r"""[\s"'](?:href|src|action|formaction|background|poster)\s*=\s*["']\s*\Z""", re.IGNORECASE)
_BARE = re.compile(r"<[a-zA-Z][^<>]*=\s*\Z")
_LOOKS_BACK = 2_000  # characters


Read = TypeVar("Read")


class Slip(NamedTuple):
    """One thing that is wrong. line: from 1."""

    line: int
    reason: Reason


class Parsed(NamedTuple):
    """body: what could be understood."""

    body: tree.Body
    slips: tuple[Slip, ...]


def parse(source: str, *, is_html: bool) -> Parsed:
    """is_html: values are escaped, so that they must stand where escaping helps."""
    if len(source) > MAX_SOURCE:
        return Parsed((), (Slip(1, because("source_long", most=MAX_SOURCE // 1024)),))
    parser = _Parser(source, is_html)
    body = parser.body_until(frozenset())
    return Parsed(body, tuple(sorted(parser.slips)))


class _Parser:
    """Walks over the pieces of one source, once."""

    def __init__(self, source: str, is_html: bool) -> None:
        self._source = source
        self._is_html = is_html
        self._lines = Lines(source)
        self._pieces = list(pieces(source))
        self._next = 0
        self._open: list[Piece] = []
        self.slips: list[Slip] = []
        if len(self._pieces) > MAX_PIECES:
            self._slip(self._pieces[-1], because("tags_many", most=MAX_PIECES))
            self._pieces = []

    def body_until(self, ends: frozenset[str]) -> tree.Body:
        """What comes before one of these tags, which is not gone over; or all that is left."""
        found: list[tree.Node] = []
        while (piece := self._peek()) is not None:
            if piece.kind == "tag" and (piece.name in ends or self._closes_another(piece)):
                break
            self._next += 1
            found.extend(self._nodes(piece))
        return tuple(found)

    def _peek(self) -> Piece | None:
        return self._pieces[self._next] if self._next < len(self._pieces) else None

    def _closes_another(self, piece: Piece) -> bool:
        """Whether it belongs to a tag further out, so that the one that is read here was left open."""
        return any(piece.name == _CLOSES[opened.name] for opened in self._open)

    def _nodes(self, piece: Piece) -> Iterable[tree.Node]:
        if piece.kind == "text":
            return (tree.Text(piece.text),) if piece.text else ()
        if piece.wrong:
            self._slip(piece, piece.wrong)
        elif piece.kind == "output":
            return self._tried(piece, self._output)
        elif piece.kind == "tag":
            return self._tag(piece)
        return ()

    def _tag(self, piece: Piece) -> Iterable[tree.Node]:
        build = getattr(self, f"_{piece.name}_tag", None) if piece.name in TAGS else None
        if build is None:
            self._unknown(piece)
            return ()
        if piece.name in _CLOSES:
            return self._block(piece, build)
        return self._tried(piece, build)

    def _block(self, piece: Piece, build: Callable[[Piece], tree.Node]) -> Iterable[tree.Node]:
        if len(self._open) >= MAX_DEPTH:
            self._slip(piece, because("tags_deep", most=MAX_DEPTH))
            self._next = len(self._pieces)
            return ()
        self._open.append(piece)
        found = self._tried(piece, build)
        self._open.pop()
        self._close(piece)
        return found

    def _close(self, opened: Piece) -> None:
        closing, piece = _CLOSES[opened.name], self._peek()
        if piece is not None and piece.name == closing:
            self._next += 1
        else:
            self._slip(opened, because("tag_open", tag=_tag(opened.name), end=_tag(closing)))

    def _tried(self, piece: Piece, build: Callable[[Piece], tree.Node]) -> Iterable[tree.Node]:
        try:
            return (build(piece),)
        except Wrong as wrong:
            self._slip(piece, wrong.reason)
            return ()

    def _unknown(self, piece: Piece) -> None:
        if piece.name in _CLOSES.values() or piece.name in _MIDDLES:
            return self._slip(piece, because("tag_astray", tag=_tag(piece.name)))
        near = meant(piece.name, TAGS | frozenset(_CLOSES.values()))
        if near:
            return self._slip(piece, because("tag_near", name=piece.name, near=near))
        return self._slip(piece, because("tag_unknown", name=piece.name, all=", ".join(sorted(TAGS))))

    def _slip(self, piece: Piece, reason: Reason) -> None:
        self.slips.append(Slip(self._line(piece), reason))

    def _line(self, piece: Piece) -> int:
        return self._lines.at(piece.start)

    def _reader(self, piece: Piece) -> Reader:
        return Reader(piece.text, self._line(piece))

    def _output(self, piece: Piece) -> tree.Node:
        reader = self._reader(piece)
        value = reader.value()
        reader.end()
        return tree.Output(value, reader.line, self._is_html and self._begins_address(piece))

    def _begins_address(self, piece: Piece) -> bool:
        """Whether it stands first in a `href` or `src`. Raises Wrong where no quotes hold the value together."""
        before = self._source[max(0, piece.start - _LOOKS_BACK) : piece.start]
        if _BARE.search(before[before.rfind("<") :] if "<" in before else ""):
            raise Wrong(because("unquoted"))
        return _ADDRESS.search(before[-64:]) is not None

    # One method a tag: what stands inside of it, and what it holds ----------------------------------------------------

    def _if_tag(self, piece: Piece) -> tree.Node:
        return tree.If(tuple(self._branches(piece, lambda when: when)))

    def _unless_tag(self, piece: Piece) -> tree.Node:
        first, *others = self._branches(piece, lambda when: when)
        return tree.If((tree.Branch(tree.Negated(first.when or tree.Constant(None)), first.body), *others))

    def _branches(self, piece: Piece, asked: Callable[[tree.Expression], tree.Expression]) -> list[tree.Branch]:
        """if … elif … else …; a condition that is wrong still has its body read."""
        branches = [tree.Branch(self._condition(piece), self.body_until(_IF_ENDS))]
        while (middle := self._peek()) is not None and middle.name in ("elsif", "elif"):
            self._next += 1
            branches.append(tree.Branch(self._condition(middle), self.body_until(_IF_ENDS)))
        return branches + self._else()

    def _condition(self, piece: Piece) -> tree.Expression:
        return self._read(piece, Reader.condition, _NOTHING)

    def _read(self, piece: Piece, read: Callable[[Reader], Read], instead: Read) -> Read:
        """What stands in a tag that holds others: when it is wrong, what it holds is read all the same."""
        try:
            reader = self._reader(piece)
            found = read(reader)
            reader.end()
        except Wrong as wrong:
            self._slip(piece, wrong.reason)
            return instead
        return found

    def _else(self) -> list[tree.Branch]:
        middle = self._peek()
        if middle is None or middle.name != "else":
            return []
        self._next += 1
        return [tree.Branch(None, self.body_until(_LAST))]

    def _case_tag(self, piece: Piece) -> tree.Node:
        """Each `when` compares; several values stand with `or` or commas between."""
        asked = self._read(piece, Reader.value, _NOTHING)
        self.body_until(_CASE_ENDS)
        branches = []
        while (middle := self._peek()) is not None and middle.name == "when":
            self._next += 1
            branches.append(tree.Branch(self._is_one_of(middle, asked), self.body_until(_CASE_ENDS)))
        return tree.If((*branches, *self._else()))

    def _is_one_of(self, piece: Piece, asked: tree.Expression) -> tree.Expression:
        def read(reader: Reader) -> tree.Expression:
            found: tree.Expression = tree.Compared("==", asked, reader.value())
            while reader.took(",", "or"):
                found = tree.Compared("or", found, tree.Compared("==", asked, reader.value()))
            return found

        return self._read(piece, read, _NOTHING)

    def _for_tag(self, piece: Piece) -> tree.Node:
        each = self._read(piece, Reader.each, _NONE)
        body = self.body_until(_FOR_ENDS)
        return tree.For(each, body, self._otherwise(), self._line(piece))

    def _otherwise(self) -> tree.Body:
        middle = self._peek()
        if middle is None or middle.name not in ("else", "empty"):
            return ()
        self._next += 1
        return self.body_until(_LAST)

    def _capture_tag(self, piece: Piece) -> tree.Node:
        return tree.Capture(self._read(piece, Reader.name, ""), self.body_until(_LAST), self._line(piece))

    def _with_tag(self, piece: Piece) -> tree.Node:
        names = self._read(piece, Reader.names, _UNNAMED)
        return tree.With(names, self.body_until(_LAST), self._line(piece))

    def _assign_tag(self, piece: Piece) -> tree.Node:
        reader = self._reader(piece)
        name = reader.name()
        if not reader.took("="):
            raise Wrong(because("assign_sign"))
        value = reader.value()
        reader.end()
        return tree.Assign(name, value, reader.line)

    def _include_tag(self, piece: Piece) -> tree.Node:
        reader = self._reader(piece)
        if reader.next_is != "string":
            raise Wrong(because("include_quotes"))
        name = reader.word()
        reader.took(",")
        reader.took("with")
        return tree.Include(name, reader.names(), reader.line)

    _render_tag = _include_tag

    def _break_tag(self, piece: Piece) -> tree.Node:
        if not any(opened.name == "for" for opened in self._open):
            raise Wrong(because("tag_outside", tag=_tag(piece.name)))
        return tree.Leave("continue" if piece.name == "continue" else "break", self._line(piece))

    _continue_tag = _break_tag

    def _now_tag(self, piece: Piece) -> tree.Node:
        """The same as `{{ "now"|date:"…" }}`."""
        form = (self._read(piece, Reader.value, _NOTHING),) if piece.text else ()
        line = self._line(piece)
        return tree.Output(tree.Filtered(tree.Constant("now"), (tree.Call("date", form, line),)), line)


def _tag(name: str) -> str:
    return f"{{% {name} %}}"


_NOTHING: tree.Expression = tree.Constant(None)
_UNNAMED: tree.Named = ()
_NONE = tree.Each("", tree.Constant(None))
_LAST: frozenset[str] = frozenset()
_IF_ENDS = frozenset({"elsif", "elif", "else"})
_CASE_ENDS = frozenset({"when", "else"})
_FOR_ENDS = frozenset({"else", "empty"})
