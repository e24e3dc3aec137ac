"""How does MJML become HTML? When a message is saved, once; its tags go through as they are.

Tags between elements (a loop around a section) are wrapped in `mj-raw`, so that people need not know of it. Outlook's
tables stay whole, for a wrapped tag stands outside of them. The only module that knows `mjml`.
Reads nothing, writes nothing.
"""

import re
from collections.abc import Iterator
from itertools import islice

from mjml import mjml2html

from sessionizer.messages.fault import Fault
from sessionizer.messages.language.hide import Hidden, hidden, shown
from sessionizer.messages.language.nearest import meant
from sessionizer.messages.language.scan import Lines
from sessionizer.messages.markup import VOID, Tag, tags, without_comments
from sessionizer.messages.reasons import Reason, because

PART = "mjml"
MAX_OPEN = 100  # elements inside of each other
MAX_FAULTS = 100
_STRUCTURE = frozenset(
    "mjml mj-body mj-wrapper mj-section mj-group mj-column mj-hero mj-navbar mj-social mj-accordion "
    "mj-accordion-element mj-carousel".split()
)
"""Elements that hold elements only; a tag right inside of one is between elements."""
_CONTENT = frozenset(
    "mj-text mj-button mj-table mj-raw mj-style mj-title mj-preview mj-social-element mj-navbar-link "
    "mj-accordion-title mj-accordion-text".split()
)
"""Elements that hold HTML."""
_OTHERS = frozenset(
    "mj-head mj-attributes mj-all mj-class mj-font mj-breakpoint mj-html-attributes mj-selector mj-html-attribute "
    "mj-image mj-spacer mj-divider mj-carousel-image".split()
)
ELEMENTS = _STRUCTURE | _CONTENT | _OTHERS
_SPECIAL = re.compile(r"[^\x20-\x7e]|\\")


class NotMjml(ValueError):
    """It cannot become HTML."""

    def __init__(self, reason: Reason) -> None:
        """reason: why not."""
        super().__init__(str(reason))
        self.reason = reason


def faults_of(source: str, part: str = PART) -> list[Fault]:
    """What is wrong with the elements. part: a message's own source has to be whole, a block's begins anywhere."""
    text = without_comments(hidden(source).text)
    found = list(islice(_Elements(text, part).faults(), MAX_FAULTS))
    if not found and part == PART and not any(tag.name == "mjml" for tag in tags(text)):
        found = [Fault(part, 1, because("mjml_root"))]
    return found


def html_of(source: str) -> str:
    """The HTML, a template again. Raises NotMjml."""
    wrong = faults_of(source)  # once more: blocks may have been put in, and what is wrong must not reach the library
    if wrong:
        raise NotMjml(wrong[0].reason)
    kept = hidden(source)
    try:
        html = mjml2html(_wrapped(kept), fonts={})
    except ValueError as error:
        raise NotMjml(because("mjml_refused", error=str(error))) from None
    return shown(html, kept)


def _wrapped(kept: Hidden) -> str:
    """With `mj-raw` around marks that stand between elements."""
    text = without_comments(kept.text)
    out: list[str] = []
    position, open_ = 0, [""]
    for tag in tags(text):
        between = text[position : tag.start]
        out.append(kept.mark.sub(r"<mj-raw>\g<0></mj-raw>", between) if open_[-1] in _STRUCTURE else between)
        out.append(_SPECIAL.sub(_entity, text[tag.start : tag.end]))
        _step(open_, tag)
        position = tag.end
    return "".join(out) + text[position:]


def _entity(found: re.Match[str]) -> str:
    """In attributes the library writes such characters as `\\u{fe0f}` and `\\n`."""
    return " " if found[0].isspace() and found[0] < "\x7f" else f"&#{ord(found[0])};"


def _step(open_: list[str], tag: Tag) -> None:
    """Opens or closes; inside of content only that content's own end counts."""
    if tag.opens and tag.closes:
        return
    if open_[-1] in _CONTENT or tag.closes:
        if tag.closes and tag.name == open_[-1]:
            open_.pop()
    elif tag.name not in VOID:
        open_.append(tag.name)


class _Elements:
    """Walks over the elements of one source, for what is wrong with them."""

    def __init__(self, text: str, part: str) -> None:
        self._text = text
        self._part = part
        self._lines = Lines(text)
        self._open: list[tuple[str, int]] = []

    def faults(self) -> Iterator[Fault]:
        """In order of line; what was left open comes last."""
        position, depth = 0, 0
        for tag in tags(self._text):
            yield from self._stray(position, tag.start)
            position, depth = tag.end, depth + (tag.opens - tag.closes if tag.name not in VOID else 0)
            if depth > MAX_OPEN:
                yield self._fault(tag.start, because("elements_deep", most=MAX_OPEN))
                return
            yield from self._at(tag) if tag.name else ()
        yield from self._stray(position, len(self._text))
        for name, position in self._open:
            yield self._fault(position, because("element_open", name=name))

    def _stray(self, start: int, end: int) -> Iterator[Fault]:
        """What is no element must not look like one: the library behind this ends the process when it nests deeply."""
        found = self._text.find("<", start, end)
        if found >= 0:
            yield self._fault(found, because("sign_stray"))

    def _at(self, tag: Tag) -> Iterator[Fault]:
        parent = self._open[-1][0] if self._open else ""
        if parent in _CONTENT and (tag.opens or tag.name != parent):
            return
        if not tag.opens:
            yield from self._closed(tag.name, tag.start)
            return
        if tag.name == "mj-include":
            yield self._fault(tag.start, because("element_reads"))
        elif tag.name not in ELEMENTS:
            yield self._fault(tag.start, self._unknown(tag.name, parent))
        if not tag.closes:
            self._open.append((tag.name, tag.start))

    def _closed(self, name: str, position: int) -> Iterator[Fault]:
        if name not in [opened for opened, _ in self._open[-MAX_OPEN:]]:
            yield self._fault(position, because("element_unopened", name=name))
            return
        while self._open[-1][0] != name:
            left, begun = self._open.pop()
            yield self._fault(begun, because("element_open", name=left))
        self._open.pop()

    def _unknown(self, name: str, parent: str) -> Reason:
        near = meant(name, ELEMENTS) if name.startswith("mj") else None
        if near:
            return because("element_near", name=name, near=near)
        return because("element_misplaced", name=name, parent=parent) if parent else because("element_alone", name=name)

    def _fault(self, position: int, reason: Reason) -> Fault:
        return Fault(self._part, self._lines.at(position), reason)
