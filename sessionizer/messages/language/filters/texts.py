"""What can be done with a text? Filters that take one and give one.

Each says beforehand how long its result will be (`run.room`), so that nothing large is ever made. Reads nothing, writes
nothing. Source: Django's and Liquid's documentation of their filters; facts/brevo.md 7.
"""

import re
from html import escape as html_escaped
from typing import Any
from urllib.parse import quote

from sessionizer.messages.language.run import Run, Safe
from sessionizer.messages.language.value import equal, json_of, number_of, text_of

_TAG = re.compile(r"<[^<>]*>")
_LINE = re.compile(r"\r\n|\r|\n")
_ENTITY = re.compile(r"&amp;(#?\w{1,30};)")
_AFTER_APOSTROPHE = re.compile(r"(?<=[a-z])['’]([A-Z])")


def taken(run: Run, value: Any) -> str:
    """The value as a text, paid for."""
    text = text_of(run, value)
    run.room(len(text))
    return text


def _whole(value: Any, otherwise: int) -> int:
    number = number_of(value)
    return otherwise if number is None or abs(number) > 1e9 else int(number)


def capfirst(run: Run, value: Any) -> str:
    """The first letter large, the others as they are."""
    text = taken(run, value)
    return text[:1].upper() + text[1:]


def capitalize(run: Run, value: Any) -> str:
    """The first letter large, the others small."""
    return taken(run, value).capitalize()


def title(run: Run, value: Any) -> str:
    """Each word with a large letter; `they're` is one word."""
    return _AFTER_APOSTROPHE.sub(lambda found: found[0].lower(), taken(run, value).title())


def upper(run: Run, value: Any) -> str:
    """In large letters."""
    return taken(run, value).upper()


def lower(run: Run, value: Any) -> str:
    """In small letters."""
    return taken(run, value).lower()


def strip(run: Run, value: Any) -> str:
    """Without blanks around it."""
    return taken(run, value).strip()


def lstrip(run: Run, value: Any) -> str:
    """Without blanks before it."""
    return taken(run, value).lstrip()


def rstrip(run: Run, value: Any) -> str:
    """Without blanks behind it."""
    return taken(run, value).rstrip()


def append(run: Run, value: Any, more: Any) -> str:
    """With a text behind it."""
    return _glued(run, taken(run, value), taken(run, more))


def prepend(run: Run, value: Any, more: Any) -> str:
    """With a text before it."""
    return _glued(run, taken(run, more), taken(run, value))


def _glued(run: Run, first: str, second: str) -> str:
    run.room(len(first) + len(second))
    return first + second


def replace(run: Run, value: Any, old: Any, new: Any = "") -> str:
    """A text in it by another, everywhere."""
    return _replaced(run, value, (old, new), -1)


def replace_first(run: Run, value: Any, old: Any, new: Any = "") -> str:
    """A text in it by another, where it comes first."""
    return _replaced(run, value, (old, new), 1)


def remove(run: Run, value: Any, old: Any) -> str:
    """Without a text, everywhere."""
    return _replaced(run, value, (old, ""), -1)


def remove_first(run: Run, value: Any, old: Any) -> str:
    """Without a text where it comes first."""
    return _replaced(run, value, (old, ""), 1)


def _replaced(run: Run, value: Any, pair: tuple[Any, Any], most: int) -> str:
    text, old, new = taken(run, value), taken(run, pair[0]), taken(run, pair[1])
    if not old:
        return text
    times = text.count(old) if most < 0 else 1
    run.room(len(text) + times * max(0, len(new) - len(old)))
    return text.replace(old, new, most)


def truncatechars(run: Run, value: Any, length: Any) -> str:
    """At most so many characters, the ellipsis counted."""
    return _cut(taken(run, value), _whole(length, 0), "…")


def truncate(run: Run, value: Any, length: Any = 50, ellipsis: Any = "...") -> str:
    """At most so many characters, with three dots or what is given, which counts."""
    return _cut(taken(run, value), _whole(length, 50), taken(run, ellipsis))


def _cut(text: str, length: int, ellipsis: str) -> str:
    if len(text) <= length:
        return text
    return text[: max(0, length - len(ellipsis))] + ellipsis


def truncatewords(run: Run, value: Any, number: Any = 15, ellipsis: Any = " …") -> str:
    """At most so many words."""
    text, number = taken(run, value), max(0, _whole(number, 15))
    words = text.split()
    return text if len(words) <= number else " ".join(words[:number]) + taken(run, ellipsis)


def newline_to_br(run: Run, value: Any) -> str:
    """Its lines stay lines in HTML; elsewhere they are lines already."""
    text = taken(run, value)
    run.pay(len(text) // 16)
    if run.mode != "html":
        return text
    lines = _LINE.split(text)
    return Safe("<br>\n".join(line if isinstance(text, Safe) else html_escaped(line) for line in lines))


def escape(run: Run, value: Any) -> str:
    """Escaped for HTML, which is done anyway; elsewhere there is nothing to escape."""
    text = taken(run, value)
    return text if run.mode != "html" or isinstance(text, Safe) else Safe(html_escaped(text))


def escape_once(run: Run, value: Any) -> str:
    """Escaped for HTML, but for what is an entity already (`&amp;`)."""
    text = taken(run, value)
    run.pay(len(text) // 16)
    return text if run.mode != "html" else Safe(_ENTITY.sub(r"&\1", html_escaped(text)))


def strip_html(run: Run, value: Any) -> str:
    """Without tags."""
    return _TAG.sub("", taken(run, value))


def strip_newlines(run: Run, value: Any) -> str:
    """On one line."""
    return _LINE.sub("", taken(run, value))


def url_encode(run: Run, value: Any) -> str:
    """As a part of an address."""
    text = taken(run, value)
    run.room(len(text) * 9)
    return quote(text, safe="", errors="replace")


def json(run: Run, value: Any) -> str:
    """The whole value as JSON, with its quotes and braces."""
    text = json_of(run, value)
    return Safe(text) if run.mode == "json" else text


def default(run: Run, value: Any, instead: Any = "") -> Any:
    """Something else when it is missing, empty, 0 or false."""
    return value if value and not isinstance(value, Safe | str) else _text_or(run, value, instead)


def _text_or(run: Run, value: Any, instead: Any) -> Any:
    return value if isinstance(value, str) and value else instead


def pluralize(run: Run, value: Any, endings: Any = "s") -> str:
    """Nothing for one, `s` for others; with `o,i` the first for one and the second for others."""
    count = len(value) if isinstance(value, list | dict) else number_of(value)
    one, comma, many = taken(run, endings).rpartition(",")
    return one if equal(run, count, 1) else many if comma or many else ""
