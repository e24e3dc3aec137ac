"""Which filters are there? The closed list: whatever is not here is refused when a message is saved.

A filter is a function of the rendering, the value and its arguments; it never fails for what it is given, and asks the
rendering for room before it makes something large. docs/messages.md has an example of each. Reads nothing, writes
nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sessionizer.messages.language.filters import dates, lists, numbers, texts

Apply = Callable[..., Any]
"""(run, value, *arguments) → value."""


class Filter(NamedTuple):
    """least, most: how many arguments. counts: whether its first argument has to be a whole number."""

    apply: Apply
    least: int = 0
    most: int = 0
    counts: bool = False


FILTERS: Mapping[str, Filter] = {
    # texts
    "default": Filter(texts.default, 1, 1),
    "capfirst": Filter(texts.capfirst),
    "capitalize": Filter(texts.capitalize),
    "title": Filter(texts.title),
    "upper": Filter(texts.upper),
    "upcase": Filter(texts.upper),
    "lower": Filter(texts.lower),
    "downcase": Filter(texts.lower),
    "strip": Filter(texts.strip),
    "lstrip": Filter(texts.lstrip),
    "rstrip": Filter(texts.rstrip),
    "append": Filter(texts.append, 1, 1),
    "prepend": Filter(texts.prepend, 1, 1),
    "replace": Filter(texts.replace, 1, 2),
    "replace_first": Filter(texts.replace_first, 1, 2),
    "remove": Filter(texts.remove, 1, 1),
    "cut": Filter(texts.remove, 1, 1),
    "remove_first": Filter(texts.remove_first, 1, 1),
    "truncatechars": Filter(texts.truncatechars, 1, 1, counts=True),
    "truncate": Filter(texts.truncate, 0, 2, counts=True),
    "truncatewords": Filter(texts.truncatewords, 0, 2, counts=True),
    "newline_to_br": Filter(texts.newline_to_br),
    "linebreaksbr": Filter(texts.newline_to_br),
    "escape": Filter(texts.escape),
    "escape_once": Filter(texts.escape_once),
    "strip_html": Filter(texts.strip_html),
    "striptags": Filter(texts.strip_html),
    "strip_newlines": Filter(texts.strip_newlines),
    "url_encode": Filter(texts.url_encode),
    "urlencode": Filter(texts.url_encode),
    "json": Filter(texts.json),
    "pluralize": Filter(texts.pluralize, 0, 1),
    # numbers
    "floatformat": Filter(numbers.floatformat, 0, 1, counts=True),
    "money": Filter(numbers.money, 0, 2),
    "plus": Filter(numbers.plus, 1, 1),
    "add": Filter(numbers.plus, 1, 1),
    "minus": Filter(numbers.minus, 1, 1),
    "times": Filter(numbers.times, 1, 1),
    "divided_by": Filter(numbers.divided_by, 1, 1),
    "modulo": Filter(numbers.modulo, 1, 1),
    "at_least": Filter(numbers.at_least, 1, 1),
    "at_most": Filter(numbers.at_most, 1, 1),
    "abs": Filter(numbers.absolute),
    "round": Filter(numbers.rounded, 0, 1, counts=True),
    "ceil": Filter(numbers.ceil),
    "floor": Filter(numbers.floor),
    # dates
    "date": Filter(dates.date, 0, 2),
    # lists
    "join": Filter(lists.join, 0, 1),
    "first": Filter(lists.first),
    "last": Filter(lists.last),
    "length": Filter(lists.length),
    "size": Filter(lists.length),
    "slice": Filter(lists.slice_, 1, 2),
    "split": Filter(lists.split, 1, 1),
    "reverse": Filter(lists.reverse),
    "concat": Filter(lists.concat, 1, 1),
    "map": Filter(lists.map_, 1, 1),
    "where": Filter(lists.where, 1, 2),
    "sort": Filter(lists.sort, 0, 1),
    "uniq": Filter(lists.uniq),
    "compact": Filter(lists.compact),
    "sum": Filter(lists.sum_, 0, 1),
}

REFUSED = frozenset({"safe", "safeseq", "raw"})
"""Filters that others have and that we do not: they would let anybody who fills in a form write HTML into a message."""
