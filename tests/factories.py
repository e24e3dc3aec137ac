"""How is a contact's history written in a test? As a timeline, one line an event.

    history("00:00 page_visited /shoes #first", "00:29:59.999 page_visited", "1d 00:30 tick")

A line: `[<n>d] HH:MM[:SS[.mmm]] <key>`, then in any order `/path` (of the page), `<name>=<value>` (a property; whole
numbers are numbers), `#<id>` (else e1, e2, … by place), `@<visitor>`, `quiet` (not activity). A key with a slash is
category/key, else it is of `website`. `tick` is the clock that has come to that instant. Day 0 begins at DAY_0.
"""

import re
from typing import Any, NamedTuple

from sessionizer.contact import Contact
from sessionizer.event import Event, Page

DAY_0 = 1_790_000_000_000 // 86_400_000 * 86_400_000
"""Midnight UTC of the day on which every timeline begins, ms."""

SHOP = "https://shop.example"
SOMEBODY = Contact(1)

_TIME = re.compile(r"(?:(\d+)d )?(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?")


class Tick(NamedTuple):
    """Nothing happens but time. at: ms UTC."""

    at: int


def at(text: str) -> int:
    """`"1d 00:30"` → ms UTC. Raises ValueError when it is not of that shape."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not [<n>d] HH:MM[:SS[.mmm]]")
    days, hours, minutes, seconds, millis = (int(part or 0) for part in match.groups())
    return DAY_0 + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + millis


def history(*lines: str) -> list[Event | Tick]:
    """Events and ticks, in the order of the lines, which need not be that of time."""
    return [_read(line, f"e{place}") for place, line in enumerate(lines, 1)]


def events(*lines: str) -> list[Event]:
    """Events only, in the order of the lines."""
    return [one for one in history(*lines) if isinstance(one, Event)]


def _read(line: str, default_id: str) -> Event | Tick:
    match = _TIME.match(line)
    if match is None:
        raise ValueError(f"{line!r} does not begin with a time")
    instant = at(match.group())
    key, *words = line[match.end() :].split()
    if key == "tick":
        return Tick(instant)
    category, _, name = key.rpartition("/")
    fields: dict[str, Any] = {"id": default_id, "site": 1, "activity": True, "properties": {}}
    for word in words:
        _add(fields, word)
    return Event(at=instant, category=category or "website", key=name, **fields)


def _add(fields: dict[str, Any], word: str) -> None:
    if word.startswith("/"):
        fields["page"] = Page(SHOP + word)
    elif word.startswith("#"):
        fields["id"] = word[1:]
    elif word.startswith("@"):
        fields["visitor"] = word[1:]
    elif word == "quiet":
        fields["activity"] = False
    else:
        name, _, value = word.partition("=")
        fields["properties"][name] = int(value) if value.lstrip("-").isdigit() else value
