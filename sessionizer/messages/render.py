"""What does one person get? A template and what is known of them → the message.

Pure: the same template, data and instant give the same bytes. Reads nothing, writes nothing.
"""

import re
from collections.abc import Mapping
from datetime import tzinfo
from html import escape
from typing import Any

from msgspec.structs import replace

from sessionizer.messages.fault import TooMuch
from sessionizer.messages.language.run import Run
from sessionizer.messages.message import Rendered
from sessionizer.messages.template import Program, Template
from sessionizer.messages.text_of import tidy

MAX_LINE = 998
"""Characters of what becomes a header. Source: RFC 5322 2.1.1."""

_BODY = re.compile(r"<body\b[^<>]*+>", re.IGNORECASE)
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;opacity:0"
_BLANKS = "&#847;&zwnj;&nbsp;" * 40
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def render(template: Template, data: Mapping[str, Any], *, now: int, zone: tzinfo) -> Rendered:
    """data: `contact`, `event`, `history` and the links, plain values only. now: ms UTC. zone: in which dates are said.

    What is missing is written as nothing. Raises TooMuch, with part and line, past the limits of `language/run.py`.
    """
    names = {**data, "params": data.get("event")}
    parts = {
        each.part.name: _part(each, Run(dict(names), each.part.mode, now=now, zone=zone)) for each in template.programs
    }
    rendered = Rendered(**parts)
    if not (rendered.preheader and rendered.html):
        return rendered
    return replace(rendered, html=with_preheader(rendered.html, rendered.preheader))


def with_preheader(html: str, preheader: str) -> str:
    """What an inbox shows behind the subject is the first text of the body: this one, which nobody sees there. Blanks
    keep the body's own words from being shown behind it."""
    found = _BODY.search(html)
    at = found.end() if found else 0
    return f'{html[:at]}<div style="{_HIDDEN}">{escape(preheader)}{_BLANKS}</div>{html[at:]}'


def _part(program: Program, run: Run) -> str:
    part = program.part
    try:
        program.write(run)
    except TooMuch as much:
        much.part = much.part or part.name
        raise
    text = _whole("".join(run.out))
    if part.is_line:
        return _BREAKS.sub(" ", text).strip()[:MAX_LINE]
    return tidy(text) if part.is_tidy else text


def _whole(text: str) -> str:
    """Without halves of letters (`\\ud800`), which could not be sent."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text
